"""Word documents (docx): paragraphs, headings, numbering, tables and footnotes in document order.

The body is walked as XML, because python-docx leaves out what stands in content controls and in tracked insertions;
it gives us the package, its styles and its properties.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import docx as python_docx
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from gongkai.text.extraction.contract import Code, Extracted, Unreadable
from gongkai.text.extraction.docx_numbering import Numbering, W, integer
from gongkai.text.extraction.docx_pictures import Pictures
from gongkai.text.extraction.limits import Limits
from gongkai.text.extraction.markup import sanitise, tidy
from gongkai.text.extraction.zips import BROKEN, refuse_dtds

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DROPPED = frozenset(
    {W + "del", W + "moveFrom", W + "delText", W + "instrText", W + "rPr", W + "pPr", W + "tblPr", _MC + "Fallback"}
)
_HEADING = re.compile(r"^(?:heading|标题)\s*(\d)$", re.IGNORECASE)
_TITLE_STYLES = frozenset({"title", "标题"})
_TITLE_AREA = 20
_TITLE_SIZE = 32
"""Half points: 小二 and larger; the title of an official document is 二号 (GB/T 9704-2012 7.3.1)."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of a table: its text, its first grid column, how many columns it spans, its part in a vertical merge."""

    text: str
    column: int
    span: int
    merge: str
    pictures: str = ""
    """Pictures in the cell, as HTML."""


def extract_docx(path: Path, limits: Limits, *, pictures: bool = False) -> Extracted:
    """The text of a Word document, deleted revisions left out; with `pictures` the HTML has them as ``data:`` addresses.

    Raises `Unreadable`: damaged, unsafe.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            refuse_dtds(archive, "Word 文档")
        document = python_docx.Document(str(path))
        reader = _Reader(document, Pictures(document) if pictures else None)
        reader.read()
    except Unreadable:
        raise
    except (*BROKEN, PackageNotFoundError, etree.XMLSyntaxError, AttributeError, TypeError) as error:
        if "macroEnabled" in str(error):  # the library names the type it did not expect
            message = "这是含有宏的 Word 文档，不能上传。请用 WPS/Word 打开，另存为 docx 后重新提交。"
            raise Unreadable(Code.UNSAFE, message) from error
        message = "Word 文档已损坏，无法打开。请用 WPS/Word 打开修复，另存为 docx 后重新提交。"
        raise Unreadable(Code.DAMAGED, message) from error
    return Extracted(
        kind="docx",
        text="\n".join(line for line in reader.lines if line),
        html=sanitise("\n".join(reader.html), pictures=pictures),
        title=reader.title(),
        metadata=_metadata(document),
        warnings=reader.warnings(),
    )


def _metadata(document: Any) -> dict[str, str]:
    """Title and keywords from the properties; who wrote the file is nobody's business here."""
    try:
        properties = document.core_properties
        found = {"Title": tidy(properties.title or ""), "Keywords": tidy(properties.keywords or "")}
    except (AttributeError, ValueError):  # a damaged list of properties is no reason to refuse the text
        return {}
    return {name: value for name, value in found.items() if value}


class _Reader:
    """One pass over the body; `lines` and `html` grow side by side."""

    def __init__(self, document: Any, pictures: Pictures | None = None) -> None:
        self.pictures = pictures
        self.body = document.element.body
        self.lines: list[str] = []
        self.html: list[str] = []
        self.styles = _styles(document)
        self.numbering = Numbering(document)
        self.notes = {kind: _notes(document, kind) for kind in ("footnote", "endnote")}
        self.cited: list[tuple[str, str]] = []
        self.candidates: list[tuple[int, str]] = []
        self.style_title = ""

    def read(self) -> None:
        """Read the whole body, then the notes it refers to."""
        self._blocks(self.body)
        if self.cited:
            self.lines.append("注释：")
            self.html.append("<p>注释：</p>")
        for number, (kind, identifier) in enumerate(self.cited, start=1):
            text = f"[{number}] {self.notes[kind].get(identifier, '')}".strip()
            self.lines.append(text)
            self.html.append(f"<p>{escape(text, quote=False)}</p>")

    def warnings(self) -> tuple[str, ...]:
        """What a reader of the HTML has to know."""
        if self.pictures is None or not self.pictures.lost:
            return ()
        return (f"有 {self.pictures.lost} 张图片不是 PNG、JPEG 或者 GIF 格式，未能导入，请单独插入。",)

    def title(self) -> str:
        """The paragraph in title style, else the centred lines in the largest type at the head of the document."""
        if self.style_title:
            return self.style_title
        largest = max((size for size, _ in self.candidates), default=0)
        lines: list[str] = []
        for size, text in self.candidates:
            if size == largest and largest >= _TITLE_SIZE:
                lines.append(text)
            elif lines:
                break
        return "".join(lines)

    def _blocks(self, parent: Any) -> None:
        for element in _block_elements(parent):
            if element.tag == W + "p":
                self._paragraph(element)
            else:
                self._table(element)

    def _paragraph(self, element: Any) -> None:
        properties = element.find(W + "pPr")
        style = _value(properties, "pStyle")
        text = self._text(element)
        boxes = [box for box in element.iter(W + "txbxContent") if not _is_fallback(box)]
        if text:
            text = self.numbering.label(properties, style) + text
            level = self._level(properties, style)
            self._note_title(element, properties, style, text)
            self.lines.extend(text.split("\n"))
            tag = f"h{min(level + 2, 4)}" if level is not None else "p"
            self.html.append(f"<{tag}>{escape(text, quote=False).replace(chr(10), '<br>')}</{tag}>")
        if self.pictures is not None and (shown := self.pictures.of(element)):
            self.html.append(f"<p>{shown}</p>")
        for box in boxes:
            self._blocks(box)

    def _level(self, properties: Any, style: str) -> int | None:
        """The outline level counted from 0, from the paragraph or its style; None for body text."""
        own = _value(properties, "outlineLvl")
        level = integer(own, 9) if own else self.styles.get(style, ("", None))[1]
        return level if level is not None and level < 9 else None

    def _note_title(self, element: Any, properties: Any, style: str, text: str) -> None:
        name = self.styles.get(style, ("", None))[0]
        if name in _TITLE_STYLES and not self.style_title:
            self.style_title = text.replace("\n", "")
        if len(self.lines) < _TITLE_AREA and _value(properties, "jc") == "center" and len(text) < 80:
            sizes = [integer(_value(run.find(W + "rPr"), "sz"), 0) for run in element.iter(W + "r")]
            self.candidates.append((max(sizes, default=0), text.replace("\n", "")))
        else:
            self.candidates.append((0, ""))

    def _table(self, element: Any) -> None:
        grid: list[list[_Cell]] = []
        for row in _descend(element, W + "tr"):
            cells: list[_Cell] = []
            column = integer(_value(row.find(W + "trPr"), "gridBefore"), 0)
            for cell in _descend(row, W + "tc"):
                properties = cell.find(W + "tcPr")
                span = min(max(integer(_value(properties, "gridSpan"), 1), 1), 100)
                text = " ".join(self._cell_lines(cell))
                shown = "".join(map(self.pictures.of, cell.iter(W + "p"))) if self.pictures is not None else ""
                cells.append(_Cell(text, column, span, _merge(properties), shown))
                column += span
            if any(cell.text or cell.merge or cell.pictures for cell in cells):
                grid.append(cells)
        if not any(cell.text or cell.pictures for cells in grid for cell in cells):
            return
        self.lines.extend("\t".join(cell.text for cell in cells).rstrip("\t") for cells in grid)
        self.html.append("<table>" + "".join(_row_html(grid, number) for number in range(len(grid))) + "</table>")

    def _cell_lines(self, cell: Any) -> Iterator[str]:
        for element in _block_elements(cell):
            if element.tag == W + "p":
                if text := self._text(element).replace("\n", " "):
                    properties = element.find(W + "pPr")
                    yield self.numbering.label(properties, _value(properties, "pStyle")) + text
            else:
                for row in _descend(element, W + "tr"):
                    for inner in _descend(row, W + "tc"):
                        yield from self._cell_lines(inner)

    def _text(self, paragraph: Any) -> str:
        """The visible text of a paragraph; text boxes are blocks of their own and notes become [1], [2] …"""
        parts: list[str] = []
        stack = list(reversed(paragraph))
        while stack:
            element = stack.pop()
            tag = element.tag
            if tag == W + "t":
                parts.append(element.text or "")
            elif tag in (W + "tab", W + "ptab"):
                parts.append(" ")
            elif tag in (W + "br", W + "cr"):
                parts.append("\n")
            elif tag == W + "noBreakHyphen":
                parts.append("-")
            elif tag in (W + "footnoteReference", W + "endnoteReference"):
                kind = "footnote" if tag == W + "footnoteReference" else "endnote"
                self.cited.append((kind, element.get(W + "id", "")))
                parts.append(f"[{len(self.cited)}]")
            elif isinstance(tag, str) and tag not in _DROPPED and tag != W + "txbxContent" and not _is_hidden(element):
                stack.extend(reversed(element))
        return "\n".join(filter(None, map(tidy, "".join(parts).split("\n"))))


def _block_elements(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, also those in content controls and in tracked insertions."""
    stack = list(reversed(parent))
    while stack:
        element = stack.pop()
        if element.tag in (W + "p", W + "tbl"):
            if element.tag == W + "tbl" or not _is_deleted_mark_only(element):
                yield element
        elif isinstance(element.tag, str) and element.tag not in _DROPPED:
            stack.extend(reversed(element))


def _descend(parent: Any, wanted: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, whatever wrappers stand between; nested tables are not entered."""
    stack = list(reversed(parent))
    while stack:
        element = stack.pop()
        if element.tag == wanted:
            if element.find(f"{W}trPr/{W}del") is None:
                yield element
        elif isinstance(element.tag, str) and element.tag not in _DROPPED and element.tag not in (W + "tbl", W + "p"):
            stack.extend(reversed(element))


def _is_deleted_mark_only(paragraph: Any) -> bool:
    return next(iter(paragraph.iter(W + "t", W + "txbxContent", W + "drawing", W + "pict")), None) is None


def _is_fallback(element: Any) -> bool:
    return any(ancestor.tag == _MC + "Fallback" for ancestor in element.iterancestors())


def _is_hidden(element: Any) -> bool:
    mark = element.find(f"{W}rPr/{W}vanish") if element.tag == W + "r" else None
    return mark is not None and mark.get(W + "val") not in ("0", "false")


def _merge(properties: Any) -> str:
    """How a cell takes part in a vertical merge: "restart", "continue", or "" for not at all (17.4.84)."""
    mark = properties.find(W + "vMerge") if properties is not None else None
    return "" if mark is None else mark.get(W + "val") or "continue"


def _row_html(grid: list[list[_Cell]], number: int) -> str:
    cells = []
    for cell in grid[number]:
        if cell.merge == "continue":
            continue
        end = number + 1
        while cell.merge and end < len(grid) and _goes_on(grid[end], cell.column):
            end += 1
        height = end - number
        spans = (f' colspan="{cell.span}"' if cell.span > 1 else "") + (f' rowspan="{height}"' if height > 1 else "")
        cells.append(f"<td{spans}>{escape(cell.text, quote=False)}{cell.pictures}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _goes_on(row: list[_Cell], column: int) -> bool:
    return any(cell.column == column and cell.merge == "continue" for cell in row)


def _value(parent: Any, name: str) -> str:
    child = parent.find(W + name) if parent is not None else None
    return (child.get(W + "val") or "") if child is not None else ""


def _styles(document: Any) -> dict[str, tuple[str, int | None]]:
    """Name (lower case) and outline level of each paragraph style, by its id."""
    found: dict[str, tuple[str, int | None]] = {}
    for style in document.styles.element.iter(W + "style"):
        name = _value(style, "name").lower()
        level = _value(style.find(W + "pPr"), "outlineLvl")
        heading = _HEADING.match(name)
        number = integer(level, 9) if level else int(heading.group(1)) - 1 if heading else None
        found[style.get(W + "styleId", "")] = (name, number)
    return found


def _notes(document: Any, kind: str) -> dict[str, str]:
    """The text of the footnotes or endnotes by id."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith(f"/{kind}s") and not relation.is_external:
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            root = etree.fromstring(relation.target_part.blob, parser)
            return {
                note.get(W + "id", ""): tidy("".join(text.text or "" for text in note.iter(W + "t")))
                for note in root.iter(W + kind)
            }
    return {}
