"""专题 in the office: the list, the editor of blocks, the preview, and what becomes of a topic.

The editor is one form that is posted whole: every button of it adds, moves or removes a block or a row and gives back what was typed,
so that it works without script and nothing is lost; only 保存 writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from gongkai.organisations.selectors import organisations_where
from gongkai.policies import topics
from gongkai.policies.models import Topic
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.topics import MOST_BLOCKS, MOST_ROWS, MOST_SHOWN, ROWS, BlockKind, check_blocks
from gongkai.search.saved_queries import to_json
from gongkai.web.office.pages import office_page, saying_refusals, show
from gongkai.web.portal.lists import ItemList, list_at
from gongkai.web.portal.topics import topic_page
from gongkai.web.shared.forms import Form
from gongkai.web.shared.pager import paginate
from gongkai.web.shared.templating import CURSOR_PARAMETERS, stable_query
from gongkai.workflow.engine import require

PAGE = 30
LEAST_ROWS = 2
"""Rows an empty block of figures or an empty timeline offers."""
Block = dict[str, Any]


class TopicForm(Form):
    """A new topic."""

    organisation = forms.ChoiceField(label="所属单位")
    title = forms.CharField(label="专题名称", max_length=60)
    slug = forms.CharField(
        label="网址中的名称",
        max_length=60,
        help_text="小写字母、数字和连字符，如 yin-ling-zhu-can；建立后不再改变。",
    )

    def __init__(self, bodies: Sequence[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [(str(pk), name) for pk, name in bodies]  # type: ignore[attr-defined]


@office_page()
def topic_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Topics of one's bodies, last written first."""
    page = paginate(topics.office_topics(actor), ("-edited_at", "-pk"), request.GET, PAGE)
    may_create = organisations_where(actor, Action.MANAGE_TOPIC).exists()
    return show(request, actor, "topics.html", {"page": page, "may_create": may_create, "section": "topics"})


@office_page("GET", "POST")
def create_topic(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Name a topic and begin to write it."""
    bodies = list(organisations_where(actor, Action.MANAGE_TOPIC).values_list("pk", "short_name"))
    if not bodies:
        raise Refused(can(actor, Action.MANAGE_TOPIC, Subject(None)).reasons)
    posted = request.method == "POST"
    form = TopicForm(bodies, request.POST) if posted else TopicForm(bodies)
    if posted and form.is_valid():
        values = form.cleaned_data
        try:
            topic = topics.create_topic(
                actor=actor, organisation_id=int(values["organisation"]), title=values["title"], slug=values["slug"]
            )
            messages.success(request, "已建立，请增加板块。")
            return redirect("office:topic", topic_id=topic.pk)
        except Refused as refusal:
            form.add_reasons(refusal.reasons)
    return show(request, actor, "create_topic.html", {"form": form, "section": "topics"}, 422 if posted else 200)


@office_page("GET", "POST")
def edit_topic(request: HttpRequest, actor: Actor, topic_id: int) -> HttpResponse:
    """The editor."""
    topic = topics.topic_for(actor, topic_id)
    require(actor, Action.MANAGE_TOPIC, Subject(topic.organisation_id))
    if request.method != "POST":
        numbers = topics.references(topic.draft_blocks)
        return _editor(
            request, actor, topic, topic.draft_title, topic.draft_summary, _typed(topic.draft_blocks, numbers)
        )
    posted, button = request.POST, request.POST.get("do", "save")
    if button == "delete":
        return _delete(request, actor, topic)
    title, summary = posted.get("title", ""), posted.get("summary", "")
    blocks = _posted_blocks(posted)
    if button != "save":
        return _editor(request, actor, topic, title, summary, _pressed(blocks, button), moved=True)
    try:
        topics.save_topic(
            actor=actor, topic_id=topic.pk, revision=_whole(posted.get("revision")), title=title, summary=summary,
            blocks=[_ready(block) for block in blocks],
        )  # fmt: skip
        messages.success(request, "已保存草稿。")
        return redirect("office:topic", topic_id=topic.pk)
    except Refused as refusal:
        if "role" in refusal.codes:
            raise
        return _editor(request, actor, topic, title, summary, blocks, refusal.reasons)


def _delete(request: HttpRequest, actor: Actor, topic: Topic) -> HttpResponse:
    """Throw away the draft that the form was made from."""
    with saying_refusals(request):
        topics.delete_topic(actor=actor, topic_id=topic.pk, revision=_whole(request.POST.get("revision")))
        messages.success(request, "专题草稿已删除。")
        return redirect("office:topics")
    return redirect("office:topic", topic_id=topic.pk)


def _editor(
    request: HttpRequest, actor: Actor, topic: Topic, title: str, summary: str, blocks: list[Block],
    reasons: Sequence[Reason] = (), *, moved: bool = False,
) -> HttpResponse:  # fmt: skip
    """The form with these blocks; `moved` says that its buttons have changed what is not saved yet."""
    for block in blocks:
        if cells := ROWS.get(BlockKind(block["kind"])):
            empty = dict.fromkeys([cell.name for cell in cells], "")
            block["rows"] = [*block["rows"], *[dict(empty) for _ in range(LEAST_ROWS - len(block["rows"]))]]
    context = {
        "topic": topic,
        "title_typed": title,
        "summary_typed": summary,
        "blocks": blocks,
        "kinds": list(BlockKind),
        "cells": ROWS,
        "most_rows": MOST_ROWS,
        "most_blocks": MOST_BLOCKS,
        "most_shown": MOST_SHOWN,
        "reasons": reasons,
        "wrong": {reason.field for reason in reasons},
        "moved": moved,
        "missing": () if reasons or moved else check_blocks(topic.draft_blocks, complete=True),
        "may_publish": can(actor, Action.PUBLISH_TOPIC, Subject(topic.organisation_id)),
        "section": "topics",
    }
    return show(request, actor, "topic.html", context, 422 if reasons else 200)


@office_page()
def preview_topic(request: HttpRequest, actor: Actor, topic_id: int) -> HttpResponse:
    """The public page of the draft."""
    topic = topics.topic_for(actor, topic_id)
    return topic_page(request, topic, topic.draft_title, topic.draft_summary, topic.draft_blocks, preview=True)


@office_page("POST")
def publish_topic(request: HttpRequest, actor: Actor, topic_id: int) -> HttpResponse:
    """Make the draft public that the form was made from."""
    with saying_refusals(request):
        topics.publish_topic(actor=actor, topic_id=topic_id, revision=_whole(request.POST.get("revision")))
        messages.success(request, "已发布。")
    return redirect("office:topics")


@office_page("POST")
def archive_topic(request: HttpRequest, actor: Actor, topic_id: int) -> HttpResponse:
    """End a topic; its page stays."""
    with saying_refusals(request):
        topics.archive_topic(actor=actor, topic_id=topic_id)
        messages.success(request, "已归档，页面仍可查阅。")
    return redirect("office:topics")


@office_page("POST")
def reopen_topic(request: HttpRequest, actor: Actor, topic_id: int) -> HttpResponse:
    """Take an archived topic up again."""
    with saying_refusals(request):
        topics.reopen_topic(actor=actor, topic_id=topic_id)
        messages.success(request, "已恢复。")
    return redirect("office:topics")


# --- the form ----------------------------------------------------------------------------------------------------------
def _typed(blocks: Sequence[Mapping[str, Any]], numbers: Mapping[int, str]) -> list[Block]:
    """Stored blocks as the editor shows them: items by 索引号."""
    found = []
    for block in blocks:
        typed = {**block, "items": "\n".join(numbers[pk] for pk in block.get("items", ()))}
        typed["rows"] = [{**row, "item": numbers.get(row.get("item"), "")} for row in block.get("rows", ())]
        found.append(typed)
    return found


def _posted_blocks(posted: QueryDict) -> list[Block]:
    """The blocks of a posted form as typed; rows with nothing in them are left out."""
    found = []
    for number in range(1, min(_whole(posted.get("count")), 2 * MOST_BLOCKS) + 1):
        kind = posted.get(f"block-{number}-kind", "")
        if kind not in set(BlockKind):
            continue
        names = ("heading", "address", "limit", "items", "text")
        block: Block = {name: _text(posted, f"block-{number}-{name}") for name in names}
        rows = []
        for place in range(1, min(_whole(posted.get(f"block-{number}-rows")), 100) + 1):
            cells = {
                c.name: _text(posted, f"block-{number}-row-{place}-{c.name}") for c in ROWS.get(BlockKind(kind), ())
            }
            rows += [cells] if any(cells.values()) else []
        found.append({**block, "kind": kind, "rows": rows})
    return found


def _pressed(blocks: list[Block], button: str) -> list[Block]:
    """The blocks after a button: ``add-<kind>``, ``up-<n>``, ``down-<n>``, ``remove-<n>``, ``row-<n>``, counted from 1."""
    what, _, which = button.partition("-")
    place = _whole(which) - 1
    if what == "add" and which in set(BlockKind) and len(blocks) < MOST_BLOCKS:
        blocks.append({"kind": which, "heading": "", "address": "", "limit": "8", "items": "", "text": "", "rows": []})
    elif not 0 <= place < len(blocks):
        return blocks
    elif what == "remove":
        del blocks[place]
    elif what == "row" and (cells := ROWS.get(BlockKind(blocks[place]["kind"]))):
        rows = blocks[place]["rows"]
        rows.extend([{cell.name: "" for cell in cells} for _ in range(max(1, LEAST_ROWS + 1 - len(rows)))])
    elif what in ("up", "down") and 0 <= (other := place + (1 if what == "down" else -1)) < len(blocks):
        blocks[place], blocks[other] = blocks[other], blocks[place]
    return blocks


def _ready(block: Block) -> Block:
    """A typed block as the action takes it: items as a list, the list at an address as a question that can be kept."""
    kind = BlockKind(block["kind"])
    made = {"kind": kind.value, "heading": block["heading"]}
    if kind is BlockKind.QUERY:
        address, query = kept_list(block["address"])
        return {**made, "address": address, "query": query, "limit": block["limit"]}
    if kind is BlockKind.ITEMS:
        return {**made, "items": [line.strip() for line in block["items"].splitlines() if line.strip()]}
    return {**made, "text": block["text"]} if kind is BlockKind.TEXT else {**made, "rows": block["rows"]}


def kept_list(address: str) -> tuple[str, dict[str, Any] | None]:
    """The list at an address of this site as people copy it: its address without place and mode, and the question to keep.

    None for what is no list of items: another page, lists as of a day, acts of 立改废. Which site stands in front is not
    asked: clerks copy addresses inside and outside the government's network.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return address, None
    params = QueryDict(parts.query)
    found = list_at(parts.path, params) if address else None
    if not isinstance(found, ItemList) or found.as_of:
        return address, None
    return parts.path + stable_query(params, without=(*CURSOR_PARAMETERS, "v", "since")), to_json(found.query)


def _text(posted: QueryDict, name: str) -> str:
    return posted.get(name, "").replace("\x00", "").strip()


def _whole(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
