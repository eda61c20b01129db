"""The rows of a worksheet on their way into the public copy, one at a time: a large sheet as a tree takes gigabytes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from lxml import etree

from gongkai.text.extraction.limits import MEGABYTE, in_megabytes, too_large
from gongkai.text.inspection import sheets
from gongkai.text.inspection.package import Package, local
from gongkai.text.inspection.strip_package import ROWS

_LARGEST = 256 * MEGABYTE


def skeleton(package: Package, part: str) -> Any:
    """The tree of a sheet without its rows; where they were stands the mark `ROWS`. Raises `Unreadable` (huge)."""
    size = package.size(part)
    if size > _LARGEST:
        raise too_large("工作表", in_megabytes(size), in_megabytes(_LARGEST))
    options: dict[str, Any] = {"no_network": True, "resolve_entities": False, "load_dtd": False, "huge_tree": True}
    with package.open(part) as source:
        parsed = etree.iterparse(source, tag="{*}row", **options)
        for _, row in parsed:
            row.clear()
            while row.getprevious() is not None:
                del row.getparent()[0]
        root: Any = parsed.root
    for data in list(root.iter("{*}sheetData")):
        for row in list(data):
            data.remove(row)
        data.text = ROWS
    return root


def cells(package: Package, part: str) -> Iterator[tuple[int, int, Any]]:
    """Row, column and element of each cell; both count from 1, and may be left to the reader to count."""
    number = 0
    for row in sheets.stream(package, part, "row"):
        number = sheets.number(row.get("r"), number + 1)
        yield from row_cells(row, number)


def row_cells(row: Any, number: int) -> Iterator[tuple[int, int, Any]]:
    """The cells of one row."""
    column = 0
    for cell in row:
        if local(cell) == "c":
            place = sheets.position(cell.get("r", ""))
            column = place[1] if place else column + 1
            yield number, column, cell


class RowWriter:
    """Collects rows as they stand in the part, without the namespaces that the root declares already."""

    def __init__(self) -> None:
        self._buffer = io.BytesIO()
        self._known: list[bytes] | None = None

    def add(self, row: Any) -> None:
        """Write one row, as edited."""
        if self._known is None:
            names = row.getparent().nsmap.items()
            self._known = [f' xmlns{f":{prefix}" if prefix else ""}="{uri}"'.encode() for prefix, uri in names]
        data: bytes = etree.tostring(row, encoding="UTF-8", with_tail=False)
        data = data[data.index(b"?>\n") + 3 :] if data.startswith(b"<?xml") else data
        end = data.index(b">")
        head = data[:end]
        for declaration in self._known:
            head = head.replace(declaration, b"", 1)
        self._buffer.write(head + data[end:])

    def data(self) -> bytes:
        """All rows."""
        return self._buffer.getvalue()
