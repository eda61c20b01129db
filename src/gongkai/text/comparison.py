"""Two editions of a text side by side, clause by clause: the 修改前后对照表.

Clauses that say the same are found by their exact words, in order; between them those that are most alike are paired; what is left
over on both sides and is alike stands elsewhere now, it was moved. What differs inside a pair is marked word by word
(`text.differences`). Blanks and the width of signs are layout and no change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from gongkai.text.clause_pairing import pair
from gongkai.text.clauses import Clause, split
from gongkai.text.differences import Piece, difference, folded


class RowKind(StrEnum):
    """What happened to a clause."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    ADDED = "added"
    DELETED = "deleted"
    MOVED = "moved"
    """Stands elsewhere now, with or without other words."""
    MOVED_AWAY = "moved_away"
    """The place where a moved clause stood: it repeats the old clause and says nothing of its own."""
    RENUMBERED = "renumbered"
    """Says the same under another number."""

    @property
    def label(self) -> str:
        """For people."""
        return _LABELS[self]


_LABELS: Mapping[RowKind, str] = {
    RowKind.UNCHANGED: "未修改",
    RowKind.CHANGED: "修改",
    RowKind.ADDED: "新增",
    RowKind.DELETED: "删除",
    RowKind.MOVED: "移动",
    RowKind.MOVED_AWAY: "移出",
    RowKind.RENUMBERED: "序号调整",
}
COUNTED = (RowKind.CHANGED, RowKind.ADDED, RowKind.DELETED, RowKind.MOVED, RowKind.RENUMBERED)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. ``old`` is None for what was added, ``new`` for what was deleted or moved away."""

    kind: RowKind
    old: Clause | None
    new: Clause | None
    pieces: tuple[Piece, ...] = ()
    """For pairs whose words differ: equal and changed stretches of ``old.text`` and ``new.text``."""
    elsewhere: str = ""
    """Of MOVED the old place, of MOVED_AWAY the new one, as one cites it; empty where the text has no numbering."""

    @property
    def is_change(self) -> bool:
        """Whether the reader is to be shown it as a change."""
        return self.kind is not RowKind.UNCHANGED

    @property
    def words_differ(self) -> bool:
        """Whether both sides are there and say different things."""
        return bool(self.pieces)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many units were changed how: articles (条), and clauses of a text or part without articles (处)."""

    articles: Mapping[RowKind, int]
    others: Mapping[RowKind, int]

    @property
    def words(self) -> str:
        """For people: 修改 3 条、新增 1 条、删除 2 条、移动 1 条；条文以外修改 1 处。"""
        articles, others = _listed(self.articles, "条"), _listed(self.others, "处")
        if articles and others:
            return f"{articles}；条文以外{others}。"
        return f"{articles or others}。" if articles or others else "正文没有修改。"


def _listed(counts: Mapping[RowKind, int], unit: str) -> str:
    return "、".join(f"{kind.label} {counts[kind]} {unit}" for kind in COUNTED if counts.get(kind))


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole table, in the order in which it is read."""

    rows: tuple[Row, ...]
    tally: Tally

    @property
    def has_changes(self) -> bool:
        """Whether any clause was changed, moved or renumbered."""
        return any(row.is_change for row in self.rows)

    @property
    def counts(self) -> dict[RowKind, int]:
        """Rows of each kind of change; kinds without rows are left out."""
        found: dict[RowKind, int] = {}
        for row in self.rows:
            if row.kind in COUNTED:
                found[row.kind] = found.get(row.kind, 0) + 1
        return found

    @property
    def old_text(self) -> str:
        """The older text, put together from the rows."""
        return "".join(row.old.raw for row in self.rows if row.old and row.kind is not RowKind.MOVED)

    @property
    def new_text(self) -> str:
        """The newer text, put together from the rows."""
        return "".join(row.new.raw for row in self.rows if row.new)


@lru_cache(maxsize=4)
def compare(old: str, new: str) -> Comparison:
    """Compare two texts.

    The two directions tell the same story: ``compare(b, a)`` has the pairs of ``compare(a, b)``, and what was added there is deleted
    here. The last few answers are kept, for a page and its downloads ask the same.
    """
    left, right = split(old), split(new)
    backwards = (len(old), old) > (len(new), new)
    pairs, moved = pair(right, left) if backwards else pair(left, right)
    if backwards:
        pairs, moved = sorted((j, i) for i, j in pairs), {(j, i) for i, j in moved}
    rows = _rows(left, right, pairs, moved)
    return Comparison(tuple(rows), _tally(rows))


def _rows(
    left: tuple[Clause, ...], right: tuple[Clause, ...], pairs: list[tuple[int, int]], moved: set[tuple[int, int]]
) -> list[Row]:
    """The clauses of both sides in one order: deletions stand where they stood, additions where they stand."""
    partner = dict(pairs)
    origin = {j: i for i, j in pairs}
    rows: list[Row] = []
    steady = [(i, j) for i, j in pairs if (i, j) not in moved]
    i = j = 0
    for next_i, next_j in [*sorted(steady), (len(left), len(right))]:
        for place in range(i, next_i):
            target = partner.get(place)
            if target is None:
                rows.append(Row(RowKind.DELETED, left[place], None))
            else:
                rows.append(Row(RowKind.MOVED_AWAY, left[place], None, elsewhere=right[target].place))
        for place in range(j, next_j):
            source = origin.get(place)
            if source is None:
                rows.append(Row(RowKind.ADDED, None, right[place]))
            else:
                found = _paired(left[source], right[place])
                rows.append(replace(found, kind=RowKind.MOVED, elsewhere=left[source].place))
        if next_i < len(left):
            rows.append(_paired(left[next_i], right[next_j]))
        i, j = next_i + 1, next_j + 1
    return rows


def _paired(old: Clause, new: Clause) -> Row:
    pieces = difference(old.text, new.text)
    if any(not piece.equal for piece in pieces):
        return Row(RowKind.CHANGED, old, new, pieces)
    return Row(RowKind.UNCHANGED if folded(old.number) == folded(new.number) else RowKind.RENUMBERED, old, new)


# --- counting articles -------------------------------------------------------------------------------------------------
def _tally(rows: list[Row]) -> Tally:
    """Count what happened to whole articles; outside articles every clause counts for itself.

    An article of which only a part was added, deleted or changed was changed. One whose clauses all moved was moved.
    """
    units: dict[tuple[str, int], list[Row]] = {}
    partner: dict[int, int] = {}
    for row in rows:
        if row.old and row.new and row.old.in_article and row.new.in_article:
            partner.setdefault(row.old.unit, row.new.unit)
    for row in rows:
        if row.kind is RowKind.MOVED_AWAY:
            continue
        if row.new and row.new.in_article:
            key = ("article", row.new.unit)
        elif row.old and row.old.in_article:
            known = partner.get(row.old.unit)
            key = ("article", known) if known is not None else ("deleted", row.old.unit)
        else:
            key = ("other", len(units))
        units.setdefault(key, []).append(row)
    articles: dict[RowKind, int] = {}
    others: dict[RowKind, int] = {}
    for (sort, _), group in units.items():
        kind = _kind_of(group)
        if kind is not RowKind.UNCHANGED:
            counts = others if sort == "other" else articles
            counts[kind] = counts.get(kind, 0) + 1
    return Tally(articles, others)


def _kind_of(group: list[Row]) -> RowKind:
    kinds = {row.kind for row in group}
    if len(kinds) == 1:
        return kinds.pop()
    if kinds <= {RowKind.UNCHANGED, RowKind.RENUMBERED}:
        return RowKind.RENUMBERED
    return RowKind.CHANGED
