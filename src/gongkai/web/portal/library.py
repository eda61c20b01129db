"""政策文件库: the library with its facets, 规范性文件库, 继续有效文件目录, 立改废."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.disclosure.public_cards import cards
from gongkai.policies import library as policies
from gongkai.policies.library import LIBRARY_FACETS
from gongkai.search import search
from gongkai.web.portal import lists, pages
from gongkai.web.portal.lists import CHANGE_TABS, NORMATIVE_TABS, ItemList
from gongkai.web.portal.organisations import groups
from gongkai.web.portal.pages import Listing, render
from gongkai.web.portal.questions import selected
from gongkai.web.shared.pager import Page, paginate
from gongkai.web.shared.search_counting import note_search
from gongkai.web.shared.templating import address_of

REGISTER_SIZE = 100


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """The library: words, 文号 in parts, facets with counts, and validity as of a day."""
    wanted, chosen = lists.library(request.GET), selected(request.GET, LIBRARY_FACETS)
    query, as_of = replace(wanted.query, facets=policies.wanted(LIBRARY_FACETS)), wanted.as_of
    shown = _as_of(request, replace(wanted, query=query), as_of) if as_of else pages.listing(request, query)
    asked = any(request.GET.get(name) for name in ("number", "from", "to"))
    page = render(
        request,
        "library.html",
        title="政策文件库",
        section="library",
        tab="library",
        listing=shown,
        total=None if as_of else shown.total,
        facets=policies.facets(shown.results, LIBRARY_FACETS, chosen),
        as_of=as_of,
        query=query,
        narrowed=bool(query.text or chosen or as_of or asked),
    )
    found, relaxed = shown.results.total, shown.results.relaxed
    return note_search(request, page, query.text, found, relaxed=relaxed, in_library=True)


def _as_of(request: HttpRequest, wanted: ItemList, day: date) -> Listing:
    """The list as it stood on `day`: validity is computed for that day, so its facet filters what was found."""
    facets = {name: number for name, number in wanted.query.facets.items() if name != "validity"}
    results = search(replace(wanted.query, facets=facets, limit=0))
    timely = replace(wanted.query, after=request.GET.get("after") or None)
    found, after = pages.checked(lambda: policies.scan(timely, day, wanted.statuses, pages.LIST_SIZE))
    return Listing(Page(tuple(found), after=after), results)


@require_safe
def normative(request: HttpRequest) -> HttpResponse:
    """规范性文件库: the normative documents by validity."""
    query = replace(lists.normative(request.GET).query, facets={"validity": 10})
    shown = pages.listing(request, query)
    counted = {value.value: value.count for value in shown.results.facets["validity"]}
    tabs = [(key, label, sum(counted.get(one.value, 0) for one in found)) for key, label, found in NORMATIVE_TABS]
    return render(
        request,
        "normative.html",
        title="规范性文件库",
        section="library",
        tab="normative",
        listing=shown,
        tabs=tabs,
        current=lists.normative_tab(request.GET)[0],
    )


@require_safe
def in_force_register(request: HttpRequest) -> HttpResponse:
    """继续有效文件目录 as of a day: a table to print."""
    wanted = lists.in_force_register(request.GET)
    after = request.GET.get("after") or None
    day = wanted.as_of or timezone.localdate()
    timely = replace(wanted.query, after=after)
    found, following = pages.checked(lambda: policies.scan(timely, day, wanted.statuses, REGISTER_SIZE))
    return render(
        request,
        "in_force_register.html",
        title="继续有效文件目录",
        section="library",
        tab="in-force-register",
        day=day,
        body=wanted.body,
        groups=groups(),
        page=Page(tuple(found), after=following),
        start=after is None,
    )


@require_safe
def register_table(request: HttpRequest) -> HttpResponse:
    """The address the register had as a table before every list had an export; it leads to the export of the same question."""
    query = request.META.get("QUERY_STRING", "")
    here = address_of("portal:in-force-register")
    return HttpResponsePermanentRedirect(f"{here}export.csv{'?' if query else ''}{query}")


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """立改废: acts on documents, new normative documents, and terms that have ended."""
    wanted = lists.changes(request.GET)
    year, this_year = lists.year_of(request.GET), timezone.localdate().year
    context: dict[str, Any] = {"tabs": CHANGE_TABS, "year": year, "years": range(this_year, this_year - 8, -1)}
    if isinstance(wanted, ItemList):
        context["change_tab"] = "new"
        context["page"] = pages.listing(request, wanted.query).page
    elif wanted.tab == "expired":
        context["change_tab"] = "expired"
        page = paginate(
            policies.expiries(year).only("pk", "item_id", "expires_on"), ("-expires_on", "-pk"), request.GET
        )
        context["page"] = page.with_rows(cards(row.item_id for row in page.rows))
    else:
        context["change_tab"] = "acts"
        page = paginate(policies.acts(year), ("-effective_on", "-pk"), request.GET)
        context["page"] = page.with_rows(policies.act_lines(page.rows))
    return render(request, "changes.html", title="规范性文件立改废", section="library", tab="changes", **context)
