"""Web pages, SVG, CSV and plain text: all their words, those among them that a browser does not show, and scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import html as lxml_html

from gongkai.text.checks.material import Cell
from gongkai.text.extraction import rows
from gongkai.text.extraction.html import decode_html
from gongkai.text.extraction.markup import tidy
from gongkai.text.extraction.plain import decode
from gongkai.text.extraction.sniff import Kind
from gongkai.text.inspection.draft import Draft
from gongkai.text.inspection.package import local
from gongkai.text.inspection.pictures import xmp_words

_SVG = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*|<!DOCTYPE svg[^>]*(?:\[[^\]]*\])?[^>]*>\s*)*<svg[\s>]",
    re.DOTALL,
)
SCRIPT = re.compile(r"<script\b|\son[a-z]{3,20}\s*=|javascript:", re.IGNORECASE)
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BLOCKS = frozenset({"p", "div", "br", "li", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "title", "hr",
                     "ul", "ol", "dl", "dt", "dd", "header", "footer", "blockquote", "pre", "table", "text", "tspan"})  # fmt: skip
_TELLING = frozenset({"content", "value", "alt", "title", "placeholder", "href", "src"})
_DULL = frozenset({"script", "style", "head"})


def is_svg(path: Path) -> bool:
    """Whether the file is a drawing in SVG."""
    with path.open("rb") as file:
        return bool(_SVG.match(file.read(4096)))


def read_plain(path: Path, kind: Kind, draft: Draft) -> None:
    """Fill `draft` from a text or CSV file."""
    if kind is Kind.CSV:
        placed: list[tuple[Cell, ...]] = [
            draft.row([(cell, "", False) for cell in row]) for row in rows(path, draft.limits)
        ]
        draft.grid(placed)
        return
    text, _ = decode(path.read_bytes())
    draft.flowing(text.replace("\r\n", "\n").replace("\r", "\n"))


def read_svg(path: Path, draft: Draft) -> None:
    """Fill `draft` from a drawing; a browser runs the scripts in it, so nobody is to open one."""
    text, _ = decode_html(path.read_bytes())
    draft.find(
        "file.format", message="SVG 图片可能含有脚本，部分软件不能打开。请改用 PNG 或者 PDF 格式。", place="文件"
    )
    if SCRIPT.search(text):
        draft.find("file.macros", message="SVG 图片中有脚本。", place="文件")
    for words in xmp_words(text, len(text)):
        draft.paths(words, draft.line(words))


def read_html(path: Path, draft: Draft) -> None:
    """Fill `draft` from a page: all of it, the page around the article too."""
    text, _ = decode_html(path.read_bytes())
    if SCRIPT.search(text):
        draft.find("file.macros", message="网页中有脚本。", place="文件")
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    clean = re.sub(r"^\s*<\?xml[^>]*\?>", "", text).replace("\0", "")
    root = lxml_html.document_fromstring(clean.encode("utf-8", errors="replace"), parser=parser)
    page = _Page(draft)
    page.read(root)
    with draft.section("网页中不显示的内容", hidden=True):
        for words in dict.fromkeys(page.covert):
            draft.paths(words, draft.line(words))


class _Page:
    """A walk without recursion, for pages nest as deep as they like."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.covert: list[str] = []
        self._line: list[str] = []
        self._links: list[tuple[str, str]] = []
        self._tables: dict[Any, list[tuple[Cell, ...]]] = {}

    def read(self, root: Any) -> None:
        stack: list[Any] = [root]
        while stack:
            entry = stack.pop()
            if isinstance(entry, str):
                self._line.append(entry)
                continue
            if entry is None:
                self._flush()
                continue
            name = local(entry)
            self._covert_attributes(entry)
            if entry.tail and entry is not root:
                stack.append(entry.tail)
            if not name:
                self.covert.append(entry.text or "")
            elif name in _DULL or _is_hidden(entry):
                self.covert += _loose(entry) if name != "style" else []
            elif name == "tr":
                self._flush()
                self._row(entry)
            else:
                if name in _BLOCKS:
                    self._flush()
                    stack.append(None)
                if name == "a" and entry.get("href"):
                    self._links.append((entry.text_content(), entry.get("href")))
                stack += reversed(list(entry))
                if entry.text:
                    stack.append(entry.text)
        self._flush()
        for placed in self._tables.values():
            self.draft.grid(placed)

    def _row(self, row: Any) -> None:
        """A table row, kept with the others of its table."""
        for element in row.iter():
            if isinstance(element.tag, str) and element is not row:
                self._covert_attributes(element)
        cells = [(tidy(cell.text_content()), "", False) for cell in row.iter("td", "th")]
        if any(cell[0] for cell in cells):
            placed = self.draft.row(cells)
            table = next(row.iterancestors("table"), None)
            self._tables.setdefault(table, []).append(placed)

    def _covert_attributes(self, element: Any) -> None:
        for key, value in getattr(element, "attrib", {}).items():
            if value.strip() and (key in _TELLING or key.startswith("data-")):
                self.covert.append(value)

    def _flush(self) -> None:
        self.draft.line("".join(self._line), self._links)
        self._line, self._links = [], []


def _is_hidden(element: Any) -> bool:
    return "hidden" in element.attrib or bool(_INVISIBLE.search(element.get("style", "")))


def _loose(element: Any) -> Iterator[str]:
    for child in element.iter():
        if local(child) == "style":
            continue
        yield child.text or ""
        if child is not element:
            yield child.tail or ""
