"""The proof can fail: copies that somebody made badly, or put something into, are caught, each for its own reason."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from dataclasses import replace

import pypdf
import pytest
from PIL import Image
from pypdf.annotations import Rectangle
from tests.documents.redaction.makers import LABELS, NAME, SECRET, boxes_over, burnt_without, typeset

from gongkai.documents.redaction import (
    Burnt,
    BurntPage,
    Leak,
    Leaked,
    Painted,
    RedactionBox,
    SourceDocument,
    burn,
    leaks,
    open_source,
    proof,
)
from gongkai.documents.redaction import burning as burning_module
from gongkai.documents.redaction.layer import operators, sort_out
from gongkai.documents.redaction.painting import in_pixels, paint
from gongkai.documents.redaction.writing import Encoded, PdfFile, encode

HIDDEN = (NAME, SECRET)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> SourceDocument:
    return open_source(
        typeset(tmp_path_factory.mktemp("proof") / "a.pdf", f"申请人{NAME}，证件号码{SECRET}，验收报告可以公开。")
    )


@pytest.fixture(scope="module")
def boxes(source: SourceDocument) -> list[RedactionBox]:
    return boxes_over(source, *HIDDEN)


@pytest.fixture(scope="module")
def good(source: SourceDocument) -> Burnt:
    return burnt_without(source, *HIDDEN)


def kinds(found: tuple[Leak, ...]) -> set[str]:
    return {leak.kind for leak in found}


def by_hand(
    source: SourceDocument,
    boxes: list[RedactionBox],
    *,
    black: bool = True,
    filtered: bool = True,
    spoil: Callable[[Image.Image, Painted], None] | None = None,
    noisy: bool = False,
) -> Burnt:
    """A burn as a careless programmer would write it."""
    image = source.picture(1)
    if noisy:
        image = Image.blend(image, Image.effect_noise(image.size, 60).convert("RGB"), 0.15)
    characters = source.words(1)
    painted = [in_pixels(box.rect, image.size, LABELS[box.ground]) for box in boxes]
    if black:
        paint(image, painted)
    if spoil:
        spoil(image, painted[0])
    hidden = [filtered and any(box.rect.holds(one.frame.middle) for box in boxes) for one in characters]
    layer = sort_out(characters, hidden, [True] * len(characters), [])
    file = io.BytesIO()
    writer = PdfFile(file, text=True)
    page = source.pages[0]
    writer.page(page.width, page.height, encode(image), operators(page, layer.items))
    writer.finish()
    facts = BurntPage(image.width, image.height, tuple(painted))
    return Burnt(file.getvalue(), (facts,), 0, 0, ())


def test_a_good_copy_has_no_leaks(good: Burnt, source: SourceDocument, boxes: list[RedactionBox]) -> None:
    assert leaks(good, HIDDEN) == ()
    assert leaks(by_hand(source, boxes), HIDDEN) == ()
    noisy = by_hand(source, boxes, noisy=True)
    assert b"/DCTDecode" in noisy.content, "a page compressed with loss"
    assert leaks(noisy, HIDDEN) == ()


def test_a_text_layer_that_was_not_filtered_is_caught(source: SourceDocument, boxes: list[RedactionBox]) -> None:
    found = leaks(by_hand(source, boxes, filtered=False), HIDDEN)
    assert kinds(found) == {"text", "bytes"}
    assert not any(NAME in leak.detail or SECRET in leak.detail for leak in found), "the log does not tell it either"


def test_it_looks_for_the_texts_it_is_given(good: Burnt) -> None:
    kept = "验收报告"
    assert kinds(leaks(good, [kept])) == {"text", "bytes"}
    assert leaks(good, [f"{SECRET[:4]}9999"]) == ()


def test_a_box_that_was_not_painted_is_caught(source: SourceDocument, boxes: list[RedactionBox]) -> None:
    assert kinds(leaks(by_hand(source, boxes, black=False), HIDDEN)) == {"pixels"}


def test_a_box_laid_over_as_an_annotation_only_is_caught(source: SourceDocument, boxes: list[RedactionBox]) -> None:
    bad = by_hand(source, boxes, black=False, filtered=False)
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(bad.content))
    page = source.pages[0]
    for box in boxes:
        rect = (box.x0 * page.width, (1 - box.y1) * page.height, box.x1 * page.width, (1 - box.y0) * page.height)
        writer.add_annotation(0, Rectangle(rect, interior_color="000000"))
    out = io.BytesIO()
    writer.write(out)
    assert kinds(leaks(replace(bad, content=out.getvalue()), HIDDEN)) >= {"structure", "text"}


def _dot(image: Image.Image, box: Painted) -> None:
    image.putpixel((box.right - 2, box.bottom - 2), (1, 1, 1))


def _grey_letters(image: Image.Image, box: Painted) -> None:
    """The name still stands in the box, dark grey on black."""
    from PIL import ImageDraw, ImageFont
    from tests.text.extraction import samples

    font = ImageFont.truetype(str(samples.FONTS / "NotoSansSC-Regular.otf"), 30)
    ImageDraw.Draw(image).text((box.left + 4, box.top), NAME, font=font, fill=(40, 40, 40))


@pytest.mark.parametrize(
    ("spoil", "noisy", "reason"),
    [
        (_dot, False, "one pixel almost black, on a page without loss"),
        (_grey_letters, False, "a box that is dark but not black"),
        (_grey_letters, True, "the same on a page with loss"),
    ],
)
def test_pixels_that_are_not_black_are_caught(
    source: SourceDocument,
    boxes: list[RedactionBox],
    spoil: Callable[[Image.Image, Painted], None],
    noisy: bool,
    reason: str,
) -> None:
    assert kinds(leaks(by_hand(source, boxes, spoil=spoil, noisy=noisy), HIDDEN)) == {"pixels"}, reason


def test_what_ocr_reads_in_a_box_is_caught(
    source: SourceDocument, boxes: list[RedactionBox], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the pixels are only nearly compared, OCR has the last word: here the comparison is made blind."""
    monkeypatch.setattr(proof, "_is_black", lambda *_, **__: True)
    assert kinds(leaks(by_hand(source, boxes, black=False, noisy=True), HIDDEN)) == {"pixels"}


def _rewritten(content: bytes, change: Callable[[pypdf.PdfWriter], object]) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _another_object(content: bytes) -> bytes:
    at = content.index(b"xref\n")
    return content[:at] + b"99 0 obj\n(" + SECRET.encode() + b")\nendobj\n" + content[at:]


def _behind_the_pixels(content: bytes) -> bytes:
    """Bytes after the end of a picture's compressed pixels, the length made right."""
    start = content.index(b"/Subtype /Image")
    head = content.index(b"/Length ", start)
    end = content.index(b" >>", head)
    length = int(content[head + 8 : end])
    at = content.index(b"stream\n", end) + 7 + length
    return content[: head + 8] + b"%d" % (length + 18) + content[end:at] + SECRET.encode() + content[at:]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda content: content + b"% " + NAME.encode(), "bytes behind the end"),
        (lambda content: content + b"1 0 obj\n<< >>\nendobj\n", "a later revision"),
        (
            lambda content: content.replace(b"%PDF-1.7\n", b"%PDF-1.7\n%" + NAME.encode("gbk") + b"\n", 1),
            "a comment at the head",
        ),
        (_another_object, "an object nobody refers to"),
        (_behind_the_pixels, "bytes behind the pixels"),
        (lambda content: _rewritten(content, lambda w: w.add_metadata({"/Author": NAME})), "properties"),
        (lambda content: _rewritten(content, lambda w: w.add_attachment("a.txt", SECRET.encode())), "an attachment"),
        (lambda content: _rewritten(content, lambda w: w.add_outline_item(title=NAME, page_number=0)), "an outline"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_with_anything_more_in_it_is_caught(good: Burnt, change: Callable[[bytes], bytes], reason: str) -> None:
    assert "structure" in kinds(leaks(replace(good, content=change(good.content)), HIDDEN))


def test_hidden_text_in_unpacked_streams_and_raw_bytes_is_named_as_such(good: Burnt) -> None:
    for form in (
        SECRET.encode("utf-16-be"),
        NAME.encode("gbk"),
        SECRET.encode().hex().encode(),
        zlib.compress(NAME.encode()),
    ):
        added = good.content + b"1 0 obj\n<< >>\nstream\n" + form + b"\nendstream\nendobj\n"
        assert kinds(leaks(replace(good, content=added), HIDDEN)) == {"structure", "bytes"}


def test_a_picture_with_a_comment_in_it_is_caught(source: SourceDocument, boxes: list[RedactionBox]) -> None:
    image = Image.effect_noise((600, 800), 80).convert("RGB")
    plain = io.BytesIO()
    image.save(plain, "JPEG")
    told = io.BytesIO()
    image.save(told, "JPEG", comment=SECRET.encode())
    results = []
    for data in (plain.getvalue(), told.getvalue()):
        file = io.BytesIO()
        writer = PdfFile(file, text=True)
        writer.page(300, 400, Encoded(600, 800, 3, data, False), b"")
        writer.finish()
        results.append(kinds(leaks(Burnt(file.getvalue(), (BurntPage(600, 800, ()),), 0, 0, ()), HIDDEN)))
    assert results[0] == set()
    assert "structure" in results[1]


def test_a_burn_that_leaks_hands_nothing_out(
    source: SourceDocument, boxes: list[RedactionBox], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(burning_module, "cover", lambda page, characters, rects: _nothing(len(characters)))
    with pytest.raises(Leaked) as caught:
        burn(source, boxes, LABELS)
    assert "未予生成" in str(caught.value)
    assert "text" in kinds(caught.value.leaks)
    assert NAME not in str(caught.value)


def _nothing(count: int) -> object:
    from gongkai.documents.redaction.covering import Covered

    return Covered((), (False,) * count)
