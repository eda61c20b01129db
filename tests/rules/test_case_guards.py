"""Why an event is refused: the bad input and the faults a case desk meets, each with its code."""

from datetime import date

import pytest
from tests.rules.test_case_clocks import CONSULT, facts, received

from gongkai.rules.calendar import working_days
from gongkai.rules.case_events import TRANSITIONS
from gongkai.rules.case_events import CaseEvent as E
from gongkai.rules.case_guards import refusals
from gongkai.rules.case_offers import offered
from gongkai.rules.case_particulars import Asked, complete
from gongkai.rules.case_states import CaseState as T
from gongkai.rules.receipt import Channel

ASKED_FOR_EXTENSION = (E.REQUEST_EXTENSION, "2026-03-20", {"days": 10})
CORRECTION = (E.SEND_CORRECTION_NOTICE, "2026-03-04", {"reply_by": "2026-03-25"})
FEE = (E.SEND_FEE_NOTICE, "2026-03-10", {"pay_by": "2026-04-08", "basis": "pages", "quantity": 68, "amount": 380})
DRAFT = (E.DRAFT, "2026-03-12", {"decision": {"outcome": "disclosed"}})


def asked(event: E, known, *, today: str, on: str = "", actor: int | None = 7, **data) -> Asked:
    day = date.fromisoformat(today)
    return Asked(event, known, data, date.fromisoformat(on) if on else day, day, actor, working_days(), Channel.ONLINE)


def codes(
    event: E, *events, today: str, on: str = "", state: T = T.IN_PROGRESS, actor: int | None = 7, **data
) -> list[str]:
    return [
        reason.code
        for reason in refusals(asked(event, facts(*events, state=state), today=today, on=on, actor=actor, **data))
    ]


_NEW = T.AWAITING_CONFIRMATION
_UNCONFIRMED = (E.SUBMIT, "2026-03-02", {"received_on": None})
_HOW = {"how": "phone"}
_NOTICE = {"items": "请写明年度", "reply_by": "2026-03-25"}
_ANSWER = {"content": "2025年度"}
_DAYS = {"days": 10, "reason": "需要检索多个部门的档案"}


@pytest.mark.parametrize(
    ("event", "events", "asked_with", "expected", "why"),
    [
        (E.CONFIRM_RECEIPT, [_UNCONFIRMED], {"today": "2026-03-03", "state": _NEW, **_HOW}, [], "confirmed the next day"),
        (E.CONFIRM_RECEIPT, [_UNCONFIRMED], {"today": "2026-03-03", "on": "2026-03-01", "state": _NEW, **_HOW}, ["received_before_submitted"], "a back-dated receipt"),
        (E.CONFIRM_RECEIPT, [_UNCONFIRMED], {"today": "2026-03-03", "on": "2026-03-04", "state": _NEW, **_HOW}, ["future"], "a day to come"),
        (E.CONFIRM_RECEIPT, [_UNCONFIRMED], {"today": "2026-03-03", "state": _NEW}, ["missing"], "how it was confirmed is part of the proof"),
        (E.REGISTER, [_UNCONFIRMED], {"today": "2026-03-03", "state": T.AWAITING_REGISTRATION}, ["received_on"], "nothing is registered without a day of receipt"),
        (E.SEND_CORRECTION_NOTICE, [received("2026-03-02")], {"today": "2026-03-11", **_NOTICE}, [], "on the seventh working day"),
        (E.SEND_CORRECTION_NOTICE, [received("2026-03-02")], {"today": "2026-03-12", **_NOTICE}, ["correction_late"], "on the eighth"),
        (E.SEND_CORRECTION_NOTICE, [received("2026-03-02"), CORRECTION, (E.RECEIVE_CORRECTION, "2026-03-09")], {"today": "2026-03-10", **_NOTICE}, ["correction_once"], "told once, and once only"),
        (E.SEND_CORRECTION_NOTICE, [received("2026-03-02")], {"today": "2026-03-04", "items": "x", "reply_by": "2026-03-04"}, ["reply_by"], "no time to answer"),
        (E.RECEIVE_CORRECTION, [received("2026-03-02"), CORRECTION], {"today": "2026-03-25", "state": T.AWAITING_CORRECTION, **_ANSWER}, [], "on its last day"),
        (E.RECEIVE_CORRECTION, [received("2026-03-02"), CORRECTION], {"today": "2026-03-26", "state": T.AWAITING_CORRECTION, **_ANSWER}, ["correction_lapsed"], "after it"),
        (E.RECEIVE_CORRECTION, [received("2026-03-02"), CORRECTION, (E.CORRECTION_LAPSED, "2026-03-25")], {"today": "2026-03-30", **_ANSWER}, ["correction_lapsed"], "after it had lapsed"),
        (E.RECEIVE_CORRECTION, [received("2026-03-02"), CORRECTION, (E.CORRECTION_LAPSED, "2026-03-25")], {"today": "2026-03-30", "justified": "住院", **_ANSWER}, [], "with a good reason (§30 无正当理由)"),
        (E.RECEIVE_CORRECTION, [received("2026-03-02")], {"today": "2026-03-30", **_ANSWER}, ["no_correction"], "nothing had been asked"),
        (E.CORRECTION_LAPSED, [received("2026-03-02"), CORRECTION], {"today": "2026-03-25", "state": T.AWAITING_CORRECTION}, ["not_lapsed"], "its last day is the applicant's"),
        (E.CORRECTION_LAPSED, [received("2026-03-02"), CORRECTION], {"today": "2026-03-26", "state": T.AWAITING_CORRECTION}, [], "the day after"),
        (E.RECEIVE_OPINION, [received("2026-03-02"), (E.SEND_CONSULTATION, "2026-03-05", CONSULT)], {"today": "2026-03-04", "consultation": 2, "opinion": "agrees"}, ["before_sent"], "an answer before the question"),
        (E.RECEIVE_OPINION, [received("2026-03-02"), (E.SEND_CONSULTATION, "2026-03-05", CONSULT)], {"today": "2026-03-06", "consultation": 9, "opinion": "agrees"}, ["consultation"], "of nobody who was asked"),
        (E.OPINION_LAPSED, [received("2026-03-02"), (E.SEND_CONSULTATION, "2026-03-05", CONSULT)], {"today": "2026-05-05", "consultation": 2}, ["not_lapsed"], "days that never began cannot be over"),
        (E.REQUEST_EXTENSION, [received("2026-03-02")], {"today": "2026-03-30", **_DAYS}, [], "on the last day"),
        (E.REQUEST_EXTENSION, [received("2026-03-02")], {"today": "2026-03-31", **_DAYS}, ["too_late"], "an extension after expiry"),
        (E.REQUEST_EXTENSION, [received("2026-03-02")], {"today": "2026-03-20", "days": 21, "reason": "x"}, ["days"], "more than twenty"),
        (E.REQUEST_EXTENSION, [received("2026-03-02"), ASKED_FOR_EXTENSION, (E.APPROVE_EXTENSION, "2026-03-21"), (E.SERVE_EXTENSION, "2026-03-23")], {"today": "2026-04-01", **_DAYS}, ["extended"], "a second time"),
        (E.APPROVE_EXTENSION, [received("2026-03-02"), ASKED_FOR_EXTENSION], {"today": "2026-03-31"}, ["too_late"], "agreed to after expiry"),
        (E.SERVE_EXTENSION, [received("2026-03-02"), ASKED_FOR_EXTENSION], {"today": "2026-03-22"}, ["not_approved"], "told before the head agreed"),
        (E.SERVE_EXTENSION, [received("2026-03-02"), ASKED_FOR_EXTENSION, (E.APPROVE_EXTENSION, "2026-03-21")], {"today": "2026-04-01", "on": "2026-03-31"}, ["too_late"], "told after expiry"),
        (E.SERVE_EXTENSION, [received("2026-03-02"), ASKED_FOR_EXTENSION, (E.APPROVE_EXTENSION, "2026-03-21")], {"today": "2026-04-01", "on": "2026-03-30"}, [], "told on the last day, entered later"),
        (E.SEND_FEE_NOTICE, [received("2026-03-02")], {"today": "2026-03-10", "basis": "pages", "quantity": 68, "account": "x"}, ["fee_off"], "charging is off unless decided"),
        (E.RECEIVE_PAYMENT, [received("2026-03-02"), FEE], {"today": "2026-04-08", "state": T.AWAITING_PAYMENT, "receipt": "1"}, [], "on the last day"),
        (E.RECEIVE_PAYMENT, [received("2026-03-02"), FEE], {"today": "2026-04-09", "state": T.AWAITING_PAYMENT, "receipt": "1"}, ["paid_late"], "a payment after the limit"),
        (E.DEFER, [received("2026-03-02")], {"today": "2026-03-10", "until": "2026-06-01", "reason": "x"}, ["not_reasonable"], "only after reasons were found reasonable"),
        (E.SEND_FOR_REVIEW, [received("2026-03-02")], {"today": "2026-03-10"}, ["no_draft"], "nothing to review"),
        (E.SEND_FOR_REVIEW, [received("2026-03-02"), DRAFT, (E.RECORD_SEARCH, "2026-03-13")], {"today": "2026-03-14"}, ["stale_draft"], "a letter whose case changed meanwhile"),
        (E.SEND_FOR_REVIEW, [received("2026-03-02"), (E.SEND_CONSULTATION, "2026-03-05", CONSULT), DRAFT], {"today": "2026-03-14"}, ["consulting"], "while somebody is still asked"),
        (E.SIGN, [received("2026-03-02"), DRAFT, (E.RECEIVE_OPINION, "2026-03-13", {"consultation": 1, "opinion": "agrees"})], {"today": "2026-03-14", "state": T.AWAITING_SIGN_OFF}, ["stale_draft"], "changed between review and signature"),
        (E.SERVE, [received("2026-03-02"), DRAFT, (E.SIGN, "2026-03-16")], {"today": "2026-03-16", "state": T.AWAITING_SERVICE, "way": "post"}, ["post_proof"], "by post without the number of the post"),
        (E.SERVE, [received("2026-03-02"), DRAFT, (E.SIGN, "2026-03-16")], {"today": "2026-03-17", "on": "2026-03-15", "state": T.AWAITING_SERVICE, "way": "online"}, ["before_decision"], "served before it was signed"),
        (E.SPLIT, [received("2026-03-02")], {"today": "2026-03-03", "parts": "只有一项"}, ["parts"], "one part is no split"),
        (E.WITHDRAW, [received("2026-03-02")], {"today": "2026-03-03", "on": "2026-03-01", "statement": "x"}, ["before_receipt"], "before it was there"),
        (E.SIGN, [received("2026-03-02")], {"today": "2026-03-03"}, ["state"], "the state alone is said, not all the rest"),
    ],
)  # fmt: skip
def test_what_is_refused_and_what_is_not(event, events, asked_with, expected, why):
    assert codes(event, *events, **asked_with) == expected, why


def test_nobody_approves_his_own():
    own = facts(received("2026-03-02"), DRAFT, state=T.AWAITING_REVIEW)
    mine = own.draft.__class__(own.draft.seq, 1, 7, own.draft.decision)
    from dataclasses import replace

    known = replace(own, draft=mine)
    assert [r.code for r in refusals(asked(E.APPROVE, known, today="2026-03-13"))] == ["self_approval"]
    assert not refusals(asked(E.APPROVE, known, today="2026-03-13", actor=8))


def test_a_fee_is_reckoned_and_its_last_day_with_it():
    known = facts(received("2024-10-08"))
    wanted = asked(E.SEND_FEE_NOTICE, known, today="2024-10-17", basis="pages", quantity=68, account="x")
    assert complete(wanted) == {
        "basis": "pages", "quantity": 68, "account": "x", "amount": 380, "pay_by": "2024-11-14",
    }  # fmt: skip
    by_items = asked(E.SEND_FEE_NOTICE, known, today="2024-10-17", basis="items", quantity=31, account="x")
    assert complete(by_items)["amount"] == 200, "the 31st of the month costs 200"


def test_a_late_opinion_is_marked():
    known = facts(
        received("2026-03-02"),
        (E.SEND_CONSULTATION, "2026-03-05", CONSULT),
        (E.SERVE_CONSULTATION, "2026-03-09", {"consultation": 2}),
    )
    late = asked(E.RECEIVE_OPINION, known, today="2026-03-31", consultation=2, opinion="objects")
    timely = asked(E.RECEIVE_OPINION, known, today="2026-03-30", consultation=2, opinion="objects")
    assert (complete(late)["late"], complete(timely)["late"]) == (True, False)


@pytest.mark.parametrize("row", TRANSITIONS.values(), ids=lambda row: row.event.value)
def test_each_particular_that_must_be_given_is_asked_for_by_name(row):
    if not row.sources:
        return
    known = facts(received("2026-03-02"), state=row.sources[0])
    named = {reason.field for reason in refusals(asked(row.event, known, today="2026-03-03"))}
    assert {one.name for one in row.fields if one.required} <= named


def test_what_is_offered_leaves_out_what_makes_no_sense():
    fresh = set(offered(facts(received("2026-03-02"))))
    assert not fresh & {
        E.RECEIVE_CORRECTION,
        E.RECEIVE_OPINION,
        E.APPROVE_EXTENSION,
        E.SERVE_EXTENSION,
        E.DEFER,
        E.REPLY_SUPERVISION,
    }
    pending = set(offered(facts(received("2026-03-02"), ASKED_FOR_EXTENSION)))
    assert {E.APPROVE_EXTENSION, E.REFUSE_EXTENSION} <= pending
    assert E.REQUEST_EXTENSION not in pending
