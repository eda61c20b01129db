"""What a check looks at: one text with everything that was found in a page or file, and where each part of it stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the text that has a name for people."""

    name: str
    """正文, 工作表“名单”, 批注, 隐藏的工作表“底稿”, 压缩包中的“附件1.docx” …"""
    start: int
    end: int
    hidden: bool = False
    """Whether a reader of the file does not see it without looking for it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: `text[start:end]` is what it shows."""

    start: int
    end: int
    number: bool = False
    """Stored as a number (spreadsheets): from the sixteenth digit on it has lost what was typed."""
    address: str = ""
    """B3 in a spreadsheet; empty elsewhere."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table in the text; all rows, the head among them."""

    section: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A link: `text[start:end]` are its words."""

    start: int
    end: int
    address: str


@dataclass(frozen=True, slots=True)
class Material:
    """A text with its parts. `sections` do not overlap and stand in order; what no section covers is 正文."""

    text: str
    sections: tuple[Section, ...] = ()
    grids: tuple[Grid, ...] = ()
    links: tuple[Link, ...] = ()

    def place(self, start: int) -> str:
        """What the part is called in which this character stands; in a spreadsheet with the address of the cell."""
        name = next((section.name for section in self.sections if section.start <= start < section.end), "正文")
        for grid in self.grids:
            if grid.section == name:
                for row in grid.rows:
                    for cell in row:
                        if cell.address and cell.start <= start < cell.end:
                            return f"{name} {cell.address}"
        return name
