"""解读覆盖: normative documents in force since 2018, which of them are interpreted, and which one to one (解读“链通”).

The rubrics of the districts ask for an interpretation of every normative document from 2018 on, linked both ways. What is counted
is what the public can read today: a withdrawn interpretation explains nothing, and a repealed document needs none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from gongkai.disclosure.models import Edition, Relation
from gongkai.disclosure.validity import ended
from gongkai.organisations.models import Organisation
from gongkai.rules.publication import State
from gongkai.rules.relations import RelationKind

SINCE = date(2018, 1, 1)
"""First 成文日期 that counts."""
ORDER = ("-document_date", "-item_id")
"""Order of the list 未配解读: the newest first."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The counts of one body, or of all."""

    organisation: Organisation | None
    """None: the sum."""
    documents: int
    """Normative documents in force with a 成文日期 from `SINCE` on."""
    interpreted: int
    """Those of them with a public interpretation."""
    one_to_one: int
    """Those of them with a public interpretation that explains no other document."""
    explained: int = 0
    """Those without a public interpretation of which it was said why (`rules.three_syncs`)."""

    @property
    def uninterpreted(self) -> int:
        """How many have none."""
        return self.documents - self.interpreted

    @property
    def share(self) -> float | None:
        """Interpreted documents of all, 0 to 1; None where there is no document."""
        return self.interpreted / self.documents if self.documents else None

    @property
    def one_to_one_share(self) -> float | None:
        """Documents with an interpretation of their own of all, 0 to 1; None where there is no document."""
        return self.one_to_one / self.documents if self.documents else None


def coverage(bodies: Iterable[Organisation], day: date) -> list[Coverage]:
    """The counts of these bodies on a day, in the same order: one query."""
    wanted = list(bodies)
    counted = (
        _in_force(day)
        .filter(body_id__in=[body.pk for body in wanted])
        .annotate(matched=Exists(_interpretations()), alone=Exists(_interpretations().filter(~Exists(_of_others()))))
        .order_by()
        .values_list("body_id")
        .annotate(
            all=Count("pk"),
            interpreted=Count("pk", filter=Q(matched=True)),
            one_to_one=Count("pk", filter=Q(alone=True)),
            explained=Count("pk", filter=Q(matched=False) & ~Q(interpretation_note="")),
        )
    )
    counts = {body: figures for body, *figures in counted}
    return [Coverage(body, *counts.get(body.pk, (0, 0, 0, 0))) for body in wanted]


def total(lines: Iterable[Coverage]) -> Coverage:
    """The sum of all lines."""
    known = list(lines)
    return Coverage(
        None,
        sum(one.documents for one in known),
        sum(one.interpreted for one in known),
        sum(one.one_to_one for one in known),
        sum(one.explained for one in known),
    )


def uninterpreted(organisation_id: int, day: date) -> QuerySet[Edition, Any]:
    """未配解读 of a body, for the pager with `ORDER`: item_id, title, document_number, document_date, published_at, interpretation_note."""
    bare = _in_force(day).filter(~Exists(_interpretations()), body_id=organisation_id)
    return bare.values("item_id", "title", "document_number", "document_date", "published_at", "interpretation_note")


def _in_force(day: date) -> QuerySet[Edition]:
    """Public normative documents since 2018 that bind on `day`; `body_id` is their body's.

    The same as `rules.validity.validity_on(…).valid`, as one condition, for a count must not read every document. Body and kind are
    asked as computed values, so that databases use the index of normative editions (see `disclosure.worklist`).
    """
    return Edition.objects.annotate(
        body_id=F("item__organisation_id") + 0, item_kind=Coalesce("item__kind", Value(""))
    ).filter(
        Q(effective_from=None) | Q(effective_from__lte=day),
        ~ended(day, "item"),
        normative=True,
        state=State.PUBLISHED.value,
        item__current_id=F("pk"),
        item_kind="policy_document",
        document_date__gte=SINCE,
    )


def _interpretations() -> QuerySet[Relation]:
    """Public interpretations of the document of the edition asked about."""
    return Relation.objects.filter(
        target_id=OuterRef("item_id"), kind=RelationKind.INTERPRETS.value, source__current__state=State.PUBLISHED.value
    )


def _of_others() -> QuerySet[Relation]:
    """Other documents that the same interpretation explains."""
    others = Relation.objects.filter(source_id=OuterRef("source_id"), kind=RelationKind.INTERPRETS.value)
    return others.exclude(target_id=OuterRef("target_id"))
