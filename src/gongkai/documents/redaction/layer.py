"""The invisible text layer: only characters that no box touches and that a reader sees, one fixed mark for whatever was hidden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from PIL import Image

from gongkai.documents.redaction.model import MARK, Character, PageSize, Rect, around
from gongkai.documents.redaction.writing import NARROW, number

_FACE = 28
"""Levels of brightness (of 255) by which a shape must differ from what is around it to be seen."""
_TYPE_SHARE = 0.8
"""Type size as a share of the height of a line."""
_SKEW = 0.5
"""How far, in line heights, the next character of a run may stand off its line."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The place of something hidden."""

    rect: Rect


Run: TypeAlias = list[Character]
Item: TypeAlias = Run | Mark


@dataclass(frozen=True, slots=True)
class Layer:
    """What the text layer of a page consists of, in reading order, and what was left out as not to be seen."""

    items: tuple[Item, ...]
    hidden: int
    unseen: int

    @property
    def text(self) -> str:
        """All of it as one text, a line for each run."""
        return "\n".join(MARK if isinstance(item, Mark) else "".join(one.text for one in item) for item in self.items)


def sort_out(
    characters: Sequence[Character], hidden: Sequence[bool], seen: Sequence[bool], silent: Sequence[Rect]
) -> Layer:
    """The layer of a page; `silent` are the boxes that hide no character (pictures, signatures): each gets its mark too."""
    items: list[Item] = []
    run: Run = []
    blank: Character | None = None
    gap: list[Character] = []

    def end_run() -> None:
        nonlocal run
        if run:
            items.append(run)
        run = []

    def end_gap() -> None:
        nonlocal gap
        if gap:
            line = [one.frame for one in gap if one.line == gap[0].line]
            items.append(Mark(around(line)))
        gap = []

    for one, is_hidden, is_seen in zip(characters, hidden, seen, strict=True):
        if one.is_blank:
            blank = one
            continue
        if is_hidden:
            end_run()
            gap.append(one)
        elif is_seen:
            end_gap()
            if run and not _goes_on(run, one):
                end_run()
            if run and blank is not None:
                run.append(blank)
            run.append(one)
        blank = None
    end_run()
    end_gap()
    items += [Mark(rect) for rect in silent]
    unseen = sum(not (a or b or one.is_blank) for one, a, b in zip(characters, hidden, seen, strict=True))
    return Layer(tuple(items), sum(hidden), unseen)


def seen_on(image: Image.Image, characters: Sequence[Character]) -> list[bool]:
    """For each character whether the picture of the page shows anything in its place.

    Text under a black rectangle, or white on white, is no text to the reader and must not become one by our hand.
    """
    import numpy

    pixels = numpy.asarray(image)
    return [one.recognised or one.is_blank or _is_seen(pixels, one) for one in characters]


def _is_seen(pixels: Any, one: Character) -> bool:
    """Whether every half of the shape (left, right, upper, lower) stands out: a bar that leaves the tips of a name hides it."""
    height, width = pixels.shape[:2]
    left, top = max(int(one.ink.x0 * width) - 1, 0), max(int(one.ink.y0 * height) - 1, 0)
    part = pixels[top : int(one.ink.y1 * height) + 2, left : int(one.ink.x1 * width) + 2]
    rows, columns = part.shape[0] // 2, part.shape[1] // 2
    if not rows or not columns:
        return False
    if one.ink == one.frame:  # the shape is not known, only its line: a comma fills a corner of it
        return _stands_out(part)
    return all(map(_stands_out, (part[:rows], part[rows:], part[:, :columns], part[:, columns:])))


def _stands_out(part: Any) -> bool:
    flat = part.reshape(-1, part.shape[-1])
    return bool((flat.max(axis=0).astype(int) - flat.min(axis=0)).max() >= _FACE)


def operators(page: PageSize, items: Sequence[Item]) -> bytes:
    """The items as PDF text in rendering mode 3 (neither filled nor stroked)."""
    if not items:
        return b""
    lines = [b"BT", b"3 Tr"]
    for item in items:
        lines += [_mark(page, item)] if isinstance(item, Mark) else _run(page, item)
    lines.append(b"ET")
    return b"\n".join(lines)


def _goes_on(run: Run, one: Character) -> bool:
    last = next(before for before in reversed(run) if not before.is_blank)
    if one.line != last.line:
        return False
    a, b = last.frame.middle, one.frame.middle
    size = max(last.frame.height, one.frame.height, last.frame.width * 0.5)
    steps = [before for before in run if not before.is_blank]
    if len(steps) == 1:
        return abs(a[0] - b[0]) < 0.2 or abs(a[1] - b[1]) < 0.2
    sideways = _is_sideways(steps)
    off = abs(a[0] - b[0]) if sideways else abs(a[1] - b[1])
    back = _heading(steps) * ((b[1] - a[1]) if sideways else (b[0] - a[0])) < 0
    return off < _SKEW * size and not back


def _is_sideways(run: Run) -> bool:
    a, b = run[0].frame.middle, run[1].frame.middle
    return abs(b[1] - a[1]) > abs(b[0] - a[0])


def _heading(run: Run) -> int:
    axis = 1 if _is_sideways(run) else 0
    return 1 if run[1].frame.middle[axis] >= run[0].frame.middle[axis] else -1


def _run(page: PageSize, run: Run) -> Iterator[bytes]:
    """One line of text, piece by piece, each as wide as it stands there: right, left, down or up the page."""
    shown = [one for one in run if not one.is_blank]
    sideways = len(shown) > 1 and _is_sideways(shown)
    forward = len(shown) < 2 or _heading(shown) > 0
    line = around([one.frame for one in shown])
    depths = sorted(one.frame.width * page.width if sideways else one.frame.height * page.height for one in shown)
    size = max(depths[len(depths) // 2] * _TYPE_SHARE, 1.0)
    for word, spaced in _pieces(run):
        box = around([one.frame for one in word])
        if sideways:
            length = box.height * page.height
            turn = b"0 -1 1 0" if forward else b"0 1 -1 0"
            x, y = (line.x0, box.y0) if forward else (line.x1, box.y1)
        else:
            length = box.width * page.width
            turn = b"1 0 0 1" if forward else b"-1 0 0 -1"
            x, y = (box.x0, line.y1) if forward else (box.x1, line.y0)
        text = "".join(one.text for one in word)
        scale = min(max(length / (_width(text) / 1000 * size), 0.05), 20.0)
        yield _placed(turn, x * page.width, (1 - y) * page.height, size, scale, text + " " * spaced)


def _pieces(run: Run) -> Iterator[tuple[Run, bool]]:
    """The run in pieces without blanks in them, and whether a blank follows that a reader would see.

    Libraries give a blank of its own to every Chinese character of a justified line; those are dropped, or nothing could be found.
    """
    word: Run = []
    blank = False
    for one in run:
        if one.is_blank:
            blank = bool(word)
            continue
        if word:
            last = word[-1]
            wide = _width(last.text) >= 1000 and _width(one.text) >= 1000
            gap = max(one.frame.x0 - last.frame.x1, one.frame.y0 - last.frame.y1)
            blank = blank and not (wide and gap < last.frame.width)
            if blank or gap > max(last.frame.width, one.frame.width):
                yield word, blank
                word = []
        word.append(one)
        blank = False
    yield word, False


def _placed(turn: bytes, x: float, y: float, size: float, scale: float, text: str) -> bytes:
    code = text.encode("utf-16-be").hex().upper().encode()
    place = b"%s %s %s Tm\n/F %s Tf %s Tz\n" % (turn, number(x), number(y), number(size), number(scale * 100))
    return place + b"<%s> Tj" % code


def _mark(page: PageSize, mark: Mark) -> bytes:
    """The mark where the hidden begins, no wider than what is black there."""
    rect = mark.rect
    size = min(max(rect.height * page.height * _TYPE_SHARE, 1.0), 12.0)
    scale = min(max(rect.width * page.width / (size * len(MARK)), 0.05), 1.0)
    return _placed(b"1 0 0 1", rect.x0 * page.width, (1 - rect.y1) * page.height, size, scale, MARK)


def _width(text: str) -> int:
    return sum(NARROW if unit < 0x370 else 1000 for unit in memoryview(text.encode("utf-16-le")).cast("H"))
