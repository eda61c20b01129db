"""The facts of many cases at once, without a query for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from gongkai.foi.models import CaseEvent
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.case_facts import CaseFacts, Happened, fold
from gongkai.rules.case_states import CaseState

CHUNK = 400
"""Cases whose events are read with one query."""
_COLUMNS = ("case_id", "seq", "name", "effective_on", "at", "actor_id", "organisation_id", "to_state", "data")


def facts_by_case(case_ids: Sequence[int]) -> Iterator[tuple[int, CaseFacts]]:
    """(case, what its events say) for each of `case_ids` that has events; not locked: lock and read again before writing."""
    for start in range(0, len(case_ids), CHUNK):
        rows = CaseEvent.objects.filter(case_id__in=case_ids[start : start + CHUNK]).order_by("case_id", "seq")
        for case_id, events in groupby(rows.values_list(*_COLUMNS), key=lambda row: row[0]):
            yield case_id, fold(_happened(event) for event in events)


def _happened(row: tuple) -> Happened:  # type: ignore[type-arg]
    _, seq, name, on, at, actor, organisation, state, data = row
    return Happened(seq, Event(name), on, at, actor, organisation, CaseState(state), data)
