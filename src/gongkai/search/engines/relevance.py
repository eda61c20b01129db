"""A page by relevance, put together in the same way for every engine.

The best documents by the pairs of the question are asked for; the first of them (`Plan.best`) are then ranked by everything, which would
cost several times as much if it were asked of every document that matches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from gongkai.search.documents import id_of
from gongkai.search.engine import Cursor
from gongkai.search.plan import Plan
from gongkai.search.query import DEEPEST, SearchQuery, Sort
from gongkai.search.results import Hit

Scored = tuple[float, int]
"""Score and sort key of a document: the greater of two comes first. A tuple, because hundreds are made for ten that are shown."""


def depth(query: SearchQuery, planned: Plan, cursor: Cursor | None) -> int:
    """How many of the best documents by `Plan.matching` the page is made from; 0 when nothing is shown."""
    offset, limit = _place(query, cursor)
    return max(offset + limit + 1, planned.best) if limit > 0 else 0


def relevance_page(
    query: SearchQuery,
    planned: Plan,
    cursor: Cursor | None,
    best: Sequence[Scored],
    added: Callable[[tuple[int, ...]], Iterable[Scored]],
) -> tuple[tuple[Hit, ...], Cursor | None]:
    """The hits of the page and the place of the next one.

    Args:
        query: what was asked.
        planned: its plan.
        cursor: the place of the page; ``None``: the first.
        best: the `depth` best documents by `Plan.matching`, in their order.
        added: asked with ids, what `Plan.ranked` adds to their scores, in any order.
    """
    offset, limit = _place(query, cursor)
    if limit <= 0:
        return (), None
    if offset < planned.best and planned.ranking and best:
        scores = {key: score for score, key in best[: planned.best]}
        for score, key in added(tuple(map(id_of, scores))):
            if key in scores:  # else it was changed between the two questions
                scores[key] += score
        best = [*sorted(((score, key) for key, score in scores.items()), reverse=True), *best[planned.best :]]
    end = min(offset + limit, len(best))
    following = Cursor(Sort.RELEVANCE, end) if len(best) > end and end < DEEPEST else None
    return tuple(Hit(id_of(key), score, key) for score, key in best[offset:end]), following


def _place(query: SearchQuery, cursor: Cursor | None) -> tuple[int, int]:
    """Where the page begins, and how many documents it may have."""
    offset = query.offset + (cursor.value if cursor else 0)
    return offset, min(query.limit, DEEPEST - offset)
