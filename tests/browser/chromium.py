"""The browser: Debian's chromium through playwright, and a watch over everything its pages ask for and complain about."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, Response

EXECUTABLE = Path("/usr/bin/chromium")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
)
_STATUS_ECHO = "Failed to load resource: the server responded with a status of"
"""Chromium repeats every answer of 400 and above on the console; answers are judged as answers, once."""


def launch(playwright: Playwright) -> Browser:
    """Start the browser without a window."""
    return playwright.chromium.launch(
        executable_path=str(EXECUTABLE), args=list(_FLAGS), env={**os.environ, "LANGUAGE": "zh_CN"}
    )


class Watch:
    """What went wrong in the pages of one browser context: console errors, failed requests, foreign hosts, error answers."""

    def __init__(self, context: BrowserContext, server: str) -> None:
        self._host = urlsplit(server).netloc
        self._allowed: set[int] = set()
        self._tolerated: tuple[str, ...] = ()
        self.complaints: list[str] = []
        self.requests = 0
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"script error: {error.error}"))
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    @contextlib.contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Error answers that belong to the test: within the block these are no complaint."""
        self._allowed = set(statuses)
        try:
            yield
        finally:
            self._allowed = set()

    @contextlib.contextmanager
    def tolerating(self, *beginnings: str) -> Iterator[None]:
        """Console errors that begin so are no complaint within the block."""
        self._tolerated = beginnings
        try:
            yield
        finally:
            self._tolerated = ()

    def assert_quiet(self) -> None:
        """Fail with everything that was complained about. Raises also when nothing was watched at all."""
        assert self.requests, "no request was seen: the watch is blind"
        assert not self.complaints, "\n".join(self.complaints)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith((_STATUS_ECHO, *self._tolerated)):
            self.complaints.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        self.requests += 1
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != self._host:
            self.complaints.append(f"foreign host: {request.url}")

    def _failed(self, request: Request) -> None:
        # ERR_ABORTED is a page that was left while loading, or an answer that became a download: nothing failed.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.method} {request.url}: {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._allowed:
            self.complaints.append(f"{response.status}: {response.request.method} {response.url}")


def sign_in(page: Page, server: str, username: str, password: str) -> None:
    """Sign in at the office by typing, as people do."""
    page.goto(f"{server}/account/login/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{server}/office/")
