"""专题: reading, preparing, publishing, archiving, deleting; the blocks as pages show them.

A query block keeps the question, not the answer, and items are read by identifier when the page is made: what is corrected, repealed
or withdrawn in the register is so in every topic at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.html import linebreaks

from gongkai.audit.generation import PerGeneration
from gongkai.audit.log import Entry, record
from gongkai.disclosure.models import Item
from gongkai.disclosure.public_cards import cards
from gongkai.disclosure.sanitising import sanitise
from gongkai.organisations.actors import NotVisible
from gongkai.policies.library import Entry as Shown
from gongkai.policies.library import entries
from gongkai.policies.models import Topic, TopicState
from gongkai.policies.personal_data import personal_data_reasons
from gongkai.rules.access import Action, Actor, Role, Subject, visible_organisations
from gongkai.rules.publication import State
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.topics import ROWS, BlockKind, block_reason, check_blocks, check_topic
from gongkai.search import InvalidQuery, SearchQuery, SearchUnavailable, saved_queries, search
from gongkai.text.analysis import words
from gongkai.workflow.engine import require

MOST_ABOUT = 3
"""Topics named above the hits of a search."""
_ADDRESS = re.compile(r"/items/([0-9]{1,18})/")


# --- reading -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ShownRow:
    """A figure or a line of a timeline; `item` is the public item it rests on."""

    cells: Mapping[str, str]
    item: Shown | None = None


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block as pages show it."""

    kind: BlockKind
    heading: str
    entries: Sequence[Shown] = ()
    html: str = ""
    rows: Sequence[ShownRow] = ()
    address: str = ""
    """Of the whole list of a query block, on this site."""
    total: int = 0
    searchable: bool = True
    """False while the index does not answer a query block."""


def public_topics() -> list[Topic]:
    """Topics the public may read without their blocks, the newest first: one query."""
    return list(
        Topic.objects.exclude(state=TopicState.DRAFT)
        .defer("blocks", "draft_blocks")
        .select_related("organisation")
        .order_by("-published_at", "-pk")[:500]
    )


def topics_about(text: str) -> list[tuple[str, str]]:
    """(slug, title) of public topics whose title and summary have all words of a question; at most three, archived ones last.

    Read once while nothing public changes, so that a search costs no query.
    """
    wanted = frozenset(words(text))
    return [(slug, title) for slug, title, said in _titles() if wanted and wanted <= said][:MOST_ABOUT]


def _read_titles() -> list[tuple[str, str, frozenset[str]]]:
    found = sorted(public_topics(), key=lambda topic: topic.state == TopicState.ARCHIVED)
    return [(topic.slug, topic.title, frozenset(words(f"{topic.title}\n{topic.summary}"))) for topic in found]


_titles = PerGeneration(_read_titles)


def public_topic(slug: str) -> Topic | None:
    """The topic at this address, archived ones too."""
    found = Topic.objects.exclude(state=TopicState.DRAFT).defer("draft_blocks").select_related("organisation")
    return found.filter(slug=slug).first()


def office_topics(actor: Actor) -> QuerySet[Topic]:
    """Topics of the bodies the actor may see, without blocks."""
    bodies = visible_organisations(actor)
    found = Topic.objects.defer("blocks", "draft_blocks").select_related("organisation", "edited_by")
    return found if bodies is None else found.filter(organisation_id__in=bodies)


def topic_for(actor: Actor, topic_id: int) -> Topic:
    """A topic. Raises `NotVisible` for one of a body the actor may not see."""
    topic = Topic.objects.select_related("organisation", "edited_by").filter(pk=topic_id).first()
    if topic is None:
        raise NotVisible
    require(actor, Action.VIEW, Subject(topic.organisation_id))
    return topic


def shown(blocks: Sequence[Mapping[str, Any]]) -> list[ShownBlock]:
    """The blocks with their items: a question to the index for each query block, three queries for all blocks together."""
    answers = {place: _answer(block) for place, block in enumerate(blocks) if block["kind"] == BlockKind.QUERY}
    wanted = [pk for ids, _ in filter(None, answers.values()) for pk in ids]
    wanted += [pk for block in blocks for pk in _item_ids(block)]
    known = {entry.card.id: entry for entry in entries(cards(wanted))}
    found = []
    for place, block in enumerate(blocks):
        kind, heading = BlockKind(block["kind"]), block.get("heading", "")
        if kind is BlockKind.QUERY:
            ids, total = answers[place] or ((), 0)
            lines = [known[pk] for pk in ids if pk in known]
            found.append(
                ShownBlock(kind, heading, lines, address=block.get("address", ""), total=total, searchable=answers[place] is not None)
            )  # fmt: skip
        elif kind is BlockKind.ITEMS:
            found.append(ShownBlock(kind, heading, [known[pk] for pk in block.get("items", ()) if pk in known]))
        elif kind is BlockKind.TEXT:
            found.append(ShownBlock(kind, heading, html=block.get("html", "")))
        else:
            rows = [ShownRow(row, known.get(row.get("item"))) for row in block.get("rows", ())]
            found.append(ShownBlock(kind, heading, rows=rows))
    return found


def _answer(block: Mapping[str, Any]) -> tuple[Sequence[int], int] | None:
    """Identifiers and number of what a query block lists; None while search is away. A question that is no longer understood
    (a facet that is gone) lists nothing."""
    try:
        query: SearchQuery = saved_queries.from_json(block.get("query"), timezone.localdate())
        results = search(replace(query, limit=int(block.get("limit", 10))))
    except InvalidQuery:
        return (), 0
    except SearchUnavailable:
        return None
    return results.ids, results.total


def _item_ids(block: Mapping[str, Any]) -> Iterator[int]:
    yield from block.get("items", ())
    yield from (row["item"] for row in block.get("rows", ()) if row.get("item"))


def references(blocks: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """索引号 of every item the blocks name, its address where it has none: what the editor shows. One query."""
    ids = {pk for block in blocks for pk in _item_ids(block)}
    if not ids:
        return {}
    numbers = dict(Item.objects.filter(pk__in=ids).values_list("pk", "index_number"))
    return {pk: numbers.get(pk) or f"/items/{pk}/" for pk in ids}


# --- writing -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def create_topic(*, actor: Actor, organisation_id: int, title: str, slug: str, summary: str = "") -> Topic:
    """Begin a topic of a body. Raises `Refused` with every reason, `NotVisible` for a foreign body."""
    require(actor, Action.MANAGE_TOPIC, Subject(organisation_id))
    title, slug, summary = _clean(title), _clean(slug), _clean(summary)
    reasons = check_topic(title, summary, slug)
    taken = Reason("slug_taken", "该网址名称已经使用，请换一个。", field="slug")
    if Topic.objects.filter(slug=slug).exists():
        reasons.append(taken)
    if reasons:
        raise Refused(reasons)
    # In one step: of two people who choose the same name at once, one is told so too.
    topic, created = Topic.objects.get_or_create(
        slug=slug,
        defaults={
            "organisation_id": organisation_id,
            "draft_title": title,
            "draft_summary": summary,
            "edited_by_id": actor.user_id or None,
            "edited_at": timezone.now(),
        },
    )
    if not created:
        raise Refused([taken])
    _audit(actor, topic, "create")
    return topic


@transaction.atomic
def save_topic(
    *, actor: Actor, topic_id: int, revision: int, title: str, summary: str, blocks: Sequence[Mapping[str, Any]]
) -> Topic:
    """Write the draft; it may lack things. In ``blocks`` items stand as people name them: 索引号 or addresses (``items`` a list of them).

    Raises `Refused` with every fault, with ``conflict`` when somebody else has saved since ``revision``.
    """
    topic = _locked(actor, topic_id, Action.MANAGE_TOPIC)
    if topic.state == TopicState.ARCHIVED:
        raise Refused([Reason("archived", "专题已归档，请先恢复再修改。")])
    if topic.revision != revision:
        who = topic.edited_by or "他人"
        at = timezone.localtime(topic.edited_at).strftime("%H:%M")
        text = f"{who}已于 {at} 保存了新的内容。您填写的内容仍在下方；请在新窗口打开本页核对，确认后再次保存，将以您填写的为准。"
        raise Refused([Reason("conflict", text)])
    title, summary = _clean(title), _clean(summary)
    reasons = check_topic(title, summary) + check_blocks(blocks, complete=False)
    stored = _stored(blocks, reasons) if "block_kind" not in {reason.code for reason in reasons} else []
    if reasons:
        raise Refused(reasons)
    topic.draft_title, topic.draft_summary, topic.draft_blocks = title, summary, stored
    topic.revision += 1
    topic.edited_by_id, topic.edited_at = actor.user_id or None, timezone.now()
    topic.save()
    _audit(actor, topic, "edit")
    return topic


@transaction.atomic
def publish_topic(*, actor: Actor, topic_id: int, revision: int) -> Topic:
    """Make the draft public, as the actor saw it: by somebody else than who wrote it last, or by the head (国办发〔2018〕123号 先审后发).

    Raises `Refused` with everything that stands in the way.
    """
    topic = _locked(actor, topic_id, Action.PUBLISH_TOPIC)
    if reasons := _standing_in_the_way(actor, topic, revision):
        raise Refused(reasons)
    topic.title, topic.summary, topic.blocks = topic.draft_title, topic.draft_summary, topic.draft_blocks
    topic.state, topic.public_revision = TopicState.PUBLISHED, topic.revision
    topic.published_at = topic.published_at or timezone.now()
    topic.save()
    _audit(actor, topic, "publish", public=True)
    return topic


def _standing_in_the_way(actor: Actor, topic: Topic, revision: int) -> list[Reason]:
    reasons = check_topic(topic.draft_title, topic.draft_summary) + check_blocks(topic.draft_blocks, complete=True)
    if topic.state == TopicState.ARCHIVED:
        reasons.append(Reason("archived", "专题已归档，请先恢复再发布。"))
    elif topic.revision != revision:
        reasons.append(Reason("conflict", "您查看之后草稿又有修改，请重新预览后再发布。"))
    elif not topic.changed:
        reasons.append(Reason("unchanged", "草稿与已发布的内容相同，无需再次发布。"))
    heads = Role.HEAD in actor.roles_in(topic.organisation_id)
    if topic.edited_by_id is not None and topic.edited_by_id == actor.user_id and not heads:
        text = "专题应当由编写人以外的人或者单位负责人审核发布。"
        reasons.append(Reason("same_person", text, "国办发〔2018〕123号"))
    words = "\n".join([topic.draft_title, topic.draft_summary, *_words(topic.draft_blocks)])
    reasons += personal_data_reasons(words)
    return reasons


@transaction.atomic
def archive_topic(*, actor: Actor, topic_id: int) -> Topic:
    """End a topic: its page stays, marked as archived (DA/T 80—2019). Raises `Refused` for one that is not public."""
    return _moved(actor, topic_id, "archive", TopicState.PUBLISHED, TopicState.ARCHIVED, "只有已发布的专题可以归档。")


@transaction.atomic
def reopen_topic(*, actor: Actor, topic_id: int) -> Topic:
    """Take an archived topic up again as it was. Raises `Refused` for one that is not archived."""
    return _moved(actor, topic_id, "reopen", TopicState.ARCHIVED, TopicState.PUBLISHED, "只有已归档的专题可以恢复。")


@transaction.atomic
def delete_topic(*, actor: Actor, topic_id: int, revision: int) -> None:
    """Throw away a draft, as the actor saw it; its address is free again. Raises `Refused` for a topic that has been public, which is
    archived instead (DA/T 80—2019)."""
    topic = _locked(actor, topic_id, Action.MANAGE_TOPIC)
    if topic.state != TopicState.DRAFT:
        done = "已归档，页面保留供查阅" if topic.state == TopicState.ARCHIVED else "请在结束后归档，页面保留供查阅"
        raise Refused([Reason("state", f"专题已经公开，不能删除；{done}。", "DA/T 80—2019")])
    if topic.revision != revision:
        raise Refused([Reason("conflict", "您查看之后草稿又有修改，请核对后再删除。")])
    _audit(actor, topic, "delete")
    topic.delete()


def _moved(actor: Actor, topic_id: int, action: str, of: TopicState, to: TopicState, otherwise: str) -> Topic:
    topic = _locked(actor, topic_id, Action.PUBLISH_TOPIC)
    if topic.state != of:
        raise Refused([Reason("state", otherwise)])
    topic.state = to
    topic.archived_at = timezone.now() if to == TopicState.ARCHIVED else None
    topic.save(update_fields=["state", "archived_at"])
    _audit(actor, topic, action, public=True)
    return topic


def _locked(actor: Actor, topic_id: int, action: Action) -> Topic:
    topic = Topic.objects.select_for_update(of=("self",)).filter(pk=topic_id).first()
    if topic is None:
        raise NotVisible
    require(actor, action, Subject(topic.organisation_id))
    return topic


def _stored(blocks: Sequence[Mapping[str, Any]], reasons: list[Reason]) -> list[dict[str, Any]]:
    """The blocks as they are kept, with the identifiers of their items; names of no public item are added to ``reasons``."""
    named = {name for block in blocks for name in block.get("items", ())}
    named |= {row["item"] for block in blocks for row in block.get("rows", ()) if row.get("item")}
    known = public_items(named)
    stored = []
    for number, block in enumerate(blocks, 1):
        kind = BlockKind(block["kind"])
        kept = {"kind": kind.value, "heading": block.get("heading", "")}

        def found(name: str, where: str, number: int = number, kind: BlockKind = kind) -> int | None:
            if name not in known:
                what = f"没有找到“{name[:60]}”这条已公开的信息，请核对索引号或者网址。"
                reasons.append(block_reason(number, kind, where, what, "item_unknown"))
            return known.get(name)

        if kind is BlockKind.QUERY:
            kept |= {"address": block.get("address", ""), "query": block.get("query"), "limit": str(block["limit"])}
        elif kind is BlockKind.ITEMS:
            ids = [found(name, "items") for name in dict.fromkeys(block.get("items", ()))]
            kept["items"] = list(dict.fromkeys(pk for pk in ids if pk))
        elif kind is BlockKind.TEXT:
            kept |= {"text": block.get("text", ""), "html": html_of(block.get("text", ""))}
        else:
            cells = [one.name for one in ROWS[kind] if one.name != "item"]
            kept["rows"] = [
                {
                    **{name: row.get(name, "") for name in cells},
                    "item": found(row["item"], f"row-{place}-item") if row.get("item") else None,
                }
                for place, row in enumerate(block.get("rows", ()), 1)
            ]
        stored.append(kept)
    return stored


def public_items(names: Iterable[str]) -> dict[str, int]:
    """The public items by 索引号 or address: one query."""
    addresses = {name: int(match[1]) for name in names if (match := _ADDRESS.search(name))}
    numbers = [name for name in names if name not in addresses]
    if not addresses and not numbers:
        return {}
    wanted = Q(pk__in=addresses.values()) | Q(index_number__in=numbers)
    rows = list(Item.objects.filter(wanted, current__state=State.PUBLISHED).values_list("pk", "index_number"))
    ids = {pk for pk, _ in rows}
    by_number = {number: pk for pk, number in rows if number}
    return {name: pk for name, pk in addresses.items() if pk in ids} | {
        name: by_number[name] for name in numbers if name in by_number
    }


def html_of(text: str) -> str:
    """What a text block shows: markup is sanitised, plain text becomes paragraphs."""
    return sanitise(text if "<" in text else linebreaks(text)) if text else ""


def _words(blocks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for block in blocks:
        yield from (block.get("heading", ""), block.get("text", ""))
        yield from (str(value) for row in block.get("rows", ()) for name, value in row.items() if name != "item")


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()


def _audit(actor: Actor, topic: Topic, action: str, *, public: bool = False) -> None:
    detail = {"title": topic.draft_title, "revision": topic.revision}
    record(
        actor=actor,
        entries=[Entry(f"topic.{action}", "topic", str(topic.pk), topic.organisation_id, detail)],
        public=public,
    )


__all__ = [
    "ShownBlock",
    "ShownRow",
    "archive_topic",
    "create_topic",
    "delete_topic",
    "html_of",
    "office_topics",
    "public_items",
    "public_topic",
    "public_topics",
    "publish_topic",
    "references",
    "reopen_topic",
    "save_topic",
    "shown",
    "topic_for",
]
