"""Policy documents that rest on what no longer binds: their 上级依据, or a document they certainly cite, has ended.

The gate makes a finding of each (`basis.repealed`). It comes about by what others publish and by time, so a sweep once a day checks
anew the public documents for which it has changed. Source: 国办发〔2018〕115号 (documents whose basis is repealed are to be cleaned up).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from gongkai.disclosure.models import Citation, Edition, Item, Relation
from gongkai.disclosure.validity import ACT_KINDS, ended, validity_of
from gongkai.review.models import RecordedFinding
from gongkai.rules.findings import Finding, found
from gongkai.rules.publication import State
from gongkai.rules.relations import RelationKind

__all__ = ["RULE", "findings_of", "resting_on_ended", "sweep"]

RULE = "basis.repealed"
KIND = "policy_document"
"""The kind that rests on bases; an interpretation or a notice may well tell of what is past."""


def findings_of(item: Item, edition: Edition) -> Iterator[Finding]:
    """A finding for each ended document that the edition rests on: two queries, and four more where there is one."""
    if item.kind != KIND:
        return
    today = timezone.localdate()
    tied = Relation.objects.filter(source=item, kind=RelationKind.IMPLEMENTS.value)
    named = dict(
        [
            *(
                (target, ("引用的", name))
                for _, target, name in _ended(edition.citations.all(), "edition__item", today)
            ),
            *((target, ("上级依据", name)) for _, target, name in _ended(tied, "source", today)),
        ]
    )
    validity = validity_of(named, today)
    for target, (relation, name) in sorted(named.items()):
        yield found(RULE, message=f"{relation}{name}{validity[target].explanation}", text=name, place="依据和引用")


def resting_on_ended(day: date) -> set[tuple[int, str]]:
    """(item, name of what has ended) for all public policy documents in force: two queries."""
    tied = Relation.objects.filter(
        kind=RelationKind.IMPLEMENTS.value, source__kind=KIND, source__current__state=State.PUBLISHED.value
    )
    cited = Citation.objects.filter(edition__state=State.PUBLISHED.value, edition__item__kind=KIND)
    rows = [*_ended(tied, "source", day), *_ended(cited, "edition__item", day)]
    return {(item, name) for item, _, name in rows}


def sweep(now: datetime) -> int:
    """Check anew the public documents of which a basis has ended, or binds again, since they were checked; returns how many."""
    from gongkai.disclosure.findings import rescan  # it uses the gate, which uses this module

    wanted = resting_on_ended(timezone.localdate(now))
    public = dict(
        Edition.objects.filter(
            state=State.PUBLISHED.value,
            item__current_id=F("pk"),
            pk__in=RecordedFinding.objects.filter(rule=RULE).values("edition_id"),
        ).values_list("pk", "item_id")
    )
    known, still_open = set(), set()
    kept = RecordedFinding.objects.filter(rule=RULE).exclude(state=RecordedFinding.State.MENDED)
    for edition, name, state in kept.values_list("edition_id", "text", "state"):
        if edition in public:
            known.add((public[edition], name))
            if state == RecordedFinding.State.OPEN:
                still_open.add((public[edition], name))
    changed = {item for item, _ in (wanted - known) | (still_open - wanted)}
    return sum(rescan(item_id=item) for item in sorted(changed))


def _ended(rows: QuerySet[Any], source: str, day: date) -> list[tuple[int, int, str]]:
    """(item, target, name of the target) of these ties or citations: the target has ended, the item has not.

    The act that ends a document names it of necessity, and does not rest on it.
    """
    acts = Relation.objects.filter(
        source_id=OuterRef(f"{source}_id"), target_id=OuterRef("target_id"), kind__in=ACT_KINDS
    )
    resting = rows.filter(
        ended(day, "target"), ~ended(day, source), ~Exists(acts), target__current__state=State.PUBLISHED.value
    )
    values = (f"{source}_id", "target_id", "target__current__title", "target__current__document_number")
    found_ = resting.order_by().values_list(*values).distinct()
    return [
        (item, target, f"《{title}》（{number}）" if number else f"《{title}》")
        for item, target, title, number in found_
    ]
