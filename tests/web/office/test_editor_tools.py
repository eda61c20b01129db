"""Tools of the editor, through the pages: Word import, layout, facts from the text, the clipboard. Nothing is saved by them."""

import io
import re

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx.shared import Pt
from lxml import html as lxml_html

from gongkai.disclosure import actions
from gongkai.disclosure.models import Edition, Item
from gongkai.organisations.actors import actor_for
from gongkai.rules.access import Role
from tests import factories

pytestmark = pytest.mark.django_db


def _form(answer) -> dict[str, str]:
    """What the fields of the answered editor hold."""
    [form] = lxml_html.fromstring(answer.content.decode()).xpath("//form[contains(@class, 'editor-form')]")
    return {name: value.removeprefix("\n") for name, value in form.form_values()}  # as browsers read a text area


def _address(bureau, kind="policy_document") -> str:
    return f"/office/items/create/?organisation={bureau.body.pk}&kind={kind}"


def _use(bureau, tool: str, typed, address: str = "", **more):
    answer = bureau[Role.CLERK].post(address or _address(bureau), {**typed, "tool": tool, **more})
    assert answer.status_code == 200, answer.status_code
    return answer


def _word(*, picture: bool = True) -> SimpleUploadedFile:
    document = docx.Document()
    document.add_paragraph("谯政办〔2026〕12号")
    title = document.add_paragraph()
    title.alignment = 1
    title.add_run("关于做好示例工作的通知").font.size = Pt(22)
    document.add_paragraph("各有关单位：")
    document.add_heading("一、总体要求", 1)
    document.add_paragraph("现将有关事项通知如下。").runs[0].font.name = "仿宋_GB2312"
    if picture:
        document.add_picture(io.BytesIO(factories.picture(3)))
    table = document.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "项目"
    table.cell(1, 0).text = "甲"
    document.add_paragraph("谯城区人民政府办公室")
    document.add_paragraph("2026年3月1日")
    out = io.BytesIO()
    document.save(out)
    return SimpleUploadedFile("示例通知.docx", out.getvalue())


# --- Word --------------------------------------------------------------------------------------------------------------
def test_a_word_file_fills_body_and_empty_fields_and_saves_nothing(bureau):
    answer = _use(bureau, "word", {"title": "", "body": ""}, word_file=_word())
    fields = _form(answer)
    assert '<td colspan="2">项目</td>' in fields["body"] and "一、总体要求</h" in fields["body"]
    assert 'src="data:image/png;base64,' in fields["body"]
    assert "仿宋" not in fields["body"] and "style" not in fields["body"]
    assert (fields["document_number"], fields["document_date"]) == ("谯政办〔2026〕12号", "2026-03-01")
    assert fields["title"].strip() == "关于做好示例工作的通知"
    assert "已填入" in answer.content.decode()
    assert not Item.objects.exists()


def test_the_imported_text_is_saved_with_its_picture(bureau, typed):
    fields = _form(_use(bureau, "word", {"title": "", "body": ""}, word_file=_word()))
    saved = bureau[Role.CLERK].post(_address(bureau), {**typed, "body": fields["body"]})
    assert saved.status_code == 302
    edition = Edition.objects.get()
    assert edition.attachments.filter(in_text=True).count() == 1 and 'src="/pictures/' in edition.body
    fields = _form(bureau[Role.CLERK].get(f"/office/items/{edition.item_id}/edit/"))
    assert f'src="/office/items/{edition.item_id}/pictures/' in fields["body"]


def test_in_a_draft_the_pictures_become_files_at_once_and_the_old_body_can_be_had_back(bureau, typed):
    bureau[Role.CLERK].post(_address(bureau), {**typed, "body": "<p>原来的正文。</p>"})
    item = Item.objects.get()
    address = f"/office/items/{item.pk}/edit/"
    answer = _use(bureau, "word", {**typed, "body": "<p>改过的正文。</p>"}, address, word_file=_word())
    fields = _form(answer)
    assert "data:" not in fields["body"] and f'src="/office/items/{item.pk}/pictures/' in fields["body"]
    assert fields["body_before"].strip() == "<p>改过的正文。</p>"
    back = _form(_use(bureau, "undo", fields, address))
    assert back["body"].strip() == "<p>改过的正文。</p>"
    item.refresh_from_db()
    assert item.working.body == "<p>原来的正文。</p>"


BAD_FILES = [
    (None, "请先选择", "no file"),
    (SimpleUploadedFile("a.docx", b"PK\x03\x04 broken"), "", "a damaged file"),
    (SimpleUploadedFile("a.docx", b"%PDF-1.4\n%%EOF"), "", "a PDF that calls itself Word"),
    (SimpleUploadedFile("a.txt", "文字".encode() * 50), "不是 Word 文档", "a text"),
    (SimpleUploadedFile("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000), "docx", "an old Word file"),
]


@pytest.mark.parametrize(("file", "words", "reason"), BAD_FILES, ids=[case[2] for case in BAD_FILES])
def test_a_file_that_cannot_be_read_is_refused_and_the_form_stays(bureau, typed, file, words, reason):
    answer = _use(bureau, "word", typed, **({"word_file": file} if file else {}))
    page = answer.content.decode()
    assert 'class="notice warning" role="alert"' in page and words in page, reason
    assert _form(answer)["body"].strip() == typed["body"]
    assert _form(answer)["title"].strip() == typed["title"]


# --- layout ------------------------------------------------------------------------------------------------------------
def test_layout_changes_the_form_says_what_it_did_and_can_be_undone(bureau, typed):
    messy = "<p>　　一.总体要求</p><p>各单位,请执行.</p>"
    answer = _use(bureau, "layout", {**typed, "body": messy})
    fields = _form(answer)
    assert fields["body"].strip() == "<h2>一、总体要求</h2><p>各单位，请执行。</p>"
    assert "标题层级 1 处" in answer.content.decode()
    assert _form(_use(bureau, "undo", fields))["body"].strip() == messy
    assert fields["title"].strip() == typed["title"] and fields["document_number"] == typed["document_number"]


def test_the_text_before_the_layout_is_at_hand_after_another_tool_too(bureau, typed):
    fields = _form(_use(bureau, "layout", {**typed, "body": "<p>各单位,请执行.</p>"}))
    fields = _form(_use(bureau, "facts", {**typed, **fields}))
    assert fields["body"].strip() == "<p>各单位，请执行。</p>" and fields["body_before"] == "<p>各单位,请执行.</p>"


def test_a_text_in_order_is_said_to_be_so(bureau, typed):
    assert "没有需要调整的地方" in _use(bureau, "layout", {**typed, "body": "<p>正文。</p>"}).content.decode()


# --- facts -------------------------------------------------------------------------------------------------------------
def test_facts_fill_what_is_empty_show_what_differs_and_are_adopted_one_by_one(bureau, typed):
    body = "<p>谯政办〔2026〕12号</p><p>关于做好示例工作的通知</p><p>各单位：</p><p>请执行。</p><p>谯城区财政局</p><p>2026年3月1日</p>"
    answer = _use(
        bureau, "facts", {**typed, "body": body, "document_date": "", "document_number": "谯政办〔2026〕21号"}
    )
    fields = _form(answer)
    assert fields["document_date"] == "2026-03-01", "empty: filled"
    assert fields["document_number"] == "谯政办〔2026〕21号", "typed: stays"
    page = answer.content.decode()
    assert "谯政办〔2026〕12号" in page and "落款日期" in page and 'value="adopt:document_number"' in page
    adopted = _use(bureau, "adopt:document_number", {**typed, **fields})
    assert _form(adopted)["document_number"] == "谯政办〔2026〕12号"
    assert _form(adopted)["title"] == fields["title"]


@pytest.mark.parametrize("tool", ["adopt:body", "adopt:nonsense", "adopt", "nonsense", ""])
def test_a_tool_that_there_is_not_changes_nothing(bureau, typed, tool):
    assert _form(_use(bureau, tool, typed))["body"].strip() == typed["body"]


def test_enter_in_a_field_saves_and_uses_no_tool(bureau):
    page = lxml_html.fromstring(bureau[Role.CLERK].get(_address(bureau)).content.decode())
    first = page.xpath("//form[contains(@class, 'editor-form')]//button[@type='submit']")[0]
    assert first.get("name") is None


# --- clipboard ---------------------------------------------------------------------------------------------------------
def test_the_clipboard_comes_back_simple_and_says_what_is_missing(bureau):
    markup = "<p class=MsoNormal style='mso-x:y'>文<o:p></o:p></p><img src='file:///C:/a.png'><img src='https://example.org/b.png'>"
    answer = bureau[Role.CLERK].post("/office/paste/", {"html": SimpleUploadedFile("html", markup.encode())})
    assert answer.json()["html"] == "<p>文</p>"
    assert [re.search(r"有 (\d) 张", note)[1] for note in answer.json()["notes"]] == ["1", "1"]


def test_an_empty_clipboard_is_nothing(bureau):
    assert bureau[Role.CLERK].post("/office/paste/").json() == {"html": "", "notes": []}


def test_the_editor_says_what_the_catalogue_row_asks_for_and_what_is_not_seen_in_the_text():
    body = factories.body()
    row = factories.row(
        "义务教育学校名录", content_elements="学校名称、办学层次和办公电话", disclosure_time_limit="20个工作日"
    )
    person = factories.member(body, Role.CLERK)
    item = actions.create_item(
        actor=actor_for(person),
        organisation_id=body.pk,
        kind="notice",
        values=factories.values(body="<p>学校名称：示例小学，办公电话见附件。</p>"),
        row_ids=[row.pk],
    )
    client = Client()
    client.force_login(person)
    page = client.get(f"/office/items/{item.pk}/edit/").content.decode()
    needs = page.split("目录要求公开的内容")[1].split("</div>")[0]
    assert re.findall(r'<li class="(seen|unseen)">([^<]+)', needs) == [
        ("seen", "学校名称"),
        ("unseen", "办学层次"),
        ("seen", "办公电话"),
    ]
    assert "公开时限：20个工作日" in needs
