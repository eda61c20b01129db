"""Periods of a case from its events: the worked cases of the law, as a clerk would enter them."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.rules.calendar import working_days
from gongkai.rules.case_clocks import ClockKind, ClockState, clocks, next_day, reply_reckoning
from gongkai.rules.case_events import CaseEvent as E
from gongkai.rules.case_facts import CaseFacts, Happened, fold
from gongkai.rules.case_states import CaseState as T

CALENDAR = working_days()


def facts(*events: tuple, state: T = T.IN_PROGRESS) -> CaseFacts:
    """Fold `(event, day, data)` in their order; the first one has number 1."""
    return fold(
        Happened(seq, event, date.fromisoformat(day), to_state=state, data=data[0] if data else {})
        for seq, (event, day, *data) in enumerate(events, start=1)
    )


def due(known: CaseFacts, today: str) -> str | None:
    found = reply_reckoning(known, CALENDAR, date.fromisoformat(today))
    return found.due.isoformat() if found and found.due else None


def received(day: str) -> tuple:
    return (E.SUBMIT, day, {"received_on": day})


CONSULT = {"party": "third_party", "name": "甲公司"}


@pytest.mark.parametrize(
    ("events", "today", "expected", "why"),
    [
        ([received("2024-09-25")], "2024-09-26", "2024-10-28", "rules 11 case 1: 20 working days over the National Day"),
        ([received("2024-09-25"), (E.REQUEST_EXTENSION, "2024-10-20", {"days": 20}), (E.APPROVE_EXTENSION, "2024-10-21"), (E.SERVE_EXTENSION, "2024-10-28", {"days": 20})], "2024-10-29", "2024-11-25", "case 2: extended"),
        ([received("2024-09-25"), (E.REQUEST_EXTENSION, "2024-10-20", {"days": 20}), (E.APPROVE_EXTENSION, "2024-10-21")], "2024-10-22", "2024-10-28", "agreed to but not told: it does not count yet"),
        ([received("2024-09-25"), (E.SEND_CORRECTION_NOTICE, "2024-09-29", {"reply_by": "2024-10-25"}), (E.RECEIVE_CORRECTION, "2024-10-21")], "2024-10-22", "2024-11-18", "case 3: begins anew with the correction"),
        ([received("2024-09-25"), (E.SEND_CORRECTION_NOTICE, "2024-09-29", {"reply_by": "2024-10-25"})], "2024-10-10", None, "while the correction is waited for nobody can say"),
        ([received("2024-09-25"), (E.SEND_CONSULTATION, "2024-10-10", CONSULT), (E.RECEIVE_OPINION, "2024-10-25", {"consultation": 2, "opinion": "agrees"})], "2024-10-26", "2024-11-13", "case 4: twelve days of consultation"),
        ([received("2026-02-10")], "2026-02-11", "2026-03-16", "golden case: Spring Festival with two make-up days"),
        ([received("2026-03-02"), (E.SEND_CONSULTATION, "2026-03-05", CONSULT), (E.RECEIVE_OPINION, "2026-03-20", {"consultation": 2, "opinion": "agrees"})], "2026-03-21", "2026-04-15", "golden case: one pause"),
        ([received("2026-03-02"), (E.SEND_CONSULTATION, "2026-03-05", CONSULT), (E.SEND_CONSULTATION, "2026-03-10", CONSULT), (E.RECEIVE_OPINION, "2026-03-20", {"consultation": 2, "opinion": "agrees"}), (E.RECEIVE_OPINION, "2026-03-26", {"consultation": 3, "opinion": "agrees"})], "2026-03-27", "2026-04-21", "golden case: overlapping pauses are one"),
        ([received("2024-09-25"), (E.SEND_FEE_NOTICE, "2024-10-17", {"pay_by": "2024-11-14", "basis": "pages", "quantity": 68, "amount": 380}), (E.RECEIVE_PAYMENT, "2024-11-05")], "2024-11-06", "2024-12-03", "case 12: begins anew with the payment"),
        ([received("2026-12-15")], "2026-12-16", "2027-01-13", "case 11: over a year without notice"),
    ],
)  # fmt: skip
def test_the_answer_is_due_on_the_right_day(events, today, expected, why):
    assert due(facts(*events), today) == expected, why


def test_a_silent_party_stops_the_clock_until_its_fifteenth_working_day_and_no_longer():
    known = facts(
        received("2026-03-02"),
        (E.SEND_CONSULTATION, "2026-03-05", CONSULT),
        (E.SERVE_CONSULTATION, "2026-03-09", {"consultation": 2}),
    )
    assert next_day(known, CALENDAR) == date(2026, 3, 30)
    assert due(known, "2026-03-30") is None
    assert due(known, "2026-03-31") == "2026-04-23"


def test_a_reply_after_the_partys_days_does_not_stop_the_clock_longer():
    events = [
        received("2026-03-02"),
        (E.SEND_CONSULTATION, "2026-03-05", CONSULT),
        (E.SERVE_CONSULTATION, "2026-03-09", {"consultation": 2}),
    ]
    late = facts(
        *events,
        (E.OPINION_LAPSED, "2026-03-30", {"consultation": 2}),
        (E.RECEIVE_OPINION, "2026-04-08", {"consultation": 2, "opinion": "objects"}),
    )
    assert due(late, "2026-04-09") == "2026-04-23"
    assert late.consultations[0].late


def test_a_party_that_has_not_had_the_letter_has_no_days_yet():
    known = facts(received("2026-03-02"), (E.SEND_CONSULTATION, "2026-03-05", CONSULT))
    [consultation] = [one for one in clocks(known, CALENDAR, date(2026, 3, 20)) if one.kind is ClockKind.CONSULTATION]
    assert (consultation.due, consultation.state) == (None, ClockState.STOPPED)


def test_the_last_day_for_a_correction_notice():
    known = facts(received("2026-02-10"))
    [notice] = [one for one in clocks(known, CALENDAR, date(2026, 2, 11)) if one.kind is ClockKind.CORRECTION_NOTICE]
    assert notice.due == date(2026, 2, 26)


def test_what_is_sent_on_to_another_body_begins_there():
    known = facts(received("2026-03-02"), (E.TRANSFER, "2026-03-10", {"body": 2}))
    assert due(known, "2026-03-11") == "2026-04-08"


def test_lateness_is_a_matter_of_days_not_of_hours_and_of_the_day_of_service():
    served = facts(
        received("2026-03-02"), (E.SIGN, "2026-03-30"), (E.SERVE, "2026-03-30", {"way": "post"}), state=T.CLOSED
    )
    late = facts(
        received("2026-03-02"), (E.SIGN, "2026-03-30"), (E.SERVE, "2026-03-31", {"way": "post"}), state=T.CLOSED
    )
    assert [clocks(one, CALENDAR, date(2026, 5, 1))[0].state for one in (served, late)] == [
        ClockState.MET,
        ClockState.MISSED,
    ]


_DAYS = st.dates(date(2020, 1, 1), date(2025, 12, 31))


@settings(max_examples=300, deadline=None)
@given(_DAYS, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4))
def test_more_consultations_never_bring_the_day_forward(start, pauses):
    events, previous = [received(start.isoformat())], None
    for number, (begins, lasts) in enumerate(pauses):
        sent = start + timedelta(days=begins)
        events.append((E.SEND_CONSULTATION, sent.isoformat(), CONSULT))
        replied = (sent + timedelta(days=lasts)).isoformat()
        events.append((E.RECEIVE_OPINION, replied, {"consultation": 2 + 2 * number, "opinion": "agrees"}))
        day = due(facts(*events), (start + timedelta(days=400)).isoformat())
        assert day is not None
        assert previous is None or day >= previous
        previous = day
