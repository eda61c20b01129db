"""Folding and the way back to the original text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.text.normalise import fold, fold_aligned, fold_variants, simplify, variant_list


@pytest.mark.parametrize(
    ("text", "folded", "reason"),
    [
        ("ＡＢＣ１２３", "abc123", "full width is a way of typing, not a difference"),
        ("GB/T", "gb/t", "case does not matter"),
        ("（试行）", "(试行)", "punctuation has one width"),
        ("①㎡½", "1m21⁄2", "compatibility characters become what they stand for"),
        ("\u2f00\uf9d1", "一六", "radicals and compatibility ideographs of PDF files become usual characters"),
        ("醫療保險", "医疗保险", "traditional characters, character by character"),
        ("之後徵收摺疊餅乾", "之后征收折叠饼干", "traditional characters that also exist in their own right"),
        ("禇峯戶羣", "褚峰户群", "variants and common slips in names and places"),
        ("执著 执着", "执着 执着", "two spellings of one word"),
        ("覆盖瞭望慰藉", "覆盖瞭望慰藉", "characters in daily use stay, whatever tables of conversion say"),
        ("", "", "nothing stays nothing"),
    ],
)
def test_fold_gives_one_spelling(text: str, folded: str, reason: str) -> None:
    assert fold(text) == folded, reason


@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0xFFFF, categories=("L", "N", "P", "Z", "S"))))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF)))
def test_folding_variants_keeps_the_length(text: str) -> None:
    assert len(fold_variants(text)) == len(text)


def test_every_variant_of_our_list_is_folded_to_a_form_that_stays() -> None:
    pairs, _ = variant_list()
    assert len(pairs) > 250
    for variant, usual in pairs:
        assert fold(variant) == fold(usual) != variant, variant


def test_simplify_replaces_traditional_characters_and_keeps_the_rest() -> None:
    assert simplify("醫療保險 GB/T 9704") == "医疗保险 GB/T 9704"


@given(
    st.text(alphabet=st.sampled_from("医疗保险，（）ＡＢab12½㎡①ﬁé\u0301\u0327㍿が\u3099Å가\u1100\u1161\u11a8İ\n 　"))
)
def test_every_folded_character_knows_its_place_in_the_original(text: str) -> None:
    aligned = fold_aligned(text)
    for start in range(len(aligned.text)):
        for end in range(start + 1, len(aligned.text) + 1):
            first, last = aligned.original(start, end)
            assert 0 <= first < last <= len(text)
            assert aligned.text[start:end] in fold(text[first:last])


@pytest.mark.parametrize(
    ("text", "sought", "original", "reason"),
    [
        ("面积50㎡以上", "m2", "㎡", "one character that became two"),
        ("面积50㎡以上", "以上", "以上", "offsets after an expansion are moved back"),
        ("补贴½以内", "2", "½", "part of an expanded character is the whole of it"),
        ("cafe\u0301补贴", "é", "e\u0301", "two characters that became one"),
        ("医疗（保险）", "(保险)", "（保险）", "one to one"),
    ],
)
def test_spans_are_mapped_back(text: str, sought: str, original: str, reason: str) -> None:
    aligned = fold_aligned(text)
    start = aligned.text.index(sought)
    first, last = aligned.original(start, start + len(sought))
    assert text[first:last] == original, reason
