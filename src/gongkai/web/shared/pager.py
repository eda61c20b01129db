"""The one pager: keyset paging over querysets and over search results. No OFFSET, no counting of big tables.

A page is asked for by the place of its neighbour: `?after=<cursor>` or `?before=<cursor>`. A cursor is an opaque word; for a
queryset it holds the ordering values of the row it stands at.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Q, QuerySet

from gongkai.search import InvalidQuery, SearchQuery, SearchResults, Sort, search
from gongkai.search.engine import Cursor

Row = TypeVar("Row")

DEFAULT_SIZE = 20
MAX_CURSOR = 400


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list and the cursors of its neighbours (None where there is none)."""

    rows: tuple[Row, ...]
    after: str | None = None
    """Cursor of the page that follows."""
    before: str | None = None
    """Cursor of the page in front."""

    @property
    def only_page(self) -> bool:
        """Whether everything is on this page, so that no pager need be shown."""
        return self.after is None and self.before is None

    def with_rows(self, rows: Sequence[Any]) -> Page[Any]:
        """The same place with other rows, e.g. cards for the identifiers that were paged."""
        return Page(tuple(rows), self.after, self.before)


def paginate(
    queryset: QuerySet[Any], order: Sequence[str], params: Mapping[str, str], size: int = DEFAULT_SIZE
) -> Page[Any]:
    """Return the page of `queryset` that `params` (`after` or `before`) asks for, in the given total order.

    `order` names fields as `order_by` does (`-updated_at`, `-id`); its last field must be unique and no field may be NULL.
    Works on model instances and on `values()` that include the ordering fields. Raises `BadRequest` for a forged cursor.
    """
    backwards = bool(params.get("before")) and not params.get("after")
    cursor = params.get("before" if backwards else "after")
    directed = [_flip(name) for name in order] if backwards else list(order)
    rows_ = queryset.order_by(*directed)
    if cursor:
        rows_ = _from(rows_, directed, _decode(cursor, len(order)))
    rows = list(rows_[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Page((), None, None)
    first, last = (_encode(row, order) for row in (rows[0], rows[-1]))
    if backwards:
        return Page(tuple(rows), after=last, before=first if more else None)
    return Page(tuple(rows), after=last if more else None, before=first if cursor else None)


def paginate_search(
    query: SearchQuery, params: Mapping[str, str], size: int = DEFAULT_SIZE
) -> tuple[SearchResults, Page[int]]:
    """Answer `query` for the page that `params` (`after` or `before`) asks for; the page holds ids in the order of the list.

    Raises `BadRequest` for a cursor that does not belong to the query.
    """
    query, sort = replace(query, limit=size), query.effective_sort
    try:
        if (after := params.get("after")) or not params.get("before"):
            return _onwards(replace(query, after=str(Cursor.read(after, sort)) if after else None), sort)
        place = Cursor.read(params["before"], sort).value
        if sort is Sort.RELEVANCE:
            return _onwards(replace(query, after=str(Cursor(sort, place - size)) if place > size else None), sort)
        return _backwards(query, sort, place)
    except InvalidQuery as error:
        raise BadRequest("翻页位置无效") from error


def _onwards(query: SearchQuery, sort: Sort) -> tuple[SearchResults, Page[int]]:
    results = search(query)
    before = None
    if query.after and results.hits:
        here = Cursor.read(query.after, sort).value if sort is Sort.RELEVANCE else results.hits[0].sort_key
        before = str(Cursor(sort, here))
    return results, Page(results.ids, after=results.next_cursor, before=before)


def _backwards(query: SearchQuery, sort: Sort, place: int) -> tuple[SearchResults, Page[int]]:
    """The page in front of `place`: the same list read the other way round."""
    mirrored = Sort.OLDEST if sort is Sort.NEWEST else Sort.NEWEST
    results = search(replace(query, sort=mirrored, after=str(Cursor(mirrored, place))))
    hits = tuple(reversed(results.hits))
    if not hits:
        return results, Page(())
    before = str(Cursor(sort, hits[0].sort_key)) if results.next_cursor else None
    return results, Page(tuple(hit.id for hit in hits), after=str(Cursor(sort, hits[-1].sort_key)), before=before)


def _from(queryset: QuerySet[Any], order: Sequence[str], values: Sequence[Any]) -> QuerySet[Any]:
    try:
        return queryset.filter(_beyond(order, values))
    except (ValueError, TypeError, ValidationError) as error:  # values of the wrong type: not a cursor of this list
        raise BadRequest("翻页位置无效") from error


def _flip(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows strictly after `values` in `order`: a > x or (a = x and b > y) …, led by a range an index can use."""
    condition, equal = Q(), Q()
    for position, (name, value) in enumerate(zip(order, values, strict=True)):
        field, comparison = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        condition |= equal & Q(**{f"{field}__{comparison}": value})
        equal &= Q(**{field: value})
        if position == 0 and len(order) > 1:
            leading = Q(**{f"{field}__{comparison}e": value})
    return condition & leading if len(order) > 1 else condition


def _value(row: Any, field: str) -> Any:
    if isinstance(row, Mapping):
        return row[field]
    for name in field.split("__"):
        row = getattr(row, name)
    return row


def _encode(row: Any, order: Sequence[str]) -> str:
    values = [_plain(_value(row, name.lstrip("-"))) for name in order]
    packed = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _decode(cursor: str, length: int) -> list[Any]:
    try:
        if len(cursor) > MAX_CURSOR:
            raise ValueError("too long")
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != length or any(isinstance(v, (list, dict)) for v in values):
            raise ValueError("not the values of a row")
    except (ValueError, UnicodeDecodeError) as error:
        raise BadRequest("翻页位置无效") from error
    return values
