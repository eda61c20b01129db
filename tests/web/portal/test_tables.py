"""The masked table on the portal: on the item's page and on pages of its own; nothing personal at any address, and gone with its edition."""

from __future__ import annotations

import re

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.audit import generation
from gongkai.disclosure import actions
from gongkai.disclosure.models import Item
from gongkai.files.models import StoredFile
from gongkai.rules.access import Role
from gongkai.search.indexer import reindex
from gongkai.tables.models import PublicTable
from gongkai.web.portal.lists import LISTS
from tests import factories
from tests.disclosure.test_lifecycle import Desk
from tests.guards.addresses import addresses
from tests.tables.makers import accepted, checked
from tests.text.tables.makers import identity, record

pytestmark = pytest.mark.django_db
ACCOUNT = "6217000000000000004"
ROWS = [
    record(number, name="张三" if number % 2 else "李四光", village="大李村" if number < 41 else "前王村", area=number, amount=100 * number)
    for number in range(1, 121)
]  # fmt: skip
SECRETS = ("张三", "李四光", identity(1), identity(50), ACCOUNT)


@pytest.fixture
def desk(settings, tmp_path) -> Desk:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}},
    }
    settings.GONGKAI_API_RATE = 0
    return Desk()


@pytest.fixture
def published(desk) -> Item:
    return publish(desk, draft(desk))


def draft(desk: Desk, **more) -> Item:
    values = {"title": "2026年耕地地力保护补贴发放情况", "enquiry_phone": "0558-0000001"}
    item = actions.create_item(
        actor=desk.clerk, organisation_id=desk.body.pk, kind="benefit_subsidy", values=values, **more
    )
    accepted(desk.clerk, item, ROWS, exposure={"name": "masked"})
    return item


def publish(desk: Desk, item: Item) -> Item:
    actions.submit(actor=desk.clerk, item_id=item.pk)
    actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis="不涉密，可以公开")
    actions.sign(actor=desk.signer, item_id=item.pk)
    item.refresh_from_db()
    generation.forget()  # a test commits nothing, so nothing tells the page cache
    return item


def address(item: Item, number: int = 1, query: str = "") -> str:
    return reverse("portal:table", args=[item.pk, number]) + query


def positions(text: str) -> list[int]:
    return [int(found) for found in re.findall(r'<th scope="row" data-label="序号">(\d+)</th>', text)]


def test_the_items_page_shows_totals_search_and_the_first_page(client, published):
    text = client.get(f"/items/{published.pk}/").text
    assert "726,000.00" in text and "120 条" in text
    assert positions(text) == list(range(1, 51))
    assert '<label for="table-words">按姓名、村组查询</label>' in text
    assert f"{address(published)}?sort=-amount" in text
    for extension in ("csv", "xlsx"):
        assert reverse("portal:table-document", args=[published.pk, 1, extension]) in text


def test_the_table_can_be_read_by_a_screen_reader(client, published):
    text = client.get(address(published, query="?sort=-amount")).text
    table = text[text.index('<table class="table public-rows">') : text.index("</table>")]
    assert "<caption>" in table and 'aria-sort="descending"' in table
    assert table.count('scope="col"') == 10 and table.count('scope="row"') == 51
    assert 'tabindex="0" role="region"' in text


def test_pages_follow_one_another_without_a_gap_and_back(client, published):
    seen, where = [], address(published, query="?sort=-amount")
    pages = []
    while where:
        text = client.get(where).text
        pages.append(positions(text))
        seen += pages[-1]
        following = re.search(r'<a href="([^"]+)" rel="next"', text)
        where = following[1].replace("&amp;", "&") if following else ""
    assert seen == list(range(120, 0, -1)) and [len(page) for page in pages] == [50, 50, 20]
    back = re.search(r'<a href="([^"]+)" rel="prev"', text)[1].replace("&amp;", "&")
    assert positions(client.get(back).text) == pages[1]


def test_search_counts_adds_up_and_is_kept_while_sorting(client, published):
    text = client.get(address(published, query="?q=前王村 张三&sort=-amount")).text
    assert "查到 <strong>40</strong> 条，金额合计 <strong>320,000.00</strong> 元" in text
    assert positions(text)[:2] == [119, 117]
    assert "q=%E5%89%8D%E7%8E%8B%E6%9D%91+%E5%BC%A0%E4%B8%89&amp;sort=amount" in text


def test_what_is_not_found_is_said_with_advice(client, published):
    answer = client.get(address(published, query="?q=没有的村"))
    assert answer.status_code == 200 and "没有查到符合条件的记录" in answer.text


BAD = ["?after=!!!", "?after=WzFd&sort=amount", "?before=WyJ4Il0", "?sort=nothing", "?q=%00", f"?q={'长' * 500}"]


@pytest.mark.parametrize("query", BAD)
def test_nonsense_in_an_address_is_no_error_of_ours(client, published, query):
    assert client.get(address(published, query=query)).status_code in (200, 400)


def test_every_link_keeps_the_elder_mode(client, published):
    text = client.get(address(published, query="?v=elder&sort=amount")).text
    table = text[text.index("table-search") :]
    links = re.findall(r'href="(/items/[^"]+)"', table)
    assert links and all("v=elder" in link for link in links)
    assert '<input type="hidden" name="v" value="elder">' in table


def test_no_address_of_the_site_shows_what_is_masked(client, desk):
    """Every address that names an item or is a list, with the item published, before and after: no name, number or account."""
    row = factories.row("惠民惠农补贴")
    item = publish(desk, draft(desk, row_ids=[row.pk]))
    reindex()
    asked = [*_of_item(item), *_lists(desk, row.pk)]
    asked += [f"/search/?q={secret}" for secret in SECRETS]
    asked += [f"{address(item)}?q={secret}" for secret in SECRETS]
    shown = 0
    for where in asked:
        answer = client.get(where)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = content.decode(errors="replace").replace(f"q={where.partition('q=')[2]}", "")
        sought = where.partition("?q=")[2]
        for secret in SECRETS:
            if secret != sought:  # what a reader types is his own
                assert secret not in text, (where, secret)
        shown += "341602********" in text
    assert shown >= 4, "the table is there, so the absence of the rest means something"


def test_a_village_finds_the_list_it_stands_in_and_a_person_does_not(client, published):
    reindex()
    assert f"/items/{published.pk}/" in client.get("/search/?q=华佗镇大李村").text
    for secret in SECRETS:
        assert f'href="/items/{published.pk}/"' not in client.get(f"/search/?q={secret}").text


def _of_item(item: Item) -> list[str]:
    values = {
        "item_id": item.pk,
        "number": 1,
        "other": 2,
        "other_id": item.pk,
        "extension": "csv",
        "attachment_id": 1,
        "name": "x",
    }
    found = []
    for name, one in addresses("").items():
        if name.startswith(("portal:", "api:")) and "item_id" in one.arguments:
            found.append(reverse(name, kwargs={each: values[each] for each in one.arguments}))
    assert len(found) > 8
    return [*found, reverse("portal:document", args=[item.pk, "txt"])]


def _lists(desk: Desk, row_id: int) -> list[str]:
    known = addresses("")
    arguments = {"code": desk.body.code, "row_id": row_id}
    pages = [reverse(name, kwargs={each: arguments[each] for each in known[name].arguments}) for name in LISTS]
    return [*pages, *(f"{page}{form}" for page in pages for form in ("feed.atom", "export.csv", "export.json"))]


def test_the_raw_file_has_no_public_address(client, published):
    """It is no stored file that an attachment could name, and no address, of the portal or made up, leads to where it is kept."""
    table = PublicTable.objects.get()
    assert default_storage.exists(table.source)
    assert not StoredFile.objects.filter(storage_name__contains="sealed").exists()
    name = table.source.rpartition("/")[2]
    tried = [f"/{table.source}", f"/media/{table.source}", f"/files/{table.source}", f"/static/{table.source}"]
    tried += [f"/static/../{table.source}", f"/items/{published.pk}/{name}", f"/items/{published.pk}/table.xlsx"]
    tried += [f"/items/{published.pk}/attachments/{number}/{name}" for number in range(5)]
    tried += [f"/items/{published.pk}/editions/1/table.{extension}" for extension in ("json", "source", "raw", "xls")]
    signed_in = Client()
    signed_in.force_login(factories.member(factories.body(), *Role))
    for reader in (client, signed_in):
        assert {where: reader.get(where).status_code for where in tried} == dict.fromkeys(tried, 404)
    raw = default_storage.open(table.source).read()
    for extension in ("csv", "xlsx"):
        answer = client.get(reverse("portal:table-document", args=[published.pk, 1, extension]))
        assert b"".join(answer.streaming_content) != raw


STATES = ["draft", "review", "sign_off"]


@pytest.mark.parametrize("state", STATES)
def test_a_table_is_not_there_before_its_edition_is_public(client, desk, state):
    item = draft(desk)
    if state != "draft":
        actions.submit(actor=desk.clerk, item_id=item.pk)
    if state == "sign_off":
        actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis="可以公开")
    for where in (address(item), *(reverse("portal:table-document", args=[item.pk, 1, e]) for e in ("csv", "xlsx"))):
        assert client.get(where).status_code == 404


def test_an_upload_that_was_not_accepted_is_not_public_either(client, desk, published):
    actions.correct(actor=desk.clerk, item_id=published.pk, change_note="更正")
    checked(desk.clerk, published, [record(1, amount=7654321, standard=7654321, area=1)])
    page = client.get(f"/items/{published.pk}/").text
    assert "7654321" not in page.replace(",", "")
    assert client.get(address(published, 2)).status_code == 404


def test_a_withdrawn_item_takes_its_table_with_it(client, desk, published):
    actions.withdraw(actor=desk.reviewer, item_id=published.pk, reason="personal_privacy")
    for where in (address(published), reverse("portal:table-document", args=[published.pk, 1, "csv"])):
        answer = client.get(where)
        assert answer.status_code == 410 and "****" not in answer.text


def test_the_old_edition_keeps_its_table_unless_it_is_closed(client, desk, published):
    actions.correct(actor=desk.clerk, item_id=published.pk, change_note="更正金额")
    accepted(desk.clerk, published, [record(1, amount=500, standard=200)], exposure={"name": "masked"})
    publish(desk, published)
    old = client.get(address(published, 1))
    assert old.status_code == 200 and "这是历史版本（第 1 版）的表格" in old.text and "120 条" in old.text
    assert "1 条" in client.get(address(published, 2)).text
    actions.correct(actor=desk.clerk, item_id=published.pk, change_note="隐去信息", closes_earlier="personal_privacy")
    publish(desk, published)
    assert client.get(address(published, 1)).status_code == 410
    assert client.get(reverse("portal:table-document", args=[published.pk, 2, "xlsx"])).status_code == 410
    assert client.get(address(published, 3)).status_code == 200


def test_a_download_is_named_after_the_item_and_not_sent_twice(client, published):
    where = reverse("portal:table-document", args=[published.pk, 1, "csv"])
    answer = client.get(where)
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''2026")
    assert b"".join(answer.streaming_content).count(b"\r\n") == 122
    assert client.get(where, headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_pages_cost_few_queries(client, published):
    reindex()
    for where, most in (
        (f"/items/{published.pk}/", 8),
        (address(published), 5),
        (address(published, query="?q=张&sort=name"), 6),
    ):
        client.get(where)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{where}{'&' if '?' in where else '?'}x=1").status_code == 200
        assert len(captured) <= most, where


def test_programs_are_told_where_the_table_is(client, published):
    told = client.get(f"/api/v1/items/{published.pk}/").json()["table"]
    assert (told["rows"], told["columns"][0]) == (120, "乡镇")
    assert [file["format"] for file in told["files"]] == ["csv", "xlsx"] and told["files"][0]["size"] > 1000
    assert (
        client.get(
            told["files"][0]["url"].partition("/items/")[1] + told["files"][0]["url"].partition("/items/")[2]
        ).status_code
        == 200
    )


def test_an_item_without_a_table_has_none(client, desk):
    item = factories.published(desk.body)
    assert "public-table" not in client.get(f"/items/{item.pk}/").text
    assert client.get(address(item)).status_code == 404
    assert client.get(address(item, 10**20)).status_code == 404
