"""Reasons and refusals."""

from __future__ import annotations

import pickle

import pytest

from gongkai.rules.reasons import Reason, Refused

SELF_APPROVAL = Reason("self_approval", "不能审核自己起草的信息。", "《条例》§17")
NO_TITLE = Reason("missing_field", "请填写标题。", field="title")


def test_a_reason_reads_as_a_sentence_with_its_article() -> None:
    assert str(SELF_APPROVAL) == "不能审核自己起草的信息。（《条例》§17）"
    assert str(NO_TITLE) == "请填写标题。"


def test_a_refusal_says_all_its_reasons() -> None:
    refused = Refused(reason for reason in (SELF_APPROVAL, NO_TITLE))
    assert str(refused) == "不能审核自己起草的信息；请填写标题"
    assert refused.codes == ("self_approval", "missing_field")


def test_a_refusal_without_a_reason_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Refused([])


def test_a_refusal_survives_the_way_from_a_background_worker() -> None:
    copy = pickle.loads(pickle.dumps(Refused([SELF_APPROVAL, NO_TITLE])))
    assert copy.reasons == (SELF_APPROVAL, NO_TITLE)
