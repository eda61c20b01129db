"""Reads of the register for the office, each limited to what the actor may see. Public reads are in `public`.

Lists are keyset-paged, never counted, and filtered by indexed columns only, so that they cost the same at any size.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from gongkai.catalogues.models import CatalogueRow
from gongkai.disclosure.models import Attachment, Edition, Item, Relation
from gongkai.organisations.selectors import bodies_where
from gongkai.rules import document_number
from gongkai.rules.access import Action, Actor, visible_organisations
from gongkai.rules.publication import State
from gongkai.workflow.engine import NotVisible

ORDER = ("-updated_at", "-id")
"""Order of every office list: what was touched last comes first."""
MATCH_LIMIT = 1000
"""How many items one search text may match before the rest is left out; a longer text narrows it."""
COUNT_LIMIT = 100
"""A worklist counts up to here and then says 99+."""
EXPIRY_NOTICE = timedelta(days=30)
"""How long before its last day of validity a document is put on the worklist."""


# --- items -------------------------------------------------------------------------------------------------------------
def visible_to(actor: Actor) -> QuerySet[Item]:
    """Items the actor may see: those of his bodies, or all for the district office and administrators."""
    return _of_bodies(visible_organisations(actor))


def _of_bodies(bodies: frozenset[int] | None) -> QuerySet[Item]:
    if bodies is None:
        return Item.objects.all()
    if len(bodies) == 1:  # an equality lets the index of the body give the order too
        return Item.objects.filter(organisation_id=next(iter(bodies)))
    return Item.objects.filter(organisation_id__in=bodies)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of items is narrowed to. Empty values do not narrow."""

    organisation_id: int | None = None
    state: State | None = None
    kind: str = ""
    text: str = ""
    """The beginning of a title, or a whole 索引号 or 文号."""


def office_list(actor: Actor, filters: Filters) -> QuerySet[Item, Any]:
    """Rows of the item list as dictionaries, unordered, for the pager (`web.shared.pager.paginate` with `ORDER`).

    Keys: id, title, index_number, document_number, kind, state, organisation_id, organisation_name, updated_at, public.
    """
    items = visible_to(actor)
    if filters.organisation_id is not None:
        items = items.filter(organisation_id=filters.organisation_id)
    if filters.state is not None:
        items = items.filter(state=filters.state.value)
    if filters.kind:
        items = items.filter(kind=filters.kind)
    if filters.text.strip():
        items = items.filter(pk__in=matching_ids(filters.text))
    return _rows(items)


def _rows(items: QuerySet[Item]) -> QuerySet[Item, Any]:
    return items.values(
        "id",
        "index_number",
        "kind",
        "state",
        "organisation_id",
        "updated_at",
        title=Coalesce("working__title", "current__title"),
        document_number=Coalesce("working__document_number", "current__document_number"),
        organisation_name=F("organisation__short_name"),
        public=F("current_id"),
    )


def matching_ids(text: str) -> list[int]:
    """Ids of items whose title begins with `text`, or whose 索引号 or 文号 is `text`; at most `MATCH_LIMIT`.

    Former titles and numbers of corrected items count too: people come with what they have on paper.
    """
    text = text.strip()
    number = document_number.normalise(text)
    ids = list(Item.objects.filter(index_number=text).values_list("pk", flat=True))
    ids += Edition.objects.filter(document_number=number).values_list("item_id", flat=True)[:MATCH_LIMIT]
    ids += Edition.objects.filter(_begins("title", text)).values_list("item_id", flat=True)[:MATCH_LIMIT]
    return list(dict.fromkeys(ids))[:MATCH_LIMIT]


def _begins(field: str, text: str) -> Q:
    """`field` begins with `text`, in the form each database can answer from an index.

    SQLite cannot use an index for LIKE with an escape character, but compares bytes, so that a range is exact there;
    PostgreSQL has a pattern index for LIKE, and its ranges follow the collation.
    """
    if connection.vendor == "postgresql":
        return Q(**{f"{field}__startswith": text})
    return Q(**{f"{field}__gte": text, f"{field}__lt": text + chr(0x10FFFF)})


def item_for(actor: Actor, item_id: int) -> Item:
    """One item with body and editions at hand; raises `NotVisible` when it is foreign or does not exist."""
    item = visible_to(actor).select_related("organisation", "current", "working").filter(pk=item_id).first()
    if item is None:
        raise NotVisible
    return item


def in_hand(item: Item) -> Edition:
    """The edition being worked on, or else the one the public sees. Raises `NotVisible` for an item that lost both."""
    edition = item.working or item.current
    if edition is None:
        raise NotVisible
    return edition


def edition_for(item: Item, number: int) -> Edition:
    """One edition of a visible item with its people; raises `NotVisible`."""
    found = item.editions.select_related("author", "approved_by", "signed_by").filter(number=number).first()
    if found is None:
        raise NotVisible
    return found


def editions_of(item: Item) -> list[Edition]:
    """All editions without their texts, newest first, with the people who wrote, reviewed and signed them."""
    people = ("author", "approved_by", "signed_by")
    return list(item.editions.select_related(*people).defer("body", "body_text").order_by("-number"))


def attachments_of(edition: Edition) -> list[Attachment]:
    """Files of an edition in order, without their extracted text."""
    return list(edition.attachments.select_related("file").defer("file__text"))


def attachment_for(item: Item, attachment_id: int) -> Attachment:
    """A file of any edition of a visible item; raises `NotVisible`."""
    found = (
        Attachment.objects.select_related("file")
        .defer("file__text")
        .filter(pk=attachment_id, edition__item=item)
        .first()
    )
    if found is None:
        raise NotVisible
    return found


# --- worklist ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class TaskRow:
    """One thing to do: about which item, and by when if there is a day."""

    item_id: int
    title: str
    organisation: str
    kind: str
    note: str = ""
    """What somebody wrote that the reader must know: the remark of a returned draft."""
    due: date | datetime | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """Tasks of one type: what is asked, on which rule it rests, and the one next step."""

    code: str
    label: str
    why: str
    article: str
    next_step: str
    rows: tuple[TaskRow, ...]
    """The first of them."""
    count: int
    """How many there are, at most `COUNT_LIMIT`."""

    @property
    def count_label(self) -> str:
        """For people: 3, or 99+."""
        return str(self.count) if self.count < COUNT_LIMIT else f"{COUNT_LIMIT - 1}+"


_TASK_TEXTS: Mapping[str, tuple[str, str, str, str]] = {
    "returned": ("退回修改", "审核或者签发人退回，请按意见修改后重新提交。", "《条例》§17", "修改"),
    "review": ("待审核", "请逐项审查内容和附件，登记保密审查结论。", "《条例》§17、《保密法实施条例》§42", "审核"),
    "sign": ("待签发", "审核已通过，请签发；可以立即发布，也可以定时发布。", "国办发〔2018〕123号", "签发"),
    "scheduled": ("待发布", "已签发，到时自动发布；需要调整的，请先撤回签发。", "《条例》§26", "查看"),
    "expiring": (
        "有效期将满",
        "请在期满前评估：继续有效的重新公布，不再适用的予以废止。",
        "国办发〔2018〕115号",
        "评估",
    ),
    "drafts": ("我的草稿", "政府信息应当自形成或者变更之日起20个工作日内公开。", "《条例》§26", "继续编写"),
}


def worklist(actor: Actor, today: date, shown: int = 8) -> tuple[TaskGroup, ...]:
    """What waits for this actor, most pressing first; empty groups are left out. One query a group.

    `today` is the local day; documents whose validity ends within `EXPIRY_NOTICE` of it are listed.
    """
    own = frozenset(actor.roles)
    mine = Q(working__author_id=actor.user_id)
    drafts = _of_bodies(own).filter(mine, state=State.DRAFT.value)
    waiting = {
        "returned": drafts.exclude(working__send_back_remark=""),
        "review": _waiting(actor, Action.APPROVE, State.REVIEW).exclude(mine),
        "sign": _waiting(actor, Action.SIGN, State.SIGN_OFF).exclude(mine),
        "scheduled": _waiting(actor, Action.PUBLISH, State.SCHEDULED),
        "drafts": drafts.filter(working__send_back_remark=""),
    }
    found = {code: _task_rows(code, items) for code, items in waiting.items()}
    found["expiring"] = _expiring_rows(own, today)
    groups = []
    for code, (label, why, article, step) in _TASK_TEXTS.items():
        if rows := found[code]:
            groups.append(TaskGroup(code, label, why, article, step, tuple(rows[:shown]), len(rows)))
    return tuple(groups)


def _waiting(actor: Actor, action: Action, state: State) -> QuerySet[Item]:
    """Items in `state` of the bodies in which the actor himself holds a role for `action`."""
    bodies = bodies_where(actor, action)
    held = frozenset(actor.roles) if bodies is None else bodies
    return _of_bodies(held).filter(state=state.value)


def _expiring_rows(bodies: frozenset[int], today: date) -> list[TaskRow]:
    """Public editions whose last day is near, soonest first; asked from the editions, where the day is indexed.

    Which of them are public is asked by way of the item, and the body as a computed value: left to their indexes of states and
    bodies, databases read every published edition, or every item of the body, instead of the few that are near their end.
    """
    near = Edition.objects.annotate(body_id=F("item__organisation_id") + 0).filter(
        expires_on__range=(today, today + EXPIRY_NOTICE),
        item__current_id=F("pk"),
        withdrawn_at__isnull=True,
        body_id__in=bodies,
    )
    found = near.order_by("expires_on", "item_id").values_list(
        "item_id", "title", "item__organisation__short_name", "item__kind", "expires_on"
    )[:COUNT_LIMIT]
    return [TaskRow(pk, title, body, kind, due=expires_on) for pk, title, body, kind, expires_on in found]


def _task_rows(code: str, items: QuerySet[Item]) -> list[TaskRow]:
    found = items.order_by(*ORDER).values_list(
        "pk",
        Coalesce("working__title", "current__title"),
        "organisation__short_name",
        "kind",
        "updated_at",
        "working__send_back_remark",
        "working__scheduled_for",
    )[:COUNT_LIMIT]
    return [
        TaskRow(
            pk,
            title or "（未填写标题）",
            organisation,
            kind,
            note=remark or "" if code == "returned" else "",
            due=scheduled_for if code == "scheduled" else None,
            since=updated_at,
        )
        for pk, title, organisation, kind, updated_at, remark, scheduled_for in found
    ]


# --- catalogue rows and relations --------------------------------------------------------------------------------------
def rows_for(organisation_id: int, kind: str) -> list[CatalogueRow]:
    """The catalogue rows a body of `kind` may publish under, with the branches above them, in the order of the tree.

    A row applies when the body owes it, or when it names the body's kind and nobody in particular owes it.
    """
    rows = list(
        CatalogueRow.objects.filter(catalogue__is_current=True)
        .select_related("catalogue")
        .only(
            "catalogue",
            "catalogue__name",
            "label",
            "path",
            "depth",
            "parent_id",
            "position",
            "organisation_kinds",
            "sequence",
        )
        .annotate(owed=F("duties__organisation_id"))
        .filter(Q(duties__organisation_id=organisation_id) | Q(duties__isnull=True))
        .order_by("catalogue_id", "path")
    )
    branches = set(CatalogueRow.objects.filter(parent__isnull=False).values_list("parent_id", flat=True).distinct())
    wanted: set[int] = set()
    for row in rows:
        applies = row.owed == organisation_id or (row.pk not in branches and kind in row.organisation_kinds)
        if applies:
            wanted.update(int(step) for step in row.path.split("/") if step)
    return [row for row in rows if row.pk in wanted]


def leaf_ids(rows: Iterable[CatalogueRow]) -> frozenset[int]:
    """Ids of those rows that have none of the others under them: where items may be put."""
    found = list(rows)
    parents = {row.parent_id for row in found}
    return frozenset(row.pk for row in found if row.pk not in parents)


def relations_of(item: Item) -> list[Relation]:
    """Ties of an item in both directions, with the other item's title at hand."""
    ends = Item.objects.select_related("current", "working", "organisation")
    both = Relation.objects.filter(Q(source=item) | Q(target=item)).order_by("kind", "id")
    return list(both.prefetch_related(Prefetch("source", ends), Prefetch("target", ends)))


def relation_for(item: Item, relation_id: int) -> Relation:
    """A tie that starts at this item; raises `NotVisible`."""
    found = item.relations.filter(pk=relation_id).first()
    if found is None:
        raise NotVisible
    return found


def relation_targets(item: Item, text: str, limit: int = 20) -> list[dict[str, Any]]:
    """Items to tie `item` to: published ones of any body, found by 文号, 索引号 or the beginning of the title."""
    if not text.strip():
        return []
    found = Item.objects.filter(pk__in=matching_ids(text), current__state=State.PUBLISHED.value).exclude(pk=item.pk)
    return list(_rows(found).order_by(*ORDER)[:limit])
