"""Personal data: what is found, what is only suspected, and what looks like it and is not."""

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.text.personal_data import PersonalDataKind as Kind
from gongkai.text.personal_data import find_personal_data, identity_check_digit, luhn

IDENTITY = "340102190001011110"[:17]
IDENTITY = IDENTITY + identity_check_digit(IDENTITY).upper()
WRONG = IDENTITY[:17] + ("1" if IDENTITY[17] != "1" else "2")
CARD = next(f"62220212345678901{tail:02d}" for tail in range(100) if luhn(f"62220212345678901{tail:02d}"))

FOUND = [
    (f"身份证号{IDENTITY}。", Kind.IDENTITY_NUMBER, IDENTITY, "whole"),
    (f"证件 {IDENTITY[:6]} {IDENTITY[6:14]} {IDENTITY[14:]}", Kind.IDENTITY_NUMBER, None, "grouped 6-8-4"),
    ("身份证３４０１０２１９０００１０１１１１" + IDENTITY[17:], Kind.IDENTITY_NUMBER, None, "full width"),
    ("身份证号340102500101111", Kind.IDENTITY_NUMBER, "340102500101111", "15 digits behind their label"),
    ("电话13800000001", Kind.MOBILE, "13800000001", "whole"),
    ("138 0000 0001", Kind.MOBILE, "138 0000 0001", "3-4-4 with blanks"),
    ("138-0000-0001", Kind.MOBILE, "138-0000-0001", "3-4-4 with hyphens"),
    ("1380 0000 001", Kind.MOBILE, "1380 0000 001", "4-4-3"),
    ("1 3 8 0 0 0 0 0 0 0 1", Kind.MOBILE, "1 3 8 0 0 0 0 0 0 0 1", "every digit apart"),
    ("+8613800000001", Kind.MOBILE, "13800000001", "with the country code"),
    ("１３８０００００００１找我", Kind.MOBILE, None, "full width"),
    ("①③⑧⓪⓪⓪⓪⓪⓪⓪①", Kind.MOBILE, None, "circled"),
    ("一三八零零零零零零零一", Kind.MOBILE, "一三八零零零零零零零一", "written out"),
    ("幺三八〇〇〇〇〇〇〇幺", Kind.MOBILE, None, "written out as it is read aloud"),
    ("张某13800000001李某", Kind.MOBILE, "13800000001", "between characters"),
    ("0558-5000462", Kind.LANDLINE, "0558-5000462", "area code"),
    ("（0558）5000462", Kind.LANDLINE, None, "area code in brackets"),
    ("05585000462转801", Kind.LANDLINE, "05585000462转801", "extension"),
    ("010-60000001", Kind.LANDLINE, "010-60000001", "three-digit area code"),
    ("联系电话：5000462", Kind.LANDLINE, "5000462", "local number behind its label"),
    (CARD, Kind.BANK_CARD, CARD, "62 and a right sum"),
    (f"{CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:16]} {CARD[16:]}", Kind.BANK_CARD, None, "in groups of four"),
    ("卡号4000000000000002", Kind.BANK_CARD, "4000000000000002", "not 62, but behind its label"),
    ("邮箱abc.d@example.com。", Kind.EMAIL, "abc.d@example.com", "e-mail"),
    ("ａｂｃ＠example．com", Kind.EMAIL, None, "full width e-mail"),
    ("皖S12345", Kind.PLATE, "皖S12345", "plate"),
    ("皖S·D12345", Kind.PLATE, "皖S·D12345", "plate of an electric car"),
    ("车牌皖SABCDE", Kind.PLATE, "皖SABCDE", "letters only, behind its label"),
]


@pytest.mark.parametrize(("text", "kind", "found", "reason"), FOUND, ids=[case[3] for case in FOUND])
def test_personal_data_is_found(text, kind, found, reason):
    hits = find_personal_data(text)
    assert [(hit.kind, hit.certain) for hit in hits] == [(kind, True)]
    assert hits[0].text == text[hits[0].start : hits[0].end]
    if found is not None:
        assert hits[0].text == found


NOTHING = [
    ("谯政办〔2024〕12号", "文号"),
    ("索引号11341602003166647K/202501-00064", "索引号"),
    ("统一社会信用代码91341600MA2N00000X", "信用代码 with letters"),
    ("统一社会信用代码123416003166647123", "信用代码 of digits only: 160031 is no date"),
    ("总投资13800000001元", "an amount of eleven digits"),
    ("总投资12345678901元", "eleven digits that are no mobile"),
    ("2025年12月31日至2026年1月29日", "dates"),
    ("12345热线", "hotline"),
    ("拨打400-000-0000", "400 number"),
    ("办公电话0558-12345", "too short behind the area code"),
    ("项目编号2019-341602-48-03-012345", "project number"),
    ("ISBN 978-7-5000-0000-1", "ISBN"),
    ("邮编236800", "postcode"),
    ("GB/T 9704-2012", "standard"),
    ("建筑面积13800.0000001平方米", "decimal"),
    ("219 380 000 1234", "mobile inside a longer number"),
    ("学籍号G340102190001011110", "school number begins with a letter"),
    ("最新A12345", "最新 is no province"),
    ("医保缴费380元，13个工作日", "plain words"),
    ("", "nothing"),
]


@pytest.mark.parametrize(("text", "reason"), NOTHING, ids=[case[1] for case in NOTHING])
def test_numbers_of_public_life_are_not_taken_for_personal(text, reason):
    assert find_personal_data(text) == []


SUSPECTED = [
    (f"身份证号{WRONG}", Kind.IDENTITY_NUMBER, "wrong check digit"),
    ("编码340102500101111", Kind.IDENTITY_NUMBER, "15 digits without a label"),
    ("卡号6222021234567890123", Kind.BANK_CARD, "label, wrong sum"),
    ("4000000000000002", Kind.BANK_CARD, "right sum alone"),
    ("皖SABCD1", Kind.PLATE, "one digit, no label"),
]


@pytest.mark.parametrize(("text", "kind", "reason"), SUSPECTED, ids=[case[2] for case in SUSPECTED])
def test_what_nothing_else_speaks_for_is_only_suspected(text, kind, reason):
    assert [(hit.kind, hit.certain) for hit in find_personal_data(text)] == [(kind, False)]


def test_several_are_found_in_order_and_an_identity_number_is_not_also_a_card():
    text = f"本人{IDENTITY}，电话13800000001、0558-5000462，卡{CARD}"
    assert [hit.kind for hit in find_personal_data(text)] == [
        Kind.IDENTITY_NUMBER,
        Kind.MOBILE,
        Kind.LANDLINE,
        Kind.BANK_CARD,
    ]


@given(st.text(max_size=60))
def test_findings_are_true_spans_without_overlap(text):
    hits = find_personal_data(text)
    assert all(0 <= hit.start < hit.end <= len(text) and hit.text == text[hit.start : hit.end] for hit in hits)
    assert all(first.end <= second.start for first, second in pairwise(hits))


@given(st.integers(0, 10**17 - 1), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_never_keeps_the_check_digit(number, place, shift):
    digits = f"{number:017d}"
    changed = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    assert identity_check_digit(digits) != identity_check_digit(changed)


def test_on_letters_with_injected_data_precision_and_recall_are_as_published(shared_data: Path):
    """400 letters, 513 spans, 432 hard negatives. Names are not looked for."""
    lines = (shared_data / "pii_injected" / "pii.dev.jsonl").read_text("utf-8").splitlines()
    right, wrong, missed = Counter(), Counter(), Counter()
    for letter in map(json.loads, lines):
        wanted = {(s["start"], s["end"], s["type"]) for s in letter["spans"] if s["type"] != "姓名"}
        got = {(h.start, h.end, h.kind.label) for h in find_personal_data(letter["text"]) if h.certain}
        right.update(span[2] for span in wanted & got)
        wrong.update(span[2] for span in got - wanted)
        missed.update(span[2] for span in wanted - got)
    for kind in Kind:
        n = right[kind.label]
        precision, recall = n / (n + wrong[kind.label]), n / (n + missed[kind.label])
        print(f"{kind.label}: {n} right, precision {precision:.3f}, recall {recall:.3f}")
        assert n > 70 and precision >= 0.98 and recall >= 0.99, kind.label
