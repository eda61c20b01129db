"""Publication states, events and guards; 《条例》§17, 《保密法实施条例》§42, 国办发〔2018〕123号."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from gongkai.rules.access import OWN_BODY, Action, Role
from gongkai.rules.publication import (
    TRANSITIONS,
    DisclosureAttribute,
    Event,
    PublicationFacts,
    State,
    allowed,
    refusals,
    transition_table_markdown,
)

POLICY_FIELDS = frozenset(
    {
        "title",
        "body",
        "publishing_agency",
        "issuing_agency",
        "document_date",
        "subject_category",
        "genre_category",
        "enquiry_phone",
    }
)
WRITER, CHECKER, SIGNER = 1, 2, 3

READY = PublicationFacts(
    state=State.DRAFT,
    kind="policy_document",
    present_fields=POLICY_FIELDS,
    actor_id=WRITER,
    author_id=WRITER,
    submitted_by=WRITER,
    now=datetime(2026, 9, 10, 9, 0),
    document_date=date(2026, 9, 1),
)
"""A policy document that may be submitted; the cases change one thing at a time."""

REVIEWED = replace(READY, state=State.REVIEW, actor_id=CHECKER, secrecy_reviewed=True)
APPROVED = replace(REVIEWED, state=State.SIGN_OFF, actor_id=SIGNER, approved_by=CHECKER)
SIGNED = replace(APPROVED, state=State.SCHEDULED, actor_id=None)
PUBLISHED = replace(SIGNED, state=State.PUBLISHED, actor_id=CHECKER)

SMOOTH_PATH = [
    (Event.SUBMIT, READY),
    (Event.SUBMIT, replace(READY, document_date=date(2026, 9, 10), published_on=date(2026, 9, 10))),
    (Event.SUBMIT, replace(READY, effective_from=date(2026, 10, 1), expires_on=date(2026, 10, 1))),
    (Event.SUBMIT, replace(READY, normative=True, present_fields=POLICY_FIELDS | {"document_number"})),
    (Event.SUBMIT, replace(READY, public_until=date(2026, 9, 10))),
    (Event.SEND_BACK, replace(REVIEWED, send_back_remark="请补充附件")),
    (Event.SEND_BACK, replace(APPROVED, send_back_remark="请核对日期")),
    (Event.SEND_BACK, replace(REVIEWED, open_remarks=1)),
    (Event.APPROVE, REVIEWED),
    (Event.APPROVE, replace(REVIEWED, secrecy_step=False, secrecy_reviewed=False)),
    (Event.APPROVE, replace(REVIEWED, reviewers=frozenset({CHECKER}))),
    (Event.APPROVE, replace(REVIEWED, acting_for=frozenset({WRITER, SIGNER}))),
    (Event.SIGN, APPROVED),
    (Event.RETURN_TO_DRAFT, SIGNED),
    (Event.PUBLISH, SIGNED),
    (Event.PUBLISH, replace(SIGNED, scheduled_for=datetime(2026, 9, 10, 9, 0))),
    (Event.SUPERSEDE, PUBLISHED),
    (Event.WITHDRAW, replace(PUBLISHED, withdrawal_reason="duplicate")),
]


@pytest.mark.parametrize(("event", "facts"), SMOOTH_PATH, ids=[f"{n}-{row[0]}" for n, row in enumerate(SMOOTH_PATH)])
def test_nothing_stands_in_the_way_of_work_well_done(event: Event, facts: PublicationFacts) -> None:
    assert refusals(event, facts) == []


REFUSED: list[tuple[Event, PublicationFacts, dict[str, Any], set[str], str]] = [
    (Event.SUBMIT, READY, {"present_fields": POLICY_FIELDS - {"title"}}, {"missing_field"}, "no title"),
    (
        Event.SUBMIT,
        READY,
        {"present_fields": POLICY_FIELDS - {"body"}},
        {"missing_field"},
        "neither body nor attachment",
    ),
    (Event.SUBMIT, READY, {"present_fields": POLICY_FIELDS - {"enquiry_phone"}}, {"missing_field"}, "nobody to ask"),
    (Event.SUBMIT, READY, {"normative": True}, {"missing_field"}, "a 规范性文件 without a number"),
    (Event.SUBMIT, READY, {"document_date": date(2026, 9, 11)}, {"document_date_future"}, "dated tomorrow"),
    (
        Event.SUBMIT,
        READY,
        {"effective_from": date(2026, 10, 1), "expires_on": date(2026, 9, 30)},
        {"expires_before_effective"},
        "ends before it begins",
    ),
    (
        Event.SUBMIT,
        READY,
        {"published_on": date(2026, 8, 31)},
        {"published_before_written"},
        "out before it was written",
    ),
    (Event.SUBMIT, READY, {"public_until": date(2026, 9, 9)}, {"public_until_past"}, "public until yesterday"),
    (Event.SUBMIT, READY, {"published_on": date(2026, 9, 11)}, {"published_future"}, "published tomorrow"),
    (
        Event.SUBMIT,
        READY,
        {"disclosure_attribute": DisclosureAttribute.WITHHELD, "non_disclosure_reason": "《条例》§16 内部事务信息"},
        {"attribute"},
        "withheld information cannot be published",
    ),
    (
        Event.SUBMIT,
        READY,
        {"disclosure_attribute": DisclosureAttribute.ON_REQUEST},
        {"attribute", "non_disclosure_reason"},
        "on request only, and no reason given",
    ),
    (Event.SEND_BACK, REVIEWED, {"send_back_remark": "  "}, {"send_back_remark"}, "sent back without a word"),
    (Event.APPROVE, REVIEWED, {"actor_id": WRITER}, {"self_approval"}, "the author approves"),
    (Event.APPROVE, REVIEWED, {"actor_id": 9, "submitted_by": 9}, {"self_approval"}, "the submitter approves"),
    (Event.APPROVE, REVIEWED, {"secrecy_reviewed": False}, {"secrecy_review"}, "no secrecy review"),
    (Event.APPROVE, REVIEWED, {"has_blocking_findings": True}, {"blocking_findings"}, "a check found something"),
    (Event.SUBMIT, READY, {"open_remarks": 2}, {"open_remarks"}, "handed in again with remarks not dealt with"),
    (
        Event.APPROVE,
        REVIEWED,
        {"reviewers": frozenset({CHECKER}), "distinct_reviewers": True},
        {"same_reviewer"},
        "two steps by one person where each needs another",
    ),
    (
        Event.APPROVE,
        REVIEWED,
        {"acting_for": frozenset({WRITER})},
        {"approval_for_writer"},
        "who acts for the writer approves for him",
    ),
    (Event.SIGN, APPROVED, {"acting_for": frozenset({WRITER})}, {"approval_for_writer"}, "signs for the writer"),
    (
        Event.SIGN,
        APPROVED,
        {"actor_id": CHECKER, "reviewers": frozenset({CHECKER}), "distinct_reviewers": True},
        {"same_reviewer"},
        "a reviewer signs where each step needs another",
    ),
    (Event.SIGN, APPROVED, {"actor_id": WRITER}, {"self_sign_off"}, "the author signs"),
    (Event.SIGN, APPROVED, {"approved_by": None}, {"not_approved"}, "never approved"),
    (Event.SIGN, APPROVED, {"secrecy_reviewed": False}, {"secrecy_review"}, "content changed since the review"),
    (Event.PUBLISH, SIGNED, {"scheduled_for": datetime(2026, 9, 10, 9, 1)}, {"too_early"}, "one minute too early"),
    (Event.SIGN, APPROVED, {"has_blocking_findings": True}, {"blocking_findings"}, "found between review and signing"),
    (Event.PUBLISH, SIGNED, {"has_blocking_findings": True}, {"blocking_findings"}, "found after signing"),
    (Event.PUBLISH, SIGNED, {"secrecy_reviewed": False}, {"secrecy_review"}, "no secrecy review, at the last gate"),
    (
        Event.PUBLISH,
        SIGNED,
        {"disclosure_attribute": DisclosureAttribute.WITHHELD, "non_disclosure_reason": "《条例》§14"},
        {"attribute"},
        "became withheld after signing",
    ),
    (Event.WITHDRAW, PUBLISHED, {"withdrawal_reason": ""}, {"withdrawal_reason"}, "no reason"),
    (
        Event.WITHDRAW,
        PUBLISHED,
        {"withdrawal_reason": "领导要求"},
        {"withdrawal_reason"},
        "not one of the stated reasons",
    ),
    (
        Event.APPROVE,
        REVIEWED,
        {
            "state": State.DRAFT,
            "actor_id": WRITER,
            "secrecy_reviewed": False,
            "has_blocking_findings": True,
            "document_date": date(2027, 1, 1),
            "present_fields": POLICY_FIELDS - {"title", "issuing_agency"},
        },
        {"state", "self_approval", "secrecy_review", "blocking_findings", "document_date_future", "missing_field"},
        "everything wrong is told at once",
    ),
]


@pytest.mark.parametrize(("event", "facts", "change", "codes", "why"), REFUSED, ids=[row[4] for row in REFUSED])
def test_each_guard_refuses_with_its_own_reason(
    event: Event, facts: PublicationFacts, change: dict[str, Any], codes: set[str], why: str
) -> None:
    reasons = refusals(event, replace(facts, **change))
    assert {reason.code for reason in reasons} == codes, why
    assert all(reason.message.endswith("。") for reason in reasons)


def test_each_missing_field_is_a_reason_of_its_own_at_its_own_field() -> None:
    reasons = refusals(Event.SUBMIT, replace(READY, present_fields=frozenset()))
    fields = {reason.field for reason in reasons}
    assert fields == (POLICY_FIELDS - {"body"}) | {"body|attachments"}


def test_an_attachment_stands_in_for_the_body() -> None:
    assert refusals(Event.SUBMIT, replace(READY, present_fields=POLICY_FIELDS - {"body"} | {"attachments"})) == []


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("state", State)
def test_an_event_happens_only_in_its_source_states(event: Event, state: State) -> None:
    facts = replace(
        PUBLISHED,
        state=state,
        actor_id=SIGNER,
        send_back_remark="请修改",
        withdrawal_reason="duplicate",
    )
    refused_for_state = any(reason.code == "state" for reason in refusals(event, facts))
    assert refused_for_state == (event not in allowed(state))


ALLOWED = {
    State.DRAFT: (Event.SUBMIT,),
    State.REVIEW: (Event.SEND_BACK, Event.APPROVE),
    State.SIGN_OFF: (Event.SEND_BACK, Event.SIGN),
    State.SCHEDULED: (Event.RETURN_TO_DRAFT, Event.PUBLISH),
    State.PUBLISHED: (Event.SUPERSEDE, Event.WITHDRAW),
    State.SUPERSEDED: (),
    State.WITHDRAWN: (),
}


@pytest.mark.parametrize("state", State)
def test_each_state_allows_exactly_these_events(state: State) -> None:
    assert allowed(state) == ALLOWED[state]


def test_every_state_can_be_reached_from_draft_and_every_transition_has_its_article() -> None:
    reached, frontier = {State.DRAFT}, [State.DRAFT]
    while frontier:
        for event in allowed(frontier.pop()):
            if (target := TRANSITIONS[event].target) not in reached:
                reached.add(target)
                frontier.append(target)
    assert reached == set(State)
    assert set(TRANSITIONS) == set(Event)
    assert all(row.article and row.label for row in TRANSITIONS.values())


def test_the_way_to_publication_always_passes_review_and_sign_off() -> None:
    sources_of = {row.target: row.sources for row in TRANSITIONS.values() if row.target is not State.DRAFT}
    way = [State.PUBLISHED]
    while way[-1] is not State.DRAFT:
        (source,) = sources_of[way[-1]]
        way.append(source)
    assert way == [State.PUBLISHED, State.SCHEDULED, State.SIGN_OFF, State.REVIEW, State.DRAFT]


def test_the_roles_of_a_transition_are_those_of_the_access_table() -> None:
    for event, row in TRANSITIONS.items():
        expected = OWN_BODY[Action(event.value)] if event is not Event.SUPERSEDE else frozenset[Role]()
        assert row.roles == expected


def test_the_page_of_the_documentation_shows_the_table_in_force() -> None:
    page = Path(__file__).parents[2] / "docs" / "domain" / "publication.md"
    assert transition_table_markdown() in page.read_text(encoding="utf-8")
