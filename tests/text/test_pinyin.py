"""How characters sound, and how typed letters are cut into syllables."""

import pytest

from gongkai.text.pinyin import fold_sound, readings, sound_alike, sound_similar, sounds, spellings, unit_fits, whole

HETERONYMS = (
    ("行", {"xing", "hang"}, "行政, 银行"),
    ("重", {"zhong", "chong"}, "重点, 重庆"),
    ("长", {"chang", "zhang"}, "长期, 长辈"),
    ("会", {"hui", "kuai"}, "社会, 会计"),
    ("六", {"liu", "lu"}, "六月, 六安"),
    ("参", {"can", "shen"}, "参加, 人参"),
    ("差", {"cha", "chai"}, "差额, 出差"),
    ("乐", {"le", "yue"}, "娱乐, 音乐"),
    ("率", {"lv", "shuai"}, "利率, 率先; ü is v"),
)


@pytest.mark.parametrize(("char", "expected", "words"), HETERONYMS)
def test_a_character_has_the_readings_its_words_use(char, expected, words):
    assert expected <= set(readings(char)), words


@pytest.mark.parametrize("char", ["医", "疗", "保", "亳", "谯"])
def test_most_characters_have_one_reading(char):
    assert len(readings(char)) == 1


@pytest.mark.parametrize("char", ["a", "1", "，", "㐀", "𠀀", ""][:5])
def test_what_is_no_common_character_has_no_reading(char):
    assert readings(char) == sounds(char) == ()


def test_the_circle_is_read_as_zero():
    assert readings("〇") == ("ling",)


@pytest.mark.parametrize(
    ("syllable", "folded", "why"),
    [
        ("zhang", "zan", "zh and -ang"),
        ("chong", "cong", "ch; -ong is like nothing else"),
        ("sheng", "sen", "sh and -eng"),
        ("ling", "lin", "-ing"),
        ("nan", "lan", "n and l"),
        ("xiang", "xian", "-iang"),
        ("an", "an", "no initial to fold"),
        ("er", "er", "nothing to fold"),
    ],
)
def test_confusable_sounds_are_made_the_same(syllable, folded, why):
    assert fold_sound(syllable) == folded, why


def test_alike_is_the_same_sound_and_similar_a_confusable_one():
    assert sound_alike("积", "鸡")
    assert not sound_alike("身", "生")
    assert sound_similar("身", "生")
    assert not sound_similar("医", "保")


@pytest.mark.parametrize(
    ("letters", "first", "why"),
    [
        ("yibao", ("yi", "bao"), "whole syllables"),
        ("gongjijin", ("gong", "ji", "jin"), "whole syllables"),
        ("ylbx", ("y", "l", "b", "x"), "initials"),
        ("shbx", ("s", "h", "b", "x"), "社会保险: two letters are two characters"),
        ("yib", ("yi", "b"), "the last syllable is only begun"),
        ("chongq", ("chong", "q"), "the last syllable is only begun"),
        ("xi'an", ("xi", "an"), "the sign separates"),
    ],
)
def test_letters_are_cut_into_syllables_and_initials(letters, first, why):
    assert spellings(letters)[0] == first, why


@pytest.mark.parametrize(
    ("letters", "also"), [("xian", ("xi", "an")), ("fangan", ("fang", "an")), ("sajgs", ("s", "a", "j", "g", "s"))]
)
def test_ambiguous_letters_are_read_in_several_ways(letters, also):
    assert also in spellings(letters)


@pytest.mark.parametrize("letters", ["v", "ii", "uv", ""])
def test_letters_that_are_no_pinyin_are_read_in_no_way(letters):
    assert spellings(letters) == ()


def test_a_hundred_letters_are_read_as_well_as_ten():
    letters = "zhonghuarenmingongheguo" * 4
    assert "".join(spellings(letters)[0]) == letters
    assert whole(spellings(letters)[0])


def test_only_the_last_unit_may_be_unfinished():
    assert unit_fits("ba", "保", last=True)
    assert not unit_fits("ba", "保", last=False)
    assert unit_fits("b", "保", last=False), "an initial"
    assert unit_fits("ceng", "城", last=False), "a confusable sound"
