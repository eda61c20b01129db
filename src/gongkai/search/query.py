"""What is asked: `SearchQuery`. How the text in it is read: `gongkai.search.language`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType

from django.utils import timezone

from gongkai.search.language import LONGEST_TEXT, read
from gongkai.search.parsed import DateRange, ParsedText, Scope, TimeRange
from gongkai.search.synonyms import Synonyms, builtin

__all__ = [
    "DEEPEST",
    "FACETS",
    "LONGEST_TEXT",
    "DateRange",
    "InvalidQuery",
    "ParsedText",
    "Scope",
    "SearchQuery",
    "Sort",
    "TimeRange",
    "parse",
]

FACETS = (
    "kind",
    "group",
    "organisation",
    "organisation_path",
    "issuing_agencies",
    "subjects",
    "genre",
    "audiences",
    "life_cycle",
    "life_stage_person",
    "life_stage_enterprise",
    "interpretation_form",
    "benefit",
    "catalogue_rows",
    "validity",
    "mark",
    "year",
    "number",
    "region",
    "level",
    "normative",
)
"""What can be filtered and counted. Values are strings: ids and years in decimal, ``normative`` as ``1``."""

DEEPEST = 1000
"""Hits that can be paged through by relevance; nobody reads further, and every page would cost more than the last."""


class Sort(StrEnum):
    """Order of the hits."""

    RELEVANCE = "relevance"
    """Best first; without a text to be relevant to it is ``NEWEST``."""
    NEWEST = "newest"
    OLDEST = "oldest"


class InvalidQuery(ValueError):
    """A query that cannot be answered: unknown facet, broken cursor, negative limit."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """One question to the index.

    Filters: any of the values of one facet (OR), all of the facets (AND). An empty tuple of values does not filter.
    ``after`` is the ``next_cursor`` of the page before; it belongs to the same text, filters and sorting.
    """

    text: str = ""
    scope: Scope = Scope.ALL
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    document_date: DateRange = field(default_factory=DateRange)
    published_at: TimeRange = field(default_factory=TimeRange)
    sort: Sort = Sort.RELEVANCE
    limit: int = 10
    offset: int = 0
    after: str | None = None
    facets: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """Facets to count, each with the number of values wanted."""

    synonyms: Synonyms = field(default_factory=builtin)
    """The dictionary in force; `gongkai.search.dictionaries.in_force` knows the district's."""
    exact: bool = False
    """True: seek the words just as they are, without synonyms."""
    today: date | None = None
    """The day from which 今年 and 近三个月 are counted; ``None`` leaves them words."""
    item: int | None = None
    """The item that a pasted address names: it comes first. Whoever knows the addresses finds it out."""

    def __post_init__(self) -> None:
        unknown = (set(self.filters) | set(self.facets)) - set(FACETS)
        if unknown:
            raise InvalidQuery(f"unknown facet: {', '.join(sorted(unknown))}")
        if self.limit < 0 or self.offset < 0 or self.limit + self.offset > DEEPEST:
            raise InvalidQuery(f"limit and offset must not be negative nor together exceed {DEEPEST}")

    @property
    def parsed(self) -> ParsedText:
        """The text as it was read."""
        return read(self.text, None if self.exact else self.synonyms, self.today)

    @property
    def effective_sort(self) -> Sort:
        """``sort``, or ``NEWEST`` when there is nothing to be relevant to."""
        nothing = self.parsed.empty and self.item is None
        return Sort.NEWEST if self.sort is Sort.RELEVANCE and nothing else self.sort

    @property
    def effective_scope(self) -> Scope:
        """Where to seek: what the text says, else ``scope``."""
        return self.parsed.scope or self.scope

    @property
    def effective_published_at(self) -> TimeRange:
        """When published: what both ``published_at`` and the dates in the text allow."""
        typed, chosen = _bounds(self.parsed.dates), self.published_at
        firsts = [moment for moment in (typed.first, chosen.first) if moment]
        befores = [moment for moment in (typed.before, chosen.before) if moment]
        return TimeRange(max(firsts, default=None), min(befores, default=None))

    @property
    def terms(self) -> tuple[str, ...]:
        """What to highlight."""
        return self.parsed.terms


def parse(text: str) -> ParsedText:
    """Read a typed text with the synonyms that come with the program."""
    return read(text, builtin())


def _bounds(days: DateRange) -> TimeRange:
    """The moments of whole days in the time of this installation."""
    zone = timezone.get_default_timezone()
    first = datetime.combine(days.first, time.min, zone) if days.first else None
    before = datetime.combine(days.last, time.min, zone) + timedelta(days=1) if days.last else None
    return TimeRange(first, before)
