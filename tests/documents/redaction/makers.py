"""Files with a secret in every place where one can hide, and what an attacker would do with the redacted copy."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import pypdf
import pypdfium2 as pdfium
import typst
from PIL import Image
from tests.text.extraction import samples

from gongkai.documents.redaction import Burnt, RedactionBox, SourceDocument, burn

SECRET = "340602190203047786"
"""A made-up identity number (born 1902) with a right check digit."""
NAME = "邬海棠"
LABELS = {"privacy": "第十五条", "process": "第十六条"}


def typeset(path: Path, markup: str) -> Path:
    """A PDF by typst, A4, 16 pt."""
    head = '#set text(font: "Noto Serif SC", size: 16pt, lang: "zh")\n#set page(paper: "a4")\n'
    path.write_bytes(typst.compile((head + markup).encode(), font_paths=[str(samples.FONTS)]))  # type: ignore[misc]
    return path


def raw_pdf(objects: Mapping[int, bytes]) -> bytes:
    """A PDF of hand-written objects; object 1 is the catalog."""
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (max(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % places[number] for number in range(1, max(places) + 1))
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (max(places) + 1, start)
    return bytes(out)


def stream(entries: bytes, data: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


def one_page(
    path: Path, content: bytes, more: Mapping[int, bytes], *, page: bytes = b"", resources: bytes = b""
) -> Path:
    """A page of 400 × 300 points with Helvetica as /H; `more` are objects from 10 on."""
    font = b"/Font << /H 5 0 R >> "
    path.write_bytes(
        raw_pdf(
            {
                1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [] >> >>",
                2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
                3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] /Contents 4 0 R /Resources << %s%s >> %s >>"
                % (font, resources, page),
                4: stream(b"", content),
                5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
                6: b"null", 7: b"null", 8: b"null", 9: b"null",
                **more,
            }
        )
    )  # fmt: skip
    return path


def fax(image: Image.Image) -> bytes:
    """The pixels of a black and white picture by CCITT T.6, which both fax pictures and JBIG2 (MMR) hold."""
    buffer = io.BytesIO()
    image.save(buffer, "TIFF", compression="group4", tiffinfo={278: image.height})
    with Image.open(io.BytesIO(buffer.getvalue())) as tiff:
        (start,), (length,) = (tiff.tag_v2[tag] for tag in (273, 279))  # type: ignore[attr-defined]
    return buffer.getvalue()[start : start + length]


def jbig2(image: Image.Image) -> bytes:
    """A page of one generic region, MMR coded (ITU-T T.88 7.4.6), as PDF embeds it."""
    width, height = image.size
    page = struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    region = struct.pack(">IIIIBB", width, height, 0, 0, 0, 1) + fax(image)
    head = struct.Struct(">IBBBI")
    return head.pack(0, 48, 0, 1, len(page)) + page + head.pack(1, 38, 0, 1, len(region)) + region


def boxes_over(source: SourceDocument, *texts: str, ground: str = "privacy") -> list[RedactionBox]:
    """A box over every occurrence of each text; each must occur."""
    boxes = []
    for text in texts:
        found = source.find(text)
        assert found, f"{text} is not on the pages"
        boxes += [RedactionBox(one.page, r.x0, r.y0, r.x1, r.y1, ground) for one in found for r in one.rects]
    return boxes


def burnt_without(source: SourceDocument, *texts: str) -> Burnt:
    return burn(source, boxes_over(source, *texts), LABELS)


def tight(text: str) -> str:
    return "".join(text.split())


def texts_of(content: bytes) -> tuple[str, str]:
    """What PDFium and pypdf read, without blanks."""
    document = pdfium.PdfDocument(content)
    by_pdfium = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return tight(by_pdfium), tight("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages))


def streams_of(content: bytes) -> Iterable[bytes]:
    """The raw file and every stream in it unpacked, whether something refers to it or not."""
    yield content
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            yield zlib.decompressobj().decompress(found[1])
        except zlib.error:
            continue


def forms_of(text: str) -> set[bytes]:
    plain = {text.encode(code) for code in ("utf-8", "utf-16-be", "utf-16-le", "gbk")}
    return plain | {form for one in plain for form in (one.hex().encode(), one.hex().upper().encode())}


def assert_gone(burnt: Burnt, *secrets: str) -> None:
    """No secret, nor any four characters of one, in the text by two libraries, in the bytes, in metadata or attachments."""
    content = burnt.content
    parts = {secret[at : at + 4] for secret in secrets for at in range(max(len(secret) - 3, 1))}
    for text in texts_of(content):
        assert not [part for part in parts if part in text]
    for data in streams_of(content):
        assert not [secret for secret in secrets if len(secret) > 2 and any(form in data for form in forms_of(secret))]
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert not reader.metadata
    assert reader.xmp_metadata is None
    assert not reader.attachments
    assert reader.get_fields() is None
    assert reader.outline == []
    assert set(reader.root_object) == {"/Type", "/Pages", "/Lang"}
    for page, facts in zip(reader.pages, burnt.pages, strict=True):
        assert "/Annots" not in page
        (image,) = page.images
        picture = image.image
        assert picture is not None
        assert picture.size == (facts.width, facts.height)
        for one in facts.painted:
            inside = picture.convert("L").crop((one.left, one.top, one.right, one.bottom))
            assert sum(inside.histogram()[:12]) > 0.7 * inside.width * inside.height, "black but for the label"


def assert_kept(burnt: Burnt, *texts: str) -> None:
    """Each text can still be found, by both libraries."""
    for read in texts_of(burnt.content):
        for text in texts:
            assert tight(text) in read
