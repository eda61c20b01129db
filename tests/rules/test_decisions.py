"""What stands in the way of a reply: 《条例》§30, §32, §34–39."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rules.decisions import (
    LABELS,
    LONGEST_TEXT,
    Decision,
    DecisionFacts,
    SearchRecord,
    SeveredPart,
    decision_reasons,
    required_fields,
)
from gongkai.rules.legal_grounds import grounds_for
from gongkai.rules.outcomes import outcomes
from gongkai.rules.reasons import Refused

TODAY = date(2026, 11, 26)
FACTS = DecisionFacts(received_on=date(2026, 11, 2), today=TODAY)
SEARCH = SearchRecord("综合档案室、公文管理系统", "目录检索和全文检索", ("农村危房",), "经办人", date(2026, 11, 20))

COMPLETE: dict[str, tuple[Decision, DecisionFacts]] = {
    "disclosed": (
        Decision("disclosed", "disclosed", ("may_be_disclosed",), delivery_way="电子邮件", attachments=("名单",)),
        FACTS,
    ),
    "already_public": (
        Decision("disclosed", "already_public", ("already_public",), url="https://www.example.gov.cn/items/12/"),
        FACTS,
    ),
    "partially_disclosed": (
        Decision(
            "partially_disclosed",
            "partially_disclosed",
            ("severance", "personal_privacy"),
            reasoning="名单含个人身份证件号码。",
            delivery_way="纸质复印件",
            severed=(SeveredPart("身份证件号码", "personal_privacy"),),
        ),
        FACTS,
    ),
    "nonexistent": (Decision("not_held", "nonexistent", ("nonexistent",), search_record=SEARCH), FACTS),
    "other_agency": (
        Decision(
            "not_held",
            "other_agency",
            ("other_agency",),
            reasoning="由市自然资源和规划局制作。",
            competent_agency="市自然资源和规划局",
            competent_agency_contact="0558-0000000",
        ),
        FACTS,
    ),
    "still_unclear": (
        Decision("still_unclear", "still_unclear", ("unclear_description",), reasoning="没有指明文件。"),
        replace(FACTS, corrected=True, still_unclear=True),
    ),
    "third_party_rights": (
        Decision(
            "third_party_rights", "withheld", ("trade_secret",), findings="合同含报价明细。", reasoning="属于商业秘密。"
        ),
        replace(FACTS, third_party_asked=True, third_party_objects=True),
    ),
    "repeated_request": (
        Decision(
            "repeated_request",
            "repeated_request",
            ("repeated_request",),
            earlier_reply_number="谯教公复〔2026〕1号",
            earlier_reply_date=date(2026, 3, 2),
        ),
        replace(FACTS, earlier_reply=True),
    ),
    "excessive_requests": (
        Decision(
            "excessive_requests",
            "excessive_requests",
            ("excessive_requests",),
            findings="本月申请四十件。",
            reasoning="理由不合理。",
        ),
        replace(FACTS, reasons_asked=True, reasons_given=True),
    ),
    "uncorrected": (
        Decision("uncorrected", "deemed_abandonment", ("uncorrected",)),
        replace(FACTS, correction_lapsed=True),
    ),
    "unpaid": (Decision("unpaid", "deemed_abandonment", ("unpaid",)), replace(FACTS, payment_lapsed=True)),
    "other": (Decision("other", "termination", findings="申请人书面撤回申请。"), FACTS),
}


@pytest.mark.parametrize("name", COMPLETE)
def test_a_complete_decision_may_be_signed(name: str) -> None:
    assert decision_reasons(*COMPLETE[name]) == []


MISSING_FACTS = [
    ("still_unclear", {"corrected": False}, "correction_answered", "no correction came: §30"),
    ("still_unclear", {"still_unclear": False}, "still_unclear", "nobody found it unclear"),
    ("uncorrected", {"correction_lapsed": False}, "correction_lapsed", "the period still runs"),
    ("uncorrected", {"corrected": True}, "correction_lapsed", "a correction came after all"),
    ("unpaid", {"payment_lapsed": False}, "payment_lapsed", "no fee notice lapsed"),
    ("excessive_requests", {"reasons_asked": False}, "reasons_asked", "§35: asked first"),
    ("excessive_requests", {"reasons_given": False}, "reasons_term_over", "the applicant still has time"),
    ("repeated_request", {"earlier_reply": False}, "earlier_reply", "§36(6): no earlier case"),
    ("third_party_rights", {"third_party_asked": False, "third_party_objects": False}, "third_party_heard", "§32"),
]


@pytest.mark.parametrize(("name", "change", "code", "why"), MISSING_FACTS, ids=[row[3] for row in MISSING_FACTS])
def test_an_outcome_without_what_must_have_happened_is_refused(name, change, code, why) -> None:
    decision, facts = COMPLETE[name]
    assert [one.code for one in decision_reasons(decision, replace(facts, **change))] == [code], why


def test_a_third_party_need_not_be_asked_when_the_decision_says_why() -> None:
    decision, _ = COMPLETE["third_party_rights"]
    stated = replace(decision, third_party_not_asked="第三方已注销，无法联系。")
    assert decision_reasons(stated, FACTS) == []


OPINIONS = [
    ("disclosed", {"third_party_silent": True}, {}, ["third_party_silent"], "silence is no consent"),
    ("third_party_rights", {"third_party_objects": False, "third_party_silent": True}, {}, ["third_party_silent"], "silence is no refusal"),
    ("disclosed", {"third_party_silent": True}, {"third_party_assessment": "不含商业秘密。"}, [], "the agency decided itself"),
    ("third_party_rights", {"third_party_objects": False, "third_party_silent": True}, {"third_party_assessment": "报价属于商业秘密。"}, [], "either way"),
    ("disclosed", {"third_party_objects": True}, {}, ["third_party_objects"], "an objection is answered"),
    ("disclosed", {"third_party_objects": True}, {"public_interest": "涉及饮水安全。"}, [], "public interest outweighs it"),
    ("disclosed", {"third_party_objects": True}, {"third_party_assessment": "信息早已公开，理由不成立。"}, [], "the objection has no reasonable ground"),
    ("third_party_rights", {"third_party_objects": False, "third_party_consents": True}, {}, ["third_party_consents"], "§15: with consent it is disclosed"),
    ("third_party_rights", {"third_party_consents": True}, {}, [], "one of two third parties objects"),
    ("disclosed", {"third_party_open": True}, {}, ["third_party_open"], "its fifteen days still run"),
    ("uncorrected", {"third_party_open": True}, {}, [], "closing for another reason need not wait"),
    ("disclosed", {"coproducer_asked": True, "coproducer_silent": True}, {}, [], "§34: silence is consent"),
    ("disclosed", {"coproducer_asked": True, "coproducer_open": True}, {}, ["coproducer_open"], "its fifteen days still run"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "facts", "fields", "codes", "why"), OPINIONS, ids=[row[4] for row in OPINIONS])
def test_opinions_and_silence_count_as_the_law_says(name, facts, fields, codes, why) -> None:
    decision, base = COMPLETE[name]
    found = decision_reasons(replace(decision, **fields), replace(base, third_party_asked=True, **facts))
    assert [one.code for one in found] == codes, why


CONSENTS = [
    ({}, False, "nobody was asked"),
    ({"coproducer_asked": True, "coproducer_silent": True}, True, "silent: held to agree (§34)"),
    ({"coproducer_asked": True, "coproducer_objects": True}, False, "it objects"),
    ({"coproducer_asked": True, "coproducer_silent": True, "coproducer_objects": True}, False, "one of two objects"),
    ({"coproducer_asked": True, "coproducer_open": True}, False, "not yet"),
]


@pytest.mark.parametrize(("facts", "consents", "why"), CONSENTS, ids=[row[2] for row in CONSENTS])
def test_a_co_producing_agency_consents_by_its_silence(facts, consents, why) -> None:
    assert replace(FACTS, **facts).coproducer_consents is consents, why


WRONG = [
    ("disclosed", {"outcome": "gone"}, ["outcome"], "no such outcome"),
    ("disclosed", {"letter": "withheld"}, ["letter"], "a letter of another outcome"),
    ("disclosed", {"grounds": ()}, ["ground_missing"], "no article"),
    ("disclosed", {"grounds": ("already_public",)}, ["ground_mismatch"], "the article of another letter"),
    ("third_party_rights", {"grounds": ("decided_to_withhold",)}, ["ground_missing"], "an article that only goes along"),
    ("third_party_rights", {"grounds": ("trade_secret", "enforcement_file")}, ["ground_mismatch"], "the article of another row"),
    ("disclosed", {"grounds": ("may_be_disclosed", "gone")}, ["ground_unknown"], "no such article"),
    ("disclosed", {"attachments": ()}, ["missing_field"], "nothing is provided and nothing announced"),
    ("disclosed", {"delivery_way": " "}, ["missing_field"], "blanks are nothing"),
    ("already_public", {"url": ""}, ["missing_field"], "§36(1): the exact way"),
    ("already_public", {"url": "www.example.gov.cn"}, ["url"], "not a whole address"),
    ("already_public", {"url": "javascript:alert(1)"}, ["url"], "not an address of a page"),
    ("nonexistent", {"search_record": None}, ["missing_field"], "§36(4): the search is on record"),
    ("nonexistent", {"search_record": replace(SEARCH, scope="", keywords=())}, ["search_record"] * 2, "with scope and keywords"),
    ("nonexistent", {"search_record": replace(SEARCH, searched_on=date(2026, 10, 1))}, ["searched_on"], "searched before it was asked"),
    ("other_agency", {"competent_agency_contact": ""}, ["missing_field"], "§36(5): name and contact"),
    ("partially_disclosed", {"severed": ()}, ["missing_field"], "§37: what is withheld"),
    ("partially_disclosed", {"severed": (SeveredPart("号码", "nonexistent"),)}, ["severed_ground"], "not a ground for withholding"),
    ("partially_disclosed", {"severed": (SeveredPart(" ", "trade_secret"),)}, ["severed_what"], "nobody knows what"),
    ("partially_disclosed", {"severed": (SeveredPart("号码", "prohibited_by_law"),)}, ["missing_field"], "§14: which law forbids it"),
    ("repeated_request", {"earlier_reply_date": date(2026, 11, 20)}, ["earlier_reply_date"], "answered after it was asked"),
    ("disclosed", {"available_on": date(2026, 11, 25)}, ["available_on"], "had yesterday"),
    ("disclosed", {"content": "长" * (LONGEST_TEXT + 1)}, ["too_long"], "longer than a letter"),
    ("disclosed", {"attachments": ("附件",) * 201}, ["too_many"], "more than a list"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "codes", "why"), WRONG, ids=[row[3] for row in WRONG])
def test_what_is_missing_or_wrong_is_named(name, change, codes, why) -> None:
    decision, facts = COMPLETE[name]
    found = decision_reasons(replace(decision, **change), facts)
    assert [one.code for one in found] == codes, why
    for reason in found:
        assert reason.field in LABELS, "every reason belongs to a field of the form"
        assert reason.message.endswith("。")


def test_all_reasons_are_told_at_once() -> None:
    bare = Decision("third_party_rights", "withheld")
    codes = {one.code for one in decision_reasons(bare, replace(FACTS, third_party_open=True))}
    assert codes == {"third_party_heard", "ground_missing", "missing_field", "third_party_open"}


def test_every_outcome_can_be_decided_with_each_of_its_letters() -> None:
    """No row of the table and no letter is out of reach: a filled form satisfies the rules."""
    facts = replace(
        FACTS, corrected=True, still_unclear=True, payment_lapsed=True, reasons_asked=True, reasons_lapsed=True,
        earlier_reply=True, third_party_asked=True, third_party_objects=True,
    )  # fmt: skip
    for outcome in outcomes().values():
        for letter in outcome.letters:
            needed = dict.fromkeys(required_fields(outcome, letter), "已填写。")
            special = {
                "search_record": SEARCH,
                "severed": (SeveredPart("号码", "personal_privacy"),),
                "earlier_reply_date": date(2026, 1, 5),
            }
            values = {name: special.get(name, value) for name, value in needed.items()}
            own = next((one for one in grounds_for(outcome.code, letter) if not one.companion), None)
            decision = Decision(
                outcome.code, letter, (own.code,) if own else (), **values, third_party_assessment="理由不成立。",
            )  # fmt: skip
            if outcome.code == "disclosed":
                decision = replace(decision, url="https://www.example.gov.cn/", content="内容。")
            case = replace(facts, corrected=False, correction_lapsed=True) if outcome.code == "uncorrected" else facts
            assert decision_reasons(decision, case) == [], (outcome.code, letter)


_texts = st.text(max_size=30)
_days = st.none() | st.dates()
_searches = st.builds(SearchRecord, _texts, _texts, st.lists(_texts, max_size=3).map(tuple), _texts, _days)
_OTHER = {
    "grounds": st.lists(_texts, max_size=3).map(tuple),
    "attachments": st.lists(_texts, max_size=3).map(tuple),
    "available_on": _days,
    "earlier_reply_date": _days,
    "search_record": st.none() | _searches,
    "severed": st.lists(st.builds(SeveredPart, _texts, _texts), max_size=3).map(tuple),
}
_decisions = st.builds(Decision, **{one.name: _OTHER.get(one.name, _texts) for one in fields(Decision)})


@given(_decisions)
def test_a_decision_survives_being_kept_as_json(decision: Decision) -> None:
    assert Decision.from_json(json.loads(json.dumps(decision.to_json()))) == decision


UNREADABLE = [
    ({"letter": "withheld"}, ["outcome"], "no outcome"),
    ({"outcome": "disclosed", "letter": "disclosed", "purpose": "科研"}, ["purpose"], "a field that does not exist"),
    ({"outcome": "disclosed", "letter": "disclosed", "grounds": "第三十六条"}, ["grounds"], "a text for a list"),
    ({"outcome": 3, "letter": "disclosed"}, ["outcome"], "a number for a text"),
    ({"outcome": "x", "letter": "x", "available_on": "2026-13-01", "severed": [{}]}, ["available_on", "severed"], "both"),
    ({"outcome": "x", "letter": "x", "search_record": []}, ["search_record"], "a list for a record"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "names", "why"), UNREADABLE, ids=[row[2] for row in UNREADABLE])
def test_a_record_that_cannot_be_read_names_its_fields(data, names, why) -> None:
    with pytest.raises(Refused) as refused:
        Decision.from_json(data)
    assert sorted(one.field for one in refused.value.reasons) == names, why


def test_every_field_has_a_name_in_chinese() -> None:
    assert set(LABELS) == {one.name for one in fields(Decision)}
