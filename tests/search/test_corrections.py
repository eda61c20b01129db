"""您是不是要找: what was mistyped is put right, what is right is left alone."""

from __future__ import annotations

import pytest
from bench.mistakes import Mistake, Part, Typist, corrected, needless

from gongkai.search.corrections import correction
from gongkai.search.query import SearchQuery
from gongkai.search.title_lookup import TitleLookup
from tests.search.titles import lookup_over, real_titles

DOCUMENTS = (
    ("谯城区城乡居民基本医疗保险实施办法", "参保人员凭电子凭证就医。"),
    ("住房公积金提取管理办法", ""),
    ("困难群众兜底保障工作方案", "做好低保和特困供养。"),
    ("农村低保提标公告", "低保标准"),
    ("城市低保提标公告", "低保标准"),
    ("关于张丰任职的通知", ""),
    ("谯城区第三批稳岗返还名单公示", ""),
    ("谯城区居民身份证办理指南", "办理时限与收费标准见附表。"),
    ("杭州市对口协作工作方案", "与福州市等地交流。"),
    ("医疗器械经营备案公告", ""),
    ("残疾人证换领公告", ""),
)


@pytest.fixture(scope="module")
def lookup(tmp_path_factory) -> TitleLookup:
    return lookup_over(tmp_path_factory.mktemp("titles") / "index", DOCUMENTS)


@pytest.fixture(scope="module")
def real(tmp_path_factory, shared_data) -> TitleLookup:
    return lookup_over(tmp_path_factory.mktemp("real") / "index", real_titles(shared_data))


PUT_RIGHT = (
    ("医疗宝险", "医疗保险", "a character that sounds the same"),
    ("公鸡金", "公积金", "a known word (公鸡) that the texts do not have"),
    ("底保", "低保", "occurs in 兜底保障, but not as a word"),
    ("医疗器戒", "医疗器械", "a wrong character"),
    ("残人证", "残疾人证", "a missing character"),
    ("公积积金", "公积金", "a character too many"),
    ("公积提金取", "公积金提取", "two characters exchanged"),
    ("城乡居民基本医疗保险实失办发", "城乡居民基本医疗保险实施办法", "two mistakes in a long text"),
    ("gongjijin", "公积金", "pinyin for a word"),
    ("gongjijin 提取", "公积金 提取", "pinyin for one word of two"),
    ("公积金 提曲", "公积金 提取", "the wrong one of two words only"),
    ("居民身分证办理", "居民身份证办理", "an old spelling"),
    ("住房公鸡金（提取）", "住房公积金（提取）", "punctuation stays"),
)


@pytest.mark.parametrize(("typed", "expected", "why"), PUT_RIGHT)
def test_a_mistake_is_put_right(lookup, typed, expected, why):
    offered = correction(SearchQuery(typed), lookup=lookup)
    assert offered is not None, why
    assert offered.text == expected, why


LEFT_ALONE = (
    ("医疗保险", "stands in a title"),
    ("电子凭证", "stands in a text"),
    ("兜底保障", "stands in a title"),
    ("居民医疗保险", "not as written, but nothing is wrong with it"),
    ("谯政办〔2025〕1号", "a document number"),
    ("谯征办〔2025〕1号 公积金", "a document number beside a word"),
    ("11341602MB15/202501-00012", "an index number"),
    ('"医疗宝险"', "quoted: meant as it is"),
    ("“医疗宝险”", "quoted: meant as it is"),
    ("张伟任职", "another person"),
    ("谯城区第二批稳岗返还名单公示", "another document"),
    ("福州市对口协作工作方案", "福州 is known to the texts, not 杭州 mistyped"),
    ("福州市", "福州 is a word, not 杭州 mistyped"),
    ("app", "no pinyin"),
    ("12345", "a telephone number"),
    ("怎样申请低保", "a question of its own"),
    ("收费标准与办理时限", "known words in another order"),
    ("保", "one character"),
    ("", "nothing"),
)


@pytest.mark.parametrize(("typed", "why"), LEFT_ALONE)
def test_what_is_right_is_left_alone(lookup, typed, why):
    assert correction(SearchQuery(typed), lookup=lookup) is None, why


def test_what_was_changed_is_marked(lookup):
    offered = correction(SearchQuery("gongjijin 提曲"), lookup=lookup)
    assert offered is not None
    assert offered.segments == (("公积金", True), (" 提", False), ("取", True))


def test_a_reader_on_a_later_page_is_not_asked(lookup):
    query = SearchQuery("公积金 提曲", limit=1, offset=1)
    results = lookup.engine.search(SearchQuery("公积金", limit=1))
    assert correction(query, results, lookup=lookup) is None


# --- real titles, mistyped with a seed ---------------------------------------------------------------------------------
PARTS = (Part.TITLE, Part.TOPIC, Part.PHRASE)
RATES = (
    (Mistake.HOMOPHONE, 0.97),
    (Mistake.WRONG, 0.86),
    (Mistake.MISSING, 0.85),
    (Mistake.EXTRA, 0.92),
    (Mistake.EXCHANGED, 0.97),
)


@pytest.mark.parametrize(("mistake", "least"), RATES)
def test_most_mistakes_in_real_titles_are_put_right(real, shared_data, mistake, least):
    tally = corrected(Typist(real_titles(shared_data), seed=5).mistakes(150, mistake, PARTS), real)
    print(mistake, tally.rate, tally.others[:10])
    assert tally.rate >= least


def test_nine_in_ten_homophones_and_wrong_characters_in_titles_are_put_right(real, shared_data):
    typist = Typist(real_titles(shared_data), seed=8)
    pairs = [pair for mistake in (Mistake.HOMOPHONE, Mistake.WRONG) for pair in typist.mistakes(150, mistake, PARTS)]
    tally = corrected(pairs, real)
    print(tally.rate, tally.others[:10])
    assert tally.rate >= 0.92


def test_nothing_is_offered_for_what_stands_in_real_titles(real, shared_data):
    typist = Typist(real_titles(shared_data), seed=6)
    tally = needless([typist.query(part) for part in Part for _ in range(75)], real)
    assert (tally.asked, tally.others) == (300, [])
