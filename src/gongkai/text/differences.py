"""What differs between two short texts, word by word, as a person would mark it on paper.

Words are cut by the dictionary and compared whole, so that no mark falls inside a word; what is left equal between two changes but is
too short to be read is marked with them. Blanks and the width of signs (， and ,) are layout and no change.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from gongkai.text.segment import segment

MOST_CELLS = 30_000_000
"""Words of one side times words of the other that are compared; beyond that the middle is marked as replaced."""
LONGEST_ISLAND = 6
"""Characters that may be swallowed between two changes that are both at least as long."""

_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_MARK = re.compile(r"\W+")
_PIECES = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+|[A-Za-z]+|[0-9０-９]+(?:[.．][0-9０-９]+)?|.", re.DOTALL)
_OPENING, _CLOSING = frozenset("，、；。：！？）》”,;:.)"), frozenset("，、；。：！？,;:.")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the two texts: ``old`` and ``new`` are the same words, or one was replaced by the other; either may be empty."""

    equal: bool
    old: str
    new: str


def folded(text: str) -> str:
    """``text`` without what is layout: no blanks, signs of normal width."""
    return "".join(text.split()).translate(_WIDTH)


def difference(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces of two texts, in order: their ``old`` put together is ``old``, their ``new`` is ``new``.

    Equal and changed pieces alternate.
    """
    if folded(old) == folded(new):
        return (Piece(True, old, new),) if old or new else ()
    left, right = _words(old), _words(new)
    one, other = [folded(word) for word in left], [folded(word) for word in right]
    blocks = _readable(_slid(_blocks(one, other), one, other), one, other)
    return _pieces(blocks, left, right)


def _words(text: str) -> list[str]:
    """``text`` in words that cover it; blanks belong to the word before them."""
    words: list[str] = []
    for found in _PIECES.finditer(text):
        piece = found[0]
        if piece.isspace() and words:
            words[-1] += piece
        elif len(piece) > 1 and piece[0] >= "\u3400":
            words += segment(piece) if len(piece) > 2 else [piece]
        else:
            words.append(piece)
    return words


# --- the longest common run of words -----------------------------------------------------------------------------------
_Block = tuple[int, int, int, int]
"""A changed stretch: words ``[a:b]`` of the one side stand for ``[c:d]`` of the other."""


def common(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """Places ``(i, j)`` of a longest common subsequence, increasing in both: ``one[i] == other[j]``.

    Bit-parallel (Hyyrö 2004): a row of the table is one integer, so that the work of a row is a few operations on machine words.
    """
    if not one or not other:
        return []
    where: dict[str, int] = {}
    for index, word in enumerate(one):
        where[word] = where.get(word, 0) | 1 << index
    full = (1 << len(one)) - 1
    row, rows = full, []
    for word in other:
        hit = row & where.get(word, 0)
        row = ((row + hit) | (row - hit)) & full
        rows.append(row)
    found: list[tuple[int, int]] = []
    i, j = len(one) - 1, len(other) - 1
    while i >= 0 and j >= 0:
        if rows[j] >> i & 1:
            i -= 1  # this word of the one side adds nothing here
        elif j and not rows[j - 1] >> i & 1:
            j -= 1  # it added as much before this word of the other side
        else:
            found.append((i, j))
            i, j = i - 1, j - 1
    found.reverse()
    return found


def matches(one: Sequence[str], other: Sequence[str], most: int) -> list[tuple[int, int]]:
    """As :func:`common`, equal ends first. When more than ``most`` cells are left between them, only the ends are matched:
    the table of so many would not fit into memory."""
    start = 0
    shorter = min(len(one), len(other))
    while start < shorter and one[start] == other[start]:
        start += 1
    end = 0
    while end < shorter - start and one[-1 - end] == other[-1 - end]:
        end += 1
    middle, rest = one[start : len(one) - end], other[start : len(other) - end]
    inner = common(middle, rest) if len(middle) * len(rest) <= most else []
    found = [(place, place) for place in range(start)]
    found += [(i + start, j + start) for i, j in inner]
    return found + [(len(one) - place, len(other) - place) for place in range(end, 0, -1)]


def _blocks(one: Sequence[str], other: Sequence[str]) -> list[_Block]:
    blocks: list[_Block] = []
    a = c = 0
    for i, j in [*matches(one, other, MOST_CELLS), (len(one), len(other))]:
        if i > a or j > c:
            blocks.append((a, i, c, j))
        a, c = i + 1, j + 1
    return blocks


# --- making it readable ------------------------------------------------------------------------------------------------
def _slid(blocks: list[_Block], one: Sequence[str], other: Sequence[str]) -> list[_Block]:
    """Where something was only added or only taken out, let the mark begin after a sign and end with one.

    姓名、［民族、］住址 instead of 姓名［、民族］、住址: both say the same, the first is how people put it.
    """
    result: list[_Block] = []
    for number, (a, b, c, d) in enumerate(blocks):
        if (b > a) == (d > c):
            result.append((a, b, c, d))
            continue
        words, start, end = (one, a, b) if b > a else (other, c, d)
        floor = (result[-1][1] if b > a else result[-1][3]) if result else 0
        following = blocks[number + 1] if number + 1 < len(blocks) else None
        ceiling = (following[0] if b > a else following[2]) if following else len(words)
        back = 0
        while start - back > floor and words[start - back - 1] == words[end - back - 1]:
            back += 1
        ahead = 0
        while end + ahead < ceiling and words[start + ahead] == words[end + ahead]:
            ahead += 1
        shift = max(range(-back, ahead + 1), key=lambda move: (_fit(words, start + move, end + move), -abs(move), move))
        result.append((a + shift, b + shift, c + shift, d + shift))
    return result


def _fit(words: Sequence[str], start: int, end: int) -> int:
    """How well a mark from ``start`` to ``end`` follows the signs of the sentence."""
    after = start == 0 or words[start - 1][-1:] in _OPENING
    closed = words[end - 1][-1:] in _CLOSING
    return 2 * (after and closed) + after + closed


def _readable(blocks: list[_Block], one: Sequence[str], other: Sequence[str]) -> list[_Block]:
    """Join changes whose distance is too short to be read on its own, until none is left."""
    lengths, others = [0, *accumulate(map(len, one))], [0, *accumulate(map(len, other))]
    joined = blocks
    while True:
        before, joined = joined, _joined(joined, one, lengths, others)
        if len(joined) == len(before):
            return joined


def _joined(blocks: list[_Block], one: Sequence[str], lengths: Sequence[int], others: Sequence[int]) -> list[_Block]:
    result: list[_Block] = []
    for block in blocks:
        if result and _swallows(result[-1], block, one, lengths, others):
            a, _, c, _ = result[-1]
            result[-1] = (a, block[1], c, block[3])
        else:
            result.append(block)
    return result


def _swallows(left: _Block, right: _Block, one: Sequence[str], lengths: Sequence[int], others: Sequence[int]) -> bool:
    island = "".join(one[left[1] : right[0]])
    if any(sign in island for sign in "。；;"):
        return False
    if not island:
        return True
    size = len(_MARK.sub("", island))
    sizes = [max(lengths[b] - lengths[a], others[d] - others[c]) for a, b, c, d in (left, right)]
    if size <= 1:
        return size > 0 or min(sizes) > 2
    return size <= LONGEST_ISLAND and size <= min(sizes)


def _pieces(blocks: list[_Block], left: Sequence[str], right: Sequence[str]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    a = c = 0
    for start, end, begin, stop in [*blocks, (len(left), len(left), len(right), len(right))]:
        if start > a or begin > c:
            pieces.append(Piece(True, "".join(left[a:start]), "".join(right[c:begin])))
        if end > start or stop > begin:
            pieces.append(Piece(False, "".join(left[start:end]), "".join(right[begin:stop])))
        a, c = end, stop
    return tuple(pieces)
