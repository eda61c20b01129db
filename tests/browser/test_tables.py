"""A subsidy list in the browser: from the town's clerk to a reader who searches and sorts it, on a telephone, in 长辈版, without script."""

from __future__ import annotations

import csv
import io
import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import OpenPage
from tests.browser.table_tour import BODY, TablePlaces, find_table_places
from tests.browser.test_accessibility import _faults
from tests.browser.test_elder_and_phone import LEAST_LETTER, LEAST_TARGET, SMALL_LETTERS, SMALL_TARGETS, _too_wide

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
ROWS = 400


@pytest.fixture(scope="module")
def tables(browser: Browser, server: str) -> TablePlaces:
    """A list that was published and one that waits to be accepted: making them is the test of the way there."""
    return find_table_places(browser, server, ROWS)


def test_a_reader_searches_sorts_pages_and_takes_the_table_away(open_page: OpenPage, server: str, tables: TablePlaces):
    page, _ = open_page()
    page.goto(f"{server}{tables.item}")
    expect(page.locator(".public-rows tbody tr")).to_have_count(50)
    page.get_by_label("按姓名、村组查询").fill("华佗镇 大李村")
    page.get_by_role("button", name="查询").click()
    expect(page.locator(".document [role=status]")).to_contain_text("条，金额合计")
    places = page.locator(".public-rows tbody td[data-label^=村（]").all_inner_texts()
    assert set(places) == {"大李村"}
    page.get_by_role("link", name=re.compile("^金额")).click()
    amounts = [
        float(text.replace(",", ""))
        for text in page.locator(".public-rows tbody td[data-label=金额]").all_inner_texts()
    ]
    assert amounts == sorted(amounts, reverse=True) and len(amounts) > 1
    assert set(page.locator(".public-rows tbody td[data-label^=村（]").all_inner_texts()) == {"大李村"}, (
        "sorting keeps the search"
    )
    page.get_by_role("link", name="显示全部").click()
    page.get_by_role("link", name="下一页").click()
    assert page.locator(".public-rows tbody th").first.inner_text() == "51"
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("^CSV")).click()
    lines = list(csv.reader(io.StringIO(waiting.value.path().read_text("utf-8-sig"))))
    assert len(lines) == ROWS + 2 and lines[-1][0] == "合计"
    assert all(re.fullmatch(r"\d{6}\*{8}\d{3}[\dX]", line[5]) for line in lines[1:-1])


def test_everything_works_without_script(open_page: OpenPage, server: str, tables: TablePlaces):
    page, _ = open_page(java_script_enabled=False)
    page.goto(f"{server}{tables.table}")
    page.get_by_label("按姓名、村组查询").fill("大王村")
    page.get_by_role("button", name="查询").click()
    page.get_by_role("link", name=re.compile("^金额")).click()
    assert "sort=-amount" in page.url and page.locator(".public-rows tbody tr").count() > 1
    clerk, _ = open_page(f"{BODY}-clerk", java_script_enabled=False)
    clerk.goto(f"{server}{tables.mapping}")
    expect(clerk.get_by_role("button", name="检查全部数据")).to_be_visible()


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
def test_the_pages_have_no_serious_fault(open_page: OpenPage, server: str, tables: TablePlaces, elder: bool):
    page, _ = open_page()
    found = []
    for path in (tables.item, tables.table, f"{tables.table}?q=大王村&sort=-amount"):
        page.goto(f"{server}{path}" + (f"{'&' if '?' in path else '?'}v=elder" if elder else ""))
        found += _faults(page, path)
        assert page.locator("h1").count() == 1
    assert found == []


def test_the_pages_of_the_office_have_no_serious_fault_and_fit_a_telephone(
    open_page: OpenPage, server: str, tables: TablePlaces
):
    page, _ = open_page(f"{BODY}-clerk", width=360, height=740)
    paths = (f"{tables.office}table/", tables.mapping, tables.masking, tables.office)
    assert _too_wide(page, server, paths, "") == []
    found = []
    for path in paths:
        page.goto(f"{server}{path}")
        found += _faults(page, path)
    assert found == []


def test_on_a_telephone_a_record_is_a_card(open_page: OpenPage, server: str, tables: TablePlaces):
    page, _ = open_page(width=360, height=740)
    assert _too_wide(page, server, (tables.item, tables.table), "") == []
    assert _too_wide(page, server, (tables.item, tables.table), "v=elder") == []
    page.goto(f"{server}{tables.table}")
    card = page.locator(".public-rows tbody tr").first.bounding_box()
    assert card and card["width"] <= 340 and card["height"] > 100


def test_in_elder_mode_letters_and_targets_are_large(open_page: OpenPage, server: str, tables: TablePlaces):
    page, _ = open_page()
    for path in (tables.item, f"{tables.table}?q=大王村&v=elder"):
        page.goto(f"{server}{path}{'' if '?' in path else '?v=elder'}")
        assert page.evaluate(SMALL_LETTERS, LEAST_LETTER) == []
        assert page.evaluate(SMALL_TARGETS, LEAST_TARGET) == []
