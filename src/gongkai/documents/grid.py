"""Tables: from HTML cells with spans to a full grid, and how that grid fits on paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from gongkai.documents import measures
from gongkai.documents.characters import width
from gongkai.documents.model import Align, Cell, Runs, Table, runs_text

MAX_COLUMNS = 60
MAX_HEADER_ROWS = 6
_SHORT = 10.0
"""Up to this width (em) a column is centred; wider ones read better from the left."""

_TOKEN = re.compile(r"[!-~]+")
LONGEST_TOKEN = 12
"""Latin letters or digits in a row that a cell keeps on one line; longer ones may be broken."""


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell as HTML states it, its place not yet known."""

    paragraphs: tuple[Runs, ...]
    header: bool = False
    colspan: int = 1
    rowspan: int = 1
    align: Align | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """How a table is set: type size and column widths in points, on a landscape page or not, alignment per column."""

    size: float
    landscape: bool
    widths: tuple[float, ...]
    aligns: tuple[Align, ...]


def make_table(rows: Sequence[Sequence[RawCell]], caption: str = "") -> Table | None:
    """Place the cells as HTML does, cutting spans that leave the table and filling holes; None without any cell."""
    cells: list[Cell] = []
    taken: set[tuple[int, int]] = set()
    for row, raw_cells in enumerate(rows):
        column = 0
        for raw in raw_cells:
            while (row, column) in taken:
                column += 1
            if column >= MAX_COLUMNS:
                raw_text = tuple(paragraph for paragraph in raw.paragraphs if paragraph)
                cells[-1] = replace(cells[-1], paragraphs=cells[-1].paragraphs + raw_text)
                continue
            colspan = _free_columns(taken, row, column, min(raw.colspan, MAX_COLUMNS - column))
            rowspan = max(1, min(raw.rowspan or len(rows), len(rows) - row))
            cells.append(Cell(row, column, rowspan, colspan, raw.paragraphs, raw.header, raw.align))
            taken.update((row + down, column + right) for down in range(rowspan) for right in range(colspan))
    if not cells:
        return None
    columns = max(column for _, column in taken) + 1
    holes = ((row, column) for row in range(len(rows)) for column in range(columns) if (row, column) not in taken)
    cells += [Cell(row, column, 1, 1, ()) for row, column in holes]
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return _with_header(Table(len(rows), columns, 0, tuple(cells), caption))


def _free_columns(taken: set[tuple[int, int]], row: int, column: int, wanted: int) -> int:
    span = 1
    while span < wanted and (row, column + span) not in taken:
        span += 1
    return span


def _with_header(table: Table) -> Table:
    """Find the rows to repeat: leading rows of ``th``, or, as Word never pastes ``th``, a first row of short labels."""
    by_row: dict[int, list[Cell]] = {}
    for cell in table.cells:
        by_row.setdefault(cell.row, []).append(cell)
    count = 0
    while count < table.rows and all(cell.header for cell in by_row.get(count, ())):
        count += 1
    if not any(cell.header for cell in table.cells) and table.rows >= 3 and table.columns >= 2:
        labels = by_row.get(0, [])
        count = int(bool(labels) and all(0 < width(cell_text(cell)) <= 20 for cell in labels))
    # A header that is the whole table repeats nothing; one cut through by a row span is taken as far as the span goes.
    reach = max((cell.row + cell.rowspan for cell in table.cells if cell.row < count), default=0)
    while reach > count:
        count, reach = reach, max(cell.row + cell.rowspan for cell in table.cells if cell.row < reach)
    if count >= table.rows or count > MAX_HEADER_ROWS:
        count = 0
    cells = tuple(replace(cell, header=cell.header or cell.row < count) for cell in table.cells)
    return replace(table, header_rows=count, cells=cells)


def cell_text(cell: Cell) -> str:
    """Plain text of a cell, a line for each paragraph."""
    return "\n".join(runs_text(runs) for runs in cell.paragraphs)


def _token_width(text: str) -> float:
    return max((width(token) for token in _TOKEN.findall(text) if len(token) <= LONGEST_TOKEN), default=0.0)


def _demands(table: Table) -> tuple[list[float], list[float]]:
    """For each column its longest line and the width (em) below which it becomes hard to read."""
    longest = [2.0] * table.columns
    token = [2.0] * table.columns
    for cell in table.cells:
        if cell.colspan == 1:
            for line in cell_text(cell).split("\n"):
                longest[cell.column] = max(longest[cell.column], width(line))
                token[cell.column] = max(token[cell.column], _token_width(line))
    comfortable = [max(least, min(line, 6.0)) for line, least in zip(longest, token, strict=True)]
    return longest, comfortable


def fit(table: Table) -> Fit:
    """Choose the largest type the columns can bear, turning the page only when small type upright is not enough."""
    longest, comfortable = _demands(table)
    sizes = [(size, turned) for size, turned in measures.TABLE_SIZES if turned or not table.landscape]
    size, landscape = sizes[-1]
    for size, landscape in sizes:
        if sum(comfortable) <= _room(table.columns, size, landscape):
            break
    room = _room(table.columns, size, landscape)
    if sum(comfortable) > room:
        shares = [room * wanted / sum(comfortable) for wanted in comfortable]
    else:
        shares = _spread(comfortable, longest, room)
    widths = tuple(round((share + measures.CELL_PADDING * 2) * size, 2) for share in shares)
    aligns = tuple(Align.CENTER if line <= _SHORT else Align.START for line in longest)
    return Fit(size, landscape, widths, aligns)


def is_tall(cell: Cell, chosen: Fit) -> bool:
    """Whether a cell is so tall that its row has to be let run over a page; all other rows are kept whole."""
    span = slice(cell.column, cell.column + cell.colspan)
    room = sum(chosen.widths[span]) / chosen.size - 2 * measures.CELL_PADDING
    lines = sum(1 + int(width(line) / max(room, 1.0)) for line in cell_text(cell).split("\n"))
    page = measures.TEXT_WIDTH if chosen.landscape else measures.TEXT_HEIGHT
    return cell.rowspan > 1 or lines * chosen.size * 1.4 > page / 3


def _room(columns: int, size: float, landscape: bool) -> float:
    """Width in em left for text beside the padding of the cells."""
    line = measures.TEXT_HEIGHT if landscape else measures.TEXT_WIDTH
    return line / size - columns * measures.CELL_PADDING * 2


def _spread(comfortable: Sequence[float], longest: Iterable[float], room: float) -> list[float]:
    """Give the room left over to the columns with longer lines, and evenly once every line fits."""
    spare = room - sum(comfortable)
    wants = [max(0.0, min(line, 60.0) - base) for line, base in zip(longest, comfortable, strict=True)]
    granted = min(spare, sum(wants))
    shares = [
        base + (granted * want / sum(wants) if granted else 0.0) for base, want in zip(comfortable, wants, strict=True)
    ]
    return [share + (spare - granted) / len(shares) for share in shares]
