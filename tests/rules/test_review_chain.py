"""三审三校: which chain counts, in which order, and which gates each step answers for; 国办发〔2018〕123号, 国办发〔2018〕115号."""

from __future__ import annotations

import pytest

from gongkai.rules.access import Role
from gongkai.rules.review_chain import (
    LEGALITY,
    REVIEW,
    Chain,
    ChainSetting,
    all_gates,
    chain_for,
    chain_refusals,
    described,
    review_steps,
)

BODY, OTHER = 1, 2
THREE = (REVIEW, "second_review", "final_review")

CHOSEN = [
    ([], False, (REVIEW,), "nothing set: review alone"),
    ([], True, (REVIEW, LEGALITY), "a 规范性文件 is always reviewed for legality"),
    ([ChainSetting(None, "", THREE, True)], False, THREE, "the setting of all"),
    (
        [ChainSetting(None, "", THREE, True), ChainSetting(OTHER, "", (REVIEW,), True)],
        False,
        THREE,
        "another body's counts not",
    ),
    ([ChainSetting(None, "news", THREE, True)], False, (REVIEW,), "another kind's counts not"),
    (
        [ChainSetting(None, "policy_document", THREE, True), ChainSetting(BODY, "", (REVIEW,), True)],
        False,
        (REVIEW,),
        "the body before the kind",
    ),
    (
        [ChainSetting(BODY, "", THREE, True), ChainSetting(BODY, "policy_document", (REVIEW, "final_review"), True)],
        False,
        (REVIEW, "final_review"),
        "body and kind before the body",
    ),
    (
        [ChainSetting(None, "", THREE, True)],
        True,
        (REVIEW, LEGALITY, "second_review", "final_review"),
        "legality stands in its place, whatever was set",
    ),
    ([ChainSetting(None, "", ("final_review", REVIEW), True)], False, (REVIEW, "final_review"), "in order"),
]


@pytest.mark.parametrize(("settings", "normative", "steps", "why"), CHOSEN, ids=[row[3] for row in CHOSEN])
def test_the_most_particular_setting_counts(settings, normative, steps, why) -> None:
    assert chain_for(settings, BODY, "policy_document", normative=normative).steps == steps, why


def test_a_chain_is_walked_step_by_step_to_the_sign_off() -> None:
    chain = Chain((REVIEW, LEGALITY, "final_review"))
    walked, here = [], chain.after("")
    while here:
        walked.append(here)
        here = chain.after(here)
    assert walked == [REVIEW, LEGALITY, "final_review"]
    assert described(chain) == "起草 → 审核 → 合法性审核 → 终审 → 签发"


@pytest.mark.parametrize("steps", [(REVIEW,), (REVIEW, LEGALITY), THREE, tuple(review_steps())])
def test_every_gate_has_somebody_who_answers_for_it(steps) -> None:
    chain = Chain(steps)
    gates = [gate for step in steps for gate in chain.gates_of(step)]
    assert sorted(gates) == sorted(all_gates()), "each gate once, none forgotten"


def test_three_reviews_read_three_proofs() -> None:
    assert [review_steps()[step].proof for step in THREE] == ["一校", "二校", "三校"]


def test_a_head_alone_does_the_final_review_and_only_legality_reviewers_that_of_legality() -> None:
    assert review_steps()["final_review"].roles == {Role.HEAD}
    assert review_steps()[LEGALITY].roles == {Role.LEGALITY_REVIEWER}


REFUSED = [
    ([], ["review_missing"], "nothing chosen"),
    (["final_review"], ["review_missing"], "the secrecy review has no place"),
    ([REVIEW, "fourth_review"], ["review_step"], "no such step"),
    ([REVIEW], [], "review alone"),
]


@pytest.mark.parametrize(("steps", "codes", "why"), REFUSED, ids=[row[2] for row in REFUSED])
def test_a_chain_without_its_first_step_or_with_an_unknown_one_is_refused(steps, codes, why) -> None:
    assert [reason.code for reason in chain_refusals(steps)] == codes, why
