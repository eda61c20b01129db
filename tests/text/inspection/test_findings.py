"""What is wrong with a file itself is said with its rule, its place, its evidence, and the remedy of one click where there is one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pypdf
import pytest
from openpyxl.chart import BarChart, Reference
from tests.text.extraction import samples
from tests.text.inspection import makers
from tests.text.inspection.makers import NAME, Book, deleted, inserted, paragraph, run, said

from gongkai.rules.findings import FixKind, Severity
from gongkai.text.inspection import inspect_file, strip
from gongkai.text.inspection.paths import local_path

Maker = Callable[[Path], object]


def _app(inner: str) -> Maker:
    def make(path: Path) -> None:
        makers.word(path, said("话"))
        data = f'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">{inner}</Properties>'
        makers.tie(path, "", "docProps/app.xml", "extended-properties", data, "application/xml")

    return make


def _described(path: Path) -> None:
    drawing = (
        '<w:r><w:drawing><wp:docPr xmlns:wp="x" id="1" name="图" descr="D:\\\\qian\\\\公章.png"/></w:drawing></w:r>'
    )
    makers.word(path, paragraph(run("话"), drawing))


def _cell_link(path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "话"
    book.active["A1"].hyperlink = "file:///C:/Users/qian/a.xlsx"
    book.save(path)


def _database(path: Path) -> None:
    makers.workbook(path, Book())
    data = f'<connections xmlns="{makers.S}"><connection id="1" name="库" sourceFile="\\\\10.1.2.3\\内网\\a.mdb"/></connections>'
    makers.tie(path, "xl/workbook.xml", "xl/connections.xml", "connections", data, "application/xml")


def _launch(path: Path) -> None:
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

    writer = pypdf.PdfWriter(clone_from=str(samples.pdf(path)))
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("C:\\a\\b.exe")}
    )
    link = DictionaryObject({
        NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): action,
        NameObject("/Rect"): ArrayObject([NumberObject(0)] * 4),
    })  # fmt: skip
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(link)])
    writer.write(str(path))


def _xmp(path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=str(samples.pdf(path)))
    writer.xmp_metadata = (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:a="http://a/"><a:source>C:\\Users\\qian\\底稿.docx</a:source></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()
    writer.write(str(path))


def _xmp_author(path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=str(samples.pdf(path)))
    writer.xmp_metadata = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:creator><rdf:Seq><rdf:li>{NAME}</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()
    writer.write(str(path))


CASES: list[tuple[str, str, Maker, str, str, str]] = [
    ("author", "a.docx", lambda p: makers.word(p, said("话"), properties=f"<dc:creator>{NAME}</dc:creator>"), "file.author", NAME, "文件属性"),
    ("last modified by", "a.docx", lambda p: makers.word(p, said("话"), properties=f"<cp:lastModifiedBy>{NAME}</cp:lastModifiedBy>"), "file.author", "最后修改人", "文件属性"),
    ("company", "a.docx", _app("<Company>某某科技公司</Company>"), "file.author", "“单位”为“某某科技公司”", "文件属性"),
    ("manager", "a.docx", _app(f"<Manager>{NAME}</Manager>"), "file.author", NAME, "文件属性"),
    ("template", "a.docx", _app("<Template>\\\\fileserver\\share\\公文.dotm</Template>"), "file.path", "\\\\fileserver\\share", "文件属性"),
    ("description of a picture", "a.docx", _described, "file.path", "D:\\\\qian", "图片说明"),
    ("link of a cell", "a.xlsx", _cell_link, "file.path", "file:///C:/Users", "链接地址"),
    ("data base on a server", "a.xlsx", _database, "file.path", "\\\\10.1.2.3\\内网", "数据连接"),
    ("data base", "a.xlsx", _database, "file.external-data", "数据连接", "数据连接"),
    ("deletion and insertion", "a.docx", lambda p: makers.word(p, paragraph(deleted("旧"), inserted("新"))), "file.tracked-changes", "删除 1 处、插入 1 处", "修订中删除的文字"),
    ("hidden text", "a.docx", lambda p: makers.word(p, said("话") + said("密", "<w:vanish/>")), "file.hidden-text", "有 1 段隐藏文字", "隐藏文字"),
    ("hidden sheet", "a.xlsx", lambda p: makers.workbook(p, Book(hidden_sheet=[["密"]])), "file.hidden-sheet", "“底稿”", "隐藏的工作表“底稿”"),
    ("hidden row", "a.xlsx", lambda p: makers.workbook(p, Book([["甲"], ["密"]], hidden_rows=(2,))), "file.hidden-rows", "含 1 个有内容的单元格（如 A2）", "工作表“名单”的隐藏行、列"),
    ("comment", "a.xlsx", lambda p: makers.workbook(p, Book(comment="查一下")), "file.comments", "1 条批注", "工作表“名单”的批注"),
    ("pivot cache", "a.xlsx", lambda p: makers.pivot(p, "密"), "file.pivot-cache", "缓存", "数据透视表缓存"),
    ("program started by a link", "a.pdf", _launch, "file.macros", "启动程序", "脚本"),
    ("path in the link", "a.pdf", _launch, "file.path", "C:\\a\\b.exe", "链接地址"),
    ("author in the XMP packet", "a.pdf", _xmp_author, "file.author", NAME, "文件属性"),
    ("path in the XMP packet", "a.pdf", _xmp, "file.path", "C:\\Users\\qian\\底稿.docx", "文件属性"),
    ("attachment in a zip", "a.zip", lambda p: samples.zipped(p, {"名单.xlsx": makers.workbook(p.with_name("b.xlsx"), Book(comment="注")).read_bytes()}), "file.comments", "1 条批注", "压缩包中的“名单.xlsx”的工作表“名单”的批注"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "name", "make", "code", "words", "place"), CASES, ids=[case[0] for case in CASES])
def test_each_trace_is_a_finding_at_its_place(
    tmp_path: Path, what: str, name: str, make: Maker, code: str, words: str, place: str
) -> None:
    make(tmp_path / name)
    inspection = inspect_file(tmp_path / name)
    found = [finding for finding in inspection.findings if finding.rule == code and words in finding.message]
    assert found, (what, inspection.findings)
    assert found[0].place == place
    if found[0].start is not None and found[0].end is not None:
        assert inspection.material.place(found[0].start).startswith(place)
        assert found[0].text in inspection.material.text[found[0].start : found[0].end] or code == "file.pivot-cache"
    assert (found[0].fix is not None and found[0].fix.kind is FixKind.STRIP) == (code != "file.macros")


CLEAN: list[tuple[str, Maker]] = [
    ("a.docx", lambda p: makers.word(p, said("话") + makers.table(("甲", "乙")))),
    ("a.pdf", lambda p: strip(samples.pdf(p.with_name("b.pdf")), p)),
    ("a.xlsx", lambda p: strip(makers.workbook(p.with_name("b.xlsx"), Book()), p)),
    ("a.ofd", lambda p: samples.ofd(p, [samples.ofd_text("话", 20, 20)])),
    ("a.png", lambda p: samples.picture(["通知"], width=300).save(p)),
    ("a.csv", lambda p: p.write_text("甲,乙\n1,2")),
    ("a.txt", lambda p: p.write_text("通知")),
    ("a.html", lambda p: p.write_text("<html><body><p>通知</p></body></html>")),
    ("a.zip", lambda p: samples.zipped(p, {"a.txt": "通知".encode()})),
]


@pytest.mark.parametrize(("name", "make"), CLEAN, ids=[case[0] for case in CLEAN])
def test_nothing_is_said_of_a_clean_file(tmp_path: Path, name: str, make: Maker) -> None:
    make(tmp_path / name)
    assert inspect_file(tmp_path / name).findings == ()


def _white(path: Path) -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(str(path))


def test_a_scan_is_hard_on_readers_and_a_blank_one_cannot_be_examined(tmp_path: Path) -> None:
    samples.scanned_pdf(tmp_path / "a.pdf", ["明湖区防火通知"])
    _white(tmp_path / "b.pdf")
    scan, white = (inspect_file(tmp_path / name).findings for name in ("a.pdf", "b.pdf"))
    assert [f.message for f in scan if f.rule == "file.format"] == [
        "PDF 文件是扫描件或者含有扫描页，公众不能检索、复制其中的文字。"
    ]
    assert any(f.rule == "file.unread" and "没有可识别的文字" in f.message for f in white)


def test_a_serious_trace_is_serious_and_an_author_is_a_warning(tmp_path: Path) -> None:
    makers.word(tmp_path / "a.docx", paragraph(deleted("旧")), properties=f"<dc:creator>{NAME}</dc:creator>")
    severities = {finding.rule: finding.severity for finding in inspect_file(tmp_path / "a.docx").findings}
    assert severities == {"file.tracked-changes": Severity.SERIOUS, "file.author": Severity.WARNING}


PATHS: list[tuple[str, str, str]] = [
    ("drive", "见C:\\Users\\qian\\a.docx。", "C:\\Users\\qian\\a.docx"),
    ("drive with slashes", "D:/公文/a.docx", "D:/公文/a.docx"),
    ("drive in a field code, where strokes stand doubled", "C:\\\\Users\\\\qian", "C:\\\\Users\\\\qian"),
    ("server", "\\\\server\\share\\a", "\\\\server\\share\\a"),
    ("home", "/home/qian/a.docx", "/home/qian/a.docx"),
    ("home of a Mac", "/Users/qian/a", "/Users/qian/a"),
    ("file address", "file:///C:/a.docx", "file:///C:/a.docx"),
    ("web address is none", "https://www.gov.cn/home/a/b", ""),
    ("web address with a drive-like letter", "http://a/b", ""),
    ("fraction is none", "5/12", ""),
    ("ratio is none", "比例为A:B", ""),
    ("folder of a site is none", "www.gov.cn/tmp/a", ""),
]


@pytest.mark.parametrize(("reason", "text", "path"), PATHS, ids=[case[0] for case in PATHS])
def test_a_path_of_a_computer_is_told_from_an_address(reason: str, text: str, path: str) -> None:
    assert local_path(text) == path, reason


def _charted(path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "图"
    book.active["A1"] = "可见"
    hidden = book.create_sheet("底稿")
    for row in [["项", "数"], ["甲", 3], ["乙", 4]]:
        hidden.append(row)
    hidden.sheet_state = "hidden"
    chart = BarChart()
    chart.add_data(Reference(hidden, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    chart.set_categories(Reference(hidden, min_col=1, min_row=2, max_row=3))
    book.active.add_chart(chart, "B2")
    book.save(path)
    # What Excel adds when it saves: the values drawn.
    cache = '<numCache><formatCode>General</formatCode><ptCount val="2"/><pt idx="0"><v>3</v></pt><pt idx="1"><v>4</v></pt></numCache></numRef></val>'
    makers.edit(path, "xl/charts/chart1.xml", "</numRef></val>", cache)


def test_a_chart_over_a_hidden_sheet_keeps_its_values_and_forgets_the_sheet(tmp_path: Path) -> None:
    _charted(tmp_path / "a.xlsx")
    strip(tmp_path / "a.xlsx", tmp_path / "b.xlsx")
    data = makers.raw(tmp_path / "b.xlsx").decode(errors="replace")
    assert "底稿" not in data
    assert "<numLit>" in data and "<v>4</v>" in data
    assert len(openpyxl.load_workbook(tmp_path / "b.xlsx")["图"]._charts) == 1


def test_the_pages_of_a_stripped_pdf_look_the_same(tmp_path: Path) -> None:
    import pypdfium2

    writer = pypdf.PdfWriter(clone_from=str(samples.pdf(tmp_path / "a.pdf")))
    writer.add_metadata({"/Author": NAME})
    writer.write(str(tmp_path / "a.pdf"))
    strip(tmp_path / "a.pdf", tmp_path / "b.pdf")
    pictures = []
    for name in ("a.pdf", "b.pdf"):
        with pypdfium2.PdfDocument(tmp_path / name) as document:
            pictures.append([page.render(scale=1).to_pil().tobytes() for page in document])
    assert pictures[0] == pictures[1]
