"""The addresses of API v1: what each takes, what it answers, and the function that answers it.

`ENDPOINTS` is the one declaration: addresses, reading of parameters, OpenAPI document and the page for people are made from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from gongkai.api import filters, records, serialising
from gongkai.api.parameters import Parameter, choice, flag, pattern, whole_number
from gongkai.api.problems import Fault, Problem
from gongkai.disclosure import public
from gongkai.disclosure.public import Withdrawn
from gongkai.disclosure.public_cards import cards
from gongkai.disclosure.public_changes import change_lines
from gongkai.disclosure.public_tree import GRASSROOTS, STATUTORY, Node, bodies, counts, tree
from gongkai.policies import library
from gongkai.policies.library import DOCUMENTS, POLICY_DOCUMENT, SITE_FACETS, entries
from gongkai.rules.validity import Status
from gongkai.rules.vocabulary import NAMES, vocabulary
from gongkai.search import SearchQuery, search
from gongkai.web.shared.templating import absolute, address_of, stable_query

VOCABULARIES = tuple(name for name in NAMES if name != "roles")
"""Vocabularies the public needs; that of the office's roles is its own affair."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: values of the parameters by name, those in the address included."""

    request: HttpRequest
    values: Mapping[str, Any]

    def next_page(self, place: str | None) -> str | None:
        """The address of the page that begins after `place`."""
        if place is None:
            return None
        query = self.request.GET.copy()
        query["after"] = place
        return absolute(f"{self.request.path}{stable_query(query)}")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address of the API."""

    name: str
    route: str
    """Below `/api/v1/`, in the notation of Django."""
    title: str
    description: str
    record: type
    answer: Callable[[Question], Any]
    parameters: tuple[Parameter, ...] = ()
    problems: tuple[int, ...] = ()
    """Statuses it may answer with besides those every address may."""
    example: str = ""
    """Below `/api/v1/`, for people to try."""


# --- lists -------------------------------------------------------------------------------------------------------------
def items(question: Question) -> records.ItemPage:
    """Items, newest first or oldest first: three queries."""
    return _page(question, filters.query_of(question.values))


def _page(question: Question, query: SearchQuery) -> records.ItemPage:
    results = search(query)
    lines = tuple(serialising.summary(entry) for entry in entries(cards(results.ids)))
    return records.ItemPage(lines, results.total, question.next_page(filters.place_of(results.next_cursor)))


def documents(question: Question) -> records.ItemPage:
    """Policy documents with their validity, today or on another day."""
    day = question.values["as_of"]
    if day is None:
        return _page(question, filters.query_of(question.values, DOCUMENTS))
    statuses = [Status(value) for value in question.values["validity"] or ()]
    query = filters.query_of({**question.values, "validity": ()}, DOCUMENTS)
    found, after = library.scan(query, day, statuses, query.limit)
    lines = tuple(serialising.summary(entry, day) for entry in found)
    return records.ItemPage(lines, None, question.next_page(filters.place_of(after)))


def search_items(question: Question) -> records.SearchPage:
    """一站搜 with its facets."""
    query = filters.query_of(question.values)
    wanted = library.wanted(SITE_FACETS) if question.values["facets"] else {}
    results = search(replace(query, facets=wanted))
    lines = tuple(serialising.summary(entry) for entry in entries(cards(results.ids)))
    chosen = {spec.parameter: question.values.get(spec.parameter) or () for spec in SITE_FACETS}
    chosen = {name: _texts(value) for name, value in chosen.items()}
    shown = library.facets(results, SITE_FACETS, chosen) if wanted else ()
    place = question.next_page(filters.place_of(results.next_cursor))
    return records.SearchPage(lines, results.total, results.relaxed, tuple(map(_facet, shown)), place)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple) else ()


def _facet(facet: library.Facet) -> records.FacetRecord:
    every = [one for value in facet.values for one in (value, *value.children)]
    values = (records.FacetValueRecord(value.value, value.label, value.count) for value in every)
    return records.FacetRecord(facet.parameter, facet.label, tuple(values))


def changes(question: Question) -> records.ChangePage:
    """What was published, corrected and withdrawn, in the order in which it happened: one query."""
    limit = question.values["limit"]
    lines = change_lines(after=question.values["after"], limit=limit + 1)
    shown = tuple(
        records.ChangeLineRecord(
            line.id,
            line.at,
            line.what,
            line.note,
            line.item_id,
            line.index_number,
            line.withdrawn,
            serialising.item_url(line.item_id),
            serialising.item_api_url(line.item_id),
        )
        for line in lines[:limit]
    )
    return records.ChangePage(shown, question.next_page(str(shown[-1].id)) if len(lines) > limit else None)


# --- one item ----------------------------------------------------------------------------------------------------------
def item(question: Question) -> records.ItemDetail:
    """One item, or one of its editions: at most eight queries."""
    number = question.values.get("number")
    day = question.values.get("as_of") or timezone.localdate()
    found = public.item_page(question.values["item_id"], number=number, on=day)
    if isinstance(found, Withdrawn):
        raise Problem(410, _withdrawn(found))
    if found is None:
        raise Problem(404, "没有这条公开信息，请核对编号；可以通过 /api/v1/search/ 查找。")
    return serialising.detail(found, day)


def document(question: Question) -> records.ItemDetail:
    """As `item`, for policy documents alone."""
    found = item(question)
    if found.kind.code != POLICY_DOCUMENT:
        raise Problem(404, f"这条信息不是政策文件，请使用 {found.api_url}。")
    return found


def _withdrawn(found: Withdrawn) -> str:
    reason = vocabulary("withdrawal_reasons").get(found.reason)
    parts = (reason.note if reason and reason.note else "该信息已撤回，不再公开。", found.note)
    if found.number is not None:
        label = f"原因：{reason.label}。" if reason else ""
        parts = (f"第 {found.number} 版已停止公开，{label}", "更正后的内容请查看现行版本。")
    return "".join(part for part in (f"索引号 {found.index_number}：", *parts) if part)


# --- bodies, vocabularies, catalogues ----------------------------------------------------------------------------------
def organisations(question: Question) -> records.BodyList:
    """All bodies with the number of their items."""
    found, numbers = bodies(), counts("organisation")
    codes = {body.id: body.code for body in found}
    return records.BodyList(tuple(serialising.body(body, codes, numbers.get(str(body.id), 0)) for body in found))


def organisation(question: Question) -> records.BodyRecord:
    """One body."""
    wanted = question.values["code"]
    for found in organisations(question).organisations:
        if found.code == wanted:
            return found
    raise Problem(404, "没有这个机构，代码见 /api/v1/organisations/。", [Fault("code", "没有这个机构。")])


def vocabularies(question: Question) -> records.VocabularyList:
    """The code lists."""
    found = [vocabulary(name) for name in VOCABULARIES]
    return records.VocabularyList(
        tuple(
            records.VocabularyReference(
                one.name,
                one.title,
                one.version,
                one.source,
                one.effective_from,
                absolute(address_of("api:vocabulary", one.name)),
            )
            for one in found
        )
    )


def vocabulary_terms(question: Question) -> records.VocabularyRecord:
    """One code list with its terms."""
    found = vocabulary(question.values["name"])
    terms = tuple(records.TermRecord(term.code, term.label, term.parent, term.note) for term in found.terms)
    return records.VocabularyRecord(found.name, found.title, found.version, found.source, found.effective_from, terms)


def catalogue(question: Question) -> records.CatalogueRecord:
    """The rows of a current catalogue with the number of their items: one query."""
    code = question.values["code"]
    return records.CatalogueRecord(code, tuple(_rows(tree(code))))


def _rows(nodes: tuple[Node, ...]) -> list[records.CatalogueRowRecord]:
    found = []
    for node in nodes:
        found.append(
            records.CatalogueRowRecord(
                node.id,
                node.code,
                node.label,
                node.parent_id,
                node.depth,
                node.statutory_class,
                node.count,
                absolute(address_of("portal:row", node.id)),
            )
        )
        found += _rows(node.children)
    return found


# --- the declaration ---------------------------------------------------------------------------------------------------
ITEM_ID = whole_number("item_id", "信息编号", 1, filters.LARGEST_ID, in_path=True, example="1")
EDITION = whole_number("number", "版次", 1, 999_999, in_path=True, example="1")
BODY_CODE = pattern("code", "机构代码", filters.SLUG, "机构代码", in_path=True)
VOCABULARY = choice("name", "词表代号", lambda: list(VOCABULARIES), in_path=True)
CATALOGUE = choice(
    "code",
    "目录代码：statutory 法定主动公开内容，grassroots 基层政务公开标准目录",
    lambda: [STATUTORY, GRASSROOTS],
    in_path=True,
)
FACETS = flag("facets", "是否同时给出各项筛选条件的条数，默认 true", default=True)
AFTER_CHANGE = whole_number("after", "只要编号大于此数的记录", 0, (1 << 53) - 1, default=0, example="0")
PAGING = (filters.ORDER, filters.LIMIT, filters.AFTER)

ENDPOINTS = (
    Endpoint(
        "items", "items/", "信息列表", "全部公开信息，可以按条件筛选，按发布时间排列。", records.ItemPage, items,
        (*filters.FILTERS, *PAGING), (404,), "items/?kind=interpretation&limit=5",
    ),
    Endpoint(
        "item", "items/<str:item_id>/", "信息详情", "一条信息的全部要素、正文、附件、关联、引用、历次版本和变更记录。已撤回的，返回 410 和撤回原因。",
        records.ItemDetail, item, (ITEM_ID, filters.AS_OF), (404, 410),
    ),
    Endpoint(
        "edition", "items/<str:item_id>/editions/<str:number>/", "信息的历史版本", "一条信息某一版次的内容。",
        records.ItemDetail, item, (ITEM_ID, EDITION), (404, 410),
    ),
    Endpoint(
        "documents", "documents/", "政策文件列表", "政策文件及其有效性；给出 as_of 的，按该日计算有效性，不列该日之后成文的文件。",
        records.ItemPage, documents, (*filters.DOCUMENT_FILTERS, filters.AS_OF, *PAGING), (404,),
        "documents/?normative=true&validity=in_force&as_of=2025-12-31",
    ),
    Endpoint(
        "document", "documents/<str:item_id>/", "政策文件详情", "同信息详情，仅限政策文件；可以用 as_of 查看某一日的有效性。",
        records.ItemDetail, document, (ITEM_ID, filters.AS_OF), (404, 410),
    ),
    Endpoint(
        "search", "search/", "检索", "与“一站搜”相同的检索，同时给出各项筛选条件的条数。按相关度排列的，最多翻到前 1000 条。",
        records.SearchPage, search_items,
        (filters.WORDS, filters.SCOPE, *filters.FILTERS, FACETS, filters.RANK, filters.LIMIT, filters.AFTER), (404,),
        "search/?q=医疗保险&limit=5",
    ),
    Endpoint(
        "changes", "changes/", "变更记录", "信息公开、更正、撤回的记录，自早至晚，供其他系统增量同步：记下最后一条的编号，下次从它之后取。",
        records.ChangePage, changes, (AFTER_CHANGE, filters.LIMIT), (), "changes/?after=0&limit=5",
    ),
    Endpoint(
        "organisations", "organisations/", "公开机构", "全部公开机构及其联系方式。", records.BodyList, organisations,
        example="organisations/",
    ),
    Endpoint(
        "organisation", "organisations/<str:code>/", "公开机构详情", "一个机构及其联系方式。", records.BodyRecord, organisation,
        (BODY_CODE,), (404,),
    ),
    Endpoint(
        "catalogue", "catalogues/<str:code>/", "公开目录", "现行公开目录的全部栏目和条数。", records.CatalogueRecord, catalogue,
        (CATALOGUE,), (404,), "catalogues/statutory/",
    ),
    Endpoint(
        "vocabularies", "vocabularies/", "词表", "分类和代码词表。", records.VocabularyList, vocabularies,
        example="vocabularies/",
    ),
    Endpoint(
        "vocabulary", "vocabularies/<str:name>/", "词条", "一份词表的全部词条。", records.VocabularyRecord, vocabulary_terms,
        (VOCABULARY,), (404,), "vocabularies/subjects/",
    ),
)  # fmt: skip
"""Every address of API v1."""
