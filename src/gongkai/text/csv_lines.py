"""Lines of CSV tables for spreadsheet programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

BYTE_ORDER_MARK = "\ufeff"
"""Stands first in the file; without it spreadsheet programs take Chinese text for something else."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """`text` so that no spreadsheet program takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def line(cells: Iterable[object]) -> str:
    """One line of a CSV table. A cell that a spreadsheet program would take for a formula is made plain text."""
    buffer = io.StringIO()
    csv.writer(buffer).writerow([harmless("" if cell is None else str(cell)) for cell in cells])
    return buffer.getvalue()
