"""The article's element as simple blocks: paragraphs, headings, lists and tables, each as text and as HTML."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from lxml import etree
from lxml import html as lxml_html

from gongkai.text.extraction.markup import tidy

_BLOCK_TAGS = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "form",
        "header",
        "hr",
        "main",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ucapcontent",
    ]
)
_HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
_INLINE = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "a": "a"}
_INDENTED_BREAK = re.compile(r"<br>\s*(?:<br>\s*)+|<br>(?=[\u3000\xa0]{2})")
_EMPTY_INLINE = re.compile(r"<(strong|em|a)(?: [^>]*)?>\s*</\1>")
_SPLIT_INLINE = re.compile(r"</strong><strong>|</em><em>")
_LEADING = re.compile(r"^(?:\s|<br>)*((?:<(?:strong|em)>)*)(?:\s|<br>)*")
_TRAILING = re.compile(r"(?:\s|<br>)+$")
_ONLY_TAGS = re.compile(r"<[^>]*>")
_LONGEST_SPAN = 1000


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its plain text (empty for the opening and closing of a list) and its HTML."""

    text: str
    html: str


@dataclass(slots=True)
class _Writer:
    """Collects inline content and turns it into a block at every block boundary."""

    link: Callable[[str], str]
    blocks: list[Block] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    opened: list[tuple[str, str]] = field(default_factory=list)
    tag: str = "p"
    items: int = 0

    def write(self, text: str | None) -> None:
        if text:
            self.inline.append(escape(re.sub(r"[\r\n\t ]+", " ", text), quote=False))

    def open(self, element: lxml_html.HtmlElement, tag: str) -> None:
        markup = f"<{tag}>"
        if tag == "a":
            href = self.link((element.get("href") or "").strip())
            markup = f'<a href="{escape(href)}">' if href and not href.startswith(("#", "javascript:")) else ""
        self.opened.append((tag if markup else "", markup))
        self.inline.append(markup)

    def close(self) -> None:
        tag, _ = self.opened.pop()
        self.inline.append(f"</{tag}>" if tag else "")

    def flush(self) -> None:
        """End the current block; inline elements still open are closed here and opened again in the next block."""
        html = "".join(self.inline) + "".join(f"</{tag}>" for tag, _ in reversed(self.opened) if tag)
        self.inline = [markup for _, markup in self.opened]
        for part in _INDENTED_BREAK.split(html) if self.tag == "p" else [html]:
            text = "\n".join(filter(None, (tidy(_unescape(line)) for line in part.split("<br>"))))
            if text:
                self.blocks.append(Block(text, f"<{self.tag}>{_tidy_inline(part)}</{self.tag}>"))


def render(main: lxml_html.HtmlElement, link: Callable[[str], str]) -> list[Block]:
    """The blocks of `main` in order; `link` turns an href into the address to keep ("" keeps the words only)."""
    writer = _Writer(link)
    walk = etree.iterwalk(main, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "end":
            _leave(writer, tag)
            if element is not main:
                writer.write(element.tail)
        elif tag == "table" and is_data_table(element):
            writer.flush()
            writer.blocks.append(_table(element, link))
            walk.skip_subtree()
        else:
            _enter(writer, element, tag)
            writer.write(element.text)
    writer.flush()
    return writer.blocks


def _enter(writer: _Writer, element: lxml_html.HtmlElement, tag: str) -> None:
    if tag in _INLINE:
        writer.open(element, _INLINE[tag])
    elif tag == "br":
        writer.inline.append("<br>")
    elif tag in ("ul", "ol"):
        writer.flush()
        writer.blocks.append(Block("", f"<{tag}>"))
    elif tag == "li":
        writer.flush()
        writer.tag, writer.items = "li", writer.items + 1
    elif tag in _HEADINGS:
        writer.flush()
        writer.tag = _HEADINGS[tag] if not writer.items else "li"
    elif tag in _BLOCK_TAGS:
        _boundary(writer)


def _leave(writer: _Writer, tag: str) -> None:
    if tag in _INLINE:
        writer.close()
    elif tag in ("ul", "ol"):
        writer.flush()
        writer.blocks.append(Block("", f"</{tag}>"))
    elif tag == "li":
        writer.flush()
        writer.items -= 1
        writer.tag = "li" if writer.items else "p"
    elif tag in _HEADINGS:
        writer.flush()
        writer.tag = "li" if writer.items else "p"
    elif tag in _BLOCK_TAGS:
        _boundary(writer)


def _boundary(writer: _Writer) -> None:
    """A block inside a list item breaks the line, elsewhere it ends the block."""
    if writer.items:
        if any(_ONLY_TAGS.sub("", part).strip() for part in writer.inline):
            writer.inline.append("<br>")
    else:
        writer.flush()


def is_data_table(table: lxml_html.HtmlElement) -> bool:
    """Whether a table shows data: rows of several cells, no table within (old pages use tables to lay out)."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    rows = [sum(cell.tag in ("td", "th") for cell in row) for row in table.iter("tr")]
    return len(rows) >= 1 and max(rows, default=0) >= 2


def _table(table: lxml_html.HtmlElement, link: Callable[[str], str]) -> Block:
    lines, html = [], []
    for row in table.iter("tr"):
        texts, cells = [], []
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            blocks = render(cell, link)
            texts.append(" ".join(filter(None, (block.text.replace("\n", " ") for block in blocks))))
            inner = "<br>".join(_inner(block.html) for block in blocks if block.text)
            cells.append(f"<{cell.tag}{_spans(cell)}>{inner}</{cell.tag}>")
        if any(texts):
            lines.append("\t".join(texts).rstrip("\t"))
            html.append(f"<tr>{''.join(cells)}</tr>")
    return Block("\n".join(lines), f"<table>{''.join(html)}</table>" if html else "")


def _inner(html: str) -> str:
    """The inside of a block's outermost element."""
    return html[html.index(">") + 1 : html.rindex("</")]


def _spans(cell: lxml_html.HtmlElement) -> str:
    attributes = ""
    for name in ("colspan", "rowspan"):
        value = (cell.get(name) or "").strip()
        if value.isdigit() and 1 < int(value) <= _LONGEST_SPAN:
            attributes += f' {name}="{value}"'
    return attributes


def _tidy_inline(html: str) -> str:
    """Inline HTML without blank ends, empty or needlessly split elements, and doubled breaks."""
    while (shorter := _EMPTY_INLINE.sub("", html)) != html:
        html = shorter
    html = _SPLIT_INLINE.sub("", html)
    html = _LEADING.sub(r"\1", _TRAILING.sub("", html))
    return re.sub(r"[ \xa0\u3000]+", " ", re.sub(r"(?:<br>\s*){2,}", "<br>", html)).strip()


def _unescape(html: str) -> str:
    return _ONLY_TAGS.sub("", html).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
