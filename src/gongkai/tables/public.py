"""What the public may read of a table: its head and first page in one query, and any page of it sorted and searched.

Whoever calls has made sure that the edition the table belongs to is public; nothing but masked content is here to be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from gongkai.rules.table_kinds import ValueType, table_kinds
from gongkai.tables import downloads
from gongkai.tables.models import PublicTable, TableRow, TableTerm
from gongkai.tables.records import PublicColumn
from gongkai.text.checks.masks import mask
from gongkai.text.checks.personal_names import is_name
from gongkai.text.normalise import fold
from gongkai.text.tables.values import written

__all__ = [
    "PAGE",
    "Question",
    "Row",
    "Summary",
    "TableView",
    "found",
    "question",
    "rows",
    "summary",
    "table_view",
    "view",
]

PAGE = 50
"""Rows on a page."""
MOST_WORDS = 4
MOST_RANGES = 60
LONGEST_WORD = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its running number in the table, and its cells."""

    position: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """The head of a table with its first page."""

    id: int
    title: str
    columns: tuple[PublicColumn, ...]
    row_count: int
    totals: tuple[str, ...]
    """Below each column its sum, or nothing."""
    first_rows: tuple[Row, ...]
    sizes: Mapping[str, int]
    """Bytes of the downloads by their suffix."""
    table: PublicTable

    @property
    def summed(self) -> list[tuple[str, str]]:
        """(金额（元）, 1,234.50) of each totalled column."""
        return [(column.heading, total) for column, total in zip(self.columns, self.totals, strict=True) if total]

    @property
    def masked(self) -> tuple[str, ...]:
        """Labels of the columns that are masked."""
        return tuple(column.label for column in self.columns if column.masked)

    @property
    def masks_names(self) -> bool:
        """Whether a name is only known by its surname and length."""
        return any(column.type == ValueType.NAME and column.masked for column in self.columns)

    @property
    def sorts(self) -> dict[str, str]:
        """The sort keys a reader may use, with the heading each stands for."""
        return {"position": "序号", **{column.sort: column.heading for column in self.columns if column.sort}}

    @property
    def searched(self) -> str:
        """What can be searched for, in words; empty when nothing can."""
        found = [
            label
            for label, there in (
                ("姓名", any(column.type == ValueType.NAME for column in self.columns)),
                ("村组", any(column.type == ValueType.PLACE for column in self.columns)),
            )
            if there
        ]
        return "、".join(found)


def table_view(table_id: int) -> TableView | None:
    """A table by its id: one query."""
    table = PublicTable.objects.filter(pk=table_id).first()
    return view(table) if table else None


def view(table: PublicTable) -> TableView:
    """A table as it is shown."""
    columns = tuple(PublicColumn(**column) for column in table.columns)
    return TableView(
        id=table.pk,
        title=table.title,
        columns=columns,
        row_count=table.row_count,
        totals=tuple(table.totals.get(column.code, "") for column in columns),
        first_rows=tuple(Row(position, tuple(cells)) for position, cells in enumerate(table.first_rows, start=1)),
        sizes=downloads.sizes(table),
        table=table,
    )


# --- sorting and searching -------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Question:
    """What a reader asks of a table."""

    words: tuple[str, ...] = ()
    sort: str = "position"
    descending: bool = False

    @property
    def order(self) -> tuple[str, ...]:
        """Fields of `TableRow` to sort by, the last one unique; all one way, as an index is read: thousands may have one amount."""
        names = ("position",) if self.sort == "position" else (self.sort, "position")
        return tuple(f"-{name}" for name in names) if self.descending else names


def question(table: TableView, text: str, sort: str) -> Question:
    """What the parameters `text` and `sort` (`-amount`) of an address mean for this table; what they cannot mean is left out."""
    words = [word[:LONGEST_WORD] for word in fold(text.replace("\x00", "")).split()][:MOST_WORDS]
    name = sort.removeprefix("-")
    if name not in table.sorts:
        name, sort = "position", ""
    return Question(tuple(words), name, sort.startswith("-"))


def found(table: TableView, asked: Question) -> QuerySet[TableRow]:
    """The rows that hold every word, unordered: one query for the names and places that the words are found in."""
    rows_ = TableRow.objects.filter(table_id=table.id)
    for word, ranks in _ranks(table, asked.words).items():
        if not any(ranks.values()):
            return rows_.none()
        rows_ = rows_.filter(_holds(ranks) or _holds_by_terms(table, word))
    return rows_


def rows(found_rows: QuerySet[TableRow], asked: Question) -> QuerySet[TableRow, Any]:
    """Rows as dictionaries, unordered, for the pager (with `Question.order`)."""
    return found_rows.values("cells", *dict.fromkeys(("position", asked.sort)))


def _key_holds(table: TableView, word: str) -> Q:
    """Terms that hold the word; a full name finds its masked form, for that is all there is."""
    keys = Q(key__contains=word)
    if table.masks_names and is_name(word):
        keys |= Q(key=mask("name", word), column=TableTerm.Column.NAME)
    return keys


def _ranks(table: TableView, words: tuple[str, ...]) -> dict[str, dict[str, list[int]]]:
    """Of each word the ranks of the names and places it is found in, in order."""
    if not words:
        return {}
    conditions = {f"holds_{place}": Q(_key_holds(table, word)) for place, word in enumerate(words)}
    terms = TableTerm.objects.filter(table_id=table.id).annotate(
        **{name: Case(When(holds, then=True), default=False) for name, holds in conditions.items()}
    )
    either = Q()
    for name in conditions:
        either |= Q(**{name: True})
    ranks: dict[str, dict[str, list[int]]] = {
        word: {column: [] for column in TableTerm.Column.values} for word in words
    }
    for column, rank, *holds in (
        terms.filter(either).order_by("column", "rank").values_list("column", "rank", *conditions)
    ):
        for word, held in zip(words, holds, strict=True):
            if held:
                ranks[word][column].append(rank)
    return ranks


def _holds(ranks: dict[str, list[int]]) -> Q | None:
    """Rows by ranges of ranks, which an index answers; the groups of one village have ranks one after the other.

    None when there are so many ranges that asking by the terms is quicker.
    """
    holds = Q()
    for column, numbers in ranks.items():
        ranges = _ranges(numbers)
        if len(ranges) > MOST_RANGES:
            return None
        for first, last in ranges:
            holds |= Q(**{column: first}) if first == last else Q(**{f"{column}__range": (first, last)})
    return holds


def _holds_by_terms(table: TableView, word: str) -> Q:
    terms = TableTerm.objects.filter(_key_holds(table, word), table_id=table.id)
    return Q(name__in=terms.filter(column=TableTerm.Column.NAME).values("rank")) | Q(
        place__in=terms.filter(column=TableTerm.Column.PLACE).values("rank")
    )


def _ranges(numbers: list[int]) -> list[tuple[int, int]]:
    """[3, 4, 5, 9] is 3 to 5 and 9."""
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return ranges


@dataclass(frozen=True, slots=True)
class Summary:
    """How many rows were found, and the sum of their amounts where amounts are public."""

    count: int
    amount: str


def summary(table: TableView, asked: Question, found_rows: QuerySet[TableRow]) -> Summary:
    """Count and add up what was found: one query; none when nothing was searched for."""
    amounts = any(column.sort == "amount" for column in table.columns)
    if not asked.words:
        return Summary(table.row_count, table.table.totals.get("amount", "") if amounts else "")
    sums = found_rows.aggregate(count=Count("position"), amount=Coalesce(Sum("amount", filter=Q(amount__gte=0)), 0))
    total = written(Decimal(sums["amount"]) / 100, ValueType.AMOUNT) if amounts else ""
    return Summary(sums["count"], total)


def kind_label(code: str) -> str:
    """The name of a kind of table; the code when it is no longer known."""
    kind = table_kinds().get(code)
    return kind.label if kind else code
