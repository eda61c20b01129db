"""What is answered: hits, exact total, facet counts and the cursor of the next page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    """One document found."""

    id: int
    score: float
    """Comparable within one answer only; 0 when not sorted by relevance."""
    sort_key: int


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many documents have ``value`` in a facet."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchResults:
    """One page of hits."""

    hits: tuple[Hit, ...]
    total: int
    """Exact number of documents that match, all pages together."""
    facets: Mapping[str, tuple[FacetCount, ...]]
    """Highest counts first, then by value. Counts of a facet ignore its own filter and respect all others."""
    next_cursor: str | None
    """For `SearchQuery.after`; ``None`` on the last page."""
    relaxed: bool = False
    """True when no document had all the words (to a question: few had), and those with some of them are shown."""

    @property
    def ids(self) -> tuple[int, ...]:
        """Ids in order, to load the items."""
        return tuple(hit.id for hit in self.hits)
