"""一站搜 (site search): one façade over the search engines.

Readers ask :func:`search` or :func:`engine`; whoever changes a public item calls :func:`enqueue` in the changing
transaction. How the index gets its documents is told in `gongkai.search.indexer`.
"""

from gongkai.search.documents import SearchDocument
from gongkai.search.engine import Cursor, Engine, SearchUnavailable
from gongkai.search.outbox import enqueue
from gongkai.search.query import FACETS, DateRange, InvalidQuery, Scope, SearchQuery, Sort, TimeRange
from gongkai.search.results import FacetCount, Hit, SearchResults
from gongkai.search.service import engine, search

__all__ = [
    "FACETS",
    "Cursor",
    "DateRange",
    "Engine",
    "FacetCount",
    "Hit",
    "InvalidQuery",
    "Scope",
    "SearchDocument",
    "SearchQuery",
    "SearchResults",
    "SearchUnavailable",
    "Sort",
    "TimeRange",
    "engine",
    "enqueue",
    "search",
]
