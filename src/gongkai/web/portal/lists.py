"""Every list of the public site as a question to the index, so that a page, its feed and its export are the same list.

`LISTS` names the builder of each list page by its address name. A page, `feed.atom`, `feed.json`, `export.csv` and `export.json` at
the same address with the same query string all ask the builder, so they cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve
from django.utils import timezone

from gongkai.disclosure.public_tree import Body, RowPage, body, district, row_page
from gongkai.policies.integrated_topic import FACETS as TOPIC_FACETS
from gongkai.policies.integrated_topic import KINDS as TOPIC_KINDS
from gongkai.policies.integrated_topic import RELIEF
from gongkai.policies.library import DOCUMENTS, GROUP_FACET, LIBRARY_FACETS, NORMATIVE, SITE_FACETS, VALID
from gongkai.rules.tags import Dimension
from gongkai.rules.validity import Status
from gongkai.rules.vocabulary import vocabulary
from gongkai.search import SearchQuery, Sort
from gongkai.web.portal import questions
from gongkai.web.shared.dates import parse_day
from gongkai.web.shared.templating import CURSOR_PARAMETERS, address_of, stable_query

NORMATIVE_TABS = (
    ("in-force", "有效", VALID),
    ("expired", "失效", (Status.EXPIRED, Status.DECLARED_INVALID)),
    ("repealed", "废止", (Status.REPEALED,)),
    ("not-yet-effective", "尚未生效", (Status.NOT_YET_EFFECTIVE,)),
)
CHANGE_TABS = (("acts", "修改、废止、宣布失效"), ("new", "新制定"), ("expired", "有效期届满"))


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list of items: what the index is asked, and, when validity is sought for another day, that day and the statuses."""

    title: str
    query: SearchQuery
    body: Body | None = None
    """The body whose list it is."""
    as_of: date | None = None
    statuses: tuple[Status, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class ChangeList:
    """Lines of 立改废: acts on documents (`acts`), or terms that ended (`expired`); of one year or of all."""

    title: str
    tab: str
    year: int | None


@dataclass(frozen=True, slots=True)
class AnswerList:
    """依申请公开答复选登: answers with all words of `text`, of one body or of all."""

    title: str
    text: str = ""
    body: Body | None = None


PublicList = ItemList | ChangeList | AnswerList


@dataclass(frozen=True, slots=True)
class Alternates:
    """Addresses of the same list for programs, with the same query string."""

    atom: str
    json: str
    csv_export: str
    json_export: str


def alternates(request: HttpRequest) -> Alternates | None:
    """The feeds and exports of the list page asked for; None for a page that is no list."""
    match = request.resolver_match
    if match is None or match.view_name not in LISTS:
        return None
    query = stable_query(request.GET, without=(*CURSOR_PARAMETERS, "v", "fold"))
    path = request.path
    return Alternates(
        f"{path}feed.atom{query}", f"{path}feed.json{query}", f"{path}export.csv{query}", f"{path}export.json{query}"
    )


UNFOLLOWED = (*CURSOR_PARAMETERS, "v", "since", "sort", "fold")
"""Parameters that are no part of a list that is followed: place, mode, span and order."""


def to_follow(request: HttpRequest) -> str | None:
    """The address at which the list of the page asked for is followed by mail; None for what cannot be: lists as of a day, 立改废 acts,
    and what holds no items."""
    match = request.resolver_match
    name, tab = match.view_name if match else "", request.GET.get("tab", "acts")
    if not settings.GONGKAI_SUBSCRIPTIONS or name in ("portal:in-force-register", "portal:logged-answers"):
        return None
    if request.GET.get("as-of") or (name == "portal:changes" and tab != "new"):
        return None
    page = request.path + stable_query(request.GET, without=UNFOLLOWED)
    return f"{address_of('portal:subscription-new')}?{urlencode({'list': page})}"


def list_at(path: str, params: QueryDict) -> PublicList | None:
    """The list of the page at `path` (with its slash in front) with this query string; None when there is no such list."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    builder = LISTS.get(match.view_name)
    return builder(params, **match.kwargs) if builder else None


# --- builders ----------------------------------------------------------------------------------------------------------
def everything(params: QueryDict) -> ItemList:
    """All public items, newest first (the home page)."""
    return ItemList("最新公开", SearchQuery(sort=Sort.NEWEST))


def site_search(params: QueryDict) -> ItemList:
    """一站搜: the hits of the results page."""
    text, facets = questions.text_of(params), (*SITE_FACETS, GROUP_FACET)
    return ItemList(
        f"{text} - 一站搜" if text else "一站搜",
        SearchQuery(
            text=text,
            **questions.language(params),
            scope=questions.scope_of(params),
            filters=questions.filters(questions.selected(params, facets), facets),
            published_at=questions.published(params),
            sort=questions.sort_of(params),
        ),
    )


def library(params: QueryDict) -> ItemList:
    """政策文件库: words, 文号 in parts, facets, dates, and validity as of a day.

    Validity on another day is computed, so that its filter leaves the question to the index and comes back as `statuses`.
    """
    wanted = {**DOCUMENTS, **questions.filters(questions.selected(params, LIBRARY_FACETS), LIBRARY_FACETS)}
    if number := params.get("number", "").strip()[:8]:
        wanted["number"] = (number.lstrip("0") or "0",)
    sort, as_of, statuses = questions.sort_of(params), parse_day(params.get("as-of")), ()
    if as_of:
        statuses = tuple(Status(value) for value in wanted.pop("validity", ()) if value in list(Status))
        sort = Sort.OLDEST if sort is Sort.OLDEST else Sort.NEWEST
    query = SearchQuery(
        text=questions.text_of(params),
        **questions.language(params),
        scope=questions.scope_of(params),
        filters=wanted,
        document_date=questions.document_dates(params),
        sort=sort,
    )
    return ItemList("政策文件库", query, as_of=as_of, statuses=statuses)


def normative_tab(params: QueryDict) -> tuple[str, str, tuple[Status, ...]]:
    """The tab of 规范性文件库 asked for: key, label, statuses; the first one when there is no such tab."""
    key = params.get("status", "in-force")
    return next((tab for tab in NORMATIVE_TABS if tab[0] == key), NORMATIVE_TABS[0])


def normative(params: QueryDict) -> ItemList:
    """规范性文件库 by validity."""
    _, label, statuses = normative_tab(params)
    filters = {**NORMATIVE, "validity": tuple(status.value for status in statuses)}
    return ItemList(f"规范性文件库（{label}）", SearchQuery(filters=filters, sort=Sort.NEWEST))


def in_force_register(params: QueryDict) -> ItemList:
    """继续有效文件目录 as of a day (today when none is named), of all bodies or of one."""
    maker = body(code) if (code := params.get("organisation", "")) else None
    filters = {**NORMATIVE, **({"organisation": (str(maker.id),)} if maker else {})}
    day = parse_day(params.get("as-of")) or timezone.localdate()
    title = f"继续有效文件目录（截至{day.isoformat()}）"
    return ItemList(title, SearchQuery(filters=filters, sort=Sort.NEWEST), maker, day, VALID)


def changes(params: QueryDict) -> PublicList:
    """立改废: acts, new normative documents, terms that have ended."""
    tab, year = params.get("tab", "acts"), year_of(params)
    labels = dict(CHANGE_TABS)
    title = f"规范性文件立改废（{labels.get(tab, labels['acts'])}）"
    if tab == "new":
        filters = {**NORMATIVE, **({"year": (str(year),)} if year else {})}
        return ItemList(title, SearchQuery(filters=filters, sort=Sort.NEWEST))
    return ChangeList(title, "expired" if tab == "expired" else "acts", year)


def year_of(params: QueryDict) -> int | None:
    """The year asked for; None for none or nonsense."""
    text = params.get("year", "")
    return int(text) if len(text) == 4 and text.isdecimal() and text.isascii() and int(text) else None


def integrated_topic(params: QueryDict) -> ItemList:
    """政策解读集成式发布专题: tagged policies and interpretations, narrowed on the three dimensions."""
    specs = tuple(TOPIC_FACETS.values())
    chosen = questions.selected(params, specs)
    words = [vocabulary(spec.vocabulary).label(code) for spec in specs for code in chosen.get(spec.parameter, ())]
    title = "、".join(["政策解读集成式发布专题", *words])
    return ItemList(
        title, SearchQuery(filters={"kind": TOPIC_KINDS, **questions.filters(chosen, specs)}, sort=Sort.NEWEST)
    )


def enterprise_relief(params: QueryDict) -> ItemList:
    """助企纾困: 惠企 policies and what explains them, narrowed by a stage of the firm."""
    spec = TOPIC_FACETS[Dimension.ENTERPRISE]
    chosen = questions.selected(params, [spec])
    words = [vocabulary(spec.vocabulary).label(code) for code in chosen.get(spec.parameter, ())]
    filters = {**RELIEF, **questions.filters(chosen, [spec])}
    return ItemList("、".join(["助企纾困", *words]), SearchQuery(filters=filters, sort=Sort.NEWEST))


def row(params: QueryDict, row_id: int, code: str | None = None) -> ItemList | None:
    """The items of a catalogue row and of the rows under it, of all bodies or of one."""
    of, found = body(code) if code else None, row_page(row_id)
    return None if found is None or (code and of is None) else of_row(params, found, of)


def of_row(params: QueryDict, found: RowPage, of: Body | None) -> ItemList:
    """As `row`, for a row and a body at hand."""
    filters = {"catalogue_rows": (str(found.id),), **({"organisation": (str(of.id),)} if of else {})}
    sort = Sort.OLDEST if params.get("sort") == "oldest" else Sort.NEWEST
    return ItemList(found.label, SearchQuery(filters=filters, sort=sort), of)


def organisation(params: QueryDict, code: str) -> ItemList | None:
    """Everything a body has published."""
    return _of_body(code, "最新公开", {})


def body_policies(params: QueryDict, code: str) -> ItemList | None:
    """政策 of a body."""
    return _of_body(code, "政策", DOCUMENTS)


def disclosure_rules(params: QueryDict, code: str | None = None) -> ItemList | None:
    """政府信息公开制度 of a body; without a code, of the district government."""
    return of_kind("disclosure_rule", "政府信息公开制度", body(code) if code else district(), missing=bool(code))


def annual_reports(params: QueryDict, code: str | None = None) -> ItemList | None:
    """政府信息公开年度报告 of one body, or of all."""
    return of_kind("annual_report", "政府信息公开年度报告", body(code) if code else None, missing=bool(code))


def logged_answers(params: QueryDict) -> AnswerList | None:
    """依申请公开答复选登; None for a body that is not there."""
    code = params.get("organisation", "")
    found = body(code) if code else None
    if code and found is None:
        return None
    title = f"依申请公开答复选登 - {found.short_name}" if found else "依申请公开答复选登"
    return AnswerList(title, questions.text_of(params), found)


def of_kind(kind: str, label: str, of: Body | None, *, missing: bool = False) -> ItemList | None:
    """The items of one kind; None when a body was named (`missing`) that is not there."""
    if of is None and missing:
        return None
    filters = {"kind": (kind,), **({"organisation": (str(of.id),)} if of else {})}
    return ItemList(f"{label} - {of.short_name}" if of else label, SearchQuery(filters=filters, sort=Sort.NEWEST), of)


def _of_body(code: str, label: str, filters: Mapping[str, tuple[str, ...]]) -> ItemList | None:
    found = body(code)
    return found and of_body(found, label, filters)


def of_body(found: Body, label: str, filters: Mapping[str, tuple[str, ...]]) -> ItemList:
    """The items of a body at hand, narrowed by `filters`."""
    query = SearchQuery(filters={**filters, "organisation": (str(found.id),)}, sort=Sort.NEWEST)
    return ItemList(f"{label} - {found.short_name}", query, found)


LISTS: Mapping[str, Callable[..., PublicList | None]] = {
    "portal:home": everything,
    "portal:search": site_search,
    "portal:policy-library": library,
    "portal:normative": normative,
    "portal:in-force-register": in_force_register,
    "portal:changes": changes,
    "portal:logged-answers": logged_answers,
    "portal:integrated-topic": integrated_topic,
    "portal:enterprise-relief": enterprise_relief,
    "portal:row": row,
    "portal:body-row": row,
    "portal:organisation": organisation,
    "portal:body-policies": body_policies,
    "portal:disclosure-rules": disclosure_rules,
    "portal:body-disclosure-rules": disclosure_rules,
    "portal:annual-reports": annual_reports,
    "portal:body-annual-reports": annual_reports,
}
"""The builder of each list, by the name of its page. It gets the query string and the arguments of the address."""
