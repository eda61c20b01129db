"""The masked table as CSV and as a workbook: made once, when the table is made, and kept; a table never changes.

Made anew where they are missing (another storage, a restored database): in constant memory, row by row.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage

from gongkai.tables.models import PublicTable, TableRow
from gongkai.text.csv_lines import BYTE_ORDER_MARK, harmless, line

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FOLDER = "tables"
STEP = 2000
Rows = Iterable[Sequence[str]]


def storage_name(table: PublicTable, extension: str) -> str:
    """Where the file is kept."""
    return f"{FOLDER}/{table.pk}-{table.digest[:24]}.{extension}"


def table_of(name: str) -> int:
    """The id of the table a file belongs to; 0 for a file of another make."""
    number = name.removeprefix(f"{FOLDER}/").partition("-")[0]
    return int(number) if number.isdecimal() else 0


def storage_names(table: PublicTable) -> list[str]:
    """Where all its files are kept."""
    return [storage_name(table, extension) for extension in MEDIA_TYPES]


def opened(table: PublicTable, extension: str) -> File[bytes]:
    """The file of a table, made when it is not there. Raises `KeyError` for a format there is none of."""
    _ = MEDIA_TYPES[extension]
    name = storage_name(table, extension)
    if not default_storage.exists(name):
        make(table, lambda: _stored_rows(table.pk), [extension])
    return default_storage.open(name, "rb")


def sizes(table: PublicTable) -> dict[str, int]:
    """Bytes of each file that is there."""
    found = {}
    for extension in MEDIA_TYPES:
        with suppress(FileNotFoundError):
            found[extension] = default_storage.size(storage_name(table, extension))
    return found


def make(table: PublicTable, rows: Callable[[], Rows], extensions: Iterable[str] = tuple(MEDIA_TYPES)) -> None:
    """Make and keep the files; `rows` gives all rows in order each time it is called."""
    writers = {"csv": _write_csv, "xlsx": _write_workbook}
    with tempfile.TemporaryDirectory(prefix="gongkai-upload-") as directory:
        for extension in extensions:
            path = Path(directory) / f"table.{extension}"
            writers[extension](table, rows(), path)
            name = storage_name(table, extension)
            with path.open("rb") as source:
                kept_as = default_storage.save(name, File(source))
            if kept_as != name:
                default_storage.delete(kept_as)  # somebody else made it at the same moment


def remove(names: Iterable[str]) -> None:
    """Remove the files of a table that is no more, by `storage_names`."""
    for name in names:
        with suppress(FileNotFoundError):
            default_storage.delete(name)


def _stored_rows(table_id: int) -> Iterator[Sequence[str]]:
    rows = TableRow.objects.filter(table_id=table_id).order_by("position").values_list("cells", flat=True)
    yield from rows.iterator(chunk_size=STEP)


def headings(table: PublicTable) -> list[str]:
    """The heads of the columns, the running number first."""
    return ["序号", *(f"{c['label']}（{c['unit']}）" if c["unit"] else c["label"] for c in table.columns)]


def total_cells(table: PublicTable) -> list[str]:
    """The last line: the sums below their columns."""
    return ["合计", *(table.totals.get(column["code"], "") for column in table.columns)]


def _write_csv(table: PublicTable, rows: Rows, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(BYTE_ORDER_MARK + line(headings(table)))
        for position, cells in enumerate(rows, start=1):
            file.write(line([position, *cells]))
        if table.totals:
            file.write(line(total_cells(table)))


def _write_workbook(table: PublicTable, rows: Rows, path: Path) -> None:
    from openpyxl import Workbook  # a large library; most processes never write a workbook

    figures = [column["type"] in ("amount", "area", "count") for column in table.columns]
    book = Workbook(write_only=True)
    sheet = book.create_sheet("公开表")
    sheet.freeze_panes = "A2"
    for index, column in enumerate([{"type": "serial"}, *table.columns]):
        sheet.column_dimensions[chr(65 + index) if index < 26 else "Z"].width = _WIDTHS.get(column["type"], 16)
    sheet.append(headings(table))
    for position, cells in enumerate(rows, start=1):
        sheet.append([position, *map(_workbook_cell, cells, figures)])
    if table.totals:
        sheet.append(["合计", *map(_workbook_cell, total_cells(table)[1:], figures)])
    book.properties.creator = ""
    book.save(path)


_WIDTHS = {"serial": 8, "identity": 22, "account": 24, "item": 24, "amount": 14, "area": 12, "count": 10, "name": 12}


def _workbook_cell(text: str, figure: bool) -> Any:
    if figure and text:
        with suppress(InvalidOperation):
            return Decimal(text.replace(",", ""))
    return harmless(text)
