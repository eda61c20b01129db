"""What ties a public item to others: relations in both directions, the validity that follows from them, citations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from gongkai.disclosure.models import Citation, Relation
from gongkai.disclosure.prepared import Prepared
from gongkai.disclosure.public_cards import Card
from gongkai.rules.publication import State
from gongkai.rules.relations import RELATION_TYPES, RelationKind, RelationType
from gongkai.rules.validity import Act, Status, Validity, ValidityFacts, validity_on

CITED_BY_SHOWN = 50
"""Citing documents listed on a page; the rest are found by searching for the number."""


@dataclass(frozen=True, slots=True)
class Tie:
    """The other end of a relation."""

    item: Card
    effective_on: date | None
    note: str
    validity: Status | None = None
    """Today's, of a document the item rests on (上级依据)."""


@dataclass(frozen=True, slots=True)
class Ties:
    """All relations of one kind and direction, under the heading the page shows."""

    identifier: str
    label: str
    ties: tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class RelationRow:
    """A relation seen from one of its ends."""

    type: RelationType
    forward: bool
    other: int
    effective_on: date | None
    note: str
    acts_from: tuple[date | None, date | None] = (None, None)
    """Of the source edition: effective date and date of writing, when the relation names no day."""
    public: bool = True
    """Whether the source is public."""
    basis: int | None = None
    """The row is an act on this document, which the item rests on, and no relation of the item itself."""

    @property
    def day(self) -> date | None:
        """The day from which an act has effect."""
        return self.effective_on or self.acts_from[0] or self.acts_from[1]


def relation_rows(item_id: int) -> list[RelationRow]:
    """The relations of an item in both directions, and the acts on the documents it rests on: one query."""
    rows = []
    for kind, source, target, on, note, effective, written, state in _relations_of(item_id):
        forward = source == item_id
        rows.append(
            RelationRow(
                RELATION_TYPES[RelationKind(kind)],
                forward,
                target if forward else source,
                on,
                note,
                (effective, written),
                state == State.PUBLISHED,
                None if item_id in (source, target) else target,
            )
        )
    return rows


def ends_of(rows: Sequence[RelationRow]) -> Iterator[int]:
    """The items the item itself is tied to: those whose cards the page needs."""
    return (row.other for row in rows if row.basis is None)


_ACT_KINDS = tuple(kind.value for kind, row in RELATION_TYPES.items() if row.act is not None)


def _of_item_and_bases(item_id: int) -> Q:
    bases = Relation.objects.filter(source_id=item_id, kind=RelationKind.IMPLEMENTS.value).values("target_id")
    return Q(source_id=item_id) | Q(target_id=item_id) | Q(target_id__in=bases, kind__in=_ACT_KINDS)


_relations_of = Prepared(
    lambda item_id: (
        Relation.objects.filter(_of_item_and_bases(item_id))
        .order_by("pk")
        .values_list(
            "kind",
            "source_id",
            "target_id",
            "effective_on",
            "note",
            "source__current__effective_from",
            "source__current__document_date",
            "source__current__state",
        )
    )
)


def interprets(source_id: int, target_id: int) -> bool:
    """Whether the one is an interpretation of the other: one query."""
    return bool(_interprets(source_id, target_id))


_interprets = Prepared(
    lambda source_id, target_id: Relation.objects.filter(
        source_id=source_id, target_id=target_id, kind=RelationKind.INTERPRETS.value
    ).values_list("pk")
)


def grouped(rows: Sequence[RelationRow], by_id: Mapping[int, Card]) -> tuple[Ties, ...]:
    """The relations under their headings; those to items that are not public (no card) are left out."""
    groups: dict[tuple[str, str], list[Tie]] = {}
    for row in rows:
        if row.basis is None and row.other in by_id:
            type_, card = row.type, by_id[row.other]
            heading = (type_.kind.value, type_.label) if row.forward else (type_.inverse, type_.inverse_label)
            status = _status_of_basis(card, rows) if row.forward and type_.kind is RelationKind.IMPLEMENTS else None
            groups.setdefault(heading, []).append(Tie(card, row.effective_on, row.note, status))
    return tuple(Ties(identifier, label, tuple(ties)) for (identifier, label), ties in groups.items())


def _status_of_basis(card: Card, rows: Sequence[RelationRow]) -> Status:
    """Today's status of a document the item rests on; the item itself may be what acts on it."""
    acts = [
        Act(row.type.act, row.day, "")
        for row in rows
        if row.type.act is not None and row.day is not None and row.public
        if card.id == (row.basis or (row.other if row.forward else None))
    ]
    facts = ValidityFacts(card.effective_from, card.expires_on, tuple(sorted(acts, key=lambda act: act.on)))
    return validity_on(timezone.localdate(), facts).status


def validity(
    head: Mapping[str, Any], rows: Sequence[RelationRow], by_id: Mapping[int, Card], on: date | None
) -> Validity:
    """Validity from what the page has read anyway; `policies.validity` computes the same for lists."""
    acts = []
    for row in rows:
        if row.type.act is None or row.forward or row.basis is not None or row.day is None:
            continue
        if card := by_id.get(row.other):
            by = f"《{card.title}》（{card.document_number}）" if card.document_number else f"《{card.title}》"
            acts.append(Act(row.type.act, row.day, by, card.id))
    facts = ValidityFacts(head["effective_from"], head["expires_on"], tuple(sorted(acts, key=lambda act: act.on)))
    return validity_on(on or timezone.localdate(), facts)


@dataclass(frozen=True, slots=True)
class Citations:
    """What an edition cites with certainty (text, item), and which editions cite the item (text, item)."""

    outbound: tuple[tuple[str, int], ...]
    inbound: tuple[tuple[str, int], ...]


def citation_rows(edition_id: int, item_id: int) -> Citations:
    """What the edition cites with certainty, and which published editions cite the item: one query."""
    outbound: list[tuple[str, int]] = []
    inbound: list[tuple[str, int]] = []
    for edition, source, text, target in _citations_of(edition_id, item_id):
        if edition == edition_id:
            outbound.append((text, target))
        elif len(inbound) < CITED_BY_SHOWN and source != item_id:
            inbound.append((text, source))
    return Citations(tuple(outbound), tuple(inbound))


_citations_of = Prepared(
    lambda edition_id, item_id: (
        Citation.objects.filter(
            Q(edition_id=edition_id, target__current__state=State.PUBLISHED)
            | Q(target_id=item_id, edition__state=State.PUBLISHED)
        )
        .order_by("-edition_id", "start")
        .values_list("edition_id", "edition__item_id", "text", "target_id")
    )
)
