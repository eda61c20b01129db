"""Writing drafts: opening, saving, files and pictures, copies, throwing away."""

from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from gongkai.disclosure import pictures
from gongkai.disclosure.editing import COPIED_FIELDS, fill
from gongkai.disclosure.index_numbers import allocate
from gongkai.disclosure.models import Attachment, Edition, Item
from gongkai.disclosure.steps import audit, catalogue_rows, in_hand, item_locked, subject_of, touch
from gongkai.disclosure.tagging import put_tags
from gongkai.disclosure.tasks import check_edition, read_attachment
from gongkai.files.store import store
from gongkai.organisations.models import Organisation
from gongkai.review import records
from gongkai.rules.access import Action, Actor, Subject
from gongkai.rules.publication import State
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.tags import TAGGED_KINDS
from gongkai.tables import records as tables
from gongkai.workflow.engine import NotVisible, require


def create_item(
    *,
    actor: Actor,
    organisation_id: int,
    kind: str,
    values: Mapping[str, Any],
    row_ids: Iterable[int] = (),
    tags: Iterable[str] = (),
) -> Item:
    """Open an item with its first draft; it gets its 索引号 now and keeps it for good."""
    require(actor, Action.CREATE, Subject(organisation_id))
    taken, own = pictures.take_in(values)
    with transaction.atomic():
        item = _create_item(actor, organisation_id, kind, taken, row_ids, own)
        put_tags(item, tags)
        return item


def _create_item(
    actor: Actor,
    organisation_id: int,
    kind: str,
    values: Mapping[str, Any],
    row_ids: Iterable[int],
    own: frozenset[str],
    **told: Any,
) -> Item:
    organisation = Organisation.objects.filter(pk=organisation_id, is_active=True).first()
    if organisation is None:
        raise NotVisible
    now = timezone.now()
    [index_number] = allocate(organisation, timezone.localdate(now))
    item = Item.objects.create(
        organisation=organisation,
        kind=kind,
        index_number=index_number,
        tags_open=kind in TAGGED_KINDS,
        created_by_id=actor.user_id or None,
        updated_at=now,
    )
    edition = Edition(item=item, author_id=actor.user_id or None)
    fill(edition, values)
    edition.save()
    _take_pictures(actor, edition, own)
    item.working = edition
    item.save(update_fields=["working"])
    item.rows.set(catalogue_rows(row_ids))
    audit(actor, item, "create", {"index_number": index_number, "title": edition.title, **told})
    check_edition.enqueue(edition.pk)
    return item


@transaction.atomic
def copy_as_new(*, actor: Actor, item_id: int) -> Item:
    """Start a new item of the same body from the text of another, with its pictures and catalogue rows.

    What belongs to the very document stays behind: number, dates, attachments, ties, reviews.
    """
    source = item_locked(item_id)
    edition = source.working or source.current
    require(actor, Action.VIEW, subject_of(source, edition))
    require(actor, Action.CREATE, Subject(source.organisation_id))
    if edition is None:
        raise NotVisible
    values = {name: getattr(edition, name) for name in COPIED_FIELDS}
    row_ids = list(source.rows.values_list("pk", flat=True))
    return _create_item(
        actor, source.organisation_id, source.kind, values, row_ids, frozenset(), copied_from=source.index_number
    )


def save_draft(
    *,
    actor: Actor,
    item_id: int,
    values: Mapping[str, Any],
    row_ids: Iterable[int] | None = None,
    tags: Iterable[str] | None = None,
    revision: int | None = None,
) -> Edition:
    """Write the draft. `revision` is the number of saves the writer had seen; another's save in between is refused as `conflict`."""
    require(actor, Action.EDIT, subject_of(*in_hand(item_id)))
    taken, own = pictures.take_in(values)
    with transaction.atomic():
        return _save_draft(actor, item_id, taken, row_ids, tags, revision, own)


def _save_draft(
    actor: Actor,
    item_id: int,
    values: Mapping[str, Any],
    row_ids: Iterable[int] | None,
    tags: Iterable[str] | None,
    revision: int | None,
    own: frozenset[str],
) -> Edition:
    item, edition = in_hand(item_id)
    require(actor, Action.EDIT, subject_of(item, edition))
    if revision is not None and revision != edition.revision:
        raise Refused(
            [Reason("conflict", "在您编辑期间，他人已保存了这份草稿。您的内容仍在页面上，请比对后决定保留哪一份。")]
        )
    changed = fill(edition, values)
    if row_ids is not None and set(item.rows.values_list("pk", flat=True)) != set(row_ids):
        item.rows.set(catalogue_rows(row_ids))
        changed.append("rows")
    if tags is not None and put_tags(item, tags):
        changed.append("tags")
    if changed:
        edition.revision += 1
        edition.updated_at = timezone.now()
        edition.save()
        _take_pictures(actor, edition, own)
        touch(item)
        audit(actor, item, "edit", {"fields": changed, "edition": edition.number})
        check_edition.enqueue(edition.pk)
    edition.working_copies.filter(user_id=actor.user_id).delete()
    return edition


@transaction.atomic
def discard(*, actor: Actor, item_id: int) -> None:
    """Throw the draft away. An item that was never public goes with it; its 索引号 is not used again."""
    item, edition = in_hand(item_id)
    require(actor, Action.DELETE_DRAFT, subject_of(item, edition))
    audit(
        actor, item, "discard", {"title": edition.title, "edition": edition.number, "index_number": item.index_number}
    )
    item.working = None
    item.state = item.current.state if item.current else State.DRAFT.value
    item.save(update_fields=["working", "state"])
    records.forget(edition.pk)
    tables.forget(edition.pk)
    edition.delete()
    if item.current is None:
        item.delete()


# --- files and pictures -----------------------------------------------------------------------------------------------
def attach(*, actor: Actor, item_id: int, name: str, stream: BinaryIO, title: str = "") -> Attachment:
    """Add a file to the draft. The file is read and checked before the transaction, so that a slow scan holds no lock."""
    item, edition = in_hand(item_id)
    require(actor, Action.ATTACH, subject_of(item, edition))
    file = store(name, stream)
    with transaction.atomic():
        item, edition = in_hand(item_id)
        require(actor, Action.ATTACH, subject_of(item, edition))
        position = (edition.attachments.aggregate(last=Max("position"))["last"] or 0) + 1
        attachment = Attachment.objects.create(
            edition=edition,
            file=file,
            name=_file_name(name),
            title=title.strip() or _file_name(name),
            position=position,
        )
        touch(item)
        audit(actor, item, "attach", {"name": attachment.name, "sha256": file.sha256})
        if file.needs_reading:
            read_attachment.enqueue(file.pk)
        check_edition.enqueue(edition.pk)
    return attachment


def _take_pictures(actor: Actor, edition: Edition, own: frozenset[str]) -> None:
    for file in pictures.attach_those_in(edition, actor, own):
        if file.needs_reading:
            read_attachment.enqueue(file.pk)


def add_picture(*, actor: Actor, item_id: int, name: str, stream: BinaryIO) -> Attachment:
    """Store a picture for the draft's text; it counts as part of the draft from the moment the text shows it.

    Raises `Refused` for what is no picture that every browser shows.
    """
    require(actor, Action.ATTACH, subject_of(*in_hand(item_id)))
    file = pictures.keep(_file_name(name), stream)
    with transaction.atomic():
        item, edition = in_hand(item_id)
        require(actor, Action.ATTACH, subject_of(item, edition))
        known = edition.attachments.filter(file=file, in_text=True).first()
        if known is not None:
            return known
        attachment = pictures.attach(edition, file)
        audit(actor, item, "attach", {"name": attachment.name, "sha256": file.sha256})
        if file.needs_reading:
            read_attachment.enqueue(file.pk)
        check_edition.enqueue(edition.pk)
    return attachment


@transaction.atomic
def detach(*, actor: Actor, item_id: int, attachment_id: int) -> None:
    """Take a file off the draft; its content stays in the store as long as an edition uses it."""
    item, edition = in_hand(item_id)
    require(actor, Action.ATTACH, subject_of(item, edition))
    attachment = edition.attachments.filter(pk=attachment_id).first()
    if attachment is None:
        raise NotVisible
    audit(actor, item, "detach", {"name": attachment.name})
    attachment.delete()
    touch(item)


def _file_name(name: str) -> str:
    """The last part of what the browser sent, without separators or control characters, at most 150 characters."""
    clean = "".join(character for character in name.replace("\\", "/").split("/")[-1] if character.isprintable()).strip(
        " ."
    )
    stem, dot, suffix = clean.rpartition(".")
    return f"{stem[:140]}{dot}{suffix[:9]}" if dot else (clean[:150] or "附件")
