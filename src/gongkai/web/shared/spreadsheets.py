"""Tables for spreadsheet programs: CSV one line at a time, so that a table of any length is sent in constant memory; small workbooks whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from gongkai.text.csv_lines import BYTE_ORDER_MARK, FORMULA_STARTS, harmless, line

__all__ = ["BYTE_ORDER_MARK", "FORMULA_STARTS", "line", "workbook"]


def workbook(target: BinaryIO, sheets: Iterable[tuple[str, Iterable[Sequence[str]]]]) -> None:
    """Write sheets of text, as (title, rows), with the first row as head; every cell is text, none a formula or a number."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    made = Workbook(write_only=True)
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        sheet.freeze_panes = "A2"
        for number, row in enumerate(rows):
            cells = []
            for text in row:
                cell = WriteOnlyCell(sheet, value=_plain(text))
                cell.data_type = "s"
                if number == 0:
                    cell.font = Font(bold=True)
                cells.append(cell)
            sheet.append(cells)
    made.save(target)


def _plain(text: str) -> str:
    """Without control characters, which no workbook can hold, and no formula when it is saved as CSV again."""
    return harmless("".join(char for char in text if char >= " " or char in "\t\n"))
