"""How a mistyped text lies in a longer one: the piece that differs least from it, and where it differs.

A difference is a wrong, missing or superfluous character, or two characters exchanged. A wrong character that sounds right costs
less than any other: that is how Chinese is mistyped. Letters and digits are never taken for mistakes, and neither are numerals
(第二批 is not 第三批): texts that differ in them are different texts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from gongkai.text.normalise import HAN
from gongkai.text.pinyin import sound_alike, sound_similar

HOMOPHONE, SIMILAR_SOUND, EXCHANGED, WRONG, GAP, GAP_AT_END = 0.4, 0.5, 0.8, 0.9, 1.0, 1.3
"""Costs. A superfluous first or last character is the least likely: rather it stands for another one."""
INSIDE_WORD = 0.25
"""Added for each end of a piece that lies inside a word: people type whole words."""
NEVER = 9.0
_CORRECTABLE = re.compile(f"[{HAN}]")
_FIXED = frozenset("〇零一二三四五六七八九十百千万亿两甲乙丙丁东南西北上下")
"""Characters that tell one document from another; they are put right only where another one sounds the same (统衣 is 统一)."""


@dataclass(frozen=True, slots=True)
class Edit:
    """``typed[start:end]`` should read ``right``; one of the two may be empty."""

    start: int
    end: int
    right: str
    cost: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """The typed text made from ``text[start:end]`` by ``edits``, in order; without edits it is that piece."""

    start: int
    end: int
    edits: tuple[Edit, ...]
    cost: float
    """All differences together, and what ends inside words cost."""


def align(typed: str, text: str, most: int, ends: frozenset[int]) -> Alignment | None:
    """Find the piece of ``text`` that differs from ``typed`` in at most ``most`` places, with the least cost; ``None`` for none.

    Both are compact; ``ends`` are the offsets between words of ``text``. The ends of ``typed`` must be found as they are or with a wrong character: what is missing before the
    beginning or after the end cannot be known.
    """
    best: Alignment | None = None
    for place in _places(typed, text, most):
        found = _align_at(typed, text, place, most, ends)
        if found and (best is None or found.cost < best.cost):
            best = found
            if best.cost <= HOMOPHONE:
                break
    return best


def _places(typed: str, text: str, most: int) -> list[int]:
    """Where ``typed`` may begin in ``text``: cut into pieces, one must be there unchanged; an exchange touches two pieces."""
    count = min(2 * most + 1, len(typed))
    found: dict[int, None] = {}
    for number in range(count):
        first, last = len(typed) * number // count, len(typed) * (number + 1) // count
        piece = typed[first:last]
        place = text.find(piece)
        while place >= 0 and len(found) < 8:
            found[place - first] = None
            place = text.find(piece, place + 1)
    return list(found)


def _align_at(typed: str, text: str, place: int, most: int, ends: frozenset[int]) -> Alignment | None:
    """The best alignment that begins within ``most`` characters of ``place``, by dynamic programming along the diagonal."""
    begin = max(0, place - most)
    window = text[begin : place + len(typed) + most]
    rows, columns = len(typed) + 1, len(window) + 1
    shift = place - begin
    costs = [[NEVER] * columns for _ in range(rows)]
    for column in range(columns):
        costs[0][column] = 0.0 if begin + column in ends else INSIDE_WORD
    for row in range(1, rows):
        low, high = max(0, row + shift - 2 * most), min(columns - 1, row + shift + 2 * most)
        for column in range(low, high + 1):
            costs[row][column] = _cheapest(typed, window, costs, row, column)[0]
    total = [cost + (0.0 if begin + column in ends else INSIDE_WORD) for column, cost in enumerate(costs[-1])]
    last = min(range(columns), key=total.__getitem__)
    if total[last] > most * GAP_AT_END + 2 * INSIDE_WORD:
        return None
    start, edits = _traced(typed, window, costs, last)
    return Alignment(begin + start, begin + last, edits, round(total[last], 3)) if len(edits) <= most else None


def _cheapest(typed: str, window: str, costs: list[list[float]], row: int, column: int) -> tuple[float, int, int]:
    """The cost of a cell with the step (rows, columns) that leads to it."""
    char = typed[row - 1]
    best = (costs[row - 1][column] + _gap(char, GAP_AT_END if row in (1, len(typed)) else GAP), 1, 0)
    if column:
        other = window[column - 1]
        if char == other:
            return min(best, (costs[row - 1][column - 1], 1, 1))
        best = min(best, (costs[row - 1][column - 1] + difference(char, other), 1, 1))
        if row < len(typed):
            best = min(best, (costs[row][column - 1] + _gap(other), 0, 1))
        if row > 1 and column > 1 and char == window[column - 2] and typed[row - 2] == other:
            best = min(best, (costs[row - 2][column - 2] + _gap(char, EXCHANGED), 2, 2))
    return best


def _traced(typed: str, window: str, costs: list[list[float]], last: int) -> tuple[int, tuple[Edit, ...]]:
    """Where the piece begins in the window, and the edits in order."""
    row, column, edits = len(typed), last, list[Edit]()
    while row:
        cost, rows, columns = _cheapest(typed, window, costs, row, column)
        before = costs[row - rows][column - columns]
        if cost - before > 1e-9:
            edits.append(Edit(row - rows, row, window[column - columns : column], round(cost - before, 3)))
        row, column = row - rows, column - columns
    return column, tuple(reversed(edits))


def _gap(char: str, cost: float = GAP) -> float:
    return cost if _correctable(char) and char not in _FIXED else NEVER


@lru_cache(maxsize=2048)
def difference(one: str, other: str) -> float:
    """What it costs to have typed ``one`` for ``other``."""
    if one == other:
        return 0.0
    if not (_correctable(one) and _correctable(other)) or (one in _FIXED and other in _FIXED):
        return NEVER
    if sound_alike(one, other):
        return HOMOPHONE
    if one in _FIXED or other in _FIXED:
        return NEVER
    return SIMILAR_SOUND if sound_similar(one, other) else WRONG


@lru_cache(maxsize=2048)
def _correctable(char: str) -> bool:
    return _CORRECTABLE.match(char) is not None
