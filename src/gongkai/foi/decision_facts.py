"""What is on file of a case for its decision, and what the draft still lacks (《条例》§36–§37; `rules.decisions`)."""

from __future__ import annotations

from datetime import date

from gongkai.foi import documents
from gongkai.foi.issuing import unprintable
from gongkai.foi.models import Case
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.case_facts import CaseFacts
from gongkai.rules.decisions import Decision, DecisionFacts, decision_reasons
from gongkai.rules.reasons import Reason, Refused

HANDED_ON = frozenset({Event.SEND_FOR_REVIEW, Event.APPROVE, Event.SIGN})
"""Events at which the draft must be complete."""


def lacking(case: Case, facts: CaseFacts, event: Event, today: date) -> tuple[Reason, ...]:
    """What the draft and the letter made from it lack, asked where it is handed on; nothing is asked of a case without one."""
    if event not in HANDED_ON or facts.draft is None:
        return ()
    try:
        decision = Decision.from_json(facts.draft.decision)
    except Refused as refusal:
        return refusal.reasons
    found = decision_reasons(decision, facts_for_decision(case, facts, today))
    found += documents.providing_reasons(case, decision.attachments)
    said = {reason.field for reason in found}
    return (*found, *(reason for reason in unprintable(case, facts, decision, today) if reason.field not in said))


def facts_for_decision(case: Case, facts: CaseFacts, today: date) -> DecisionFacts:
    """What is on file, as the rules of the decision read it."""
    correction, reasons, fee = facts.correction, facts.reasons, facts.fee
    third = [one for one in facts.consultations if one.party == "third_party"]
    makers = [one for one in facts.consultations if one.party == "co_producer"]
    return DecisionFacts(
        received_on=facts.received_on or today,
        today=today,
        corrected=correction is not None and correction.replied_on is not None,
        correction_lapsed=correction is not None and correction.lapsed_on is not None,
        still_unclear=correction is not None and correction.still_unclear,
        payment_lapsed=fee is not None and fee.lapsed_on is not None,
        reasons_asked=reasons is not None,
        reasons_given=reasons is not None and reasons.replied_on is not None,
        reasons_lapsed=reasons is not None and reasons.lapsed_on is not None,
        earlier_reply=_answered_before(case),
        third_party_asked=bool(third),
        third_party_open=any(one.open for one in third),
        third_party_consents=any(one.opinion == "agrees" and not one.late for one in third),
        third_party_objects=any(one.opinion in ("objects", "partly") for one in third),
        third_party_silent=any(one.lapsed_on is not None and one.replied_on is None for one in third),
        coproducer_asked=bool(makers),
        coproducer_open=any(one.open for one in makers),
        coproducer_objects=any(one.opinion in ("objects", "partly") for one in makers),
        coproducer_silent=any(one.lapsed_on is not None and one.replied_on is None for one in makers),
    )


def _answered_before(case: Case) -> bool:
    """Whether the same applicant was answered on the same information (§36（六）)."""
    earlier = case.same_as
    if earlier is None or earlier.decided_on is None:
        return False
    return earlier.applicant.same_person == case.applicant.same_person
