"""长辈版 on every next page with large letters and large targets; and every page on a telephone 360 px wide."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.places import Places

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LEAST_LETTER = 18
LEAST_TARGET = 44
"""px, in 长辈版."""

SMALL_LETTERS = """
least => {
  const small = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.checkVisibility() || element.closest(".visually-hidden, .skip-link")) continue;
    const size = parseFloat(getComputedStyle(element).fontSize);
    if (size < least) small.add(`${size}px .${element.className || element.parentElement.className}: ${walker.currentNode.textContent.trim().slice(0, 20)}`);
  }
  return [...small];
}
"""
"""Texts set smaller than `least` px."""

SMALL_TARGETS = """
least => {
  const small = new Set();
  for (const element of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    if (!element.checkVisibility() || element.closest(".visually-hidden, .skip-link")) continue;
    // A title in a list has the whole row for itself: what counts is that no other target is nearer than that.
    const target = element.matches("[type=radio], [type=checkbox]") ? element.closest("label") || element
      : element.tagName === "A" && getComputedStyle(element).display === "inline" ? element.closest("li, tr, dd, p") || element : element;
    const box = target.getBoundingClientRect();
    // WCAG 2.5.5: a link inside a sentence is as high as its line.
    const around = element.parentElement.cloneNode(true);
    around.querySelectorAll("a").forEach(link => link.remove());
    const inSentence = element.tagName === "A" && getComputedStyle(element).display === "inline"
      && element.parentElement.matches("p, li, dd, td, span") && around.textContent.trim().length > 0;
    if (!inSentence && box.height > 0 && box.height < least - 0.5)
      small.add(`${Math.round(box.height)}px <${element.tagName.toLowerCase()} .${element.className || element.parentElement.className}> ${(element.textContent || element.name || "").trim().slice(0, 16)}`);
  }
  return [...small];
}
"""
"""Controls lower than `least` px."""

PORTAL = (
    "/",
    "/policy-library/",
    "/policy-library/normative/",
    "/policy-library/in-force-register/",
    "/policy-library/changes/",
    "/search/?q=补贴",
    "/search/?q=没有这样的词",
    "/search/popular/",
    "/interpretations/topic/",
    "/interpretations/topic/?person=birth",
    "/enterprise-relief/",
    "/policy-matching/",
    "/policy-matching/enterprise/",
    "/interpretations/popular/",
    "/interpretations/popular/formula/",
    "/statutory-content/",
    "/statutory-content/grassroots/",
    "/organisations/",
    "/organisations/jyj/",
    "/organisations/jyj/policies/",
    "/disclosure-guide/",
    "/information-requests/",
    "/information-requests/apply/",
    "/information-requests/track/",
    "/information-requests/answers/",
    "/annual-reports/",
    "/site-map/",
    "/accessibility/",
    "/account/login/",
)
OFFICE = ("/office/", "/office/items/", "/office/items/create/", "/office/organisations/", "/office/catalogues/")


def test_elder_mode_is_switched_on_once_stays_on_the_next_pages_and_is_left_again(open_page: OpenPage, server: str):
    page, _ = open_page()
    page.goto(f"{server}/")
    assert not _elder(page)
    page.get_by_role("link", name="长辈版").click()
    page.wait_for_url(re.compile("v=elder"))
    assert _elder(page)
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="政策文件库").click()
    expect(page.get_by_role("heading", name="政策文件库", level=1)).to_be_visible()
    assert _elder(page), "a link leaves elder mode"
    page.locator("form.library-form input[type=search]").fill("补贴")
    page.get_by_role("button", name="查询").click()
    page.wait_for_url(re.compile("q="))
    assert _elder(page), "a form leaves elder mode"
    page.goto(f"{server}/organisations/")
    page.wait_for_url(re.compile("v=elder"))
    assert _elder(page), "an address opened afresh forgets the reader's choice"
    page.get_by_role("link", name="退出长辈版").click()
    page.wait_for_url(f"{server}/organisations/")
    assert not _elder(page)
    page.goto(f"{server}/")
    assert not _elder(page), "leaving is remembered too"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/policy-library/",
        "/search/?q=补贴",
        "document",
        "comparison",
        "/interpretations/topic/?person=birth",
        "/enterprise-relief/",
        "/policy-matching/person/",
        "/information-requests/",
        "/information-requests/apply/",
        "/information-requests/track/",
        "/information-requests/answers/",
    ],
)
def test_in_elder_mode_letters_and_targets_are_large(open_page: OpenPage, server: str, places: Places, path: str):
    page, _ = open_page()
    address = {"document": places.document, "comparison": places.comparison}.get(path, path)
    page.goto(f"{server}{address}{'&' if '?' in address else '?'}v=elder")
    assert page.evaluate(SMALL_LETTERS, LEAST_LETTER) == []
    assert page.evaluate(SMALL_TARGETS, LEAST_TARGET) == []


def test_no_page_of_the_portal_is_wider_than_a_telephone(open_page: OpenPage, server: str, places: Places):
    page, _ = open_page(width=360, height=740)
    wide = _too_wide(
        page,
        server,
        (
            *PORTAL,
            places.document,
            places.comparison,
            places.document_with_table,
            places.row,
            places.policy_with_matters,
        ),
        "",
    )
    wide += _too_wide(
        page, server, ("/", "/policy-library/", places.document_with_table, places.policy_with_matters), "v=elder"
    )
    assert wide == []


def test_a_wide_table_scrolls_in_its_own_frame_on_a_telephone(open_page: OpenPage, server: str):
    page, _ = open_page(width=360, height=740)
    page.goto(f"{server}/policy-library/in-force-register/")
    frame = page.get_by_role("region", name="继续有效文件目录")
    widths = frame.locator("tbody tr").first.locator("td").evaluate_all("cells => cells.map(cell => cell.clientWidth)")
    assert min(widths) >= 64, f"columns are squeezed to one character: {widths}"


def test_no_page_of_the_office_is_wider_than_a_telephone(open_page: OpenPage, server: str, places: Places):
    page, _ = open_page("jyj-clerk", width=360, height=740)
    page.goto(f"{server}/office/")
    item = page.locator(".task-what a[href^='/office/items/']").first.get_attribute("href") or ""
    assert item
    cases = (
        "/office/cases/",
        "/office/cases/create/",
        "/office/cases/figures/",
        places.case,
        f"{places.case}draft/?outcome=disclosed",
    )
    assert _too_wide(page, server, (*OFFICE, item, f"{item}edit/", f"{item}relations/", *cases), "") == []


def _elder(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.classList.contains('elder')"))


def _too_wide(page: Page, server: str, paths: tuple[str, ...], query: str) -> list[str]:
    """Pages that scroll sideways, with the widest of what sticks out."""
    wide = []
    for path in paths:
        page.goto(f"{server}{path}" + (f"{'&' if '?' in path else '?'}{query}" if query else ""))
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 360:
            wide.append(f"{path} {query}: {width} px, {page.evaluate(_STICKING_OUT)}")
    return wide


_STICKING_OUT = """
() => [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > 361 && !e.closest(".table-wrap"))
  .slice(0, 3).map(e => `${e.tagName.toLowerCase()}.${e.className}`)
"""
