"""What ties a public item to others: relations in both directions, the validity that follows from them, citations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from gongkai.rules.validity import Act, Validity, ValidityFacts, validity_on

CITED_BY_SHOWN = 50
"""Citing documents listed on a page; the rest are found by searching for the number."""


@dataclass(frozen=True, slots=True)
class Tie:
    """The other end of a relation."""

    item: Card
    effective_on: date | None
    note: str


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


def relation_rows(item_id: int) -> list[RelationRow]:
    """The relations of an item in both directions: one query."""
    rows = []
    for kind, source, target, on, note, effective, written in _relations_of(item_id):
        forward = source == item_id
        rows.append(
            RelationRow(
                RELATION_TYPES[RelationKind(kind)],
                forward,
                target if forward else source,
                on,
                note,
                (effective, written),
            )
        )
    return rows


_relations_of = Prepared(
    lambda item_id: (
        Relation.objects.filter(Q(source_id=item_id) | Q(target_id=item_id))
        .order_by("pk")
        .values_list(
            "kind",
            "source_id",
            "target_id",
            "effective_on",
            "note",
            "source__current__effective_from",
            "source__current__document_date",
        )
    )
)


def grouped(rows: Sequence[RelationRow], by_id: Mapping[int, Card]) -> tuple[Ties, ...]:
    """The relations under their headings; those to items that are not public (no card) are left out."""
    groups: dict[tuple[str, str], list[Tie]] = {}
    for row in rows:
        if row.other in by_id:
            type_ = row.type
            heading = (type_.kind.value, type_.label) if row.forward else (type_.inverse, type_.inverse_label)
            groups.setdefault(heading, []).append(Tie(by_id[row.other], row.effective_on, row.note))
    return tuple(Ties(identifier, label, tuple(ties)) for (identifier, label), ties in groups.items())


def validity(
    head: Mapping[str, Any], rows: Sequence[RelationRow], by_id: Mapping[int, Card], on: date | None
) -> Validity:
    """Validity from what the page has read anyway; `policies.validity` computes the same for lists."""
    acts = []
    for row in rows:
        day = row.effective_on or row.acts_from[0] or row.acts_from[1]
        if row.type.act is not None and not row.forward and day is not None and (card := by_id.get(row.other)):
            by = f"《{card.title}》（{card.document_number}）" if card.document_number else f"《{card.title}》"
            acts.append(Act(row.type.act, day, by, card.id))
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
