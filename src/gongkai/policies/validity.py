"""Validity of documents in the register, computed for any day from their dates and the acts on them; it is never typed."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils import timezone

from gongkai.disclosure.models import Edition, Item, Relation
from gongkai.rules.publication import State
from gongkai.rules.relations import RELATION_TYPES, RelationKind
from gongkai.rules.validity import Act, Validity, ValidityFacts, next_change, validity_on

ACT_KINDS = tuple(kind.value for kind, row in RELATION_TYPES.items() if row.act is not None)


def facts_of(item_ids: Iterable[int]) -> dict[int, ValidityFacts]:
    """Dates of, and acts on, the published editions of these items: two queries. Items that are not public are left out."""
    ids = list(item_ids)
    acts: dict[int, list[Act]] = {}
    relations = Relation.objects.filter(target_id__in=ids, kind__in=ACT_KINDS, source__current__state=State.PUBLISHED)
    columns = (
        "target_id",
        "kind",
        "effective_on",
        "source_id",
        "source__current__document_number",
        "source__current__title",
        "source__current__document_date",
        "source__current__effective_from",
    )
    for target, kind, on, source, number, title, written, effective in relations.values_list(*columns):
        day = on or effective or written
        act = RELATION_TYPES[RelationKind(kind)].act
        if day is not None and act is not None:
            acts.setdefault(target, []).append(
                Act(act, day, f"《{title}》（{number}）" if number else f"《{title}》", source)
            )
    public = Edition.objects.filter(item_id__in=ids, state__in=(State.PUBLISHED, State.WITHDRAWN))
    return {
        item: ValidityFacts(effective, expires, tuple(sorted(acts.get(item, ()), key=lambda act: act.on)))
        for item, effective, expires in public.values_list("item_id", "effective_from", "expires_on")
    }


def validity_of(item_ids: Iterable[int], on: date | None = None) -> dict[int, Validity]:
    """Validity on a day (default: today in China) by item id."""
    day = on or timezone.localdate()
    return {item: validity_on(day, facts) for item, facts in facts_of(item_ids).items()}


def changing_between(after: date, until: date) -> list[int]:
    """Items whose validity changes on a day in (`after`, `until`]: the sweep re-indexes them."""
    editions = Edition.objects.filter(state=State.PUBLISHED)
    dated = editions.filter(
        Q(effective_from__gt=after, effective_from__lte=until) | Q(expires_on__gte=after, expires_on__lt=until)
    )
    acted = Relation.objects.filter(kind__in=ACT_KINDS).filter(
        Q(effective_on__gt=after, effective_on__lte=until)
        | Q(source__current__effective_from__gt=after, source__current__effective_from__lte=until)
    )
    ids = {*dated.values_list("item_id", flat=True), *acted.values_list("target_id", flat=True)}
    return sorted(
        item
        for item, facts in facts_of(ids).items()
        if (change := next_change(facts, after)) is not None and change <= until
    )


def documents() -> "Iterable[int]":
    """Ids of all published policy documents, in order."""
    return (
        Item.objects.filter(kind="policy_document", current__state=State.PUBLISHED)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
