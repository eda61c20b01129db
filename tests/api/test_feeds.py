"""Feeds: every list has them, they are valid, they show what the page shows, and what was withdrawn is gone from them."""

import re
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import etree

from gongkai.disclosure.models import Edition
from gongkai.rules.publication import State
from gongkai.rules.relations import RelationKind
from gongkai.web.portal.lists import LISTS
from tests import factories
from tests.foi.makers import Desk
from tests.web.portal.test_items import withdraw

ATOM = "{http://www.w3.org/2005/Atom}"
LIST_ADDRESSES = (
    "/",
    "/search/?q=通知",
    "/search/?kind=notice",
    "/interpretations/topic/?person=birth",
    "/enterprise-relief/",
    "/policy-library/",
    "/policy-library/?as-of=2026-04-01&validity=in_force",
    "/policy-library/normative/?status=repealed",
    "/policy-library/in-force-register/",
    "/policy-library/changes/",
    "/policy-library/changes/?tab=new",
    "/policy-library/changes/?tab=expired",
    "/statutory-content/{row}/",
    "/information-requests/answers/",
    "/information-requests/answers/?q=学区&organisation=jyj",
    "/disclosure-rules/",
    "/annual-reports/",
    "/organisations/jyj/",
    "/organisations/jyj/policies/",
    "/organisations/jyj/disclosure-rules/",
    "/organisations/qzfb/annual-reports/",
    "/organisations/jyj/statutory-content/{row}/",
)


# --- what makes a feed valid ---------------------------------------------------------------------------------------------
def moment(text: str) -> datetime:
    """RFC 3339: date, time and offset are all there."""
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text), text
    return datetime.fromisoformat(text)


def checked_atom(content: bytes) -> etree._Element:
    """The feed, after checking the musts of RFC 4287 that can be checked from outside."""
    feed = etree.fromstring(content)
    assert feed.tag == f"{ATOM}feed"
    one_each(feed, "id", "title", "updated")
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"].startswith("http://") and links["alternate"].startswith("http://")
    entries = feed.findall(f"{ATOM}entry")
    for entry in entries:
        one_each(entry, "id", "title", "updated", "published", "summary")
        moment(entry.findtext(f"{ATOM}published"))
        assert moment(entry.findtext(f"{ATOM}updated")) <= moment(feed.findtext(f"{ATOM}updated"))
        assert entry.find(f"{ATOM}author/{ATOM}name").text
        assert [link.get("rel") for link in entry.findall(f"{ATOM}link")] == ["alternate"]
        assert entry.find(f"{ATOM}category").get("term")
    ids = [element.text for element in feed.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids)), "ids are unique (4.1.1)"
    assert all(urlsplit(one).scheme == "tag" for one in ids), "ids are IRIs (4.2.6)"
    return feed


def one_each(element: etree._Element, *names: str) -> None:
    for name in names:
        found = element.findall(f"{ATOM}{name}")
        assert len(found) == 1 and (found[0].text or "").strip(), name


def checked_json(feed: dict) -> dict:
    """The feed, after checking the musts of JSON Feed 1.1."""
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] and feed["home_page_url"].startswith("http") and feed["feed_url"].startswith("http")
    assert isinstance(feed["authors"], list) and feed["authors"][0]["name"]
    for item in feed["items"]:
        assert isinstance(item["id"], str) and item["id"] and item["content_text"]
        moment(item["date_published"]), moment(item["date_modified"])
        assert all(isinstance(tag, str) for tag in item["tags"])
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"])
    return feed


def feed_of(address: str, name: str = "feed.atom") -> str:
    path, _, query = address.partition("?")
    return f"{path}{name}{'?' if query else ''}{query}"


def titles(client, address: str) -> list[str]:
    return [
        entry.findtext(f"{ATOM}title") for entry in checked_atom(client.get(address).content).findall(f"{ATOM}entry")
    ]


# --- every list --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("address", LIST_ADDRESSES)
def test_every_list_names_its_feeds_and_they_are_valid_and_show_its_items(client, district, address):
    address = address.format(row=district.row.pk)
    Desk(district.bureau).logged(date(2026, 3, 2), "小学学区划分方案", "学区划分方案已经公开。")
    page = client.get(address).text
    found = dict(re.findall(r'<link rel="alternate" type="(application/[a-z]+\+[a-z]+)"[^>]*href="([^"]+)"', page))
    atom, json = (found[kind].replace("&amp;", "&") for kind in ("application/atom+xml", "application/feed+json"))
    assert urlsplit(atom).path == urlsplit(feed_of(address)).path
    answer = client.get(atom)
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = checked_atom(answer.content)
    entries = [entry.find(f"{ATOM}link").get("href") for entry in feed.findall(f"{ATOM}entry")]
    other = client.get(json)
    assert other["Content-Type"] == "application/feed+json; charset=utf-8"
    assert [item["url"] for item in checked_json(other.json())["items"]] == entries
    shown = set(re.findall(r'<a href="(/items/\d+/|/information-requests/answers/\d+/)"', page[page.index("<main") :]))
    if address != "/":  # the front page shows several lists
        acts = "依据" in page and address == "/policy-library/changes/"
        assert (
            {urlsplit(url).path for url in entries} <= shown
            if acts
            else {urlsplit(url).path for url in entries} == shown
        )
        assert bool(entries) == bool(shown)
    assert f'href="{atom}"'.replace("&", "&amp;") in page[page.index("<main") :], "there is a link for people, too"


def test_no_list_of_the_site_is_without_feed_and_the_addresses_above_are_all_of_them(district, client):
    from django.urls import resolve

    tried = {resolve(address.format(row=district.row.pk).partition("?")[0]).view_name for address in LIST_ADDRESSES}
    assert tried == set(LISTS)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("/items/1/feed.atom", "an item is no list"),
        ("/organisations/feed.atom", "the directory of bodies is no list of items"),
        ("/nowhere/feed.json", "no such page"),
        ("/organisations/nobody/feed.atom", "no such body"),
        ("/statutory-content/999999/feed.atom", "no such row"),
        ("/office/items/feed.atom", "the office has no feeds"),
    ],
)
def test_what_is_no_public_list_has_no_feed(client, district, address, reason):
    answer = client.get(address)
    assert answer.status_code == 404, reason
    assert answer["Content-Type"] == "application/problem+json"


# --- what stands in it -------------------------------------------------------------------------------------------------
def test_entries_come_newest_first_and_are_at_most_fifty(client, db, index):
    body = factories.body(code="jyj")
    now = timezone.now()
    for age in range(3):
        factories.published_many(body, 20, at=now - timedelta(days=age))
    index()
    feed = checked_atom(client.get("/organisations/jyj/policies/feed.atom").content)
    published = [moment(element.text) for element in feed.iter(f"{ATOM}published")]
    assert len(published) == 50
    assert published == sorted(published, reverse=True)
    by_relevance = checked_json(client.get("/search/feed.json?q=通知").json())["items"]
    times = [item["date_published"] for item in by_relevance]
    assert times == sorted(times, reverse=True), "a feed is in the order of time even where the page is not"


def test_a_correction_moves_updated_and_keeps_the_id(client, district, index):
    item = district.documents[4]
    before = checked_json(client.get("/organisations/jyj/policies/feed.json").json())["items"]
    was = next(one for one in before if one["url"].endswith(f"/items/{item.pk}/"))
    edition = item.current
    later = timezone.now() + timedelta(hours=1)
    Edition.objects.filter(pk=edition.pk).update(state=State.SUPERSEDED.value)
    new = Edition.objects.create(
        item=item, number=2, state=State.PUBLISHED.value, title="更正后的标题", published_at=later, document_date=None
    )
    item.current = new
    item.save()
    index()
    after = checked_json(client.get("/organisations/jyj/policies/feed.json").json())["items"]
    now = next(one for one in after if one["url"].endswith(f"/items/{item.pk}/"))
    assert now["id"] == was["id"] and now["title"] == "更正后的标题"
    assert moment(now["date_modified"]) > moment(was["date_modified"])


def test_what_is_withdrawn_is_gone_from_the_feed(client, district, index):
    item = district.documents[4]
    assert item.current.title in titles(client, "/feed.atom")
    withdraw(item)
    index()
    assert item.current.title not in titles(client, "/feed.atom")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("“甲”<乙>&丙 ]]> </title>", "“甲”<乙>&丙 ]]> </title>"),
        ("控制\x0b字符\x1f不\ufffe进", "控制字符不进"),
    ],
)
def test_any_title_makes_a_well_formed_feed(client, db, index, title, shown):
    body = factories.body(code="jyj")
    factories.published(body, title=title, summary=title)
    index()
    assert titles(client, "/organisations/jyj/feed.atom") == [shown]
    assert checked_json(client.get("/organisations/jyj/feed.json").json())["items"][0]["title"] == shown


def test_acts_are_entries_of_their_own(client, district):
    (entry,) = checked_json(client.get("/policy-library/changes/feed.json").json())["items"]
    repealed, act = district.documents[0], district.documents[1]
    assert entry["title"] == f"废止：{repealed.current.title}"
    assert act.current.title in entry["summary"]
    assert entry["url"].endswith(reverse("portal:item", args=[repealed.pk]))
    factories.relation(district.documents[2], RelationKind.AMENDS, repealed, on=timezone.localdate())
    assert len(checked_json(client.get("/policy-library/changes/feed.json?year=2026").json())["items"]) >= 1


def test_a_feed_ignores_where_the_reader_stands_in_the_list_and_how_he_looks_at_it(client, district):
    page = client.get("/policy-library/?q=通知&v=elder&after=r1").text
    (atom,) = re.findall(r'<link rel="alternate" type="application/atom\+xml"[^>]*href="([^"]+)"', page)
    assert "v=" not in atom and "after=" not in atom and "q=" in atom


def test_an_empty_list_has_a_valid_feed(client, db, index):
    factories.body(code="jyj")
    index()
    assert titles(client, "/organisations/jyj/feed.atom") == []
    assert checked_json(client.get("/organisations/jyj/feed.json").json())["items"] == []
