"""The cells and rows of a table file, whatever it was read from; without the readers, which bring large libraries with them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["EMPTY", "UNSOLVED", "SourceCell", "SourceRow", "column_letters"]


@dataclass(frozen=True, slots=True)
class SourceCell:
    """One cell: what it shows, and what is the matter with it."""

    text: str
    number: bool = False
    """Kept as a number: digits after the fifteenth are lost."""
    error: bool = False
    """An error of a formula (#REF!)."""
    unsolved: bool = False
    """A formula that was saved without its result."""


EMPTY = SourceCell("")
UNSOLVED = SourceCell("", unsolved=True)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row with content; `number` as the spreadsheet counts it, from 1; cells from column A on."""

    number: int
    cells: tuple[SourceCell, ...]
    hidden: bool = False

    def cell(self, index: int) -> SourceCell:
        """The cell in column `index` (0 is A); an empty one where the row ends before."""
        return self.cells[index] if index < len(self.cells) else EMPTY

    def text(self, index: int) -> str:
        """What the cell in column `index` (0 is A) shows."""
        return self.cell(index).text


def column_letters(column: int) -> str:
    """The letters of a column: 28 is AB."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
