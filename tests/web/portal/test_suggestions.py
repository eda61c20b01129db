"""Suggestions as JSON, and what the results page offers besides results."""

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.search import SearchUnavailable
from gongkai.web.portal import suggestions
from tests import factories

ADDRESS = reverse("portal:suggestions")


@pytest.fixture
def client(db, index) -> Client:
    """A reader of a site with two documents."""
    body = factories.body(name="谯城区医疗保障局")
    factories.published(body, kind="policy_document", title="谯城区城乡居民基本医疗保险实施办法")
    factories.published(body, kind="policy_document", title="谯城区生育保险缴费办法")
    index()
    return Client()


def texts(answer) -> list[str]:
    return [one["text"] for one in answer.json()["suggestions"]]


@pytest.mark.parametrize("typed", ["基本医疗", "jbyl", "jibenyiliao", "基本yl"])
def test_topics_and_bodies_are_suggested(client, typed):
    assert "谯城区城乡居民基本医疗保险实施办法" in texts(client.get(ADDRESS, {"q": typed}))


def test_a_body_is_suggested_by_its_name(client):
    assert "谯城区医疗保障局" in texts(client.get(ADDRESS, {"q": "医疗保障局"}))


def test_what_was_typed_is_told_from_the_rest(client):
    first = next(one for one in client.get(ADDRESS, {"q": "生育"}).json()["suggestions"] if "address" not in one)
    assert [piece for piece, typed in first["parts"] if typed] == ["生育"]
    assert "".join(piece for piece, _ in first["parts"]) == first["text"]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("生孩", "/interpretations/topic/?person=birth"),
        ("生孩子补贴", "/interpretations/topic/?person=birth"),
        ("注册公", "/interpretations/topic/?enterprise=entry_exit"),
    ],
)
def test_a_stage_of_life_comes_first_with_its_page(client, typed, address):
    first = client.get(ADDRESS, {"q": typed}).json()["suggestions"][0]
    assert first["address"] == address
    assert client.get(address).status_code == 200


def test_one_character_begins_no_stage(client):
    assert not [one for one in client.get(ADDRESS, {"q": "生"}).json()["suggestions"] if "address" in one]


@pytest.mark.parametrize("typed", ["", "   ", "？", "\x00", "'" * 50, "%", "a" * 5000])
def test_odd_texts_get_an_empty_answer(client, typed):
    answer = client.get(ADDRESS, {"q": typed})
    assert (answer.status_code, texts(answer)) == (200, [])


def test_no_cookie_is_set_and_only_reading_is_allowed(client):
    assert not client.get(ADDRESS, {"q": "医疗"}).cookies
    assert client.post(ADDRESS, {"q": "医疗"}).status_code == 405


def test_when_the_index_cannot_answer_nothing_is_suggested_nor_kept(client, monkeypatch):
    def fail(typed: str) -> None:
        raise SearchUnavailable("检索暂停")

    monkeypatch.setattr(suggestions, "suggest", fail)
    answer = client.get(ADDRESS, {"q": "医疗"})
    assert (answer.status_code, texts(answer), answer["Cache-Control"]) == (200, [], "no-store")


def test_what_is_withdrawn_is_not_suggested(client, index):
    item = factories.published(factories.body(), title="谯城区秘密试点方案")
    index()
    assert texts(client.get(ADDRESS, {"q": "秘密试点"})) == ["谯城区秘密试点方案"]
    item.current.state = "withdrawn"
    item.current.save()
    assert texts(client.get(ADDRESS, {"q": "秘密 试点"})) == [], "not even before the index knows"


def test_the_results_page_asks_whether_something_else_was_meant(client):
    page = client.get(reverse("portal:search"), {"q": "医疗宝险"}).content.decode()
    assert "您是不是要找" in page
    assert "医疗<mark>保</mark>险" in page


def test_the_results_page_offers_related_searches(client):
    page = client.get(reverse("portal:search"), {"q": "医疗保险"}).content.decode()
    assert "您是不是要找" not in page
    assert "相关搜索" in page


@pytest.mark.parametrize("address", ["/", "/search/", "/policy-library/", "/information-requests/"])
def test_every_search_box_of_the_portal_suggests(client, address):
    page = client.get(address).content.decode()
    assert page.count('name="q"') == page.count(f'data-suggest="{ADDRESS}"')
    assert "suggest.js" in page
