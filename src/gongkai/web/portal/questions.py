"""What a query string asks for: words, facets, dates and order. Pages, feeds and exports of a list read it with the same functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from gongkai.policies.library import FacetSpec
from gongkai.search import DateRange, Scope, Sort, TimeRange, dictionaries
from gongkai.web.shared.dates import parse_day

LONGEST_TEXT = 1000
"""Characters taken from a query string. Search reads fewer and says so; a shorter limit here would cut in silence."""
MOST_VALUES = 20
"""Values of one facet that are read from a query string."""


def text_of(params: QueryDict) -> str:
    """The words sought, cut to a sensible length."""
    return params.get("q", "").strip()[:LONGEST_TEXT]


def language(params: QueryDict) -> dict[str, Any]:
    """How a text is to be read, for `SearchQuery`: with the synonyms in force (``exact=1``: without any), as of today."""
    return {
        "synonyms": dictionaries.in_force(),
        "exact": params.get("exact") == "1",
        "today": timezone.localdate(),
    }


def selected(params: QueryDict, specs: Iterable[FacetSpec]) -> dict[str, tuple[str, ...]]:
    """The values chosen of each facet, in a fixed order."""
    chosen = {spec.parameter: sorted({value for value in params.getlist(spec.parameter) if value}) for spec in specs}
    return {name: tuple(values[:MOST_VALUES]) for name, values in chosen.items() if values}


def filters(chosen: Mapping[str, Sequence[str]], specs: Iterable[FacetSpec]) -> dict[str, tuple[str, ...]]:
    """Chosen values by the names of the index."""
    return {spec.facet: tuple(chosen[spec.parameter]) for spec in specs if spec.parameter in chosen}


def sort_of(params: QueryDict) -> Sort:
    """The order asked for; by relevance unless another is."""
    try:
        return Sort(params.get("sort", ""))
    except ValueError:
        return Sort.RELEVANCE


def scope_of(params: QueryDict) -> Scope:
    """Where words are sought: in the title alone, or everywhere."""
    return Scope.TITLE if params.get("scope") == Scope.TITLE.value else Scope.ALL


def document_dates(params: QueryDict) -> DateRange:
    """成文日期 from and to."""
    return DateRange(parse_day(params.get("from")), parse_day(params.get("to")))


def published(params: QueryDict) -> TimeRange:
    """Publication time: `since` names a span (week, month, year), or `from` and `to` name days."""
    days = {"week": 7, "month": 30, "year": 365}.get(params.get("since", ""))
    today = timezone.localdate()
    if days:
        return TimeRange(midnight(today - timedelta(days=days)))
    return days_as_times(parse_day(params.get("from")), parse_day(params.get("to")))


def days_as_times(first: date | None, last: date | None) -> TimeRange:
    """The moments from the beginning of `first` to the end of `last`, in Chinese time."""
    following = last + timedelta(days=1) if last and last < date.max else None
    return TimeRange(midnight(first) if first else None, midnight(following) if following else None)


def midnight(day: date) -> datetime:
    """The first moment of a day in Chinese time."""
    return timezone.make_aware(datetime.combine(day, time.min))
