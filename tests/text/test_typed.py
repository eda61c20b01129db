"""What was typed, read into units of one character each."""

import pytest

from gongkai.text.typed import initial_letters, read

FITS = (
    ("医疗", "医疗保险", "characters"),
    ("yiliao", "医疗保险", "pinyin"),
    ("ylbx", "医疗保险", "initials"),
    ("医liao", "医疗保险", "characters and pinyin"),
    ("yi疗b", "医疗保险", "pinyin, character, initial"),
    ("医lbx", "医疗保险", "a character and initials"),
    ("ＹＩＬＩＡＯ", "医疗保险", "full width and capitals"),
    ("yilia", "医疗保险", "an unfinished syllable"),
    ("cengxiang", "城乡规划", "a confusable sound"),
    ("chongqing", "重庆市", "重 as in 重庆"),
    ("yinhang", "银行", "行 as in 银行"),
    ("2025年", "2025年度", "digits"),
    ("2025n", "2025年度", "digits and an initial"),
    ("app", "app备案", "letters as they are"),
)


@pytest.mark.parametrize(("typed", "text", "why"), FITS)
def test_what_is_typed_fits_a_text_it_begins(typed, text, why):
    assert any(way.fits(text, 0) for way in read(typed)), why


@pytest.mark.parametrize(
    ("typed", "text", "why"),
    [
        ("医保", "医疗保险", "another character"),
        ("yibao", "医疗保险", "another sound"),
        ("医疗保险费", "医疗保险", "more than there is"),
        ("ylxb", "医疗保险", "initials in another order"),
    ],
)
def test_it_does_not_fit_another(typed, text, why):
    assert not any(way.fits(text, 0) for way in read(typed)), why


@pytest.mark.parametrize("typed", ["", "，。", "  ", "'"])
def test_punctuation_is_nothing_typed(typed):
    assert read(typed) == ()


def test_initials_end_at_the_first_character_without_a_reading():
    assert initial_letters(("医", "疗", "2", "保"), (False,) * 4) == ("yl",)
    assert set(initial_letters(("长", "期"), (False, False))) == {"cq", "zq"}
