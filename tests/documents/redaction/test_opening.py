"""Opening: what is hidden is what is seen, whatever kind of file it was; what cannot be read is refused with the remedy."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pypdf
import pytest
from openpyxl.comments import Comment
from PIL import Image
from tests.documents.redaction.makers import (
    NAME,
    SECRET,
    assert_gone,
    assert_kept,
    burnt_without,
    raw_pdf,
    texts_of,
    tight,
    typeset,
)
from tests.text.extraction import samples
from tests.text.inspection import makers

from gongkai.documents.redaction import LIMITS, SourceDocument, open_source
from gongkai.text.extraction import Limits, Unreadable


def _text(source: SourceDocument) -> str:
    return tight("".join(one.text for page in source.pages for one in source.words(page.number)))


def test_a_word_document_loses_deleted_revisions_and_comments_and_keeps_inserted_ones(tmp_path: Path) -> None:
    path = makers.word(
        tmp_path / "a.docx",
        makers.paragraph(
            makers.run("验收报告可以公开。"), makers.deleted(f"证件{SECRET}"), makers.inserted("已经核对。")
        )
        + makers.paragraph(makers.run("联系人阳小玲。"), makers.run(NAME, "<w:vanish/>")),
    )
    with open_source(path) as source:
        text = _text(source)
        assert "已经核对" in text
        assert NAME not in text
        assert SECRET not in text
        assert "重新排版" in source.warnings[0]
        burnt = burnt_without(source, "阳小玲")
    assert_gone(burnt, NAME, SECRET, "阳小玲")
    assert_kept(burnt, "验收报告可以公开。已经核对。")


def test_a_workbook_loses_hidden_sheets_rows_columns_and_remarks(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    shown = book.active
    assert shown is not None
    shown.title = "名单"
    for row in (["姓名", "金额", "证件"], ["阳小玲", "3600", SECRET], [NAME, "4800", "无"], ["柳白", "5200", "无"]):
        shown.append(row)
    shown.row_dimensions[3].hidden = True
    shown.column_dimensions["C"].hidden = True
    shown["B2"].comment = Comment(f"证件{SECRET}", NAME)
    hidden = book.create_sheet("底稿")
    hidden.append([SECRET, NAME])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    with open_source(tmp_path / "a.xlsx", name="资金发放名单.xlsx") as source:
        text = _text(source)
        assert NAME not in text
        assert SECRET not in text
        burnt = burnt_without(source, "阳小玲")
    assert_gone(burnt, NAME, SECRET, "阳小玲")
    assert_kept(burnt, "资金发放名单", "柳白", "5200")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", f"验收情况\n联系人{NAME}，可以公开。".encode("gb18030")),
        ("a.csv", f"镇,联系人\n东镇,{NAME}\n西镇,可以公开\n".encode()),
    ],
)
def test_plain_files_are_typeset(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with open_source(tmp_path / name) as source:
        burnt = burnt_without(source, NAME)
    assert_gone(burnt, NAME)
    assert_kept(burnt, "可以公开")


def test_an_ofd_file_is_typeset(tmp_path: Path) -> None:
    path = samples.ofd(tmp_path / "a.ofd", [samples.ofd_text(f"验收报告可以公开，联系人{NAME}", 30, 40)])
    with open_source(path) as source:
        assert "印章" in source.warnings[0]
        burnt = burnt_without(source, NAME)
    assert_gone(burnt, NAME)
    assert_kept(burnt, "验收报告可以公开")


def test_a_picture_has_the_size_it_states_and_lies_as_the_camera_held_it(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[274] = 6
    Image.new("RGB", (600, 300), "white").save(tmp_path / "a.jpg", exif=exif, dpi=(300, 300))
    with open_source(tmp_path / "a.jpg") as source:
        (page,) = source.pages
        assert (page.width, page.height) == (72, 144)
    Image.new("L", (4000, 2000), 255).save(tmp_path / "b.png")
    with open_source(tmp_path / "b.png") as source:
        assert source.pages[0].width == 842


def test_transparent_parts_of_a_picture_are_white(tmp_path: Path) -> None:
    Image.new("RGBA", (200, 100), (0, 0, 0, 0)).save(tmp_path / "a.png")
    with open_source(tmp_path / "a.png") as source, Image.open(io.BytesIO(source.page_image(1))) as image:
        assert image.convert("L").getextrema() == (255, 255)


def test_pages_are_counted_from_one_and_others_are_refused(tmp_path: Path) -> None:
    with open_source(typeset(tmp_path / "a.pdf", "甲 #pagebreak() 乙")) as source:
        assert [one.number for one in source.pages] == [1, 2]
        assert [one.page for one in source.find("乙")] == [2]
        assert source.find(" \n") == ()
        for number in (0, 3):
            with pytest.raises(LookupError):
                source.page_image(number)


def _huge_sheet(path: Path) -> Path:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9000 9000] >>"
    tree = {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", 3: page}
    path.write_bytes(raw_pdf(tree))
    return path


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("make", "code", "remedy"),
    [
        (lambda at: samples.locked_pdf(at / "a.pdf"), "encrypted", "取消密码"),
        (lambda at: _written(at / "a.pdf", b""), "empty", "重新提交"),
        (lambda at: _written(at / "a.pdf", b"%PDF-1.7\nnothing"), "damaged", "另存"),
        (lambda at: _written(at / "a.pdf", samples.png(Image.new("L", (9, 9)))), "mislabelled", "另存为正确的格式"),
        (lambda at: _written(at / "a.png", b"\x89PNG\r\n\x1a\nnothing"), "damaged", "重新扫描"),
        (lambda at: _huge_sheet(at / "a.pdf"), "huge", "分幅"),
        (lambda at: typeset(at / "a.pdf", "#pagebreak()" * 3), "huge", "拆分"),
        (lambda at: samples.ole(at / "a.doc", "WordDocument"), "legacy", "另存为 docx"),
        (lambda at: _written(at / "a.html", b"<html><body><p>text</p></body></html>"), "unsupported", "另存为 PDF"),
        (lambda at: _written(at / "a.csv", "镇,户\n".encode() * 30), "huge", "拆分"),
        (lambda at: _written(at / "a.docx", b"PK\x03\x04nothing"), "damaged", "重新"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_remedy(tmp_path: Path, make, code: str, remedy: str) -> None:  # type: ignore[no-untyped-def]
    path = make(tmp_path)
    before = set(Path(tmp_path).iterdir())
    with pytest.raises(Unreadable) as caught:
        open_source(path, limits=Limits(pdf_pages=3, spreadsheet_rows=20))
    assert caught.value.code == code
    assert remedy in caught.value.message
    assert set(tmp_path.iterdir()) == before


def test_what_was_made_from_a_file_goes_when_it_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "work"))
    (tmp_path / "a.txt").write_text("可以公开")
    with open_source(tmp_path / "a.txt"):
        assert list((tmp_path / "work").iterdir())
    assert not list((tmp_path / "work").iterdir())


def test_the_limits_are_those_of_a_case_and_not_of_an_archive() -> None:
    assert LIMITS.pdf_pages == 500


@pytest.mark.parametrize(
    "name", ["annual_report/huaian_2024_annual_report.pdf", "annual_report/annual_report_template.docx"]
)
def test_a_real_document_is_redacted_and_stays_searchable(shared_data: Path, name: str) -> None:
    path = shared_data / name
    if not path.is_file():
        pytest.skip(f"NO REAL MATERIAL: {path} is absent")
    with open_source(path) as source:
        words = source.words(1)
        shown = sum(not one.is_blank for page in source.pages for one in source.words(page.number))
        burnt = burnt_without(source, "政府信息公开")
    assert len(words) > 50
    for read in texts_of(burnt.content):
        assert "政府信息公开" not in read
    assert burnt.unseen_characters < 0.01 * shown
    read = tight(pypdf.PdfReader(io.BytesIO(burnt.content)).pages[0].extract_text())
    assert len(read) > 30
