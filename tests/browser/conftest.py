"""One server and one browser for all browser tests, and a watch over every page they open."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from gongkai.sample.people import PASSWORD
from tests.browser.chromium import EXECUTABLE, Watch, launch, sign_in
from tests.browser.places import Places, find_places
from tests.browser.server import running_server

TRACES = os.environ.get("GONGKAI_TEST_TRACE", "")
"""Folder in which every page's run is recorded; none by default."""
OpenPage = Callable[..., tuple[Page, Watch]]
expect.set_options(timeout=15_000)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The browser. It is closed when the last browser test is done: its event loop would disturb tests that use the database."""
    if not EXECUTABLE.exists():
        pytest.skip(f"NO BROWSER: {EXECUTABLE} is absent (apt-get install chromium), so nobody looked at the pages")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def server(browser: Browser) -> Iterator[str]:
    """Root address of the running product, with the sample district."""
    with running_server() as running:
        yield running.url


@pytest.fixture(scope="package")
def places(browser: Browser, server: str) -> Places:
    """Addresses found on the running site."""
    return find_places(browser, server)


@pytest.fixture
def open_page(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Open a page in a browser context of its own, as another person would, signed in when a user name is given.

    At the end every context must have been quiet: no console error, no failed request, no error answer, no foreign host.
    """
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_one(username: str = "", width: int = 1280, height: int = 900, **options: Any) -> tuple[Page, Watch]:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai", **options
        )
        context.set_default_timeout(30_000)  # a busy machine is no fault of the page
        if TRACES:
            context.tracing.start(screenshots=True, snapshots=True)
        watch = Watch(context, server)
        opened.append((context, watch))
        page = context.new_page()
        if username:
            sign_in(page, server, username, PASSWORD)
        return page, watch

    yield open_one
    for place, (context, _) in enumerate(opened):
        if TRACES:
            context.tracing.stop(path=Path(TRACES) / f"{request.node.name}-{place}.zip")
        context.close()
    for _, watch in opened:
        watch.assert_quiet()
