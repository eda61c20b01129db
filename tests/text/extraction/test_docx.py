"""Word documents: what a reader sees, in the order in which it stands."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.shared import Pt
from tests.text.extraction import samples

from gongkai.text.extraction import extract
from gongkai.text.extraction.docx_numbering import chinese_number, format_number

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def _body(path: Path, *paragraphs: str) -> Path:
    """A document whose body is the given XML."""
    document = docx.Document()
    for xml in paragraphs:
        document.element.body.insert(-1, parse_xml(xml.replace("<w:", "<w:", 1).replace(">", f" {W}>", 1)))
    document.save(str(path))
    return path


PARAGRAPHS = [
    ("plain", f"<w:p>{_run('防火通知')}</w:p>", "防火通知"),
    ("runs are joined", f"<w:p>{_run('防火')}{_run('通知')}</w:p>", "防火通知"),
    ("a tracked insertion counts", f"<w:p>{_run('防火')}<w:ins w:id='1'>{_run('工作')}</w:ins>{_run('通知')}</w:p>", "防火工作通知"),
    ("a tracked deletion does not", "<w:p>" + _run("防火") + "<w:del w:id='1'><w:r><w:delText>防汛</w:delText></w:r></w:del></w:p>", "防火"),
    ("nor does what was moved away", f"<w:p>{_run('防火')}<w:moveFrom w:id='1'>{_run('防汛')}</w:moveFrom></w:p>", "防火"),
    ("hidden text is hidden", f"<w:p>{_run('防火')}<w:r><w:rPr><w:vanish/></w:rPr><w:t>内部</w:t></w:r></w:p>", "防火"),
    ("text switched back to visible", "<w:p><w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>防火</w:t></w:r></w:p>", "防火"),
    ("a hyperlink's words count", f"<w:p><w:hyperlink>{_run('防火')}</w:hyperlink></w:p>", "防火"),
    ("a field shows its result, not its code", f"<w:p><w:r><w:instrText>PAGE</w:instrText></w:r>{_run('3')}</w:p>", "3"),
    ("a content control", f"<w:sdt><w:sdtContent><w:p>{_run('防火')}</w:p></w:sdtContent></w:sdt>", "防火"),
    ("a content control in a line", f"<w:p>{_run('文号')}<w:sdt><w:sdtContent>{_run('8号')}</w:sdtContent></w:sdt></w:p>", "文号8号"),
    ("a line break", f"<w:p>{_run('甲')}<w:r><w:br/></w:r>{_run('乙')}</w:p>", "甲\n乙"),
    ("a text box comes after its paragraph", f"<w:p>{_run('甲')}<w:r><w:pict><w:txbxContent><w:p>{_run('框')}</w:p></w:txbxContent></w:pict></w:r>{_run('乙')}</w:p>", "甲乙\n框"),
    ("a deleted table row", f"<w:tbl><w:tr><w:tc><w:p>{_run('甲')}</w:p></w:tc></w:tr><w:tr><w:trPr><w:del w:id='1'/></w:trPr><w:tc><w:p>{_run('乙')}</w:p></w:tc></w:tr></w:tbl>", "甲"),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "xml", "text"), PARAGRAPHS, ids=[case[0] for case in PARAGRAPHS])
def test_the_text_is_what_a_reader_sees(tmp_path: Path, reason: str, xml: str, text: str) -> None:
    assert extract(_body(tmp_path / "a.docx", xml)).text == text, reason


def test_damaged_properties_do_not_cost_the_text(tmp_path: Path) -> None:
    samples.rezip(samples.word(tmp_path / "a.docx"), {"docProps/core.xml": b"<properties/>"})
    assert extract(tmp_path / "a.docx").title == samples.TITLE


def test_paragraphs_headings_and_tables_stand_in_their_order(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("实施办法", level=0)
    document.add_heading("第一章 总则", level=1)
    document.add_paragraph("为了规范管理，制定本办法。")
    document.add_heading("细目", level=2)
    table = document.add_table(rows=3, cols=3)
    for row, cells in enumerate((("镇", "金额", ""), ("", "中央", "省"), ("东镇", "1", "<2"))):
        for column, cell in enumerate(cells):
            table.cell(row, column).text = cell
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(0, 2))
    document.add_paragraph("附则。")
    document.save(str(tmp_path / "a.docx"))
    result = extract(tmp_path / "a.docx")
    assert result.title == "实施办法"
    assert result.text.split("\n") == [
        "实施办法", "第一章 总则", "为了规范管理，制定本办法。", "细目", "镇\t金额", "\t中央\t省", "东镇\t1\t<2", "附则。",
    ]  # fmt: skip
    assert result.html.split("\n") == [
        "<p>实施办法</p>",
        "<h2>第一章 总则</h2>",
        "<p>为了规范管理，制定本办法。</p>",
        "<h3>细目</h3>",
        '<table><tr><td rowspan="2">镇</td><td colspan="2">金额</td></tr><tr><td>中央</td><td>省</td></tr>'
        "<tr><td>东镇</td><td>1</td><td>&lt;2</td></tr></table>",
        "<p>附则。</p>",
    ]


def test_the_title_is_the_largest_centred_type_below_the_masthead(tmp_path: Path) -> None:
    document = docx.Document()
    for text, size in (("明政〔2025〕8号", 16), ("明湖区人民政府", 22), ("关于防火工作的通知", 22), ("各镇：", 0)):
        paragraph = document.add_paragraph()
        run = paragraph.add_run(text)
        if size:
            run.font.size = Pt(size)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.save(str(tmp_path / "a.docx"))
    assert extract(tmp_path / "a.docx").title == "明湖区人民政府关于防火工作的通知"


def test_automatic_numbers_are_read_as_word_shows_them(tmp_path: Path) -> None:
    samples.word(tmp_path / "a.docx")
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for level, form, text in ((0, "chineseCountingThousand", "%1、"), (1, "decimal", "%1.%2"), (2, "bullet", "•"))
    )
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum><w:num w:numId="1">'
        '<w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="5"/></w:lvlOverride></w:num></w:numbering>'
    )
    paragraphs = "".join(
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>{_run(text)}</w:p>'
        for level, number, text in ((0, 1, "甲"), (1, 1, "子"), (1, 1, "丑"), (0, 1, "乙"), (1, 1, "寅"), (2, 1, "点"), (0, 2, "丙"))
    )  # fmt: skip
    body = f"<w:document {W}><w:body>{paragraphs}</w:body></w:document>"
    samples.rezip(tmp_path / "a.docx", {"word/document.xml": body.encode(), "word/numbering.xml": numbering.encode()})
    assert extract(tmp_path / "a.docx").text.split("\n") == [
        "一、甲", "一.1 子", "一.2 丑", "二、乙", "二.1 寅", "点", "五、丙",
    ]  # fmt: skip


def test_footnotes_follow_the_text_under_their_numbers(tmp_path: Path) -> None:
    samples.word(tmp_path / "a.docx")
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    media = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    document = docx.Document(str(tmp_path / "a.docx"))
    part = docx.opc.part.Part(
        docx.opc.packuri.PackURI("/word/footnotes.xml"),
        media,
        f'<w:footnotes {W}><w:footnote w:id="4"><w:p>{_run("含街道。")}</w:p></w:footnote></w:footnotes>'.encode(),
        document.part.package,
    )
    document.part.relate_to(part, kind)
    paragraph = f'<w:p {W}>{_run("各镇")}<w:r><w:footnoteReference w:id="4"/></w:r>{_run("：")}</w:p>'
    document.element.body.insert(-1, parse_xml(paragraph))
    document.save(str(tmp_path / "a.docx"))
    assert extract(tmp_path / "a.docx").text.split("\n")[-3:] == ["各镇[1]：", "注释：", "[1] 含街道。"]


NUMBERS = [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (100, "一百"), (103, "一百零三"), (110, "一百一十"), (1005, "一千零五")]  # fmt: skip


@pytest.mark.parametrize(("number", "text"), NUMBERS)
def test_chinese_numbers(number: int, text: str) -> None:
    assert chinese_number(number) == text


FORMS = [("decimal", 12, "12"), ("upperRoman", 14, "XIV"), ("lowerLetter", 28, "bb"), ("decimalEnclosedCircleChinese", 3, "③"), ("ideographTraditional", 2, "乙"), ("decimalZero", 7, "07")]  # fmt: skip


@pytest.mark.parametrize(("form", "number", "text"), FORMS)
def test_number_forms_of_word(form: str, number: int, text: str) -> None:
    assert format_number(number, form) == text


def test_the_annual_report_form_is_read_with_all_its_tables(shared_data: Path) -> None:
    result = extract(shared_data / "annual_report" / "annual_report_template.docx")
    assert result.html.count("<table>") == 3
    assert "行政行政" not in result.text
    assert (
        result.text.index("三、收到和处理")
        < result.text.index("（一）予以公开")
        < result.text.index("四、政府信息公开行政复议")
    )
