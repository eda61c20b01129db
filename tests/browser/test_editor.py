"""The editor in a real browser: a paste from Word with its pictures, layout, autosave, a lost session, preview; by keyboard alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gongkai.sample.people import PASSWORD
from tests import factories
from tests.browser.conftest import OpenPage
from tests.text.pasting.test_office import rtf, word_item

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WORD = (
    "<html xmlns:o='urn:schemas-microsoft-com:office:office'><body><!--StartFragment-->"
    "<p class=MsoNormal style='text-indent:32.0pt;color:red'><span style='font-family:仿宋_GB2312'>一.工作要求<o:p></o:p></span></p>"
    + word_item("落实责任", "1.")
    + word_item("按时报送", "2.")
    + "<table class=MsoTableGrid><tr><td colspan=2><p class=MsoNormal>单位</p></td></tr><tr><td><p>甲</p></td><td><p>乙</p></td></tr></table>"
    "<p class=MsoNormal><img width=80 src='file:///C:/Users/x/AppData/Local/Temp/clip_image002.png' alt='示意图'></p>"
    "<!--EndFragment--></body></html>"
)
PASTE = """(element, [html, rtf]) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "工作要求");
  if (rtf) data.setData("text/rtf", rtf);
  element.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def _new(page: Page, server: str, title: str, *, script: bool = True) -> None:
    page.goto(f"{server}/office/")
    page.get_by_role("link", name="新建信息").last.click()
    page.locator("input[name=kind][value=notice]").check()
    page.get_by_role("button", name="下一步").click()
    page.locator("#id_title").fill(title)
    if script:
        expect(page.locator(".prose-menubar")).to_be_visible()  # before, the field is a plain text area


def _editor(page: Page):
    return page.get_by_role("textbox", name="正文", exact=True)


def test_a_paste_from_word_is_saved_laid_out_and_previewed(open_page: OpenPage, server: str):
    page, _ = open_page("jyj-clerk")
    _new(page, server, "关于报送示例材料的通知")
    editor = _editor(page)
    editor.click()
    editor.evaluate(PASTE, [WORD, rtf(factories.picture(7))])
    expect(editor.locator("ol li")).to_have_text(["落实责任", "按时报送"])
    expect(editor.locator("td")).to_have_text(["单位", "甲", "乙"])
    expect(editor.locator("img")).to_have_attribute("src", re.compile("^data:image/png"))
    assert "MsoNormal" not in (editor.inner_html()) and "red" not in editor.inner_html()
    page.get_by_role("button", name="一键排版").click()
    expect(page.locator(".tools .notice")).to_contain_text("标题层级 1 处")
    expect(_editor(page).locator("h2")).to_have_text("一、工作要求")
    page.get_by_role("button", name="还原正文").click()
    expect(_editor(page).locator("p").first).to_have_text("一.工作要求")
    page.get_by_role("button", name="一键排版").click()
    expect(_editor(page).locator("h2")).to_have_text("一、工作要求")
    page.get_by_role("button", name="保存并预览").click()
    page.wait_for_url(re.compile(r"/preview/$"))
    for view, text in (("desktop", "电脑"), ("phone", "手机"), ("elder", "长辈版")):
        page.get_by_role("link", name=text, exact=True).click()
        frame = page.frame_locator("iframe")
        expect(frame.locator(".document-body h2")).to_have_text("一、工作要求")
        expect(frame.locator(".document-body ol li")).to_have_count(2)
        picture = frame.locator(".document-body img")
        expect(picture).to_have_attribute("src", re.compile(r"^/office/items/\d+/pictures/[0-9a-f]{64}$"))
        assert picture.evaluate("image => image.complete && image.naturalWidth") == 12, view
    assert page.locator("iframe").evaluate("frame => frame.contentDocument.documentElement.className") == "elder"


def test_a_picture_is_chosen_described_and_stays(open_page: OpenPage, server: str, tmp_path: Path):
    page, _ = open_page("jyj-clerk")
    _new(page, server, "带图的通知")
    page.get_by_role("button", name="保存并继续编写").click()
    page.wait_for_url(re.compile("/edit/$"))
    (tmp_path / "图.png").write_bytes(factories.picture(9))
    (tmp_path / "图.txt").write_text("不是图片", encoding="utf-8")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="插入图片").click()
    chooser.value.set_files(tmp_path / "图.png")
    image = _editor(page).locator("img")
    expect(image).to_have_attribute("src", re.compile(r"/office/items/\d+/pictures/"))
    image.click()
    page.once("dialog", lambda dialog: dialog.accept("示意图说明"))
    page.get_by_role("button", name="图片说明").click()
    expect(image).to_have_attribute("alt", "示意图说明")
    page.get_by_role("button", name="保存", exact=True).last.click()
    page.wait_for_url(re.compile(r"/office/items/\d+/$"))
    expect(page.locator(".article-body img")).to_have_attribute("alt", "示意图说明")


def test_what_is_typed_is_kept_and_a_lost_session_loses_nothing(open_page: OpenPage, server: str):
    page, _watch = open_page("jyj-clerk")
    _new(page, server, "自动保存的通知")
    page.get_by_role("button", name="保存并继续编写").click()
    page.wait_for_url(re.compile("/edit/$"))
    address = page.url
    page.locator("#id_summary").fill("写到一半的概述")
    with page.expect_response(re.compile("/autosave/$")) as waiting:
        page.locator("#id_keywords").focus()
    assert waiting.value.status == 200
    expect(page.locator("[data-autosave-line]")).to_contain_text("自动保存")
    page.on("dialog", lambda dialog: dialog.accept())  # leaving with unsaved text asks first
    page.goto(f"{server}/office/")
    page.goto(address)
    page.get_by_role("button", name="恢复自动保存的内容").click()
    expect(page.locator("#id_summary")).to_have_value("写到一半的概述")
    page.get_by_role("button", name="保存并继续编写").click()
    expect(page.locator(".message")).to_contain_text("草稿已保存")

    page.context.clear_cookies(name="gongkai_office")
    page.locator("#id_summary").fill("会话过期后写的概述")
    page.wait_for_timeout(3100)
    page.locator("#id_keywords").focus()
    expect(page.locator("[data-autosave-line]")).to_contain_text("登录已过期")
    page.get_by_role("button", name="保存", exact=True).last.click()
    page.wait_for_url(re.compile("/account/login/"))
    page.get_by_label("用户名").fill("jyj-clerk")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(re.compile("/edit/$"))
    expect(page.locator("#id_summary")).to_have_value("写到一半的概述")
    page.get_by_role("button", name="恢复本机暂存的内容").click()
    expect(page.locator("#id_summary")).to_have_value("会话过期后写的概述")
    page.get_by_role("button", name="保存", exact=True).last.click()
    page.wait_for_url(re.compile(r"/office/items/\d+/$"))
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('gongkai-copy'))") == []


def test_two_people_choose_field_by_field(open_page: OpenPage, server: str):
    clerk, clerk_watch = open_page("jyj-clerk")
    reviewer, _ = open_page("jyj-reviewer")
    _new(clerk, server, "两人同时编辑的通知")
    clerk.get_by_role("button", name="保存并继续编写").click()
    clerk.wait_for_url(re.compile("/edit/$"))
    reviewer.goto(clerk.url)
    reviewer.locator("#id_summary").fill("审核员的概述")
    reviewer.get_by_role("button", name="保存", exact=True).last.click()
    reviewer.wait_for_url(re.compile(r"/office/items/\d+/$"))
    clerk.locator("#id_summary").fill("信息员的概述")
    clerk.locator("#id_keywords").fill("示例词")
    with clerk_watch.expecting(409):
        clerk.get_by_role("button", name="保存", exact=True).last.click()
        clerk.get_by_role("heading", name="两个版本的差异").wait_for()
    clerk.locator("input[name=choose_summary][value=theirs]").check()
    clerk.get_by_role("button", name="按上面的逐项选择合并").click()
    expect(clerk.locator("#id_summary")).to_have_value("审核员的概述")
    expect(clerk.locator("#id_keywords")).to_have_value("示例词")


def test_a_text_is_written_and_saved_by_keyboard_alone(open_page: OpenPage, server: str):
    page, _ = open_page("jyj-clerk")
    _new(page, server, "键盘输入的通知")
    for _ in range(60):
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == "正文":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("各单位：")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+b")
    page.keyboard.type("请执行。")
    expect(_editor(page).locator("strong")).to_have_text("请执行。")
    page.locator("#id_keywords").press("Enter")  # saves, and uses no tool
    page.wait_for_url(re.compile(r"/office/items/\d+/$"))
    expect(page.locator(".article-body")).to_contain_text("各单位：")


def test_without_script_the_tools_work_on_the_plain_text_area(open_page: OpenPage, server: str):
    page, _ = open_page("jyj-clerk", java_script_enabled=False)
    _new(page, server, "没有脚本的通知", script=False)
    page.locator("#id_body").fill("<p>一.要求</p><p>谯教〔2026〕7号,请执行.</p>")
    page.get_by_role("button", name="一键排版").click()
    assert "<h2>一、要求</h2>" in page.locator("#id_body").input_value()
    page.get_by_role("button", name="从正文提取要素").click()
    assert page.locator("#id_title").input_value() == "没有脚本的通知"
    page.get_by_role("button", name="保存并预览").click()
    expect(page.frame_locator("iframe").locator(".document-body h2")).to_have_text("一、要求")


def test_many_items_are_chosen_with_one_box(open_page: OpenPage, server: str):
    page, _ = open_page("jyj-clerk", width=360, height=800)
    page.goto(f"{server}/office/items/?state=draft")
    page.get_by_label("全选本页").check()
    chosen = page.locator("input[name=item]:checked").count()
    assert chosen >= 1
    page.get_by_label("对勾选的信息").select_option("submit")
    page.get_by_role("button", name="批量办理").click()
    expect(page.get_by_role("heading", name="批量提交审核")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(chosen)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing hangs over at 360 px"
