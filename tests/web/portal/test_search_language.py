"""The search page and the query language: pasted addresses, what was understood, the help page, changes of the dictionary."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.disclosure.models import LegacyAddress
from gongkai.rules.access import Actor, Role
from gongkai.search.dictionaries import SYNONYMS, EntryState
from gongkai.search.dictionary_actions import Change, change_dictionary
from gongkai.web.portal.search_help import SECTIONS


@pytest.fixture
def client() -> Client:
    return Client()


def titles(answer) -> list[str]:
    page = answer.content.decode()
    found = re.findall(r"<li>\s*<h3><a [^>]*>(.*?)</a>", page, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", title) for title in found]


@pytest.mark.parametrize(
    "spelling",
    [
        "http://testserver/items/{pk}/",
        "https://testserver/items/{pk}/?v=elder#top",
        "http://testserver/items/{pk}",
        "/items/{pk}/",
        "http://testserver/items/{pk}/document.pdf",
        "请看 http://testserver/items/{pk}/ 谢谢",
        "http://old.example.gov.cn/XxgkContent/show/77.html",
        "http://old.example.gov.cn/XxgkContent/show/77.html?from=weixin",
    ],
)
def test_a_pasted_address_of_an_item_finds_it_first(client, district, spelling):
    item = district.documents[4]
    LegacyAddress.objects.create(
        url="http://old.example.gov.cn/XxgkContent/show/77.html", path="/XxgkContent/show/77.html", item=item
    )
    answer = client.get("/search/", {"q": spelling.format(pk=item.pk)})
    assert titles(answer)[0] == item.current.title


@pytest.mark.parametrize(
    "address",
    [
        "https://www.example.com/a/b.html",
        "http://testserver/organisations/jyj/",
        "http://[::1",
        "https://other.example/items/1/",
    ],
)
def test_an_address_that_names_nothing_of_ours_is_answered_with_a_hint(client, district, address):
    answer = client.get("/search/", {"q": address})
    assert answer.status_code == 200
    assert titles(answer) == []
    assert "在本站没有对应的信息" in answer.content.decode()


def test_an_index_number_finds_its_item(client, district):
    item = district.documents[2]
    for typed in (item.index_number, item.index_number.lower(), item.index_number.replace("/", " / ")):
        assert titles(client.get("/search/", {"q": typed}))[0] == item.current.title


def test_what_was_understood_is_shown_with_a_way_to_switch_it_off(client, district):
    page = client.get("/search/", {"q": "低保 去年"}).content.decode()
    assert "含同义词：低保 = 最低生活保障" in page and "exact=1" in page
    assert "发布日期：" in page
    off = client.get("/search/", {"q": "低保", "exact": "1"}).content.decode()
    assert "只按原词检索" in off and "含同义词：" not in off


def test_a_text_that_is_too_long_is_not_cut_in_silence(client, district):
    assert "只按前200个字检索" in client.get("/search/", {"q": "医保" * 150}).content.decode()


def test_a_change_of_the_dictionary_shows_on_the_next_page(client, district, django_capture_on_commit_callbacks):
    assert titles(client.get("/search/?q=琅嬛币")) == []
    with django_capture_on_commit_callbacks(execute=True):
        change_dictionary(
            actor=Actor(1, "李四", {1: frozenset({Role.ADMINISTRATOR})}),
            dictionary=SYNONYMS,
            changes=[Change("琅嬛币", EntryState("everyday", ("琅嬛币", "医疗保险")))],
            reason="试一试",
        )
    assert titles(client.get("/search/?q=琅嬛币")) == [district.documents[4].current.title]


def test_the_help_page_explains_every_example_with_a_link_that_works(client, district):
    page = client.get(reverse("portal:search-help")).content.decode()
    for _, examples in SECTIONS:
        for example in examples:
            assert example.read in page
            assert client.get("/search/", {"q": example.typed}).status_code == 200
    assert page.count("/search/?q=") >= sum(len(examples) for _, examples in SECTIONS)
