"""OFD: text by its place on the page, templates once, pictures by OCR."""

from __future__ import annotations

from pathlib import Path

from tests.text.extraction import samples
from tests.text.extraction.samples import ofd_text

from gongkai.text.extraction import extract


def test_lines_are_read_from_top_to_bottom_and_joined_to_paragraphs(tmp_path: Path) -> None:
    size = 5.6
    full = 28
    paragraph = samples.PARAGRAPHS[2]
    lines = [ofd_text(samples.TITLE, 30, 30, 7.7), ofd_text(paragraph[: full - 2], 25 + 2 * size, 50)]
    lines += [ofd_text(paragraph[full - 2 : 2 * full - 2], 25, 60), ofd_text(paragraph[2 * full - 2 :], 25, 70)]
    lines.append(ofd_text("明湖区人民政府", 120, 90))
    # Writers give objects in any order.
    result = extract(samples.ofd(tmp_path / "a.ofd", ["".join(reversed(lines))]))
    assert result.text.split("\n") == [samples.TITLE, paragraph, "明湖区人民政府"]
    assert result.title == samples.TITLE
    assert result.pages == 1
    assert result.metadata == {"Title": "示例标题", "CreationDate": "2025-09-18"}


def test_a_template_is_read_once_however_many_pages_use_it(tmp_path: Path) -> None:
    pages = [ofd_text(f"这是第{number}页的正文内容", 30, 60) for number in "一二三"]
    result = extract(samples.ofd(tmp_path / "a.ofd", pages, template=ofd_text("明湖区人民政府文件", 60, 15)))
    assert result.text.split("\n") == ["明湖区人民政府文件", *(f"这是第{number}页的正文内容" for number in "一二三")]


def test_steps_scaling_and_several_codes_in_one_object(tmp_path: Path) -> None:
    # One object: two lines by a downward step, then a second code; scaled by two through its matrix.
    text = (
        '<ofd:TextObject ID="1" Boundary="20 20 100 60" CTM="2 0 0 2 0 0" Size="3">'
        '<ofd:TextCode X="0" Y="3" DeltaX="3 3 -6 3 3" DeltaY="0 0 6 0 0">防火一防火二</ofd:TextCode>'
        '<ofd:TextCode X="0" Y="20" DeltaX="g 2 3">第三行</ofd:TextCode></ofd:TextObject>'
    )
    assert extract(samples.ofd(tmp_path / "a.ofd", [text])).text == "防火一\n防火二\n第三行"


def test_columns_of_a_table_are_parted_by_tabs(tmp_path: Path) -> None:
    cells = ofd_text("东镇", 20, 40) + ofd_text("120", 90, 40) + ofd_text("36.5", 150, 40)
    assert extract(samples.ofd(tmp_path / "a.ofd", [cells])).text == "东镇\t120\t36.5"


def test_a_page_that_is_a_picture_is_read_by_ocr(tmp_path: Path) -> None:
    image = samples.png(samples.picture(["明湖区人民政府关于防火工作的通知"]))
    page = '<ofd:ImageObject ID="2" ResourceID="5" Boundary="0 0 210 60"/>'
    result = extract(samples.ofd(tmp_path / "a.ofd", [page], media=image))
    assert result.text == "明湖区人民政府关于防火工作的通知"
    assert result.ocr
    assert "1 页由图片识别" in result.warnings[0]


def test_a_seal_on_a_page_of_text_is_not_read(tmp_path: Path) -> None:
    image = samples.png(samples.picture(["印章"]))
    page = ofd_text("明湖区人民政府关于防火工作的通知", 20, 30) + (
        '<ofd:ImageObject ID="2" ResourceID="5" Boundary="150 200 40 40"/>'
    )
    result = extract(samples.ofd(tmp_path / "a.ofd", [page], media=image))
    assert (result.text, result.ocr) == ("明湖区人民政府关于防火工作的通知", False)
