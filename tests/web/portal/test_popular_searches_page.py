"""热门搜索 and 最近搜索 on the pages, and the page that explains the formula."""

import re

import pytest
from django.utils import timezone

from gongkai.search_log.popular import compute
from tests import factories


@pytest.fixture
def popular(district):
    factories.searched("医疗保险", networks=9, searchers=12)
    factories.searched("公租房<申请>", networks=6)
    compute(timezone.now())


@pytest.mark.parametrize("address", ["/", "/search/", "/search/?q=量子纠缠核聚变"])
def test_they_stand_under_the_search_box_and_where_nothing_was_found(client, popular, address):
    page = client.get(address).text
    first = page.index('aria-label="热门搜索"')
    assert first > page.index('role="search"')
    links = re.findall(r'<a href="(/search/\?q=[^"]+)" rel="nofollow">([^<]+)</a>', page[first:])
    assert [text for _, text in links][:2] == ["医疗保险", "公租房&lt;申请&gt;"]
    assert all("via=popular" in href for href, _ in links[:2]), (
        "a click on a popular search must not make it more popular"
    )
    assert ("大家还在搜" in page) is ("量子" in address)


def test_links_keep_the_elder_mode(client, popular):
    page = client.get("/search/?v=elder").text
    assert re.search(r'href="/search/\?q=[^"]+v=elder" rel="nofollow">医疗保险', page)


def test_without_any_popular_search_there_is_no_empty_box(client, district):
    assert "热门搜索" not in client.get("/").text


def test_recent_searches_are_there_for_the_script_alone_and_hidden_without_it(client, district):
    for address in ("/", "/search/"):
        page = client.get(address).text
        assert re.search(r"<div[^>]*data-recent [^>]*hidden>", page)
        assert page.count("recent.js") == 1
    assert "recent.js" not in client.get("/policy-library/").text


def test_the_explanation_shows_formula_thresholds_and_the_present_figures(client, popular):
    factories.searched("狗官", networks=7)
    compute(timezone.now())
    page = client.get("/search/popular/").text
    for said in (
        "最近 14 天",
        "距今天数 ÷ 3",
        "5 个以上不同网段",
        "一分钟内超过 10 次",
        "医疗保险",
        "12.0",
        "用语不文明 1 个",
    ):
        assert said in page, said
    assert "狗官" not in page


def test_the_explanation_of_an_empty_list_says_so(client, district):
    assert "目前没有达到列出条件的词" in client.get("/search/popular/").text
