"""A text on a page and the rectangles it takes: across line ends, whatever the widths of its characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from gongkai.documents.redaction.model import Character, Occurrence, Rect, around

_BEYOND = 0.12
"""Share of the height of a line by which a rectangle reaches above and below the shapes."""

_UNSURE = 0.1
"""The same share all around for what was read from a picture, whose places are guessed."""


def find(number: int, characters: Sequence[Character], wanted: str) -> Iterator[Occurrence]:
    """The occurrences of `wanted` among the characters of page `number`, in the order of the page, without overlap."""
    needle = _folded(wanted)
    if not needle:
        return
    folded: list[str] = []
    origin: list[int] = []
    for place, one in enumerate(characters):
        for char in _folded(one.text):
            folded.append(char)
            origin.append(place)
    text = "".join(folded)
    at = text.find(needle)
    while at >= 0:
        run = characters[origin[at] : origin[at + len(needle) - 1] + 1]
        yield Occurrence(number, "".join(one.text for one in run), rects_of(run))
        at = text.find(needle, at + len(needle))


def rects_of(characters: Iterable[Character]) -> tuple[Rect, ...]:
    """One rectangle for each stretch of a line: as wide as the shapes, a little higher. Blanks count for nothing."""
    shown = [one for one in characters if not one.is_blank]
    rects: list[Rect] = []
    for _, run in groupby(shown, key=lambda one: one.line):
        for stretch in _stretches(list(run)):
            ink = around([one.ink for one in stretch])
            size = max(min(one.frame.width, one.frame.height) for one in stretch)
            # Only across the line: beside it stands the next character.
            upright = ink.height > ink.width * 1.5 and len(stretch) > 1
            across, down = (_BEYOND * size, 0.0) if upright else (0.0, _BEYOND * size)
            if any(one.recognised for one in stretch):
                across, down = max(across, _UNSURE * size), max(down, _UNSURE * size)
            grown = ink.grown(across, down)
            rects.append(Rect(max(grown.x0, 0), max(grown.y0, 0), min(grown.x1, 1), min(grown.y1, 1)))
    return tuple(rects)


def _stretches(line: list[Character]) -> Iterator[list[Character]]:
    """What follows each other on paper: the reading order of a file may jump within what it calls a line."""
    stretch = [line[0]]
    for one in line[1:]:
        last = stretch[-1].frame
        reach = 3 * max(last.width, last.height, one.frame.width)
        apart = max(one.frame.x0 - last.x1, last.x0 - one.frame.x1, one.frame.y0 - last.y1, last.y0 - one.frame.y1)
        if apart > reach:
            yield stretch
            stretch = []
        stretch.append(one)
    yield stretch


def _folded(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if not char.isspace())
