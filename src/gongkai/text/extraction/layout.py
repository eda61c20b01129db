"""From lines on pages back to paragraphs: shared by PDF, OFD and pictures.

A page gives lines with places; what a reader wants is paragraphs without the page furniture. Chinese official layout
makes this possible: a paragraph opens with a two-character indent and runs to the right margin until it ends.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from gongkai.text.extraction.markup import tidy

_PAGE_NUMBER = re.compile(
    r"^[-—–―－一\s·•]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／共]\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–―－一\s·•]*$"
)
_OPENING = re.compile(
    r"^(?:第[一二三四五六七八九十百千零〇\d]{1,6}[章节条编]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]"
    r"|\d{1,2}[.．、](?!\d)|附件|附[:：])"
)
_CLOSED = tuple("。！？；：!?;:”）)")
_COUNTER = re.compile(r"^\d+|\d+$|第\d+页|共\d+页")
_LATIN = re.compile(r"[0-9A-Za-z]")
_MASTHEAD = re.compile(r"^\S{2,30}(?:文件|公报|令)$|^第?\s*\d+\s*[号期]$")
_HEAD_LINES = 15
_EDGE_LINES = 2
_REPEATS = 3
_ENOUGH_LINES = 8
_NARROWEST = 15
"""Characters: text in a narrower column is a list, a form or a caption, whose lines stand for themselves."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page. Coordinates grow to the right and downwards, in any unit that is the same on the page."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        """The height of the characters, never zero."""
        return max(self.bottom - self.top, 0.1)

    @property
    def middle(self) -> float:
        """The vertical centre."""
        return (self.top + self.bottom) / 2


def join_segments(segments: Iterable[Line]) -> list[Line]:
    """Pieces of text, in reading order, joined into lines; a wide gap in a line (a table's column) becomes a tab."""
    lines: list[Line] = []
    for piece in segments:
        last = lines[-1] if lines else None
        height = max(piece.height, last.height) if last else 0
        if last and abs(piece.middle - last.middle) < 0.5 * height and piece.left > last.right - 0.5 * height:
            gap = piece.left - last.right
            glue = "\t" if gap > 1.6 * height else " " if gap > 0.6 * height else ""
            lines[-1] = Line(
                last.text + glue + piece.text,
                last.left,
                max(last.right, piece.right),
                min(last.top, piece.top),
                max(last.bottom, piece.bottom),
            )
        else:
            lines.append(piece)
    return lines


def sort_reading_order(pieces: Sequence[Line]) -> list[Line]:
    """Pieces of a page from top to bottom and, where they share a line, from left to right."""
    rows: list[list[Line]] = []
    for piece in sorted(pieces, key=lambda piece: piece.middle):
        row = rows[-1] if rows else None
        if row and abs(piece.middle - row[0].middle) < 0.5 * min(piece.height, row[0].height):
            row.append(piece)
        else:
            rows.append([piece])
    return [piece for row in rows for piece in sorted(row, key=lambda piece: piece.left)]


def reflow(pages: Sequence[Sequence[Line]]) -> list[str]:
    """The paragraphs of a document: page numbers and repeated headers and footers dropped, broken lines joined."""
    paragraphs: list[str] = []
    kept = [[replace(line, text=_tidy_line(line.text)) for line in page] for page in _without_furniture(pages)]
    kept = [[line for line in page if line.text] for page in kept]
    everything = [line for page in kept for line in page]
    open_line: Line | None = None
    for lines in filter(None, kept):
        column = _column(lines if len(lines) >= _ENOUGH_LINES else everything)
        previous = open_line
        for index, line in enumerate(lines):
            if previous and _continues(previous, line, column, across_pages=index == 0):
                paragraphs[-1] = _join(paragraphs[-1], line.text)
            else:
                paragraphs.append(line.text)
            previous = line
        # The margins of the next page may differ (odd and even pages); what counts is whether the last line was full.
        open_line = lines[-1] if lines[-1].right >= column.right - 1.5 * column.height else None
    return paragraphs


@dataclass(frozen=True, slots=True)
class _Column:
    """The margins of a page's text and the usual height of its characters."""

    left: float
    right: float
    height: float


def _tidy_line(text: str) -> str:
    return "\t".join(cell for cell in (tidy(cell) for cell in text.split("\t")) if cell)


def _column(lines: Sequence[Line]) -> _Column:
    lefts, rights = sorted(line.left for line in lines), sorted(line.right for line in lines)
    return _Column(lefts[len(lefts) // 20], rights[-1 - len(rights) // 20], median(line.height for line in lines))


def _continues(last: Line, line: Line, column: _Column, *, across_pages: bool) -> bool:
    """Whether `line` goes on with the paragraph that `last` is part of."""
    height = column.height
    if "\t" in line.text or "\t" in last.text or column.right - column.left < _NARROWEST * height:
        return False
    if line.left > column.left + 1.2 * height or last.left > column.left + 0.4 * (column.right - column.left):
        return False  # an indent opens a paragraph; a line that begins far right is a signature or a date
    if not across_pages and last.right < column.right - 1.8 * height and not _is_ragged(last, line, column):
        return False
    if max(line.height, last.height) > 1.35 * min(line.height, last.height) and len(line.text) > 2:
        return False
    if not across_pages and line.top - last.bottom > 2.2 * height:
        return False
    return not (_OPENING.match(line.text) and last.text.endswith(_CLOSED))


def _is_ragged(last: Line, line: Line, column: _Column) -> bool:
    """Whether `last` merely falls short of the margin: long, not closed by punctuation, and no clause opens next."""
    is_long = last.left < column.left + 3 * column.height
    is_long = is_long and last.right > column.left + 0.6 * (column.right - column.left)
    return is_long and not last.text.endswith((*_CLOSED, "，", "、")) and not _OPENING.match(line.text)


def _join(text: str, more: str) -> str:
    if text.endswith("-") and more[:1].islower():
        return text[:-1] + more
    glue = " " if _LATIN.match(text[-1]) and _LATIN.match(more[0]) and not (text[-1] + more[0]).isdigit() else ""
    return text + glue + more


def _without_furniture(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without page numbers and without what stands at the edge of several pages alike."""
    edges: Counter[str] = Counter()
    for page in pages:
        edges.update({_pattern(line) for line in _edge(page)})
    needed = max(_REPEATS, len(pages) // 3)
    kept = []
    for page in pages:
        dropped = {
            id(line)
            for line in _edge(page)
            if _PAGE_NUMBER.match(line.text.strip()) or (edges[_pattern(line)] >= needed and len(line.text) < 60)
        }
        kept.append([line for line in page if id(line) not in dropped])
    return kept


def _edge(page: Sequence[Line]) -> list[Line]:
    """The topmost and the lowest lines, whatever the order in which the file gives them."""
    by_place = sorted(page, key=lambda line: line.top)
    return by_place if len(page) <= 2 * _EDGE_LINES else by_place[:_EDGE_LINES] + by_place[-_EDGE_LINES:]


def _pattern(line: Line) -> str:
    return _COUNTER.sub("#", "".join(line.text.split()))


def headline(page: Sequence[Line]) -> str:
    """The title as type sets it off: the lines in the largest type in the upper part of the first page, joined.

    The red masthead of an official document ("…人民政府文件") is larger than its title and is passed over.
    """
    lines = [line for line in page[:_HEAD_LINES] if line.text.strip() and not _MASTHEAD.match(line.text.strip())]
    if not lines:
        return ""
    usual = median(line.height for line in page)
    largest = max(line.height for line in lines)
    if largest < 1.2 * usual:
        return ""
    title: list[str] = []
    for line in lines:
        if line.height > 0.9 * largest:
            title.append(_tidy_line(line.text).replace("\t", " "))
        elif title:
            break
    joined = "".join(title)
    return joined if 4 <= len(joined) <= 120 else ""
