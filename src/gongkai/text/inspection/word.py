"""Word documents: all their words, those among them that a reader does not see, and who is named in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gongkai.text.checks.material import Cell
from gongkai.text.inspection import office
from gongkai.text.inspection.draft import Draft
from gongkai.text.inspection.package import Package, local, opened

LABEL = "Word 文档"
DELETED = frozenset({"del", "moveFrom"})
INSERTED = frozenset({"ins", "moveTo"})
CHANGES = tuple(
    "{*}" + name
    for name in (
        *sorted(DELETED | INSERTED), "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblPrExChange",
        "tblGridChange", "trPrChange", "tcPrChange", "numberingChange", "cellIns", "cellDel", "cellMerge",
    )
)  # fmt: skip
"""Everything that change tracking leaves, with author and date (17.13.5)."""
_SKIPPED = frozenset({"rPr", "pPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "sdtPr", "sdtEndPr"})
_DULL_FIELD = re.compile(
    r"^\s*(?:PAGE|NUMPAGES|TOC|REF|PAGEREF|NOTEREF|SEQ|DATE|TIME|FORM\w+|STYLEREF|SECTION\w*|EQ|=|HYPERLINK \\l)\b",
    re.IGNORECASE,
)
FETCHING_FIELD = re.compile(r"^\s*(?:LINK|INCLUDE\w+|DDE|DDEAUTO|IMPORT|RD|DATABASE)\b", re.IGNORECASE)


def read_word(path: Path, draft: Draft, inspect: office.Inspect | None) -> None:
    """Fill `draft` with everything in the document. Raises `Unreadable`: damaged, unsafe, huge."""
    with opened(path, LABEL, draft.limits) as package:
        if package.has_macros():
            draft.find("file.macros", message="文件含有宏。", place="文件")
        _Reader(package, draft).read(inspect)


class _Reader:
    """One pass over all parts; what is deleted or hidden is kept apart and written after the body."""

    def __init__(self, package: Package, draft: Draft) -> None:
        self.package, self.draft = package, draft
        self.main = package.main()
        self.covert = hidden_styles(package, self.main)
        self.deleted: list[str] = []
        self.hidden: list[str] = []
        self.fields: list[str] = []
        self.boxes: list[tuple[Any, str]] = []
        self.changes: list[str] = []
        self.cited: set[str] = set()
        self.authors: dict[str, None] = {}
        self.links: dict[str, str] = {}

    def read(self, inspect: office.Inspect | None) -> None:
        package, draft = self.package, self.draft
        read = {self.main}
        self._part(self.main, "")
        for kind, name in (("header", "页眉"), ("footer", "页脚"), ("footnotes", "脚注"), ("endnotes", "尾注")):
            for part in filter(package.has, package.related(self.main, kind)):
                read.add(part)
                self._part(part, name)
        drawn = [r.target for r in package.all_relationships() if r.kind in ("chart", "chartEx", "diagramData")]
        drawn += [r.target for r in package.all_relationships() if r.kind == "diagramDrawing"]
        with draft.section("图表"):
            for part in dict.fromkeys(filter(package.has, drawn)):
                read.add(part)
                for line in dict.fromkeys(office.drawing_lines(package.xml(part))):
                    draft.line(line)
        self._covert_sections()
        self._comments(read)
        read |= office.read_properties(package, draft)
        self._settings()
        office.read_addresses(package, draft)
        office.read_embedded(package, draft, read, inspect)
        office.read_pictures(package, draft, read)
        office.read_leftovers(package, draft, read)

    def _part(self, part: str, name: str) -> None:
        self.links = {r.id: r.target for r in self.package.relationships(part) if r.external}
        root = self.package.xml(part)
        changes = list(root.iter(*CHANGES))
        self.changes += [local(change) for change in changes]
        self.authors |= dict.fromkeys(filter(None, (attribute(change, "author") for change in changes)))
        if name:
            with self.draft.section(name):
                self._blocks(self._cited_notes(root), "")
        else:
            self._blocks(root, "")
        self._drawn(root)
        if shapes := office.hidden_shapes(root):
            message = f"有 {len(shapes)} 个隐藏的图形或者图片。"
            self.draft.find("file.hidden-text", message=message, place=name or "正文")

    def _cited_notes(self, root: Any) -> Any:
        """Of notes those that the text refers to; the others belonged to words that were deleted. Other parts whole."""
        if local(root) not in ("footnotes", "endnotes"):
            return root
        cited = [note for note in root if attribute(note, "type") or attribute(note, "id") in self.cited]
        self.hidden += filter(None, (text(note) for note in root if local(note) and note not in cited))
        return cited

    def _drawn(self, root: Any) -> None:
        """Text boxes found on the way, and what is said of pictures."""
        boxes, self.boxes = self.boxes, []
        with self.draft.section("文本框"):
            for box, mode in boxes:
                self._blocks(box, mode)
        nested, self.boxes = self.boxes, []
        self.hidden += [text(box) for box, _ in nested]
        with self.draft.section("图片说明", hidden=True):
            for words in dict.fromkeys(office.alternative_texts(root)):
                self.draft.paths(words, self.draft.line(words))

    def _blocks(self, parent: Any, mode: str) -> None:
        for element in parent:
            name = local(element)
            if name == "p":
                words, links = self._paragraph(element, mode)
                self.draft.line(words, links)
            elif name == "tbl":
                self._table(element, mode)
            elif name and name not in _SKIPPED:
                self._blocks(_chosen(element, self), _mode(name, mode))

    def _table(self, table: Any, mode: str) -> None:
        rows: list[tuple[Cell, ...]] = []
        for row, row_mode in _descend(table, "tr", mode):
            cells = [
                (" ".join(self._cell(cell, cell_mode)), "", False) for cell, cell_mode in _descend(row, "tc", row_mode)
            ]
            if any(cell[0] for cell in cells):
                rows.append(self.draft.row(cells))
        self.draft.grid(rows)

    def _cell(self, parent: Any, mode: str) -> Iterator[str]:
        for element in parent:
            name = local(element)
            if name == "p":
                yield self._paragraph(element, mode)[0]
            elif name == "tbl":
                for row, row_mode in _descend(element, "tr", mode):
                    for cell, cell_mode in _descend(row, "tc", row_mode):
                        yield from self._cell(cell, cell_mode)
            elif name and name not in _SKIPPED:
                yield from self._cell(_chosen(element, self), _mode(name, mode))

    def _paragraph(self, paragraph: Any, mode: str) -> tuple[str, list[tuple[str, str]]]:
        """The visible words and the links among them; the others go to `deleted`, `hidden` and `fields`."""
        words: dict[str, list[str]] = {"": [], "deleted": [], "hidden": [], "field": []}
        links: list[tuple[str, str]] = []
        style = value(child(paragraph, "pPr"), "pStyle")
        self._inline(paragraph, "hidden" if not mode and style in self.covert else mode, words, links)
        for mode_of, store in (("deleted", self.deleted), ("hidden", self.hidden)):
            if joined := "".join(words[mode_of]).strip():
                store.append(joined)
        instruction = "".join(words["field"]).strip()
        if instruction and not _DULL_FIELD.match(instruction):
            self.fields.append(instruction)
        return "".join(words[""]), links

    def _inline(self, parent: Any, mode: str, words: dict[str, list[str]], links: list[tuple[str, str]]) -> None:
        for element in parent:
            name = local(element)
            if name == "t":
                words[mode].append(element.text or "")
            elif name == "delText":
                words["deleted"].append(element.text or "")
            elif name in ("instrText", "delInstrText"):
                words["field"].append(element.text or "")
            elif name in ("tab", "ptab", "br", "cr"):
                words[mode].append(" ")
            elif name == "noBreakHyphen":
                words[mode].append("-")
            elif name in ("footnoteReference", "endnoteReference"):
                if not mode:
                    self.cited.add(attribute(element, "id"))
            elif name == "txbxContent":
                self.boxes.append((element, mode))
            elif name == "fldSimple":
                words["field"].append(attribute(element, "instr"))
                self._inline(element, mode, words, links)
            elif name == "hyperlink":
                before = len(words[""])
                self._inline(element, mode, words, links)
                if address := self.links.get(attribute(element, "id")):
                    links.append(("".join(words[""][before:]), address))
            elif name and name not in _SKIPPED:
                inner = _mode(name, mode)
                if name == "r" and not inner and is_hidden_run(element, self.covert):
                    inner = "hidden"
                self._inline(_chosen(element, self), inner, words, links)

    def _covert_sections(self) -> None:
        draft = self.draft
        if self.changes:
            with draft.section("修订中删除的文字", hidden=True):
                places = [draft.line(words) for words in self.deleted]
                removed = sum(name in DELETED for name in self.changes)
                added = sum(name in INSERTED for name in self.changes)
                others = len(self.changes) - removed - added
                message = f"留有修订痕迹：删除 {removed} 处、插入 {added} 处、格式修改 {others} 处。"
                evidence = self.deleted[0] if self.deleted else ""
                draft.find("file.tracked-changes", message=message, text=evidence, at=places[0] if places else None)
        if self.hidden:
            with draft.section("隐藏文字", hidden=True):
                places = [draft.line(words) for words in self.hidden]
                message = f"有 {len(self.hidden)} 段隐藏文字。"
                draft.find("file.hidden-text", message=message, text=self.hidden[0], at=places[0])
        with draft.section("域代码", hidden=True):
            for field in dict.fromkeys(self.fields):
                at = draft.line(field)
                draft.paths(field, at)
                if not FETCHING_FIELD.match(field):
                    continue
                draft.find("file.external-data", message=f"域代码引用外部文件：{field[:120]}。", text=field, at=at)

    def _comments(self, read: set[str]) -> None:
        package, draft = self.package, self.draft
        lines: list[str] = []
        for part in filter(package.has, package.related(self.main, "comments")):
            read.add(part)
            for comment in package.xml(part).iter("{*}comment"):
                lines.append(f"{attribute(comment, 'author')}：{text(comment)}")
                self.authors[attribute(comment, "author")] = None
        for part in filter(package.has, package.related(self.main, "people")):
            read.add(part)
            self.authors |= dict.fromkeys(attribute(person, "author") for person in package.xml(part).iter("{*}person"))
        with draft.section("批注和修订的作者", hidden=True):
            for author in self.authors:
                draft.line(author)
        if lines:
            with draft.section("批注", hidden=True):
                places = [draft.line(line) for line in lines]
                draft.find("file.comments", message=f"留有 {len(lines)} 条批注。", text=lines[0], at=places[0])

    def _settings(self) -> None:
        """Document variables and the data source of a mail merge."""
        for part in filter(self.package.has, self.package.related(self.main, "settings")):
            root = self.package.xml(part)
            with self.draft.section("文档变量", hidden=True):
                for variable in root.iter("{*}docVar"):
                    words = f"{attribute(variable, 'name')}：{attribute(variable, 'val')}"
                    self.draft.paths(words, self.draft.line(words))
            merge = next(root.iter("{*}mailMerge"), None)
            if merge is not None:
                with self.draft.section("邮件合并", hidden=True):
                    words = " ".join(value for e in merge.iter() for value in e.attrib.values() if len(value) > 3)
                    at = self.draft.line(words)
                    self.draft.find("file.external-data", message="留有邮件合并的数据源。", text=words[:200], at=at)
                    self.draft.paths(words, at)


def _chosen(element: Any, reader: _Reader) -> Any:
    """Of alternative contents the first; words that only the fallback has are hidden ones."""
    if local(element) != "AlternateContent":
        return element
    choice, fallback = child(element, "Choice"), child(element, "Fallback")
    if choice is None:
        return fallback if fallback is not None else []
    if fallback is not None and (other := text(fallback)) and other not in text(choice):
        reader.hidden.append(other)
    return choice


def _mode(name: str, mode: str) -> str:
    return "deleted" if name in DELETED else mode


def _descend(parent: Any, wanted: str, mode: str) -> Iterator[tuple[Any, str]]:
    """Rows of a table or cells of a row, whatever wrappers stand between, and whether they are deleted or hidden."""
    for element in parent:
        name = local(element)
        if name == wanted:
            properties = child(element, "trPr" if wanted == "tr" else "tcPr")
            if child(properties, "del") is not None or child(properties, "cellDel") is not None:
                yield element, "deleted"
            elif is_on(child(properties, "hidden")):
                yield element, mode or "hidden"
            else:
                yield element, mode
        elif name and name not in _SKIPPED and name not in ("tbl", "p"):
            yield from _descend(element, wanted, _mode(name, mode))


def hidden_styles(package: Package, main: str) -> frozenset[str]:
    """The styles whose text is not shown, with those that rest on them (w:vanish, 17.3.2.41)."""
    marks: dict[str, bool | None] = {}
    bases: dict[str, str] = {}
    for part in filter(package.has, package.related(main, "styles")):
        for style in package.xml(part).iter("{*}style"):
            name = attribute(style, "styleId")
            mark = child(child(style, "rPr"), "vanish")
            marks[name] = None if mark is None else is_on(mark)
            bases[name] = value(style, "basedOn")

    def is_hidden(name: str) -> bool:
        seen: set[str] = set()
        while name in marks and name not in seen:
            seen.add(name)
            found = marks[name]
            if found is not None:
                return found
            name = bases[name]
        return False

    return frozenset(filter(is_hidden, marks))


def is_hidden_run(run: Any, styles: frozenset[str]) -> bool:
    """Whether a run is not shown, by its own mark or by its character style."""
    properties = child(run, "rPr")
    mark = child(properties, "vanish")
    return is_on(mark) if mark is not None else value(properties, "rStyle") in styles


def child(element: Any, name: str) -> Any:
    """The first child with this local name, or None; None has no children."""
    if element is None:
        return None
    return next((found for found in element if local(found) == name), None)


def attribute(element: Any, name: str) -> str:
    """An attribute by its local name."""
    return next((str(v) for key, v in element.attrib.items() if key.rpartition("}")[2] == name), "")


def value(element: Any, name: str) -> str:
    """The `val` of a child."""
    found = child(element, name)
    return attribute(found, "val") if found is not None else ""


def is_on(element: Any) -> bool:
    """Whether a switch such as w:vanish is there and not turned off."""
    return element is not None and attribute(element, "val") not in ("0", "false", "off")


def text(element: Any) -> str:
    """All words below an element, deleted ones among them, paragraphs joined by blanks."""
    paragraphs = list(element.iter("{*}p")) or [element]
    return " ".join("".join(t.text or "" for t in p.iter("{*}t", "{*}delText")) for p in paragraphs).strip()
