"""Which items change their validity by time alone; validity itself is computed in `disclosure.validity`."""

from datetime import date

from django.db.models import Q

from gongkai.disclosure.models import Edition, Relation
from gongkai.disclosure.validity import ACT_KINDS, facts_of, validity_by_dates, validity_of
from gongkai.rules.publication import State
from gongkai.rules.validity import next_change

__all__ = ["changing_between", "facts_of", "validity_by_dates", "validity_of"]


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
