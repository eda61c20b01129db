"""The plain text of a body kept as simple HTML: what is searched, cited, compared and counted."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

BLOCKS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr", "div", "table", "ul", "ol", "blockquote", "br"}
)
_CELLS = frozenset({"td", "th"})
_BREAK, _CELL = "\ue000", "\ue001"
"""Stand for the line ends and tabs that the structure makes until those of the source, which mean nothing, are folded."""
_BLANKS = re.compile(r"[ \t\r\n\u00a0\u3000]+")
_LINES = re.compile(r"\s*\n\s*")
_CHAPTER = re.compile(r"^第[一二三四五六七八九十百零〇]+[编章节](?:\s|\u3000|$).{0,40}$")
_MARKDOWN = re.compile(r"^#{1,4}\s+(.+)$")


def html_to_text(body: str) -> str:
    """Text of `body`: a line for each block, cells of a table row parted by one tab, no blanks at either end.

    Entities are decoded and runs of blanks folded; ideographic spaces go too, because they are layout.
    """
    if not body.strip():
        return ""
    from lxml import html  # here: 8 MB that reading processes have no use for

    parts: list[str] = []
    root = html.fragment_fromstring(body, create_parent="div")
    for starts, element in _walk(root):
        tag = element.tag if isinstance(element.tag, str) else ""
        if starts:
            if tag in BLOCKS:
                parts.append(_BREAK)
            if tag and element.text:
                parts.append(element.text)
            continue
        if tag in _CELLS:
            parts.append(_CELL)
        elif tag in BLOCKS:
            parts.append(_BREAK)
        if element is not root and element.tail:
            parts.append(element.tail)
    text = _BLANKS.sub(" ", "".join(parts)).replace(_CELL, "\t").replace(_BREAK, "\n")
    return _LINES.sub("\n", text).strip()


def _walk(root: HtmlElement) -> list[tuple[bool, HtmlElement]]:
    """(starts, element) in document order, without recursion: pasted HTML can be very deep."""
    events: list[tuple[bool, HtmlElement]] = []
    stack: list[tuple[bool, HtmlElement]] = [(True, root)]
    while stack:
        starts, element = stack.pop()
        events.append((starts, element))
        if starts:
            stack.append((False, element))
            stack.extend((True, child) for child in reversed(element))
    return events


def text_to_html(text: str) -> str:
    """Simple HTML for plain text: a paragraph for each line, a heading for chapter lines (第一章 …) and Markdown headings."""
    lines = []
    for raw in text.replace("\r\n", "\n").split("\n"):
        line = raw.strip(" \t\u3000")
        if not line:
            continue
        markdown = _MARKDOWN.match(line)
        escaped = escape(markdown.group(1) if markdown else line)
        lines.append(f"<h3>{escaped}</h3>" if markdown or _CHAPTER.match(line) else f"<p>{escaped}</p>")
    return "\n".join(lines)
