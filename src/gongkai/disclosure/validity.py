"""Validity of documents in the register, computed for any day from their dates and the acts on them; it is never typed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from gongkai.disclosure.models import Item, Relation
from gongkai.disclosure.prepared import Prepared
from gongkai.rules.publication import State
from gongkai.rules.relations import RELATION_TYPES, RelationKind
from gongkai.rules.validity import Act, ActKind, Validity, ValidityFacts, validity_on

ACT_KINDS = tuple(kind.value for kind, row in RELATION_TYPES.items() if row.act is not None)
_ENDING = tuple(kind.value for kind, row in RELATION_TYPES.items() if row.act not in (None, ActKind.AMENDS))
SIZES = (1, 5, 10, 20, 50)
"""Numbers of ids the prepared queries are written for; fewer are filled up by repeating one, more are asked the plain way."""


Dates = Mapping[int, tuple[date | None, date | None]]
"""Effective date and last day of documents, by item id."""


def facts_of(item_ids: Iterable[int]) -> dict[int, ValidityFacts]:
    """Dates of, and acts on, the public editions of these items: two queries. Items that are not public are left out."""
    ids = sorted(set(item_ids))
    if not ids:
        return {}
    rows = _asked(_prepared_dates, _dates_of, ids)
    return _facts({item: (effective, expires) for item, effective, expires in rows})


def _facts(dates: Dates) -> dict[int, ValidityFacts]:
    """The facts of public items whose dates are known: one query."""
    if not dates:
        return {}
    acted = _asked(_prepared_acts, _acts_on, sorted(dates))
    acts: dict[int, list[Act]] = {}
    for target, kind, on, source, number, title, written, effective in acted:
        day = on or effective or written
        act = RELATION_TYPES[RelationKind(kind)].act
        if day is not None and act is not None:
            acts.setdefault(target, []).append(
                Act(act, day, f"《{title}》（{number}）" if number else f"《{title}》", source)
            )
    return {
        item: ValidityFacts(effective, expires, tuple(sorted(acts.get(item, ()), key=lambda act: act.on)))
        for item, (effective, expires) in dates.items()
    }


def _asked(prepared: Prepared, plain: Callable[..., QuerySet[Any, Any]], ids: Sequence[int]) -> list[tuple[Any, ...]]:
    """The rows for these ids, by the prepared query of the next size, or the plain way when they are more."""
    size = next((size for size in SIZES if len(ids) <= size), None)
    return list(plain(*ids)) if size is None else prepared(*ids, *ids[:1] * (size - len(ids)))


def _acts_on(*ids: int) -> QuerySet[Any, Any]:
    return Relation.objects.filter(
        target_id__in=ids, kind__in=ACT_KINDS, source__current__state=State.PUBLISHED
    ).values_list(
        "target_id",
        "kind",
        "effective_on",
        "source_id",
        "source__current__document_number",
        "source__current__title",
        "source__current__document_date",
        "source__current__effective_from",
    )


def _dates_of(*ids: int) -> QuerySet[Any, Any]:
    return Item.objects.filter(pk__in=ids, current__isnull=False).values_list(
        "pk", "current__effective_from", "current__expires_on"
    )


_prepared_acts, _prepared_dates = Prepared(_acts_on), Prepared(_dates_of)


def validity_of(item_ids: Iterable[int], on: date | None = None) -> dict[int, Validity]:
    """Validity on a day (default: today in China) by item id: two queries."""
    day = on or timezone.localdate()
    return {item: validity_on(day, facts) for item, facts in facts_of(item_ids).items()}


def validity_by_dates(dates: Dates, on: date | None = None) -> dict[int, Validity]:
    """The same for public items whose dates have been read already: one query."""
    day = on or timezone.localdate()
    return {item: validity_on(day, facts) for item, facts in _facts(dates).items()}


def ended(day: date, item: str) -> Q:
    """As a condition of a query: the item named by the path `item` (`target`, say) has ended by `day` (失效、废止、宣布失效).

    The same as `validity_on(…).status.ended`, for counts and sweeps that must not read every document.
    """
    acted_on = Coalesce("effective_on", "source__current__effective_from", "source__current__document_date")
    acts = Relation.objects.filter(
        target_id=OuterRef(f"{item}_id"), kind__in=_ENDING, source__current__state=State.PUBLISHED.value
    )
    return Q(**{f"{item}__current__expires_on__lt": day}) | Exists(acts.annotate(day=acted_on).filter(day__lte=day))
