"""The cells of a worksheet, streamed: what they show, and whether a reader sees them (ISO/IEC 29500-1, 18.3.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lxml import etree

from gongkai.text.extraction.limits import Limits, too_large
from gongkai.text.inspection.package import Package, local
from gongkai.text.tables.cells import column_letters

_REFERENCE = re.compile(r"^\$?([A-Z]{1,3})\$?(\d{1,7})$")
_NOT_SHOWN = re.compile(r"^;;;+$")
FETCHING = re.compile(r"\[\d+\]|\[[^\]\[]+\.xl\w+\]|WEBSERVICE\s*\(|RTD\s*\(|file:|[A-Za-z]:\\|\\\\|\|'", re.IGNORECASE)
"""Formulas that reach outside the workbook."""
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell with content; rows and columns count from 1."""

    row: int
    column: int
    text: str
    number: bool
    hidden: bool
    formula: str = ""

    @property
    def address(self) -> str:
        """B3."""
        return f"{column_letters(self.column)}{self.row}"


@dataclass(slots=True)
class Frame:
    """What stands around the cells of a sheet: hidden rows and columns, merges, and words outside cells."""

    columns: list[tuple[int, int]] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)
    merges: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    """Cell, relationship id, address written in place."""

    def is_hidden(self, row: int, column: int) -> bool:
        """Whether a cell is out of sight; a merged cell is in sight while any part of it is."""
        bottom, right = self.merges.get((row, column), (row, column))
        if row in self.rows and all(r in self.rows for r in range(row, bottom + 1)):
            return True
        return any(left <= column and right <= last for left, last in self.columns)


class Formats:
    """Which cell styles show a date and which show nothing (`;;;`)."""

    def __init__(self, package: Package, parts: list[str]) -> None:
        from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format  # a large library, rarely needed

        self.dates: set[int] = set()
        self.blank: set[int] = set()
        for part in filter(package.has, parts):
            root = package.xml(part)
            codes = dict(BUILTIN_FORMATS)
            for own in root.iter("{*}numFmt"):
                if own.get("numFmtId", "").isdigit():
                    codes[int(own.get("numFmtId"))] = own.get("formatCode", "")
            for cells in root.iter("{*}cellXfs"):
                for index, style in enumerate(cells.iter("{*}xf")):
                    code = codes.get(number(style.get("numFmtId"), 0), "General")
                    if _NOT_SHOWN.match(code):
                        self.blank.add(index)
                    elif is_date_format(code):
                        self.dates.add(index)


def shared_strings(package: Package, part: str, limits: Limits) -> list[str]:
    """The strings that cells refer to by number; readings of characters (furigana) left out."""
    strings: list[str] = []
    length = 0
    for item in stream(package, part, "si"):
        strings.append(string(item))
        length += len(strings[-1])
        if length > limits.text_length:
            raise too_large("表格文字", f"{limits.text_length} 字以上", f"{limits.text_length} 字")
    return strings


def string(item: Any) -> str:
    """The words of a rich string (si, is)."""
    return "".join(t.text or "" for t in item.iter("{*}t") if local(t.getparent()) != "rPh")


def read_frame(package: Package, part: str) -> Frame:
    """Everything of a sheet but its cells."""
    frame = Frame()
    wanted = (
        "col",
        "row",
        "mergeCell",
        "hyperlink",
        "dataValidation",
        "headerFooter",
        "cfRule",
        "filterColumn",
        "scenario",
        "protectedRange",
    )
    for element in stream(package, part, *wanted):
        name = local(element)
        if name == "row":
            if out_of_sight(element, "ht"):
                frame.rows.add(number(element.get("r"), 0))
        elif name == "col":
            if out_of_sight(element, "width"):
                frame.columns.append((number(element.get("min"), 1), number(element.get("max"), 1)))
        elif name == "mergeCell":
            corners = [position(corner) for corner in element.get("ref", "").split(":")]
            if len(corners) == 2 and corners[0] and corners[1]:
                frame.merges[corners[0]] = corners[1]
        elif name == "hyperlink":
            identifier = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
            frame.links.append((element.get("ref", ""), identifier, element.get("location", "")))
            frame.words.append(element.get("tooltip", ""))
        elif name == "headerFooter":
            frame.printed += [text for text in element.itertext() if text.strip()]
        elif name in ("scenario", "protectedRange"):
            frame.words += [
                v for e in element.iter() for k, v in e.attrib.items() if k in ("name", "user", "comment", "val")
            ]
        else:
            values = [element.get(key, "") for key in ("promptTitle", "prompt", "errorTitle", "error", "text")]
            lists = [quoted for text in element.itertext() for quoted in _QUOTED.findall(text)]
            frame.words += [*values, *lists, *(f.get("val", "") for f in element.iter("{*}filter"))]
    frame.words = list(dict.fromkeys(filter(None, frame.words)))
    frame.columns = _joined(frame.columns)
    return frame


def _joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for left, right in sorted(ranges):
        if joined and left <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(right, joined[-1][1]))
        else:
            joined.append((left, right))
    return joined


def out_of_sight(element: Any, size: str) -> bool:
    """Whether a row or column is hidden, or so flat that nothing of it is seen."""
    if element.get("hidden") in ("1", "true"):
        return True
    given = element.get(size)
    try:
        return given is not None and float(given) < 0.3
    except ValueError:
        return False


def read_rows(
    package: Package, part: str, frame: Frame, strings: list[str], formats: Formats, used: set[int]
) -> Iterator[list[SheetCell]]:
    """The rows with content, in order; numbers of shared strings that cells refer to are put into `used`."""
    last_row = 0
    for row in stream(package, part, "row"):
        last_row = number(row.get("r"), last_row + 1)
        cells: list[SheetCell] = []
        last_column = 0
        for element in row:
            if local(element) != "c":
                continue
            place = position(element.get("r", ""))
            last_column = place[1] if place else last_column + 1
            text, is_number, formula = _content(element, strings, formats, used)
            if text or formula:
                hidden = frame.is_hidden(last_row, last_column) or number(element.get("s"), 0) in formats.blank
                cells.append(SheetCell(last_row, last_column, text, is_number, hidden, formula))
        if cells:
            yield cells


def _content(element: Any, strings: list[str], formats: Formats, used: set[int]) -> tuple[str, bool, str]:
    """What a cell shows, whether it is stored as a number, and its formula."""
    kind, value, formula, inline = element.get("t", "n"), "", "", None
    for part in element:
        name = local(part)
        if name == "v":
            value = part.text or ""
        elif name == "f":
            formula = part.text or ""
        elif name == "is":
            inline = part
    if inline is not None:
        return string(inline), False, formula
    if kind == "s":
        index = number(value, -1)
        used.add(index)
        return (strings[index] if 0 <= index < len(strings) else ""), False, formula
    if kind == "b":
        return {"1": "是", "0": "否"}.get(value, value), False, formula
    if kind != "n" or not value:
        return value, False, formula
    if number(element.get("s"), 0) in formats.dates and (moment := shown_date(value)):
        return moment, False, formula
    return shown_figure(value), True, formula


def shown_date(value: str) -> str:
    """The day (and time) that a number of days stands for; empty when there is none."""
    from openpyxl.utils.datetime import from_excel

    try:
        moment = from_excel(float(value))
    except (ValueError, OverflowError):
        return ""
    if not isinstance(moment, datetime):
        return str(moment)
    return moment.strftime("%Y-%m-%d %H:%M" if moment.hour or moment.minute else "%Y-%m-%d")


def shown_figure(value: str) -> str:
    """A number with all its digits: 1.10105190001010000E17 is an identity number somebody typed."""
    try:
        figure = float(value)
    except ValueError:
        return value
    if abs(figure) < 1e21 and figure.is_integer():
        return value if value.lstrip("-").isdigit() else f"{figure:.0f}"
    return value if "E" not in value.upper() else repr(figure)


def stream(package: Package, part: str, *names: str) -> Iterator[Any]:
    """The elements of a part with these local names, one at a time, each forgotten after its turn."""
    with package.open(part) as source:
        tags = tuple("{*}" + name for name in names)
        options: dict[str, Any] = {"no_network": True, "resolve_entities": False, "load_dtd": False, "huge_tree": True}
        for _, element in etree.iterparse(source, tag=tags, **options):
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def position(reference: str) -> tuple[int, int] | None:
    """Row and column of B3, or None."""
    found = _REFERENCE.match(reference)
    if not found:
        return None
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - 64
    return int(found.group(2)), column


def number(text: str | None, otherwise: int) -> int:
    """A whole number, or `otherwise`."""
    return int(text) if text and text.isascii() and text.isdigit() else otherwise
