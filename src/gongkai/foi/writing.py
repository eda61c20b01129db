"""Adding one event to a case's chain, and writing into its columns what the events say. Only `recording` and `opening` use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongkai.foi import chain
from gongkai.foi.models import Case, CaseEvent
from gongkai.rules.access import Actor
from gongkai.rules.calendar import WorkingDays
from gongkai.rules.case_clocks import next_day, reply_reckoning, review_days
from gongkai.rules.case_events import TRANSITIONS
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.case_facts import CaseFacts
from gongkai.rules.case_states import CaseState


@dataclass(frozen=True, slots=True)
class Wanted:
    """An event somebody wants: its particulars, its day in law, the form's token and the last event the form knew of."""

    event: Event
    data: Mapping[str, Any] = field(default_factory=dict)
    on: date | None = None
    token: str = ""
    expected_seq: int | None = None
    at: datetime | None = None
    """When it is entered; None: now, and never anything else for what people enter. Set for the sample district's past year alone."""


def append(actor: Actor, case: Case, wanted: Wanted, data: Mapping[str, Any], target: CaseState) -> CaseEvent:
    """One more link of the chain; the case must be locked."""
    last = case.events.order_by("-seq").values_list("hash", flat=True).first()
    event = CaseEvent(
        case=case,
        seq=case.last_seq + 1,
        name=wanted.event.value,
        at=wanted.at or timezone.now(),
        effective_on=wanted.on or timezone.localdate(wanted.at),
        actor_id=actor.user_id or None,
        actor_name=actor.name,
        acting_for="、".join(
            principal.name for principal in actor.acting_for(case.organisation_id, TRANSITIONS[wanted.event].roles)
        ),
        organisation_id=_body_of(actor, case, wanted.event),
        from_state=case.state,
        to_state=target.value,
        data=dict(data),
        token=wanted.token or None,
        previous_hash=last or chain.GENESIS,
    )
    event.hash = chain.hash_of(event)
    event.save()
    case.last_seq, case.state = event.seq, target.value
    return event


def _body_of(actor: Actor, case: Case, event: Event) -> int | None:
    """For which body the actor does it: the one that answers, a unit, or the one where supervision is held."""
    row = TRANSITIONS[event]
    if actor.roles_in(case.organisation_id) & row.roles:
        return case.organisation_id
    units = case.assignments.filter(ended_seq=None).values_list("organisation_id", flat=True)
    for body in (*units, *actor.roles):
        if actor.roles_in(body) & (row.unit_roles | row.any_roles):
            return body
    return case.organisation_id if actor.user_id else None


def refresh(case: Case, facts: CaseFacts, calendar: WorkingDays, today: date) -> None:
    """Write into the columns what the facts say; the caller saves."""
    open_now = facts.state.open
    found = reply_reckoning(facts, calendar, facts.ended_on or today)
    case.state = facts.state.value
    case.received_on = facts.received_on
    case.due_on = found.due if found else None
    case.due_provisional = bool(found and found.provisional and open_now)
    case.stopped = bool(found and found.due is None and open_now)
    inner = reply_reckoning(facts, calendar, today, days=review_days()) if open_now else None
    case.internal_due_on = inner.due if inner else None
    case.next_on = next_day(facts, calendar) if open_now else None
    case.open_consultations = len(facts.open_consultations) if open_now else 0
    case.outcome = str((facts.decision or {}).get("outcome", "")) or (
        "other" if facts.state is CaseState.WITHDRAWN else ""
    )
    case.decided_on = facts.decided_on or (facts.ended_on if facts.state is CaseState.WITHDRAWN else None)
    case.closed_on = facts.ended_on
    case.timely_on = facts.served_on
    case.claimed_by_id = facts.claimed_by
    case.changed_at = timezone.now()
