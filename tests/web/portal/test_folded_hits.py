"""一站搜 by policy: interpretations, answers and questions stand under the document they belong to, and nothing is lost or counted twice."""

import itertools
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongkai.disclosure.models import Edition, Item
from gongkai.policies.folding import NAMED, Group, folded
from gongkai.policies.models import CardState, PolicyCard
from gongkai.rules.publication import State
from gongkai.rules.relations import RelationKind
from tests import factories

WORD = "租房补贴"


@pytest.fixture
def told(db, index):
    """A document with an interpretation, a 图解 that does not have the word, a foreign interpretation, and a document apart."""
    body = factories.body()
    policy = factories.published(body, title=f"关于{WORD}发放的通知")
    words = factories.published(body, kind="interpretation", title=f"{WORD}政策解读", body=f"<p>{WORD}怎么领。</p>")
    picture = factories.published(body, kind="interpretation", title="一图看懂")
    lonely = factories.published(body, kind="interpretation", title=f"另一项{WORD}问答")
    elsewhere = factories.published(body, title="关于安居工程的意见")
    for source, target in ((words, policy), (picture, policy), (lonely, elsewhere)):
        factories.relation(source, RelationKind.INTERPRETS, target)
    for item, tag in ((policy, "benefit.person"), (picture, "form.infographic"), (lonely, "form.questions")):
        Item.objects.filter(pk=item.pk).update(tags=[tag])
    index()
    return {"policy": policy, "words": words, "picture": picture, "lonely": lonely, "elsewhere": elsewhere}


def _heads(text: str) -> list[str]:
    return re.findall(r'<h3><a href="/items/(\d+)/', text)


def _members(text: str) -> list[str]:
    return re.findall(r'<h4><a href="/items/(\d+)/', text)


def test_an_interpretation_stands_under_its_document_which_names_what_else_explains_it(client, told):
    page = client.get("/search/", {"q": WORD})
    assert set(_heads(page.text)) == {str(told["policy"].pk), str(told["lonely"].pk)}
    assert _members(page.text) == [str(told["words"].pk)]
    assert "共 3 条" in page.text
    assert "本页 3 条结果按政策归并为 2 组" in page.text
    tie = re.search(r'<p class="hit-ties">政策图解：<a href="/items/(\d+)/">一图看懂</a></p>', page.text)
    assert tie and int(tie[1]) == told["picture"].pk


def test_an_interpretation_found_alone_names_the_document_it_explains(client, told):
    page = client.get("/search/", {"q": WORD})
    assert f'解读的文件：<a href="/items/{told["elsewhere"].pk}/">关于安居工程的意见</a>' in page.text


def test_every_hit_is_there_once_with_and_without_folding(client, told):
    folded_page = client.get("/search/", {"q": WORD})
    flat = client.get("/search/", {"q": WORD, "fold": "0"})
    assert sorted(_heads(flat.text)) == sorted(_heads(folded_page.text) + _members(folded_page.text))
    assert _members(flat.text) == []
    assert "按政策归并显示" in flat.text


@pytest.mark.parametrize("more", [{"sort": "newest"}, {"group": "interpretation"}, {"kind": "interpretation"}])
def test_by_time_and_within_one_kind_nothing_is_folded(client, told, more):
    page = client.get("/search/", {"q": WORD, **more})
    assert _heads(page.text)
    assert _members(page.text) == []
    assert "归并" not in page.text


def test_what_is_not_public_is_neither_named_nor_a_head(client, told, index):
    hidden = [told["picture"].pk, told["elsewhere"].pk]
    Edition.objects.filter(item_id__in=hidden).update(state=State.WITHDRAWN.value)
    Item.objects.filter(pk__in=hidden).update(state=State.WITHDRAWN.value)
    index()
    page = client.get("/search/", {"q": WORD})
    assert "一图看懂" not in page.text
    assert "安居工程" not in page.text


def test_the_policy_card_answers_in_the_list_and_a_closed_one_says_so(client, told, settings):
    settings.GONGKAI_PAGE_CACHE = False
    card = PolicyCard.objects.create(
        item=told["policy"],
        number=1,
        state=CardState.PUBLISHED,
        who_may_benefit="新就业无房职工",
        what_is_given="每月 500 元",
        until=date(2020, 1, 31),
        prepared_at=timezone.now(),
    )
    page = client.get("/search/", {"q": WORD})
    line = re.search(r'<p class="hit-card">.*?</p>', page.text)[0]
    assert "新就业无房职工" in line
    assert "每月 500 元" in line
    assert "已截止" in line
    assert f"/items/{told['policy'].pk}/#policy-card" in line
    PolicyCard.objects.filter(pk=card.pk).update(state=CardState.DRAFT)
    assert "hit-card" not in client.get("/search/", {"q": WORD}).text


def test_the_matters_of_a_policy_are_named_in_the_list_and_a_closed_one_says_so(client, told, settings):
    settings.GONGKAI_PAGE_CACHE = False
    for matter, name in enumerate(("租金补贴", "购房补助", "装修补助", "搬家补助"), 1):
        PolicyCard.objects.create(
            item=told["policy"], matter=matter, matter_name=name, state=CardState.PUBLISHED, what_is_given=f"给{matter}",
            until=date(2020, 1, 31) if matter == 2 else None, prepared_at=timezone.now(),
        )  # fmt: skip
    line = re.search(r'<p class="hit-card">.*?</p>', client.get("/search/", {"q": WORD}).text)[0]
    assert "政策卡片 4 项" in line
    shown = re.findall(r"<b>(.*?)</b>( <span class=\"badge\">已截止</span>)? (给\d)", line)
    assert [(name, bool(closed), given) for name, closed, given in shown] == [
        ("租金补贴", False, "给1"),
        ("购房补助", True, "给2"),
        ("装修补助", False, "给3"),
    ]


def test_the_page_stays_within_eight_queries(client, told, settings):
    settings.GONGKAI_PAGE_CACHE = False
    client.get("/search/", {"q": WORD})
    with CaptureQueriesContext(connection) as captured:
        client.get("/search/", {"q": WORD})
    assert len(captured) <= 8, "\n".join(query["sql"][:200] for query in captured)


# --- the rule ----------------------------------------------------------------------------------------------------------
def _items(count: int):
    body = factories.body()
    return [item.pk for item in factories.published_many(body, count)]


def test_a_group_stands_at_the_place_of_its_best_hit(db):
    first, answer, document = _items(3)
    _tie(answer, document)
    assert [group.head for group in folded([answer, first, document])] == [document, first]


def test_a_hit_of_two_documents_goes_under_the_better_one_and_a_chain_under_its_end(db):
    one, other, between, last = _items(4)
    _tie(between, other)
    _tie(between, one)
    _tie(last, between)
    assert folded([last, one, between, other])[0] == Group(one, (last, between))


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_circle_of_relations_loses_no_hit(db, order):
    ids = _items(3)
    for source, target in ((0, 1), (1, 2), (2, 0)):
        _tie(ids[source], ids[target])
    hits = [ids[place] for place in order]
    groups = folded(hits)
    assert sorted(pk for group in groups for pk in (group.head, *group.members)) == sorted(hits)
    assert len(groups) == 1


def test_more_than_three_others_are_counted_and_the_newest_named(db):
    document, *others = _items(NAMED + 3)
    for one in others:
        _tie(one, document)
    (group,) = folded([document])
    (found,) = group.others
    assert (found.sort, found.count) == ("文件解读", len(others))
    assert [tied.id for tied in found.named] == sorted(others, reverse=True)[:NAMED]


def test_no_hits_ask_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert folded([]) == []


def _tie(source: int, target: int) -> None:
    factories.relation(Item.objects.get(pk=source), RelationKind.INTERPRETS, Item.objects.get(pk=target))
