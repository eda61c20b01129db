"""Text from pictures: accuracy on clean pages, reading order, no network."""

from __future__ import annotations

import socket
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from PIL import Image
from tests.text.extraction import samples

from gongkai.text.extraction import extract


def _lines(width: int = 26) -> list[str]:
    """The sample document broken into lines as a printer would."""
    lines = [samples.TITLE]
    for paragraph in samples.PARAGRAPHS:
        rest = "　　" + paragraph
        while rest:
            lines.append(rest[:width])
            rest = rest[width:]
    return lines


def _accuracy(truth: str, read: str) -> float:
    """The share of the characters of `truth` that are found in `read` in their order."""
    matcher = SequenceMatcher(None, "".join(truth.split()), "".join(read.split()), autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / len("".join(truth.split()))


@pytest.mark.parametrize(("suffix", "degrees"), [("png", 0.0), ("jpg", 0.0), ("tif", 0.7), ("bmp", 0.0)])
def test_a_clean_page_is_read_with_97_percent_of_its_characters(
    tmp_path: Path, suffix: str, degrees: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("OCR must not use the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    file = tmp_path / f"a.{suffix}"
    samples.picture(_lines()).rotate(degrees, fillcolor="white", expand=True).save(file)
    result = extract(file)
    assert _accuracy(samples.TITLE + "".join(samples.PARAGRAPHS), result.text) >= 0.97
    assert result.ocr
    assert "请对照原件核对" in result.warnings[0]


def test_pieces_of_a_line_and_columns_of_a_table_are_read_in_order(tmp_path: Path) -> None:
    image = samples.picture(["镇　　　　　　户数　　　　　　金额", "东镇　　　　　　甲村　　　　　　备注"])
    image.save(tmp_path / "a.png")
    rows = extract(tmp_path / "a.png").text.split("\n")
    assert [row.split("\t") for row in rows] == [["镇", "户数", "金额"], ["东镇", "甲村", "备注"]]


def test_each_page_of_a_tiff_is_read(tmp_path: Path) -> None:
    pages = [samples.picture([text]) for text in ("第一页防火通知", "第二页防汛通知")]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    result = extract(tmp_path / "a.tif")
    assert result.pages == 2
    assert result.text.split("\n") == ["第一页防火通知", "第二页防汛通知"]


def test_a_photo_taken_upright_is_turned_first(tmp_path: Path) -> None:
    turned = samples.picture(["明湖区防火工作通知"]).rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned.save(tmp_path / "a.jpg", exif=exif)
    assert extract(tmp_path / "a.jpg").text == "明湖区防火工作通知"
