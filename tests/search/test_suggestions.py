"""Suggestions while typing: from titles by characters, pinyin and initials, and from names and popular queries."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from gongkai.search import suggestion_sources
from gongkai.search.documents import SearchDocument
from gongkai.search.suggestions import suggest
from gongkai.search.title_fields import suggest_key
from gongkai.search.title_lookup import TitleLookup
from gongkai.text.pinyin import readings
from gongkai.text.titles import compact
from tests.search.titles import SINCE, lookup_over, real_titles

TITLES = (
    "亳州市谯城区人民政府办公室关于印发《谯城区城乡居民基本医疗保险实施办法》的通知",
    "谯城区医疗救助实施细则",
    "谯城区医疗机构设置规划",
    "关于调整医疗机构服务价格的通知",
    "住房公积金提取管理办法",
    "重庆路改造工程公告",
    "中国银行谯城支行基本情况",
    "长辈版网站建设方案",
    "2025年度“双随机、一公开”抽查计划",
    ("办事指南", "失业保险金申领条件"),
)


@pytest.fixture(autouse=True)
def _no_names(settings) -> None:
    settings.GONGKAI_SUGGESTION_SOURCES = ()


@pytest.fixture(scope="module")
def lookup(tmp_path_factory) -> TitleLookup:
    return lookup_over(tmp_path_factory.mktemp("titles") / "index", TITLES)


@pytest.fixture(scope="module")
def real(tmp_path_factory, shared_data) -> TitleLookup:
    return lookup_over(tmp_path_factory.mktemp("real") / "index", real_titles(shared_data))


SUGGESTED = (
    ("医疗", "谯城区医疗救助实施细则", "a word inside the topic"),
    ("yiliao", "谯城区医疗救助实施细则", "pinyin"),
    ("yljz", "谯城区医疗救助实施细则", "initials"),
    ("医liao", "谯城区医疗救助实施细则", "characters and pinyin"),
    ("医ljz", "谯城区医疗救助实施细则", "a character and initials"),
    ("医疗保", "谯城区城乡居民基本医疗保险实施办法", "what is issued, not the letter"),
    ("医保", "谯城区城乡居民基本医疗保险实施办法", "an abbreviation of two words"),
    ("yibao", "谯城区城乡居民基本医疗保险实施办法", "an abbreviation in pinyin"),
    ("gongjijin", "住房公积金提取管理办法", "pinyin of a word"),
    ("gjj", "住房公积金提取管理办法", "initials of a word"),
    ("积金", "住房公积金提取管理办法", "characters inside a word, when nothing else is found"),
    ("chongqing", "重庆路改造工程公告", "重 as in 重庆"),
    ("yinhang", "中国银行谯城支行基本情况", "行 as in 银行"),
    ("zhangbei", "长辈版网站建设方案", "长 as in 长辈"),
    ("公积金 tiqu", "住房公积金提取管理办法", "the last of two words is completed"),
    ("双随机一公开", "“双随机、一公开”抽查计划", "punctuation is not typed"),
    ("sybx", "失业保险", "a term of the dictionary that stands in a text, in no title"),
    ("ssjygk", "“双随机、一公开”抽查计划", "nor are its initials"),
)


@pytest.mark.parametrize(("typed", "expected", "why"), SUGGESTED)
def test_what_is_typed_brings_the_topic(lookup, typed, expected, why):
    assert expected in [one.text for one in suggest(typed, lookup=lookup)], why


@pytest.mark.parametrize("typed", ["", "  ", "，。", "vvv", "zzzzzz", "䶮䶮"])
def test_nothing_comes_of_nothing(lookup, typed):
    assert suggest(typed, lookup=lookup) == ()


def test_a_word_that_several_titles_go_on_with_comes_first(lookup):
    assert suggest("医", lookup=lookup)[1].text == "医疗机构"


def test_what_was_typed_is_marked(lookup):
    assert suggest("yljz", lookup=lookup)[0].segments == (("谯城区", False), ("医疗救助", True), ("实施细则", False))


def test_each_suggestion_comes_once_and_never_what_is_typed(lookup):
    found = [one.text for one in suggest("医疗机构", lookup=lookup)]
    assert "医疗机构" not in found
    assert len(found) == len(set(found))


def test_there_are_at_most_as_many_as_wanted(real):
    assert len(suggest("z", lookup=real)) == 10
    assert len(suggest("浙江", 3, lookup=real)) == 3


def test_a_very_long_text_is_read_in_its_beginning(lookup):
    assert suggest("医疗" * 500, lookup=lookup) == ()


@pytest.mark.parametrize(
    ("changes", "expected", "why"),
    [
        ({}, 1, "the newer first"),
        ({"kind": "policy_document"}, 0, "a policy document before a notice a little newer"),
        ({"kind": "policy_document", "validity": "repealed"}, 1, "what is repealed last"),
    ],
)
def test_the_order_is_by_time_kind_and_validity(changes, expected, why):
    old = SearchDocument(**{"id": 1, "kind": "notice", "title": "甲", "published_at": SINCE} | changes)
    new = SearchDocument(2, "notice", "乙", published_at=SINCE.replace(month=3))
    assert [suggest_key(old), suggest_key(new)].index(max(suggest_key(old), suggest_key(new))) == expected, why


# --- names and popular queries -----------------------------------------------------------------------------------------
def popular() -> Iterator[str]:
    """A source as another part of the product would give it."""
    yield from ("医疗费用报销", "居住证办理", "怎样办理居住证", "字", "超" * 31)


def test_popular_queries_come_before_titles(lookup, settings):
    settings.GONGKAI_SUGGESTION_SOURCES = ("tests.search.test_suggestions.popular",)
    assert suggest("yiliao", lookup=lookup)[0].text == "医疗费用报销"


def test_a_query_with_the_word_inside_comes_after_those_that_begin_with_it(lookup, settings):
    settings.GONGKAI_SUGGESTION_SOURCES = ("tests.search.test_suggestions.popular",)
    assert [one.text for one in suggest("居住", lookup=lookup)] == ["居住证办理", "怎样办理居住证"]


def test_texts_nobody_would_type_are_left_out_of_a_source(settings):
    settings.GONGKAI_SUGGESTION_SOURCES = ("tests.search.test_suggestions.popular",)
    assert suggestion_sources.texts() == (("医疗费用报销", "居住证办理", "怎样办理居住证"),)


# --- real titles -------------------------------------------------------------------------------------------------------
def test_a_title_typed_in_pinyin_or_initials_is_among_the_first_ten(real, shared_data):
    titles = [title for title in real_titles(shared_data) if compact(title).isalpha() and not compact(title).isascii()]
    chosen = random.Random(11).sample([title for title in titles if len(title) <= 30], 50)
    spellings = {
        "pinyin": lambda text: "".join(readings(char)[0] for char in text),
        "initials": lambda text: "".join(readings(char)[0][0] for char in text),
    }
    rates = {}
    for name, spell in spellings.items():
        found = 0
        for title in chosen:
            text = compact(title)
            if all(readings(char) for char in text):
                offered = [compact(one.text) for one in suggest(spell(text), lookup=real)]
                found += any(one in text for one in offered)
        rates[name] = found / len(chosen)
    print(rates)
    assert rates["pinyin"] >= 0.96
    assert rates["initials"] >= 0.96
