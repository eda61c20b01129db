"""The office in a real browser: the editor under the site's content policy, and the same work without script."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gongkai.disclosure.models import Item
from gongkai.rules.access import Role
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = "/usr/bin/chromium"


@pytest.fixture
def browser(monkeypatch) -> Iterator[object]:
    if not Path(CHROMIUM).exists():
        pytest.skip("NO BROWSER: chromium is not installed, so this page was not tried in one")
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the driver runs an event loop in this thread
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture
def body():
    made = factories.body("测试区教育局")
    factories.member(made, Role.CLERK, name="clerk")
    factories.member(made, Role.REVIEWER)
    return made


def _sign_in(browser, server, **options):
    page = browser.new_context(locale="zh-CN", **options).new_page()
    page.problems = []
    page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.goto(f"{server.url}/account/login/")
    page.fill("[name=login]", "clerk")
    page.fill("[name=password]", factories.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/office/**")
    return page


def test_a_text_written_in_the_editor_arrives_as_clean_markup(browser, live_server, body):
    page = _sign_in(browser, live_server)
    page.goto(f"{live_server.url}/office/items/create/?organisation={body.pk}&kind=notice")
    page.fill("[name=title]", "关于开展测试的通知")
    text = page.locator(".ProseMirror[contenteditable]")
    text.click()
    page.keyboard.type("各学校：")
    page.keyboard.press("Enter")
    page.click(".prose-menubar__button[title=加粗]")
    page.keyboard.type("重要事项")
    page.click("[data-field=subjects] details.pick-list")
    page.check("label:has-text('政务公开') input[name=subjects]")
    assert "政务公开" in page.locator("[data-field=subjects] .pick-chosen").inner_text()
    page.click(".save-bar button:has-text('保存') >> nth=0")
    page.wait_for_url("**/office/items/*/")
    assert page.problems == []
    edition = Item.objects.get().working
    assert edition.body == "<p>各学校：</p><p><strong>重要事项</strong></p>"
    assert edition.subjects == ["0201"]


def test_every_button_of_the_editor_speaks_chinese(browser, live_server, body):
    page = _sign_in(browser, live_server)
    page.goto(f"{live_server.url}/office/items/create/?organisation={body.pk}&kind=notice")
    page.wait_for_selector(".prose-menubar")
    titles = page.eval_on_selector_all(".prose-menubar button[title]", "all => all.map(one => one.title)")
    assert titles and [title for title in titles if title.isascii() and title] == []


def test_the_office_works_without_script(browser, live_server, body):
    page = _sign_in(browser, live_server, java_script_enabled=False)
    page.goto(f"{live_server.url}/office/items/create/?organisation={body.pk}&kind=notice")
    page.fill("[name=title]", "没有脚本的通知")
    page.fill("[name=body]", "<p>正文</p>")
    page.click(".save-bar button >> nth=0")
    page.click("#step-submit button")
    assert "审核中" in page.inner_text("main")
    assert Item.objects.get().state == "review"


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_page_is_wider_than_the_screen(browser, live_server, body, width):
    item = factories.published(body, title="一个很长的标题" * 12)
    page = _sign_in(browser, live_server, viewport={"width": width, "height": 800})
    form = f"/office/items/create/?organisation={body.pk}&kind=policy_document"
    for address in (
        "/office/",
        "/office/items/",
        form,
        f"/office/items/{item.pk}/",
        "/office/items/?v=elder",
        "/account/mfa/",
    ):
        page.goto(f"{live_server.url}{address}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
