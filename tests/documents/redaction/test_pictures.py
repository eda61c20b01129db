"""Pictures under boxes: scans read by OCR, fax and JBIG2 pages, soft masks, photographs (compressed with loss)."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
import typst
from PIL import Image, ImageDraw, ImageFont
from tests.documents.redaction.makers import (
    LABELS,
    NAME,
    SECRET,
    assert_gone,
    assert_kept,
    boxes_over,
    burnt_without,
    fax,
    jbig2,
    one_page,
    stream,
    typeset,
)
from tests.text.extraction import samples

from gongkai.documents.redaction import MARK, RedactionBox, burn, open_source
from gongkai.text.extraction import ocr

LINES = (f"申请人{NAME}同意公开", f"证件号码{SECRET}", "验收报告可以公开")


def _read(path: Path) -> str:
    """What OCR reads on the pages of a finished file."""
    found = []
    for page in pypdf.PdfReader(str(path)).pages:
        (image,) = page.images
        assert image.image is not None
        found += ["".join(line.text.split()) for line in ocr.read_lines(image.image)]
    return "".join(found)


def _scan(path: Path) -> Path:
    return samples.scanned_pdf(path, LINES)


def _fax(path: Path) -> Path:
    return _black_and_white(path, fax, b"/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns %d /Rows %d >>")


def _jbig2(path: Path) -> Path:
    return _black_and_white(path, jbig2, b"/Filter /JBIG2Decode %% %d %d\n")


def _black_and_white(path: Path, code: Callable[[Image.Image], bytes], entries: bytes) -> Path:
    image = samples.picture(LINES).convert("1", dither=Image.Dither.NONE)
    size = (image.width, image.height)
    head = b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 1 /ColorSpace /DeviceGray " % size
    picture = stream(head + entries % size, code(image))
    return one_page(
        path,
        b"q 400 0 0 %d 0 0 cm /P Do Q" % (400 * size[1] / size[0]),
        {10: picture},
        resources=b"/XObject << /P 10 0 R >>",
    )


def _tiff(path: Path) -> Path:
    pages = [samples.picture([line]) for line in LINES]
    path = path.with_suffix(".tif")
    pages[0].save(path, save_all=True, append_images=pages[1:], dpi=(150, 150))
    return path


def _photograph(path: Path) -> Path:
    """A picture so noisy that it can only be kept with loss."""
    image = samples.picture(LINES)
    noise = Image.effect_noise(image.size, 60).convert("RGB")
    path = path.with_suffix(".jpg")
    Image.blend(image, noise, 0.15).save(path, quality=90, dpi=(150, 150), comment=SECRET.encode())
    return path


@pytest.mark.parametrize("make", [_scan, _fax, _jbig2, _tiff, _photograph])
def test_a_name_and_a_number_of_a_picture_are_found_hidden_and_cannot_be_read(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    with open_source(make(tmp_path / "a.pdf")) as source:
        assert all(one.recognised for one in source.words(1))
        burnt = burnt_without(source, NAME, SECRET)
    assert_gone(burnt, NAME, SECRET)
    assert_kept(burnt, MARK, "申请", "证件号", "验收报告可以公开")
    (tmp_path / "burnt.pdf").write_bytes(burnt.content)
    read = _read(tmp_path / "burnt.pdf")
    assert NAME not in read
    assert not any(SECRET[at : at + 4] in read for at in range(len(SECRET) - 3))
    assert "验收报告可以公开" in read


def test_a_picture_on_a_page_of_text_is_read_and_hidden_too(tmp_path: Path) -> None:
    samples.picture([f"证件{SECRET}号"], width=1000).save(tmp_path / "card.png")
    markup = '验收报告可以公开，见下图。\n\n#image("card.png", width: 12cm)'
    path = tmp_path / "a.pdf"
    _typeset_beside(path, markup)
    with open_source(path) as source:
        assert not source.words(1)[0].recognised
        burnt = burnt_without(source, SECRET)
    assert_gone(burnt, SECRET)
    assert_kept(burnt, "验收报告可以公开，见下图。")


def _typeset_beside(path: Path, markup: str) -> None:
    source = path.with_suffix(".typ")
    source.write_text(f'#set text(font: "Noto Serif SC", size: 16pt)\n{markup}')
    path.write_bytes(typst.compile(str(source), font_paths=[str(samples.FONTS)]))


def test_a_picture_without_text_under_a_box_is_black_and_marked(tmp_path: Path) -> None:
    content = b"BT /H 14 Tf 20 270 Td (The seal is below) Tj ET q 200 0 0 100 50 50 cm /P Do Q"
    seal = Image.new("RGB", (200, 100), "white")
    ImageDraw.Draw(seal).ellipse((40, 5, 150, 95), outline="red", width=6)
    mask = zlib.compress(bytes(range(200)) * 100)
    picture = stream(
        b"/Type /XObject /Subtype /Image /Width 200 /Height 100 /BitsPerComponent 8 /ColorSpace /DeviceRGB"
        b" /Filter /FlateDecode /SMask 11 0 R",
        zlib.compress(seal.tobytes()),
    )
    soft = stream(
        b"/Type /XObject /Subtype /Image /Width 200 /Height 100 /BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /FlateDecode",
        mask,
    )
    path = one_page(tmp_path / "a.pdf", content, {10: picture, 11: soft}, resources=b"/XObject << /P 10 0 R >>")
    with open_source(path) as source:
        box = RedactionBox(1, 50 / 400, 150 / 300, 250 / 400, 250 / 300, "privacy")
        burnt = burn(source, [box], LABELS)
    assert burnt.hidden_characters == 0
    assert_kept(burnt, "The seal is below", MARK)
    (image,) = pypdf.PdfReader(io.BytesIO(burnt.content)).pages[0].images
    assert image.image is not None
    assert image.image.mode == "L", "the only colour of the page was under the box"


def test_a_page_in_colour_stays_in_colour(tmp_path: Path) -> None:
    with open_source(typeset(tmp_path / "a.pdf", f"#text(fill: red)[样例区人民政府文件] {NAME}")) as source:
        burnt = burn(source, boxes_over(source, NAME), LABELS)
    (image,) = pypdf.PdfReader(io.BytesIO(burnt.content)).pages[0].images
    assert image.image is not None
    assert image.image.mode == "RGB"


def test_a_label_too_long_for_its_box_is_left_out(tmp_path: Path) -> None:
    font = ImageFont.truetype(str(samples.FONTS / "NotoSansSC-Regular.otf"), 14)
    assert font.getlength("第十五条") > 40
    with open_source(typeset(tmp_path / "a.pdf", f"甲{NAME}乙")) as source:
        page = source.pages[0]
        narrow = RedactionBox(1, 0.5, 0.5, 0.5 + 12 / page.width, 0.51, "privacy")
        burnt = burn(source, [narrow], LABELS)
    (one,) = burnt.pages[0].painted
    assert one.right - one.left < 40
