"""The copy for the public: nothing of what was left behind is in its bytes, and what a reader sees is the same."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pypdf
import pytest
from PIL import Image
from tests.text.extraction import samples
from tests.text.inspection import makers
from tests.text.inspection.makers import NAME, Book, deleted, inserted, paragraph, part, run, said, table

from gongkai.text.extraction import Unreadable, extract
from gongkai.text.inspection import Unstrippable, inspect_file, strip
from gongkai.text.inspection.draft import STRIPPABLE

SECRET = "绝不公开的底稿"
Maker = Callable[[Path], object]
PATH = "C:\\Users\\qianqiushi\\模板.dotx"


def _comments(path: Path) -> None:
    inner = f'<w:comment w:id="1" w:author="{NAME}">{said(SECRET)}</w:comment>'
    marked = paragraph(
        '<w:commentRangeStart w:id="1"/>',
        run("可见的话"),
        '<w:commentRangeEnd w:id="1"/>',
        '<w:r><w:commentReference w:id="1"/></w:r>',
    )
    makers.word(path, marked, part("comments.xml", "comments", "comments", inner))


def _template(path: Path) -> None:
    makers.word(
        path,
        said("可见的话"),
        part(
            "settings.xml",
            "settings",
            "settings",
            f'<w:attachedTemplate r:id="rId1"/><w:docVars><w:docVar w:name="a" w:val="{SECRET}"/></w:docVars>',
        ),
    )
    makers.tie(path, "word/settings.xml", "", "attachedTemplate", f"file:///{PATH}{SECRET}{NAME}", "", external=True)
    with zipfile.ZipFile(path) as archive:
        identifier = archive.read("word/_rels/settings.xml.rels").decode().split('Id="')[1].split('"')[0]
    makers.edit(path, "word/settings.xml", 'r:id="rId1"', f'r:id="{identifier}"')


def _fields(path: Path) -> None:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    field = (
        mark.format("begin"),
        f'<w:r><w:instrText>INCLUDETEXT "C:\\\\{SECRET}\\\\{NAME}.docx"</w:instrText></w:r>',
        mark.format("separate"),
        run("可见的话"),
        mark.format("end"),
    )
    makers.word(path, paragraph(*field) + paragraph(f'<w:hyperlink w:anchor="a">{run("目录")}</w:hyperlink>'))


def _link_to_disk(path: Path) -> None:
    link = makers.Part("x", "hyperlink", f"file:///C:/Users/{NAME}/{SECRET}.docx", external=True)
    makers.word(path, paragraph(f'<w:hyperlink r:id="rId1">{run("可见的话")}</w:hyperlink>'), link)


def _uncited_note(path: Path) -> None:
    notes = (
        f'<w:footnote w:id="2">{said(SECRET + NAME)}</w:footnote><w:footnote w:id="3">{said("可见的注")}</w:footnote>'
    )
    gone = '<w:del w:id="1" w:author="x"><w:r><w:footnoteReference w:id="2"/></w:r></w:del>'
    kept = '<w:r><w:footnoteReference w:id="3"/></w:r>'
    makers.word(path, paragraph(run("可见的话"), gone, kept), part("footnotes.xml", "footnotes", "footnotes", notes))


def _picture_of_deleted_text(path: Path) -> None:
    blip = '<w:del w:id="1" w:author="x"><w:r><w:drawing><a:blip xmlns:a="a" r:embed="rId1"/></w:drawing></w:r></w:del>'
    makers.word(
        path,
        paragraph(run("可见的话"), blip),
        makers.Part(f"media/{SECRET}{NAME}.png", "image", SECRET + NAME, "image/png"),
    )


def _object(path: Path) -> None:
    block = (
        '<w:r><w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" r:id="rId1"/></w:object></w:r>'
    )
    makers.word(
        path,
        paragraph(run("可见的话"), block),
        makers.Part("embeddings/o.bin", "oleObject", SECRET + NAME, "application/x"),
    )


def _hidden_shape(path: Path) -> None:
    shape = (
        f'<w:r><w:drawing><wp:docPr xmlns:wp="x" id="1" name="n" hidden="1" descr="{SECRET}{NAME}"/></w:drawing></w:r>'
    )
    makers.word(path, paragraph(run("可见的话"), shape))


CORE = f"<dc:creator>{NAME}</dc:creator><cp:lastModifiedBy>{NAME}</cp:lastModifiedBy><dc:subject>{SECRET}</dc:subject>"
WORD: list[tuple[str, Maker, str]] = [
    ("properties", lambda p: makers.word(p, said("可见的话"), properties=CORE), "文件属性"),
    ("comment", _comments, "批注"),
    ("deletion", lambda p: makers.word(p, paragraph(run("可见"), deleted(SECRET), inserted("的话"))), "修订痕迹"),
    ("deletion in a table", lambda p: makers.word(p, f"<w:tbl><w:tr><w:tc>{paragraph(deleted(SECRET), inserted('可见的话'))}</w:tc></w:tr></w:tbl>"), "修订痕迹"),
    ("deleted row", lambda p: makers.word(p, said("可见的话") + table((SECRET,), row_properties=f'<w:trPr><w:del w:author="{NAME}"/></w:trPr>')), "修订痕迹"),
    ("change of format", lambda p: makers.word(p, said("可见的话", f'<w:b/><w:rPrChange w:author="{NAME}{SECRET}"><w:rPr/></w:rPrChange>')), "修订痕迹"),
    ("hidden text", lambda p: makers.word(p, said("可见的话") + said(SECRET + NAME, "<w:vanish/>")), "隐藏文字"),
    ("hidden row", lambda p: makers.word(p, said("可见的话") + table((SECRET + NAME,), row_properties="<w:trPr><w:hidden/></w:trPr>")), "隐藏文字"),
    ("template on a disk and document variables", _template, "模板路径"),
    ("field that fetches a file", _fields, "外部链接"),
    ("link to a disk", _link_to_disk, "本机路径"),
    ("note of deleted text", _uncited_note, "修订痕迹"),
    ("picture of deleted text", _picture_of_deleted_text, "修订痕迹"),
    ("embedded object", _object, "嵌入的文件"),
    ("shape hidden in the selection pane", _hidden_shape, "隐藏的图形"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "make", "name"), WORD, ids=[case[0] for case in WORD])
def test_a_word_document_loses_what_is_not_seen_and_nothing_else(
    tmp_path: Path, what: str, make: Maker, name: str
) -> None:
    source, target = tmp_path / "a.docx", tmp_path / "b.docx"
    make(source)
    assert SECRET.encode() in makers.raw(source)
    removed = strip(source, target)
    assert name in removed, what
    assert _shown(target) == _shown(source)
    # The extraction does not know of hidden rows and shows them.
    assert extract(target).text == extract(source).text or what == "hidden row"
    assert "可见的话" in "".join(docx.Document(str(target)).element.itertext()), "opens in python-docx"
    assert SECRET.encode() not in makers.raw(target)
    assert NAME.encode() not in makers.raw(target)
    assert not makers.codes(inspect_file(target)) & STRIPPABLE


def _shown(path: Path) -> str:
    """The words outside hidden parts."""
    material = inspect_file(path).material
    text = list(material.text)
    for section in material.sections:
        if section.hidden:
            text[section.start : section.end] = "\0" * (section.end - section.start)
    return "".join(text).replace("\0", "")


def _hidden_formula(path: Path) -> None:
    makers.workbook(path, Book([["可见的话", 3]], hidden_sheet=[[SECRET, NAME]]))
    makers.edit(path, "xl/worksheets/sheet1.xml", "<v>3</v>", "<f>SUM(底稿!B1:B9)</f><v>3</v>")


def _shared(path: Path) -> None:
    makers.workbook(path, Book([["可见的话"]], hidden_sheet=[[SECRET + NAME]]))
    makers.shared(path)


def _path_of_the_book(path: Path) -> None:
    makers.workbook(path, Book([["可见的话"]]))
    space = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    block = f'<mc:AlternateContent xmlns:mc="{mc}"><mc:Choice Requires="x15"><x15ac:absPath xmlns:x15ac="{space}" url="C:\\Users\\{NAME}\\{SECRET}\\"/></mc:Choice></mc:AlternateContent>'
    makers.edit(path, "xl/workbook.xml", "<bookViews>", block + "<bookViews>")


def _outside(path: Path) -> None:
    makers.workbook(path, Book([["可见的话", 3]]))
    inner = f'<externalLink xmlns="{makers.S}"><externalBook><sheetNames><sheetName val="{SECRET}{NAME}"/></sheetNames></externalBook></externalLink>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
    identifier = makers.tie(path, "xl/workbook.xml", "xl/externalLinks/e1.xml", "externalLink", inner, kind)
    makers.edit(
        path,
        "xl/workbook.xml",
        "</sheets>",
        f'</sheets><externalReferences><externalReference xmlns:r="{makers.R}" r:id="{identifier}"/></externalReferences>',
    )
    makers.edit(path, "xl/worksheets/sheet1.xml", "<v>3</v>", f"<f>[1]{SECRET}!B1</f><v>3</v>")


def _defined(path: Path) -> None:
    makers.workbook(path, Book([["可见的话"]], hidden_sheet=[[NAME]]))
    makers.edit(
        path,
        "xl/workbook.xml",
        "<definedNames/>",
        f'<definedNames><definedName name="{SECRET}">底稿!$A$1</definedName></definedNames>',
    )


EXCEL: list[tuple[str, Maker, str]] = [
    ("properties", lambda p: samples.rezip(makers.workbook(p, Book([["可见的话"]])), {"docProps/custom.xml": (SECRET + NAME).encode()}), "文件属性"),
    ("hidden sheet", lambda p: makers.workbook(p, Book([["可见的话"]], hidden_sheet=[[SECRET, NAME]])), "隐藏的工作表"),
    ("very hidden sheet", lambda p: makers.workbook(p, Book([["可见的话"]], hidden_sheet=[[SECRET, NAME]], state="veryHidden")), "隐藏的工作表"),
    ("strings of a hidden sheet in the shared table", _shared, "隐藏的工作表"),
    ("hidden row", lambda p: makers.workbook(p, Book([["可见的话"], [SECRET], [NAME]], hidden_rows=(2, 3))), "隐藏的行、列中的内容"),
    ("hidden column", lambda p: makers.workbook(p, Book([["可见的话", SECRET + NAME]], hidden_columns=("B",))), "隐藏的行、列中的内容"),
    ("comment", lambda p: makers.workbook(p, Book([["可见的话"]], comment=SECRET)), "批注"),
    ("formula that reads a hidden sheet", _hidden_formula, "公式（保留计算结果）"),
    ("path of the workbook", _path_of_the_book, "本机路径"),
    ("other workbook", _outside, "外部链接"),
    ("name for cells of a hidden sheet", _defined, "名称"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "make", "name"), EXCEL, ids=[case[0] for case in EXCEL])
def test_a_workbook_loses_what_is_not_seen_and_nothing_else(tmp_path: Path, what: str, make: Maker, name: str) -> None:
    source, target = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    make(source)
    assert SECRET.encode() in makers.raw(source)
    removed = strip(source, target)
    assert name in removed, what
    seen = _seen(source)
    assert _seen(target) == seen
    assert openpyxl.load_workbook(target)["名单"]["A1"].value == "可见的话", "opens in openpyxl"
    assert SECRET.encode() not in makers.raw(target)
    assert NAME.encode() not in makers.raw(target)
    assert not makers.codes(inspect_file(target)) & STRIPPABLE


def _seen(path: Path) -> str:
    """The cells a reader sees, with their addresses."""
    material = inspect_file(path).material
    hidden = {section.name for section in material.sections if section.hidden}
    return "\n".join(
        f"{grid.section} {cell.address} {material.text[cell.start : cell.end]}"
        for grid in material.grids
        if grid.section not in hidden
        for row in grid.rows
        for cell in row
        if cell.start < cell.end
    )


def test_a_pivot_table_becomes_plain_cells(tmp_path: Path) -> None:
    source, target = makers.pivot(tmp_path / "a.xlsx", SECRET), tmp_path / "b.xlsx"
    assert "数据透视表缓存" in strip(source, target)
    assert _seen(target) == _seen(source)
    assert SECRET.encode() not in makers.raw(target)
    with zipfile.ZipFile(target) as archive:
        assert not [name for name in archive.namelist() if "pivot" in name]
        assert b"pivot" not in archive.read("xl/workbook.xml").lower()
    assert openpyxl.load_workbook(target)["名单"]["B2"].value == 12


def test_formulas_stay_where_nothing_hidden_stands_behind_them(tmp_path: Path) -> None:
    makers.workbook(tmp_path / "a.xlsx", Book([["甲", 1], ["合计", 3]], comment="注"))
    makers.edit(tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml", "<v>3</v>", "<f>SUM(B1:B1)</f><v>3</v>")
    strip(tmp_path / "a.xlsx", tmp_path / "b.xlsx")
    assert openpyxl.load_workbook(tmp_path / "b.xlsx").active["B2"].value == "=SUM(B1:B1)"


def test_pictures_that_wps_keeps_in_cells_stay(tmp_path: Path) -> None:
    makers.workbook(tmp_path / "a.xlsx", Book([["图", 3]], hidden_sheet=[["密"]]))
    formula = '<f>_xlfn.DISPIMG("ID_1",1)</f><v>3</v>'
    makers.edit(tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml", "<v>3</v>", formula)
    strip(tmp_path / "a.xlsx", tmp_path / "b.xlsx")
    assert b"DISPIMG" in makers.raw(tmp_path / "b.xlsx")


def test_a_deleted_paragraph_mark_joins_two_paragraphs(tmp_path: Path) -> None:
    mark = "<w:rPr><w:del w:id='1' w:author='x'/></w:rPr>"
    makers.word(tmp_path / "a.docx", paragraph(run("前"), properties=mark) + paragraph(run("后")))
    strip(tmp_path / "a.docx", tmp_path / "b.docx")
    assert [p.text for p in docx.Document(str(tmp_path / "b.docx")).paragraphs] == ["前后"]


def test_a_paragraph_deleted_as_a_whole_is_gone_and_a_cell_keeps_one(tmp_path: Path) -> None:
    mark = "<w:rPr><w:del w:id='1' w:author='x'/></w:rPr>"
    gone = paragraph(deleted("删"), properties=mark)
    makers.word(
        tmp_path / "a.docx",
        gone
        + said("后")
        + f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc>{gone}</w:tc></w:tr></w:tbl>",
    )
    strip(tmp_path / "a.docx", tmp_path / "b.docx")
    document = docx.Document(str(tmp_path / "b.docx"))
    assert [p.text for p in document.paragraphs] == ["后"]
    assert [p.text for p in document.tables[0].cell(0, 0).paragraphs] == [""]


def _jpeg(path: Path) -> None:
    exif = Image.Exif()
    exif[0x013B], exif[274] = NAME, 6
    exif.get_ifd(0x8825).update({1: "N", 2: (32.0, 30.0, 0.0), 3: "E", 4: (117.0, 0.0, 0.0)})
    samples.picture(["可见"], width=400).save(path, exif=exif, comment=SECRET.encode(), quality=90)
    path.write_bytes(path.read_bytes() + SECRET.encode())


def _png(path: Path) -> None:
    from PIL.PngImagePlugin import PngInfo

    note = PngInfo()
    note.add_itxt("Author", SECRET + NAME)
    samples.picture(["可见"], width=400).save(path, pnginfo=note)


def _gif(path: Path) -> None:
    frames = [Image.new("P", (20, 20), colour) for colour in (0, 90)]
    frames[0].save(path, save_all=True, append_images=frames[1:], loop=0, comment=(SECRET + NAME).encode())


def _webp(path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET
    samples.picture(["可见"], width=400).save(path, exif=exif, xmp=NAME.encode(), lossless=True)


def _tiff(path: Path) -> None:
    pages = [samples.picture([f"第{n}页"], width=400) for n in (1, 2)]
    pages[0].save(
        path,
        save_all=True,
        append_images=pages[1:],
        tiffinfo={315: "qianqiushi", 270: "secret"},
        compression="tiff_lzw",
    )


PICTURES = [("a.jpg", _jpeg), ("a.png", _png), ("a.gif", _gif), ("a.webp", _webp), ("a.tif", _tiff)]


@pytest.mark.parametrize(("name", "make"), PICTURES, ids=[case[0] for case in PICTURES])
def test_a_picture_loses_what_the_camera_wrote_and_no_pixel(tmp_path: Path, name: str, make: Maker) -> None:
    source, target = tmp_path / name, tmp_path / f"b{name}"
    make(source)
    left = [words.encode() for words in (SECRET, NAME, "qianqiushi", "secret") if words.encode() in source.read_bytes()]
    assert left
    assert strip(source, target) == ("图片属性",)
    assert not [words for words in left if words in target.read_bytes()]
    assert _pixels(target) == _pixels(source)
    assert "file.author" not in makers.codes(inspect_file(target, limits=makers.NO_OCR))


def _pixels(path: Path) -> list[tuple[object, bytes]]:
    from PIL import ImageOps, ImageSequence

    with Image.open(path) as image:
        frames = [(ImageOps.exif_transpose(frame.convert("RGB")) or frame) for frame in ImageSequence.Iterator(image)]
        return [(frame.size, frame.tobytes()) for frame in frames]


def test_a_camera_tells_where_and_by_whom(tmp_path: Path) -> None:
    _jpeg(tmp_path / "a.jpg")
    found = [f.message for f in inspect_file(tmp_path / "a.jpg", limits=makers.NO_OCR).findings]
    assert any("拍摄地点（N32.50000 E117.00000）" in message for message in found)


def _everything(path: Path) -> None:
    from pypdf.actions import JavaScript
    from pypdf.annotations import Text

    writer = pypdf.PdfWriter(clone_from=str(samples.pdf(path)))
    writer.add_metadata({"/Author": NAME, "/Subject": SECRET})
    writer.add_attachment("附件.txt", (SECRET + NAME).encode())
    writer.add_annotation(0, Text(text=SECRET, rect=(0, 0, 9, 9)))
    writer.add_open_action(JavaScript("app.alert(1)"))
    writer.write(str(path))


def test_a_pdf_loses_what_stands_behind_its_pages(tmp_path: Path) -> None:
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    _everything(source)
    before = inspect_file(source)
    assert {"file.author", "file.comments", "file.embedded", "file.macros"} <= makers.codes(before)
    assert set(strip(source, target)) == {"文件属性", "批注", "附带的文件", "脚本"}
    assert extract(target).text == extract(source).text
    assert not inspect_file(target).findings
    assert not pypdf.PdfReader(str(target)).attachments
    assert SECRET in _objects(source) and NAME in _objects(source)
    assert SECRET not in _objects(target) and NAME not in _objects(target)


def _objects(path: Path) -> str:
    """All objects of a PDF, unpacked, reached or not."""
    writer = pypdf.PdfReader(str(path))
    numbers = [number for table in writer.xref.values() for number in table] + list(writer.xref_objStm)
    found = [writer.get_object(number) for number in numbers if number]
    return "\n".join(str(o) + (o.get_data().decode(errors="replace") if hasattr(o, "get_data") else "") for o in found)


def test_scripts_of_bookmarks_and_fields_go_too(tmp_path: Path) -> None:
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

    writer = pypdf.PdfWriter(clone_from=str(samples.pdf(tmp_path / "a.pdf")))
    writer.add_outline_item(title="第一章", page_number=0)
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("evil()")}
    )
    writer.root_object["/Outlines"]["/First"].get_object()[NameObject("/A")] = script
    field = DictionaryObject(
        {NameObject("/T"): TextStringObject("f"), NameObject("/AA"): DictionaryObject({NameObject("/K"): script})}
    )
    form = DictionaryObject({NameObject("/Fields"): ArrayObject([writer._add_object(field)])})
    writer.root_object[NameObject("/AcroForm")] = form
    writer.write(str(tmp_path / "a.pdf"))
    assert makers.part_of(inspect_file(tmp_path / "a.pdf"), "evil()") == "脚本"
    assert "脚本" in strip(tmp_path / "a.pdf", tmp_path / "b.pdf")
    assert b"evil" not in (tmp_path / "b.pdf").read_bytes()
    assert "file.macros" not in makers.codes(inspect_file(tmp_path / "b.pdf"))
    assert pypdf.PdfReader(tmp_path / "b.pdf").outline[0].title == "第一章"


def test_an_older_state_of_a_pdf_goes(tmp_path: Path) -> None:
    source, target = samples.pdf(tmp_path / "a.pdf"), tmp_path / "b.pdf"
    writer = pypdf.PdfWriter(str(source), incremental=True)
    writer.add_metadata({"/Title": "新"})
    writer.write(str(source))
    assert "旧版本内容" in strip(source, target)
    assert target.read_bytes().count(b"startxref") == 1


def _ofd(path: Path) -> None:
    samples.ofd(path, [samples.ofd_text("可见的话", 20, 20)], extra={"Doc_0/Attachs/a.txt": SECRET.encode()})
    makers.edit(path, "OFD.xml", "<ofd:Title>", f"<ofd:Author>{NAME}</ofd:Author><ofd:Title>")


def test_an_ofd_file_loses_author_and_attachments(tmp_path: Path) -> None:
    source, target = tmp_path / "a.ofd", tmp_path / "b.ofd"
    _ofd(source)
    assert {"file.author", "file.embedded"} <= makers.codes(inspect_file(source))
    assert set(strip(source, target)) == {"文件属性", "附带的文件"}
    assert extract(target).text == extract(source).text == "可见的话"
    assert NAME.encode() not in makers.raw(target) and SECRET.encode() not in makers.raw(target)


def test_a_zip_holds_the_clean_copies_of_its_files(tmp_path: Path) -> None:
    makers.word(tmp_path / "a.docx", paragraph(run("可见"), deleted(SECRET)))
    samples.zipped(tmp_path / "a.zip", {"夹/通知.docx": (tmp_path / "a.docx").read_bytes(), "Thumbs.db": b"x"})
    assert strip(tmp_path / "a.zip", tmp_path / "b.zip") == ("“夹/通知.docx”的修订痕迹", "系统文件")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert archive.namelist() == ["夹/通知.docx"]
        with zipfile.ZipFile(io.BytesIO(archive.read("夹/通知.docx"))) as inner:
            assert SECRET.encode() not in inner.read("word/document.xml")


def test_a_page_loses_its_comments(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        f'<html><meta name="author" content="{NAME}"><body><p>可见</p><!-- {SECRET} --></body></html>'
    )
    assert strip(tmp_path / "a.html", tmp_path / "b.html") == ("注释", "文件属性")
    assert (tmp_path / "b.html").read_text() == "<html><body><p>可见</p></body></html>"


ALL: list[tuple[str, Maker]] = [
    ("a.docx", samples.word),
    ("a.xlsx", lambda p: makers.workbook(p, Book(hidden_sheet=[["密"]], comment="注"))),
    ("a.pdf", _everything),
    ("a.ofd", _ofd),
    ("a.jpg", _jpeg),
    ("a.tif", _tiff),
    ("a.zip", lambda p: samples.zipped(p, {"a.txt": b"x", "Thumbs.db": b"y"})),
]


@pytest.mark.parametrize(("name", "make"), ALL, ids=[case[0] for case in ALL])
def test_the_same_file_gives_the_same_bytes_and_a_clean_copy_has_nothing_left_to_remove(
    tmp_path: Path, name: str, make: Maker
) -> None:
    make(tmp_path / name)
    first, second, third = (tmp_path / f"{n}{name}" for n in "123")
    assert strip(tmp_path / name, first)
    strip(tmp_path / name, second)
    assert first.read_bytes() == second.read_bytes()
    assert strip(first, third) == ()
    assert third.read_bytes() == first.read_bytes() or name.endswith(("docx", "xlsx", "zip"))


def test_a_text_is_copied_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("通知\r\n".encode("gbk"))
    assert strip(tmp_path / "a.txt", tmp_path / "b.txt") == ()
    assert (tmp_path / "b.txt").read_bytes() == "通知\r\n".encode("gbk")


def _signed_pdf(path: Path, author: str = NAME) -> None:
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

    writer = pypdf.PdfWriter(clone_from=str(samples.pdf(path)))
    writer.add_metadata({"/Author": author})
    seal = DictionaryObject({
        NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Widget"),
        NameObject("/FT"): NameObject("/Sig"), NameObject("/V"): DictionaryObject(), NameObject("/T"): TextStringObject("章"),
        NameObject("/Rect"): ArrayObject([NumberObject(0)] * 4),
    })  # fmt: skip
    reference = writer._add_object(seal)
    writer.pages[0][NameObject("/Annots")] = ArrayObject([reference])
    form = DictionaryObject({NameObject("/Fields"): ArrayObject([reference]), NameObject("/SigFlags"): NumberObject(3)})
    writer.root_object[NameObject("/AcroForm")] = form
    writer.write(str(path))


def _sealed_ofd(path: Path) -> None:
    samples.ofd(path, [samples.ofd_text("话", 20, 20)], extra={"Doc_0/Signs/Signatures.xml": b"<x/>"})
    makers.edit(path, "OFD.xml", "<ofd:Title>", f"<ofd:Author>{NAME}</ofd:Author><ofd:Title>")


def _sealed_ofd_of_nobody(path: Path) -> None:
    _sealed_ofd(path)
    makers.edit(path, "OFD.xml", f"<ofd:Author>{NAME}</ofd:Author>", "<ofd:Creator>某软件</ofd:Creator>")


@pytest.mark.parametrize(("name", "make"), [("a.pdf", lambda p: _signed_pdf(p, "")), ("a.ofd", _sealed_ofd_of_nobody)])
def test_a_seal_is_not_broken_for_the_name_of_a_program(tmp_path: Path, name: str, make: Maker) -> None:
    make(tmp_path / name)
    assert strip(tmp_path / name, tmp_path / "copy") == ()
    assert (tmp_path / "copy").read_bytes() == (tmp_path / name).read_bytes()


def _layered_pdf(path: Path) -> None:
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

    writer = pypdf.PdfWriter(clone_from=str(samples.pdf(path)))
    group = writer._add_object(
        DictionaryObject({NameObject("/Type"): NameObject("/OCG"), NameObject("/Name"): TextStringObject("底稿")})
    )
    default = DictionaryObject({NameObject("/OFF"): ArrayObject([group])})
    writer.root_object[NameObject("/OCProperties")] = DictionaryObject(
        {NameObject("/OCGs"): ArrayObject([group]), NameObject("/D"): default}
    )
    writer.write(str(path))


def _uncalculated(path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "=1+1"
    book.create_sheet("底稿").sheet_state = "hidden"
    book.save(path)


def _all_hidden(path: Path) -> None:
    makers.workbook(path, Book())
    makers.edit(path, "xl/workbook.xml", 'state="visible"', 'state="hidden"')


def _import(path: Path) -> None:
    makers.word(
        path, '<w:altChunk r:id="rId1"/>' + said("话"), makers.Part("a.html", "aFChunk", "<p>密</p>", "text/html")
    )


MACRO_WORD = "application/vnd.ms-word.document.macroEnabled.main+xml"
REFUSED: list[tuple[str, str, Maker, str]] = [
    ("macros", "a.docm", lambda p: makers.word(p, said("话"), main_type=MACRO_WORD), "不含宏的 docx"),
    ("a seal that would break", "a.pdf", _signed_pdf, "会使签章失效"),
    ("a seal of an OFD file", "a.ofd", _sealed_ofd, "会使签章失效"),
    ("a layer that is off", "a.pdf", _layered_pdf, "不显示的图层"),
    ("formulas without results", "a.xlsx", _uncalculated, "工作表“Sheet”单元格 A1 的公式没有保存计算结果"),
    ("pivot table without results", "a.xlsx", lambda p: makers.pivot(p, "密", filled=False), "数据透视表复制为数值"),
    ("all sheets hidden", "a.xlsx", _all_hidden, "所有工作表都是隐藏的"),
    ("whole document imported", "a.docx", _import, "整篇导入"),
    ("page with a script", "a.html", lambda p: p.write_text("<html><body><script>1</script><p>话</p></body></html>"), "脚本"),
    ("bad file in a zip", "a.zip", lambda p: samples.zipped(p, {"坏.pdf": b"%PDF-1.7 rest"}), "压缩包中的“坏.pdf”：PDF"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "name", "make", "words"), REFUSED, ids=[case[0] for case in REFUSED])
def test_where_no_clean_copy_can_be_made_the_reason_is_told_and_nothing_is_left(
    tmp_path: Path, what: str, name: str, make: Maker, words: str
) -> None:
    make(tmp_path / name)
    with pytest.raises(Unreadable) as refusal:
        strip(tmp_path / name, tmp_path / "copy")
    assert words in refusal.value.message, what
    assert "请" in refusal.value.message
    assert not (tmp_path / "copy").exists()
    assert isinstance(refusal.value, Unstrippable) == (what != "bad file in a zip")
