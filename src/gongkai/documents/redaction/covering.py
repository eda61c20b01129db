"""Which characters a set of boxes hides, and how far the boxes have to reach so that nothing can be inferred from what is left.

A character that a box touches goes out of the text. One of which a quarter is covered is painted over whole, for three quarters of a
character can be read; and a number or word of Latin letters of which more than half is covered goes altogether.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gongkai.documents.redaction.model import Character, PageSize, Rect
from gongkai.documents.redaction.searching import rects_of

MARGIN = 0.25
"""Points around the shape of a character that count as the character."""
_GUESSED = 0.3
"""Share of its width by which a character read from a picture may stand elsewhere."""
_READABLE = 0.25
_MOST = 0.5
_SHORTEST = 3
_WHOLE = frozenset({11, 15, 16, 18, 19})
_LONGEST = 19
"""Digits of telephone, identity and card numbers."""
_SMALL_BLANK = 2.0
"""In widths of a digit, as between the groups of a card number."""
_WORD_SIGNS = frozenset("@._-·*")


@dataclass(frozen=True, slots=True)
class Covered:
    """The rectangles to paint besides the boxes, and for each character whether it is hidden."""

    additions: tuple[Rect, ...]
    hidden: tuple[bool, ...]


def cover(page: PageSize, characters: Sequence[Character], boxes: Sequence[Rect]) -> Covered:
    """What `boxes` hide of the characters of `page`."""
    additions = list(_whole_characters(page, characters, boxes))
    touched = _touched(page, characters, [*boxes, *additions])
    for run in _words(characters):
        gone = sum(touched[place] for place in run)
        if len(run) >= _SHORTEST and len(run) * _MOST < gone < len(run):
            additions += rects_of(characters[place] for place in run)
    return Covered(tuple(additions), tuple(_touched(page, characters, [*boxes, *additions])))


def is_touched(page: PageSize, one: Character, box: Rect) -> bool:
    """Whether a box touches a character, its margin included."""
    across, down = MARGIN / page.width, MARGIN / page.height
    if one.recognised:
        across = max(across, _GUESSED * one.frame.width)
    return box.touches(one.ink.grown(across, down)) or box.holds(one.frame.middle)


def _touched(page: PageSize, characters: Sequence[Character], boxes: Sequence[Rect]) -> list[bool]:
    return [not one.is_blank and any(is_touched(page, one, box) for box in boxes) for one in characters]


def _whole_characters(page: PageSize, characters: Sequence[Character], boxes: Sequence[Rect]) -> Iterator[Rect]:
    for one in characters:
        if one.is_blank or one.ink.area <= 0:
            continue
        shares = [box.shared(one.ink) / one.ink.area for box in boxes]
        if sum(shares) >= _READABLE and max(shares, default=0.0) < 1:
            yield one.ink.grown(MARGIN / page.width, MARGIN / page.height)


def _words(characters: Sequence[Character]) -> Iterator[list[int]]:
    """Places of the characters of each number or Latin word, numbers also over small blanks and line ends."""
    run: list[int] = []
    for place, one in enumerate(characters):
        if one.is_blank:
            continue
        if not _in_word(one.text):
            yield run
            run = []
        elif run and not _belongs(characters, run, place):
            yield run
            run = [place]
        else:
            run.append(place)
    yield run


def _belongs(characters: Sequence[Character], run: list[int], place: int) -> bool:
    """Whether a character goes on with the number or word before it."""
    last, one = characters[run[-1]], characters[place]
    if place == run[-1] + 1 and one.line == last.line:
        return True
    if not (_digit(last.text) and _digit(one.text)):
        return False
    if one.line != last.line:  # a list puts the next entry there: a number that is whole does not go on
        return len(run) not in _WHOLE and len(run) < _LONGEST
    reach = _SMALL_BLANK * max(last.frame.width, one.frame.width)
    return max(one.frame.x0 - last.frame.x1, one.frame.y0 - last.frame.y1) < reach


def _in_word(text: str) -> bool:
    plain = unicodedata.normalize("NFKC", text)
    return plain.isascii() and (plain.isalnum() or plain in _WORD_SIGNS)


def _digit(text: str) -> bool:
    plain = unicodedata.normalize("NFKC", text)
    return plain.isascii() and plain.isdigit()


def groups(flags: Sequence[bool]) -> Iterator[range]:
    """Stretches of neighbouring places that are True."""
    edges = [at for at, (before, this) in enumerate(pairwise([False, *flags, False])) if before != this]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        yield range(start, end)
