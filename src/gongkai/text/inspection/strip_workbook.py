"""The public copy of a workbook: what is not seen goes, what is seen stays as it is, pivot tables as plain cells."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from gongkai.text.extraction.limits import Limits
from gongkai.text.inspection import sheets
from gongkai.text.inspection.office import hidden_shapes
from gongkai.text.inspection.package import Package, opened
from gongkai.text.inspection.paths import local_path
from gongkai.text.inspection.sheets import Frame
from gongkai.text.inspection.strip_charts import detach_chart
from gongkai.text.inspection.strip_package import Copy, Unstrippable, remove, remove_all
from gongkai.text.inspection.strip_rows import RowWriter, cells, row_cells, skeleton
from gongkai.text.inspection.workbook import LABEL, Sheet, listed_sheets

_WORKBOOK_PARTS = {
    "fileSharing": "文件属性", "fileRecoveryPr": "", "webPublishing": "", "webPublishObjects": "",
    "customWorkbookViews": "", "revisionPtr": "", "extLst": "", "smartTagPr": "", "smartTagTypes": "",
}  # fmt: skip
_SHEET_PARTS = {
    "scenarios": "方案", "customSheetViews": "", "dataConsolidate": "外部链接", "customProperties": "自定义数据",
    "cellWatches": "", "smartTags": "", "webPublishItems": "", "protectedRanges": "", "legacyDrawing": "批注",
    "oleObjects": "嵌入的文件", "controls": "控件",
}  # fmt: skip
_PICTURE_IN_CELL = "DISPIMG"
"""WPS keeps pictures in cells as a formula of its own; without it the picture is gone."""


def strip_workbook(path: Path, target: Path, limits: Limits) -> tuple[str, ...]:
    """Write the copy; Chinese names of what was removed. Raises `Unreadable`, `Unstrippable`."""
    with opened(path, LABEL, limits) as package:
        if package.has_macros():
            raise Unstrippable("文件含有宏，不能生成公开文件。请另存为不含宏的 xlsx 后重新上传。")
        return _Stripping(package, limits).run(target)


class _Stripping:
    """The steps for one workbook."""

    def __init__(self, package: Package, limits: Limits) -> None:
        self.package = package
        self.copy = Copy(package)
        self.main = package.main()
        self.root = self.copy.tree(self.main)
        listed = listed_sheets(package, self.root, self.main)
        self.gone = [sheet for sheet in listed if not sheet.visible]
        self.kept = [sheet for sheet in listed if sheet.visible]
        if not self.kept:
            raise Unstrippable("所有工作表都是隐藏的，不能生成公开文件。请取消隐藏需要公开的工作表后重新上传。")
        self.formats = sheets.Formats(package, package.related(self.main, "styles"))
        self.used: set[int] = set()
        self.frames: dict[str, Frame] = {}
        self.covert = False
        self.dead_names: set[str] = set()

    def run(self, target: Path) -> tuple[str, ...]:
        copy, package = self.copy, self.package
        self._drop_sheets()
        worksheets = [sheet for sheet in self.kept if sheet.kind == "worksheet"]
        for sheet in worksheets:
            copy.set_tree(sheet.part, skeleton(package, sheet.part))
            self._settle_pivots(sheet)
        for sheet in worksheets:
            self._drop_hidden_cells(sheet)
        frozen = bool(self.gone) or self.covert
        self._clean_names(frozen)
        for sheet in worksheets:
            self._clean_sheet(sheet, frozen)
        for name, label in _WORKBOOK_PARTS.items():
            copy.say(label, remove_all(self.root, [name]) and bool(label))
        for element in list(self.root.iter("{*}absPath")):
            block = next(element.iterancestors("{*}AlternateContent"), element)
            remove(block)
            copy.say("本机路径")
        for relationship in package.all_relationships():
            if relationship.kind == "chart" and package.has(relationship.target):
                detach_chart(copy.tree(relationship.target), frozen)
            elif relationship.kind == "drawing" and package.has(relationship.target):
                self._clean_drawing(copy.tree(relationship.target))
        self._clean_tables(frozen)
        self._prune_strings()
        copy.write(target)
        return tuple(copy.removed)

    def _drop_sheets(self) -> None:
        if not self.gone:
            return
        self.copy.say("隐藏的工作表")
        parts = {sheet.part for sheet in self.gone}
        names = {sheet.name for sheet in self.gone}
        positions = list(self.root.iter("{*}sheet"))
        indexes: dict[int, int] = {}
        for index, element in enumerate(positions):
            if element.get("name") in names:
                remove(element)
            else:
                indexes[index] = len(indexes)
        for name in list(self.root.iter("{*}definedName")):
            scope = name.get("localSheetId")
            if scope is not None:
                now = indexes.get(sheets.number(scope, -1))
                if now is None:
                    remove(name)
                else:
                    name.set("localSheetId", str(now))
        for view in self.root.iter("{*}workbookView"):
            view.attrib.pop("activeTab", None)
            view.attrib.pop("firstSheet", None)
        self.copy.drop(lambda r: r.source == self.main and not r.external and r.target in parts, "隐藏的工作表")

    def _settle_pivots(self, sheet: Sheet) -> None:
        """The cells of a pivot table hold what it shows; where they do not, it cannot become plain cells."""
        for part in filter(self.package.has, self.package.related(sheet.part, "pivotTable")):
            place = next(self.package.xml(part).iter("{*}location"), None)
            corners = [sheets.position(c) for c in (place.get("ref", "") if place is not None else "").split(":")]
            first, last = (corners[0], corners[-1]) if corners and all(corners) else (None, None)
            filled = (
                first
                and last
                and any(
                    first[0] <= row <= last[0] and first[1] <= column <= last[1] and len(cell)
                    for row, column, cell in cells(self.package, sheet.part)
                )
            )
            if not filled:
                raise Unstrippable(
                    f"工作表“{sheet.name}”的数据透视表没有保存显示结果，不能转为普通单元格。"
                    "请在 Excel 中将数据透视表复制为数值，保存后重新上传。"
                )

    def _drop_hidden_cells(self, sheet: Sheet) -> None:
        """Look for cells out of sight; `_copy_rows` empties them."""
        frame = self.frames[sheet.part] = sheets.read_frame(self.package, sheet.part)
        found = cells(self.package, sheet.part)
        if not any(len(cell) and self._is_covert(frame, row, column, cell) for row, column, cell in found):
            return
        self.covert = True
        self.copy.say("隐藏的行、列中的内容")
        # The head of a table must say what its definition says; with emptied cells Excel would call the file damaged.
        remove_all(self.copy.tree(sheet.part), ["tableParts", "filterColumn", "sortState"])

    def _is_covert(self, frame: Frame, row: int, column: int, cell: Any) -> bool:
        return frame.is_hidden(row, column) or sheets.number(cell.get("s"), 0) in self.formats.blank

    def _clean_names(self, frozen: bool) -> None:
        for name in list(self.root.iter("{*}definedName")):
            formula, label = name.text or "", name.get("name", "")
            own = label.startswith("_xlnm.") and "[" not in formula
            hidden = name.get("hidden") in ("1", "true")
            dead = sheets.FETCHING.search(formula) or local_path(formula) or hidden or name.get("comment") or frozen
            if not own and dead:
                self.dead_names.add(label)
                self.copy.say("名称")
                remove(name)
        for names in list(self.root.iter("{*}definedNames")):
            if not len(names):
                remove(names)

    def _clean_sheet(self, sheet: Sheet, frozen: bool) -> None:
        copy, root = self.copy, self.copy.tree(sheet.part)
        for name, label in _SHEET_PARTS.items():
            copy.say(label, remove_all(root, [name], "spreadsheetml") and bool(label))
        dead = self._dead_formula()
        self._copy_rows(sheet, frozen, dead)
        for name in ("dataValidation", "cfRule"):
            for rule in list(root.iter(f"{{*}}{name}")):
                words = "".join(rule.itertext())
                if dead.search(words) or (frozen and "!" in words):
                    remove(rule)
        remove_empty(root, ("conditionalFormatting", "dataValidations"))
        for link in list(root.iter("{*}hyperlink")):
            place = link.get("location", "")
            cell = sheets.position(link.get("ref", "").split(":")[0])
            if cell and self.frames[sheet.part].is_hidden(*cell):
                remove(link)
            elif local_path(place) or any(gone.name in place for gone in self.gone):
                remove(link)
                copy.say("本机路径", bool(local_path(place)))
            elif local_path(link.get("tooltip", "") + link.get("display", "")):
                link.attrib.pop("tooltip", None)
                link.attrib.pop("display", None)
        remove_empty(root, ("hyperlinks",))

    def _dead_formula(self) -> re.Pattern[str]:
        """What a formula must not say: addresses outside, names and pivot tables that are gone."""
        words = [sheets.FETCHING.pattern, r"GETPIVOTDATA\s*\("]
        words += [rf"(?<![\w.]){re.escape(name)}(?![\w.])" for name in sorted(self.dead_names)]
        return re.compile("|".join(words), re.IGNORECASE)

    def _copy_rows(self, sheet: Sheet, frozen: bool, dead: re.Pattern[str]) -> None:
        """The rows with cells out of sight emptied and formulas that must go as their results."""
        writer = RowWriter()
        frame = self.frames[sheet.part]
        living: set[str | None] = set()
        number = 0
        for row in sheets.stream(self.package, sheet.part, "row"):
            number = sheets.number(row.get("r"), number + 1)
            for _, column, cell in row_cells(row, number):
                if len(cell) and self._is_covert(frame, number, column, cell):
                    for part in list(cell):
                        cell.remove(part)
                    cell.attrib.pop("t", None)
                    continue
                for formula in list(cell.iter("{*}f")):
                    self._settle_formula(sheet, cell, formula, frozen, dead, living)
                if cell.get("t") == "s":
                    self.used.add(sheets.number(next((v.text for v in cell.iter("{*}v")), ""), -1))
            writer.add(row)
        self.copy.set_rows(sheet.part, writer.data())

    def _settle_formula(
        self, sheet: Sheet, cell: Any, formula: Any, frozen: bool, dead: re.Pattern[str], living: set[str | None]
    ) -> None:
        """Keep a formula or leave its result. `living` are the numbers of shared formulas whose words were kept."""
        words = formula.text or ""
        if _PICTURE_IN_CELL in words:
            return
        shared = formula.get("t") == "shared"
        orphan = shared and not words and formula.get("si") not in living
        if not frozen and not orphan and not dead.search(words):
            if shared:
                living.add(formula.get("si"))
            return
        _freeze(cell, formula, sheet)
        self.copy.say("公式（保留计算结果）" if frozen else "引用外部数据的公式（保留计算结果）")

    def _clean_drawing(self, root: Any) -> None:
        anchors = ("{*}twoCellAnchor", "{*}oneCellAnchor", "{*}absoluteAnchor")
        for name in hidden_shapes(root):
            # A shape of a group goes alone, any other with its anchor: an anchor with nothing in it is an error.
            group = next(name.iterancestors("{*}grpSp"), None)
            inner = next(name.iterancestors("{*}sp", "{*}pic", "{*}cxnSp", "{*}graphicFrame", "{*}grpSp"), name)
            whole = group is None or group is inner
            remove(next(name.iterancestors(*anchors), inner) if whole else inner)
            self.copy.say("隐藏的图形")
        for element in root.iter("{*}cNvPr"):
            for key in ("descr", "title", "name"):
                if local_path(element.get(key, "")):
                    element.set(key, "")
                    self.copy.say("本机路径")
        for anchor in list(root.iter("{*}graphicData")):
            if "slicer" in anchor.get("uri", "") or "timeline" in anchor.get("uri", ""):
                block = next(anchor.iterancestors(*anchors), anchor)
                remove(block)

    def _clean_tables(self, frozen: bool) -> None:
        """Tables in sheets: formulas that fill their columns, and queries that filled them."""
        dead = self._dead_formula()
        for relationship in self.package.all_relationships():
            if relationship.kind != "table" or not self.package.has(relationship.target):
                continue
            root = self.copy.tree(relationship.target)
            for formula in list(root.iter("{*}calculatedColumnFormula", "{*}totalsRowFormula")):
                if frozen or dead.search(formula.text or ""):
                    remove(formula)
            if root.attrib.pop("tableType", None):
                for column in root.iter("{*}tableColumn"):
                    column.attrib.pop("queryTableFieldId", None)
            root.attrib.pop("connectionId", None)

    def _prune_strings(self) -> None:
        """Empty the shared strings that no cell of the copy shows."""
        for part in filter(self.package.has, self.package.related(self.main, "sharedStrings")):
            root = self.copy.tree(part)
            for index, item in enumerate(root.iter("{*}si")):
                if index not in self.used and any((t.text or "").strip() for t in item.iter("{*}t")):
                    for child in list(item):
                        item.remove(child)
                    item.append(item.makeelement(item.tag.rpartition("}")[0] + "}t"))
                    self.copy.say("残留的文字", not (self.gone or self.covert))
            root.attrib.pop("count", None)


def _freeze(cell: Any, formula: Any, sheet: Sheet) -> None:
    """Leave the result of a formula in its place. Raises `Unstrippable` when the file has no result."""
    value = next(iter(cell.iter("{*}v")), None)
    if cell.get("t") != "str" and (value is None or not value.text):
        raise Unstrippable(
            f"工作表“{sheet.name}”单元格 {cell.get('r', '')} 的公式没有保存计算结果，不能转为数值。"
            "请用 WPS/Excel 打开，重新计算并保存后再上传。"
        )
    remove(formula)
    cell.attrib.pop("cm", None)  # says of a formula that it spills


def remove_empty(root: Any, names: tuple[str, ...]) -> None:
    """Take out lists in which nothing is left."""
    for name in names:
        for element in list(root.iter(f"{{*}}{name}")):
            if not len(element):
                remove(element)
            elif element.get("count") is not None:
                element.set("count", str(len(element)))
