"""Every write to the register: one transaction, access checked, guarded by the rules, audited, and told to the search index.

All functions take keyword arguments; `actor` is who does it. They raise `Refused` with every reason at once, or `NotVisible` for
an object that is not there for this actor.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from gongkai.audit.log import Entry, record
from gongkai.catalogues.models import CatalogueRow
from gongkai.disclosure import citations
from gongkai.disclosure.editing import copy_content, fill, present_fields
from gongkai.disclosure.index_numbers import allocate
from gongkai.disclosure.models import Attachment, ChangeNote, Edition, Item, Relation
from gongkai.disclosure.tasks import read_attachment
from gongkai.files.store import store
from gongkai.organisations.models import Organisation
from gongkai.rules.access import Action, Actor, Subject
from gongkai.rules.publication import TRANSITIONS, DisclosureAttribute, Event, PublicationFacts, State, refusals
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.relations import RelationKind, check_relation
from gongkai.rules.vocabulary import vocabulary
from gongkai.search import enqueue
from gongkai.workflow.engine import NotVisible, require, require_step

__all__ = [
    "NotVisible",
    "approve",
    "attach",
    "correct",
    "create_item",
    "detach",
    "discard",
    "publication_facts",
    "publish",
    "publish_due",
    "reclassify",
    "relate",
    "return_to_draft",
    "save_draft",
    "send_back",
    "sign",
    "submit",
    "unrelate",
    "withdraw",
]


# --- writing -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def create_item(
    *, actor: Actor, organisation_id: int, kind: str, values: Mapping[str, Any], row_ids: Iterable[int] = ()
) -> Item:
    """Open an item with its first draft; it gets its 索引号 now and keeps it for good."""
    require(actor, Action.CREATE, Subject(organisation_id))
    organisation = Organisation.objects.filter(pk=organisation_id, is_active=True).first()
    if organisation is None:
        raise NotVisible
    now = timezone.now()
    [index_number] = allocate(organisation, timezone.localdate(now))
    item = Item.objects.create(
        organisation=organisation,
        kind=kind,
        index_number=index_number,
        created_by_id=actor.user_id or None,
        updated_at=now,
    )
    edition = Edition(item=item, author_id=actor.user_id or None)
    fill(edition, values)
    edition.save()
    item.working = edition
    item.save(update_fields=["working"])
    item.rows.set(_rows(row_ids))
    _audit(actor, item, "create", {"index_number": index_number, "title": edition.title})
    return item


@transaction.atomic
def save_draft(
    *,
    actor: Actor,
    item_id: int,
    values: Mapping[str, Any],
    row_ids: Iterable[int] | None = None,
    revision: int | None = None,
) -> Edition:
    """Write the draft. `revision` is the number of saves the writer had seen; another's save in between is refused as `conflict`."""
    item, edition = _in_hand(item_id)
    require(actor, Action.EDIT, _subject(item, edition))
    if revision is not None and revision != edition.revision:
        raise Refused(
            [Reason("conflict", "在您编辑期间，他人已保存了这份草稿。您的内容仍在页面上，请比对后决定保留哪一份。")]
        )
    changed = fill(edition, values)
    if row_ids is not None and set(item.rows.values_list("pk", flat=True)) != set(row_ids):
        item.rows.set(_rows(row_ids))
        changed.append("rows")
    if changed:
        edition.revision += 1
        edition.updated_at = timezone.now()
        edition.save()
        _touch(item)
        _audit(actor, item, "edit", {"fields": changed, "edition": edition.number})
    return edition


@transaction.atomic
def discard(*, actor: Actor, item_id: int) -> None:
    """Throw the draft away. An item that was never public goes with it; its 索引号 is not used again."""
    item, edition = _in_hand(item_id)
    require(actor, Action.DELETE_DRAFT, _subject(item, edition))
    _audit(
        actor, item, "discard", {"title": edition.title, "edition": edition.number, "index_number": item.index_number}
    )
    item.working = None
    item.state = item.current.state if item.current else State.DRAFT.value
    item.save(update_fields=["working", "state"])
    edition.delete()
    if item.current is None:
        item.delete()


def attach(*, actor: Actor, item_id: int, name: str, stream: BinaryIO, title: str = "") -> Attachment:
    """Add a file to the draft. The file is read and checked before the transaction, so that a slow scan holds no lock."""
    item, edition = _in_hand(item_id)
    require(actor, Action.ATTACH, _subject(item, edition))
    file = store(name, stream)
    with transaction.atomic():
        item, edition = _in_hand(item_id)
        require(actor, Action.ATTACH, _subject(item, edition))
        position = (edition.attachments.aggregate(last=Max("position"))["last"] or 0) + 1
        attachment = Attachment.objects.create(
            edition=edition,
            file=file,
            name=_file_name(name),
            title=title.strip() or _file_name(name),
            position=position,
        )
        _touch(item)
        _audit(actor, item, "attach", {"name": attachment.name, "sha256": file.sha256})
        if file.needs_reading:
            read_attachment.enqueue(file.pk)
    return attachment


@transaction.atomic
def detach(*, actor: Actor, item_id: int, attachment_id: int) -> None:
    """Take a file off the draft; its content stays in the store as long as an edition uses it."""
    item, edition = _in_hand(item_id)
    require(actor, Action.ATTACH, _subject(item, edition))
    attachment = edition.attachments.filter(pk=attachment_id).first()
    if attachment is None:
        raise NotVisible
    _audit(actor, item, "detach", {"name": attachment.name})
    attachment.delete()
    _touch(item)


@transaction.atomic
def reclassify(*, actor: Actor, item_id: int, row_ids: Iterable[int]) -> None:
    """Put the item under other catalogue rows; this does not change its content, so it needs no new edition."""
    item = _item(item_id)
    require(actor, Action.RELATE, _subject(item, item.working or item.current))
    before = sorted(item.rows.values_list("pk", flat=True))
    item.rows.set(_rows(row_ids))
    _touch(item)
    enqueue([item.pk])
    _audit(actor, item, "reclassify", {"before": before, "after": sorted(row_ids)}, public=item.current_id is not None)


# --- the chain of review -----------------------------------------------------------------------------------------------
@transaction.atomic
def submit(*, actor: Actor, item_id: int) -> None:
    """Hand the draft in for review (《条例》§17)."""
    item, edition = _in_hand(item_id)
    _step(actor, item, edition, Action.SUBMIT, Event.SUBMIT)
    edition.submitted_at = timezone.now()
    edition.send_back_remark = ""
    _advance(actor, item, edition, Event.SUBMIT)


@transaction.atomic
def approve(*, actor: Actor, item_id: int, secrecy_basis: str) -> None:
    """Pass the review, recording the secrecy review without which nothing is published (《保密法实施条例》§42)."""
    item, edition = _in_hand(item_id)
    edition.secrecy_basis = secrecy_basis.strip()
    _step(actor, item, edition, Action.APPROVE, Event.APPROVE)
    edition.approved_by_id, edition.approved_at = actor.user_id or None, timezone.now()
    _advance(actor, item, edition, Event.APPROVE, {"secrecy_basis": edition.secrecy_basis})


@transaction.atomic
def send_back(*, actor: Actor, item_id: int, remark: str) -> None:
    """Give it back to the writer with what is to be changed; reviews made so far are void, for the text will change."""
    item, edition = _in_hand(item_id)
    _step(actor, item, edition, Action.SEND_BACK, Event.SEND_BACK, send_back_remark=remark)
    _void_reviews(edition)
    edition.send_back_remark = remark.strip()
    _advance(actor, item, edition, Event.SEND_BACK, {"remark": edition.send_back_remark})


@transaction.atomic
def sign(*, actor: Actor, item_id: int, scheduled_for: datetime | None = None) -> None:
    """Sign off. Without a time, or with one that has passed, it is published in the same transaction."""
    item, edition = _in_hand(item_id)
    _step(actor, item, edition, Action.SIGN, Event.SIGN)
    now = timezone.now()
    edition.signed_by_id, edition.signed_at, edition.scheduled_for = actor.user_id or None, now, scheduled_for
    _advance(actor, item, edition, Event.SIGN, {"scheduled_for": scheduled_for})
    if scheduled_for is None or scheduled_for <= now:
        _step(actor, item, edition, Action.SIGN, Event.PUBLISH)
        _publish(actor, item, edition)


@transaction.atomic
def return_to_draft(*, actor: Actor, item_id: int, remark: str = "") -> None:
    """Take a signed edition back before it is published."""
    item, edition = _in_hand(item_id)
    _step(actor, item, edition, Action.RETURN_TO_DRAFT, Event.RETURN_TO_DRAFT)
    _void_reviews(edition)
    edition.send_back_remark, edition.scheduled_for = remark.strip(), None
    _advance(actor, item, edition, Event.RETURN_TO_DRAFT, {"remark": remark})


@transaction.atomic
def publish(*, actor: Actor, item_id: int) -> None:
    """Publish what has been signed off and whose time has come."""
    item, edition = _in_hand(item_id)
    _step(actor, item, edition, Action.PUBLISH, Event.PUBLISH)
    _publish(actor, item, edition)


def publish_due(*, actor: Actor, now: datetime) -> tuple[int, list[tuple[int, Refused]]]:
    """Publish all that was scheduled for `now` or earlier (the tick calls this with the system as `actor`).

    Returns how many were published and those that the guards refused, by item id; each is a transaction of its own.
    """
    due = Edition.objects.filter(state=State.SCHEDULED, scheduled_for__lte=now).order_by("scheduled_for")
    published, refused = 0, []
    for item_id in list(due.values_list("item_id", flat=True)):
        try:
            with transaction.atomic():
                item, edition = _in_hand(item_id)
                if edition.state != State.SCHEDULED:
                    continue  # somebody took it back in the meantime
                facts = publication_facts(actor, item, edition)
                if reasons := refusals(Event.PUBLISH, facts):
                    raise Refused(reasons)
                _publish(actor, item, edition)
                published += 1
        except Refused as refusal:
            refused.append((item_id, refusal))
        except NotVisible:
            continue
    return published, refused


# --- after publication -------------------------------------------------------------------------------------------------
@transaction.atomic
def correct(*, actor: Actor, item_id: int, change_note: str, closes_earlier: str = "") -> Edition:
    """Start a new edition from the published one; the public goes on reading the old one until the new one is published.

    Earlier editions stay readable as history, unless `closes_earlier` gives a withdrawal reason (personal data, secrets):
    then publishing the correction takes them off the site.
    """
    item = _item(item_id)
    require(actor, Action.CORRECT, _subject(item, item.current))
    if item.current is None or item.current.state != State.PUBLISHED:
        raise Refused([Reason("state", "只有已发布的信息可以更正；草稿请直接修改。")])
    if item.working is not None:
        raise Refused([Reason("working", "该信息已有正在编辑的新版本，请先完成或者放弃该版本。")])
    if not change_note.strip():
        raise Refused([Reason("change_note", "请写明更正了什么、为什么更正；该说明将对外公开。", field="change_note")])
    if closes_earlier and closes_earlier not in vocabulary("withdrawal_reasons"):
        raise Refused([Reason("withdrawal_reason", "请选择停止公开以前版本的原因。", "《条例》§18", "closes_earlier")])
    last = item.editions.aggregate(last=Max("number"))["last"] or 0
    edition = Edition(
        item=item,
        number=last + 1,
        author_id=actor.user_id or None,
        change_note=change_note.strip(),
        closes_earlier=closes_earlier,
    )
    copy_content(item.current, edition)
    edition.save()
    for attachment in item.current.attachments.all():
        Attachment.objects.create(
            edition=edition,
            file_id=attachment.file_id,
            name=attachment.name,
            title=attachment.title,
            position=attachment.position,
        )
    item.working = edition
    _touch(item, State.DRAFT)
    _audit(actor, item, "correct", {"edition": edition.number, "note": edition.change_note})
    return edition


@transaction.atomic
def withdraw(*, actor: Actor, item_id: int, reason: str, note: str = "") -> None:
    """Take the published edition off the site; its address goes on saying that it was withdrawn, when and why."""
    item = _item(item_id)
    edition = item.current
    if edition is None:
        require(actor, Action.WITHDRAW, _subject(item, item.working))
        raise Refused([Reason("state", "该信息尚未发布，无需撤回；草稿请使用“放弃草稿”。")])
    facts = publication_facts(actor, item, edition, withdrawal_reason=reason)
    require_step(actor, Action.WITHDRAW, _subject(item, edition), Event.WITHDRAW, facts)
    edition.state, edition.withdrawn_at = State.WITHDRAWN.value, timezone.now()
    edition.withdrawal_reason, edition.withdrawal_note = reason, note.strip()
    edition.save(update_fields=sorted(Edition.LIFE_FIELDS))
    ChangeNote.objects.create(
        item=item, edition=edition, actor_id=actor.user_id or None, what="撤回", note=note.strip()[:500]
    )
    _touch(item, State(item.working.state) if item.working else State.WITHDRAWN)
    enqueue([item.pk, *_affected(item)])
    _audit(actor, item, "withdraw", {"reason": reason, "note": note}, public=True)


@transaction.atomic
def relate(
    *,
    actor: Actor,
    source_id: int,
    target_id: int,
    kind: RelationKind,
    effective_on: date | None = None,
    note: str = "",
) -> Relation:
    """Tie an item of one's own to another that is published; repeals and the like change the target's validity from their day on."""
    source = _item(source_id)
    require(actor, Action.RELATE, _subject(source, source.working or source.current))
    if reasons := check_relation(kind, source_id, target_id, has_date=effective_on is not None):
        raise Refused(reasons)
    target = Item.objects.filter(pk=target_id).select_related("current").first()
    if target is None or (target.current is None and target.organisation_id != source.organisation_id):
        raise Refused([Reason("target", "没有找到要关联的信息，请用索引号或者文号重新选择。", field="target")])
    relation, created = Relation.objects.get_or_create(
        source=source,
        target=target,
        kind=kind.value,
        defaults={"effective_on": effective_on, "note": note.strip(), "created_by_id": actor.user_id or None},
    )
    if not created:
        raise Refused([Reason("relation_once", "这两条信息之间已有同样的关联。", field="target")])
    enqueue([source.pk, target.pk])
    detail = {"kind": kind.value, "target": target.index_number, "effective_on": effective_on}
    _audit(actor, source, "relate", detail, public=True)
    return relation


@transaction.atomic
def unrelate(*, actor: Actor, relation_id: int) -> None:
    """Undo a relation of one's own item."""
    relation = Relation.objects.filter(pk=relation_id).select_related("source", "target").first()
    if relation is None:
        raise NotVisible
    source = _item(relation.source_id)
    require(actor, Action.RELATE, _subject(source, source.working or source.current))
    enqueue([relation.source_id, relation.target_id])
    _audit(actor, source, "unrelate", {"kind": relation.kind, "target": relation.target.index_number}, public=True)
    relation.delete()


# --- steps shared by the above -----------------------------------------------------------------------------------------
def _publish(actor: Actor, item: Item, edition: Edition) -> None:
    """Make `edition` the one the public sees. The publication time is the server's, and is never written again."""
    now = timezone.now()
    previous = item.current
    if previous is not None and previous.state == State.PUBLISHED:
        previous.state, previous.superseded_at = State.SUPERSEDED.value, now
        previous.save(update_fields=["state", "superseded_at"])
    edition.published_at, edition.state = now, State.PUBLISHED.value
    edition.save()
    if edition.closes_earlier:
        earlier = item.editions.filter(number__lt=edition.number, state=State.SUPERSEDED)
        earlier.update(state=State.WITHDRAWN.value, withdrawn_at=now, withdrawal_reason=edition.closes_earlier)
    item.current, item.working = edition, None
    _touch(item, State.PUBLISHED)
    what = "发布" if previous is None else "更正"
    ChangeNote.objects.create(
        item=item, edition=edition, actor_id=actor.user_id or None, at=now, what=what, note=edition.change_note
    )
    citations.remember([edition])
    citations.find([edition])
    citations.link_to(item, edition)
    enqueue([item.pk, *_affected(item)])
    _audit(actor, item, "publish", {"edition": edition.number, "title": edition.title}, public=True)


def _affected(item: Item) -> list[int]:
    """Items whose validity or links rest on this one."""
    return list(item.relations.values_list("target_id", flat=True))


def _void_reviews(edition: Edition) -> None:
    edition.approved_by = edition.approved_at = edition.signed_by = edition.signed_at = None
    edition.secrecy_basis = ""


def _advance(actor: Actor, item: Item, edition: Edition, event: Event, detail: Mapping[str, Any] | None = None) -> None:
    """Store the edition in the state `event` leads to, and audit it."""
    edition.state = TRANSITIONS[event].target.value
    edition.updated_at = timezone.now()
    edition.save()
    _touch(item, State(edition.state))
    _audit(actor, item, event.value, {"edition": edition.number, **(detail or {})})


def _step(actor: Actor, item: Item, edition: Edition, action: Action, event: Event, **more: Any) -> None:
    require_step(actor, action, _subject(item, edition), event, publication_facts(actor, item, edition, **more))


def publication_facts(actor: Actor, item: Item, edition: Edition, **more: Any) -> PublicationFacts:
    """The facts of one edition for `rules.publication.refusals`; the office shows refusals before a button is pressed."""
    return PublicationFacts(
        state=State(edition.state),
        kind=item.kind,
        normative=edition.normative,
        present_fields=present_fields(
            edition,
            attachments=edition.attachments.count(),
            relations=item.relations.values_list("kind", flat=True),
        ),
        actor_id=actor.user_id or None,
        author_id=edition.author_id,
        now=timezone.localtime(),
        submitted_by=edition.author_id if edition.submitted_at else None,
        approved_by=edition.approved_by_id,
        secrecy_reviewed=bool(edition.secrecy_basis),
        disclosure_attribute=DisclosureAttribute(edition.disclosure_attribute),
        non_disclosure_reason=edition.non_disclosure_reason,
        scheduled_for=timezone.localtime(edition.scheduled_for) if edition.scheduled_for else None,
        document_date=edition.document_date,
        effective_from=edition.effective_from,
        expires_on=edition.expires_on,
        published_on=edition.source_published_on,
        **more,
    )


def _item(item_id: int) -> Item:
    """The item, locked for this transaction; its editions are read after the lock is had.

    They must not be joined: having waited for the lock, PostgreSQL reads the locked row anew, but rows joined to it as they
    were before the wait, and a second writer would decide on an edition that the first has just changed.
    """
    item = Item.objects.select_for_update().filter(pk=item_id).first()
    if item is None:
        raise NotVisible
    return item


def _in_hand(item_id: int) -> tuple[Item, Edition]:
    """The item and the edition being worked on; what is published is refused here, for it is not worked on."""
    in_transaction = transaction.get_connection().in_atomic_block
    item = (
        _item(item_id)
        if in_transaction
        else Item.objects.select_related("current", "working").filter(pk=item_id).first()
    )
    if item is None:
        raise NotVisible
    edition = item.working or item.current
    if edition is None:
        raise NotVisible
    return item, edition


def _subject(item: Item, edition: Edition | None) -> Subject:
    return Subject(item.organisation_id, edition.state if edition else None, edition.author_id if edition else None)


def _touch(item: Item, state: State | None = None) -> None:
    """Move the item to the top of the lists, in `state` when it changed."""
    item.updated_at = timezone.now()
    if state is not None:
        item.state = state.value
    item.save(update_fields=["updated_at", "state", "current", "working"])


def _rows(row_ids: Iterable[int]) -> list[CatalogueRow]:
    wanted = set(row_ids)
    rows = list(CatalogueRow.objects.filter(pk__in=wanted))
    if len(rows) != len(wanted):
        raise Refused([Reason("row", "所选目录事项不存在，请重新选择。", field="rows")])
    return rows


def _file_name(name: str) -> str:
    """The last part of what the browser sent, without separators or control characters, at most 150 characters."""
    clean = "".join(character for character in name.replace("\\", "/").split("/")[-1] if character.isprintable()).strip(
        " ."
    )
    stem, dot, suffix = clean.rpartition(".")
    return f"{stem[:140]}{dot}{suffix[:9]}" if dot else (clean[:150] or "附件")


def _audit(actor: Actor, item: Item, action: str, detail: Mapping[str, Any], *, public: bool = False) -> None:
    entry = Entry(f"item.{action}", "item", str(item.pk), item.organisation_id, detail)
    record(actor=actor, entries=[entry], public=public)
