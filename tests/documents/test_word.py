"""The Word edition: measures, faces and properties in its XML, and that other programs can read it."""

import io
import re
import zipfile
from datetime import date

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import etree
from tests.documents.sample_documents import SENTENCE, notice
from tests.documents.test_pdf import HOSTILE, _png

from gongkai.documents import Imprint, OfficialDocument, Provenance, render_docx, to_docx


def _open(document: OfficialDocument):
    return docx.Document(io.BytesIO(to_docx(document)))


def _style_face(word, name: str) -> str:
    return word.styles[name].element.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia"))


def test_the_page_has_the_margins_of_the_standard() -> None:
    (section,) = _open(notice()).sections
    for found, wanted in (
        (section.page_width, 210),
        (section.page_height, 297),
        (section.top_margin, 37),
        (section.bottom_margin, 35),
        (section.left_margin, 28),
        (section.right_margin, 26),
    ):
        assert abs(found - Mm(wanted)) < Mm(0.1)


def test_the_styles_carry_the_faces_sizes_pitch_and_indent_of_the_standard() -> None:
    word = _open(notice())
    assert [_style_face(word, name) for name in ("Title", "Heading 1", "Heading 2", "Heading 3")] == [
        "方正小标宋简体",
        "黑体",
        "楷体_GB2312",
        "仿宋_GB2312",
    ]
    assert word.styles["Title"].font.size == Pt(22)
    defaults = word.styles.element.find(f".//{qn('w:rPrDefault')}")
    assert defaults.find(f".//{qn('w:rFonts')}").get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert defaults.find(f".//{qn('w:sz')}").get(qn("w:val")) == "32"
    spacing = word.styles["Normal"].element.pPr.find(qn("w:spacing"))
    assert spacing.get(qn("w:lineRule")) == "exact" and 28 <= int(spacing.get(qn("w:line"))) / 20 <= 30
    assert word.styles["Normal"].element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"


def test_text_headings_and_signature_are_where_they_belong() -> None:
    word = _open(notice())
    by_text = {paragraph.text: paragraph for paragraph in word.paragraphs}
    assert by_text["一、总体要求"].style.name == "Heading 1"
    assert by_text["（1）健全机制"].style.name == "Heading 4"
    assert by_text[SENTENCE].style.name == "Normal"
    signed = by_text["样例区人民政府办公室"]._p.pPr.find(qn("w:ind"))
    assert signed.get(qn("w:rightChars")) == "200"
    assert by_text["2024年3月1日"]._p.pPr.find(qn("w:jc")).get(qn("w:val")) == "right"


def test_a_table_keeps_its_spans_and_repeats_its_header() -> None:
    (table,) = _open(notice()).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["序号", "事项", "单位"],
        ["1", "目录编制", "区政务公开办"],
        ["2", "目录编制", "区司法局"],
        ["合计", "合计", "104平方米"],
    ]
    assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
    assert len(table._tbl.findall(f".//{qn('w:tblHeader')}")) == 1


def test_page_numbers_differ_in_side_on_odd_and_even_pages() -> None:
    with zipfile.ZipFile(io.BytesIO(to_docx(notice()))) as archive:
        odd, even = archive.read("word/footer1.xml").decode(), archive.read("word/footer2.xml").decode()
        assert "w:evenAndOddHeaders" in archive.read("word/settings.xml").decode()
    assert 'w:jc w:val="right"' in odd and 'w:jc w:val="left"' in even
    assert all("PAGE" in footer and "— " in footer for footer in (odd, even))


def test_equal_documents_give_equal_bytes_and_others_do_not() -> None:
    assert to_docx(notice()) == to_docx(notice())
    assert to_docx(notice()) != to_docx(notice(body_html="<p>别的。</p>"))


def test_properties_name_the_title_and_nobody() -> None:
    properties = _open(notice()).core_properties
    assert properties.title == "样例区人民政府办公室关于印发政务公开工作方案的通知"
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.created is not None and properties.created.date() == date(2024, 3, 1)


@pytest.mark.parametrize("place", ["title", "document_number", "recipients", "body_html"])
def test_hostile_text_is_text(place: str) -> None:
    nasty = HOSTILE + " </w:t><w:p/> & \x00\x0b]]>"
    value = nasty.replace("&", "&amp;").replace("<", "&lt;") if place == "body_html" else nasty
    printed = "".join(paragraph.text for paragraph in _open(notice(**{place: value})).paragraphs)
    assert "".join(HOSTILE.split()) in "".join(printed.split())
    assert "</w:t><w:p/>&]]>" in "".join(printed.split())


def test_every_part_is_well_formed_and_every_relationship_has_its_part() -> None:
    body = '<p><a href="https://a.example/?x=1&amp;y=2">链接</a></p><p><img src="a.png" alt="图"></p>'
    document = notice(body_html=body, images={"a.png": _png()}, imprint=Imprint("办公室"), provenance=Provenance("1"))
    with zipfile.ZipFile(io.BytesIO(to_docx(document))) as archive:
        names = archive.namelist()
        assert names == sorted(names) and len({info.date_time for info in archive.infolist()}) == 1
        for name in names:
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
        main = archive.read("word/document.xml").decode()
        links = etree.fromstring(archive.read("word/_rels/document.xml.rels"))
    known = {link.get("Id"): link for link in links}
    assert set(re.findall(r'r:(?:id|embed)="([^"]+)"', main)) <= set(known)
    inside = [link.get("Target") for link in links if link.get("TargetMode") != "External"]
    assert all(f"word/{target}" in names for target in inside)
    assert "https://a.example/?x=1&y=2" in [link.get("Target") for link in links]


def test_a_wide_table_gets_a_landscape_section_of_its_own() -> None:
    row = "<tr>" + "".join(f"<td>指标名称数据{n}</td>" for n in range(16)) + "</tr>"
    sections = _open(OfficialDocument("清单", f"<p>前文。</p><table>{row * 4}</table><p>后文。</p>")).sections
    assert [section.orientation for section in sections] == [
        WD_ORIENT.PORTRAIT,
        WD_ORIENT.LANDSCAPE,
        WD_ORIENT.PORTRAIT,
    ]


def test_a_joint_document_has_every_agency_in_its_head() -> None:
    agencies = ("样例区发展和改革委员会", "样例区财政局", "样例区市场监督管理局")
    head = _open(notice(issuing_agencies=agencies, red_head=True, body_html="<p>甲。</p>")).tables[0]
    assert head.rows[0].cells[0].text.split("\n") == list(agencies)
    assert head.rows[0].cells[1].text == "文件"


def test_a_sample_carries_its_mark_in_the_header() -> None:
    assert "示例数据" in _open(notice(sample=True)).sections[0].header.paragraphs[0].text
    assert _open(notice()).sections[0].header.paragraphs[0].text == ""


def test_an_empty_body_and_a_lost_picture_do_no_harm() -> None:
    assert docx.Document(io.BytesIO(to_docx(OfficialDocument("", "")))).paragraphs
    rendered = render_docx(OfficialDocument("通知", '<p><img src="x.png" alt="示意图"></p>'))
    assert rendered.warnings == ("图片未能显示，请重新上传：示意图。",)
