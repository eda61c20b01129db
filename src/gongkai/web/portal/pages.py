"""What the views of the public site share: rendering, and the pages of lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template

from gongkai.disclosure.public_cards import cards
from gongkai.policies.library import Entry, entries
from gongkai.search import InvalidQuery, SearchQuery, SearchResults, SearchUnavailable, Sort, in_trouble
from gongkai.web.portal import linked_data, lists
from gongkai.web.portal.columns import column_of
from gongkai.web.portal.questions import (
    LONGEST_TEXT,
    document_dates,
    filters,
    published,
    scope_of,
    selected,
    sort_of,
    text_of,
)
from gongkai.web.shared.pager import Page, paginate_search
from gongkai.web.shared.templating import ELDER

__all__ = [
    "LIST_SIZE",
    "LONGEST_TEXT",
    "Listing",
    "Step",
    "checked",
    "document_dates",
    "filters",
    "listing",
    "newest",
    "published",
    "render",
    "scope_of",
    "selected",
    "sort_of",
    "text_of",
]

LIST_SIZE = 20

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


def in_mode(request: HttpRequest, address: str) -> str:
    """The address in the mode of the page one comes from (长辈版)."""
    return f"{address}?v={ELDER}" if request.GET.get("v") == ELDER else address


def render(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """One page of the site, with what programs are told of it: its column, its feeds and exports, its linked data.

    A view may give a `column` and `linked_data` of its own. While search is unavailable the page says so, and is not kept: it may
    lack lists and numbers.
    """
    context["alternates"] = others = lists.alternates(request)
    context["may_follow"] = settings.GONGKAI_SUBSCRIPTIONS
    context["follow"] = lists.to_follow(request) if others else None
    if title := context.get("title"):
        context.setdefault("column", column_of(title, context.get("section", "")))
        if others and not request.GET and "linked_data" not in context:
            context["linked_data"] = linked_data.dataset(request, title)
    response = HttpResponse(get_template(f"portal/{template}").render(context, request), status=status)
    if in_trouble():
        response["Cache-Control"] = "no-store"
    return response


def listing(request: HttpRequest, query: SearchQuery, size: int = LIST_SIZE) -> Listing:
    """The page of `query` that the request asks for, as cards with validity: two queries."""
    results, page = paginate_search(query, request.GET, size)
    return Listing(page.with_rows(entries(cards(page.rows))), results)


Answer = TypeVar("Answer")


def checked(ask: Callable[[], Answer]) -> Answer:
    """The answer of `ask`; a place in a list that was made up is answered with 400."""
    try:
        return ask()
    except InvalidQuery as error:
        raise BadRequest("翻页位置无效") from error


def if_searchable(ask: Callable[[], Answer]) -> Answer | None:
    """The answer of `ask`, or None while search is unavailable: for pages that are of use without it."""
    try:
        return ask()
    except SearchUnavailable:
        return None


def newest(limit: int, **filters: str) -> SearchQuery:
    """A question for the newest items under `filters` (facet name → value)."""
    return SearchQuery(filters={name: (value,) for name, value in filters.items()}, sort=Sort.NEWEST, limit=limit)
