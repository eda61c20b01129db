"""最近搜索 stays in the browser: listed, deleted, cleared, switched off, and absent where nothing can be kept."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def box(page: Page) -> Locator:
    return page.get_by_role("group", name="最近搜索")


def seek(page: Page, server: str, *texts: str) -> None:
    for text in texts:
        page.goto(f"{server}/search/?q={quote(text)}")


def listed(page: Page) -> list[str]:
    return page.locator("[data-recent-list] a").all_inner_texts()


def test_what_was_sought_is_listed_newest_first_and_leads_back(open_page: OpenPage, server: str):
    page, _ = open_page()
    page.goto(f"{server}/")
    expect(box(page)).to_be_hidden()
    seek(page, server, "补贴", "就业", "补贴")
    page.goto(f"{server}/")
    expect(box(page)).to_be_visible()
    assert listed(page) == ["补贴", "就业"]
    box(page).get_by_role("link", name="就业").click()
    expect(page.locator("#q")).to_have_value("就业")


def test_entries_are_deleted_one_by_one_and_all_at_once_by_keyboard(open_page: OpenPage, server: str):
    page, _ = open_page()
    seek(page, server, "补贴", "就业", "教育")
    page.goto(f"{server}/")
    remove = box(page).get_by_role("button", name="删除最近搜索“就业”")
    remove.focus()
    page.keyboard.press("Enter")
    assert listed(page) == ["教育", "补贴"]
    expect(page.locator("[data-recent-said]")).to_have_text("已删除“就业”")
    expect(box(page).get_by_role("button", name="删除最近搜索“补贴”")).to_be_focused()
    page.reload()
    assert listed(page) == ["教育", "补贴"]
    box(page).get_by_role("button", name="清空").focus()
    page.keyboard.press("Enter")
    expect(box(page)).to_be_hidden()
    expect(page.get_by_label("检索内容")).to_be_focused()
    page.reload()
    expect(box(page)).to_be_hidden()


def test_switched_off_it_forgets_and_keeps_nothing_until_it_is_switched_on(open_page: OpenPage, server: str):
    page, _ = open_page()
    seek(page, server, "补贴")
    page.goto(f"{server}/")
    box(page).get_by_role("button", name="不再记录").click()
    assert listed(page) == []
    expect(box(page).get_by_role("button", name="开启记录")).to_be_focused()
    seek(page, server, "就业")
    page.goto(f"{server}/")
    assert page.evaluate("localStorage.getItem('gongkai-recent')") is None
    box(page).get_by_role("button", name="开启记录").click()
    seek(page, server, "教育")
    page.goto(f"{server}/")
    assert listed(page) == ["教育"]


def test_what_may_be_about_a_person_is_not_kept_and_numbers_of_documents_are(open_page: OpenPage, server: str):
    page, _ = open_page()
    private = ("13800000001", "138 0000 0001", "１３８０００００００１", "一三八零零零零零零零一", "abc@example.com")
    seek(page, server, *private, "皖S12345", "3号楼2单元", "长" * 41)
    seek(page, server, "谯政办〔2025〕1号", "2025年12月31日", "12345热线")
    page.goto(f"{server}/")
    assert listed(page) == ["12345热线", "2025年12月31日", "谯政办〔2025〕1号"]


def test_using_the_list_sends_nothing(open_page: OpenPage, server: str):
    page, _ = open_page()
    seek(page, server, "补贴", "就业")
    page.goto(f"{server}/", wait_until="networkidle")
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))
    box(page).get_by_role("button", name="删除最近搜索“就业”").click()
    box(page).get_by_role("button", name="不再记录").click()
    box(page).get_by_role("button", name="开启记录").click()
    page.wait_for_timeout(200)
    assert [request.url for request in sent] == []


def test_where_nothing_can_be_kept_it_is_simply_absent(open_page: OpenPage, server: str):
    page, _ = open_page()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get: function () { throw new Error('forbidden'); } });"
    )
    seek(page, server, "补贴")
    page.goto(f"{server}/")
    expect(box(page)).to_be_hidden()
    expect(page.get_by_role("search").first).to_be_visible()


def test_without_script_it_is_absent_too(open_page: OpenPage, server: str):
    page, _ = open_page(java_script_enabled=False)
    seek(page, server, "补贴")
    expect(page.locator("[data-recent]")).to_be_hidden()


@pytest.mark.parametrize("width", [360, 1440])
def test_in_elder_mode_links_keep_the_mode_targets_are_large_and_nothing_runs_over(
    open_page: OpenPage, server: str, width: int
):
    page, _ = open_page(width=width)
    page.goto(f"{server}/search/?q={quote('补贴')}&v=elder")
    seek(page, server, "城乡居民基本医疗保险参保缴费标准", "就业")
    page.goto(f"{server}/?v=elder")
    link = box(page).get_by_role("link").first
    assert re.search(r"[?&]v=elder&q=", link.get_attribute("href") or "")
    for target in (link, box(page).get_by_role("button").first):
        shape = target.bounding_box()
        assert shape and shape["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= width
