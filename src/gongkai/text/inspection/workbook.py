"""Excel workbooks: every sheet, cell and cache, whatever of it a reader does not see, and who is named in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from gongkai.text.checks.material import Cell
from gongkai.text.inspection import office, sheets
from gongkai.text.inspection.draft import Draft
from gongkai.text.inspection.package import Package, local, opened
from gongkai.text.inspection.sheets import SheetCell
from gongkai.text.tables.cells import column_letters

LABEL = "Excel 表格"
_GAP = 64
"""Empty cells written between two cells of a row, so that columns stand below each other; more would be waste."""
_PIVOT_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """An entry of the workbook's list of sheets."""

    name: str
    part: str
    visible: bool
    kind: str


def read_workbook(path: Path, draft: Draft, inspect: office.Inspect | None) -> None:
    """Fill `draft` with everything in the workbook. Raises `Unreadable`: damaged, unsafe, huge."""
    with opened(path, LABEL, draft.limits) as package:
        if package.has_macros():
            draft.find("file.macros", message="文件含有宏。", place="文件")
        _Reader(package, draft).read(inspect)


def listed_sheets(package: Package, root: Any, main: str) -> list[Sheet]:
    """The sheets in the order of their tabs."""
    targets = {r.id: r for r in package.relationships(main)}
    found = []
    for element in root.iter("{*}sheet"):
        identifier = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
        relationship = targets.get(identifier)
        if relationship and package.has(relationship.target):
            visible = element.get("state", "visible") == "visible"
            found.append(Sheet(element.get("name", ""), relationship.target, visible, relationship.kind))
    return found


class _Reader:
    """One pass over all parts of a workbook."""

    def __init__(self, package: Package, draft: Draft) -> None:
        self.package, self.draft = package, draft
        self.main = package.main()
        self.root = package.xml(self.main)
        self.formats = sheets.Formats(package, package.related(self.main, "styles"))
        self.strings_parts = list(filter(package.has, package.related(self.main, "sharedStrings")))
        self.strings = [s for p in self.strings_parts for s in sheets.shared_strings(package, p, draft.limits)]
        self.used: set[int] = set()
        self.formulas: dict[str, None] = {}
        self.read_parts = {self.main, *self.strings_parts}

    def read(self, inspect: office.Inspect | None) -> None:
        package, draft, read = self.package, self.draft, self.read_parts
        for sheet in listed_sheets(package, self.root, self.main):
            read.add(sheet.part)
            if sheet.kind == "worksheet":
                self._sheet(sheet)
            self._attached(sheet)
        for element in self.root.iter("{*}absPath"):
            address = element.get("url", "")
            with draft.section("工作簿路径", hidden=True):
                draft.paths(address, draft.line(address))
        self._names()
        self._pivots()
        self._outside()
        self._remains()
        read |= office.read_properties(package, draft)
        office.read_addresses(package, draft)
        office.read_embedded(package, draft, read, inspect)
        office.read_pictures(package, draft, read)
        office.read_leftovers(package, draft, read)

    def _sheet(self, sheet: Sheet) -> None:
        draft = self.draft
        label = _label(sheet)
        frame = sheets.read_frame(self.package, sheet.part)
        covert: list[list[SheetCell]] = []
        head: list[SheetCell] = []
        rows: list[tuple[Cell, ...]] = []
        start = draft.length
        with draft.section(label, hidden=not sheet.visible):
            draft.line(sheet.name)
            for cells in sheets.read_rows(self.package, sheet.part, frame, self.strings, self.formats, self.used):
                self.formulas |= dict.fromkeys(cell.formula for cell in cells if cell.formula)
                head = head or [cell for cell in cells if len(cells) > 1 and cell.text]
                shown = [cell for cell in cells if cell.text and not cell.hidden]
                if shown:
                    rows.append(draft.row(_padded(shown)))
                if hidden := [cell for cell in cells if cell.text and cell.hidden]:
                    covert.append(hidden)
            draft.grid(rows)
            for words in frame.printed:
                draft.line(words)
        if not sheet.visible:
            message = f"工作表“{sheet.name}”是隐藏的。"
            draft.find(
                "file.hidden-sheet", message=message, text=sheet.name, at=(start, start + len(sheet.name)), place=label
            )
        if covert:
            self._covert(label, head, covert)
        with draft.section(f"{label}的输入提示", hidden=True):
            for words in frame.words:
                draft.paths(words, draft.line(words))
            for cell, _, location in frame.links:
                draft.paths(location, draft.line(f"{cell} {location}" if location else ""))

    def _covert(self, label: str, head: list[SheetCell], covert: list[list[SheetCell]]) -> None:
        """Hidden cells as a table of their own, below the head of the sheet so that columns keep their names."""
        draft = self.draft
        part = f"{label}的隐藏行、列"
        with draft.section(part, hidden=True):
            rows = [draft.row(_padded(head))] if head and covert[0] != head else []
            rows += [draft.row(_padded(cells)) for cells in covert]
            draft.grid(rows)
            count = sum(map(len, covert))
            evidence, cell = covert[0][-1], rows[-len(covert)][-1]
            message = f"{label}有隐藏的行、列或者单元格，含 {count} 个有内容的单元格（如 {evidence.address}）。"
            draft.find("file.hidden-rows", message=message, text=evidence.text, at=(cell.start, cell.end))

    def _attached(self, sheet: Sheet) -> None:
        """Comments, shapes and charts of a sheet."""
        package, draft, label = self.package, self.draft, _label(sheet)
        lines: list[str] = []
        people = {
            e.get("id"): e.get("displayName", "")
            for p in self._parts("person")
            for e in package.xml(p).iter("{*}person")
        }
        for part in filter(package.has, package.related(sheet.part, "comments")):
            self.read_parts.add(part)
            root = package.xml(part)
            authors = [author.text or "" for author in root.iter("{*}author")]
            for comment in root.iter("{*}comment"):
                index = sheets.number(comment.get("authorId"), len(authors))
                author = authors[index] if index < len(authors) else ""
                lines.append(f"{comment.get('ref', '')} {author}：{sheets.string(comment)}")
        for part in filter(package.has, package.related(sheet.part, "threadedComment")):
            self.read_parts.add(part)
            for comment in package.xml(part).iter("{*}threadedComment"):
                words = "".join(t.text or "" for t in comment.iter("{*}text"))
                lines.append(f"{comment.get('ref', '')} {people.get(comment.get('personId'), '')}：{words}")
        if lines:
            with draft.section(f"{label}的批注", hidden=True):
                places = [draft.line(line) for line in lines]
                draft.find("file.comments", message=f"{label}留有 {len(lines)} 条批注。", text=lines[0], at=places[0])
        drawn = list(filter(package.has, package.related(sheet.part, "drawing")))
        for drawing in list(drawn):
            drawn += filter(package.has, package.related(drawing, "chart", "chartEx", "diagramData", "chartUserShapes"))
        described: list[str] = []
        with draft.section(f"{label}的图形", hidden=not sheet.visible):
            for part in drawn:
                self.read_parts.add(part)
                root = package.xml(part)
                described += office.alternative_texts(root)
                if shapes := office.hidden_shapes(root):
                    message = f"{label}有 {len(shapes)} 个隐藏的图形或者图片。"
                    draft.find("file.hidden-text", message=message)
                for line in office.drawing_lines(root):
                    draft.line(line)
        with draft.section(f"{label}的图片说明", hidden=True):
            for words in dict.fromkeys(described):
                draft.paths(words, draft.line(words))

    def _names(self) -> None:
        """Defined names and the constants in them; formulas that reach outside."""
        with self.draft.section("名称管理器", hidden=True):
            for name in self.root.iter("{*}definedName"):
                words = f"{name.get('name', '')}：{name.text or ''} {name.get('comment', '')}"
                at = self.draft.line(words)
                self._reaching(name.text or "", at)
        with self.draft.section("公式", hidden=True):
            for formula in self.formulas:
                if sheets.FETCHING.search(formula) or '"' in formula:
                    self._reaching(formula, self.draft.line(formula))

    def _reaching(self, formula: str, at: tuple[int, int]) -> None:
        if sheets.FETCHING.search(formula):
            message = f"公式引用外部文件或者数据：{formula[:120]}。"
            self.draft.find("file.external-data", message=message, text=formula[:500], at=at)
        self.draft.paths(formula, at)

    def _pivots(self) -> None:
        draft, package = self.draft, self.package
        for part in self._parts("pivotCacheDefinition"):
            self.read_parts.add(part)
            with draft.section("数据透视表缓存", hidden=True):
                start = draft.length
                root = package.xml(part)
                for source in root.iter("{*}worksheetSource", "{*}cacheSource"):
                    words = " ".join(value for key, value in source.attrib.items() if key != "type")
                    draft.paths(words, draft.line(words))
                fields = list(root.iter("{*}cacheField"))
                items = [[i.get("v", "") for i in shared] for f in fields for shared in _shared_items(f)]
                rows = [draft.row([(f.get("name", ""), "", False) for f in fields])] if fields else []
                records = list(filter(package.has, package.related(part, "pivotCacheRecords")))
                for record_part in records:
                    self.read_parts.add(record_part)
                    for values in islice(_records(package, record_part, items), _PIVOT_ROWS):
                        rows.append(draft.row([(value, "", False) for value in values]))
                draft.grid(rows)
                # Items that no record uses are the ones somebody deleted from the source and the cache still knows.
                for words in dict.fromkeys(value for column in items for value in column if value):
                    draft.line(words)
                message = "数据透视表缓存中留有原始数据，工作表上看不到的行也在其中。"
                draft.find("file.pivot-cache", message=message, at=(start, draft.length))

    def _outside(self) -> None:
        """Values remembered of other workbooks, and connections to data bases and files."""
        for kind, label in (("externalLink", "外部链接的缓存"), ("connections", "数据连接"), ("queryTable", "查询")):
            for part in self._parts(kind):
                self.read_parts.add(part)
                with self.draft.section(label, hidden=True):
                    start = self.draft.length
                    for element in self.package.xml(part).iter():
                        told = [
                            v for k, v in element.attrib.items() if kind != "externalLink" or local(element) != "cell"
                        ]
                        words = " ".join([*told, (element.text or "").strip()])
                        self.draft.paths(words, self.draft.line(words))
                    self.draft.find("file.external-data", message=f"留有{label}。", at=(start, self.draft.length))

    def _remains(self) -> None:
        """Strings of the shared table that no cell refers to any more."""
        remains = [s for index, s in enumerate(self.strings) if index not in self.used and s.strip()]
        if remains:
            with self.draft.section("表格中残留的文字", hidden=True):
                places = [self.draft.line(words) for words in dict.fromkeys(remains)]
                message = f"文件中残留 {len(places)} 段已从单元格删除的文字。"
                self.draft.find("file.hidden-text", message=message, text=remains[0], at=places[0])

    def _parts(self, kind: str) -> list[str]:
        """The parts of a kind, wherever they are referred to, each once."""
        found = (r.target for r in self.package.all_relationships() if r.kind == kind and not r.external)
        return list(dict.fromkeys(filter(self.package.has, found)))


def _label(sheet: Sheet) -> str:
    return f"{'' if sheet.visible else '隐藏的'}工作表“{sheet.name}”"


def _padded(cells: list[SheetCell]) -> list[tuple[str, str, bool]]:
    """The cells of a row with empty ones where the columns between are empty."""
    padded: list[tuple[str, str, bool]] = []
    column = 0
    for cell in cells:
        gap = cell.column - column - 1
        if 0 < gap <= _GAP:
            padded += [("", f"{column_letters(column + 1 + i)}{cell.row}", False) for i in range(gap)]
        padded.append((cell.text, cell.address, cell.number))
        column = cell.column
    return padded


def _shared_items(field: Any) -> Iterator[Any]:
    """The list of shared items of a field, an empty one where there is none."""
    yield next((child for child in field if local(child) == "sharedItems"), [])


def _records(package: Package, part: str, items: list[list[str]]) -> Iterator[list[str]]:
    for record in sheets.stream(package, part, "r"):
        values = []
        for index, value in enumerate(record):
            found = value.get("v", "")
            if local(value) == "x":
                known = items[index] if index < len(items) else []
                number = sheets.number(found, len(known))
                found = known[number] if number < len(known) else ""
            values.append(found)
        yield values
