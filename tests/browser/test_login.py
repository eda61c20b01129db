"""Signing in: the lock after wrong passwords, and the second factor set up and used as with a telephone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time

import pytest
from playwright.sync_api import Page, expect

from gongkai.sample.people import PASSWORD
from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_five_wrong_passwords_lock_the_account_and_the_page_says_so(open_page: OpenPage, server: str):
    page, watch = open_page()
    for attempt in range(1, 6):
        with watch.expecting(429):
            _try(page, server, "gongshui-clerk", f"wrong-{attempt}")
        if attempt < 5:
            expect(page.get_by_role("alert")).to_contain_text("用户名或者密码不正确")
    expect(page.get_by_role("heading", name="账号已锁定")).to_be_visible()
    expect(page.locator("main")).to_contain_text("30 分钟")
    with watch.expecting(429):
        _try(page, server, "gongshui-clerk", PASSWORD)
    expect(page.get_by_role("heading", name="账号已锁定")).to_be_visible()


def test_another_account_is_not_locked_with_it(open_page: OpenPage, server: str):
    page, _ = open_page("gongshui-reviewer")
    expect(page.get_by_role("heading", name="工作台", level=1)).to_be_visible()


def test_the_second_factor_is_set_up_with_the_secret_shown_and_asked_for_at_the_next_sign_in(
    open_page: OpenPage, server: str
):
    page, _ = open_page("gongshui-reviewer")
    page.goto(f"{server}/account/mfa/")
    page.get_by_role("link", name="启用两步验证").last.click()
    asked_again, secret_shown = page.get_by_role("heading", name="再次确认身份"), page.locator("code.secret")
    expect(asked_again.or_(secret_shown)).to_be_visible()  # the click may return before the next page is there
    if asked_again.count():
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="确认").click()
    secret = secret_shown.inner_text()
    page.get_by_label("验证码").fill("000000" if totp(secret) != "000000" else "111111")
    page.get_by_role("button", name="启用").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.locator("code.secret").inner_text() == secret, "a mistyped code must not change the secret"
    page.get_by_label("验证码").fill(totp(secret))
    page.get_by_role("button", name="启用").click()
    expect(page.locator("main")).to_contain_text("两步验证已启用")

    again, _ = open_page()
    _try(again, server, "gongshui-reviewer", PASSWORD)
    expect(again.get_by_role("heading", name="两步验证")).to_be_visible()
    again.goto(f"{server}/office/")
    expect(again.get_by_role("heading", name="两步验证")).to_be_visible()  # the password alone opens nothing
    again.get_by_label("验证码或者恢复码").fill(_fresh_code(secret))
    again.get_by_role("button", name="登录", exact=True).click()
    again.wait_for_url(f"{server}/office/")
    expect(again.locator(".office-account summary")).to_contain_text("示例")


def _try(page: Page, server: str, username: str, password: str) -> None:
    page.goto(f"{server}/account/login/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码", exact=True).fill(password)
    with page.expect_navigation():
        page.get_by_role("button", name="登录").click()


def totp(secret: str, moment: float | None = None) -> str:
    """The code a telephone shows (RFC 6238: HMAC-SHA1, 30 seconds, six digits)."""
    key = base64.b32decode(secret.replace(" ", "") + "=" * (-len(secret) % 8))
    counter = struct.pack(">Q", int(time.time() if moment is None else moment) // 30)
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def test_the_code_is_computed_as_the_standard_says():
    assert totp(base64.b32encode(b"12345678901234567890").decode(), 59) == "287082", (
        "RFC 6238 appendix B, last six digits"
    )


def _fresh_code(secret: str) -> str:
    """A code that was not used yet: each is good once, so wait for the next half minute."""
    used = totp(secret)
    deadline = time.monotonic() + 31
    while (code := totp(secret)) == used and time.monotonic() < deadline:
        time.sleep(0.5)
    return code
