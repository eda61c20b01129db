"""A subsidy list taken through the office by the people of a town, in the browser, as they would: for the tests and the pictures."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import subsidy_list
from playwright.sync_api import Browser, Page, expect

from gongkai.sample.people import PASSWORD
from tests.browser.chromium import sign_in

BODY = "gujing"
PATIENCE = 60_000
"""ms for the background process to do its part."""


@dataclass(frozen=True, slots=True)
class TablePlaces:
    """Paths of pages about subsidy tables."""

    item: str
    """A published item with a table."""
    table: str
    office: str
    """A draft whose table is checked and waits to be accepted."""

    @property
    def mapping(self) -> str:
        """Which column is which."""
        return f"{self.office}table/columns/"

    @property
    def masking(self) -> str:
        """Before and after masking."""
        return f"{self.office}table/check/"


def find_table_places(browser: Browser, server: str, rows: int = 400) -> TablePlaces:
    """Publish one list and leave another before it is accepted."""
    contexts = []

    def person(role: str) -> Page:
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
        contexts.append(context)
        page = context.new_page()
        sign_in(page, server, f"{BODY}-{role}", PASSWORD)
        return page

    clerk = person("clerk")
    first = begin(clerk, server, "古井镇2026年耕地地力保护补贴发放情况")
    bring_in(clerk, server, first, rows)
    accept(clerk)
    publish(server, first, clerk, person)
    second = begin(clerk, server, "古井镇2026年第二批耕地地力保护补贴发放情况")
    bring_in(clerk, server, second, rows)
    for context in contexts:
        context.close()
    item = first.removeprefix("/office")
    return TablePlaces(item, f"{item}editions/1/table/", second)


def begin(page: Page, server: str, title: str) -> str:
    """A draft; returns its path in the office."""
    page.goto(f"{server}/office/items/create/")
    page.locator("input[name=kind][value=benefit_subsidy]").check()
    page.get_by_role("button", name="下一步").click()
    page.locator("#id_title").fill(title)
    page.locator("#id_enquiry_phone").fill("0558-0000030")
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(re.compile(r"/office/items/\d+/$"))
    return page.url.removeprefix(server)


def bring_in(page: Page, server: str, item: str, rows: int) -> None:
    """Upload, confirm the columns as they are filled in, and wait until all rows are checked."""
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "耕地地力保护补贴发放明细表.xlsx"
        subsidy_list.write(file, rows)
        page.goto(f"{server}{item}table/")
        page.get_by_label("补贴表种类").select_option(label="耕地地力保护补贴")
        page.locator("input[type=file]").set_input_files(file)
        page.get_by_role("button", name="上传").click()
    page.wait_for_url(re.compile("table/columns/$"), timeout=PATIENCE)
    page.get_by_role("button", name="检查全部数据").click()
    expect(page.get_by_role("heading", name="三、脱敏前后")).to_be_visible(timeout=PATIENCE)


def accept(page: Page) -> None:
    """Put the masked table into the draft."""
    box = page.locator("#warnings-seen")
    if box.count():
        box.check()
    page.get_by_role("button", name="放入草稿").click()
    expect(page.locator(".message")).to_contain_text("补贴表已放入草稿")


def publish(server: str, item: str, clerk: Page, person: Callable[[str], Page]) -> None:
    """Handed in, reviewed, signed."""
    _step(clerk, server, item, "submit")
    reviewer = person("reviewer")
    reviewer.goto(f"{server}{item}")
    step = reviewer.locator("#step-approve")
    step.locator("[name=secrecy_basis]").fill("依据《保密法》逐项审查正文和补贴表，不涉密，可以公开。")
    for box in step.locator("[name=cleared]").all():
        box.check()
    with reviewer.expect_navigation():
        step.locator("button[type=submit]").click()
    _step(person("signer"), server, item, "sign")


def _step(page: Page, server: str, item: str, slug: str) -> None:
    page.goto(f"{server}{item}")
    step = page.locator(f"#step-{slug}")
    if step.get_attribute("open") is None:
        step.locator("summary").click()
    with page.expect_navigation():
        step.locator("button[type=submit]").click()
