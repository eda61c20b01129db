"""The parameters that narrow lists and searches, and the question to the index they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone

from gongkai.api.parameters import Parameter, choice, day, flag, pattern, text, whole_number
from gongkai.api.problems import Fault, Problem
from gongkai.disclosure.public_tree import bodies
from gongkai.rules.validity import Status
from gongkai.rules.vocabulary import vocabulary
from gongkai.search import DateRange, Scope, SearchQuery, Sort, dictionaries
from gongkai.search.engine import Cursor
from gongkai.search.query import DEEPEST
from gongkai.web.portal.questions import LONGEST_TEXT, days_as_times

MOST, USUAL = 100, 20
"""Lines of a page: the most, and when nothing is said."""
SLUG = "[A-Za-z0-9_-]{1,40}"
LARGEST_ID = (1 << 31) - 1


def _codes(name: str) -> Any:
    return lambda: [term.code for term in vocabulary(name).terms]


KIND = choice(
    "kind", "信息类型，词表 item_kinds 的代码，可以重复", _codes("item_kinds"), many=True, example="interpretation"
)
ORGANISATION = pattern("organisation", "发布机构的代码", SLUG, "机构代码，见 /api/v1/organisations/", example="jyj")
SUBJECT = choice(
    "subject", "主题分类，词表 subjects 的代码，含下级，可以重复", _codes("subjects"), many=True, example="02"
)
GENRE = choice("genre", "体裁分类，词表 genres 的代码，可以重复", _codes("genres"), many=True, example="08")
AUDIENCE = choice("audience", "服务对象，词表 audiences 的代码，可以重复", _codes("audiences"), many=True)
VALIDITY = choice(
    "validity", "有效性，可以重复", lambda: [status.value for status in Status], many=True, example="in_force"
)
AGENCY = text("agency", "发文机关的名称", 100, shortest=1)
ROW = whole_number("row", "公开目录栏目的编号，含下级栏目，见 /api/v1/catalogues/", 1, LARGEST_ID)
MARK = text("mark", "发文字号中的机关代字", 30, shortest=1, example="谯政办")
YEAR = whole_number("year", "发文字号或者成文日期的年份", 1900, 2999, example="2025")
NUMBER = whole_number("number", "发文字号中的序号", 1, 999_999, example="1")
NORMATIVE = flag("normative", "true 只列行政规范性文件", example="true")
DATES = (
    day("document_from", "成文日期不早于", example="2025-01-01"),
    day("document_to", "成文日期不晚于"),
    day("published_from", "发布日期不早于", example="2026-01-01"),
    day("published_to", "发布日期不晚于"),
)
LIMIT = whole_number("limit", f"每页条数，最多 {MOST}", 1, MOST, default=USUAL, example="50")
AFTER = pattern("after", "上一页 next 所给的位置；请直接使用 next，不要自行拼写", "[0-9a-f]{1,16}", "上一页给出的位置")
AS_OF = day("as_of", "按哪一日计算有效性，默认为今日", example="2025-06-30")
_ORDERS = {Sort.NEWEST.value: "新的在前", Sort.OLDEST.value: "旧的在前"}
ORDER = choice(
    "sort", "顺序：newest 新的在前（默认），oldest 旧的在前", lambda: list(_ORDERS), default=Sort.NEWEST.value
)
RANK = choice(
    "sort",
    "顺序：relevance 按相关度（默认），newest 新的在前，oldest 旧的在前",
    lambda: [sort.value for sort in Sort],
    default=Sort.RELEVANCE.value,
)
WORDS = text("q", "检索词；可用引号括住词句，可直接写发文字号", LONGEST_TEXT, default="", example="医疗保险")
SCOPE = choice("scope", "all 全文（默认），title 标题", lambda: [s.value for s in Scope], default=Scope.ALL.value)

DOCUMENT_FILTERS = (
    ORGANISATION, AGENCY, SUBJECT, GENRE, AUDIENCE, VALIDITY, MARK, YEAR, NUMBER, NORMATIVE, ROW, *DATES,
)  # fmt: skip
"""What narrows a list of policy documents."""
FILTERS: Sequence[Parameter] = (KIND, *DOCUMENT_FILTERS)
"""What narrows any list."""

_FACETS = {
    "kind": "kind", "subject": "subjects", "genre": "genre", "audience": "audiences", "validity": "validity",
    "agency": "issuing_agencies", "mark": "mark", "year": "year", "number": "number", "row": "catalogue_rows",
}  # fmt: skip
"""Facet of the index by parameter, where the value is taken as it is."""


def query_of(values: Mapping[str, Any], fixed: Mapping[str, tuple[str, ...]] | None = None) -> SearchQuery:
    """The question that the parameters make, within `fixed` filters. Raises `Problem` (404) for a body that is not there."""
    wanted: dict[str, tuple[str, ...]] = {}
    for name, facet in _FACETS.items():
        value = values.get(name)
        if value not in (None, ()):
            wanted[facet] = tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)
    if values.get("normative"):
        wanted["normative"] = ("1",)
    if code := values.get("organisation"):
        wanted["organisation"] = (str(body_id(code)),)
    sort = Sort(values.get("sort") or Sort.NEWEST)
    query = SearchQuery(
        text=values.get("q") or "",
        synonyms=dictionaries.in_force(),
        today=timezone.localdate(),
        scope=Scope(values.get("scope") or Scope.ALL),
        filters={**wanted, **(fixed or {})},
        document_date=DateRange(values.get("document_from"), values.get("document_to")),
        published_at=days_as_times(values.get("published_from"), values.get("published_to")),
        sort=sort,
        limit=values["limit"],
    )
    return _from_place(query, values.get("after"))


def _from_place(query: SearchQuery, place: str | None) -> SearchQuery:
    """The question from a place in the list on. A place is the value of a cursor alone, so that any is one of this list."""
    if place is None:
        return query
    sort, value = query.effective_sort, int(place, 16)
    if sort is Sort.RELEVANCE:
        value = min(value, DEEPEST)
    return replace(query, after=str(Cursor(sort, value)))


def place_of(cursor: str | None) -> str | None:
    """The place a cursor of the index names, for `after`."""
    return cursor[1:] if cursor else None


def body_id(code: str) -> int:
    """The id of the body with this code. Raises `Problem` (404)."""
    for body in bodies():
        if body.code == code:
            return body.id
    detail = "没有这个机构，代码见 /api/v1/organisations/。"
    raise Problem(404, f"organisation：{detail}", [Fault("organisation", detail)])
