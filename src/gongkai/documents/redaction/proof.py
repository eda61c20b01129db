"""The proof that a finished file gives nothing away, made on the file itself and able to fail.

1. Structure: the file consists of exactly what `writing` writes, byte after byte, and of nothing else: no properties, no
   annotations, attachments, forms, outlines, scripts, older revisions; streams hold what they should and nothing behind their end.
2. Text: two libraries read the text; nothing hidden is in it.
3. Bytes: no hidden text in the raw bytes or the unpacked streams, in UTF-8, UTF-16, GBK, plain, as hexadecimal or octal strings.
4. Pixels: under every box is black and its label; a page compressed with loss is also read by OCR there.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
from PIL import Image, ImageChops

from gongkai.documents.redaction.anatomy import Anatomy, FileOfAnotherForm, dissect, unpack
from gongkai.documents.redaction.model import Burnt, BurntPage, Painted
from gongkai.documents.redaction.painting import labels, paint
from gongkai.text.extraction import ocr
from gongkai.text.extraction.pdf import LOCK

_GRAM = 4
"""Texts up to this length are looked up in the set of all stretches of their length."""
_LEAST_BYTES = 6
"""Shorter ones stand in a file by chance (numbers of objects, lengths); the structure leaves them no other place."""
_PAGES_A_READER = 20
_BLOCK = 8
"""Side of the squares of JPEG, in which the edge of a box disturbs its neighbours."""
_NOISE, _EDGE_NOISE = 12, 150


@dataclass(frozen=True, slots=True)
class Leak:
    """One thing that should not be in the file. `kind` is structure, text, bytes or pixels; `page` 0 is the whole file."""

    kind: str
    page: int
    detail: str
    """English, for the log; never quotes what was hidden."""


class Leaked(Exception):
    """The finished file did not pass its proof; it was thrown away. The message is for people."""

    def __init__(self, found: Sequence[Leak]) -> None:
        self.leaks = tuple(found)
        pages = "、".join(dict.fromkeys(f"第 {leak.page} 页" for leak in found if leak.page)) or "文件结构"
        super().__init__(
            f"遮盖后的文件没有通过核验（{pages}），未予生成，原件和遮盖框都还在。"
            "请将原件打印后扫描成 PDF 重新上传；仍不通过的，请联系系统管理员。"
        )

    def __reduce__(self) -> tuple[type[Leaked], tuple[tuple[Leak, ...]]]:
        """The leaks, so that the refusal survives the way back from a worker process."""
        return Leaked, (self.leaks,)


def leaks(burnt: Burnt, hidden_texts: Iterable[str]) -> tuple[Leak, ...]:
    """Everything wrong with a finished file; empty when it is clean.

    `hidden_texts` must not be in it anywhere: texts of at least two characters that stand open nowhere. Blanks in them are left out.
    """
    hidden = {tight for text in hidden_texts if len(tight := "".join(text.split())) > 1}
    found = list(_in_text(burnt.content, hidden))
    try:
        anatomy = dissect(burnt.content)
    except FileOfAnotherForm as error:
        return (*found, Leak("structure", 0, str(error)), *_in_bytes([burnt.content, *unpack(burnt.content)], hidden))
    if len(anatomy.pages) != len(burnt.pages):
        found.append(Leak("structure", 0, "the number of pages differs"))
    found += _in_bytes(anatomy.other_bytes(), hidden)
    found += _in_pixels(burnt, anatomy, hidden)
    return tuple(found)


def _in_text(content: bytes, hidden: set[str]) -> Iterator[Leak]:
    """What either library gets of the hidden texts, page by page and, for long ones, across pages (page 0)."""
    for name, read in (("PDFium", _by_pdfium), ("pypdf", _by_pypdf)):
        pages: list[str] = []
        try:
            pages += ("".join(text.split()) for text in read(content))
        except Exception as error:  # whatever a library makes of a file it cannot read
            yield Leak("structure", 0, f"{name} cannot read the file: {type(error).__name__}")
        bad = [number for number, text in enumerate(pages, start=1) if _holds(text, hidden)]
        if not bad and _holds("".join(pages), {text for text in hidden if len(text) > _GRAM}):
            bad = [0]
        for number in bad:
            yield Leak("text", number, f"{name} extracts hidden text")


def _by_pdfium(content: bytes) -> Iterator[str]:
    with LOCK:
        document = pdfium.PdfDocument(content)
        try:
            for index in range(len(document)):
                page = document[index]
                textpage = page.get_textpage()
                yield textpage.get_text_range(errors="replace")
                textpage.close()
                page.close()
        finally:
            document.close()


def _by_pypdf(content: bytes) -> Iterator[str]:
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    start, count, file = 0, 1, io.BytesIO(content)
    while start < count:  # the library keeps every picture it came by; a new reader forgets them
        reader = PdfReader(file)
        count = len(reader.pages)
        for at in range(start, min(start + _PAGES_A_READER, count)):
            yield reader.pages[at].extract_text()
        start += _PAGES_A_READER


def _holds(text: str, hidden: set[str]) -> bool:
    for length in range(2, _GRAM + 1):
        wanted = {one for one in hidden if len(one) == length}
        if wanted and any(text[at : at + length] in wanted for at in range(len(text) - length + 1)):
            return True
    return any(one in text for one in hidden if len(one) > _GRAM)


def _in_bytes(parts: Iterable[bytes], hidden: set[str]) -> list[Leak]:
    needles = {form for text in hidden for form in _forms(text)}
    return [
        Leak("bytes", 0, f"part {at} of the file holds hidden text")
        for at, part in enumerate(parts)
        if any(needle in part for needle in needles)
    ]


def _forms(text: str) -> Iterator[bytes]:
    """The ways in which a text may be written in a PDF."""
    for encoding in ("utf-8", "utf-16-be", "utf-16-le", "gbk"):
        try:
            plain = text.encode(encoding)
        except UnicodeEncodeError:
            continue
        if len(plain) >= _LEAST_BYTES:
            yield plain
            yield plain.hex().encode()
            yield plain.hex().upper().encode()
            yield "".join(f"\\{byte:03o}" for byte in plain).encode()


def _in_pixels(burnt: Burnt, anatomy: Anatomy, hidden: set[str]) -> Iterator[Leak]:
    for number, (facts, encoded) in enumerate(zip(burnt.pages, anatomy.pages, strict=False), start=1):
        if (encoded.width, encoded.height) != (facts.width, facts.height):
            yield Leak("pixels", number, "the picture has another size")
        elif facts.painted:
            image = encoded.picture()
            if not _is_black(image, facts, exact=encoded.lossless):
                yield Leak("pixels", number, "a box is not black all over")
            elif not encoded.lossless and _holds(_read(image, facts.painted), hidden):
                yield Leak("pixels", number, "hidden text can be read by OCR")


def _is_black(image: Image.Image, facts: BurntPage, *, exact: bool) -> bool:
    """Whether the boxes show black and the labels; with loss, nearly so within and roughly along their edges and labels."""
    import numpy

    wanted = Image.new(image.mode, image.size)
    loud = Image.new("1", image.size)
    drawn = Image.new(image.mode, image.size, "white")
    paint(drawn, facts.painted)
    for box, _, _ in labels(facts.painted):
        wanted.paste(drawn.crop(box), box)
        loud.paste(1, (box[0] - _BLOCK, box[1] - _BLOCK, box[2] + _BLOCK, box[3] + _BLOCK))
    for one in facts.painted:
        box = (one.left, one.top, one.right, one.bottom)
        off = numpy.asarray(ImageChops.difference(image.crop(box), wanted.crop(box)))
        if off.size == 0 or (exact and off.max() > 0) or off.max() > _EDGE_NOISE:
            return False
        inner = _inside(~numpy.asarray(loud.crop(box)))
        if inner.any() and off[inner].max() > _NOISE:
            return False
    return True


def _inside(quiet: Any) -> Any:
    """Without the squares at the edge, which show a little of what is beside the box."""
    inner = quiet.copy()
    inner[:_BLOCK] = inner[-_BLOCK:] = False
    inner[:, :_BLOCK] = inner[:, -_BLOCK:] = False
    return inner


def _read(image: Image.Image, painted: Sequence[Painted]) -> str:
    """What OCR reads in the boxes of a page, all else being white."""
    sheet = Image.new("RGB", image.size, "white")
    for one in painted:
        box = (one.left, one.top, one.right, one.bottom)
        sheet.paste(image.crop(box), box)
    return "".join("".join(line.text.split()) for line in ocr.read_lines(sheet))
