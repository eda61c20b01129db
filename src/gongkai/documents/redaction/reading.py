"""A page of a PDF as it is shown: its picture, and its characters with their places (text layer, or OCR for pictures)."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from gongkai.documents.redaction.model import Character, Rect
from gongkai.text.extraction import ocr
from gongkai.text.extraction.layout import Line
from gongkai.text.extraction.pdf import needs_ocr

OCR_DPI = 200
_UNITS = 1_000_000
"""Steps into which PDFium divides the page when it says where a point is."""
_NOT_SHOWN = frozenset(
    {
        raw.FPDF_ANNOT_TEXT,
        raw.FPDF_ANNOT_POPUP,
        raw.FPDF_ANNOT_FILEATTACHMENT,
        raw.FPDF_ANNOT_SOUND,
        raw.FPDF_ANNOT_MOVIE,
    }
)
"""Notes and their windows are remarks about the page, not part of what is read on it. Whatever else is drawn stays drawn: a black
rectangle that somebody laid over a name must not come off."""
_PICTURE_SHARE = 0.03
"""A picture on a page with text is read by OCR when it takes at least this share of the page."""
_PICTURE_CHARACTERS = 4
"""With more characters of the text layer on it, a picture is a background or a scan with its own text layer."""


_Box: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, right, top in points of the page's own coordinates."""


@dataclass(frozen=True, slots=True)
class PageText:
    """The characters of the text layer, and the parts of the page whose text only OCR can read."""

    characters: tuple[Character, ...]
    pictures: tuple[Rect, ...]


def settle(page: pdfium.PdfPage) -> bool:
    """Draw form fields and annotations into the page for good, without the notes; whether the page must be loaded again.

    From then on what is seen is content, and can be searched, found and hidden like everything else.
    """
    count = raw.FPDFPage_GetAnnotCount(page)
    if count <= 0:
        return False
    for index in reversed(range(count)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        subtype = raw.FPDFAnnot_GetSubtype(annotation) if annotation else raw.FPDF_ANNOT_UNKNOWN
        if annotation:
            raw.FPDFPage_CloseAnnot(annotation)
        if subtype in _NOT_SHOWN:
            raw.FPDFPage_RemoveAnnot(page, index)
    raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
    return True


def picture(page: pdfium.PdfPage, dpi: float) -> Image.Image:
    """The page in colour, on white."""
    bitmap = page.render(scale=dpi / 72, may_draw_forms=False, rev_byteorder=True)
    try:
        return bitmap.to_pil().convert("RGB")
    finally:
        bitmap.close()


def text_of(page: pdfium.PdfPage) -> PageText:
    """The text layer. What OCR has to read besides is told as rectangles, so that it is done without PDFium's lock."""
    characters = tuple(_characters(page))
    shown = "".join(one.text for one in characters)
    if needs_ocr(page, [Line(shown, 0, 0, 0, 0)]):
        return PageText((), (Rect(0, 0, 1, 1),))
    return PageText(characters, tuple(_pictures(page, characters)))


def recognise(image: Image.Image, pictures: tuple[Rect, ...], first_line: int) -> Iterator[Character]:
    """The characters in those parts of the picture of a page, read by OCR."""
    line = first_line
    for part in pictures:
        left, top = int(part.x0 * image.width), int(part.y0 * image.height)
        cut = image.crop((left, top, int(part.x1 * image.width) + 1, int(part.y1 * image.height) + 1))
        for found in ocr.read_characters(cut):
            for text, x0, y0, x1, y1 in found:
                box = Rect(
                    max((left + x0) / image.width, 0), max((top + y0) / image.height, 0),
                    min((left + x1) / image.width, 1), min((top + y1) / image.height, 1),
                )  # fmt: skip
                if box.width > 0 and box.height > 0:
                    yield Character(text, box, box, line, recognised=True)
            line += 1


def _characters(page: pdfium.PdfPage) -> Iterator[Character]:
    """The characters on the visible part of the page, in the order of its content."""
    turned = page.get_rotation()
    if turned:  # PDFium sorts the text of a turned page as if it had been written that way
        page.set_rotation(0)
    try:
        found = list(_placed(page))
    finally:
        if turned:
            page.set_rotation(turned)
    whole = Rect(0, 0, 1, 1)
    for text, line, loose, close in found:
        frame = _shown(page, *loose)
        ink = _shown(page, *close) if close else frame
        frame = frame if frame.area > 0 else ink
        if text.isspace():
            yield Character(" ", frame, frame, line)
        elif frame.touches(whole):
            yield Character(text, ink if ink.area > 0 else frame, frame, line)


def _placed(page: pdfium.PdfPage) -> Iterator[tuple[str, int, _Box, _Box | None]]:
    """Characters, their lines, the box of their advance and, where the font tells it, of their shape, as the page has them."""
    textpage = page.get_textpage()
    try:
        line, high = 0, ""
        for index in range(textpage.count_chars()):
            code = raw.FPDFText_GetUnicode(textpage, index)
            if code in (10, 13):
                line += 1
            elif 0xD800 <= code < 0xDC00:
                high = chr(code)
            elif text := _joined(high, code):
                high = ""
                yield text, line, *_boxes(textpage, index)
    finally:
        textpage.close()


def _joined(high: str, code: int) -> str:
    """The character of a code; rare characters come as two halves. Control characters are none."""
    if 0xDC00 <= code < 0xE000:
        return (high + chr(code)).encode("utf-16", "surrogatepass").decode("utf-16") if high else ""
    return chr(code) if 32 <= code < 0x110000 and code not in (0x7F, 0xFFFE, 0xFFFF) else ""


def _boxes(textpage: Any, index: int) -> tuple[_Box, _Box | None]:
    loose = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(textpage, index, ctypes.byref(loose))
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    known = raw.FPDFText_GetCharBox(textpage, index, left, right, bottom, top)
    frame = (loose.left, loose.bottom, loose.right, loose.top)
    return frame, (left.value, bottom.value, right.value, top.value) if known else None


def _shown(page: pdfium.PdfPage, left: float, bottom: float, right: float, top: float) -> Rect:
    """A rectangle of the page's own coordinates as fractions of what is shown: cropped and turned."""
    points = []
    for x, y in ((left, bottom), (right, top)):
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, _UNITS, _UNITS, 0, x, y, across, down)
        points.append((across.value / _UNITS, down.value / _UNITS))
    (x0, y0), (x1, y1) = points
    return Rect(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _pictures(page: pdfium.PdfPage, characters: tuple[Character, ...]) -> Iterator[Rect]:
    """Large pictures on a page with text that have no text layer of their own."""
    for item in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=5):
        points = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)]  # a picture is drawn in the unit square
        holder: Any = item
        while holder is not None:
            matrix = holder.get_matrix()
            points = [matrix.on_point(x, y) for x, y in points]
            holder = holder.container
        xs, ys = [x for x, _ in points], [y for _, y in points]
        place = _shown(page, min(xs), min(ys), max(xs), max(ys))
        place = Rect(max(place.x0, 0), max(place.y0, 0), min(place.x1, 1), min(place.y1, 1))
        inside = sum(not one.is_blank and place.holds(one.frame.middle) for one in characters)
        if place.area >= _PICTURE_SHARE and inside <= _PICTURE_CHARACTERS:
            yield place
