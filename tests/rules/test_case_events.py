"""The table of events of a case: complete, reachable, and for each role and state exactly what is permitted."""

from pathlib import Path

import pytest

from gongkai.rules.access import Actor, Role
from gongkai.rules.case_events import (
    TRANSITIONS,
    CaseEvent,
    CaseSubject,
    may,
    permitted,
    permitted_table_markdown,
    sees,
    state_reasons,
    transition_table_markdown,
)
from gongkai.rules.case_states import CaseState

PAGE = Path(__file__).resolve().parents[2] / "docs" / "domain" / "case-events.md"
C, R, L, S, H, D, A = Role
NEW = {CaseState.AWAITING_CONFIRMATION, CaseState.AWAITING_REGISTRATION}
E = CaseEvent

HANDLING = {
    E.CLAIM, E.ASSIGN, E.SPLIT, E.TRANSFER, E.SEND_CORRECTION_NOTICE, E.RECEIVE_CORRECTION, E.SEND_CONSULTATION, E.SERVE_CONSULTATION,
    E.RECEIVE_OPINION, E.REQUEST_EXTENSION, E.SERVE_EXTENSION, E.REQUEST_REASONS, E.RECORD_SEARCH, E.LINK_SAME, E.DRAFT, E.SEND_FOR_REVIEW,
    E.WITHDRAW, E.REPLY_SUPERVISION, E.FILE_REMEDY, E.DECIDE_REMEDY, E.NOTE,
}  # fmt: skip
"""What a clerk may do while a case is in hand."""


def test_every_event_has_one_row_and_every_state_is_reached():
    assert set(TRANSITIONS) == set(CaseEvent)
    reached = {row.target for row in TRANSITIONS.values() if row.target} | {CaseState.AWAITING_CONFIRMATION}
    assert reached == set(CaseState)


def test_every_open_state_can_be_left_by_somebody_or_by_time():
    for state in CaseState:
        ways = [row for row in TRANSITIONS.values() if state in row.sources and row.target not in (None, state)]
        assert bool(ways) == state.open, state


def test_what_a_clerk_may_do_while_a_case_is_in_hand():
    assert set(permitted(frozenset({C}), CaseState.IN_PROGRESS)) == HANDLING


@pytest.mark.parametrize(
    ("role", "state", "events", "why"),
    [
        (C, CaseState.AWAITING_CONFIRMATION, {E.CONFIRM_RECEIPT, E.TRANSFER, E.WITHDRAW, E.REPLY_SUPERVISION, E.FILE_REMEDY, E.DECIDE_REMEDY, E.NOTE}, "a clerk confirms but does not void"),
        (L, CaseState.AWAITING_REVIEW, {E.APPROVE, E.SEND_BACK}, "legality review reads and decides, no more"),
        (A, CaseState.IN_PROGRESS, set(), "administrators of the system do nothing with cases"),
        (C, CaseState.VOID, {E.NOTE}, "what was void stays void"),
        (C, CaseState.CLOSED, {E.RECORD_DELIVERY, E.ARCHIVE, E.REPLY_SUPERVISION, E.FILE_REMEDY, E.DECIDE_REMEDY, E.REHANDLE, E.LINK_SAME, E.PROPOSE_PROMOTION, E.NOTE}, "after the answer"),
    ],
)  # fmt: skip
def test_what_is_permitted_in_a_state(role, state, events, why):
    assert set(permitted(frozenset({role}), state)) == events, why


def test_signing_extending_and_fees_are_for_heads_only():
    for event, state in (
        (E.SIGN, CaseState.AWAITING_SIGN_OFF), (E.APPROVE_EXTENSION, CaseState.IN_PROGRESS), (E.SEND_FEE_NOTICE, CaseState.IN_PROGRESS),
    ):  # fmt: skip
        assert {role for role in Role if event in permitted(frozenset({role}), state)} == {S, H}


def test_a_unit_gives_its_opinion_and_decides_nothing():
    found = set(permitted(frozenset({H}), CaseState.IN_PROGRESS, unit=True))
    assert found == {E.CLAIM, E.GIVE_OPINION, E.GIVE_BACK, E.RECORD_SEARCH, E.REPLY_SUPERVISION, E.NOTE}


def _actor(**roles: frozenset[Role]) -> Actor:
    return Actor(1, "示例", {int(body[1:]): held for body, held in roles.items()})


SUBJECT = CaseSubject(1, CaseState.IN_PROGRESS, frozenset({2}), frozenset({3}))


@pytest.mark.parametrize(
    ("actor", "seen", "why"),
    [
        (_actor(b1=frozenset({C})), True, "of the body that answers"),
        (_actor(b2=frozenset({C})), True, "of a unit that has it"),
        (_actor(b3=frozenset({C})), True, "of a unit that had it"),
        (_actor(b4=frozenset({H})), False, "of another body"),
        (_actor(b4=frozenset({D})), True, "the district office supervises all"),
        (_actor(b1=frozenset({A})), False, "an administrator of the body"),
    ],
)
def test_who_sees_a_case(actor, seen, why):
    assert sees(actor, SUBJECT) is seen, why


def test_the_district_office_supervises_but_does_not_handle_other_bodies_cases():
    overseer = _actor(b9=frozenset({D}))
    assert not may(overseer, E.SUPERVISE, SUBJECT)
    assert may(overseer, E.DRAFT, SUBJECT)[0].code == "role"
    assert not may(_actor(b1=frozenset({D})), E.DRAFT, SUBJECT), "in its own body it is the desk"


def test_a_unit_that_had_the_case_may_do_nothing_more():
    assert may(_actor(b3=frozenset({C})), E.GIVE_OPINION, SUBJECT)
    assert not may(_actor(b2=frozenset({C})), E.GIVE_OPINION, SUBJECT)


def test_what_only_time_brings_about_is_nobodys():
    reasons = may(_actor(b1=frozenset(Role)), E.CORRECTION_LAPSED, SUBJECT)
    assert "由系统按期限自动记录" in reasons[0].message


def test_a_wrong_state_is_said_with_the_right_ones():
    [reason] = state_reasons(E.SIGN, CaseState.IN_PROGRESS)
    assert reason.message == "当前状态为“办理中”，不能签发；只有“待签发”时可以。"


def test_the_page_of_the_domain_shows_the_tables_as_they_are():
    text = PAGE.read_text(encoding="utf-8")
    assert transition_table_markdown() in text
    assert permitted_table_markdown() in text
