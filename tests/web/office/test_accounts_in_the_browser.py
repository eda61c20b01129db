"""Accounts in a real browser: the second factor set up because it must be, the warning, the end of a session with the text kept."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from gongkai.disclosure import actions
from gongkai.organisations.actors import actor_for
from gongkai.organisations.models import LoginEvent, User
from gongkai.rules.access import Role
from tests import factories
from tests.browser.test_login import totp

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = "/usr/bin/chromium"


@pytest.fixture
def browser(monkeypatch) -> Iterator[object]:
    if not Path(CHROMIUM).exists():
        pytest.skip("NO BROWSER: chromium is not installed, so these pages were not tried in one")
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the driver runs an event loop in this thread
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture
def body():
    return factories.body("测试区人民政府", kind="district_government")


def open_page(browser, **options):
    page = browser.new_context(locale="zh-CN", **options).new_page()
    page.set_default_timeout(15_000)
    page.problems = []
    page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    return page


def sign_in(page, server, name: str, password: str = factories.PASSWORD) -> None:
    page.goto(f"{server.url}/account/login/")
    type_in(page, name, password)


def type_in(page, name: str, password: str = factories.PASSWORD) -> None:
    page.fill("[name=login]", name)
    page.fill("[name=password]", password)
    with page.expect_navigation():
        page.click("main button[type=submit]")


def test_who_must_have_a_second_factor_is_led_to_it_before_anything_else(browser, live_server, body, settings):
    settings.GONGKAI_REQUIRE_MFA = True
    factories.member(body, Role.REVIEWER, name="reviewer")
    page = open_page(browser, viewport={"width": 360, "height": 800})
    sign_in(page, live_server, "reviewer")
    page.wait_for_url("**/account/mfa/totp/activate/")
    page.goto(f"{live_server.url}/office/items/")
    page.wait_for_url("**/account/mfa/totp/activate/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    secret = page.inner_text("code.secret")
    page.get_by_label("验证码").fill(totp(secret))
    page.click("main button[type=submit]")
    page.wait_for_selector("ul.codes")
    codes = page.locator("ul.codes code").all_inner_texts()
    assert len(codes) >= 8, "recovery codes are shown at once"
    page.get_by_role("link", name="进入工作台").click()
    page.wait_for_url("**/office/")
    again = open_page(browser)
    sign_in(again, live_server, "reviewer")
    again.get_by_label("验证码或者恢复码").fill(codes[0])
    again.get_by_role("button", name="登录", exact=True).click()
    again.wait_for_url("**/office/")
    assert page.problems == [] and again.problems == []


def test_a_session_ends_by_itself_and_what_was_typed_comes_back(browser, live_server, body, settings):
    clerk = factories.member(body, Role.CLERK, name="clerk")
    item = actions.create_item(
        actor=actor_for(clerk), organisation_id=body.pk, kind="notice", values=factories.values()
    )
    page = open_page(browser)
    sign_in(page, live_server, "clerk")
    settings.GONGKAI_IDLE_SECONDS = 7
    page.goto(f"{live_server.url}/office/items/{item.pk}/edit/")
    page.fill("[name=summary]", "写到一半的概述")
    page.wait_for_selector("[role=alertdialog]:has-text('后自动退出')")
    page.wait_for_url("**/account/login/**", timeout=20_000)
    assert "较长时间没有操作" in page.inner_text("main")
    settings.GONGKAI_IDLE_SECONDS = 1800
    type_in(page, "clerk")
    page.wait_for_url(f"**/office/items/{item.pk}/edit/")
    page.get_by_role("button", name="恢复本机暂存的内容").click()
    assert page.input_value("[name=summary]") == "写到一半的概述"
    assert page.problems == []
    assert LoginEvent.objects.filter(user=clerk, kind="ended").count() == 1


def test_who_is_still_there_goes_on(browser, live_server, body, settings):
    factories.member(body, Role.CLERK, name="clerk")
    settings.GONGKAI_IDLE_SECONDS = 60
    page = open_page(browser, viewport={"width": 360, "height": 800})
    sign_in(page, live_server, "clerk")
    bar = page.locator("[role=alertdialog]")
    bar.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    settings.GONGKAI_IDLE_SECONDS = 1800
    page.get_by_role("button", name="继续使用").click()
    bar.wait_for(state="hidden")
    assert page.url.endswith("/office/") and page.problems == []


def test_a_session_over_is_said_without_script_as_well(browser, live_server, body, settings):
    factories.member(body, Role.CLERK, name="clerk")
    page = open_page(browser, java_script_enabled=False)
    sign_in(page, live_server, "clerk")
    User.objects.update(sessions_valid_from=timezone.now(), sessions_ended_because="administrator")
    page.goto(f"{live_server.url}/office/items/")
    assert "/account/login/" in page.url and "管理员已更改您的登录方式" in page.inner_text("main")


def test_a_temporary_password_is_handed_over_used_and_changed(browser, live_server, body):
    factories.member(body, Role.ADMINISTRATOR, name="boss")
    page = open_page(browser)
    sign_in(page, live_server, "boss")
    page.goto(f"{live_server.url}/office/people/create/")
    page.get_by_label(re.compile("^用户名")).fill("neu")
    page.get_by_label(re.compile("^姓名")).fill("示例新人")
    page.locator("[name=organisation]").select_option(str(body.pk))
    page.locator("[name=role]").select_option("clerk")
    page.get_by_role("button", name="建立账号").click()
    password = page.inner_text("code.secret")
    new = open_page(browser)
    sign_in(new, live_server, "neu", password)
    new.wait_for_url("**/account/password/change/")
    new.fill("[name=oldpassword]", password)
    for name in ("password1", "password2"):
        new.fill(f"[name={name}]", "kT9-mourned-vale")
    new.click("main button[type=submit]")
    new.wait_for_url("**/office/")
    assert page.problems == [] and new.problems == []


@pytest.mark.parametrize("width", [360, 1440])
def test_no_page_of_accounts_is_wider_than_the_screen(browser, live_server, body, width):
    boss = factories.member(body, Role.ADMINISTRATOR, name="boss")
    person = factories.member(body, Role.CLERK)
    User.objects.filter(pk=person.pk).update(date_joined="2020-01-01T00:00:00Z")
    device = "Windows 电脑，奇安信浏览器"
    LoginEvent.objects.create(user=boss, kind="failed", address="2001:db8:1111:2222:3333:4444:5555:6666", device=device)
    page = open_page(browser, viewport={"width": width, "height": 800})
    sign_in(page, live_server, "boss")
    for address in (
        "/account/sign-ins/",
        "/account/password/change/",
        "/office/sign-ins/",
        f"/office/people/{person.pk}/",
        "/office/people/dormant/",
        "/office/access/",
        "/office/access/?v=elder",
    ):
        page.goto(f"{live_server.url}{address}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    assert page.problems == []
