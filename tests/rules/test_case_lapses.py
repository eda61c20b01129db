"""What lapses in a case, when, and what silence means."""

from datetime import date

import pytest

from gongkai.rules.calendar import working_days
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.case_facts import CaseFacts, Consultation, Correction, Fee, ReasonRequest
from gongkai.rules.case_lapses import lapsed
from gongkai.rules.case_states import CaseState

SENT, LAST = date(2026, 3, 2), date(2026, 3, 13)
CORRECTION = CaseFacts(CaseState.AWAITING_CORRECTION, correction=Correction(SENT, LAST, "写明年份"))
REASONS = CaseFacts(CaseState.AWAITING_REASONS, reasons=ReasonRequest(SENT, LAST, "半年内 200 件"))
FEE = CaseFacts(CaseState.AWAITING_PAYMENT, fee=Fee(SENT, LAST, "items", 12, 100))


def consulted(party: str, served: date | None = SENT, **more: object) -> CaseFacts:
    return CaseFacts(
        CaseState.IN_PROGRESS, consultations=(Consultation(7, party, "甲公司", SENT, served_on=served, **more),)
    )


CASES = [
    (CORRECTION, date(2026, 3, 14), [(Event.CORRECTION_LAPSED, LAST)], "the day after the last one"),
    (CORRECTION, LAST, [], "the last day itself is the applicant's"),
    (REASONS, date(2026, 3, 20), [(Event.REASONS_LAPSED, LAST)], "the day that counts is the last one, however late the sweep"),
    (FEE, date(2026, 3, 14), [(Event.PAYMENT_LAPSED, LAST)], "not paid"),
    (CaseFacts(CaseState.IN_PROGRESS, correction=CORRECTION.correction), date(2026, 4, 1), [], "the state has gone on"),
    (consulted("third_party"), date(2026, 3, 24), [(Event.OPINION_LAPSED, date(2026, 3, 23))], "15 working days from service"),
    (consulted("third_party"), date(2026, 3, 23), [], "the fifteenth is the party's"),
    (consulted("third_party", served=None), date(2026, 12, 1), [], "its days run from when it had the letter"),
    (consulted("third_party", replied_on=date(2026, 3, 9)), date(2026, 4, 1), [], "it has answered"),
    (consulted("third_party", lapsed_on=date(2026, 3, 23)), date(2026, 4, 1), [], "recorded already"),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "today", "expected", "reason"), CASES, ids=[row[3] for row in CASES])
def test_what_lapses(facts, today, expected, reason):
    assert [(one.event, one.on) for one in lapsed(facts, working_days(), today)] == expected


SILENCE = [
    ("third_party", "body_decides", "§32: the body decides by the law"),
    ("other_agency", "body_decides", "§33 attaches nothing to its silence"),
    ("co_producer", "deemed_consent", "§34: silence is consent"),
]


@pytest.mark.parametrize(("party", "effect", "article"), SILENCE, ids=[row[2] for row in SILENCE])
def test_silence_means_another_thing_for_each_kind_of_party(party, effect, article):
    (found,) = lapsed(consulted(party), working_days(), date(2026, 4, 1))
    assert dict(found.data) == {"consultation": 7, "effect": effect}


def test_vector_9_a_co_producer_served_on_a_sunday_that_is_worked():
    facts = consulted("co_producer", served=date(2025, 4, 27))
    assert lapsed(facts, working_days(), date(2025, 5, 21)) == ()
    assert lapsed(facts, working_days(), date(2025, 5, 22))[0].on == date(2025, 5, 21)
