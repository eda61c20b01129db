"""修改前后对照表 as people use it: found from the document, narrowed without script, read on a telephone, printed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.places import Places

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_the_correction_notice_leads_to_the_table_and_back_without_script(
    open_page: OpenPage, server: str, places: Places
):
    page, _ = open_page(java_script_enabled=False)
    document = "/".join(places.comparison.split("/")[:3]) + "/"
    page.goto(f"{server}{document}")
    page.locator(".correction").get_by_role("link", name="查看修改前后对照表").click()
    expect(page.get_by_role("heading", name="修改前后对照表", level=1)).to_be_visible()
    rows = page.locator(".comparison tbody tr")
    whole = rows.count()
    page.get_by_role("link", name="只看有变化的条款").click()
    page.wait_for_url(re.compile("changed=1"))
    assert 0 < page.locator(".comparison tbody tr").count() < whole
    page.get_by_label("比较", exact=True).select_option("1")
    page.get_by_role("button", name="对照").click()
    page.wait_for_url(re.compile("editions/1/compare/3/.*changed=1"))
    page.locator(".lead a").click()
    page.wait_for_url(f"{server}{document}")


def test_both_editions_are_on_paper_and_the_tools_are_not(open_page: OpenPage, server: str, places: Places):
    page, _ = open_page()
    page.goto(f"{server}{places.comparison}?changed=1")
    page.emulate_media(media="print")
    added = page.locator(".comparison ins").first
    expect(added).to_be_visible()
    expect(page.locator(".comparison del").first).to_be_visible()
    assert "underline" in added.evaluate("element => getComputedStyle(element).textDecorationLine")
    expect(page.locator(".comparison-tools")).to_be_hidden()


def test_on_a_telephone_each_side_is_named_and_they_stand_one_above_the_other(
    open_page: OpenPage, server: str, places: Places
):
    page, _ = open_page(width=360, height=740)
    page.goto(f"{server}{places.comparison}?changed=1")
    old, new = page.locator(".row-changed").first.locator(".edition-text").all()
    expect(old.get_by_text("修改前", exact=True)).to_be_visible()
    first, second = old.bounding_box(), new.bounding_box()
    assert first and second and second["y"] >= first["y"] + first["height"] - 1
    assert abs(first["x"] - second["x"]) < 1
