"""Which clause of one edition is which of the other: exact words first, then likeness, then what was moved.

Nothing here compares every clause with every other: exact words are looked up, likeness is asked only of clauses that share rare
pairs of characters, and the best order-keeping choice is found along a chain. The time stays near linear in the length of the text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from gongkai.text.clauses import Clause, Level
from gongkai.text.differences import folded, matches

Pair = tuple[int, int]

ALIKE = 0.42
"""From this likeness on two clauses between the same neighbours are one clause with other words."""
MOVED_ALIKE = 0.62
"""The same for clauses that stand elsewhere."""
SHORTEST_MOVED = 8
"""Characters below which a clause is too ordinary to be recognised elsewhere (（三）其他。)."""
_COMMON = 24
"""A pair of characters that more clauses than this have on one side says nothing."""
_CANDIDATES = 6
MOST_CELLS = 200_000_000
"""Clauses of one side times clauses of the other that are aligned exactly between two anchors: 25 MB of bits."""
_SAME_NUMBER, _OTHER_LEVEL = 0.14, 0.12
_LEAST = 0.2


def pair(left: Sequence[Clause], right: Sequence[Clause]) -> tuple[list[Pair], set[Pair]]:
    """Pairs ``(i, j)`` of clauses that are the same clause, by ``i``; and those of them that changed their place among the others."""
    keys = [folded(clause.text) for clause in left], [folded(clause.text) for clause in right]
    steady = _in_order(keys[0], keys[1])
    gaps = list(_gaps(steady, len(left), len(right)))
    profiles = _Profiles(left, right, keys)
    for a, b, c, d in gaps:
        steady += profiles.chain(range(a, b), range(c, d))
    steady.sort()
    taken = {i for i, _ in steady}, {j for _, j in steady}
    free = [i for i in range(len(left)) if i not in taken[0]], [j for j in range(len(right)) if j not in taken[1]]
    moved = _moved(profiles, free, keys)
    return sorted([*steady, *moved]), set(moved)


# --- exact words -------------------------------------------------------------------------------------------------------
def _in_order(one: Sequence[str], other: Sequence[str]) -> list[Pair]:
    """Clauses with the same words that keep their order: those that occur once on either side lead, the rest fills the gaps."""
    counts, others = Counter(one), Counter(other)
    place = {key: j for j, key in enumerate(other) if others[key] == 1}
    single = [(i, place[key], len(key) + 1.0) for i, key in enumerate(one) if counts[key] == 1 and key in place]
    anchors = heaviest_chain(single)
    found = list(anchors)
    for a, b, c, d in _gaps(anchors, len(one), len(other)):
        found += [(i + a, j + c) for i, j in matches(one[a:b], other[c:d], MOST_CELLS)]
    return sorted(found)


def _gaps(pairs: Iterable[Pair], length: int, other: int) -> Iterable[tuple[int, int, int, int]]:
    """The stretches between neighbouring pairs that hold something on both sides."""
    a = c = 0
    for i, j in [*pairs, (length, other)]:
        if i > a and j > c:
            yield a, i, c, j
        a, c = i + 1, j + 1


def heaviest_chain(pairs: Sequence[tuple[int, int, float]]) -> list[Pair]:
    """Of ``(i, j, weight)`` those that increase in both places and weigh most together; time n log n."""
    if not pairs:
        return []
    ordered = sorted(pairs, key=lambda one: (one[0], -one[1]))
    places = sorted({j for _, j, _ in ordered})
    best: list[tuple[float, int]] = [(0.0, -1)] * (len(places) + 1)
    """A Fenwick tree: the heaviest chain that ends at one of the first places, and its last pair."""
    before: list[int] = []
    for number, (_, j, weight) in enumerate(ordered):
        at = bisect_left(places, j)
        top = (0.0, -1)
        index = at
        while index:
            top = max(top, best[index])
            index &= index - 1
        before.append(top[1])
        mine = (top[0] + weight, number)
        index = at + 1
        while index <= len(places):
            best[index] = max(best[index], mine)
            index += index & -index
    end = max(_every_prefix(best, len(places)))[1]
    chain: list[Pair] = []
    while end >= 0:
        chain.append((ordered[end][0], ordered[end][1]))
        end = before[end]
    chain.reverse()
    return chain


def _every_prefix(best: Sequence[tuple[float, int]], size: int) -> Iterable[tuple[float, int]]:
    """The entries of the tree that together cover all places."""
    index = size
    while index:
        yield best[index]
        index &= index - 1


# --- likeness ----------------------------------------------------------------------------------------------------------
class _Profiles:
    """Pairs of characters of each clause, made when first asked for."""

    def __init__(
        self, left: Sequence[Clause], right: Sequence[Clause], keys: tuple[Sequence[str], Sequence[str]]
    ) -> None:
        self._clauses = left, right
        self._keys = keys
        self._grams: tuple[dict[int, frozenset[str]], dict[int, frozenset[str]]] = ({}, {})

    def grams(self, side: int, index: int) -> frozenset[str]:
        """The pairs of characters of one clause; of a very short one the characters too."""
        found = self._grams[side].get(index)
        if found is None:
            key = self._keys[side][index]
            pairs = {key[at : at + 2] for at in range(len(key) - 1)}
            found = self._grams[side][index] = frozenset(pairs | set(key) if len(key) < 8 else pairs)
        return found

    def likeness(self, i: int, j: int) -> float:
        """0 to 1: how much two clauses have in common, by the smaller of them when that is nearly whole in the larger."""
        one, other = self.grams(0, i), self.grams(1, j)
        if not one or not other:
            return 0.0
        shared = len(one & other)
        dice = 2 * shared / (len(one) + len(other))
        smaller = min(len(one), len(other))
        return max(dice, 0.75 * shared / smaller) if smaller >= 10 else dice

    def chain(self, ours: range, theirs: range) -> list[Pair]:
        """The best order-keeping pairs between two stretches."""
        sole = len(ours) == 1 and len(theirs) == 1
        weighed = []
        for i, j in self.candidates(ours, theirs):
            likeness = self.likeness(i, j)
            one, other = self._clauses[0][i], self._clauses[1][j]
            same_number = bool(one.number) and one.number == other.number
            value = likeness + (_SAME_NUMBER if same_number or sole else 0.0)
            if one.level is not other.level:
                value -= _OTHER_LEVEL * (2 if one.is_head or other.is_head else 1)
            if likeness >= _LEAST and value >= ALIKE:
                weighed.append((i, j, value))
        return heaviest_chain(weighed)

    def candidates(self, ours: Sequence[int], theirs: Sequence[int]) -> Iterable[Pair]:
        """Pairs worth a closer look: those that share most rare pairs of characters, and all of a small gap."""
        if len(ours) * len(theirs) <= 36:
            yield from ((i, j) for i in ours for j in theirs)
            return
        postings: dict[str, list[int]] = defaultdict(list)
        for j in theirs:
            for gram in self.grams(1, j):
                postings[gram].append(j)
        numbered: dict[tuple[Level, str], list[int]] = defaultdict(list)
        for j in theirs:
            if number := self._clauses[1][j].number:
                numbered[self._clauses[1][j].level, number].append(j)
        for i in ours:
            shared: Counter[int] = Counter()
            for gram in self.grams(0, i):
                where = postings.get(gram)
                if where and len(where) <= _COMMON:
                    shared.update(where)
            near = {j for j, _ in shared.most_common(_CANDIDATES)}
            clause = self._clauses[0][i]
            same = numbered.get((clause.level, clause.number), ()) if clause.number else ()
            near.update(same if len(same) <= _CANDIDATES else ())
            yield from ((i, j) for j in sorted(near))


# --- moved -------------------------------------------------------------------------------------------------------------
def _moved(
    profiles: _Profiles, free: tuple[list[int], list[int]], keys: tuple[Sequence[str], Sequence[str]]
) -> list[Pair]:
    """Clauses left over on both sides that are one clause in two places; the most alike find each other first."""
    ours = [i for i in free[0] if len(keys[0][i]) >= SHORTEST_MOVED]
    theirs = [j for j in free[1] if len(keys[1][j]) >= SHORTEST_MOVED]
    weighed = []
    for i, j in profiles.candidates(ours, theirs):
        likeness = profiles.likeness(i, j)
        if likeness >= MOVED_ALIKE:
            weighed.append((likeness, i, j))
    weighed.sort(key=lambda one: (-one[0], abs(one[1] - one[2]), one[1], one[2]))
    taken: tuple[set[int], set[int]] = (set(), set())
    found: list[Pair] = []
    for _, i, j in weighed:
        if i not in taken[0] and j not in taken[1]:
            found.append((i, j))
            taken[0].add(i)
            taken[1].add(j)
    return found
