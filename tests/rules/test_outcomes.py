"""The outcomes are the rows of table three of the annual report (国办公开办函〔2021〕30号), each with what a case must have for it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gongkai.rules.legal_grounds import grounds_for
from gongkai.rules.outcomes import CaseFact, RemedyRule, outcome_of_row, outcomes, outcomes_of_letter
from gongkai.rules.vocabulary import VocabularyError, data_file, set_override_directory

GROUPS = [
    ("disclosed", "予以公开", ["r03"]),
    ("partially_disclosed", "部分公开", ["r04"]),
    ("withheld", "不予公开", [f"r{number:02}" for number in range(5, 13)]),
    ("unavailable", "无法提供", ["r13", "r14", "r15"]),
    ("not_processed", "不予处理", ["r16", "r17", "r18", "r19", "r20"]),
    ("otherwise_closed", "其他处理", ["r21", "r22", "r23"]),
]


@pytest.mark.parametrize(("code", "label", "rows"), GROUPS, ids=[row[0] for row in GROUPS])
def test_every_group_has_the_rows_of_the_table(code: str, label: str, rows: list[str]) -> None:
    found = [one for one in outcomes().values() if one.group.code == code]
    assert [one.row for one in found] == rows
    assert {one.group.label for one in found} == {label}


def test_the_labels_are_those_of_the_official_form(shared_data: Path) -> None:
    from gongkai.text.extraction import extract

    text = extract(shared_data / "annual_report" / "annual_report_template.docx").text

    def squeezed(words: str) -> str:
        return re.sub(r"[\s“”\"]", "", words)

    missing = [one.label for one in outcomes().values() if squeezed(one.label) not in squeezed(text)]
    assert not missing


NEEDS = [
    ("still_unclear", {CaseFact.CORRECTION_ANSWERED, CaseFact.STILL_UNCLEAR}, "§30: after the one correction"),
    ("uncorrected", {CaseFact.CORRECTION_LAPSED}, "§30: only when the period is over"),
    ("unpaid", {CaseFact.PAYMENT_LAPSED}, "109号 §6: only when the period is over"),
    ("excessive_requests", {CaseFact.REASONS_ASKED, CaseFact.REASONS_TERM_OVER}, "§35: reasons are asked for first"),
    ("repeated_request", {CaseFact.EARLIER_REPLY}, "§36(6): there was a reply"),
    ("third_party_rights", {CaseFact.THIRD_PARTY_HEARD}, "§32: the third party is asked in writing"),
    ("state_secret", set(), "nobody is to be heard"),
]


@pytest.mark.parametrize(("code", "needs", "why"), NEEDS, ids=[row[0] for row in NEEDS])
def test_an_outcome_needs_what_must_have_happened_before(code: str, needs: set[CaseFact], why: str) -> None:
    assert set(outcomes()[code].needs) == needs, why


def test_the_rows_under_articles_14_to_16_come_under_the_rule_of_withholding_and_no_others() -> None:
    rows = {one.row for one in outcomes().values() if one.remedy is RemedyRule.WITHHOLDING}
    assert rows == {f"r{number:02}" for number in range(5, 12)}


@pytest.mark.parametrize("code", [code for code in outcomes() if code != "other"])
def test_every_letter_of_an_outcome_has_an_article_that_carries_it(code: str) -> None:
    for letter in outcomes()[code].letters:
        assert any(not ground.companion for ground in grounds_for(code, letter)), letter


def test_an_outcome_is_found_by_its_row_and_by_its_letter() -> None:
    assert outcome_of_row("r13").code == "not_held"
    assert {one.row for one in outcomes_of_letter("deemed_abandonment")} == {"r21", "r22"}
    assert outcomes_of_letter("extension_notice") == ()
    with pytest.raises(KeyError):
        outcome_of_row("r24")


FAULTS = [
    ('row = "r03"', 'row = "r04"', "依次为 r03 至 r23", "a row is missing"),
    ('code = "state_secret"', 'code = "disclosed"', "重复", "a code twice"),
    ('remedy = "severance"', 'remedy = "anything"', "有误", "a rule that does not exist"),
    ('needs = ["payment_lapsed"]', 'needs = ["payment"]', "有误", "a fact that does not exist"),
    ('group = "unavailable"', 'group = "gone"', "有误", "a group that does not exist"),
]


@pytest.mark.parametrize(("old", "new", "message", "why"), FAULTS, ids=[row[3] for row in FAULTS])
def test_a_faulty_file_is_refused_with_what_to_mend(old, new, message, why, tmp_path: Path) -> None:
    text = data_file("outcomes").read_text("utf-8")
    assert old in text
    (tmp_path / "outcomes.toml").write_text(text.replace(old, new, 1), "utf-8")
    try:
        set_override_directory(tmp_path)
        with pytest.raises(VocabularyError, match=message):
            outcomes()
    finally:
        set_override_directory(None)
