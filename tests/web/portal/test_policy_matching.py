"""政策匹配 without script: judged in one request, said clause by clause, kept nowhere."""

import logging

import pytest
from django.apps import apps
from django.utils import timezone

from gongkai.policies.models import CardState, PolicyCard
from tests import factories

pytestmark = pytest.mark.django_db
SENTENCE = "年满六十周岁的老年人可以免费乘车。"
CLAUSES = [
    {"field": "age", "operator": "at_least", "values": [60], "source": SENTENCE, "required": True, "margin": 1},
    {
        "field": "household_here",
        "operator": "is",
        "values": [True],
        "source": "本区户籍。",
        "required": True,
        "margin": 0,
    },
]


@pytest.fixture
def card():
    item = factories.published(factories.body(), title="关于老年人乘车的通知")
    return PolicyCard.objects.create(
        item=item,
        state=CardState.PUBLISHED,
        who_may_benefit="六十周岁以上",
        what_is_given="免费乘车",
        how_to_apply="带身份证办卡",
        until_note="长期有效",
        contact="区交通局",
        phone="0558-0000000",
        conditions={"party": "person", "clauses": CLAUSES},
        prepared_at=timezone.now(),
        published_at=timezone.now(),
    )


ADDRESS = "/policy-matching/person/"
JUDGED = [
    ({"age": "60", "household_here": "true"}, "met", "符合：年龄不低于 60 周岁（您填写 60 周岁）", "all met"),
    (
        {"age": "59", "household_here": "true"},
        "nearly",
        "相差不多：年龄不低于 60 周岁（您填写 59 周岁）",
        "a year short",
    ),
    ({"age": "40", "household_here": "true"}, "not_met", "不符合：年龄不低于 60 周岁（您填写 40 周岁）", "too young"),
    ({"age": "70", "household_here": "false"}, "not_met", "不符合：本区户籍：是（您选择“否”）", "from elsewhere"),
    ({"age": "70"}, "open", "还需回答：本区户籍：是（您没有回答）", "one question open"),
    ({}, "open", "还需回答：年龄不低于 60 周岁（您没有回答）", "nothing said"),
]


@pytest.mark.parametrize(("typed", "verdict", "words", "why"), JUDGED, ids=[row[-1] for row in JUDGED])
def test_every_answer_names_the_clause_that_decides(client, card, typed, verdict, words, why):
    answer = client.post(ADDRESS, typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    group = page.split(f'data-verdict="{verdict}"')[1].split("</section>")[0]
    assert words in group
    assert "免费乘车" in group
    assert f"/items/{card.item_id}/#full-text:~:text=" in group


WRONG = [
    ({"age": "很老"}, "年龄"),
    ({"age": "-3"}, "年龄"),
    ({"household_here": "maybe"}, "本区户籍"),
    ({"age": "9" * 40}, "年龄"),
]


@pytest.mark.parametrize(("typed", "label"), WRONG, ids=[str(row[0]) for row in WRONG])
def test_what_cannot_be_read_is_named_and_everything_typed_is_kept(client, card, typed, label):
    answer = client.post(ADDRESS, {"household_here": "true", **typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"“{label}”的回答不能识别" in page
    if "age" in typed:
        assert f'value="{typed["age"]}"' in page
        assert 'name="household_here" value="true" checked' in page


def test_a_question_with_several_choices_that_nobody_touched_stays_open(client, card):
    clause = {
        "field": "situations",
        "operator": "is",
        "values": ["veteran"],
        "source": "退役军人。",
        "required": True,
        "margin": 0,
    }
    PolicyCard.objects.update(conditions={"party": "person", "clauses": [clause]})
    words = {
        (): "还需回答：就业身份是 退役军人（您没有回答）",
        ("-",): "您都没有选择",
        ("veteran",): "您选择“退役军人”",
    }
    for ticked, said in words.items():
        assert said in client.post(ADDRESS, {"situations": list(ticked)}).content.decode()


def test_nothing_is_written_or_logged(client, card, caplog):
    before = {model: model._default_manager.count() for model in apps.get_models()}
    with caplog.at_level(logging.DEBUG):
        client.post(ADDRESS, {"age": "61", "household_here": "true"})
    assert {model: model._default_manager.count() for model in apps.get_models()} == before
    said = [r.getMessage() for r in caplog.records if r.name != "django.db.backends"]
    assert not any("household_here" in one for one in said)


def test_a_card_taken_back_and_a_party_there_is_not(client, card):
    assert client.get("/policy-matching/planet/").status_code == 404
    PolicyCard.objects.update(state=CardState.SUPERSEDED)
    assert "暂无可以匹配的政策" in client.get(ADDRESS).content.decode()


def test_the_first_page_leads_to_both_parties(client):
    page = client.get("/policy-matching/").content.decode()
    assert "/policy-matching/person/" in page
    assert "/policy-matching/enterprise/" in page
