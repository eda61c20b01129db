"""The whole chain by three people in three browsers: pasted from Word, checked, mended, sent back with a remark at its words, a finding let
through by a second person, reviewed, signed, found, corrected, withdrawn; and what the log says of it. With GONGKAI_TEST_TRACE=<folder> every
page's run is recorded there, to be looked at with `playwright show-trace`."""

from __future__ import annotations

import io
import re
import time
from dataclasses import dataclass

import docx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TITLE = "关于开展校园鸢尾花种植活动的通知"
NUMBER_TYPED, NUMBER = "谯教[2026] 88 号", "谯教〔2026〕88号"
WORD_HTML = """
<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal {font-size:16pt}</style></head><body>
<!--StartFragment--><p class="MsoNormal" style="mso-pagination:none"><span style="font-family:仿宋_GB2312;color:red">鸢尾花苗分配如下：<o:p></o:p></span></p>
<p class="MsoNormal">领取人示例，身份证号110105190101010017；现场联系电话13900001234。</p>
<table class="MsoTableGrid" border="1"><tr><td width="120"><p class="MsoNormal">学校</p></td><td><p class="MsoNormal">株数</p></td></tr>
<tr><td><p class="MsoNormal">示例小学</p></td><td><p class="MsoNormal">3600</p></td></tr></table><!--EndFragment--></body></html>
"""
"""What Word puts on the clipboard, shortened."""


@dataclass
class Team:
    """Three people, each with a page in a browser of his own, and the item's number once it is known."""

    server: str
    clerk: Page
    reviewer: Page
    signer: Page
    item_id: int = 0

    def office(self, page: Page) -> None:
        """Open the item's page in the office."""
        page.goto(f"{self.server}/office/items/{self.item_id}/")

    @property
    def public(self) -> str:
        """Address of the item on the public site."""
        return f"{self.server}/items/{self.item_id}/"


def test_a_document_goes_from_the_clerk_to_the_public_and_is_corrected_and_withdrawn(open_page: OpenPage, server: str):
    clerk, clerk_watch = open_page("jyj-clerk")
    reviewer, _ = open_page("jyj-reviewer")
    signer, _ = open_page("jyj-signer")
    citizen, citizen_watch = open_page()
    stranger, stranger_watch = open_page("mzj-clerk")
    team = Team(server, clerk, reviewer, signer)

    _start(team)
    with clerk_watch.tolerating(
        "Applying inline style violates"
    ):  # the browser refuses Word's styles while the editor reads them
        _paste_from_word(team)
    _fill_in_the_elements(team)
    with stranger_watch.expecting(404):
        assert stranger.goto(f"{server}/office/items/{team.item_id}/").status == 404
    expect(stranger.locator("main")).not_to_contain_text("鸢尾花")
    with citizen_watch.expecting(404):
        assert citizen.goto(team.public).status == 404, "a draft is not public"

    _refuse_a_bad_file_and_take_a_good_one(team)
    _mask_what_the_check_found(team)
    _submit(team)
    _send_back_and_mend(team, "请在标题后写明联系人。")
    _let_through_by_a_second_person(team)
    _approve_and_sign(team)
    _read_in_public(team, citizen)
    _read_the_log(open_page("jyj-head")[0], team)

    _correct(team, "更正示例小学的株数。")
    _read_the_correction(team, citizen, "更正示例小学的株数。")

    team.office(team.reviewer)
    _take(team.reviewer, "withdraw", reason="published_in_error", note="重复安排，已并入全区绿化方案。")
    expect(team.reviewer.locator(".message").first).to_contain_text("已撤回")
    with citizen_watch.expecting(410):
        status = _look(citizen, team.public)
    assert status in (200, 410), "a withdrawn item has a page that says so"
    expect(citizen.get_by_role("heading", name="该信息已撤回")).to_be_visible()
    expect(citizen.locator("main")).to_contain_text("重复安排，已并入全区绿化方案。")
    expect(citizen.locator("main")).to_contain_text("发布有误")
    _until_found(citizen, team, found=False)


def _start(team: Team) -> None:
    """The clerk begins a document in the editor and types its first lines."""
    page = team.clerk
    page.goto(f"{team.server}/office/")
    page.get_by_role("link", name="新建信息").last.click()
    page.locator("input[name=kind][value=policy_document]").check()
    page.get_by_role("button", name="下一步").click()
    page.locator("#id_title").fill(TITLE)
    expect(page.locator("#id_body")).to_be_hidden()  # until the script has run the plain field stands there
    editor = page.get_by_role("textbox", name="正文", exact=True)
    editor.click()
    page.keyboard.type("各中小学校：")
    page.keyboard.press("Enter")
    page.keyboard.type("现就有关事项通知如下。")
    page.keyboard.press("Enter")


def _paste_from_word(team: Team) -> None:
    """A paragraph and a table come from the clipboard with everything Word adds to them."""
    editor = team.clerk.get_by_role("textbox", name="正文", exact=True)
    editor.evaluate(
        """(element, html) => {
             const data = new DataTransfer();
             data.setData("text/html", html);
             data.setData("text/plain", "鸢尾花苗分配如下：");
             element.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
           }""",
        WORD_HTML,
    )
    expect(editor.locator("table td, table th")).to_have_count(4)


def _fill_in_the_elements(team: Team) -> None:
    """The rest of the form; the saved draft shows the pasted table without Word's markup."""
    page = team.clerk
    page.locator("#id_document_number").fill(NUMBER_TYPED)
    page.locator("#id_document_date").fill("2026-09-01")
    page.locator("#id_genre").select_option(label="通知")
    _pick(page, "subjects", "科技、教育")
    _pick(page, "rows", "部门文件")
    page.locator("#id_enquiry_phone").fill("0558-0000030")
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(re.compile(r"/office/items/\d+/$"))
    team.item_id = int(page.url.rstrip("/").rsplit("/", 1)[1])
    preview = page.get_by_role("article", name="公开页面预览")
    expect(preview.locator("td, th")).to_have_text(["学校", "株数", "示例小学", "3600"])
    assert "Mso" not in preview.inner_html(), "Word's own markup must not be kept"
    assert "style=" not in preview.locator(".article-body").inner_html()
    expect(page.locator(".preview-number")).to_have_text(NUMBER)


def _refuse_a_bad_file_and_take_a_good_one(team: Team) -> None:
    """A file that is not what its name says is refused in plain Chinese, and what was typed beside it is kept."""
    page = team.clerk
    page.goto(f"{team.server}/office/items/{team.item_id}/edit/")
    page.locator("#id_summary").fill("组织全区中小学开展鸢尾花种植。")
    upload = page.locator("input[name=attachments]")
    upload.set_input_files(
        {"name": "名单.xlsx", "mimeType": "application/vnd.ms-excel", "buffer": b"MZ\x90\x00" + bytes(500)}
    )
    page.get_by_role("button", name="保存", exact=True).click()
    refusal = page.get_by_role("alert").first
    expect(refusal).to_be_visible()
    expect(refusal).to_contain_text(re.compile("[\u4e00-\u9fff]{4,}"))
    assert not re.search("[A-Za-z]{6,}", refusal.inner_text()), f"English in a message: {refusal.inner_text()}"
    expect(page.locator("#id_title")).to_have_value(TITLE)
    expect(page.locator("#id_summary")).to_have_value("组织全区中小学开展鸢尾花种植。")
    expect(page.get_by_role("textbox", name="正文", exact=True)).to_contain_text("现就有关事项通知如下。")
    page.locator("input[name=attachments]").set_input_files(
        {
            "name": "花苗清单.docx",
            "mimeType": "application/octet-stream",
            "buffer": _word_file("花苗清单：鸢尾三千六百株"),
        }
    )
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("link", name="花苗清单.docx").first).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("名单.xlsx")


def _mask_what_the_check_found(team: Team) -> None:
    """The identity number is found and masked by one click; the telephone number, which is meant to be public, stays for a second person."""
    page = team.clerk
    team.office(page)
    page.get_by_role("button", name="重新检查").click()
    findings = page.locator("#findings")
    expect(findings).to_contain_text("2 个严重问题")
    expect(page.locator("mark.finding.serious")).to_have_text(["110105190101010017", "13900001234"])
    findings.get_by_role("button", name="改为“110105********0017”").click()
    expect(page.locator(".message")).to_contain_text("已将")
    expect(page.locator(".article-body")).to_contain_text("身份证号110105********0017")
    expect(page.locator("#findings")).to_contain_text("起草人不能自行放行")


def _let_through_by_a_second_person(team: Team) -> None:
    """Nothing is approved while it is open; the reviewer lets it through for a reason."""
    page = team.reviewer
    team.office(page)
    refused = page.locator(".step-refused", has_text="审核通过")
    expect(refused).to_contain_text("发布前检查发现必须处理的问题")
    page.locator("#findings .set-aside summary").first.click()
    page.get_by_label("理由").first.fill("经本人同意公开的现场值班电话")
    page.get_by_role("button", name="放行", exact=True).click()
    expect(page.locator(".message")).to_contain_text("已登记理由")
    expect(page.locator("#step-approve")).to_be_visible()


def _remark_at_words(page: Page, words: str, text: str) -> None:
    """Choose words in the preview as a mouse would, and say what is to be changed."""
    page.evaluate(
        """words => {
             const body = document.querySelector(".article-body"), walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
             while (walker.nextNode()) {
               const at = walker.currentNode.data.indexOf(words);
               if (at < 0) continue;
               const range = document.createRange();
               range.setStart(walker.currentNode, at); range.setEnd(walker.currentNode, at + words.length);
               const selection = document.getSelection();
               selection.removeAllRanges(); selection.addRange(range);
               return;
             }
           }""",
        words,
    )
    page.get_by_role("button", name="就此处提意见").click()
    form = page.locator("form[data-remark]")
    expect(form.locator("[name=quote]")).to_have_value(words)
    form.locator("[name=text]").fill(text)
    form.get_by_role("button", name="标注意见").click()
    expect(page.locator("mark.remark-mark")).to_have_text(words)


def _read_the_log(head: Page, team: Team) -> None:
    """The head of the body finds every step, by whom, with its reason; and the form of 三审三校 made of it."""
    head.goto(f"{team.server}/office/items/{team.item_id}/")
    log = head.locator("section", has=head.get_by_role("heading", name="办理记录"))
    for words in (
        "按检查建议改正", "放行严重问题", "经本人同意公开的现场值班电话", "标注修改意见", "办理修改意见", "退回修改", "审核通过", "签发",
    ):  # fmt: skip
        expect(log).to_contain_text(words)
    head.goto(f"{team.server}/office/audit/")
    expect(head.locator("main")).to_contain_text("放行严重问题")
    head.goto(f"{team.server}/office/items/{team.item_id}/editions/1/review-record/")
    record = head.locator(".review-record")
    for words in ("一校", "保密关", "区教育局审核员", "区教育局签发人", "株数请按实际核对"):
        expect(record).to_contain_text(words)


def _submit(team: Team) -> None:
    team.office(team.clerk)
    _take(team.clerk, "submit")
    expect(team.clerk.locator(".message")).to_contain_text("已提交审核")


def _send_back_and_mend(team: Team, remark: str) -> None:
    team.reviewer.goto(f"{team.server}/office/")
    team.reviewer.locator("#review").get_by_role("link", name=TITLE).first.click()
    _remark_at_words(team.reviewer, "鸢尾花苗", "株数请按实际核对")
    _take(team.reviewer, "send-back", remark=remark)
    team.clerk.goto(f"{team.server}/office/")
    expect(team.clerk.locator(".task-note", has_text=remark)).to_be_visible()
    team.clerk.goto(f"{team.server}/office/items/{team.item_id}/edit/")
    expect(team.clerk.locator("main")).to_contain_text(remark)
    team.clerk.locator("#id_keywords").fill("鸢尾花、种植")
    team.clerk.get_by_role("button", name="保存", exact=True).click()
    team.clerk.wait_for_url(re.compile(r"/office/items/\d+/$"))
    expect(team.clerk.locator("main")).to_contain_text("还有 1 条修改意见没有办理")
    team.clerk.locator("#remarks").get_by_label("办理情况").fill("已与林业部门核对")
    team.clerk.locator("#remarks").get_by_role("button", name="已办理").click()
    expect(team.clerk.locator("#remarks")).to_contain_text("已与林业部门核对")
    _submit(team)


def _approve_and_sign(team: Team) -> None:
    team.office(team.signer)
    expect(team.signer.locator("#step-sign")).to_have_count(0)  # not before it is reviewed
    team.office(team.reviewer)
    _take(team.reviewer, "approve", secrecy_basis="依据《保密法》逐项审查正文和附件，不涉密，可以公开。", cleared="")
    team.signer.goto(f"{team.server}/office/")
    team.signer.locator("#sign").get_by_role("link", name=TITLE).first.click()
    _take(team.signer, "sign")
    expect(team.signer.get_by_role("link", name="查看公开页面")).to_be_visible()


def _read_in_public(team: Team, citizen: Page) -> None:
    _until_found(citizen, team)
    _look(citizen, team.public)
    expect(citizen.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(citizen.locator("dl.facts")).to_contain_text(NUMBER)
    expect(citizen.locator(".document-body td, .document-body th")).to_have_text(["学校", "株数", "示例小学", "3600"])
    with citizen.expect_download() as waiting:
        citizen.get_by_role("link", name="花苗清单.docx").click()
    text = "".join(paragraph.text for paragraph in docx.Document(waiting.value.path()).paragraphs)
    assert text == "花苗清单：鸢尾三千六百株"


def _correct(team: Team, note: str) -> None:
    """The clerk corrects one number in the table; the correction goes through the same hands."""
    page = team.clerk
    team.office(page)
    _take(page, "correct", change_note=note)
    page.wait_for_url(re.compile("/edit/$"))
    cell = page.get_by_role("textbox", name="正文", exact=True).get_by_text("3600")
    cell.dblclick()
    page.keyboard.type("4800")
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_url(re.compile(r"/office/items/\d+/$"))
    _submit(team)
    _approve_and_sign(team)


def _read_the_correction(team: Team, citizen: Page, note: str) -> None:
    deadline = time.monotonic() + 5
    _look(citizen, team.public)
    while citizen.get_by_role("cell", name="4800").count() == 0 and time.monotonic() < deadline:
        time.sleep(0.2)
        _look(citizen, team.public)
    expect(citizen.get_by_role("cell", name="4800")).to_be_visible()
    changes = citizen.locator("section", has=citizen.get_by_role("heading", name="变更记录"))
    expect(changes).to_contain_text(note)
    editions = citizen.locator("section", has=citizen.get_by_role("heading", name="历次版本"))
    expect(editions.locator("[aria-current=page]")).to_have_text("第 2 版")
    editions.get_by_role("link", name="第 1 版", exact=True).click()
    expect(citizen.locator(".notice.warning").first).to_contain_text("历史版本")
    expect(citizen.get_by_role("cell", name="3600")).to_be_visible()


def _look(citizen: Page, address: str) -> int:
    """Open a page and press reload, for a browser may show what it saw within the last minute; the status of the answer."""
    citizen.goto(address)
    answer = citizen.reload()
    assert answer is not None
    return answer.status


def _until_found(citizen: Page, team: Team, found: bool = True) -> None:
    """Search for a word that only this item has, until it is found (or no longer found), at most five seconds."""
    deadline = time.monotonic() + 5
    while True:
        _look(citizen, f"{team.server}/search/?q=鸢尾花")
        hits = citizen.locator(f".hits a[href='/items/{team.item_id}/']").count()
        if bool(hits) == found:
            return
        assert time.monotonic() < deadline, f"five seconds later the search finds {hits}, expected {found}"
        time.sleep(0.3)


def _take(page: Page, slug: str, **values: str) -> None:
    """Take a step of the item whose page is open, filling in its form."""
    step = page.locator(f"#step-{slug}")
    if step.get_attribute("open") is None:
        step.locator("summary").click()
    for name, value in values.items():
        field = step.locator(f"[name={name}]")
        if field.first.get_attribute("type") == "checkbox":
            for box in field.all():
                box.check()
            continue
        field.select_option(value) if field.evaluate("field => field.tagName") == "SELECT" else field.fill(value)
    with page.expect_navigation():
        step.locator("button[type=submit]").click()


def _pick(page: Page, name: str, label: str) -> None:
    """Tick a box in a folded list, found with its filter."""
    field = page.locator(f"[data-field={name}]")
    field.locator("summary").click()
    box = field.locator("label", has_text=label).locator("visible=true").first
    field.locator(".pick-filter").fill(label)
    box.locator("input").check()
    expect(field.locator(".pick-chosen")).to_contain_text(label)


def _word_file(text: str) -> bytes:
    made = docx.Document()
    made.add_paragraph(text)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
