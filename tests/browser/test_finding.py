"""A citizen finds a document: by a word, by its number, by narrowing; with mouse, keyboard, and without script."""

from __future__ import annotations

import io
import re
from pathlib import Path

import docx
import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WORD = "补贴"


def test_a_word_typed_on_the_home_page_leads_to_a_document_with_all_its_elements(open_page: OpenPage, server: str):
    page, _ = open_page()
    _search_from_home(page, server, WORD)
    page.get_by_role("navigation", name="结果分组").get_by_role("link", name=re.compile("^政策 ")).click()
    hit = page.locator(".hits h3 a").first
    title = hit.inner_text()
    number = page.locator(".hits li").first.locator(".document-facts span").nth(1).inner_text()
    hit.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    facts = page.locator("dl.facts")
    expect(_fact(page, "发文字号")).to_have_text(number)
    expect(_fact(page, "咨询电话")).to_have_text(re.compile(r"\d{4}-\d{7}"))
    expect(facts).to_contain_text("索引号")
    expect(page.locator(".validity-banner strong")).to_have_text(
        re.compile("^(现行有效|已修改|失效|废止|宣布失效|尚未生效)$")
    )


def test_the_downloads_of_a_document_hold_its_title_and_every_line_of_its_text(
    open_page: OpenPage, server: str, tmp_path: Path
):
    page, _ = open_page()
    _open_first_policy(page, server)
    title = page.get_by_role("heading", level=1).inner_text()
    lines = [line for line in page.locator(".document-body p").all_inner_texts() if len(line) > 10]
    assert lines, "the document has no text"
    for name, read in (("Word", _word_text), ("PDF", _pdf_text), ("文本", lambda content: content.decode("utf-8-sig"))):
        text = _dense(read(_download(page, name, tmp_path)))
        assert _dense(title) in text, f"{name} lacks the title"
        missing = [line for line in lines if _dense(line)[:20] not in text]
        assert not missing, f"{name} lacks {missing}"


def test_a_number_typed_with_wrong_brackets_and_blanks_brings_its_document_first(open_page: OpenPage, server: str):
    page, _ = open_page()
    page.goto(f"{server}/policy-library/in-force-register/")
    row = page.locator("table.register tbody tr").nth(3)
    title, number = row.locator("td").nth(0).inner_text().strip(), row.locator("td").nth(1).inner_text().strip()
    assert "〔" in number
    for wrong in (
        number.replace("〔", "[").replace("〕", "]"),
        number.replace("〔", "（").replace("〕", "） ").replace("号", " 号"),
    ):
        _search_from_home(page, server, wrong)
        first = page.locator(".hits li").first
        expect(first.locator("h3 a")).to_have_text(title)
        expect(first.locator(".document-facts").first).to_contain_text(number)


def test_each_facet_narrows_to_exactly_the_number_it_announces(open_page: OpenPage, server: str):
    page, _ = open_page()
    page.goto(f"{server}/search/?q={WORD}")
    whole = _total(page)
    everything = page.get_by_role("navigation", name="结果分组").get_by_role("link", name=re.compile("^全部"))
    assert _number(everything.inner_text()) == whole, "every item has one kind, so the kinds add up to the whole"
    before = whole
    for facet in ("信息类型", "发布机构"):
        value = _facet(page, facet).locator("li a").first
        announced, label = _number(value.locator(".count").inner_text()), value.locator(".facet-label").inner_text()
        value.click()
        expect(page.locator(".chosen", has_text=f"{facet}：{label}")).to_be_visible()
        assert _total(page) == announced <= before
        before = announced
    assert page.locator(".hits li").count() == min(before, 10)
    assert len(set(page.locator(".hits .badge.kind").all_inner_texts())) == 1, (
        "one kind was chosen, so one kind is shown"
    )
    page.locator(".chosen").first.click()
    page.locator(".chosen").first.click()
    assert _total(page) == whole


def test_back_and_forward_keep_the_words_and_the_choices(open_page: OpenPage, server: str):
    page, _ = open_page()
    _search_from_home(page, server, WORD)
    whole = _total(page)
    _facet(page, "信息类型").locator("li a").first.click()
    narrowed = _total(page)
    assert narrowed < whole
    page.locator(".hits h3 a").first.click()
    expect(page.locator("dl.facts")).to_be_visible()
    page.go_back()
    assert (_words(page), _total(page)) == (WORD, narrowed)
    page.go_back()
    assert (_words(page), _total(page)) == (WORD, whole)
    page.go_forward()
    assert (_words(page), _total(page)) == (WORD, narrowed)


def test_the_keyboard_alone_leads_from_the_home_page_to_a_document(open_page: OpenPage, server: str):
    page, _ = open_page()
    page.goto(f"{server}/")
    _tab_to(page, "#home-q", most=30)
    page.keyboard.type(WORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search/"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link", "the first Tab reaches the skip link"
    page.keyboard.press("Enter")
    _tab_to(page, ".hits h3 a", most=200)
    ring = page.evaluate(
        "(({outlineStyle, outlineWidth}) => [outlineStyle, parseFloat(outlineWidth)])(getComputedStyle(document.activeElement))"
    )
    assert ring[0] != "none", "the focus is not visible"
    assert ring[1] >= 2, "the focus ring is too thin"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/items/\d+/"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_everything_up_to_the_download_works_without_script(open_page: OpenPage, server: str, tmp_path: Path):
    page, _ = open_page(java_script_enabled=False)
    _open_first_policy(page, server)
    title = page.locator("h1").inner_text()
    expect(page.locator("[data-print]")).to_be_hidden()
    assert _dense(title) in _dense(_download(page, "文本", tmp_path).decode("utf-8-sig"))
    page.goto(f"{server}/search/?q={WORD}")
    _facet(page, "信息类型").locator("li a").first.click()
    assert page.locator(".chosen").count() == 1
    page.get_by_role("link", name="长辈版").click()
    expect(page.locator("html.elder")).to_have_count(1)


def _search_from_home(page: Page, server: str, text: str) -> None:
    page.goto(f"{server}/")
    page.get_by_label("检索内容").fill(text)
    page.get_by_role("button", name="检索").click()
    page.wait_for_url(re.compile("/search/"))


def _open_first_policy(page: Page, server: str) -> None:
    _search_from_home(page, server, WORD)
    page.get_by_role("navigation", name="结果分组").get_by_role("link", name=re.compile("^政策 ")).click()
    page.locator(".hits h3 a").first.click()
    expect(page.locator("dl.facts")).to_be_visible()


def _fact(page: Page, name: str):
    return page.locator("dl.facts div", has=page.locator("dt", has_text=re.compile(f"^{name}$"))).locator("dd")


def _facet(page: Page, name: str):
    return page.locator(".facet", has=page.locator("summary", has_text=re.compile(rf"^\s*{name}")))


def _words(page: Page) -> str:
    return page.locator("form[role=search] input[type=search]").first.input_value()


def _total(page: Page) -> int:
    """The number in the heading of the results."""
    return _number(re.search(r"共 ([\d,]+) 条", page.locator("#results").inner_text()).group(1))


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _tab_to(page: Page, selector: str, most: int) -> None:
    """Press Tab until the focus is on `selector`; fails after `most` times."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{most} times Tab do not reach {selector}")


def _download(page: Page, name: str, directory: Path) -> bytes:
    with page.expect_download() as waiting:
        page.locator(".document-tools").get_by_role("link", name=name).click()
    path = directory / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path.read_bytes()


def _word_text(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def _pdf_text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    # page numbers stand between the lines of two pages; they are taken out by looking at pages one by one
    return "".join(document[index].get_textpage().get_text_range() for index in range(len(document)))


def _dense(text: str) -> str:
    """Without any blank, for lines are broken at other places in each edition."""
    return re.sub(r"[\s\ufffe\u00ad]+", "", text)
