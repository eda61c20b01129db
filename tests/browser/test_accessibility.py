"""No serious fault by axe-core on the main pages: names, labels, contrast, order of headings, landmarks."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.places import Places

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PORTAL = (
    "/",
    "/policy-library/",
    "/policy-library/in-force-register/",
    "/search/?q=补贴",
    "/search/popular/",
    "/interpretations/topic/",
    "/interpretations/topic/?person=birth",
    "/enterprise-relief/",
    "/policy-matching/",
    "/policy-matching/enterprise/",
    "/interpretations/popular/",
    "/interpretations/popular/formula/",
    "/statutory-content/",
    "/organisations/jyj/",
    "/disclosure-guide/",
    "/information-requests/",
    "/information-requests/apply/",
    "/information-requests/track/",
    "/information-requests/answers/",
    "/information-requests/period/?received=2026-03-02",
    "/site-map/",
    "/account/login/",
)
CASES = ("/office/cases/", "/office/cases/create/", "/office/cases/figures/")


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
def test_the_pages_of_the_portal_have_no_serious_fault(open_page: OpenPage, server: str, places: Places, elder: bool):
    page, _ = open_page()
    found = []
    for path in (
        *PORTAL,
        places.document,
        places.comparison,
        places.row,
        places.logged_answer,
        places.policy_with_matters,
    ):
        page.goto(f"{server}{path}" + (f"{'&' if '?' in path else '?'}v=elder" if elder else ""))
        found += _faults(page, path)
    assert found == []


def test_the_pages_of_the_office_have_no_serious_fault(open_page: OpenPage, server: str):
    page, _ = open_page("jyj-clerk")
    item = page.locator(".task-what a[href^='/office/items/']").first.get_attribute("href") or ""
    assert item
    found = []
    for path in ("/office/", "/office/items/", "/office/items/create/", item, f"{item}edit/", f"{item}relations/"):
        page.goto(f"{server}{path}")
        page.wait_for_load_state("networkidle")
        found += _faults(page, path)
    assert found == []


def test_the_pages_of_cases_have_no_serious_fault(open_page: OpenPage, server: str, places: Places):
    page, _ = open_page("jyj-reviewer")
    draft = f"{places.case}draft/?outcome=partially_disclosed"
    found = []
    for path in (
        *CASES,
        places.case,
        f"{places.case}receipt/",
        f"{places.case}renew-code/",
        draft,
        places.answered_case,
    ):
        page.goto(f"{server}{path}")
        for one in page.locator("main details").all():
            one.evaluate("one => { one.open = true }")
        found += _faults(page, path)
    assert found == []


def test_the_pages_of_the_head_have_no_serious_fault(open_page: OpenPage, server: str, places: Places):
    page, _ = open_page("jyj-head")
    found = []
    for path in ("overview/", "settings/", "identity-readings/"):
        page.goto(f"{server}/office/cases/{path}")
        found += _faults(page, path)
    page.goto(f"{server}{places.answered_case}identity/")
    assert found + _faults(page, "identity/") == []


def test_every_page_has_one_first_heading_one_main_part_and_a_title_of_its_own(
    open_page: OpenPage, server: str, places: Places
):
    page, _ = open_page()
    titles = set()
    paths = (*PORTAL, places.document, places.comparison, places.row, places.logged_answer, places.policy_with_matters)
    for path in paths:
        page.goto(f"{server}{path}")
        assert page.locator("h1").count() == 1, path
        assert page.locator("main").count() == 1, path
        assert page.locator("html").get_attribute("lang") == "zh-CN", path
        titles.add(page.title())
    assert len(titles) == len(paths), "two pages have the same title"


def test_the_pages_of_accounts_have_no_serious_fault(open_page: OpenPage, server: str):
    page, _ = open_page("administrator")
    office = ("/office/people/1/", "/office/people/dormant/", "/office/sign-ins/", "/office/access/")
    found = []
    for path in (*office, "/account/sign-ins/", "/account/password/change/", "/account/mfa/totp/activate/"):
        page.goto(f"{server}{path}")
        found += _faults(page, path)
    assert found == []


def _faults(page: Page, path: str) -> list[str]:
    """What axe finds serious or critical: page, rule, and the first places."""
    violations = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{path}: {one['id']} ({one['impact']}) ×{len(one['nodes'])} {one['nodes'][0]['target']} {one['nodes'][0]['failureSummary'][:160]}"
        for one in violations
        if one["impact"] in ("serious", "critical")
    ]
