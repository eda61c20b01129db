"""Queries of the hottest pages, compiled once: the ORM writes the SQL, and each later use only fills in the values.

Writing the SQL of a query anew takes the ORM several times as long as the database takes to answer it; an item page needs seven.
The values stand in the query as marks (numbers and texts no query of ours names) when it is compiled, and are put in their places when it
is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from threading import Lock
from typing import Any

from django.db import connections, router
from django.db.models import QuerySet

Value = int | str

_MARK = 2_000_000_000
"""First mark of a number: within the range of every integer column, and far from any constant of a query."""
LARGEST = (1 << 63) - 1
"""No database has a larger integer, so a larger one names nothing."""


class Prepared:
    """A `values_list()` query by the integers and texts it is asked with.

    `build` gets as many values as the query is run with, of the same types, and returns the query; it must put each of them into the
    query as it is, and nothing else in the query may change from one run to the next (dates of today, for instance).
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._compiled: dict[tuple[str, tuple[type, ...]], _Compiled] = {}
        self._lock = Lock()

    def __call__(self, *values: Value) -> list[tuple[Any, ...]]:
        """Run the query with `values`; a number that no column can hold (an address was made up) finds nothing."""
        types = tuple(map(type, values))
        if any(value > LARGEST for value in values if isinstance(value, int)):
            return []
        compiled = self._for(types)
        connection = connections[compiled.alias]
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, [values[p] if isinstance(p, _Place) else p for p in compiled.params])
            return list(compiled.convert(cursor.fetchall(), connection))

    def _for(self, types: tuple[type, ...]) -> _Compiled:
        alias = router.db_for_read(None)  # type: ignore[arg-type]
        compiled = self._compiled.get((alias, types))
        if compiled is None:
            marks = [_mark(position, type_) for position, type_ in enumerate(types)]
            with self._lock:
                compiled = self._compiled[alias, types] = _Compiled(self._build(*marks), alias, marks)
        return compiled


def _mark(position: int, type_: type) -> Value:
    return f"\0{position}" if issubclass(type_, str) else _MARK + position


class _Place(int):
    """The position of a value among those the query is run with."""


class _Compiled:
    """The SQL of one query, its parameters with the places to fill, and how its columns become Python values."""

    def __init__(self, queryset: QuerySet[Any, Any], alias: str, marks: Sequence[Value]) -> None:
        compiler = queryset.query.get_compiler(alias)
        self.alias = alias
        self.sql, params = compiler.as_sql()
        places = {mark: _Place(position) for position, mark in enumerate(marks)}
        self.params = tuple(places.get(param, param) if isinstance(param, Value) else param for param in params)
        columns = [column for column, _, _ in (compiler.select or ())]
        self._converters = compiler.get_converters(columns)
        missing = set(places.values()) - {param for param in self.params if isinstance(param, _Place)}
        if missing:
            raise ValueError(f"values {sorted(missing)} do not stand in the query as they are")

    def convert(self, rows: Sequence[Sequence[Any]], connection: Any) -> Iterator[tuple[Any, ...]]:
        """Rows as the ORM would give them."""
        converters = [(place, functions, expression) for place, (functions, expression) in self._converters.items()]
        for row in rows:
            values = list(row)
            for place, functions, expression in converters:
                for function in functions:
                    values[place] = function(values[place], expression, connection)
            yield tuple(values)
