"""Questions to the open index of the embedded engine: a page of hits, the total, the counts of facets."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar, cast

from tantivy import DocAddress, Order, Searcher, SearchResult

from gongkai.search.documents import id_of
from gongkai.search.engine import Cursor
from gongkai.search.engines.embedded_query import query_of
from gongkai.search.engines.relevance import Scored, depth, relevance_page
from gongkai.search.fields import SORT_KEY
from gongkai.search.plan import Clause, Plan, after, all_of
from gongkai.search.query import DEEPEST, SearchQuery, Sort
from gongkai.search.results import FacetCount, Hit, SearchResults

T = TypeVar("T")
Counts = dict[str, list[tuple[str, int]]]
"""Facet name → its values with their counts, most first."""

MOST_VALUES = 65_000
"""Values of a facet counted in each segment; below that number counts are exact."""


class Counted:
    """What was counted in one state of the index: facets and totals do not depend on the page that is asked for, and a big
    list takes longer to count than to show. Bounded; goes with the state of the index. Safe from many threads."""

    def __init__(self, most: int = 1000) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, object] = OrderedDict()

    def __contains__(self, key: Hashable) -> bool:
        """True when the value of `key` was counted."""
        return key in self._known

    def get(self, key: Hashable, count: Callable[[], T]) -> T:
        """The value counted for `key`, counted now if it was not."""
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return cast(T, self._known[key])
        value = count()
        self.put(key, value)
        return value

    def put(self, key: Hashable, value: object) -> None:
        """Keep what was counted for `key`."""
        with self._lock:
            self._known[key] = value
            while len(self._known) > self._most:
                self._known.popitem(last=False)


def answer(
    searcher: Searcher, counted: Counted, query: SearchQuery, planned: Plan, *, relaxed: bool = False
) -> SearchResults:
    """Answer ``query`` by its plan, from one state of the index and what was counted in it."""
    sort = query.effective_sort
    cursor = Cursor.read(query.after, sort) if query.after is not None else None
    matching = planned.counting()
    page = _by_relevance if sort is Sort.RELEVANCE else _by_time
    hits, following, passed = page(searcher, query, planned, cursor)
    total = counted.get(matching, lambda: _total(searcher.search(query_of(matching), 1)) if passed is None else passed)
    return SearchResults(
        hits=hits,
        total=total,
        facets=_facets(counted, searcher, query, planned),
        next_cursor=str(following) if following else None,
        relaxed=relaxed and total > 0,
    )


_Page = tuple[tuple[Hit, ...], Cursor | None, int | None]
"""Hits, the place of the next page, and how many documents match, where all were passed to find the page."""


def _by_relevance(searcher: Searcher, query: SearchQuery, planned: Plan, cursor: Cursor | None) -> _Page:
    number = depth(query, planned, cursor)
    if not number:
        return (), None, None
    best, total = _best(searcher, planned.matching(), number)

    def more(ids: tuple[int, ...]) -> list[Scored]:
        return scored(searcher, searcher.search(query_of(planned.ranked(ids)), len(ids), count=False).hits)

    return *relevance_page(query, planned, cursor, best, more), total


def _best(searcher: Searcher, matching: Clause, number: int) -> tuple[list[Scored], int]:
    """The best documents in their order, and how many match."""
    asked = searcher.search(query_of(matching), max(number, DEEPEST))
    found = asked.hits
    if len(found) > number:
        # The library orders documents of equal score by chance, we the newest first: those that are equal to the last stay in.
        least = found[number - 1][0]
        found = found[: next((n for n in range(number, len(found)) if found[n][0] != least), len(found))]
    return sorted(scored(searcher, found), reverse=True)[:number], _total(asked)


def scored(searcher: Searcher, found: Sequence[tuple[Any, DocAddress]]) -> list[Scored]:
    """What the library found, ``(score, address)``, by sort keys, in the same order."""
    keys = searcher.fast_field_values(SORT_KEY, [address for _, address in found])
    return [(score, int(key or 0)) for (score, _), key in zip(found, keys, strict=True)]


def _by_time(searcher: Searcher, query: SearchQuery, planned: Plan, cursor: Cursor | None) -> _Page:
    if query.limit == 0:
        return (), None, None
    newest = query.effective_sort is Sort.NEWEST
    wanted = planned.counting()
    if cursor is not None:
        wanted = all_of([wanted, after(cursor.value, newest=newest)])
    found = searcher.search(
        query_of(wanted),
        query.limit + 1,  # one more than the page, to know whether there is another
        count=cursor is None,
        order_by_field=SORT_KEY,
        offset=query.offset,
        order=Order.Desc if newest else Order.Asc,
    )
    hits = tuple(Hit(id_of(key), 0.0, key) for key, _ in found.hits[: query.limit])
    more = len(found.hits) > query.limit
    following = Cursor(query.effective_sort, hits[-1].sort_key) if more else None
    return hits, following, _total(found) if cursor is None else None


def _total(found: SearchResult) -> int:
    """Exact number of documents that match; the stubs of the library do not know the attribute."""
    return int(found.count)  # type: ignore[attr-defined]


def _facets(
    counted: Counted, searcher: Searcher, query: SearchQuery, planned: Plan
) -> dict[str, tuple[FacetCount, ...]]:
    """Count the facets without a filter of their own together, each of the others without its filter.

    A count is known by what it counts over: choosing another value of a facet leaves that facet's own counts as they were.
    """
    wanted = query.facets
    together = tuple(name for name in wanted if name not in planned.filters)
    passes = [(planned.counting(), together)] if together else []
    passes += [(planned.counting(without=name), (name,)) for name in wanted if name in planned.filters]
    apart = next((one for one in passes if one not in counted and one[1] != together), None)
    if together and apart and passes[0] not in counted:
        both = _count_both(searcher, apart[0], apart[1][0], query.filters[apart[1][0]], together)
        for one, found in zip((passes[0], apart), both, strict=True):
            counted.put(one, found)
    counts: dict[str, tuple[FacetCount, ...]] = dict.fromkeys(wanted, ())
    for over, names in passes:
        for name, values in counted.get((over, names), partial(_count, searcher, over, names)).items():
            counts[name] = tuple(FacetCount(*value) for value in values[: wanted[name]])
    return counts


def _count(searcher: Searcher, over: Clause, names: Iterable[str]) -> Counts:
    """How many of the documents of ``over`` have each value of these facets."""
    return _counts(searcher.aggregate(query_of(over), {name: _terms(name) for name in names}), names)


def _count_both(
    searcher: Searcher, over: Clause, name: str, values: Sequence[str], names: Iterable[str]
) -> tuple[Counts, Counts]:
    """Two counts in one pass of the documents of ``over``: of the facets ``names`` in those that have one of the ``values`` of the
    facet ``name``; and of that facet in all."""
    chosen = " OR ".join(f"{name}:{_quoted(value)}" for value in values)
    inside = {"filter": chosen, "aggs": {inner: _terms(inner) for inner in names}}
    answers = searcher.aggregate(query_of(over), {"all": _terms(name), "chosen": inside})
    return _counts(answers["chosen"], names), _counts({name: answers["all"]}, (name,))


def _quoted(value: str) -> str:
    """A value in the query language of the library."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _terms(name: str) -> dict[str, Any]:
    return {"terms": {"field": name, "size": MOST_VALUES, "segment_size": MOST_VALUES}}


def _counts(answers: Mapping[str, Any], names: Iterable[str]) -> Counts:
    """All values of these facets, most first."""
    return {
        name: sorted(((bucket["key"], bucket["doc_count"]) for bucket in answers[name]["buckets"]), key=_most_first)
        for name in names
    }


def _most_first(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]
