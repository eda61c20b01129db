"""Addresses the browser tests and the pictures need, found on the running site by following its own links."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Browser, Page

from gongkai.sample.people import PASSWORD
from tests.browser.chromium import sign_in


@dataclass(frozen=True, slots=True)
class Places:
    """Paths of pages whose address contains a number that only the running site knows."""

    document: str
    """A document that another one repealed: it has a warning banner, a link to the act, and relations."""
    document_with_table: str
    comparison: str
    """Two editions of a corrected document side by side."""
    row: str
    """A catalogue row with items."""
    case: str
    """A case 区教育局 is working on, in the office."""
    answered_case: str
    """One it has answered in part."""
    logged_answer: str
    """An answer to an earlier request."""
    policy: str
    """A policy with a card and an interpretation."""
    policy_with_matters: str
    """A policy with a card for each of its matters."""
    reading_together: str
    """The policy beside its interpretation."""


def find_places(browser: Browser, server: str) -> Places:
    """Look them up. Raises `AssertionError` when the sample district has no such page."""
    page = browser.new_page()
    try:
        return Places(
            document=_first(page, f"{server}/policy-library/?validity=repealed", ".document-list .document-title a"),
            document_with_table=_with_table(page, server),
            comparison=_comparison(page, server),
            row=_first(page, f"{server}/statutory-content/", ".branch .tree a"),
            **_cases(browser, server),
            logged_answer=_first(page, f"{server}/information-requests/answers/", ".document-list .document-title a"),
            **_policy(page, server),
            policy_with_matters=_first(
                page,
                f"{server}/interpretations/topic/?enterprise=innovation",
                ".policy-card:has(.matter-list) .policy-card-title a",
            ),
        )
    finally:
        page.close()


def _cases(browser: Browser, server: str) -> dict[str, str]:
    page = browser.new_context().new_page()
    sign_in(page, server, "jyj-reviewer", PASSWORD)
    lists = {"case": "state=in_progress&sort=day", "answered_case": "outcome=partially_disclosed"}
    found = {name: _first(page, f"{server}/office/cases/?{query}", "th[scope=row] a") for name, query in lists.items()}
    page.context.close()
    return found


def _policy(page: Page, server: str) -> dict[str, str]:
    page.goto(f"{server}/interpretations/topic/?person=schooling")
    links = page.locator(".policy-card-title a").evaluate_all("all => all.map(link => link.getAttribute('href'))")
    for href in links:
        page.goto(f"{server}{href}")
        together = page.locator("a[href*='/with/']")
        if together.count():
            return {"policy": href, "reading_together": together.first.get_attribute("href") or ""}
    raise AssertionError("the sample district has no policy with a card and an interpretation")


def _comparison(page: Page, server: str) -> str:
    """The table that the correction notice of a corrected document leads to."""
    page.goto(f"{server}/search/?q=城乡居民最低生活保障工作实施细则&scope=title")
    for href in page.locator(".hits h3 a").evaluate_all("links => links.map(link => link.getAttribute('href'))"):
        page.goto(f"{server}{href}")
        link = page.locator(".correction a")
        if link.count():
            return link.first.get_attribute("href") or ""
    raise AssertionError("the sample district has no corrected document")


def _first(page: Page, address: str, selector: str) -> str:
    page.goto(address)
    link = page.locator(selector).first
    assert link.count(), f"{address} has no {selector}"
    return link.get_attribute("href") or ""


def _with_table(page: Page, server: str) -> str:
    """The first of the newest items whose text holds a table."""
    for text in ("一览表", "明细表", "目录", "表"):
        page.goto(f"{server}/search/?q={text}")
        for href in page.locator(".hits h3 a").evaluate_all("links => links.map(link => link.getAttribute('href'))"):
            page.goto(f"{server}{href}")
            if page.locator(".document-body table").count():
                return str(href)
    raise AssertionError("the sample district has no document with a table")
