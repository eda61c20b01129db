"""相关搜索: made of the titles found and of popular queries, and never nonsense."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gongkai.search import SearchQuery
from gongkai.search.related import related
from gongkai.search.results import Hit, SearchResults

FOUND = SearchResults((Hit(1, 1.0, 1),), 1, {}, None)
NOTHING = SearchResults((), 0, {}, None)
TITLES = (
    "谯城区城乡居民医疗保险与大病保险实施办法",
    "关于医疗保险异地就医有关事项的通知",
    "医疗保险缴费指南",
    "农民专业合作社条例",
    "关于印发《医疗保险基金监督管理办法》的通知",
)


@pytest.fixture(autouse=True)
def _no_names(settings) -> None:
    settings.GONGKAI_SUGGESTION_SOURCES = ()


def popular() -> Iterator[str]:
    """A source as another part of the product would give it."""
    yield from ("医疗保险报销比例", "居住证办理", "医疗保险")


def test_terms_of_other_titles_and_short_topics_are_offered():
    assert related(SearchQuery("医疗保险"), FOUND, TITLES) == (
        "大病保险",
        "异地就医",
        "医疗保险缴费指南",
        "医疗保险基金监督管理办法",
    )


def test_titles_without_a_word_of_the_question_are_about_something_else():
    assert "农民专业合作社条例" not in related(SearchQuery("医疗保险"), FOUND, TITLES)


def test_popular_queries_that_share_a_word_come_first(settings):
    settings.GONGKAI_SUGGESTION_SOURCES = ("tests.search.test_related.popular",)
    offered = related(SearchQuery("医疗保险"), FOUND, TITLES)
    assert offered[0] == "医疗保险报销比例"
    assert "居住证办理" not in offered


def test_the_question_itself_is_not_offered():
    assert related(SearchQuery("医疗保险缴费指南"), FOUND, ["医疗保险缴费指南"]) == ()


def test_there_are_at_most_eight():
    titles = [
        f"医疗保险{name}办法" for name in ("甲类", "乙类", "丙类", "丁类", "一次", "二次", "三次", "四次", "五次")
    ]
    assert len(related(SearchQuery("医疗保险"), FOUND, titles)) == 8


@pytest.mark.parametrize(("text", "results"), [("", FOUND), ("医疗保险", NOTHING)])
def test_nothing_is_offered_where_nothing_was_asked_or_found(text, results):
    assert related(SearchQuery(text), results, TITLES) == ()
