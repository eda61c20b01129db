"""A page's HTML as material for checks, and back: where in the markup each character stands, so that a finding can be shown and mended.

Only for markup that has been sanitised: tags are balanced and every sign that is no markup is written as a reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape, unescape

from gongkai.text.checks.material import Cell, Grid, Link, Material

__all__ = ["HtmlMaterial", "Mark", "html_material"]

_TOKEN = re.compile(
    r"<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>|<!--.*?-->|(&#?[0-9a-zA-Z]+;)", re.DOTALL
)
_HREF = re.compile(r"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "caption",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)
_CELLS = frozenset({"td", "th"})


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text to be shown as marked: `anchor` becomes the id of the element, `css_class` its class."""

    start: int
    end: int
    anchor: str
    css_class: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class HtmlMaterial:
    """`material.text[i]` is written at `html[starts[i]:ends[i]]`; blanks put in between blocks have no place of their own (-1)."""

    html: str
    material: Material
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def replace(self, start: int, end: int, replacement: str) -> str:
        """The HTML with the characters `start` to `end` of the text replaced; tags in between stay. Raises `ValueError` for an empty stretch."""
        pieces = list(self._pieces(start, end))
        if not pieces:
            raise ValueError("nothing of the markup stands between these characters")
        html = self.html
        for position, (first, last) in reversed(list(enumerate(pieces))):
            html = html[:first] + (escape(replacement, quote=False) if position == 0 else "") + html[last:]
        return html

    def annotate(self, marks: Iterable[Mark]) -> str:
        """The HTML with `<mark>` around each stretch. Where two overlap, the first of them is shown."""
        inserted: list[tuple[int, int, str]] = []
        covered = 0
        for mark in sorted(marks, key=lambda one: (one.start, -one.end)):
            pieces = list(self._pieces(max(mark.start, covered), mark.end))
            covered = max(covered, mark.end)
            for position, (first, last) in enumerate(pieces):
                anchor = f' id="{escape(mark.anchor)}"' if position == 0 else ""
                title = f' title="{escape(mark.title)}"' if mark.title else ""
                inserted.append((first, last, f'<mark{anchor} class="{escape(mark.css_class)}"{title}>'))
        html = self.html
        for first, last, tag in sorted(inserted, reverse=True):
            html = f"{html[:first]}{tag}{html[first:last]}</mark>{html[last:]}"
        return html

    def _pieces(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Stretches of the markup, without a tag inside, that hold these characters."""
        first = last = -1
        for position in range(max(0, start), min(end, len(self.starts))):
            here = self.starts[position]
            if here < 0:
                continue
            if here != last:
                if first >= 0:
                    yield first, last
                first = here
            last = self.ends[position]
        if first >= 0:
            yield first, last


def html_material(html: str) -> HtmlMaterial:
    """Read sanitised HTML: its text, tables and links."""
    reader = _Reader(html)
    reader.read()
    material = Material("".join(reader.text), (), tuple(reader.grids), tuple(reader.links))
    return HtmlMaterial(html, material, tuple(reader.starts), tuple(reader.ends))


@dataclass
class _OpenTable:
    rows: list[list[Cell]] = field(default_factory=list)
    cell_start: int | None = None


@dataclass
class _Reader:
    html: str
    text: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    _tables: list[_OpenTable] = field(default_factory=list)
    _link: tuple[int, str] | None = None

    def read(self) -> None:
        position = 0
        for token in _TOKEN.finditer(self.html):
            self._plain(position, token.start())
            position = token.end()
            if token[4]:
                for char in unescape(token[4]):
                    self._put(char, token.start(), token.end())
            elif token[2]:
                self._tag(token[2].lower(), bool(token[1]), token[3])
        self._plain(position, len(self.html))

    def _plain(self, start: int, end: int) -> None:
        for place in range(start, end):
            char = self.html[place]
            self._put(" " if char in "\n\r\t" else char, place, place + 1)

    def _put(self, char: str, start: int, end: int) -> None:
        self.text.append(char)
        self.starts.append(start)
        self.ends.append(end)

    def _break(self, sign: str) -> None:
        if self.text and self.text[-1] not in "\n\t":
            self._put(sign, -1, -1)

    def _tag(self, name: str, closing: bool, attributes: str) -> None:
        if name in _BLOCKS:
            self._break("\n")
        if name == "table":
            self._table(closing)
        elif name == "tr" and self._tables and not closing:
            self._tables[-1].rows.append([])
        elif name in _CELLS and self._tables:
            self._cell(self._tables[-1], closing)
        elif name == "a":
            self._anchor(closing, attributes)

    def _table(self, closing: bool) -> None:
        if not closing:
            self._tables.append(_OpenTable())
        elif self._tables:
            rows = tuple(tuple(row) for row in self._tables.pop().rows if row)
            if rows:
                self.grids.append(Grid("正文", rows))

    def _cell(self, table: _OpenTable, closing: bool) -> None:
        if not closing:
            table.cell_start = len(self.text)
        elif table.cell_start is not None:
            start, end = table.cell_start, len(self.text)
            while start < end and self.text[end - 1].isspace():
                end -= 1
            while start < end and self.text[start].isspace():
                start += 1
            if not table.rows:
                table.rows.append([])
            table.rows[-1].append(Cell(start, end))
            table.cell_start = None
            self._put("\t", -1, -1)

    def _anchor(self, closing: bool, attributes: str) -> None:
        if not closing:
            found = _HREF.search(attributes)
            self._link = (len(self.text), unescape(found[1] or found[2] or found[3] or "")) if found else None
        elif self._link is not None:
            start, address = self._link
            self.links.append(Link(start, len(self.text), address))
            self._link = None
