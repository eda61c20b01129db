"""Which events concern a case as it stands: what the list of next actions offers. Whether they may happen is asked of `case_guards`."""

from __future__ import annotations

from gongkai.rules.case_events import TRANSITIONS, CaseEvent
from gongkai.rules.case_facts import CaseFacts
from gongkai.rules.case_states import CaseState


def offered(facts: CaseFacts) -> tuple[CaseEvent, ...]:
    """Events that concern a case as it stands, possible or not: for the list of next actions. Those that make no sense are left out."""
    found = []
    for row in TRANSITIONS.values():
        if facts.state in row.sources and not row.by_system and _concerns(row.event, facts):
            found.append(row.event)
    return tuple(found)


def _concerns(event: CaseEvent, facts: CaseFacts) -> bool:
    extension, consultations = facts.extension, facts.consultations
    match event:
        case CaseEvent.RECEIVE_CORRECTION:
            return facts.correction is not None and facts.correction.replied_on is None
        case CaseEvent.SERVE_CONSULTATION:
            return any(one.served_on is None and one.open for one in consultations)
        case CaseEvent.RECEIVE_OPINION:
            return any(one.replied_on is None for one in consultations)
        case CaseEvent.APPROVE_EXTENSION | CaseEvent.REFUSE_EXTENSION:
            return extension is not None and extension.approved_on is None
        case CaseEvent.SERVE_EXTENSION:
            return extension is not None and extension.approved_on is not None and extension.served_on is None
        case CaseEvent.REQUEST_EXTENSION:
            return extension is None
        case CaseEvent.DEFER:
            return facts.reasons is not None and facts.deferred_until is None
        case CaseEvent.REPLY_SUPERVISION:
            return any(one.replied_on is None for one in facts.supervisions)
        case CaseEvent.DECIDE_REMEDY:
            return facts.remedies_filed > facts.remedies_decided
        case CaseEvent.RECORD_DELIVERY:
            return facts.delivered_on is None and facts.state is CaseState.CLOSED and facts.served_way == "post"
    return True
