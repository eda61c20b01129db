"""Pictures of the running product: `python -m tests.browser.screenshots docs/screenshots`.

Starts the real server with the sample district, opens the main pages at 1440 px, at 360 px and in 长辈版, and writes one PNG of
each (`home-1440.png`, `home-360.png`, `home-elder.png`), reduced to a palette so that the repository stays light. Of the letters of 依申请公开 the first sheet of one of each kind
is pictured as its PDF prints it (`letter-disclosed.png`).
"""

from __future__ import annotations

import io
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from gongkai.rules.letter_types import letter_types
from gongkai.sample.people import PASSWORD
from tests.browser.chromium import launch, sign_in
from tests.browser.places import find_places
from tests.browser.server import running_server
from tests.browser.table_tour import find_table_places

MOST_BYTES = 350_000
HEIGHT = {"1440": 1000, "360": 800, "elder": 1000}
WIDTH = {"1440": 1440, "360": 360, "elder": 1440}
MOST_HEIGHT = {"1440": 2000, "360": 2400, "elder": 2200}
"""Long pages are cut here: a picture of all of a list shows nothing more."""


@dataclass(frozen=True, slots=True)
class View:
    """A page to be pictured."""

    name: str
    path: str
    office: bool = False
    user: str = "jyj-clerk"


def views(browser: Browser, server: str) -> Iterator[View]:
    """The pages, in the order of a visit."""
    places = find_places(browser, server)
    tables = find_table_places(browser, server)
    yield View("home", "/")
    yield View("library", "/policy-library/")
    yield View("detail", places.document)
    yield View("comparison", places.comparison)
    yield View("comparison-changed", f"{places.comparison}?changed=1")
    yield View("search", "/search/?q=低保 补贴 去年")
    yield View("search-mistyped", "/search/?q=居民衣疗保险")
    yield View("search-empty", "/search/?q=居民医疗保险&group=interaction&since=week")
    yield View("search-help", "/search/help/")
    yield View("popular-searches", "/search/popular/")
    yield View("api", "/api/v1/")
    yield View("statutory", "/statutory-content/")
    yield View("organisation", "/organisations/jyj/")
    yield View("in-force-register", "/policy-library/in-force-register/")
    yield View("table", f"{tables.table}?sort=-amount")
    yield View("table-item", tables.item)
    yield View("login", "/account/login/", office=True)
    yield View("office-worklist", "/office/", office=True)
    yield View("office-list", "/office/items/", office=True)
    yield View("office-item", "", office=True)
    yield View("office-editor", "edit/", office=True)
    yield View("office-comparison", f"/office{places.comparison}", office=True, user="district-office")
    yield View("office-body-loads", "/office/body-loads/", office=True, user="district-office")
    yield View("office-review-chains", "/office/review-chains/", office=True, user="administrator")
    yield View("period", "/information-requests/period/?received=2026-09-24", office=False)
    yield View("office-table-mapping", tables.mapping, office=True, user="gujing-clerk")
    yield View("office-table-masking", tables.masking, office=True, user="gujing-clerk")
    yield View("office-access", "/office/access/", office=True, user="administrator")
    yield View("office-sign-ins", "/office/sign-ins/", office=True, user="administrator")
    yield View("office-person", "/office/people/1/", office=True, user="administrator")
    yield View("office-dormant", "/office/people/dormant/", office=True, user="administrator")
    yield View("account-sign-ins", "/account/sign-ins/", office=True, user="administrator")
    yield View("account-password", "/account/password/change/", office=True, user="administrator")
    yield View("office-dictionaries", "/office/dictionaries/synonyms/", office=True, user="district-office")
    yield View("office-search-report", "/office/search-report/", office=True, user="district-office")
    yield View("information-requests", "/information-requests/")
    yield View("request-apply", "/information-requests/apply/?body=jyj")
    yield View("request-track", "/information-requests/track/")
    yield View("office-cases", "/office/cases/", office=True, user="jyj-reviewer")
    yield View("office-case", places.case, office=True, user="jyj-reviewer")
    yield View(
        "office-case-draft", f"{places.case}draft/?outcome=partially_disclosed", office=True, user="jyj-reviewer"
    )
    yield View("office-case-answered", places.answered_case, office=True, user="jyj-reviewer")
    yield View("office-case-figures", "/office/cases/figures/", office=True, user="district-office")
    yield View("integrated-topic", "/interpretations/topic/")
    yield View("integrated-topic-stage", "/interpretations/topic/?person=birth")
    yield View("enterprise-relief", "/enterprise-relief/")
    yield View("policy", places.policy)
    yield View("policy-with-matters", places.policy_with_matters)
    yield View("reading-together", places.reading_together)
    yield View("search-folded", "/search/?q=创业担保贷款")
    yield View("policy-matching", "/policy-matching/")
    yield View("policy-questions", "/policy-matching/person/")
    yield View("popularity-ranking", "/interpretations/popular/")
    yield View("popularity-formula", "/interpretations/popular/formula/")
    yield View("topics", "/topics/")
    yield View("exemplary-interpretations", "/interpretations/exemplary/")
    yield View("follow", "/subscriptions/new/?list=/interpretations/topic/")
    yield View("office-policy-card", f"/office{places.policy}card/", office=True, user="jyj-reviewer")
    yield View("office-policy-matter", f"/office{places.policy}card/2/", office=True, user="jyj-reviewer")
    yield View("office-tags", f"/office{places.policy}tags/", office=True, user="jyj-reviewer")
    yield View("office-coverage", "/office/policies/coverage/", office=True, user="district-office")
    yield View("office-topics", "/office/topics/", office=True, user="district-office")
    yield View("office-policy-groups", "/office/policy-groups/", office=True, user="district-office")
    yield View("office-popularity", "/office/popularity/", office=True, user="district-office")
    yield View("office-exemplary", "/office/exemplary-interpretations/", office=True, user="district-office")
    yield View("office-subscriptions", "/office/subscriptions/", office=True, user="district-office")
    yield View("office-case-overview", "/office/cases/overview/", office=True, user="district-office")
    yield View("office-case-settings", "/office/cases/settings/", office=True, user="jyj-reviewer")
    yield View("office-case-intake", "/office/cases/create/", office=True, user="jyj-reviewer")
    yield View("office-identity-readings", "/office/cases/identity-readings/", office=True, user="district-office")
    yield View("office-audit", "/office/audit/", office=True, user="administrator")
    yield View("logged-answers", "/information-requests/answers/")
    yield View("logged-answer", places.logged_answer)
    yield View("office-calendars", "/office/calendars/", office=True, user="administrator")


def main(arguments: list[str]) -> None:
    """Write all pictures into the directory named on the command line, or those whose names are given after it."""
    parser = ArgumentParser(prog="python -m tests.browser.screenshots", description="Pictures of the main pages.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("names", nargs="*", help="only these pages, e.g. home detail")
    options = parser.parse_args(arguments)
    options.directory.mkdir(parents=True, exist_ok=True)
    with running_server() as server, sync_playwright() as playwright:
        browser = launch(playwright)
        wanted = [view for view in views(browser, server.url) if not options.names or view.name in options.names]
        for size in WIDTH:
            for name, picture in _pictures(browser, server.url, wanted, size):
                path = options.directory / f"{name}-{size}.png"
                path.write_bytes(picture)
                print(f"{path}  {len(picture) // 1024} KB", flush=True)
        if not options.names or any(name.startswith("letter") for name in options.names):
            for name, picture in _letters(browser, server.url):
                (options.directory / f"letter-{name}.png").write_bytes(picture)
        browser.close()


def _letters(browser: Browser, server: str) -> Iterator[tuple[str, bytes]]:
    """(kind, PNG of the first sheet) of one letter of each kind in the sample district."""
    kinds = {one.label: code for code, one in letter_types().items()}
    page = browser.new_page()
    sign_in(page, server, "district-office", PASSWORD)
    page.goto(f"{server}/office/cases/")
    cases = page.locator("th[scope=row] a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    for case in reversed(cases):
        page.goto(f"{server}{case}")
        for link in page.locator("section[aria-labelledby=letters-title] tbody th a").all():
            kind = kinds.pop(link.inner_text(), "")
            if kind:
                answer = page.request.get(f"{server}{link.get_attribute('href')}letter.pdf")
                assert answer.ok, f"{kind}: {answer.status}"
                yield kind, _sheet(answer.body())
    page.close()


def _sheet(pdf: bytes) -> bytes:
    with pypdfium2.PdfDocument(pdf) as document:
        image = document[0].render(scale=1.4).to_pil()
    return _reduced(image)


def _pictures(browser: Browser, server: str, wanted: list[View], size: str) -> Iterator[tuple[str, bytes]]:
    """(name, PNG) of each page at one size; the office pages with a clerk signed in."""
    context = browser.new_context(
        viewport={"width": WIDTH[size], "height": HEIGHT[size]}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    page = context.new_page()
    signed_in, item = "", ""
    for view in (view for view in wanted if size != "elder" or not view.office):  # the office has no elder mode
        if view.office and view.name != "login" and signed_in != view.user:
            context.clear_cookies()
            sign_in(page, server, view.user, PASSWORD)
            item, signed_in = item or _a_draft(page), view.user
        path = view.path if view.path.startswith("/") else item + view.path
        if size == "elder" and not view.office:
            path += ("&" if "?" in path else "?") + "v=elder"
        page.goto(f"{server}{path}")
        yield view.name, _picture(page, context, size)
    context.close()


def _a_draft(page: Page) -> str:
    """Path of an item the clerk is writing."""
    return page.locator(".task-what a[href^='/office/items/']").first.get_attribute("href") or ""


def _picture(page: Page, context: BrowserContext, size: str) -> bytes:
    """The page from the top, as long as it is but no longer than the limit, with a palette."""
    page.wait_for_load_state("networkidle")
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": WIDTH[size], "height": min(max(height, HEIGHT[size]), MOST_HEIGHT[size])})
    raw = page.screenshot()
    page.set_viewport_size({"width": WIDTH[size], "height": HEIGHT[size]})
    with Image.open(io.BytesIO(raw)) as image:
        return _reduced(image)


def _reduced(image: Image.Image) -> bytes:
    """A PNG with a palette. Raises `AssertionError` when the picture stays too large."""
    for colours in (256, 128, 64, 32):
        out = io.BytesIO()
        image.convert("RGB").quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= MOST_BYTES:
            return out.getvalue()
    raise AssertionError(f"a picture stays above {MOST_BYTES} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
