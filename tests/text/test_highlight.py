"""Highlights in titles and passages of bodies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.text.highlight import PASSAGE_LENGTH, mark, passage


def shown(segments: tuple[tuple[str, bool], ...]) -> str:
    return "".join(f"[{piece}]" if hit else piece for piece, hit in segments)


@pytest.mark.parametrize(
    ("text", "terms", "expected", "reason"),
    [
        ("关于医疗保险的通知", ["医疗保险"], "关于[医疗保险]的通知", "a plain hit"),
        ("医疗保险", ["医疗", "疗保险"], "[医疗保险]", "overlapping hits are one piece"),
        ("医疗保险", ["医疗", "保险"], "[医疗保险]", "neighbouring hits are one piece"),
        ("ＧＢ／Ｔ标准", ["gb"], "[ＧＢ]／Ｔ标准", "compared folded, shown as written"),
        ("第 一 章 总　则", ["总则"], "第 一 章 [总　则]", "blanks between Han characters do not count"),
        ("面积50㎡以上", ["以上"], "面积50㎡[以上]", "offsets survive characters that fold to several"),
        ("面积50㎡以上", ["m2"], "面积50[㎡]以上", "a character that folds to several is marked whole"),
        ("VAT税", ["va"], "VAT税", "letters match in whole runs only, as in the index"),
        ("2024年", ["024"], "2024年", "digits match in whole runs only"),
        ("<b>医保</b>", ["医保"], "<b>[医保]</b>", "markup is text like any other"),
        ("见谯政办[2024]12号", ["谯政办〔2024〕12号"], "见[谯政办[2024]12号]", "a number in another spelling"),
        ("医保", [], "医保", "nothing sought, nothing marked"),
        ("医保", ["  "], "医保", "a blank term is no term"),
        ("", ["医保"], "", "an empty title"),
        ("a.c abc", ["a.c"], "[a.c] abc", "terms are not patterns"),
    ],
)
def test_mark(text: str, terms: list[str], expected: str, reason: str) -> None:
    assert shown(mark(text, terms)) == expected, reason


def test_the_passage_with_more_different_terms_wins() -> None:
    filler = "其他内容。" * 60
    text = f"医保医保医保。{filler}医保报销比例为七成。{filler}"
    best = passage(text, ["医保", "报销比例"])
    assert "[医保报销比例]" in shown(best.segments)
    assert best.cut_before and best.cut_after


def test_a_passage_begins_with_its_sentence_when_that_is_near() -> None:
    text = "前文。" * 100 + "凡参保居民，医疗保险费每年缴纳一次。" + "后文。" * 100
    assert passage(text, ["医疗保险"]).text.startswith("凡参保居民")


def test_without_a_hit_the_passage_is_the_beginning() -> None:
    best = passage("甲" * 500, ["医保"])
    assert (best.start, best.end, best.cut_before, best.cut_after) == (0, PASSAGE_LENGTH, False, True)


def test_a_short_text_is_shown_whole() -> None:
    best = passage("医保通知", ["医保"])
    assert shown(best.segments) == "[医保]通知"
    assert not best.cut_before and not best.cut_after


ALPHABET = st.sampled_from("医疗保险居民，。 　ab½㎡\n")


@given(
    st.text(alphabet=ALPHABET, max_size=400),
    st.lists(st.text(alphabet=ALPHABET, max_size=4), max_size=4),
    st.integers(min_value=20, max_value=160),
)
def test_pieces_are_always_the_text_and_never_longer_than_asked(text: str, terms: list[str], length: int) -> None:
    assert "".join(piece for piece, _ in mark(text, terms)) == text
    best = passage(text, terms, length)
    assert best.text == text[best.start : best.end]
    assert len(best.text) <= length
    assert all(piece for piece, _ in best.segments)
    assert all(a[1] != b[1] for a, b in zip(best.segments, best.segments[1:], strict=False))


WIDE = str.maketrans("ab12(", "ＡＢ１２（")


@given(st.text(alphabet="医保，ab12(", max_size=60), st.text(alphabet="医保，ab12(", min_size=1, max_size=4))
def test_full_width_capitals_are_marked_where_the_plain_text_is(text: str, term: str) -> None:
    plain = [(len(piece), hit) for piece, hit in mark(text, [term])]
    assert [(len(piece), hit) for piece, hit in mark(text.translate(WIDE), [term])] == plain
    folded = [(len(piece), hit) for piece, hit in mark(text.translate(WIDE) + "…", [term])]  # the slower way
    assert folded[: len(plain) - 1] == plain[:-1]


@given(st.text(alphabet="医疗保，\n", max_size=60), st.text(alphabet="医疗保", min_size=1, max_size=3))
def test_every_place_of_a_han_term_is_marked_and_nothing_else(text: str, term: str) -> None:
    expected = [False] * len(text)
    for start in range(len(text) - len(term) + 1):
        if text.startswith(term, start):
            expected[start : start + len(term)] = [True] * len(term)
    # hits of one term do not overlap one another: 医医 is marked once in 医医医
    marked = [hit for piece, hit in mark(text, [term]) for _ in piece]
    if len(set(term)) == len(term):
        assert marked == expected
    assert all(expected[index] for index, hit in enumerate(marked) if hit)
