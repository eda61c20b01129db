"""专题 on the site: every kind of block, within the queries, archived with a ribbon, and never a draft."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongkai.search import SearchUnavailable
from tests import factories


def blocks_of(district) -> list[dict]:
    notice = district.interpretation.pk
    query = {"filters": {"kind": ["policy_document"]}, "sort": "newest"}
    figure = {
        "label": "参保人数",
        "number": "1,200",
        "unit": "人",
        "source": "区医保局",
        "day": "2026-06-30",
        "item": notice,
    }
    return [
        {"kind": "text", "heading": "", "text": "x", "html": "<p>说明文字</p><table><tr><td>12</td></tr></table>"},
        {"kind": "query", "heading": "最新政策", "address": "/policy-library/?subject=02", "query": query, "limit": "2"},
        {"kind": "query", "heading": "全部解读", "address": "/policy-library/", "query": {"filters": {"kind": ["interpretation"]}}, "limit": "5"},
        {"kind": "items", "heading": "重点文件", "items": [district.documents[1].pk, district.documents[4].pk]},
        {"kind": "figures", "heading": "成效数据", "rows": [figure, {**figure, "label": "金额", "unit": "", "item": None}]},
        {"kind": "timeline", "heading": "工作进展", "rows": [{"day": "2026-01-05", "words": "启动参保", "item": notice}]},
    ]  # fmt: skip


@pytest.fixture
def topic(district):
    return factories.topic(district.bureau, slug="can-bao", blocks=blocks_of(district), summary="参保一站查")


def test_a_topic_shows_its_blocks_within_the_queries(client, district, topic):
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/topics/can-bao/")
    assert page.status_code == 200
    assert len(queries) <= 8, [query["sql"][:120] for query in queries]
    assert not page.cookies
    text = page.text
    for words in ("参保一站查", "说明文字", "1,200", "区医保局", "启动参保", "《参保缴费通知》政策解读"):
        assert words in text, words
    assert re.search(r'href="/policy-library/\?subject=02">全部 5 条', text)
    assert text.count(f'href="/items/{district.interpretation.pk}/"') == 3, "list, figure, timeline"
    assert "本专题已归档" not in text and "noindex" not in text


def test_links_stay_in_elder_mode(client, topic):
    text = client.get("/topics/can-bao/?v=elder").text
    assert 'href="/policy-library/?subject=02&amp;v=elder"' in text


def test_an_archived_topic_says_so_and_stays(client, topic):
    topic.state, topic.archived_at = "archived", timezone.now()
    topic.save()
    page = client.get("/topics/can-bao/")
    assert page.status_code == 200 and "本专题已归档" in page.text and "1,200" in page.text
    overview = client.get("/topics/").text
    assert overview.index("已归档") < overview.index("/topics/can-bao/")


def test_what_is_only_written_is_not_public(client, topic, district):
    topic.draft_title, topic.draft_blocks = (
        "未发布的名称",
        [{"kind": "text", "heading": "", "html": "<p>未发布的文字</p>"}],
    )
    topic.save()
    factories.topic(district.bureau, "draft", slug="cao-gao")
    assert client.get("/topics/cao-gao/").status_code == 404
    for address in ("/topics/can-bao/", "/topics/"):
        assert "未发布" not in client.get(address).text
    assert "cao-gao" not in client.get("/topics/").text


def test_without_search_the_rest_of_the_topic_is_there(client, topic, monkeypatch):
    def away(query):
        raise SearchUnavailable("test")

    monkeypatch.setattr("gongkai.policies.topics.search", away)
    text = client.get("/topics/can-bao/").text
    assert text.count("检索服务暂时不可用，正在恢复，请稍后刷新。") == 2
    assert "启动参保" in text


@pytest.mark.parametrize(
    ("text", "found", "why"),
    [
        ("招生", ["招生入学专题", "往年招生专题"], "one word, the archived one last"),
        ("入学 招生", ["招生入学专题"], "all words, in any order"),
        ("义务教育招生", ["招生入学专题"], "words of the summary count"),
        ("招生 养老", [], "a word neither has"),
        ("", [], "nothing asked"),
        ("？", [], "nothing but a sign"),
        ("草稿", [], "a draft is nobody's"),
    ],
)
def test_a_search_names_the_topics_about_it(client, db, index, text, found, why):
    body = factories.body()
    archived = {"title": "往年招生专题", "state": "archived"}
    for more in (archived, {"title": "招生入学专题", "summary": "义务教育"}, {"title": "草稿招生", "state": "draft"}):
        factories.topic(body, **more)
    index()
    page = client.get("/search/", {"q": text}).text
    line = page.partition("相关专题：")[2].partition("</p>")[0]
    assert re.findall(r'<a href="/topics/[\w-]+/">([^<]+)</a>', line) == found, why


def test_published_groups_are_listed_beside_the_topics(client, db, index):
    body = factories.body()
    item = factories.published(body)
    shown = factories.policy_group(body, item, title="就业系列", state="published", published_at=timezone.now())
    factories.policy_group(body, item, title="还在编的系列", state="draft")
    page = client.get("/topics/").text
    assert f'<a href="/policy-groups/{shown.pk}/">就业系列</a>' in page
    assert "还在编的系列" not in page
