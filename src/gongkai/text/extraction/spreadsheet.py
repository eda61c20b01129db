"""Lists in xlsx and CSV: their rows, and the table in them with its header found below title lines."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from lxml import etree

from gongkai.text.extraction.contract import Code, Extracted, Unreadable
from gongkai.text.extraction.limits import DEFAULT, Limits, check_text_length, too_large
from gongkai.text.extraction.markup import table_to_html, tidy
from gongkai.text.extraction.plain import decode
from gongkai.text.extraction.sniff import Kind, sniff
from gongkai.text.extraction.zips import BROKEN, refuse_dtds

_HEADER_SEARCH = 30
_HEADER_CELL = 40
_MERGES = 50_000
_NUMBER = re.compile(r"^[-+]?[\d,，]+(?:\.\d+)?%?$|^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s.*)?$")
_RANGE = re.compile(r"^([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})$")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass(frozen=True, slots=True)
class _Range:
    """A merged range; columns and rows count from 1."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Table:
    """A list: column names, and rows of as many cells. `title` is what stands above the header."""

    headers: tuple[str, ...]
    rows: list[list[str]]
    title: str = ""


def rows(path: Path, limits: Limits = DEFAULT) -> Iterator[list[str]]:
    """The rows of a CSV file or of the first visible sheet with content; blank rows are left out.

    Merged cells carry their value in each cell they cover. Dates read YYYY-MM-DD, whole numbers have no ".0".
    Raises `Unreadable`.
    """
    kind = sniff(path, limits)
    if kind is Kind.CSV or kind is Kind.TEXT:
        yield from _csv_rows(path, limits)
    elif kind is Kind.XLSX:
        for _, found in _sheets(path, limits, fill=True):
            first = next(found, None)
            if first is not None:
                yield first
                yield from found
                return
    else:
        raise Unreadable(
            Code.UNSUPPORTED, f"清单应为 xlsx 或 CSV 文件，这是{kind.label}。请另存为 xlsx 或 CSV 后重新提交。"
        )


def read_table(path: Path, limits: Limits = DEFAULT) -> Table:
    """The list in a file. Raises `Unreadable` (empty) when no header row can be recognised."""
    found = rows(path, limits)
    head = list(islice(found, _HEADER_SEARCH))
    start, depth = _find_header(head)
    if start is None:
        message = "表格中没有找到表头。请把列名（如“标题”“文号”“发布日期”）放在数据上方的一行后重新提交。"
        raise Unreadable(Code.EMPTY, message)
    headers = _headers(head[start : start + depth])
    title = next((cell for row in head[:start] for cell in row if cell), "")
    body = [_fit(row, len(headers)) for row in [*head[start + depth :], *found] if any(row)]
    return Table(headers, body, title)


def extract_spreadsheet(path: Path, limits: Limits) -> Extracted:
    """All visible sheets as tables, one row a line. Raises `Unreadable`: damaged, huge, unsafe."""
    kind = sniff(path, limits)
    sheets = iter([("", _csv_rows(path, limits))]) if kind is Kind.CSV else _sheets(path, limits, fill=False)
    lines: list[str] = []
    html: list[str] = []
    length = 0
    for name, found in sheets:
        kept = []
        for row in found:
            line = "\t".join(row).rstrip("\t")
            length += len(line)
            if length > limits.text_length:
                check_text_length(" " * length, limits)
            lines.append(line)
            kept.append(row)
        if kept:
            html.append((f"<h2>{_escape(name)}</h2>" if name else "") + table_to_html(kept))
    first = lines[0] if lines else ""
    return Extracted(
        kind=kind.value,
        text="\n".join(lines),
        html="\n".join(html),
        title=first if "\t" not in first and len(first) <= 100 else "",
    )


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _csv_rows(path: Path, limits: Limits) -> Iterator[list[str]]:
    text, _ = decode(path.read_bytes())
    csv.field_size_limit(min(limits.text_length, 2**31 - 1))
    sample = text[:4096]
    delimiter = max((",", "\t", ";"), key=sample.count)
    try:
        for index, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
            if index >= limits.spreadsheet_rows:
                raise _too_many_rows(limits)
            cells = [tidy(cell) for cell in row]
            if any(cells):
                yield cells
    except csv.Error as error:
        raise Unreadable(Code.DAMAGED, "CSV 表格格式不完整，无法读取。请用 WPS/Excel 打开后重新导出。") from error


def _sheets(path: Path, limits: Limits, *, fill: bool) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """Name and rows of each visible sheet, to be read in turn; the name only when there are several sheets.

    With `fill`, a merged cell carries its value in each cell it covers.
    """
    import openpyxl  # a large library; most processes never read a spreadsheet

    with _refusing_damage(), zipfile.ZipFile(path) as archive:
        refuse_dtds(archive, "Excel 表格")
        with closing(openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)) as book:
            visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            for sheet in visible:
                merged = _merged_ranges(archive, sheet) if fill else []
                yield sheet.title if len(visible) > 1 else "", _sheet_rows(sheet, merged, limits)


@contextmanager
def _refusing_damage() -> Iterator[None]:
    try:
        yield
    except (*BROKEN, etree.XMLSyntaxError, SyntaxError, AttributeError, TypeError) as error:
        message = "Excel 表格已损坏，无法打开。请用 WPS/Excel 打开修复，另存为 xlsx 后重新提交。"
        raise Unreadable(Code.DAMAGED, message) from error


def _sheet_rows(sheet: Any, merged: list[_Range], limits: Limits) -> Iterator[list[str]]:
    """The rows with content, up to a long run of blank ones: formatting often goes on to the last possible row."""
    starting: dict[int, list[_Range]] = {}
    for found in merged:
        starting.setdefault(found.top, []).append(found)
    active: list[tuple[_Range, str]] = []
    blank = 0
    sheet.reset_dimensions()  # the size a sheet declares may be wrong
    for number, values in enumerate(_streamed(sheet), start=1):
        if number > limits.spreadsheet_rows:
            raise _too_many_rows(limits)
        cells = [_cell(value) for value in values]
        active = [pair for pair in active if pair[0].bottom >= number]
        active += [(new, cells[new.left - 1]) for new in starting.get(number, []) if new.left <= len(cells)]
        for covered, value in active:
            cells += [""] * (covered.left - len(cells))
            right = min(covered.right, max(len(cells), covered.left))
            cells[covered.left - 1 : right] = [value] * (right - covered.left + 1)
        if any(cells):
            blank = 0
            yield cells
        elif (blank := blank + 1) > limits.blank_rows:
            return


def _streamed(sheet: Any) -> Iterator[tuple[object, ...]]:
    with _refusing_damage():
        yield from sheet.iter_rows(values_only=True)


def _too_many_rows(limits: Limits) -> Unreadable:
    return too_large("表格行数", f"{limits.spreadsheet_rows} 行以上", f"{limits.spreadsheet_rows} 行")


def _cell(value: object) -> str:
    """A cell as people see it."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case datetime():
            return value.strftime("%Y-%m-%d" if value.time() == time(0) else "%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case _:
            return tidy(str(value))


def _merged_ranges(archive: zipfile.ZipFile, sheet: Any) -> list[_Range]:
    """The merged ranges of a sheet, which openpyxl leaves out when it streams."""
    ranges: list[_Range] = []
    with archive.open(sheet._worksheet_path.lstrip("/")) as part:
        tags = (_MAIN + "mergeCell", _MAIN + "row")
        for _, element in etree.iterparse(part, tag=tags, no_network=True, resolve_entities=False):
            place = _RANGE.match(element.get("ref") or "") if element.tag == tags[0] else None
            if place and len(ranges) < _MERGES:
                left, top, right, bottom = place.groups()
                ranges.append(_Range(_column(left), int(top), _column(right), int(bottom)))
            # Rows were read already or will be; keeping a million of them in memory here would be waste.
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return ranges


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _find_header(head: list[list[str]]) -> tuple[int | None, int]:
    """Where the header is in the first rows, and how many rows it takes (2 when merged cells group the columns)."""
    width = max((len(set(filter(None, row))) for row in head), default=0)
    for index, row in enumerate(head):
        # A merged title fills its row with one value; a header has many different short words.
        names = [cell for cell in row if cell]
        if len(set(names)) < max(1, 0.5 * width) or (width > 1 and len(set(names)) < 2):
            continue
        if any(len(cell) > _HEADER_CELL or _NUMBER.match(cell) for cell in names):
            continue
        following = head[index + 1] if index + 1 < len(head) else []
        if _is_grouped(row, following):
            return index, 2
        return index, 1
    return None, 1


def _is_grouped(row: list[str], following: list[str]) -> bool:
    """Whether `row` names groups of columns and `following` the columns: single columns go on empty or merged."""
    if any(_NUMBER.match(cell) for cell in following if cell):
        return False
    below = _fit(following, len(row))
    groups = {name for name in row if name and row.count(name) > 1}
    split = any(name in groups and cell and cell != name for name, cell in zip(row, below, strict=True))
    return split and all(name in groups or cell in ("", name) for name, cell in zip(row, below, strict=True))


def _headers(rows_of_names: list[list[str]]) -> tuple[str, ...]:
    """Column names: group and column joined ("金额" over "中央" gives "金额-中央"), empty and double ones numbered."""
    names: list[str] = []
    for column in range(max(map(len, rows_of_names))):
        parts = list(dict.fromkeys(row[column] for row in rows_of_names if column < len(row) and row[column]))
        name = "-".join(parts) or f"第{column + 1}列"
        copies = sum(known == name or known.startswith(f"{name}（") for known in names)
        names.append(f"{name}（{copies + 1}）" if copies else name)
    return tuple(names)


def _fit(row: list[str], width: int) -> list[str]:
    return row[:width] + [""] * (width - len(row))
