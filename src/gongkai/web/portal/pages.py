"""What the views of the public site share: rendering, the lists, and reading facets and dates from the query string."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import get_template
from django.utils import timezone

from gongkai.disclosure.public_cards import cards
from gongkai.policies.library import Entry, FacetSpec, entries
from gongkai.search import DateRange, InvalidQuery, Scope, SearchQuery, SearchResults, Sort, TimeRange
from gongkai.web.shared.dates import parse_day
from gongkai.web.shared.pager import Page, paginate_search

LIST_SIZE = 20
LONGEST_TEXT = 100
MOST_VALUES = 20
"""Values of one facet that are read from a query string."""

Step = tuple[str, str | None]
"""A step of the breadcrumb: its text, and its address unless it is the present page."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of documents with what the index said about the whole list."""

    page: Page[Entry]
    results: SearchResults

    @property
    def total(self) -> int:
        """Number of documents on all pages together."""
        return self.results.total


def render(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """One page of the site."""
    return HttpResponse(get_template(f"portal/{template}").render(context, request), status=status)


def listing(request: HttpRequest, query: SearchQuery, size: int = LIST_SIZE) -> Listing:
    """The page of `query` that the request asks for, as cards with validity: three queries."""
    results, page = paginate_search(query, request.GET, size)
    return Listing(page.with_rows(entries(cards(page.rows))), results)


Answer = TypeVar("Answer")


def checked(ask: Callable[[], Answer]) -> Answer:
    """The answer of `ask`; a place in a list that was made up is answered with 400."""
    try:
        return ask()
    except InvalidQuery as error:
        raise BadRequest("翻页位置无效") from error


def newest(limit: int, **filters: str) -> SearchQuery:
    """A question for the newest items under `filters` (facet name → value)."""
    return SearchQuery(filters={name: (value,) for name, value in filters.items()}, sort=Sort.NEWEST, limit=limit)


# --- reading the query string ------------------------------------------------------------------------------------------
def text_of(params: QueryDict) -> str:
    """The words sought, cut to a sensible length."""
    return params.get("q", "").strip()[:LONGEST_TEXT]


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
        return TimeRange(_midnight(today - timedelta(days=days)))
    first, last = parse_day(params.get("from")), parse_day(params.get("to"))
    return TimeRange(_midnight(first) if first else None, _midnight(last + timedelta(days=1)) if last else None)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
