"""Suggestions in a real search box: by keyboard, by mouse, for a screen reader, and without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def _typed(page: Page, server: str, text: str, query: str = "") -> None:
    page.goto(f"{server}/{query}")
    page.locator("#home-q").press_sequentially(text, delay=20)


def test_pinyin_brings_suggestions_that_the_arrow_keys_choose(open_page: OpenPage, server: str):
    page, _ = open_page()
    _typed(page, server, "butie")
    box, listed = page.locator("#home-q"), page.locator("form.hero-search [role=listbox]")
    expect(listed).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator("form.hero-search [role=status]")).to_have_text(re.compile(r"有 \d+ 条建议"))
    first = listed.get_by_role("option").first
    expect(first).to_contain_text("补贴")  # waits: the list of the first letters may have come before
    chosen = first.inner_text()
    box.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_value(chosen)
    assert box.get_attribute("aria-activedescendant") == first.get_attribute("id")
    box.press("ArrowUp")
    expect(box).to_have_value("butie")
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.locator("#q")).to_have_value(chosen)


def test_escape_closes_the_list_and_keeps_what_was_typed(open_page: OpenPage, server: str):
    page, _ = open_page()
    _typed(page, server, "butie")
    expect(page.locator("form.hero-search [role=option]").first).to_contain_text("补贴")
    page.locator("#home-q").press("ArrowDown")
    page.locator("#home-q").press("Escape")
    expect(page.locator("form.hero-search [role=listbox]")).to_be_hidden()
    expect(page.locator("#home-q")).to_have_value("butie")


def test_escape_keeps_letters_typed_after_the_list_came(open_page: OpenPage, server: str):
    page, _ = open_page()
    _typed(page, server, "butie")
    expect(page.locator("form.hero-search [role=option]").first).to_contain_text("补贴")
    page.evaluate("""() => {
        const box = document.querySelector("#home-q");
        box.value = "butiezijin";
        box.dispatchEvent(new InputEvent("input", { bubbles: true }));
        box.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    }""")  # both in one turn: the list still shows the answer to the shorter text
    expect(page.locator("#home-q")).to_have_value("butiezijin")


@pytest.mark.parametrize("query", ["", "?v=elder"])
def test_a_click_on_a_suggestion_searches_for_it_on_a_phone(open_page: OpenPage, server: str, query: str):
    page, _ = open_page(width=360, height=740)
    _typed(page, server, "补贴", query)
    listed = page.locator("form.hero-search [role=listbox]")
    expect(listed).to_be_visible()
    expect(listed.get_by_role("option").nth(1)).to_contain_text("补贴")
    frame = listed.bounding_box()
    assert frame is not None
    assert frame["x"] >= 0
    assert frame["x"] + frame["width"] <= 360
    option = listed.get_by_role("option").nth(1)
    chosen = option.inner_text()
    option.click()
    expect(page.locator("#q")).to_have_value(chosen)


@pytest.mark.parametrize(("query", "mode"), [("", ""), ("?v=elder", "elder")])
def test_a_stage_of_life_leads_to_its_page_by_key_and_by_click(open_page: OpenPage, server: str, query: str, mode: str):
    page, _ = open_page()
    for enter in (True, False):
        _typed(page, server, "生孩子", query)
        first = page.locator("form.hero-search [role=option]").first
        expect(first).to_contain_text("专题")
        if enter:
            page.locator("#home-q").press("ArrowDown")
            page.locator("#home-q").press("Enter")
        else:
            first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("出生")
        assert "/interpretations/topic/?person=birth" in page.url
        assert ("v=elder" in page.url) == bool(mode)


def test_without_script_the_box_is_a_plain_field(open_page: OpenPage, server: str):
    page, _ = open_page(java_script_enabled=False)
    page.goto(f"{server}/")
    assert page.locator("#home-q").get_attribute("role") is None
    page.locator("#home-q").fill("补贴")
    page.locator("form.hero-search button").click()
    expect(page.locator("#q")).to_have_value("补贴")
