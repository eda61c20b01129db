"""The head of a table: where it is, what its columns are called, and which column of the kind each name means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gongkai.rules.table_kinds import TableColumn, TableKind, ValueType
from gongkai.text.normalise import fold
from gongkai.text.tables.cells import SourceRow

__all__ = ["Head", "SourceColumn", "find_head", "head_at", "header_key", "propose"]

SEARCHED = 30
"""Rows in which the head is looked for: a title, a unit and notes may stand above."""
DEEPEST = 2
_BRACKETS = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]")
_NOISE = re.compile(r"[\s:：*＊、，,/\\\-—_.．。]+")
_FIGURE = re.compile(r"[-+]?[\d,，]+(?:\.\d+)?%?|\d{4}[-/.年]\d{1,2}(?:[-/.月]\d{1,2}日?)?")
_UNITS = {
    ValueType.AMOUNT: (("万元", "10000"), ("亿元", "100000000"), ("元", "1")),
    ValueType.AREA: (("公顷", "15"), ("亩", "1")),
}
"""Units and how many of ours (元, 亩) each is; the first that the name of the column contains counts."""


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column of the file: its place (0 is A) and what its head says, groups first."""

    index: int
    name: str

    @property
    def key(self) -> str:
        """The name as it is remembered and compared."""
        return header_key(self.name)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a table: its last row, how many rows it takes, and its columns."""

    row: int
    depth: int
    columns: tuple[SourceColumn, ...]
    title: str = ""
    """What stands above it."""


def header_key(name: str) -> str:
    """`name` without blanks, brackets and what is in them: 补贴金额（元） and 补贴 金额 are one."""
    return _NOISE.sub("", _BRACKETS.sub("", fold(name)))


def unit_factor(name: str, column: TableColumn) -> str:
    """How many of our units one of the file's is, from the name of its column: 金额（万元） gives "10000"."""
    return next((factor for word, factor in _UNITS.get(column.type, ()) if word in name), "1")


def find_head(rows: Sequence[SourceRow], kind: TableKind) -> Head | None:
    """The head among the first rows: where most names mean a column of `kind`; None when fewer than two do."""
    known = _known(kind)
    best: tuple[int, int, int] | None = None
    for place in range(len(rows)):
        for depth in range(1, min(DEEPEST, len(rows) - place) + 1):
            score = _score(rows[place : place + depth], known)
            if score >= 2:  # of equal ones the shallower, and the first
                best = max(best or (0, 0, 0), (score, -depth, -place))
    if best is None:
        return None
    _, depth, place = best
    return _head(rows, -place, -depth)


def head_at(rows: Sequence[SourceRow], last_row: int, depth: int) -> Head | None:
    """The head whose last row has the number `last_row` in the file; None when no such row has content."""
    place = next((index for index, row in enumerate(rows) if row.number == last_row), None)
    if place is None:
        return None
    return _head(rows, max(0, place - depth + 1), min(depth, place + 1))


def propose(columns: Sequence[SourceColumn], kind: TableKind, remembered: Mapping[str, str]) -> dict[int, str]:
    """Which column of `kind` each column of the file is, by its place: as remembered for its key, or by the aliases.

    Each column of the kind is proposed once; a column remembered as "" is to be left out.
    """
    known, codes = _known(kind), {column.code for column in kind.columns}
    chosen: dict[int, str] = {}
    for column in columns:
        code = remembered.get(column.key)
        if code and code in codes and code not in chosen.values():
            chosen[column.index] = code
    for column in columns:
        if column.index in chosen or column.key in remembered:
            continue
        for candidate in _lookup(column.name, known):
            if candidate not in chosen.values():
                chosen[column.index] = candidate
                break
    return chosen


def _known(kind: TableKind) -> dict[str, list[str]]:
    known: dict[str, list[str]] = {}
    for column in kind.columns:
        for name in (column.label, *column.aliases):
            codes = known.setdefault(header_key(name), [])
            if column.code not in codes:
                codes.append(column.code)
    known.pop("", None)
    return known


def _names(rows: Sequence[SourceRow]) -> list[str]:
    """One name for each column: group and column joined (金额 over 中央 gives 金额-中央), what is repeated once."""
    width = max(len(row.cells) for row in rows)
    return ["-".join(dict.fromkeys(filter(None, (row.text(index) for row in rows)))) for index in range(width)]


def _score(rows: Sequence[SourceRow], known: Mapping[str, list[str]]) -> int:
    if any(_FIGURE.fullmatch(cell.text) for row in rows for cell in row.cells if cell.text):
        return 0  # a head has no figures
    names = _names(rows)
    if len(set(filter(None, names))) < 2:
        return 0
    found = {code for name in names for code in _lookup(name, known)[:1]}
    return len(found)


def _lookup(name: str, known: Mapping[str, list[str]]) -> list[str]:
    """By the whole name, or by the last part of one in two rows."""
    return known.get(header_key(name), []) or known.get(header_key(name.rpartition("-")[2]), [])


def _head(rows: Sequence[SourceRow], place: int, depth: int) -> Head:
    chosen = rows[place : place + depth]
    columns, seen = [], dict[str, int]()
    for index, name in enumerate(_names(chosen)):
        if not name:
            continue
        seen[name] = seen.get(name, 0) + 1
        columns.append(SourceColumn(index, name if seen[name] == 1 else f"{name}（{seen[name]}）"))
    title = next((cell.text for row in rows[:place] for cell in row.cells if cell.text), "")
    return Head(chosen[-1].number, depth, tuple(columns), title[:200])
