"""What a title is about, and where a reader may begin to type it."""

import pytest

from gongkai.text.titles import abbreviations, compact, compact_aligned, shorten, starts, topic

TOPICS = (
    (
        "亳州市谯城区人民政府办公室关于印发《谯城区城乡居民基本医疗保险实施办法》的通知",
        "谯城区城乡居民基本医疗保险实施办法",
        "what is issued, not the letter that issues it",
    ),
    ("谯城区财政局关于印发财政资金管理办法的通知", "财政资金管理办法", "without marks around it"),
    ("关于开展2025年度建筑施工安全检查工作的通知", "2025年度建筑施工安全检查", "工作 says nothing"),
    ("谯城区人民政府关于支持民营企业发展的若干意见", "支持民营企业发展", "the genre says nothing"),
    ("某市人民政府印发《关于加快体育事业发展的意见》的通知", "加快体育事业发展", "wrapped twice"),
    ("谯城区义务教育招生方案（试行）", "谯城区义务教育招生方案", "without the remark"),
    ("公共租赁住房保障办法", "公共租赁住房保障办法", "nothing to take off"),
    ("《住房保障办法》政策解读", "住房保障办法", "an interpretation is about its document"),
    ("关于通知", "关于通知", "too short to take anything off"),
    ("", "", "nothing"),
)


@pytest.mark.parametrize(("title", "expected", "why"), TOPICS)
def test_the_topic_is_the_title_without_its_wrapping(title, expected, why):
    found = topic(title)
    assert title[found.start : found.end] == expected, why


def test_a_reader_may_begin_with_any_word_of_the_topic_long_words_included():
    title = "关于印发《城乡居民基本医疗保险办法》的通知"
    begun = [title[start : start + 2] for start in starts(title)]
    assert begun == ["关于", "城乡", "居民", "基本", "医疗", "保险", "办法"]


def test_nobody_begins_with_a_word_that_says_nothing():
    title = "残疾人的就业和培训"
    assert [title[start] for start in starts(title)] == ["残", "就", "培"]


def test_what_is_typed_of_a_title_has_no_punctuation_and_knows_its_place():
    assert compact("“双随机、一公开” ＧＢ/T９704") == "双随机一公开gbt9704"
    ready = compact_aligned("《双随机、一公开》")
    assert ready.text == "双随机一公开"
    assert ready.original(2, 4) == (3, 6)


def test_a_shortened_text_breaks_no_word_and_no_bracket():
    assert "城乡居民基本医疗保险"[: shorten("城乡居民基本医疗保险", 0, 10, 9)] == "城乡居民基本医疗"
    assert "住房保障办法（2025年修订）"[: shorten("住房保障办法（2025年修订）", 0, 14, 9)] == "住房保障办法"


def test_neighbouring_words_have_the_abbreviation_the_dictionary_knows():
    title = "城乡居民基本医疗保险办法"
    assert abbreviations(title) == (("医保", title.index("医疗")),)
    assert abbreviations("医疗保险与医保基金") == (), "the short form stands there itself"
