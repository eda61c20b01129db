"""The analysis chain: words and grams."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.text.analysis import analyse, grams, pairs, plain_words, prepare, words

TEXTS = st.text(alphabet=st.sampled_from("医疗保险居民低保的，。\n 　abＡ12３½〔〕"), max_size=30)
HAN_PHRASES = st.text(alphabet=st.sampled_from("医疗保险居民"), min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        ("医保", ["医", "医保", "保"], "characters and pairs interleaved"),
        ("医", ["医"], "a single character has no pair"),
        ("医，保", ["医", "保"], "no pair across punctuation"),
        ("医\n保", ["医", "保"], "no pair across a line end"),
        ("总　则", ["总", "总则", "则"], "a blank between Han characters is layout"),
        (
            "GB/T9704-2012",
            ["gb", "t", "9704", "2012"],
            "letters and digits in runs of their own, with blank or without",
        ),
        ("2024年", ["2024", "年"], "a run ends where the script changes"),
        ("ＣＯＶＩＤ", ["covid"], "folded first"),
        ("二〇二四", ["二", "二〇", "〇", "〇二", "二", "二四", "四"], "〇 is a Han character"),
        ("𠮷野", ["𠮷", "𠮷野", "野"], "characters beyond the basic plane count as one"),
        ("", [], "nothing gives nothing"),
    ],
)
def test_grams(text: str, expected: list[str], reason: str) -> None:
    assert grams(text) == expected, reason


def test_words_are_without_punctuation_and_with_inner_words() -> None:
    assert words("《医疗保障局》。") == [*words("医疗保障局")]
    assert {"医疗保障局", "医疗保障", "医疗"} <= set(words("《医疗保障局》。"))


def test_plain_words_cover_the_text_once() -> None:
    assert "".join(plain_words("关于城乡居民基本医疗保险的通知")) == "关于城乡居民基本医疗保险的通知"


@given(TEXTS)
def test_analyse_is_both_views_and_no_token_holds_a_blank(text: str) -> None:
    tokens = analyse(text)
    assert tokens.words == words(text)
    assert tokens.grams == grams(text)
    assert not any(re.search(r"\s", token) or not token for token in tokens.words + tokens.grams)


@given(TEXTS, HAN_PHRASES)
def test_pairs_at_their_places_are_found_exactly_where_the_characters_are(text: str, phrase: str) -> None:
    """What a phrase query on grams computes, against plain substring search."""
    sequence = grams(text)
    wanted = pairs(phrase)
    first = wanted[0][0]
    found = any(
        all(
            0 <= (place := start + position - first) < len(sequence) and sequence[place] == token
            for position, token in wanted
        )
        for start in range(len(sequence))
    )
    assert found == (phrase in prepare(text))
