"""A `Material` in the making: lines are added one after the other, sections, tables and links remember where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from gongkai.rules.findings import Finding, Fix, FixKind, found
from gongkai.text.checks.material import Cell, Grid, Link, Material, Section
from gongkai.text.extraction.limits import Limits, too_large
from gongkai.text.extraction.markup import tidy
from gongkai.text.inspection.paths import local_path

CELLS = 1_500_000
"""Cells a material may have: some 300 MB of memory."""
BODY = "正文"
STRIP = Fix(FixKind.STRIP)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a file says, and what is wrong with the file itself (rules `file.*`)."""

    material: Material
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class Budget:
    """What may still be done for one upload, shared by the file and all files inside it."""

    pictures: int
    files: int
    unpacked: int
    """Bytes that zips may still unpack to."""

    @classmethod
    def of(cls, limits: Limits) -> Budget:
        """The whole allowance."""
        return cls(limits.ocr_pages, limits.members + 1, limits.unpacked_size)


class Draft:
    """Grows line by line; `done` gives the `Inspection`. Raises `Unreadable` (huge) when it grows past the limits."""

    def __init__(self, limits: Limits, budget: Budget | None = None) -> None:
        self.limits = limits
        self.budget = budget or Budget.of(limits)
        self.length = 0
        self.findings: list[Finding] = []
        self._parts: list[str] = []
        self._sections: list[Section] = []
        self._grids: list[Grid] = []
        self._links: list[Link] = []
        self._cells = 0
        self._name = BODY

    def done(self) -> Inspection:
        """Everything so far."""
        text = "".join(self._parts)
        return Inspection(
            Material(text, tuple(self._sections), tuple(self._grids), tuple(self._links)), tuple(self.findings)
        )

    @contextmanager
    def section(self, name: str, *, hidden: bool = False) -> Iterator[None]:
        """Lines added inside belong to the part with this name. Sections do not nest."""
        start, outer = self.length, self._name
        self._name = name
        try:
            yield
        finally:
            self._name = outer
            if self.length > start:
                self._sections.append(Section(name, start, self.length, hidden))

    def line(self, text: str, links: Iterable[tuple[str, str]] = ()) -> tuple[int, int]:
        """One line; `links` are words of it and their addresses. Returns where it stands; nothing is added for blanks."""
        text = tidy(text)
        start = self.length
        if not text:
            return start, start
        self._put(text + "\n")
        cursor = 0
        for words, address in links:
            words = tidy(words)
            at = text.find(words, cursor) if words else -1
            if at >= 0:
                cursor = at + len(words)
                self._links.append(Link(start + at, start + cursor, address))
        return start, start + len(text)

    def row(self, cells: Sequence[tuple[str, str, bool]]) -> tuple[Cell, ...]:
        """A table row as one line; each cell is its text, its address and whether it is stored as a number."""
        placed: list[Cell] = []
        words: list[str] = []
        at = self.length
        for text, address, number in cells:
            text = tidy(text)
            placed.append(Cell(at, at + len(text), number, address))
            words.append(text)
            at += len(text) + 1
        self._cells += len(placed)
        if self._cells > CELLS:
            raise too_large("表格单元格数", f"{CELLS} 个以上", f"{CELLS} 个")
        self._put("\t".join(words) + "\n")
        return tuple(placed)

    def grid(self, rows: Sequence[tuple[Cell, ...]]) -> None:
        """Rows made by `row` form a table of the present section."""
        if rows:
            self._grids.append(Grid(self._name, tuple(rows)))

    def flowing(self, text: str) -> None:
        """Text as the extraction writes it: a line with tabs is a table row, neighbouring rows form a table."""
        rows: list[tuple[Cell, ...]] = []
        for line in text.split("\n"):
            if "\t" in line:
                rows.append(self.row([(cell, "", False) for cell in line.split("\t")]))
                continue
            self.grid(rows)
            rows = []
            self.line(line)
        self.grid(rows)

    def recognised(self, label: str, ocr: bool) -> None:
        """What is to be said of a file of pages after its text was read: scans are hard on readers, blank ones cannot be examined."""
        if ocr:
            message = f"{label}是扫描件或者含有扫描页，公众不能检索、复制其中的文字。"
            self.find("file.format", message=message, place="文件")
        if not self.length and self.limits.ocr_pages:
            message = f"{label}中没有可识别的文字，未能检查。请核对内容是否完整，或者换用清晰的扫描件。"
            self.find("file.unread", message=message, place="文件")

    def find(
        self, code: str, *, message: str = "", text: str = "", at: tuple[int, int] | None = None, place: str = ""
    ) -> None:
        """Note a finding of the rule `code`; `at` is where its evidence stands."""
        fix = STRIP if code in STRIPPABLE else None
        start, end = at if at is not None and at[0] < at[1] else (None, None)
        self.findings.append(
            found(code, message=message, text=text, start=start, end=end, place=place or self._name, fix=fix)
        )

    def paths(self, text: str, at: tuple[int, int] | None = None) -> None:
        """Note it when the text has a path of somebody's computer in it."""
        path = local_path(text)
        if path:
            self.find("file.path", message=f"留有本机路径“{path[:120]}”。", text=path, at=at)

    def append(self, other: Inspection, name: str, *, hidden: bool) -> None:
        """Put what another file says at the end; its parts are called `name`, or `name` with their own name."""
        offset, material, cursor = self.length, other.material, 0
        self._put(material.text)

        def cover(start: int, end: int, label: str, covert: bool) -> None:
            if end > start:
                self._sections.append(Section(label, offset + start, offset + end, covert))

        for section in material.sections:
            cover(cursor, section.start, name, hidden)
            cover(section.start, section.end, _within(name, section.name), hidden or section.hidden)
            cursor = section.end
        cover(cursor, len(material.text), name, hidden)
        for grid in material.grids:
            rows = tuple(
                tuple(Cell(c.start + offset, c.end + offset, c.number, c.address) for c in row) for row in grid.rows
            )
            self._cells += sum(map(len, rows))
            self._grids.append(Grid(_within(name, grid.section), rows))
        self._links += [Link(link.start + offset, link.end + offset, link.address) for link in material.links]
        for finding in other.findings:
            start = finding.start + offset if finding.start is not None else None
            end = finding.end + offset if finding.end is not None else None
            self.findings.append(
                found(
                    finding.rule,
                    message=finding.message,
                    text=finding.text,
                    start=start,
                    end=end,
                    place=_within(name, finding.place),
                    suggestion=finding.suggestion,
                    fix=finding.fix,
                )
            )

    def _put(self, text: str) -> None:
        self.length += len(text)
        if self.length > self.limits.text_length:
            raise too_large("正文", f"{self.limits.text_length} 字以上", f"{self.limits.text_length} 字")
        self._parts.append(text)


def _within(name: str, part: str) -> str:
    return name if part in (BODY, "") else f"{name}的{part}"


STRIPPABLE = frozenset(
    {
        "file.author",
        "file.path",
        "file.tracked-changes",
        "file.comments",
        "file.hidden-text",
        "file.hidden-sheet",
        "file.hidden-rows",
        "file.pivot-cache",
        "file.external-data",
        "file.embedded",
    }
)
