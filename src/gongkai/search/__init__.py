"""一站搜 (site search): one façade over the search engines.

Readers ask :func:`search` or :func:`engine`; whoever changes a public item calls :func:`enqueue` in the changing
transaction. How the index gets its documents is told in `gongkai.search.indexer`.
"""

from gongkai.search.documents import SearchDocument
from gongkai.search.engine import Cursor, Engine, SearchUnavailable
from gongkai.search.outbox import enqueue
from gongkai.search.parsed import ParsedText, Reading
from gongkai.search.query import FACETS, LONGEST_TEXT, DateRange, InvalidQuery, Scope, SearchQuery, Sort, TimeRange
from gongkai.search.results import FacetCount, Hit, SearchResults
from gongkai.search.service import engine, in_trouble, search

__all__ = [
    "FACETS",
    "LONGEST_TEXT",
    "Cursor",
    "DateRange",
    "Engine",
    "FacetCount",
    "Hit",
    "InvalidQuery",
    "ParsedText",
    "Reading",
    "Scope",
    "SearchDocument",
    "SearchQuery",
    "SearchResults",
    "SearchUnavailable",
    "Sort",
    "TimeRange",
    "engine",
    "enqueue",
    "in_trouble",
    "search",
]
