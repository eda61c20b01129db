"""Writing many items at once: what imports and the sample district use instead of one action after another.

The caller holds the transaction, checks access and audits; here the register's own invariants are kept (索引号, states, frozen
editions, citations, outbox), with a handful of statements for each batch.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from gongkai.disclosure import citations
from gongkai.disclosure.editing import fill
from gongkai.disclosure.index_numbers import allocate
from gongkai.disclosure.models import ChangeNote, Edition, Item
from gongkai.organisations.models import Organisation
from gongkai.rules.publication import State
from gongkai.rules.tags import TAGGED_KINDS, in_order
from gongkai.search import enqueue

PUBLIC = frozenset({State.PUBLISHED, State.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class EarlierEdition:
    """An edition that was published before the one in hand."""

    values: Mapping[str, Any]
    published_at: datetime
    change_note: str = ""


@dataclass(frozen=True, slots=True)
class BulkItem:
    """One item to be written. `values` are content fields of the edition, as a form would give them."""

    organisation: Organisation
    kind: str
    values: Mapping[str, Any]
    state: State = State.PUBLISHED
    at: datetime | None = None
    """Moment of publication, or of the last work on what is not published; default now."""
    source_published_on: date | None = None
    """Publication date on the site it came from."""
    row_ids: tuple[int, ...] = ()
    tags: tuple[str, ...] | None = None
    """Confirmed tags (`rules.tags`); None: somebody still has to confirm them."""
    what: str = "发布"
    note: str = ""
    change_note: str = ""
    life: Mapping[str, Any] = field(default_factory=dict)
    """Further fields of the edition's life: reviews, schedule, withdrawal."""
    earlier: tuple[EarlierEdition, ...] = ()


def write(wanted: Sequence[BulkItem], *, created_by: int | None = None) -> list[Item]:
    """Write `wanted` and return their items in the same order."""
    now = timezone.now()
    times = [made.at or now for made in wanted]
    numbers = _numbers(wanted, times)
    items = Item.objects.bulk_create(
        Item(
            organisation=made.organisation,
            kind=made.kind,
            index_number=number,
            state=made.state.value,
            tags=in_order(made.tags or ()),
            tags_open=made.tags is None and made.kind in TAGGED_KINDS,
            created_by_id=created_by,
            created_at=at,
            updated_at=at + timedelta(microseconds=position),
        )
        for position, (made, number, at) in enumerate(zip(wanted, numbers, times, strict=True))
    )
    editions = _editions(wanted, items, times)
    links = [
        Item.rows.through(item_id=item.pk, cataloguerow_id=row)
        for made, item in zip(wanted, items, strict=True)
        for row in dict.fromkeys(made.row_ids)
    ]
    Item.rows.through.objects.bulk_create(links, batch_size=400)
    public = [edition for edition in editions if edition.state == State.PUBLISHED]
    citations.remember(public)
    citations.find(public)
    citations.settle(public)
    enqueue([edition.item_id for edition in public])
    return items


def _numbers(wanted: Sequence[BulkItem], times: Sequence[datetime]) -> list[str]:
    """索引号 for each, counted by body and month of `times`, in the order given."""
    numbers = [""] * len(wanted)
    keyed = [
        (made.organisation.pk, f"{timezone.localdate(at):%Y%m}", at) for made, at in zip(wanted, times, strict=True)
    ]
    order = sorted(range(len(wanted)), key=lambda position: (keyed[position][0], keyed[position][1], position))
    for _, group in groupby(order, key=lambda position: keyed[position][:2]):
        positions = list(group)
        first = positions[0]
        given = allocate(wanted[first].organisation, timezone.localdate(keyed[first][2]), len(positions))
        for position, number in zip(positions, given, strict=True):
            numbers[position] = number
    return numbers


def _editions(wanted: Sequence[BulkItem], items: Sequence[Item], times: Sequence[datetime]) -> list[Edition]:
    """Editions in hand (returned, in order) and the earlier ones, with the change notes the public sees."""
    editions, earlier, notes = [], [], []
    for made, item, at in zip(wanted, items, times, strict=True):
        number = 0
        note_for_next = ""
        for number, old in enumerate(made.earlier, start=1):
            edition = Edition(
                item=item,
                number=number,
                state=State.SUPERSEDED.value,
                published_at=old.published_at,
                created_at=old.published_at,
                change_note=note_for_next,
            )
            edition.superseded_at = made.earlier[number].published_at if number < len(made.earlier) else at
            fill(edition, old.values)
            earlier.append(edition)
            notes.append(
                ChangeNote(
                    item=item, at=old.published_at, what="更正" if note_for_next else made.what, note=note_for_next
                )
            )
            note_for_next = old.change_note
        edition = Edition(
            item=item,
            number=number + 1,
            state=made.state.value,
            source_published_on=made.source_published_on,
            change_note=made.change_note or note_for_next,
            published_at=at if made.state in PUBLIC else None,
            created_at=at,
            updated_at=at,
            **made.life,
        )
        fill(edition, made.values)
        editions.append(edition)
        if made.state in PUBLIC:
            notes.append(
                ChangeNote(
                    item=item, at=at, what="更正" if number else made.what, note=edition.change_note or made.note
                )
            )
        if made.state is State.WITHDRAWN:
            notes.append(
                ChangeNote(item=item, at=edition.withdrawn_at or at, what="撤回", note=edition.withdrawal_note[:500])
            )
    Edition.objects.bulk_create([*editions, *earlier], batch_size=20)
    for made, item, edition in zip(wanted, items, editions, strict=True):
        setattr(item, "current" if made.state in PUBLIC else "working", edition)
    # Set by set instead of row by row: the edition in hand is the last one of its item.
    last = Subquery(Edition.objects.filter(item=OuterRef("pk")).order_by("-number").values("pk")[:1])
    for pointer in ("current", "working"):
        chosen = [
            item.pk
            for made, item in zip(wanted, items, strict=True)
            if (made.state in PUBLIC) == (pointer == "current")
        ]
        for start in range(0, len(chosen), 500):
            Item.objects.filter(pk__in=chosen[start : start + 500]).update(**{pointer: last})
    ChangeNote.objects.bulk_create(notes, batch_size=100)
    return editions
