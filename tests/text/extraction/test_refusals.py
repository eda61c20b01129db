"""Every bad file is refused with its code and a sentence that names the remedy."""

from __future__ import annotations

import contextlib
import io
import pickle
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from PIL import Image
from tests.text.extraction import samples

from gongkai.text.extraction import DEFAULT, Code, Kind, Limits, Unreadable, extract, iter_archive, sniff

Maker = Callable[[Path], object]
SMALL = replace(
    DEFAULT,
    file_size=3_000_000,
    unpacked_size=50_000_000,
    members=50,
    pdf_pages=2,
    image_pixels=1_000_000,
    spreadsheet_rows=100,
    text_length=2_000,
)
DTD = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;</x>'


def _bytes(data: bytes) -> Maker:
    return lambda path: path.write_bytes(data)


def _cut(make: Maker, keep: float) -> Maker:
    def broken(path: Path) -> None:
        make(path)
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * keep)])

    return broken


def _damaged_member(make: Maker, name: str, data: bytes) -> Maker:
    def broken(path: Path) -> None:
        make(path)
        samples.rezip(path, {name: data})

    return broken


def _zip(**members: bytes) -> Maker:
    return lambda path: samples.zipped(path, {name.replace("__", "/"): data for name, data in members.items()})


def _named(name: str, data: bytes = b"x") -> Maker:
    return lambda path: samples.zipped(path, {name: data})


def _png() -> bytes:
    return samples.png(samples.picture(["防火通知"]))


def _slides(path: Path) -> None:
    samples.zipped(path, {"[Content_Types].xml": b"<x/>", "ppt/presentation.xml": b"<x/>"})


def _sheet(rows: int) -> Maker:
    return lambda path: samples.workbook(path, [["序号", "标题"], *([i, "通知"] for i in range(rows))])


def _empty_pdf(path: Path) -> None:
    samples.pdf(path, title="", paragraphs=["#pagebreak()"])
    import pypdf

    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(str(path))


BAD_FILES: list[tuple[str, str, Maker, Code, str]] = [
    ("nothing in it", "a.docx", _bytes(b""), Code.EMPTY, "0 字节"),
    ("only blanks", "a.txt", _bytes(b" \r\n\t\n"), Code.EMPTY, "没有文字"),
    ("only a BOM", "a.txt", _bytes(b"\xef\xbb\xbf\n"), Code.EMPTY, "没有文字"),
    ("a page of pictures", "a.html", _bytes(b"<html><body><img src=x></body></html>"), Code.EMPTY, "没有可识别的文字"),
    ("a document without a word", "a.docx", lambda p: samples.word(p, title="", paragraphs=[]), Code.EMPTY, "Word 文档"),
    ("a white page", "a.pdf", _empty_pdf, Code.EMPTY, "PDF 文件中没有可识别的文字"),
    ("a sheet without a cell", "a.xlsx", lambda p: samples.workbook(p, []), Code.EMPTY, "Excel 表格"),
    ("an archive without a file", "a.zip", _zip(), Code.EMPTY, "没有文件"),
    ("PDF called docx", "a.docx", samples.pdf, Code.MISLABELLED, "后缀是“.docx”，内容却是PDF 文件"),
    ("docx called pdf", "a.pdf", samples.word, Code.MISLABELLED, ".docx"),
    ("docx called doc", "a.doc", samples.word, Code.MISLABELLED, ".docx"),
    ("page called xls, as many systems export", "a.xls", _bytes(b"<html><table><tr><td>1</td></tr></table></html>"), Code.MISLABELLED, "网页"),
    ("page called pdf", "a.pdf", _bytes("<html><body>未找到页面</body></html>".encode()), Code.MISLABELLED, "网页"),
    ("words called jpg", "a.jpg", _bytes("防火通知".encode()), Code.MISLABELLED, "纯文本"),
    ("words called html", "a.html", _bytes("防火通知".encode()), Code.MISLABELLED, "纯文本"),
    ("picture called ofd", "a.ofd", lambda p: p.write_bytes(_png()), Code.MISLABELLED, "图片"),
    ("zip called docx", "a.docx", _named("通知.txt"), Code.MISLABELLED, "zip 压缩包"),
    ("zip called ofd", "a.ofd", _named("通知.txt"), Code.MISLABELLED, "zip 压缩包"),
    ("docx under a password", "a.docx", lambda p: samples.ole(p, "EncryptedPackage"), Code.ENCRYPTED, "取消密码"),
    ("PDF under a password", "a.pdf", samples.locked_pdf, Code.ENCRYPTED, "取消密码"),
    ("zip under a password", "a.zip", lambda p: samples.locked_zip(p, {"a.txt": b"x"}), Code.ENCRYPTED, "取消密码"),
    ("OFD under a password", "a.ofd", lambda p: samples.ofd(p, [], extra={"Encryptions.xml": b"<x/>"}), Code.ENCRYPTED, "取消加密"),
    ("old Word", "a.doc", lambda p: samples.ole(p, "WordDocument"), Code.LEGACY, "另存为 docx"),
    ("old Word of WPS", "a.wps", lambda p: samples.ole(p, "WordDocument"), Code.LEGACY, "另存为 docx"),
    ("old Excel", "a.xls", lambda p: samples.ole(p, "Workbook"), Code.LEGACY, "另存为 xlsx"),
    ("older Excel", "a.xls", lambda p: samples.ole(p, "Book"), Code.LEGACY, "另存为 xlsx"),
    ("RTF", "a.doc", _bytes(rb"{\rtf1\ansi \'b7\'c0}"), Code.LEGACY, "另存为 docx"),
    ("single-file page", "a.mht", _bytes(b"MIME-Version: 1.0\r\nContent-Type: multipart/related; x"), Code.LEGACY, "另存为"),
    ("old slides", "a.ppt", lambda p: samples.ole(p, "PowerPoint Document"), Code.UNSUPPORTED, "另存为 PDF"),
    ("new slides", "a.pptx", _slides, Code.UNSUPPORTED, "另存为 PDF"),
    ("OLE of no known program", "a.doc", lambda p: samples.ole(p, "Contents"), Code.UNSUPPORTED, "另存为 docx"),
    ("OpenDocument", "a.odt", _zip(mimetype=b"x", **{"content.xml": b"<x/>"}), Code.UNSUPPORTED, "另存为 docx"),
    ("RAR", "a.rar", _bytes(b"Rar!\x1a\x07\x01\x00rest"), Code.UNSUPPORTED, "zip"),
    ("7z", "a.7z", _bytes(b"7z\xbc\xaf\x27\x1c\x00\x04"), Code.UNSUPPORTED, "zip"),
    ("gzip", "a.gz", _bytes(b"\x1f\x8b\x08\x00rest"), Code.UNSUPPORTED, "zip"),
    ("a program", "通知.exe", _bytes(b"MZ\x90\x00\x03\x00rest"), Code.UNSUPPORTED, "可执行程序"),
    ("a program called docx", "通知.docx", _bytes(b"MZ\x90\x00\x03\x00rest"), Code.UNSUPPORTED, "可执行程序"),
    ("CEB", "a.ceb", _bytes(b"Founder CEB 3.0\x00rest"), Code.UNSUPPORTED, "PDF"),
    ("bytes without meaning", "a.dat", _bytes(bytes(range(256)) * 8), Code.UNSUPPORTED, "无法识别"),
    ("bytes called txt", "a.txt", _bytes(bytes(range(256)) * 8), Code.UNSUPPORTED, "无法识别"),
    ("a zip itself is no document", "a.zip", _named("通知.txt"), Code.ARCHIVE, "批量导入"),
    ("docx cut off", "a.docx", _cut(samples.word, 0.6), Code.DAMAGED, "重新导出"),
    ("docx with broken XML", "a.docx", _damaged_member(samples.word, "word/document.xml", b"<w:document"), Code.DAMAGED, "Word"),
    ("docx without its relations", "a.docx", _zip(**{"word/document.xml": b"<x/>"}), Code.DAMAGED, "Word"),
    ("xlsx with broken XML", "a.xlsx", _damaged_member(_sheet(2), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>"), Code.DAMAGED, "Excel"),
    ("xlsx without a workbook", "a.xlsx", _zip(**{"xl/workbook.xml": b"<x/>"}), Code.DAMAGED, "Excel"),
    ("PDF of which only the head is left", "a.pdf", _bytes(b"%PDF-1.7\n%rest"), Code.DAMAGED, "PDF"),
    ("OFD with broken XML", "a.ofd", _damaged_member(lambda p: samples.ofd(p, [""]), "Doc_0/Document.xml", b"<ofd:Doc"), Code.DAMAGED, "OFD"),
    ("OFD without its page", "a.ofd", lambda p: samples.zipped(p, {"OFD.xml": b"<OFD/>"}), Code.DAMAGED, "OFD"),
    ("picture cut off", "a.png", lambda p: p.write_bytes(_png()[:400]), Code.DAMAGED, "图片"),
    ("zip cut off", "a.zip", _cut(_named("a.txt", b"x" * 500), 0.5), Code.DAMAGED, "重新"),
    ("text in no encoding", "a.txt", _bytes("防火".encode("gbk") * 20 + b"\xff\xff\x80" * 40), Code.DAMAGED, "UTF-8"),
    ("bytes over the limit", "a.txt", _bytes("防".encode() * 1_100_000), Code.HUGE, "3 MB"),
    ("characters over the limit", "a.txt", _bytes("防".encode() * 2_100), Code.HUGE, "2000 字"),
    ("unpacked over the limit", "a.zip", _named("a", b"\0" * 51_000_000), Code.HUGE, "解压后大小"),
    ("a bomb by its ratio", "a.zip", _named("a", b"\0" * 20_000_000), Code.HUGE, "压缩炸弹"),
    ("a bomb dressed as docx", "a.docx", _damaged_member(samples.word, "word/a.xml", b" " * 20_000_000), Code.HUGE, "压缩炸弹"),
    ("too many members", "a.zip", lambda p: samples.zipped(p, {f"{i}": b"" for i in range(51)}), Code.HUGE, "51 个"),
    ("too many pages", "a.pdf", lambda p: samples.pdf(p, copies=12), Code.HUGE, "PDF 页数"),
    ("too many OFD pages", "a.ofd", lambda p: samples.ofd(p, [""] * 3), Code.HUGE, "OFD 页数"),
    ("too many rows", "a.xlsx", _sheet(120), Code.HUGE, "表格行数"),
    ("too many rows of CSV", "a.csv", _bytes(b"a,b\n" * 120), Code.HUGE, "表格行数"),
    ("too many pixels", "a.png", lambda p: Image.new("1", (4000, 4000)).save(p), Code.HUGE, "图片像素"),
    ("a name that climbs out", "a.zip", _named("../../etc/passwd"), Code.UNSAFE, "包外目录"),
    ("a name that climbs out, Windows", "a.zip", _named("..\\..\\a.txt"), Code.UNSAFE, "包外目录"),
    ("an absolute name", "a.zip", _named("/etc/passwd"), Code.UNSAFE, "包外目录"),
    ("a name with a drive", "a.zip", _named("C:\\a.txt"), Code.UNSAFE, "包外目录"),
    ("docx that reads a file of ours", "a.docx", _damaged_member(samples.word, "word/document.xml", DTD), Code.UNSAFE, "DTD"),
    ("the same in UTF-16", "a.docx", _damaged_member(samples.word, "word/document.xml", DTD.decode().encode("utf-16")), Code.UNSAFE, "DTD"),
    ("the same behind a long comment", "a.docx", _damaged_member(samples.word, "word/a.xml", b"<!--" + b"x" * 9000 + b"-->" + DTD[21:]), Code.UNSAFE, "DTD"),
    ("xlsx that does", "a.xlsx", _damaged_member(_sheet(2), "xl/sharedStrings.xml", DTD), Code.UNSAFE, "DTD"),
    ("OFD that does", "a.ofd", _damaged_member(lambda p: samples.ofd(p, [""]), "Doc_0/Document.xml", DTD), Code.UNSAFE, "DTD"),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "name", "make", "code", "words"), BAD_FILES, ids=[case[0] for case in BAD_FILES])
def test_a_bad_file_is_refused_with_code_and_remedy(
    tmp_path: Path, reason: str, name: str, make: Maker, code: Code, words: str
) -> None:
    make(tmp_path / name)
    with pytest.raises(Unreadable) as refusal:
        extract(tmp_path / name, limits=SMALL)
    assert refusal.value.code == code, reason
    assert words in refusal.value.message
    assert "请" in refusal.value.message, "a refusal names the remedy"
    assert refusal.value.message.endswith("。")


GOOD_FILES: list[tuple[str, str, Maker, Kind]] = [
    ("no suffix at all", "通知", samples.word, Kind.DOCX),
    ("an unknown suffix", "a.bak", samples.pdf, Kind.PDF),
    ("PNG called jpg is a picture all the same", "a.jpg", lambda p: p.write_bytes(_png()), Kind.IMAGE),
    ("bitmap", "a.bmp", lambda p: samples.picture(["通知"]).save(p), Kind.IMAGE),
    ("TIFF", "a.tif", lambda p: samples.picture(["通知"]).save(p), Kind.IMAGE),
    (
        "bytes before the head of a PDF",
        "a.pdf",
        lambda p: p.write_bytes(b"\n\n" + samples.pdf(p).read_bytes()),
        Kind.PDF,
    ),
    ("a fragment of a page", "a.htm", _bytes("<p>防火通知</p>".encode()), Kind.HTML),
    ("a page in GBK", "a.shtml", _bytes("<html><body>防火通知</body></html>".encode("gbk")), Kind.HTML),
    ("JSON that quotes markup is text", "a.jsonl", _bytes('{"html": "<p>防火</p>"}'.encode()), Kind.TEXT),
    ("a page that begins with a bracket", "a.html", _bytes("[转发]<p>防火</p>".encode()), Kind.HTML),
    ("UTF-16 from the Windows notepad", "a.txt", _bytes("防火通知".encode("utf-16")), Kind.TEXT),
    ("text that begins like a bitmap", "a.txt", _bytes(b"BMW is a maker of cars, not a picture."), Kind.TEXT),
    ("a word of two letters", "a.txt", _bytes(b"MZ"), Kind.TEXT),
    ("CSV", "a.csv", _bytes("序号,标题\n1,通知".encode("gbk")), Kind.CSV),
    ("OFD", "a.ofd", lambda p: samples.ofd(p, [""]), Kind.OFD),
    ("xlsx", "a.xlsx", _sheet(1), Kind.XLSX),
    ("zip", "a.zip", _named("a.txt"), Kind.ARCHIVE),
]


@pytest.mark.parametrize(("reason", "name", "make", "kind"), GOOD_FILES, ids=[case[0] for case in GOOD_FILES])
def test_a_file_is_recognised_by_its_content(tmp_path: Path, reason: str, name: str, make: Maker, kind: Kind) -> None:
    make(tmp_path / name)
    assert sniff(tmp_path / name) is kind, reason


def test_a_refusal_survives_the_way_back_from_a_worker_process() -> None:
    refusal = pickle.loads(pickle.dumps(Unreadable(Code.EMPTY, "文件是空的。请重新提交。")))
    assert (refusal.code, refusal.message) == ("empty", "文件是空的。请重新提交。")


def test_formatting_down_to_the_last_row_does_not_make_a_sheet_huge(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["序号", "标题"])
    book.active.cell(row=1_048_576, column=1).value = None
    book.active.row_dimensions[1_048_576].height = 20
    book.save(tmp_path / "a.xlsx")
    assert extract(tmp_path / "a.xlsx", limits=Limits(blank_rows=10)).text == "序号\t标题"


def test_small_files_of_blanks_are_no_bombs(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b" " * 1_000_000)
    (tmp_path / "a.zip").write_bytes(file.getvalue())
    assert sniff(tmp_path / "a.zip") is Kind.ARCHIVE


def _damage(data: bytes, dice: random.Random) -> bytes:
    """A few bytes lost, changed or doubled."""
    damaged = bytearray(data)
    for _ in range(dice.randint(1, 5)):
        at = dice.randrange(len(damaged) or 1)
        match dice.randrange(4):
            case 0:
                del damaged[at : at + dice.randint(1, 60)]
            case 1:
                damaged[at : at + 1] = bytes([dice.randrange(256)])
            case 2:
                damaged[at:at] = damaged[at : at + dice.randint(1, 80)]
            case _:
                del damaged[at if dice.random() < 0.3 else len(damaged) :]
    return bytes(damaged)


DAMAGED: list[tuple[str, Maker]] = [
    ("a.docx", samples.word),
    ("a.xlsx", _sheet(3)),
    ("a.ofd", lambda p: samples.ofd(p, [samples.ofd_text("防火通知", 20, 20)], template=samples.ofd_text("明湖区", 9, 9))),
    ("a.pdf", samples.pdf),
    ("a.html", _bytes("<html><table><tr><td>索引号<td>1</table><div id=zoom><p>防火通知，全文。</div>".encode("gbk"))),
    ("a.csv", _bytes('序号,标题\n1,"防火\n通知"\n'.encode("gbk"))),
    ("a.zip", _named("通知.txt", "防火".encode() * 99)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "make"), DAMAGED, ids=[case[0] for case in DAMAGED])
def test_whatever_is_broken_in_a_file_it_is_read_or_refused_and_nothing_else(
    tmp_path: Path, name: str, make: Maker
) -> None:
    file = tmp_path / name
    make(file)
    whole = file.read_bytes()
    with zipfile.ZipFile(file) if zipfile.is_zipfile(file) else contextlib.nullcontext() as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()} if archive else {}
    dice = random.Random(name)
    outcomes = {"read": 0, "refused": 0}
    for _ in range(80):
        if members and dice.random() < 0.7:
            victim = dice.choice(list(members))
            samples.zipped(file, members | {victim: _damage(members[victim], dice)})
        else:
            file.write_bytes(_damage(whole, dice))
        try:
            if name == "a.zip":
                list(iter_archive(file))
            else:
                extract(file)
            outcomes["read"] += 1
        except Unreadable as refusal:
            assert refusal.message
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 0, outcomes
