"""First pass over a body: HTML into plain blocks, with inline looks, lists and tables, before any meaning is read in.

The walk is an event loop without recursion, because pasted HTML can be nested very deeply. Unknown elements count as
their content; scripts and styles as nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gongkai.documents.characters import clean
from gongkai.documents.grid import RawCell, make_table
from gongkai.documents.model import Align, Block, Heading, ListBlock, Paragraph, Picture, Run, Runs, Script

if TYPE_CHECKING:
    from lxml import html

_BREAKING = frozenset(
    {"p", "div", "section", "article", "header", "footer", "main", "aside", "figure", "figcaption", "blockquote", "pre"}
    | {"address", "dl", "dt", "dd", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li"}
    | {"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"}
)
_HEADINGS = {"h1": 1, "h2": 1, "h3": 2, "h4": 3, "h5": 4, "h6": 4}
_LOOKS = {"strong": "strong", "b": "strong", "em": "emphasis", "i": "emphasis", "u": "underline", "ins": "underline"}
_LOOKS |= {"del": "strike", "s": "strike"}
_DROPPED = frozenset({"script", "style", "template", "head", "title", "noscript", "iframe", "object", "svg", "math"})
_ALIGN = re.compile(r"text-align\s*:\s*(center|right|end)", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|mailto:|tel:)[!-~]+", re.IGNORECASE)
_ALIGNS = {"center": Align.CENTER, "right": Align.END, "end": Align.END}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
MAX_LIST_DEPTH = 6


@dataclass
class _List:
    ordered: bool
    start: int
    items: list[list[Block]] = field(default_factory=list)


@dataclass
class _Table:
    rows: list[list[RawCell]] = field(default_factory=list)
    caption: str = ""
    cell: RawCell | None = None
    in_caption: bool = False
    depth: int = 1


def read_html(body_html: str) -> list[Block]:
    """Paragraphs, headings (from h-elements only), lists, tables and pictures of ``body_html`` in order."""
    if not body_html.strip():
        return []
    readable = _CONTROL.sub("", body_html).encode("utf-8", "ignore").decode("utf-8")
    from lxml import html  # by those who read markup only: a web process that does not is smaller

    root = html.document_fromstring(f"<html><body>{readable}</body></html>").find("body")
    if root is None:
        return []
    reader = _Reader()
    stack: list[tuple[bool, html.HtmlElement]] = [(True, root)]
    while stack:
        starts, element = stack.pop()
        if not isinstance(element.tag, str) or element.tag in _DROPPED:
            reader.text(element.tail or "")
            continue
        if starts:
            reader.start(element)
            reader.text(element.text or "")
            stack.append((False, element))
            stack.extend((True, child) for child in reversed(element))
        else:
            reader.end(element)
            if element is not root:
                reader.text(element.tail or "")
    return reader.finish()


class _Reader:
    """Collects runs until a block ends, and hands them to the innermost list item, table cell or the body."""

    def __init__(self) -> None:
        self.body: list[Block] = []
        self.lists: list[_List] = []
        self.tables: list[_Table] = []
        self.runs: list[Run] = []
        self.looks: Counter[str] = Counter()
        self.links: list[str] = []
        self.aligns: list[Align | None] = []
        self.heading = 0

    def start(self, element: html.HtmlElement) -> None:
        tag = element.tag
        if tag in _BREAKING:
            self.flush()
            self.aligns.append(_align(element))
            self.heading = _HEADINGS.get(tag, 0)
        if tag in _LOOKS or tag in ("sub", "sup"):
            self.looks[_LOOKS.get(tag, tag)] += 1
        elif tag == "a":
            self.links.append(_link(element))
        elif tag == "br":
            self.runs.append(Run("\n"))
        elif tag == "img":
            self._picture(element)
        elif tag in ("ul", "ol"):
            self._start_list(element)
        elif tag == "li" and self.lists:
            self.lists[-1].items.append([])
        elif tag in ("table", "caption", "tr", "td", "th"):
            self._start_table_part(element)

    def end(self, element: html.HtmlElement) -> None:
        tag = element.tag
        if tag in _BREAKING:
            self.flush()
            self.aligns.pop()
            self.heading = 0
        if tag in _LOOKS or tag in ("sub", "sup"):
            self.looks[_LOOKS.get(tag, tag)] -= 1
        elif tag == "a":
            self.links.pop()
        elif tag in ("ul", "ol"):
            self._end_list()
        elif tag == "table" and self.tables:
            self._end_table()
        elif tag in ("td", "th") and self.tables and self.tables[-1].depth == 1:
            self._end_cell()
        elif tag == "caption" and self.tables and self.tables[-1].depth == 1:
            self.tables[-1].in_caption = False

    def text(self, text: str) -> None:
        """Add running text with the looks in force, a blank at most where HTML has any number."""
        text = clean(text)
        if not text:
            return
        before = self.runs[-1].text[-1:] if self.runs else "\n"
        if text[0] in " \u3000" and before in " \u3000\n":
            text = text[1:]
        if not text:
            return
        script = Script.SUB if self.looks["sub"] else Script.SUP if self.looks["sup"] else Script.NORMAL
        self.runs.append(
            Run(
                text,
                strong=self.looks["strong"] > 0,
                emphasis=self.looks["emphasis"] > 0,
                underline=self.looks["underline"] > 0,
                strike=self.looks["strike"] > 0,
                script=script,
                href=self.links[-1] if self.links else "",
            )
        )

    def flush(self) -> None:
        """End the paragraph in hand, if it has any text."""
        runs, self.runs = trim(tuple(self.runs)), []
        if not runs:
            return
        table = self.tables[-1] if self.tables else None
        if table is not None:
            if table.in_caption:
                table.caption += "".join(run.text for run in runs).replace("\n", " ")
            elif table.cell is not None:
                align = next((found for found in reversed(self.aligns) if found), None)
                table.cell = replace(table.cell, paragraphs=(*table.cell.paragraphs, runs), align=align)
            elif not table.rows:
                self._sink().append(Paragraph(runs))
            else:
                self.tables[-1].rows.append([RawCell((runs,))])
            return
        align = next((found for found in reversed(self.aligns) if found), Align.START)
        block = Heading(self.heading, runs, align) if self.heading else Paragraph(runs, align, indent=not self.lists)
        self._sink().append(block)

    def finish(self) -> list[Block]:
        """Close whatever is open and return the body."""
        self.flush()
        return self.body

    def _sink(self) -> list[Block]:
        if self.lists:
            if not self.lists[-1].items:
                self.lists[-1].items.append([])
            return self.lists[-1].items[-1]
        return self.body

    def _picture(self, element: html.HtmlElement) -> None:
        source, alt = (element.get("src") or "").strip(), clean(element.get("alt") or "").strip()
        if self.tables:
            self.text(f"〔图片：{alt}〕" if alt else "〔图片〕")
        elif source:
            self.flush()
            self._sink().append(Picture(source, alt))

    def _start_list(self, element: html.HtmlElement) -> None:
        start = element.get("start") or ""
        if not self.tables:
            self.lists.append(_List(element.tag == "ol", int(start) if re.fullmatch(r"\d{1,4}", start) else 1))

    def _end_list(self) -> None:
        if self.tables or not self.lists:
            return
        done = self.lists.pop()
        items = tuple(tuple(item) for item in done.items if item)
        if items and len(self.lists) >= MAX_LIST_DEPTH:
            self._sink().extend(block for item in items for block in item)
        elif items:
            self._sink().append(ListBlock(done.ordered, done.start, items))

    def _start_table_part(self, element: html.HtmlElement) -> None:
        if element.tag == "table":
            if self.tables:
                self.tables[-1].depth += 1
            else:
                self.tables.append(_Table())
            return
        if not self.tables or self.tables[-1].depth > 1:
            return
        table = self.tables[-1]
        if element.tag == "caption":
            table.in_caption = True
        elif element.tag == "tr":
            table.rows.append([])
        else:
            table.cell = RawCell((), element.tag == "th", _span(element, "colspan"), _span(element, "rowspan"))

    def _end_cell(self) -> None:
        table = self.tables[-1]
        if table.cell is not None:
            if not table.rows:
                table.rows.append([])
            table.rows[-1].append(table.cell)
            table.cell = None

    def _end_table(self) -> None:
        self.tables[-1].depth -= 1
        if self.tables[-1].depth:
            return
        done = self.tables.pop()
        table = make_table([row for row in done.rows if row], done.caption.strip())
        if table is not None:
            self._sink().append(table)


def trim(runs: Runs) -> Runs:
    """``runs`` without blanks and line breaks at either end, neighbours of one look joined; perhaps empty."""
    joined: list[Run] = []
    for run in runs:
        if joined and replace(run, text="") == replace(joined[-1], text=""):
            joined[-1] = replace(run, text=joined[-1].text + run.text)
        elif run.text:
            joined.append(run)
    while joined and (text := joined[0].text.lstrip()) != joined[0].text:
        joined[0] = replace(joined[0], text=text)
        if not text:
            joined.pop(0)
    while joined and (text := joined[-1].text.rstrip()) != joined[-1].text:
        joined[-1] = replace(joined[-1], text=text)
        if not text:
            joined.pop()
    return tuple(joined)


def _align(element: html.HtmlElement) -> Align | None:
    found = _ALIGN.search(element.get("style") or "")
    return _ALIGNS.get((found[1] if found else element.get("align") or "").lower())


def _span(element: html.HtmlElement, name: str) -> int:
    """A span as HTML reads it: 1 unless a number; 0 rows mean all that follow."""
    value = (element.get(name) or "").strip()
    if not re.fullmatch(r"\d{1,4}", value):
        return 1
    return int(value) if name == "rowspan" else max(1, int(value))


def _link(element: html.HtmlElement) -> str:
    """The address of a link, kept only when it is whole and safe to print (http, https, mailto, tel)."""
    address = (element.get("href") or "").strip()
    return address if _LINK.fullmatch(address) else ""
