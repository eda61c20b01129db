"""What the machine side answers: public data only, faults by name, within the rate, open to scripts, in few queries."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

from gongkai.rules.publication import State
from tests import factories
from tests.web.portal.test_items import withdraw

PLACES = (
    "/api/v1/items/", "/api/v1/documents/", "/api/v1/documents/?as_of=2027-01-01", "/api/v1/search/?q=秘密",
    "/api/v1/changes/", "/api/v1/organisations/", "/api/v1/catalogues/statutory/", "/feed.atom", "/search/feed.json?q=秘密",
    "/export.csv", "/policy-library/export.json", "/sitemap.xml", "/sitemap-0.xml", "/sitemap-pages.xml",
)  # fmt: skip


def read(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return b"".join(answer).decode()


@pytest.mark.parametrize("state", [s for s in State if s not in (State.PUBLISHED, State.SUPERSEDED, State.WITHDRAWN)])
def test_what_is_not_published_is_nowhere(client, district, index, state):
    hidden = factories.published(district.bureau, title="秘密标题", state=state, rows=[district.row])
    index()
    for place in PLACES:
        text = read(client, place)
        assert "秘密标题" not in text and hidden.index_number not in text, place
        assert f"/items/{hidden.pk}/" not in text, place
    assert client.get(f"/api/v1/items/{hidden.pk}/").status_code == 404
    assert client.get(f"/api/v1/items/{hidden.pk}/editions/1/").status_code == 404


def test_a_withdrawn_item_is_gone_and_says_why(client, district, index):
    item = district.documents[4]
    title = item.current.title
    withdraw(item)
    index()
    for place in PLACES:
        assert title not in read(client, place), place
    for address in (f"/api/v1/items/{item.pk}/", f"/api/v1/items/{item.pk}/editions/1/"):
        answer = client.get(address)
        assert answer.status_code == 410
        assert answer["Content-Type"] == "application/problem+json"
        assert "个人隐私" in answer.json()["detail"] and title not in answer.content.decode()
    line = next(one for one in client.get("/api/v1/changes/").json()["changes"] if one["item_id"] == item.pk)
    assert line["withdrawn"] is True


@pytest.mark.parametrize(
    ("query", "parameter", "reason"),
    [
        ("kid=x", "kid", "unknown"),
        ("limit=101", "limit", "too many"),
        ("limit=0", "limit", "too few"),
        ("limit=5&limit=6", "limit", "twice"),
        ("limit=", "limit", "empty"),
        ("kind=nonsense", "kind", "no such code"),
        ("published_from=20260101", "published_from", "not the written form"),
        ("published_from=2026-02-30", "published_from", "no such day"),
        ("normative=yes", "normative", "neither true nor false"),
        ("after=forged", "after", "no place"),
    ],
)
def test_a_faulty_parameter_is_named(client, district, query, parameter, reason):
    answer = client.get(f"/api/v1/items/?{query}")
    assert answer.status_code == 400, reason
    assert [fault["parameter"] for fault in answer.json()["errors"]] == [parameter]


def test_next_leads_through_everything_once(client, district, index):
    factories.published_many(district.bureau, 25)
    index()
    met, address = [], "/api/v1/items/?limit=7"
    while address:
        page = client.get(address.replace("http://localhost:8000", "")).json()
        met += [item["id"] for item in page["items"]]
        address = page["next"]
    assert len(met) == len(set(met)) == page["total"]


def test_reading_only_open_to_scripts_without_cookies_and_revalidated(client, district):
    answer = client.get("/api/v1/items/")
    assert answer["Access-Control-Allow-Origin"] == "*" and not answer.cookies
    again = client.get("/api/v1/items/", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304 and again["Access-Control-Allow-Origin"] == "*"
    assert client.head("/api/v1/items/").content == b""
    refused = client.post("/api/v1/items/")
    assert refused.status_code == 405 and refused["Allow"] == "GET, HEAD, OPTIONS"
    assert client.options("/api/v1/items/").status_code == 204


def test_who_asks_too_often_is_told_how_long_to_wait(client, district, settings):
    settings.GONGKAI_API_RATE, settings.GONGKAI_PAGE_CACHE = 3, False
    statuses = [client.get("/api/v1/vocabularies/").status_code for _ in range(5)]
    assert statuses[0] == 200 and statuses[-1] == 429
    refused = client.get("/api/v1/vocabularies/")
    assert refused.status_code == 429 and int(refused["Retry-After"]) > 0
    assert client.get("/api/v1/vocabularies/", REMOTE_ADDR="10.0.0.9").status_code == 200


@pytest.mark.parametrize("address", [*PLACES, "/api/v1/items/{item}/"])
def test_few_queries_at_any_length(client, district, index, settings, address):
    settings.GONGKAI_PAGE_CACHE, settings.GONGKAI_API_RATE = False, 0
    address = address.format(item=district.documents[4].pk)
    counts = []
    for _ in range(2):
        read(client, address)
        with CaptureQueriesContext(connection) as captured:
            read(client, address)
        counts.append(len(captured))
        factories.published_many(district.bureau, 40, rows=[district.row])
        index()
    assert counts[1] <= counts[0] <= 8


def test_an_export_is_the_whole_list_and_cannot_become_a_formula(client, district, index):
    factories.published(district.bureau, title="=1+1")
    index()
    rows = json.loads(read(client, "/organisations/jyj/policies/export.json"))["items"]
    text = read(client, "/organisations/jyj/policies/export.csv")
    assert text.startswith("\ufeff编号") and "'=1+1" in text
    assert len(text.strip().split("\r\n")) == len(rows) + 1


def test_the_sitemap_names_every_public_item_and_robots_names_the_sitemap(client, district):
    tree = etree.fromstring(read(client, "/sitemap-0.xml").encode())
    assert len(tree) == client.get("/api/v1/items/").json()["total"]
    assert "Sitemap: http://localhost:8000/sitemap.xml" in read(client, "/robots.txt")


def test_a_title_cannot_end_the_block_of_linked_data(client, district, index):
    item = factories.published(district.bureau, title="甲</script><script>alert(1)</script>")
    index()
    page = read(client, f"/items/{item.pk}/")
    assert "<script>alert" not in page
    data = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert data["@type"] == "Legislation" and data["name"] == item.current.title
    assert data["legislationIdentifier"] == item.current.document_number
    for tag in (
        "SiteName",
        "ColumnName",
        "ColumnType",
        "ArticleTitle",
        "PubDate",
        "ContentSource",
        "Keywords",
        "Author",
        "Url",
    ):
        assert f'<meta name="{tag}" content="' in page, tag
    assert f'href="/api/v1/items/{item.pk}/"' in page


def test_the_page_for_people_names_every_address(client, district):
    assert "openapi.json" in read(client, "/api/v1/")
