"""Hostile and broken files: each is answered with its finding and a Chinese sentence, in bounded time and memory, never a trace."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.text.extraction import samples
from tests.text.inspection import makers
from tests.text.inspection.makers import Book, said

from gongkai.text.extraction import Unreadable
from gongkai.text.inspection import inspect_file, strip

Maker = Callable[[Path], object]
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "哈">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]><x>&a11;</x>"
).encode()
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;</x>'
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><text>x</text></svg>'


def _cut(make: Maker, keep: float) -> Maker:
    def broken(path: Path) -> None:
        make(path)
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * keep)])

    return broken


def _with(name: str, data: bytes) -> Maker:
    return lambda path: samples.rezip(makers.word(path, said("话")), {name: data})


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(2 * 1024**3)


def _bomb(path: Path) -> None:
    samples.zipped(path, {"a.txt": b"\0" * 40_000_000})


def _locked_pdf_with_broken_table(path: Path) -> None:
    data = samples.pdf(path).read_bytes()
    at = data.rfind(b"startxref")
    path.write_bytes(data[:at] + b"startxref\n99999999\n%%EOF")


def _double(path: Path) -> None:
    makers.word(path, said("话"))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr("word/document.xml", "<x/>")


def _deep_zip(levels: int) -> Maker:
    def make(path: Path) -> None:
        data = b"word"
        for level in range(levels):
            inner = path.with_name(f"level{level}.zip")
            data = samples.zipped(inner, {"a.zip" if level else "a.txt": data}).read_bytes()
        path.write_bytes(data)

    return make


def _deep_without_suffix(path: Path) -> None:
    """What a zip that holds itself looks like to a reader: at every level there is one more."""
    data = b"word"
    for level in range(30):
        data = samples.zipped(path.with_name(f"level{level}"), {"a": data}).read_bytes()
    path.write_bytes(data)


def _deep_xml(path: Path) -> None:
    samples.rezip(
        makers.word(path, said("话")),
        {
            "word/document.xml": f'<w:document xmlns:w="{makers.W}"><w:body>{"<w:p>" * 60_000}{"</w:p>" * 60_000}</w:body></w:document>'.encode()
        },
    )


MACRO_EXCEL = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
BAD: list[tuple[str, str, Maker, str, str]] = [
    ("PDF called docx", "a.docx", samples.pdf, "file.unread", "后缀是“.docx”，内容却是PDF 文件"),
    ("program called docx", "a.docx", lambda p: p.write_bytes(b"MZ\x90\0\3\0rest"), "file.unread", "可执行程序"),
    ("zip bomb", "a.zip", _bomb, "file.unread", "疑似压缩炸弹"),
    ("bomb dressed as docx", "a.docx", _with("word/a.xml", b" " * 40_000_000), "file.unread", "疑似压缩炸弹"),
    ("name that climbs out", "a.zip", lambda p: samples.zipped(p, {"../../etc/x": b"x"}), "file.unread", "指向包外目录"),
    ("Windows name that climbs out", "a.zip", lambda p: samples.zipped(p, {"..\\x": b"x"}), "file.unread", "指向包外目录"),
    ("macros by type", "a.docm", lambda p: makers.word(p, said("话"), main_type=MACRO_EXCEL), "file.macros", "文件含有宏。"),
    ("macros by part", "a.docx", _with("word/vbaProject.bin", b"x"), "file.macros", "文件含有宏。"),
    ("macros in a workbook", "a.xlsm", lambda p: samples.rezip(makers.workbook(p, Book()), {"xl/vbaProject.bin": b"x"}), "file.macros", "文件含有宏。"),
    ("docx under a password", "a.docx", lambda p: samples.ole(p, "EncryptedPackage"), "file.unread", "取消密码"),
    ("xlsx under a password", "a.xlsx", lambda p: samples.ole(p, "EncryptedPackage"), "file.unread", "取消密码"),
    ("PDF under a password", "a.pdf", samples.locked_pdf, "file.unread", "PDF 文件设有打开密码"),
    ("zip under a password", "a.zip", lambda p: samples.locked_zip(p, {"a.txt": b"x"}), "file.unread", "压缩包设有密码"),
    ("nothing in it", "a.docx", lambda p: p.write_bytes(b""), "file.unread", "文件是空的（0 字节）"),
    ("two gigabytes", "a.docx", _sparse, "file.unread", "文件为 2048 MB，超过上限 200 MB"),
    ("file of ours through XML", "a.docx", _with("word/document.xml", OUTSIDE), "file.unread", "外部引用定义（DTD）"),
    ("a thousand million laughs", "a.docx", _with("word/document.xml", LAUGHS), "file.unread", "外部引用定义（DTD）"),
    ("the same in the properties", "a.docx", _with("docProps/core.xml", LAUGHS), "file.unread", "外部引用定义（DTD）"),
    ("SVG with a script", "a.svg", lambda p: p.write_bytes(SVG), "file.macros", "SVG 图片中有脚本。"),
    ("SVG is no format for everybody", "a.svg", lambda p: p.write_bytes(SVG), "file.format", "SVG 图片可能含有脚本"),
    ("page with a script", "a.html", lambda p: p.write_text("<html><body onload='x()'>话</body></html>"), "file.macros", "网页中有脚本。"),
    ("old Word", "a.doc", lambda p: samples.ole(p, "WordDocument"), "file.format", "旧版 Word 文档（doc）"),
    ("old Word was not examined", "a.doc", lambda p: samples.ole(p, "WordDocument"), "file.unread", "另存为 docx"),
    ("old Excel", "a.xls", lambda p: samples.ole(p, "Workbook"), "file.format", "旧版 Excel 表格（xls）"),
    ("old Word with macros", "a.doc", lambda p: p.write_bytes(samples.ole(p, "WordDocument").read_bytes() + "_VBA_PROJECT".encode("utf-16-le")), "file.macros", "旧版 Office 文件含有宏。"),
    ("docx cut off", "a.docx", _cut(samples.word, 0.6), "file.unread", "文件已损坏"),
    ("xlsx cut off", "a.xlsx", _cut(lambda p: makers.workbook(p, Book()), 0.6), "file.unread", "文件已损坏"),
    ("OFD cut off", "a.ofd", _cut(lambda p: samples.ofd(p, [""]), 0.6), "file.unread", "文件已损坏"),
    ("PDF of which only the head is left", "a.pdf", _cut(samples.pdf, 0.05), "file.unread", "PDF 文件已损坏"),
    ("picture cut off", "a.png", lambda p: p.write_bytes(samples.png(samples.picture(["通知"]))[:900]), "file.unread", "图片已损坏"),
    ("two parts of one name", "a.docx", _double, "file.unread", "同名部件"),
    ("docx with a broken part", "a.docx", _with("word/document.xml", b"<w:document"), "file.unread", "Word 文档已损坏"),
    ("xlsx with a broken sheet", "a.xlsx", lambda p: samples.rezip(makers.workbook(p, Book()), {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row>"}), "file.unread", "Excel 表格已损坏"),
    ("docx without its list of types", "a.docx", lambda p: samples.zipped(p, {"word/document.xml": b"<x/>"}), "file.unread", "缺少内容类型表"),
    ("binary workbook", "a.xlsb", lambda p: samples.zipped(p, {"[Content_Types].xml": b"<x/>", "xl/workbook.bin": b"x"}), "file.unread", "不支持的 Office 格式"),
    ("zips in zips in zips", "a.zip", _deep_zip(4), "file.unread", "压缩包嵌套层数"),
    ("zip that never ends", "a.zip", _deep_without_suffix, "file.unread", "压缩包嵌套层数"),
    ("XML sixty thousand deep", "a.docx", _deep_xml, "file.unread", "请"),
    ("bad file in a zip", "a.zip", lambda p: samples.zipped(p, {"坏.pdf": b"%PDF-1.7 rest"}), "file.unread", "PDF 文件已损坏"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "name", "make", "code", "words"), BAD, ids=[case[0] for case in BAD])
def test_a_bad_file_is_a_finding_with_a_chinese_sentence(
    tmp_path: Path, what: str, name: str, make: Maker, code: str, words: str
) -> None:
    make(tmp_path / name)
    before = time.process_time()
    findings = inspect_file(tmp_path / name).findings
    assert time.process_time() - before < 5, "bounded time"
    messages = [finding.message for finding in findings if finding.rule == code]
    assert any(words in message for message in messages), (what, findings)
    assert all(message.endswith("。") and "Traceback" not in message for message in messages)
    assert all(finding.suggestion for finding in findings)


@pytest.mark.parametrize(("what", "name", "make", "code", "words"), BAD, ids=[case[0] for case in BAD])
def test_no_public_copy_is_made_of_a_bad_file(
    tmp_path: Path, what: str, name: str, make: Maker, code: str, words: str
) -> None:
    make(tmp_path / name)
    with pytest.raises(Unreadable) as refusal:
        strip(tmp_path / name, tmp_path / "copy")
    assert refusal.value.message.endswith("。")
    assert "请" in refusal.value.message
    assert not (tmp_path / "copy").exists()


def test_a_file_of_two_gigabytes_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _sparse(tmp_path / "a.docx")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the file was opened")

    monkeypatch.setattr(Path, "open", refuse)
    codes = makers.codes(inspect_file(tmp_path / "a.docx"))
    assert codes == {"file.size", "file.unread"}


def test_a_large_file_is_read_and_called_large(tmp_path: Path) -> None:
    makers.word(tmp_path / "a.docx", said("话"))
    with zipfile.ZipFile(tmp_path / "a.docx", "a") as archive:
        archive.writestr("word/media/film.bin", os.urandom(21 * 1024 * 1024))
    inspection = inspect_file(tmp_path / "a.docx")
    assert [f.message for f in inspection.findings if f.rule == "file.size"] == ["文件大小为 21 MB，超过 20 MB。"]
    assert "话" in inspection.material.text


def test_a_pdf_with_a_broken_table_of_objects_is_read_all_the_same(tmp_path: Path) -> None:
    _locked_pdf_with_broken_table(tmp_path / "a.pdf")
    inspection = inspect_file(tmp_path / "a.pdf")
    assert samples.PARAGRAPHS[0] in inspection.material.text
    assert "file.unread" not in makers.codes(inspection)


MEASURED = """
import sys, time
from pathlib import Path
from gongkai.text.inspection import inspect_file, strip
before = time.process_time()
material = inspect_file(Path(sys.argv[1])).material
print(material.place(material.text.index("末行")))
strip(Path(sys.argv[1]), Path(sys.argv[2]))
print(time.process_time() - before)
print(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
"""


@pytest.mark.slow
def test_a_million_blank_rows_cost_seconds_and_little_memory(tmp_path: Path) -> None:
    path = makers.workbook(tmp_path / "a.xlsx", Book())
    blank = "".join(f'<row r="{n}" spans="1:5" s="1" customFormat="1" ht="20"/>' for n in range(3, 1_000_000))
    tail = f'{blank}<row r="1000000"><c r="A1000000" t="str"><v>末行</v></c></row></sheetData>'
    makers.edit(path, "xl/worksheets/sheet1.xml", "</sheetData>", tail)
    # VmHWM and not ru_maxrss: the latter begins with what the process that started this one had taken.
    command = [sys.executable, "-c", MEASURED, str(path), str(tmp_path / "b.xlsx")]
    place, seconds, kilobytes = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")[
        :3
    ]
    assert place == "工作表“名单” A1000000"
    assert float(seconds) < 60, "seconds of one processor"
    assert int(kilobytes) < 400_000, "a tree of it would take 1,500"


def test_files_inside_files_share_one_allowance(tmp_path: Path) -> None:
    from dataclasses import replace

    from gongkai.text.extraction import DEFAULT

    inner = samples.zipped(tmp_path / "b.zip", {f"{n}.txt": b"x" for n in range(9)}).read_bytes()
    samples.zipped(tmp_path / "a.zip", {f"{n}.dat": inner for n in range(9)})
    inspection = inspect_file(tmp_path / "a.zip", limits=replace(DEFAULT, members=30))
    assert any("文件内嵌的文件数" in f.message for f in inspection.findings)


GOOD: list[tuple[str, Maker]] = [
    ("a.docx", lambda p: makers.word(p, makers.table(("甲", "乙")) + said("话"), makers.part("comments.xml", "comments", "comments", said("批")))),
    ("a.xlsx", lambda p: makers.shared(makers.workbook(p, Book(hidden_sheet=[["密"]], comment="注")))),
    ("a.ofd", lambda p: samples.ofd(p, [samples.ofd_text("防火通知", 20, 20)])),
    ("a.pdf", samples.pdf),
    ("a.html", lambda p: p.write_text("<html><table><tr><td>甲<td>乙</table><p hidden>密</p>")),
    ("a.jpg", lambda p: samples.picture(["通知"], width=300).save(p)),
    ("a.gif", lambda p: samples.picture(["通知"], width=300).save(p)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "make"), GOOD, ids=[case[0] for case in GOOD])
def test_whatever_is_broken_in_a_file_it_is_answered_and_nothing_is_raised(
    tmp_path: Path, name: str, make: Maker
) -> None:
    make(tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    members = {}
    if zipfile.is_zipfile(tmp_path / name):
        with zipfile.ZipFile(tmp_path / name) as archive:
            members = {info.filename: archive.read(info) for info in archive.infolist()}
    dice = random.Random(name)
    for _ in range(60):
        if members and dice.random() < 0.8:
            victim = dice.choice(list(members))
            samples.zipped(tmp_path / name, members | {victim: _damage(members[victim], dice)})
        else:
            (tmp_path / name).write_bytes(_damage(whole, dice))
        inspection = inspect_file(tmp_path / name, limits=makers.NO_OCR)
        for section in inspection.material.sections:
            assert 0 <= section.start < section.end <= len(inspection.material.text)
        try:
            strip(tmp_path / name, tmp_path / "copy")
        except Unreadable as refusal:
            assert refusal.message.endswith("。")


def _damage(data: bytes, dice: random.Random) -> bytes:
    """A few bytes lost, changed or doubled."""
    damaged = bytearray(data)
    for _ in range(dice.randint(1, 4)):
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
