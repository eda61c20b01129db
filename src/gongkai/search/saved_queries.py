"""A question to the index as it is kept: blocks of topics and followed lists are such, so they cannot drift from the register.

``{"text": "医保", "scope": "title", "exact": true, "filters": {"kind": ["policy_document"]}, "written": ["2024-01-01", null],
"sort": "newest"}``; what is left out is as `SearchQuery` has it. When something was published is no part of it: that would be
answered once and never again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from hashlib import blake2b
from typing import Any

from gongkai.search import dictionaries
from gongkai.search.language import LONGEST_TEXT
from gongkai.search.parsed import DateRange, Scope
from gongkai.search.query import FACETS, InvalidQuery, SearchQuery, Sort

_NAMES = frozenset({"text", "scope", "exact", "filters", "written", "sort"})
MOST_VALUES = 50
"""Values of one facet in a query that is kept."""


def to_json(query: SearchQuery) -> dict[str, Any]:
    """What is worth keeping of ``query``, as values of JSON in a fixed order: equal questions give equal results."""
    kept: dict[str, Any] = {}
    if query.text:
        kept["text"] = query.text
    if query.scope is not Scope.ALL:
        kept["scope"] = query.scope.value
    if query.exact:
        kept["exact"] = True
    if filters := {name: sorted(values) for name, values in sorted(query.filters.items()) if values}:
        kept["filters"] = filters
    if query.document_date != DateRange():
        kept["written"] = [day and day.isoformat() for day in (query.document_date.first, query.document_date.last)]
    if query.sort is not Sort.RELEVANCE:
        kept["sort"] = query.sort.value
    return kept


def from_json(data: object, today: date | None = None) -> SearchQuery:
    """The question that `to_json` kept, read with the synonyms in force; ``today`` as in `SearchQuery`.

    Raises `InvalidQuery` for anything else: what is kept may have been written by another version or by hand.
    """
    if not isinstance(data, Mapping) or not set(data) <= _NAMES:
        raise InvalidQuery("not a kept query")
    text, exact, filters = data.get("text", ""), data.get("exact", False), data.get("filters", {})
    if not isinstance(text, str) or len(text) > LONGEST_TEXT or not isinstance(exact, bool):
        raise InvalidQuery("text and exact of a kept query")
    if not isinstance(filters, Mapping) or not all(_is_filter(name, values) for name, values in filters.items()):
        raise InvalidQuery("filters of a kept query")
    try:
        first, last = (day and date.fromisoformat(day) for day in data.get("written", (None, None)))
        scope, sort = Scope(data.get("scope", Scope.ALL)), Sort(data.get("sort", Sort.RELEVANCE))
    except (TypeError, ValueError) as error:
        raise InvalidQuery(f"dates, scope or sort of a kept query: {error}") from error
    return SearchQuery(
        text=text,
        scope=scope,
        filters={name: tuple(values) for name, values in filters.items()},
        document_date=DateRange(first, last),
        sort=sort,
        synonyms=dictionaries.in_force(),
        exact=exact,
        today=today,
    )


def key(data: Mapping[str, Any]) -> str:
    """A name of 32 characters for a kept query: equal questions have equal keys."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _is_filter(name: object, values: object) -> bool:
    return (
        name in FACETS
        and isinstance(values, list | tuple)
        and 0 < len(values) <= MOST_VALUES
        and all(isinstance(value, str) and value for value in values)
    )
