"""政策文件库: the library with its facets, 规范性文件库, 继续有效文件目录, 立改废."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.disclosure.public_cards import cards
from gongkai.disclosure.public_tree import body
from gongkai.policies import library as policies
from gongkai.policies.library import DOCUMENTS, LIBRARY_FACETS, NORMATIVE, VALID
from gongkai.rules.validity import Status
from gongkai.search import SearchQuery, Sort, search
from gongkai.web.portal import pages
from gongkai.web.portal.organisations import groups
from gongkai.web.portal.pages import Listing, render
from gongkai.web.shared.dates import parse_day
from gongkai.web.shared.pager import Page, paginate

NORMATIVE_TABS = (
    ("in-force", "有效", VALID),
    ("expired", "失效", (Status.EXPIRED, Status.DECLARED_INVALID)),
    ("repealed", "废止", (Status.REPEALED,)),
    ("not-yet-effective", "尚未生效", (Status.NOT_YET_EFFECTIVE,)),
)
CHANGE_TABS = (("acts", "修改、废止、宣布失效"), ("new", "新制定"), ("expired", "有效期届满"))
REGISTER_SIZE = 100


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """The library: words, 文号 in parts, facets with counts, and validity as of a day."""
    params = request.GET
    chosen = pages.selected(params, LIBRARY_FACETS)
    filters = {**DOCUMENTS, **pages.filters(chosen, LIBRARY_FACETS)}
    if number := params.get("number", "").strip()[:8]:
        filters["number"] = (number.lstrip("0") or "0",)
    as_of = parse_day(params.get("as-of"))
    query = SearchQuery(
        text=pages.text_of(params),
        scope=pages.scope_of(params),
        filters=filters,
        document_date=pages.document_dates(params),
        sort=pages.sort_of(params),
        facets=policies.wanted(LIBRARY_FACETS),
    )
    shown = _as_of(request, query, as_of) if as_of else pages.listing(request, query)
    return render(
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
        narrowed=bool(query.text or chosen or number or as_of or params.get("from") or params.get("to")),
    )


def _as_of(request: HttpRequest, query: SearchQuery, day: date) -> Listing:
    """The list as it stood on `day`: validity is computed for that day, so its facet filters what was found."""
    statuses = [Status(value) for value in query.filters.get("validity", ()) if value in list(Status)]
    filters = {name: values for name, values in query.filters.items() if name != "validity"}
    sort = Sort.OLDEST if query.sort is Sort.OLDEST else Sort.NEWEST
    facets = {name: wanted for name, wanted in query.facets.items() if name != "validity"}
    results = search(replace(query, filters=filters, facets=facets, sort=sort, limit=0))
    timely = replace(query, filters=filters, sort=sort, after=request.GET.get("after") or None)
    found, after = pages.checked(lambda: policies.scan(timely, day, statuses, pages.LIST_SIZE))
    return Listing(Page(tuple(found), after=after), results)


@require_safe
def normative(request: HttpRequest) -> HttpResponse:
    """规范性文件库: the normative documents by validity."""
    tab = request.GET.get("status", "in-force")
    statuses = next((found for key, _, found in NORMATIVE_TABS if key == tab), VALID)
    filters = {**NORMATIVE, "validity": tuple(status.value for status in statuses)}
    shown = pages.listing(request, SearchQuery(filters=filters, sort=Sort.NEWEST, facets={"validity": 10}))
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
        current=tab,
    )


@require_safe
def in_force_register(request: HttpRequest) -> HttpResponse:
    """继续有效文件目录 as of a day: a table to print."""
    day, organisation = _register_question(request)
    after = request.GET.get("after") or None
    found, following = pages.checked(
        lambda: policies.in_force(
            day, organisation=organisation.id if organisation else None, after=after, size=REGISTER_SIZE
        )
    )
    return render(
        request,
        "in_force_register.html",
        title="继续有效文件目录",
        section="library",
        tab="in-force-register",
        day=day,
        body=organisation,
        groups=groups(),
        page=Page(tuple(found), after=following),
        start=after is None,
    )


@require_safe
def in_force_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The whole register as a table for a spreadsheet program (UTF-8 with a byte order mark, which they need)."""
    day, organisation = _register_question(request)
    response = StreamingHttpResponse(
        _register_lines(day, organisation.id if organisation else None), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="in-force-register-{day.isoformat()}.csv"'
    return response


def _register_question(request: HttpRequest) -> tuple[date, Any]:
    organisation = body(code) if (code := request.GET.get("organisation", "")) else None
    return parse_day(request.GET.get("as-of")) or timezone.localdate(), organisation


def _register_lines(day: date, organisation: int | None) -> Iterator[str]:
    heads = ("标题", "发文字号", "发文机关", "成文日期", "发布日期", "有效期至", "有效性", "索引号")
    yield "\ufeff" + _line(heads)
    for entry in policies.in_force_all(day, organisation):
        card, validity = entry.card, entry.validity
        yield _line(
            (
                card.title,
                card.document_number,
                "、".join(card.issuing_agencies),
                card.document_date or "",
                card.shown_on or "",
                card.expires_on or "",
                validity.status.label if validity else "",
                card.index_number,
            )
        )


def _line(cells: tuple[object, ...]) -> str:
    """One line of the table. A cell that a spreadsheet program would take for a formula is made plain text."""
    texts = [str(cell) for cell in cells]
    buffer = io.StringIO()
    csv.writer(buffer).writerow([f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text for text in texts])
    return buffer.getvalue()


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """立改废: acts on documents, new normative documents, and terms that have ended."""
    tab = request.GET.get("tab", "acts")
    year_text = request.GET.get("year", "")
    year = int(year_text) if len(year_text) == 4 and year_text.isdecimal() else None
    this_year = timezone.localdate().year
    context: dict[str, Any] = {
        "tabs": CHANGE_TABS,
        "change_tab": tab,
        "year": year,
        "years": range(this_year, this_year - 8, -1),
    }
    if tab == "new":
        filters = {**NORMATIVE, **({"year": (str(year),)} if year else {})}
        context["page"] = pages.listing(request, SearchQuery(filters=filters, sort=Sort.NEWEST)).page
    elif tab == "expired":
        page = paginate(
            policies.expiries(year).only("pk", "item_id", "expires_on"), ("-expires_on", "-pk"), request.GET
        )
        context["page"] = page.with_rows(cards(row.item_id for row in page.rows))
    else:
        context["change_tab"] = "acts"
        page = paginate(policies.acts(year), ("-effective_on", "-pk"), request.GET)
        context["page"] = page.with_rows(policies.act_lines(page.rows))
    return render(request, "changes.html", title="规范性文件立改废", section="library", tab="changes", **context)
