"""Every list as a table: CSV for spreadsheet programs, JSON for others; sent row by row, in constant memory at any length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from gongkai.api import serialising
from gongkai.api.json_text import json_text
from gongkai.api.lists import list_at
from gongkai.api.records import ItemSummary
from gongkai.api.serving import machine
from gongkai.disclosure.public_cards import cards
from gongkai.foi import answer_log
from gongkai.policies import library
from gongkai.policies.library import EXPORT_STEP, Entry, entries
from gongkai.rules.outcomes import outcomes
from gongkai.search import SearchQuery, Sort, search
from gongkai.web.portal.lists import AnswerList, ChangeList, ItemList, PublicList
from gongkai.web.shared.spreadsheets import BYTE_ORDER_MARK, line
from gongkai.web.shared.templating import absolute, address_of

WEIGHT = 10
"""An export counts as this many requests."""
HEADS = (
    "编号", "标题", "信息类型", "发文字号", "发文机关", "发布机构", "成文日期", "发布日期", "有效期至", "有效性", "规范性文件", "索引号",
    "内容概述", "网址",
)  # fmt: skip
ANSWER_HEADS = ("编号", "申请内容", "答复摘要", "办理结果", "答复机关", "答复日期", "公开日期", "网址")
ANSWER_FIELDS = ("id", "question", "answer", "outcome", "organisation", "decided_on", "public_from", "url")
ACT_HEADS = ("生效日期", "标题", "发文字号", "处理", "依据标题", "依据文号", "网址", "依据网址")


@machine(weight=WEIGHT)
def export(request: HttpRequest, address: str, form: str) -> StreamingHttpResponse:
    """The whole list at `/<address>`."""
    found = list_at(request, address)
    pieces = _csv(found) if form == "csv" else _json(found)
    first = list(
        islice(pieces, 2)
    )  # asks once before the answer begins, so that what cannot be answered is said properly
    kind = "text/csv; charset=utf-8" if form == "csv" else "application/json"
    response = StreamingHttpResponse(chain(first, pieces), content_type=kind)
    name = quote(f"{found.title}-{timezone.localdate().isoformat()}.{form}".replace("/", "_"), safe="")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response["Cache-Control"] = "no-store"
    return response


def _csv(found: PublicList) -> Iterator[str]:
    if isinstance(found, ChangeList) and found.tab == "acts":
        yield BYTE_ORDER_MARK + line(ACT_HEADS)
        yield from (line(_act_cells(one)) for one in _acts(found))
        return
    if isinstance(found, AnswerList):
        yield BYTE_ORDER_MARK + line(ANSWER_HEADS)
        yield from (line(cells) for cells in _answers(found))
        return
    yield BYTE_ORDER_MARK + line(HEADS)
    yield from (line(_cells(record)) for record in _records(found))


def _cells(record: ItemSummary) -> tuple[Any, ...]:
    return (
        record.id,
        record.title,
        record.kind.label,
        record.document_number,
        "、".join(record.issuing_agencies),
        record.organisation.name,
        record.document_date,
        record.published_on,
        record.expires_on,
        record.validity.label if record.validity else "",
        "是" if record.normative else "否",
        record.index_number,
        record.summary,
        record.url,
    )


def _act_cells(one: library.ActLine) -> tuple[Any, ...]:
    document, act = one.document, one.act
    return (
        one.on, document.title, document.document_number, one.label, act.title, act.document_number,
        serialising.item_url(document.id), serialising.item_url(act.id),
    )  # fmt: skip


def _json(found: PublicList) -> Iterator[str]:
    if isinstance(found, ChangeList) and found.tab == "acts":
        name, rows = "acts", (dict(zip(ACT_FIELDS, _act_cells(one), strict=True)) for one in _acts(found))
    elif isinstance(found, AnswerList):
        name, rows = "answers", (dict(zip(ANSWER_FIELDS, cells, strict=True)) for cells in _answers(found))
    else:
        name, rows = "items", _records(found)  # type: ignore[assignment]
    head = json_text({"title": found.title, "generated_at": timezone.now()})
    yield f'{head[:-1]},"{name}":['
    between = "\n"
    for row in rows:
        yield f"{between}{json_text(row)}"
        between = ",\n"
    yield "\n]}\n"


ACT_FIELDS = (
    "effective_on", "title", "document_number", "act", "act_title", "act_document_number", "url", "act_url",
)  # fmt: skip


# --- rows, a step at a time --------------------------------------------------------------------------------------------
def _records(found: ItemList | ChangeList) -> Iterator[ItemSummary]:
    if isinstance(found, ChangeList):
        return (serialising.summary(entry) for entry in _expiries(found))
    return (serialising.summary(entry, found.as_of) for entry in _entries(found))


def _entries(found: ItemList) -> Iterable[Entry]:
    sort = Sort.OLDEST if found.query.sort is Sort.OLDEST else Sort.NEWEST
    query = replace(found.query, sort=sort)
    if found.as_of:
        return library.scan_all(query, found.as_of, found.statuses)
    return _all(replace(query, limit=EXPORT_STEP))


def _all(query: SearchQuery) -> Iterator[Entry]:
    """Every hit, by the order of time: by relevance only the first thousand can be read."""
    while True:
        results = search(query)
        yield from entries(cards(results.ids))
        if results.next_cursor is None:
            return
        query = replace(query, after=results.next_cursor)


def _acts(found: ChangeList) -> Iterator[library.ActLine]:
    rows = library.acts(found.year).order_by("-effective_on", "-pk").iterator(chunk_size=EXPORT_STEP)
    while step := list(islice(rows, EXPORT_STEP)):
        yield from library.act_lines(step)


def _answers(found: AnswerList) -> Iterator[tuple[Any, ...]]:
    rows = answer_log.listed(found.text, found.body.id if found.body else None).order_by("-decided_on", "-pk")
    known = outcomes()
    for one in rows.iterator(chunk_size=EXPORT_STEP):
        yield (
            one.pk, one.question, one.answer, known[one.outcome].label if one.outcome in known else "", one.organisation.name,
            one.decided_on, one.public_from, absolute(address_of("portal:logged-answer", one.pk)),
        )  # fmt: skip


def _expiries(found: ChangeList) -> Iterator[Entry]:
    rows = library.expiries(found.year).order_by("-expires_on", "-pk").values_list("item_id", flat=True)
    ids = rows.iterator(chunk_size=EXPORT_STEP)
    while step := list(islice(ids, EXPORT_STEP)):
        yield from entries(cards(step))
