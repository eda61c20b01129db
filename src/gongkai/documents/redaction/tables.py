"""Tables on a page, told by where the characters stand, so that the head of a column can say what is in it.

Files do not say what a table is. Characters that follow each other make a cell, cells beside each other a row; rows that follow each
other make a table, its columns those of the row with the most cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.documents.redaction.model import Character, PageSize, Rect, around
from gongkai.text.checks.material import Cell, Grid, Material

_GAP = 0.8
"""Blank between two cells, in heights of the line; between words it is a quarter."""
_LEVEL = 0.35
"""Heights by which characters of one line may stand higher or lower."""
_LEADING = 0.5
"""Blank between two lines of one cell, in heights of the line; between two cells it is more."""
_SECTION = "正文"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A cell before the columns are known: places of its characters, and where it stands."""

    places: tuple[int, ...]
    box: Rect


def tabulated(page: PageSize, characters: Sequence[Character]) -> tuple[Material, list[int]]:
    """The tables of a page as material for the checks, and the place in `characters` of each character of its text (-1: none)."""
    grids: list[Grid] = []
    text: list[str] = []
    origin: list[int] = []
    for rows in _tables(_rows(_pieces(page, characters))):
        columns = max(rows, key=len)
        cells = []
        for row in rows:
            placed = _in_columns(row, columns)
            cells.append(tuple(_write(characters, placed.get(at), text, origin) for at in range(len(columns))))
        grids.append(Grid(_SECTION, tuple(cells)))
    return Material("".join(text), (), tuple(grids)), origin


def _write(characters: Sequence[Character], piece: _Piece | None, text: list[str], origin: list[int]) -> Cell:
    start = len(text)
    for place in piece.places if piece else ():
        for char in characters[place].text:
            text.append(char)
            origin.append(place)
    end = len(text)
    text.append("\n")
    origin.append(-1)
    return Cell(start, end)


def _pieces(page: PageSize, characters: Sequence[Character]) -> list[_Piece]:
    """Cells in the order of the file: characters that follow each other, on one line or on a line right below (a wrapped cell)."""
    pieces: list[list[int]] = []
    box = Rect(0, 0, 0, 0)
    for place, one in enumerate(characters):
        if one.is_blank:
            continue
        if pieces and _goes_on(page, characters[pieces[-1][-1]], one, box):
            pieces[-1].append(place)
            box = around([box, one.frame])
        else:
            pieces.append([place])
            box = one.frame
    return [_Piece(tuple(piece), around([characters[place].frame for place in piece])) for piece in pieces]


def _goes_on(page: PageSize, last: Character, one: Character, box: Rect) -> bool:
    """Whether a character belongs to the cell of the one before it, whose cell so far is `box`."""
    height = min(last.frame.height, one.frame.height)
    across = one.frame.x0 - last.frame.x1
    if abs(one.frame.middle[1] - last.frame.middle[1]) < _LEVEL * height:
        return -_GAP * height * page.height < across * page.width < _GAP * height * page.height
    below = one.frame.y0 - last.frame.y1
    return -0.5 * height < below < _LEADING * height and box.x0 <= one.frame.middle[0] <= box.x1


def _rows(pieces: list[_Piece]) -> list[list[_Piece]]:
    """Cells that stand beside each other, each row from left to right, the rows from top to bottom."""
    rows: list[list[_Piece]] = []
    box = Rect(0, 0, 0, 0)
    for piece in sorted(pieces, key=lambda one: one.box.middle[1]):
        shared = min(box.y1, piece.box.y1) - max(box.y0, piece.box.y0)
        if rows and shared >= 0.5 * min(box.height, piece.box.height):
            rows[-1].append(piece)
            box = around([box, piece.box])
        else:
            rows.append([piece])
            box = piece.box
    return [sorted(row, key=lambda one: one.box.x0) for row in rows]


def _tables(rows: list[list[_Piece]]) -> list[list[list[_Piece]]]:
    """Stretches of at least two rows with several cells; a row of one cell in between (a wrapped line) is passed over."""
    tables: list[list[list[_Piece]]] = [[]]
    single = 0
    for row in rows:
        if len(row) > 1:
            tables[-1].append(row)
            single = 0
        elif (single := single + 1) > 2 and tables[-1]:
            tables.append([])
    return [table for table in tables if len(table) > 1]


def _in_columns(row: list[_Piece], columns: list[_Piece]) -> dict[int, _Piece]:
    """Each cell in the column it overlaps most, else the nearest; what shares a column is put together."""
    placed: dict[int, _Piece] = {}
    for piece in row:
        middle = piece.box.middle[0]

        def nearness(at: int, box: Rect = piece.box, middle: float = middle) -> tuple[float, float]:
            column = columns[at].box
            return min(box.x1, column.x1) - max(box.x0, column.x0), -abs(column.middle[0] - middle)

        best = max(range(len(columns)), key=nearness)
        known = placed.get(best)
        places = (*known.places, *piece.places) if known else piece.places
        placed[best] = _Piece(places, around([known.box, piece.box]) if known else piece.box)
    return placed
