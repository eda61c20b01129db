"""三同步 (国办发〔2017〕47号 同步组织、同步审签、同步部署): which signatures are asked for an interpretation, and what answers."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from gongkai.rules.publication import Event, PublicationFacts, State, refusals
from gongkai.rules.three_syncs import NOTE_LIMIT, Resting, ThreeSyncs, taken_back, three_syncs

BARE = ThreeSyncs(kind="policy_document", normative=True, first_publication=True)
"""A normative document signed for its first publication, with nothing beside it; the cases change one thing at a time."""

CASES: list[tuple[dict[str, Any], tuple[str, ...], str]] = [
    ({}, ("three_syncs",), "neither interpretation nor explanation"),
    ({"interpretation_note": " \n　"}, ("three_syncs",), "blanks explain nothing"),
    ({"interpretation_note": "突发事件应对，解读随后发布"}, (), "explained"),
    ({"interpretations": 1}, (), "an interpretation is public, signed or signed with it"),
    ({"interpretations": 3, "interpretation_note": "多余"}, (), "an explanation besides does no harm"),
    ({"interpretation_note": "字" * NOTE_LIMIT}, (), "just short enough"),
    ({"interpretation_note": "字" * (NOTE_LIMIT + 1)}, ("interpretation_note_long",), "an essay"),
    ({"normative": False}, (), "no 规范性文件"),
    ({"first_publication": False}, (), "a correction"),
    ({"kind": "interpretation"}, (), "an interpretation needs none of its own"),
    ({"kind": "notice"}, (), "no policy document"),
]


@pytest.mark.parametrize(("changed", "codes", "why"), CASES, ids=[row[2] for row in CASES])
def test_a_signature_is_refused_or_not(changed: dict[str, Any], codes: tuple[str, ...], why: str) -> None:
    assert tuple(reason.code for reason in three_syncs(replace(BARE, **changed))) == codes, why


def test_the_refusal_names_both_remedies_and_the_rule_it_rests_on() -> None:
    (reason,) = three_syncs(BARE)
    assert (reason.field, reason.article) == ("interpretation_note", "国办发〔2017〕47号")
    assert "先把解读送签，与文件一并签发" in reason.message and "请填写说明" in reason.message


SIGNED_OFF = PublicationFacts(
    state=State.SIGN_OFF,
    kind="policy_document",
    normative=True,
    first_publication=True,
    present_fields=frozenset(
        {"title", "body", "issuing_agency", "document_date", "document_number", "subject_category", "genre_category"}
        | {"publishing_agency", "enquiry_phone"}
    ),
    actor_id=3,
    author_id=1,
    approved_by=2,
    secrecy_reviewed=True,
    now=datetime(2026, 9, 10, 9, 0),
)


@pytest.mark.parametrize("event", Event)
def test_of_all_steps_only_the_signature_is_asked(event: Event) -> None:
    asked = "three_syncs" in [reason.code for reason in refusals(event, SIGNED_OFF)]
    assert asked is (event is Event.SIGN)


def test_with_an_interpretation_the_signature_has_nothing_in_its_way() -> None:
    assert [reason.code for reason in refusals(Event.SIGN, SIGNED_OFF)] == ["three_syncs"]
    assert refusals(Event.SIGN, replace(SIGNED_OFF, interpretations=1)) == []
    assert refusals(Event.SIGN, replace(SIGNED_OFF, interpretation_note="解读随后发布")) == []


RESTING = Resting(item_id=1, title="关于夏季防汛的规定", state=State.SCHEDULED, syncs=BARE)
"""A document whose only interpretation is taken back."""


@pytest.mark.parametrize(("changed", "codes", "why"), CASES, ids=[row[2] for row in CASES])
def test_what_would_not_have_been_signed_is_left_without_an_interpretation(
    changed: dict[str, Any], codes: tuple[str, ...], why: str
) -> None:
    document = replace(RESTING, syncs=replace(BARE, **changed))
    assert document.left is bool(codes), why
    assert bool(taken_back([document], "")) is bool(codes), why


NOTES: list[tuple[str, tuple[str, ...], str]] = [
    ("", ("three_syncs", "three_syncs"), "a reason for each document"),
    (" \n　", ("three_syncs", "three_syncs"), "blanks explain nothing"),
    ("解读修改后于本月底前发布", (), "explained"),
    ("字" * NOTE_LIMIT, (), "just short enough"),
    ("字" * (NOTE_LIMIT + 1), ("interpretation_note_long",), "an essay, said once"),
]


@pytest.mark.parametrize(("note", "codes", "why"), NOTES, ids=[row[2] for row in NOTES])
def test_an_interpretation_is_taken_back_with_an_explanation(note: str, codes: tuple[str, ...], why: str) -> None:
    explained = replace(RESTING, syncs=replace(BARE, interpretation_note="早已说明"))
    documents = [RESTING, explained, replace(RESTING, item_id=2)]
    assert tuple(reason.code for reason in taken_back(documents, note)) == codes, why
    assert taken_back([explained], note) == taken_back([], note) == [], "nothing is asked, so nothing is wrong"


@pytest.mark.parametrize(
    ("state", "said", "remedies"),
    [
        (State.SCHEDULED, "已签发待发布", "请填写未同步解读的说明；也可以先撤回该文件的签发，或者先签发该文件的另一件解读。"),
        (State.PUBLISHED, "已发布", "请填写未同步解读的说明；也可以先签发该文件的另一件解读。"),
    ],
)  # fmt: skip
def test_the_refusal_names_the_document_and_what_can_be_done(state: State, said: str, remedies: str) -> None:
    (reason,) = taken_back([replace(RESTING, state=state)], "")
    assert (reason.field, reason.article) == ("interpretation_note", "国办发〔2017〕47号")
    assert reason.message.startswith(f"规范性文件《关于夏季防汛的规定》{said}，撤回签发后") and reason.message.endswith(
        remedies
    )
