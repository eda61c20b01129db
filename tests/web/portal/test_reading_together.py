"""链通: a document and its interpretation side by side, and the ways to it from the rail."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.rules.publication import State
from gongkai.rules.relations import RelationKind
from gongkai.rules.tags import Dimension, tag
from tests import factories

pytestmark = pytest.mark.django_db
DOCUMENT = (
    "<p>谯城区测试办法</p><p>第一条　为了测试，制定本办法。</p><p><strong>第二条</strong>　保障对象为&lt;本区&gt;居民。</p>"
    "<p>第二款的话。</p><p>第三条　本办法自发布之日起施行。</p><p>第二条　附件里又有一个第二条。</p>"
)
EXPLAINED = (
    "<h2>保障谁</h2><p>第二条明确保障对象，《民法典》第一条不是。</p><p>见<a href='https://www.gov.cn/'>第三条</a>。</p>"
    "<p>再说第2条，没有第九条。</p>"
)


@pytest.fixture
def pair():
    body = factories.body()
    document = factories.published(body, title="谯城区测试办法", body=DOCUMENT)
    interpretation = factories.published(body, kind="interpretation", title="《谯城区测试办法》解读", body=EXPLAINED)
    factories.relation(interpretation, RelationKind.INTERPRETS, document)
    return document, interpretation


def address(document, interpretation):
    return f"/items/{document.pk}/with/{interpretation.pk}/"


def test_each_article_the_interpretation_names_is_linked_both_ways(client, pair):
    shown = client.get(address(*pair)).text
    assert re.findall(r'id="mention-(\d+)"[^>]*href="#article-(\w+)">([^<]+)<', shown) == [
        ("1", "2", "第二条"),
        ("2", "2", "第2条"),
    ], "not the article of another law, not one that is not there, not inside another link"
    assert re.findall(r'id="article-(\w+)"', shown) == ["2"], "the first of two articles with one number"
    [clause] = re.findall(r'<p id="article-2">(.*?)</p>', shown)
    assert re.findall(r'href="(#mention-\d+)"', clause) == ["#mention-1", "#mention-2"]
    assert "&lt;本区&gt;" in clause, "escaped text stays escaped"


def test_parts_of_a_document_without_articles_are_linked_both_ways(client):
    body = factories.body()
    text = "<p>一、总体要求</p><p>（一）目标。</p><p>二、主要任务</p><p>（一）扩大供给。</p><p>（二）加强监管。</p><p>1.细化分工。</p>"
    explained = "<p>《意见》第二部分第（二）项讲监管，第一部分讲要求，第五部分没有。</p>"
    document = factories.published(body, title="关于促进住房租赁发展的意见", body=text)
    interpretation = factories.published(body, kind="interpretation", title="解读", body=explained)
    factories.relation(interpretation, RelationKind.INTERPRETS, document)
    shown = client.get(address(document, interpretation)).text
    assert re.findall(r'href="#article-([\w-]+)">([^<]+)<', shown) == [
        ("part2-2", "第二部分第（二）项"),
        ("part1", "第一部分"),
    ]
    assert re.findall(r'<p id="article-([\w-]+)">([^<]+)', shown) == [
        ("part1", "一、总体要求"),
        ("part2-2", "（二）加强监管。"),
    ]
    assert "第2部分（2）的解读" in shown


def test_without_named_articles_the_texts_stand_side_by_side_all_the_same(client, pair):
    document, _ = pair
    plain = factories.published(document.organisation, kind="interpretation", body="<p>讲讲这个办法。</p>")
    factories.relation(plain, RelationKind.INTERPRETS, document)
    shown = client.get(address(document, plain)).text
    assert "讲讲这个办法" in shown and "第三条" in shown and "article-" not in shown.split("<main")[1]


def test_only_a_public_pair_has_a_page(client, pair):
    document, interpretation = pair
    stranger = factories.published(document.organisation)
    draft = factories.published(document.organisation, kind="interpretation", state=State.DRAFT)
    factories.relation(draft, RelationKind.INTERPRETS, document)
    wrong = [(document, stranger), (interpretation, document), (document, draft), (document, document)]
    assert [client.get(address(*two)).status_code for two in wrong] == [404] * 4
    assert client.get(f"/items/{10**30}/with/{interpretation.pk}/").status_code == 404


def test_the_page_keeps_to_the_budget_and_sets_no_cookie(client, pair, settings):
    settings.GONGKAI_PAGE_CACHE = False
    client.get(address(*pair))
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address(*pair))
    assert answer.status_code == 200 and len(queries) <= 8 and not answer.cookies


def test_the_rail_groups_interpretations_by_form_and_leads_to_the_pair_from_both_ends(client, pair):
    document, interpretation = pair
    for form, title in (("video", "看视频"), ("infographic", "一图读懂"), ("infographic", "再读一图")):
        made = factories.published(document.organisation, kind="interpretation", title=title)
        made.tags = [tag(Dimension.FORM, form)]
        made.save()
        factories.relation(made, RelationKind.INTERPRETS, document)
    rail = client.get(f"/items/{document.pk}/").text.split('id="relation-interpreted_by"')[1].split("</section>")[0]
    assert re.findall(r'class="form-name">([^<]+)<|/items/\d+/">([^<]+)</a>', rail) == [
        ("政策图解", ""), ("", "一图读懂"), ("", "再读一图"), ("视频解读", ""), ("", "看视频"),
        ("其他解读", ""), ("", "《谯城区测试办法》解读"),
    ]  # fmt: skip
    assert address(document, interpretation) in rail
    assert address(document, interpretation) in client.get(f"/items/{interpretation.pk}/").text
