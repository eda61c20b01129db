"""The rows of a workbook or CSV file, streamed, with what a check needs to know of each cell.

A number that a spreadsheet keeps has at most fifteen digits that can be trusted; an error (#REF!) is no value; a formula may have been
saved without its result; a row may be hidden. Merged cells carry their value in each cell they cover.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from gongkai.text.extraction.contract import Code, Unreadable
from gongkai.text.extraction.limits import DEFAULT, Limits, too_large
from gongkai.text.extraction.markup import tidy
from gongkai.text.extraction.plain import decode
from gongkai.text.extraction.sniff import Kind, sniff
from gongkai.text.inspection import sheets
from gongkai.text.inspection.package import Package, opened
from gongkai.text.inspection.workbook import listed_sheets
from gongkai.text.tables.cells import EMPTY, UNSOLVED, SourceCell, SourceRow

__all__ = [
    "CSV_SHEET",
    "MOST_COLUMNS",
    "MOST_ROWS",
    "SourceCell",
    "SourceRow",
    "TableFile",
    "open_table",
]

MOST_ROWS = 200_000
"""Rows of one table; more is split by township."""
MOST_COLUMNS = 100
CSV_SHEET = "CSV"
"""What the only sheet of a CSV file is called."""
_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)")
_LABEL = "Excel 表格"


class TableFile:
    """An open file: its visible sheets, and the rows of each."""

    def __init__(self, sheets_: Iterable[str]) -> None:
        self.sheets = tuple(sheets_)

    def rows(self, sheet: str) -> Iterator[SourceRow]:
        """The rows of `sheet` with content, in order. Raises `Unreadable`: damaged, too large; `KeyError` for no such sheet."""
        raise NotImplementedError

    def hidden_columns(self, sheet: str) -> frozenset[int]:
        """Columns (0 is A) of `sheet` that a reader does not see."""
        return frozenset()

    def expected_rows(self, sheet: str) -> int:
        """How many rows the sheet says it has, for a bar of progress; 0 when it does not say."""
        return 0


@contextmanager
def open_table(path: Path, limits: Limits = DEFAULT) -> Iterator[TableFile]:
    """The xlsx or CSV file at `path`.

    Raises `Unreadable` with the remedy in Chinese: not a table, damaged, encrypted, unsafe, too large, without a visible sheet.
    """
    kind = sniff(path, limits)
    if kind is Kind.XLSX:
        with opened(path, _LABEL, limits) as package:
            yield _Workbook(package, limits)
    elif kind in (Kind.CSV, Kind.TEXT):
        yield _Csv(path, limits)
    else:
        raise Unreadable(
            Code.UNSUPPORTED, f"补贴表应为 xlsx 或 CSV 文件，这是{kind.label}。请另存为 xlsx 或 CSV 后重新上传。"
        )


class _Workbook(TableFile):
    def __init__(self, package: Package, limits: Limits) -> None:
        self._package, self._limits = package, limits
        main = package.main()
        listed = listed_sheets(package, package.xml(main), main)
        self._parts = {sheet.name: sheet.part for sheet in listed if sheet.visible and sheet.kind == "worksheet"}
        if not self._parts:
            raise Unreadable(Code.EMPTY, "工作簿中没有可见的工作表。请取消隐藏含有数据的工作表后重新上传。")
        super().__init__(self._parts)
        self._formats = sheets.Formats(package, package.related(main, "styles"))
        self._strings_parts = [part for part in package.related(main, "sharedStrings") if package.has(part)]
        self._strings: list[str] | None = None
        self._frames: dict[str, sheets.Frame] = {}

    def rows(self, sheet: str) -> Iterator[SourceRow]:
        part, frame = self._parts[sheet], self._frame(sheet)
        merged = _Merged(frame.merges)
        for number, cells in self._numbered(part):
            if number > MOST_ROWS + 100:
                raise too_large("表格行数", f"{MOST_ROWS} 行以上", f"{MOST_ROWS} 行", "请按乡镇拆分后分别上传")
            filled = merged.fill(number, cells)
            if any(cell.text or cell.unsolved for cell in filled):
                yield SourceRow(number, tuple(filled), number in frame.rows)

    def hidden_columns(self, sheet: str) -> frozenset[int]:
        hidden = self._frame(sheet).columns
        return frozenset(index for left, right in hidden for index in range(left - 1, min(right, MOST_COLUMNS)))

    def expected_rows(self, sheet: str) -> int:
        for dimension in sheets.stream(self._package, self._parts[sheet], "dimension", "row"):
            corner = sheets.position(dimension.get("ref", "").rpartition(":")[2]) if "ref" in dimension.attrib else None
            return min(corner[0], MOST_ROWS) if corner else 0
        return 0

    def _numbered(self, part: str) -> Iterator[tuple[int, list[SourceCell]]]:
        """Like `sheets.read_rows`, but errors and formulas without a result (shared ones have no text either) are told from words and blanks."""
        if self._strings is None:
            found = (sheets.shared_strings(self._package, name, self._limits) for name in self._strings_parts)
            self._strings = [tidy(text) for strings in found for text in strings]
        last = 0
        for row in sheets.stream(self._package, part, "row"):
            last = sheets.number(row.get("r"), last + 1)
            cells: list[SourceCell] = []
            for element in row.iterchildren("{*}c"):
                reference = element.get("r")
                place = _column(reference.rstrip("0123456789")) if reference else len(cells)
                if place >= MOST_COLUMNS:
                    break
                if place > len(cells):
                    cells += [EMPTY] * (place - len(cells))
                cells.append(self._cell(element, self._strings))
            yield last, cells

    def _cell(self, element: Any, strings: list[str]) -> SourceCell:
        kind, value, formula = element.get("t"), "", False
        for part in element:
            tag = part.tag
            if tag.endswith("}v"):
                value = part.text or ""
            elif tag.endswith("}f"):
                formula = True
            elif tag.endswith("}is"):
                return SourceCell(tidy(sheets.string(part)))
        if kind == "s":
            index = sheets.number(value, len(strings))
            return SourceCell(strings[index]) if index < len(strings) else EMPTY
        if not value:
            return UNSOLVED if formula else EMPTY
        if kind is None or kind == "n":
            if sheets.number(element.get("s"), 0) in self._formats.dates and (day := sheets.shown_date(value)):
                return SourceCell(day)
            return SourceCell(sheets.shown_figure(value), number=True)
        if kind == "b":
            return SourceCell("是" if value == "1" else "否")
        text = tidy(value)
        return SourceCell(text, error=kind == "e" or _ERROR.fullmatch(text) is not None)

    def _frame(self, sheet: str) -> sheets.Frame:
        if sheet not in self._frames:
            self._frames[sheet] = sheets.read_frame(self._package, self._parts[sheet])
        return self._frames[sheet]


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    """The place of a column, 0 for A."""
    place = sheets.position(f"{letters}1")
    return place[1] - 1 if place else MOST_COLUMNS


class _Merged:
    """Gives each cell of a merged range the value of its first."""

    def __init__(self, merges: dict[tuple[int, int], tuple[int, int]]) -> None:
        self._starting: dict[int, list[tuple[int, int, int]]] = {}
        for (top, left), (bottom, right) in merges.items():
            if left <= MOST_COLUMNS:
                self._starting.setdefault(top, []).append((left - 1, right - 1, bottom))
        self._active: list[tuple[int, int, int, SourceCell]] = []
        self._last = 0

    def fill(self, number: int, cells: list[SourceCell]) -> list[SourceCell]:
        """`cells` of row `number` with the merged ones filled; rows come in order."""
        if not self._starting:
            return cells
        self._active = [one for one in self._active if one[2] >= number]
        for left, right, bottom in self._starting.get(number, ()):
            if left < len(cells) and len(self._active) < MOST_COLUMNS:  # ranges that overlap are no honest file's
                self._active.append((left, min(right, MOST_COLUMNS - 1), bottom, cells[left]))
        for left, right, _, value in self._active:
            cells += [EMPTY] * (left - len(cells))
            right = min(right, max(len(cells) - 1, left))
            cells[left : right + 1] = [value] * (right - left + 1)
        return cells


class _Csv(TableFile):
    def __init__(self, path: Path, limits: Limits) -> None:
        super().__init__([CSV_SHEET])
        self._path, self._limits = path, limits

    def rows(self, sheet: str) -> Iterator[SourceRow]:
        if sheet != CSV_SHEET:
            raise KeyError(sheet)
        text, _ = decode(self._path.read_bytes())
        sample = text[:4096]
        delimiter = max((",", "\t", ";"), key=sample.count)
        csv.field_size_limit(100_000)
        try:
            for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
                if number > MOST_ROWS + 100:
                    raise too_large("表格行数", f"{MOST_ROWS} 行以上", f"{MOST_ROWS} 行", "请按乡镇拆分后分别上传")
                cells = tuple(_csv_cell(cell) for cell in row[:MOST_COLUMNS])
                if any(cell.text for cell in cells):
                    yield SourceRow(number, cells)
        except csv.Error as error:
            raise Unreadable(Code.DAMAGED, "CSV 表格格式不完整，无法读取。请用 WPS/Excel 打开后重新导出。") from error

    def expected_rows(self, sheet: str) -> int:
        with self._path.open("rb") as file:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))


_EXPORTED = re.compile(r'^=?"?([^"]*)"?$')
_POWER = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{2}")


def _csv_cell(text: str) -> SourceCell:
    """`="3416…"` and a leading tick are how exports keep long numbers; 3.41602E+17 is how they lost them."""
    text = tidy(text)
    if text.startswith(('="', "'")):
        match = _EXPORTED.match(text.removeprefix("'"))
        text = match[1] if match else text
    return SourceCell(text, number=_POWER.fullmatch(text) is not None, error=_ERROR.fullmatch(text) is not None)
