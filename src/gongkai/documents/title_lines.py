"""Breaking a title into centred lines: whole words, in the shape of a trapezium or a lozenge (GB/T 9704-2012 7.3.1)."""

from __future__ import annotations

import math
import re

from gongkai.documents.characters import width
from gongkai.text.segment import segment

_NOT_FIRST = re.compile(r"[、，。；：！？》〉）〕”’·的和与及]")
_NOT_LAST = re.compile(r"[《〈（〔“‘第]$")
LONGEST = 200.0
"""Em beyond which a title is left to the renderer: no title is so long, and the search takes cubic time."""

_BLANKS = re.compile(r"\s+")


def break_title(title: str, room: float) -> tuple[str, ...]:
    """``title`` in as few lines of at most ``room`` em as it needs, broken between words, as even as may be."""
    total = width(title)
    if total <= room or total > LONGEST:
        return (title,)
    pieces = _pieces(title)
    for count in range(math.ceil(total / room), len(pieces) + 1):
        lines = _even_lines(pieces, count, room)
        if lines:
            return lines
    return (title,)


def _pieces(title: str) -> list[str]:
    """Words that a line may start with; a sign that must not start a line stays with the word before it."""
    pieces: list[str] = []
    for word in segment(title):
        if pieces and (_NOT_FIRST.match(word) or _NOT_LAST.search(pieces[-1]) or not pieces[-1].strip()):
            pieces[-1] += word
        else:
            pieces.append(word)
    return pieces


def _even_lines(pieces: list[str], count: int, room: float) -> tuple[str, ...] | None:
    """Least sum of squared differences from the mean over all ways to make ``count`` lines; None when none fits."""
    mean = sum(width(piece) for piece in pieces) / count
    best: dict[tuple[int, int], tuple[float, tuple[int, ...]]] = {(0, 0): (0.0, ())}
    for line in range(1, count + 1):
        for end in range(line, len(pieces) + 1):
            for start in range(line - 1, end):
                if (before := best.get((line - 1, start))) is None:
                    continue
                length = width("".join(pieces[start:end]).strip())
                if length > room:
                    continue
                cost = before[0] + (length - mean) ** 2
                if (line, end) not in best or cost < best[line, end][0]:
                    best[line, end] = (cost, (*before[1], end))
    found = best.get((count, len(pieces)))
    if found is None:
        return None
    starts = (0, *found[1][:-1])
    lines = ("".join(pieces[start:end]).strip() for start, end in zip(starts, found[1], strict=True))
    return tuple(_BLANKS.sub(" ", line) for line in lines)
