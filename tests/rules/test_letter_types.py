"""The letters of 依申请公开: their texts quote the law as it stands, what is locked is locked, letters of procedure tell no remedy."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from gongkai.rules.document_number import check
from gongkai.rules.letter_types import (
    Addressee,
    LetterRemedy,
    document_number,
    letter_types,
    mark_kinds,
    received_ways,
)
from gongkai.rules.outcomes import RemedyRule, outcomes
from gongkai.rules.receipt import Channel
from gongkai.rules.vocabulary import VocabularyError, data_file, set_override_directory

TO = Addressee
LETTERS = [
    ("receipt_notice", "notice", TO.APPLICANT, LetterRemedy.NONE, "§31, §45"),
    ("correction_notice", "notice", TO.APPLICANT, LetterRemedy.NONE, "§30: an act of procedure"),
    ("reason_request", "notice", TO.APPLICANT, LetterRemedy.NONE, "§35"),
    ("extension_notice", "notice", TO.APPLICANT, LetterRemedy.NONE, "§33: an act of procedure"),
    ("deferral_notice", "notice", TO.APPLICANT, LetterRemedy.NONE, "§35"),
    ("third_party_consultation", "letter", TO.THIRD_PARTY, LetterRemedy.NONE, "§32"),
    ("coproducer_consultation", "letter", TO.AGENCY, LetterRemedy.NONE, "§34"),
    ("agency_consultation", "letter", TO.AGENCY, LetterRemedy.NONE, "§33(3)"),
    ("consultation_notice", "notice", TO.APPLICANT, LetterRemedy.NONE, "§33(3)"),
    ("fee_notice", "fee", TO.APPLICANT, LetterRemedy.NONE, "109号: the fee alone is not reviewed"),
    ("already_public", "reply", TO.APPLICANT, LetterRemedy.OUTCOME, "§36(1)"),
    ("disclosed", "reply", TO.APPLICANT, LetterRemedy.OUTCOME, "§36(2)"),
    ("partially_disclosed", "reply", TO.APPLICANT, LetterRemedy.OUTCOME, "§37"),
    ("withheld", "reply", TO.APPLICANT, LetterRemedy.OUTCOME, "§36(3)"),
    ("third_party_notice", "notice", TO.THIRD_PARTY, LetterRemedy.DIRECT, "§32: the third party may contest it"),
    ("nonexistent", "reply", TO.APPLICANT, LetterRemedy.OUTCOME, "§36(4)"),
    ("other_agency", "reply", TO.APPLICANT, LetterRemedy.OUTCOME, "§36(5)"),
    ("requires_creation", "reply", TO.APPLICANT, LetterRemedy.OUTCOME, "§38"),
    ("still_unclear", "reply", TO.APPLICANT, LetterRemedy.OUTCOME, "§30"),
    ("registry_enquiry", "reply", TO.APPLICANT, LetterRemedy.OUTCOME, "§36(7)"),
    ("petition_matter", "reply", TO.APPLICANT, LetterRemedy.OUTCOME, "§39(1)"),
    ("repeated_request", "reply", TO.APPLICANT, LetterRemedy.OUTCOME, "§36(6)"),
    ("public_publication", "reply", TO.APPLICANT, LetterRemedy.OUTCOME, "§39(2)"),
    ("excessive_requests", "reply", TO.APPLICANT, LetterRemedy.OUTCOME, "§35"),
    ("reconfirmation", "reply", TO.APPLICANT, LetterRemedy.OUTCOME, "table three, r20"),
    ("deemed_abandonment", "reply", TO.APPLICANT, LetterRemedy.OUTCOME, "§30, 109号 §6"),
    ("termination", "reply", TO.APPLICANT, LetterRemedy.OUTCOME, "table three, r23"),
    ("record_correction", "reply", TO.APPLICANT, LetterRemedy.DIRECT, "§41"),
    ("supplement", "reply", TO.APPLICANT, LetterRemedy.CASE, "as the decision it belongs to"),
    ("transfer_notice", "letter", TO.AGENCY, LetterRemedy.NONE, "between agencies"),
    ("assignment_notice", "notice", TO.UNIT, LetterRemedy.NONE, "inside the agency"),
    ("service_receipt", "", TO.APPLICANT, LetterRemedy.NONE, "proof of service"),
    ("supervision_notice", "notice", TO.UNIT, LetterRemedy.NONE, "§47, inside the administration"),
    ("supervision_reply", "letter", TO.UNIT, LetterRemedy.NONE, "§47, inside the administration"),
]


@pytest.mark.parametrize(("code", "mark", "to", "remedy", "why"), LETTERS, ids=[row[0] for row in LETTERS])
def test_a_letter_has_its_number_its_addressee_and_its_rule_of_remedy(code, mark, to, remedy, why) -> None:
    letter = letter_types()[code]
    assert (letter.mark, letter.to, letter.remedy) == (mark, to, remedy), why


def test_the_table_above_names_every_letter() -> None:
    assert [row[0] for row in LETTERS] == list(letter_types())


@pytest.mark.parametrize("code", [code for code, letter in letter_types().items() if letter.procedural])
def test_the_text_of_a_letter_of_procedure_speaks_of_no_remedy(code: str) -> None:
    assert not re.search("复议|诉讼", "".join(letter_types()[code].locked))


def test_no_letter_writes_its_remedy_into_its_text_by_hand() -> None:
    for letter in letter_types().values():
        assert "60日内" not in "".join(letter.locked), letter.code


def test_every_letter_that_tells_an_outcome_belongs_to_one_with_a_remedy_rule() -> None:
    told = {code for outcome in outcomes().values() for code in outcome.letters}
    by_outcome = {code for code, letter in letter_types().items() if letter.remedy is LetterRemedy.OUTCOME}
    assert told == by_outcome
    assert all(outcome.remedy is not RemedyRule.NONE for outcome in outcomes().values())


def _regulation(shared_data: Path) -> dict[str, str]:
    lines = (shared_data / "laws_docs" / "xingzhengfagui.jsonl").read_text("utf-8").splitlines()
    found = next(json.loads(line) for line in lines if '"中华人民共和国政府信息公开条例"' in line[:200])
    text = re.sub(r"[ \n\u3000]", "", found["text"])
    parts = re.split(r"(?<=[。；])(?=第[一二三四五六七八九十]+条)|##第.章[^第]*", text)
    return {match[0]: part for part in parts if part and (match := re.match(r"第[一二三四五六七八九十]+条", part))}


_QUOTED = re.compile(r"《中华人民共和国政府信息公开条例》(第[一二三四五六七八九十]+条)[^“。]*“([^”]+)”")


def test_the_words_of_the_law_in_the_letters_are_those_of_the_law(shared_data: Path) -> None:
    articles = _regulation(shared_data)
    found = [(letter.code, *quote) for letter in letter_types().values() for quote in _QUOTED.findall("".join(letter.locked))]  # fmt: skip
    assert len(found) >= 14
    wrong = [(code, number) for code, number, words in found if words not in articles[number]]
    assert not wrong


def test_what_the_clerk_writes_is_named_and_everything_else_is_locked() -> None:
    letter = letter_types()["extension_notice"]
    assert letter.editable == ("extension_reason",)
    assert letter.fields[0].required and letter.fields[0].lines == 1 and letter.fields[0].longest == 500
    passage = next(one for one in letter.body if "extension_reason" in one.names)
    assert passage.locked == ("因", "，本机关不能在原答复期限内答复。")


def test_every_blank_tells_the_clerk_what_to_write() -> None:
    bare = {(code, field.name) for code, letter in letter_types().items() for field in letter.fields if not field.hint}
    assert not bare


def test_every_field_that_is_described_is_asked_for_by_some_letter() -> None:
    described = set(tomllib.loads(data_file("letter_types").read_text("utf-8"))["fields"])
    assert described <= {name for letter in letter_types().values() for name in letter.editable}


NUMBERS = [
    ("reply", "谯教", 2026, 3, "谯教公复〔2026〕3号"),
    ("notice", "谯教", 2026, 12, "谯教公告知〔2026〕12号"),
    ("letter", " 谯政办 ", 2025, 1, "谯政办公函〔2025〕1号"),
    ("fee", "谯教", 2026, 1, "谯教公收费〔2026〕1号"),
]


@pytest.mark.parametrize(("kind", "mark", "year", "serial", "text"), NUMBERS, ids=[row[4] for row in NUMBERS])
def test_a_number_has_the_body_s_mark_the_kind_the_year_and_the_serial(kind, mark, year, serial, text) -> None:
    assert document_number(kind, mark, year, serial) == text
    assert check(text) == []


@pytest.mark.parametrize(
    ("kind", "mark", "year", "serial", "error"),
    [
        ("circular", "谯教", 2026, 1, KeyError),
        ("reply", " ", 2026, 1, ValueError),
        ("reply", "谯教", 26, 1, ValueError),
        ("reply", "谯教", 2026, 0, ValueError),
    ],
    ids=["no such kind", "no mark", "half a year", "no serial"],
)
def test_a_number_that_cannot_be_is_refused(kind, mark, year, serial, error) -> None:
    with pytest.raises(error):
        document_number(kind, mark, year, serial)


def test_every_channel_of_receipt_has_its_words_in_a_letter() -> None:
    assert set(received_ways()) == {channel.value for channel in Channel}


def test_the_kinds_of_number_and_the_ways_of_receipt_have_their_words() -> None:
    assert mark_kinds() == {"reply": "复", "notice": "告", "letter": "函", "fee": "收费"}
    assert "第三十一条第三项" in received_ways()["online"].basis
    assert "第三十一条第二项" in received_ways()["plain_letter"].basis


FAULTS = [
    ("{extension_reason:c}", "{reason:c}", "既不是案卷中的事实", "a blank nobody fills"),
    ('when = "corrected"', 'when = "mended"', "不能识别", "a condition nobody knows"),
    ('block = "receipt"', 'block = "table"', "没有名为", "a block nobody makes"),
    ('needs = ["due"]', 'needs = ["luck"]', "不是案卷中的事实", "a fact nobody knows"),
    ('code = "nonexistent"', 'code = "gone"', "没有正文", "a letter of an outcome without a text"),
    (
        'fields = ["frequency_facts!"]',
        'fields = ["frequency_facts!", "guidance!"]',
        "没有写进正文",
        "asked for in vain",
    ),
    ('mark = "fee"', 'mark = "bill"', "文号类别", "a number of no kind"),
]


@pytest.mark.parametrize(("old", "new", "message", "why"), FAULTS, ids=[row[3] for row in FAULTS])
def test_a_faulty_file_is_refused_with_what_to_mend(old, new, message, why, tmp_path: Path) -> None:
    text = data_file("letter_types").read_text("utf-8")
    assert old in text
    (tmp_path / "letter_types.toml").write_text(text.replace(old, new, 1), "utf-8")
    try:
        set_override_directory(tmp_path)
        with pytest.raises(VocabularyError, match=message):
            letter_types()
    finally:
        set_override_directory(None)
