"""The same made-up identity number, wherever a careless hand may leave it, is in what the checks get to see."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pypdf
import pytest
from PIL import Image
from tests.text.extraction import samples
from tests.text.inspection import makers
from tests.text.inspection.makers import IDENTITY, MOBILE, Book, deleted, paragraph, part, run, said, table

from gongkai.text.inspection import inspect_file

LEAK = f"证号{IDENTITY}电话{MOBILE}"
Maker = Callable[[Path], object]
VISIBLE = said("公示名单如下。")


def _split(path: Path) -> None:
    makers.word(path, paragraph(run("证号" + IDENTITY[:9]), run(IDENTITY[9:], "<w:b/>"), run("电话" + MOBILE)))


def _text_box(path: Path) -> None:
    makers.word(path, paragraph(f"<w:r><w:pict><w:txbxContent>{said(LEAK)}</w:txbxContent></w:pict></w:r>"))


def _fallback(path: Path) -> None:
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    block = f'<mc:AlternateContent xmlns:mc="{mc}"><mc:Choice Requires="x">{said("可见")}</mc:Choice><mc:Fallback>{said(LEAK)}</mc:Fallback></mc:AlternateContent>'
    makers.word(path, block)


def _styled(path: Path) -> None:
    style = '<w:style w:styleId="base"><w:rPr><w:vanish/></w:rPr></w:style><w:style w:styleId="hid"><w:basedOn w:val="base"/></w:style>'
    makers.word(path, VISIBLE + said(LEAK, '<w:rStyle w:val="hid"/>'), part("styles.xml", "styles", "styles", style))


def _embedded(path: Path) -> None:
    inner = makers.word(path.with_name("inner.docx"), said(LEAK)).read_bytes()
    makers.word(path, VISIBLE, makers.Part("embeddings/x.docx", "package", "", "application/x"))
    samples.rezip(path, {"word/embeddings/x.docx": inner})


def _custom(path: Path) -> None:
    makers.word(path, VISIBLE)
    makers.tie(
        path, "word/document.xml", "customXml/item1.xml", "customXml", f"<a><b>{LEAK}</b></a>", "application/xml"
    )


def _note(kind: str) -> Maker:
    inner = f'<w:{kind} w:id="2">{said(LEAK)}</w:{kind}>'
    body = paragraph(run("正文"), f'<w:r><w:{kind}Reference w:id="2"/></w:r>')
    return lambda path: makers.word(path, body, part(f"{kind}s.xml", f"{kind}s", f"{kind}s", inner))


def _comment(path: Path) -> None:
    inner = f'<w:comment w:id="1" w:author="{makers.NAME}">{said(LEAK)}</w:comment>'
    makers.word(path, VISIBLE, part("comments.xml", "comments", "comments", inner))


def _edge(kind: str, root: str) -> Maker:
    return lambda path: makers.word(path, VISIBLE, part(f"{kind}1.xml", kind, root, said(LEAK)))


def _settings(path: Path) -> None:
    inner = f'<w:docVars><w:docVar w:name="a" w:val="{LEAK}"/></w:docVars>'
    makers.word(path, VISIBLE, part("settings.xml", "settings", "settings", inner))


WORD: list[tuple[str, Maker, str]] = [
    ("body", lambda p: makers.word(p, said(LEAK)), "正文"),
    ("runs of the body that break the number in two", _split, "正文"),
    ("table", lambda p: makers.word(p, table(("姓名", "证件"), ("甲", LEAK))), "正文"),
    ("table in a table", lambda p: makers.word(p, f"<w:tbl><w:tr><w:tc>{table(('甲', LEAK))}<w:p/></w:tc></w:tr></w:tbl>"), "正文"),
    ("content control", lambda p: makers.word(p, f"<w:sdt><w:sdtContent>{said(LEAK)}</w:sdtContent></w:sdt>"), "正文"),
    ("tracked insertion", lambda p: makers.word(p, paragraph(makers.inserted(LEAK))), "正文"),
    ("deleted text", lambda p: makers.word(p, paragraph(run("可见"), deleted(LEAK))), "修订中删除的文字"),
    ("text moved away", lambda p: makers.word(p, VISIBLE + paragraph(f"<w:moveFrom>{run(LEAK)}</w:moveFrom>")), "修订中删除的文字"),
    ("deleted row", lambda p: makers.word(p, VISIBLE + table((LEAK,), row_properties="<w:trPr><w:del/></w:trPr>")), "修订中删除的文字"),
    ("hidden text", lambda p: makers.word(p, VISIBLE + said(LEAK, "<w:vanish/>")), "隐藏文字"),
    ("text hidden by its style", _styled, "隐藏文字"),
    ("hidden row", lambda p: makers.word(p, VISIBLE + table((LEAK,), row_properties="<w:trPr><w:hidden/></w:trPr>")), "隐藏文字"),
    ("words for old programs only", _fallback, "隐藏文字"),
    ("comment", _comment, "批注"),
    ("header", _edge("header", "hdr"), "页眉"),
    ("footer", _edge("footer", "ftr"), "页脚"),
    ("footnote", _note("footnote"), "脚注"),
    ("endnote", _note("endnote"), "尾注"),
    ("text box", _text_box, "文本框"),
    ("embedded document", _embedded, "嵌入的文件“x.docx”"),
    ("document variable", _settings, "文档变量"),
    ("custom XML", _custom, "不显示的部件“customXml/item1.xml”"),
    ("subject of the properties", lambda p: makers.word(p, VISIBLE, properties=f"<dc:subject>{LEAK}</dc:subject>"), "文件属性"),
]  # fmt: skip


@pytest.mark.parametrize(("where", "make", "place"), WORD, ids=[case[0] for case in WORD])
def test_a_number_in_a_word_document_is_found_wherever_it_stands(
    tmp_path: Path, where: str, make: Maker, place: str
) -> None:
    make(tmp_path / "a.docx")
    inspection = inspect_file(tmp_path / "a.docx")
    assert makers.part_of(inspection, IDENTITY) == place, where
    assert MOBILE in inspection.material.text
    assert "file.unread" not in makers.codes(inspection)


def _threaded(path: Path) -> None:
    makers.workbook(path, Book())
    space = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    words = f'<ThreadedComments xmlns="{space}"><threadedComment ref="A1" personId="p"><text>{LEAK}</text></threadedComment></ThreadedComments>'
    makers.tie(path, "xl/worksheets/sheet1.xml", "xl/threadedComments/t.xml", "threadedComment", words, "application/x")


def _cached(kind: str, inner: str) -> Maker:
    def make(path: Path) -> None:
        makers.workbook(path, Book())
        makers.tie(path, "xl/workbook.xml", "xl/other/o.xml", kind, inner, "application/x")

    return make


def _loose_drawing(path: Path) -> None:
    makers.workbook(path, Book())
    drawing = f'<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><div>按钮<br>{LEAK}</div></v:textbox></xml>'
    makers.tie(path, "xl/worksheets/sheet1.xml", "xl/drawings/v1.vml", "vmlDrawing", drawing, "application/x")


def _defined(path: Path) -> None:
    book = openpyxl.Workbook()
    book.defined_names["秘"] = openpyxl.workbook.defined_name.DefinedName("秘", attr_text=f'"{LEAK}"')
    book.save(path)


def _far_down(path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "名单"
    book.active["A9000"] = LEAK
    book.save(path)


def _left_behind(path: Path) -> None:
    makers.shared(makers.workbook(path, Book()), LEAK)


def _invisible_format(path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["姓名", LEAK])
    book.active["B1"].number_format = ";;;"
    book.save(path)


OUTSIDE = f'<externalLink xmlns="{makers.S}"><externalBook><sheetDataSet><sheetData><row><cell><v>{LEAK}</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>'
CONNECTIONS = f'<connections xmlns="{makers.S}"><connection id="1" name="库"><dbPr connection="User={LEAK}"/></connection></connections>'
EXCEL: list[tuple[str, Maker, str]] = [
    ("visible sheet", lambda p: makers.workbook(p, Book([["姓名", "证件"], ["甲", LEAK]])), "工作表“名单” B2"),
    ("hidden sheet", lambda p: makers.workbook(p, Book(hidden_sheet=[["甲", LEAK]])), "隐藏的工作表“底稿” B1"),
    ("sheet hidden from the menu too", lambda p: makers.workbook(p, Book(hidden_sheet=[["甲", LEAK]], state="veryHidden")), "隐藏的工作表“底稿” B1"),
    ("hidden row", lambda p: makers.workbook(p, Book([["姓名", "证件"], ["甲", LEAK]], hidden_rows=(2,))), "工作表“名单”的隐藏行、列 B2"),
    ("hidden column", lambda p: makers.workbook(p, Book([["姓名", "证件"], ["甲", LEAK]], hidden_columns=("B",))), "工作表“名单”的隐藏行、列 B2"),
    ("format that shows nothing", _invisible_format, "工作表“Sheet”的隐藏行、列 B1"),
    ("far below many blank rows", _far_down, "工作表“Sheet” A9000"),
    ("comment", lambda p: makers.workbook(p, Book(comment=LEAK)), "工作表“名单”的批注"),
    ("threaded comment", _threaded, "工作表“名单”的批注"),
    ("pivot cache", lambda p: makers.pivot(p, LEAK), "数据透视表缓存"),
    ("values remembered of another workbook", _cached("externalLink", OUTSIDE), "外部链接的缓存"),
    ("connection to a data base", _cached("connections", CONNECTIONS), "数据连接"),
    ("button in a drawing that is no proper XML", _loose_drawing, "不显示的部件“xl/drawings/v1.vml”"),
    ("defined name", _defined, "名称管理器"),
    ("string no cell shows any more", _left_behind, "表格中残留的文字"),
]  # fmt: skip


@pytest.mark.parametrize(("where", "make", "place"), EXCEL, ids=[case[0] for case in EXCEL])
def test_a_number_in_a_workbook_is_found_wherever_it_stands(
    tmp_path: Path, where: str, make: Maker, place: str
) -> None:
    make(tmp_path / "a.xlsx")
    inspection = inspect_file(tmp_path / "a.xlsx")
    assert makers.part_of(inspection, IDENTITY) == place, where
    assert MOBILE in inspection.material.text


def _attachment(path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=str(samples.pdf(path)))
    writer.add_attachment("名单.txt", LEAK.encode())
    writer.write(str(path))


def _annotation(path: Path) -> None:
    from pypdf.annotations import FreeText

    writer = pypdf.PdfWriter(clone_from=str(samples.pdf(path)))
    writer.add_annotation(0, FreeText(text=LEAK, rect=(0, 0, 9, 9)))
    writer.write(str(path))


def _information(path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=str(samples.pdf(path)))
    writer.add_metadata({"/Subject": LEAK})
    writer.write(str(path))


def _script(path: Path) -> None:
    from pypdf.actions import JavaScript

    writer = pypdf.PdfWriter(clone_from=str(samples.pdf(path)))
    writer.add_open_action(JavaScript(f"app.alert('{IDENTITY} {MOBILE}')"))
    writer.write(str(path))


def _ofd_data(path: Path) -> None:
    samples.ofd(path, [samples.ofd_text("名单", 20, 20)])
    data = f'<ofd:CustomDatas><ofd:CustomData Name="联系人">{LEAK}</ofd:CustomData></ofd:CustomDatas><ofd:Title>'
    makers.edit(path, "OFD.xml", "<ofd:Title>", data)


def _png_note(path: Path) -> None:
    from PIL.PngImagePlugin import PngInfo

    note = PngInfo()
    note.add_text("Comment", LEAK)
    Image.new("RGB", (40, 40), "white").save(path, pnginfo=note)


def _zip_in_zip(path: Path) -> None:
    inner = samples.zipped(path.with_name("内.zip"), {"名单.txt": LEAK.encode()}).read_bytes()
    samples.zipped(path, {"内.zip": inner})


PAGE = f'<html><body><p>公示</p><div style="display:none">{LEAK}</div></body></html>'
OTHERS: list[tuple[str, str, Maker, str]] = [
    ("text of a PDF", "a.pdf", lambda p: samples.pdf(p, paragraphs=[LEAK]), "正文"),
    ("attachment of a PDF", "a.pdf", _attachment, "附带的文件“名单.txt”"),
    ("remark in a PDF", "a.pdf", _annotation, "批注"),
    ("information of a PDF", "a.pdf", _information, "文件属性"),
    ("script of a PDF", "a.pdf", _script, "脚本"),
    ("text of an OFD file", "a.ofd", lambda p: samples.ofd(p, [samples.ofd_text(LEAK, 20, 20, 3.5)]), "正文"),
    ("own data of an OFD file", "a.ofd", _ofd_data, "文件属性"),
    ("attachment of an OFD file", "a.ofd", lambda p: samples.ofd(p, [""], extra={"Doc_0/Attachs/名单.txt": LEAK.encode()}), "附带的文件“名单.txt”"),
    ("note in a picture", "a.png", _png_note, "文件属性"),
    ("CSV", "a.csv", lambda p: p.write_text(f"姓名,证件\n甲,{LEAK}"), "正文"),
    ("text", "a.txt", lambda p: p.write_text(LEAK), "正文"),
    ("page", "a.html", lambda p: p.write_text(f"<html><body><p>{LEAK}</p></body></html>"), "正文"),
    ("part of a page that is not shown", "a.html", lambda p: p.write_text(PAGE), "网页中不显示的内容"),
    ("comment in a page", "a.html", lambda p: p.write_text(f"<html><body><p>公示</p><!-- {LEAK} --></body></html>"), "网页中不显示的内容"),
    ("zip", "a.zip", lambda p: samples.zipped(p, {"名单.txt": LEAK.encode()}), "压缩包中的“名单.txt”"),
    ("zip in a zip", "a.zip", _zip_in_zip, "压缩包中的“内.zip/名单.txt”"),
]  # fmt: skip


@pytest.mark.parametrize(("where", "name", "make", "place"), OTHERS, ids=[case[0] for case in OTHERS])
def test_a_number_in_any_other_file_is_found_wherever_it_stands(
    tmp_path: Path, where: str, name: str, make: Maker, place: str
) -> None:
    make(tmp_path / name)
    inspection = inspect_file(tmp_path / name)
    assert makers.part_of(inspection, IDENTITY) == place, where
    assert MOBILE in inspection.material.text


def _picture(path: Path) -> None:
    samples.picture([f"证号 {IDENTITY}", f"电话 {MOBILE}"]).save(path)


def _word_with_picture(path: Path) -> None:
    makers.word(path, VISIBLE, makers.Part("media/p.png", "image", "", "image/png"))
    data = samples.png(samples.picture([f"证号 {IDENTITY}", f"电话 {MOBILE}"]))
    samples.rezip(path, {"word/media/p.png": data})


SCANNED: list[tuple[str, str, Maker]] = [
    ("picture", "a.png", _picture),
    ("scan in a PDF", "a.pdf", lambda p: samples.scanned_pdf(p, [f"证号 {IDENTITY}", f"电话 {MOBILE}"])),
    ("picture in a Word document", "a.docx", _word_with_picture),
]


@pytest.mark.skipif(importlib.util.find_spec("rapidocr") is None, reason="rapidocr is NOT INSTALLED: pictures unread")
@pytest.mark.parametrize(("where", "name", "make"), SCANNED, ids=[case[0] for case in SCANNED])
def test_a_number_in_a_picture_is_found_by_character_recognition(
    tmp_path: Path, where: str, name: str, make: Maker
) -> None:
    make(tmp_path / name)
    text = inspect_file(tmp_path / name).material.text
    assert IDENTITY in text.replace(" ", ""), where
    assert MOBILE in text.replace(" ", "")


def test_cells_know_their_address_and_whether_they_are_numbers(tmp_path: Path) -> None:
    rows: list[list[object]] = [["姓名", "证件", "金额"], ["甲", 110105190503071234, 12.5], ["乙", IDENTITY, None]]
    makers.workbook(tmp_path / "a.xlsx", Book(rows))
    material = inspect_file(tmp_path / "a.xlsx").material
    cells = {cell.address: cell for row in material.grids[0].rows for cell in row}
    shown = {address: material.text[cell.start : cell.end] for address, cell in cells.items()}
    assert shown["B2"].startswith("1101051905030712") and len(shown["B2"]) == 18
    assert (cells["B2"].number, cells["B3"].number, cells["C2"].number) == (True, False, True)
    assert shown["B3"] == IDENTITY


def test_hidden_rows_keep_the_head_of_their_table(tmp_path: Path) -> None:
    makers.workbook(tmp_path / "a.xlsx", Book([["姓名", "证件"], ["甲", "1"], ["乙", LEAK]], hidden_rows=(3,)))
    material = inspect_file(tmp_path / "a.xlsx").material
    grid = next(grid for grid in material.grids if grid.section.endswith("隐藏行、列"))
    assert [[material.text[c.start : c.end] for c in row] for row in grid.rows] == [["姓名", "证件"], ["乙", LEAK]]


def test_a_merged_cell_is_seen_while_any_part_of_it_is(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["可见的标题"])
    book.active.merge_cells("A1:A2")
    book.active.row_dimensions[1].hidden = True
    book.save(tmp_path / "a.xlsx")
    assert makers.part_of(inspect_file(tmp_path / "a.xlsx"), "可见的标题") == "工作表“Sheet” A1"


def test_a_table_in_a_document_is_a_grid_and_links_have_their_words(tmp_path: Path) -> None:
    link = makers.Part("x", "hyperlink", "https://www.gov.cn/a", external=True)
    body = table(("姓名", "证件"), ("甲", IDENTITY)) + paragraph(
        run("见"), f'<w:hyperlink r:id="rId1">{run("原文")}</w:hyperlink>'
    )
    makers.word(tmp_path / "a.docx", body, link)
    material = inspect_file(tmp_path / "a.docx").material
    assert [[material.text[c.start : c.end] for c in row] for row in material.grids[0].rows] == [
        ["姓名", "证件"],
        ["甲", IDENTITY],
    ]
    assert [(material.text[link.start : link.end], link.address) for link in material.links] == [
        ("原文", "https://www.gov.cn/a")
    ]


def test_sections_stand_in_order_and_do_not_overlap(tmp_path: Path) -> None:
    samples.zipped(
        tmp_path / "a.zip",
        {
            "a.xlsx": makers.workbook(tmp_path / "a.xlsx", Book(comment="注", hidden_sheet=[["甲"]])).read_bytes(),
            "a.docx": makers.word(tmp_path / "a.docx", paragraph(run("可见"), deleted("删"))).read_bytes(),
        },
    )
    material = inspect_file(tmp_path / "a.zip").material
    names = [section.name for section in material.sections]
    assert "压缩包中的“a.docx”的修订中删除的文字" in names
    assert any(section.hidden for section in material.sections if "批注" in section.name)
    for before, after in zip(material.sections, material.sections[1:], strict=False):
        assert before.end <= after.start
