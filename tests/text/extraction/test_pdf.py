"""PDF: paragraphs from the text layer, without page furniture; scanned pages by OCR."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pypdf
from tests.text.extraction import samples

from gongkai.text.extraction import Limits, extract


def _squeezed(text: str) -> str:
    return "".join(text.split())


def test_broken_lines_are_joined_and_page_furniture_is_dropped(tmp_path: Path) -> None:
    result = extract(samples.pdf(tmp_path / "a.pdf", copies=8))
    assert result.pages >= 3
    assert not result.ocr
    assert [_squeezed(line) for line in result.text.split("\n")] == [samples.TITLE, *samples.PARAGRAPHS * 8]
    assert result.title == samples.TITLE
    assert result.html.startswith(f"<p>{samples.TITLE}</p>\n<p>各镇人民政府")


def test_table_rows_stay_rows(tmp_path: Path) -> None:
    table = "#table(columns: (4cm, 4cm, 4cm), [镇], [户数], [金额], [东镇], [120], [36.5], [西镇], [98], [29.8])"
    result = extract(samples.pdf(tmp_path / "a.pdf", title="补贴发放表", paragraphs=[table], markup=True))
    assert result.text.split("\n")[2:] == ["镇\t户数\t金额", "东镇\t120\t36.5", "西镇\t98\t29.8"]
    assert "<table><tr><td>镇</td><td>户数</td><td>金额</td></tr>" in result.html


def test_a_document_that_may_be_opened_without_password_is_read(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=str(samples.pdf(tmp_path / "a.pdf")))
    writer.encrypt(user_password="", owner_password="secret", algorithm="RC4-128")
    writer.write(str(tmp_path / "a.pdf"))
    assert samples.PARAGRAPHS[0] in extract(tmp_path / "a.pdf").text


def test_a_lost_cross_reference_table_is_repaired(tmp_path: Path) -> None:
    data = samples.pdf(tmp_path / "a.pdf").read_bytes()
    (tmp_path / "a.pdf").write_bytes(data.replace(b"startxref", b"startxxxx"))
    assert samples.PARAGRAPHS[0] in extract(tmp_path / "a.pdf").text


def test_scanned_pages_are_read_by_ocr_and_say_so(tmp_path: Path) -> None:
    samples.scanned_pdf(tmp_path / "scan.pdf", ["明湖区人民政府", "关于防火工作的通知"])
    writer = pypdf.PdfWriter()
    writer.append(str(samples.pdf(tmp_path / "text.pdf")))
    writer.append(str(tmp_path / "scan.pdf"))
    writer.append(str(tmp_path / "scan.pdf"))
    writer.write(str(tmp_path / "a.pdf"))
    result = extract(tmp_path / "a.pdf", limits=Limits(ocr_pages=1))
    assert result.ocr
    assert samples.TITLE in result.text
    assert result.text.count("关于防火工作的通知") == 1
    assert "1 页由图片识别" in result.warnings[0]
    assert "有 1 页未识别" in result.warnings[1]


def test_a_real_report_gives_its_text_and_its_figures(shared_data: Path) -> None:
    folder = shared_data / "annual_report"
    started = time.process_time()
    result = extract(folder / "huaian_2024_annual_report.pdf")
    assert time.process_time() - started < 2
    assert result.pages == 6
    assert "- 1 -" not in result.text
    text = _squeezed(result.text)
    reference = re.sub(r"-\d-", "", _squeezed((folder / "huaian_2024_text.txt").read_text("utf-8")))
    prose = [part for part in reference.split("。") if 15 < len(part) < 200 and "，" in part]
    assert len(prose) > 15
    missing = [part for part in prose if part not in text]
    assert missing == []
    paragraphs = result.text.split("\n")
    assert max(map(len, paragraphs)) > 250, "lines are joined to paragraphs"
    assert "一、本年新收政府信息公开申请数量\t3001\t53\t0\t0\t61\t4\t3119" in paragraphs
