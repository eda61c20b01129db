"""PDF: the text layer by PDFium; a page without one is rendered and read by OCR."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from gongkai.text.extraction import ocr
from gongkai.text.extraction.contract import Code, Extracted, Unreadable
from gongkai.text.extraction.layout import Line, headline, join_segments, reflow
from gongkai.text.extraction.limits import Limits, check_text_length, too_large
from gongkai.text.extraction.markup import paragraphs_to_html, tidy

_DPI = 200
_FEW = 10
"""A page with fewer characters than this is taken for a picture with a stray stamp or page number."""
_BROKEN_SHARE = 0.2
LOCK = Lock()
"""PDFium may be used by one thread at a time."""
_METADATA = {"Title": "Title", "Subject": "Subject", "Keywords": "Keywords", "CreationDate": "CreationDate"}


def extract_pdf(path: Path, limits: Limits) -> Extracted:
    """The paragraphs of a PDF. Raises `Unreadable`: encrypted, damaged, huge, empty."""
    with LOCK, opened(path) as document:
        count = len(document)
        if count > limits.pdf_pages:
            raise too_large("PDF 页数", f"{count} 页", f"{limits.pdf_pages} 页")
        pages: list[list[Line]] = []
        length = 0
        scanned = unread = 0
        for index in range(count):
            with opened_page(document, index) as page:
                lines = _text_lines(page)
                if needs_ocr(page, lines):
                    if scanned < limits.ocr_pages:
                        lines = _scan(page, limits) or lines
                        scanned += 1
                    else:
                        unread += 1
            pages.append(lines)
            length += sum(len(line.text) for line in lines)
            if length > limits.text_length:
                check_text_length(" " * length, limits)
        metadata = _metadata(document)
    paragraphs = reflow(pages)
    warnings = [ocr.WARNING.format(pages=scanned)] if scanned else []
    if unread:
        warnings.append(f"扫描页过多，有 {unread} 页未识别。请拆分后分别提交，或提供可复制文字的文件。")
    return Extracted(
        kind="pdf",
        text="\n".join(paragraphs),
        html=paragraphs_to_html(paragraphs),
        title=headline(pages[0]) or metadata.get("Title", ""),
        metadata=metadata,
        pages=count,
        ocr=scanned > 0,
        warnings=tuple(warnings),
    )


@contextmanager
def opened(path: Path) -> Iterator[pdfium.PdfDocument]:
    """A PDF with at least one page; `LOCK` is held by the caller. Raises `Unreadable`: encrypted, damaged."""
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise Unreadable(Code.ENCRYPTED, "PDF 文件设有打开密码，无法读取。请取消密码后重新提交。") from error
        if "security" in str(error).lower():
            raise Unreadable(Code.ENCRYPTED, "PDF 文件采用了无法识别的加密方式。请取消加密后重新提交。") from error
        raise _damaged() from error
    try:
        if len(document) == 0:
            raise _damaged()
        yield document
    finally:
        document.close()


@contextmanager
def opened_page(document: pdfium.PdfDocument, index: int) -> Iterator[pdfium.PdfPage]:
    """One page, counted from 0. Raises `Unreadable` (damaged)."""
    try:
        page = document[index]
        try:
            yield page
        finally:
            page.close()
    except pdfium.PdfiumError as error:
        raise _damaged() from error


def _damaged() -> Unreadable:
    return Unreadable(Code.DAMAGED, "PDF 文件已损坏，无法打开。请用 WPS 或 PDF 阅读器重新另存后再提交。")


def _text_lines(page: pdfium.PdfPage) -> list[Line]:
    """The lines of the text layer, in the order of the page's content."""
    textpage = page.get_textpage()
    try:
        height = page.get_height()
        return join_segments(_segments(textpage.raw, textpage.count_chars(), height))
    finally:
        textpage.close()


def _segments(textpage: Any, count: int, page_height: float) -> Iterator[Line]:
    """Runs of characters that stand side by side, from PDFium's characters and their boxes."""
    loose = raw.FS_RECTF()
    place = ctypes.byref(loose)
    text: list[str] = []
    box = [0.0, 0.0, 0.0, 0.0]

    def run() -> Line:
        return Line("".join(text), box[0], box[1], box[2], box[3])

    for index in range(count):
        code = raw.FPDFText_GetUnicode(textpage, index)
        character = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
        if character in "\r\n":
            if text and character:
                yield run()
                text = []
            continue
        if character.isspace():
            if text:
                text.append(" ")
            continue
        # The loose box spans the whole line height and advance of the font, whatever the shape of the character.
        raw.FPDFText_GetLooseCharBox(textpage, index, place)
        x0, x1, y0, y1 = loose.left, loose.right, page_height - loose.top, page_height - loose.bottom
        em = max(y1 - y0, 1.0)
        if text and (x0 - box[1] > 0.9 * em or x0 < box[0] - em or y0 > box[3] + 0.3 * em or y1 < box[2] - 0.3 * em):
            yield run()
            text = []
        if text:
            box = [min(box[0], x0), max(box[1], x1), min(box[2], y0), max(box[3], y1)]
        else:
            box = [x0, x1, y0, y1]
        text.append(character)
    if text:
        yield run()


def needs_ocr(page: pdfium.PdfPage, lines: list[Line]) -> bool:
    """Whether the page shows more than its text layer tells: pictures without text, or text without meaning."""
    text = "".join(line.text for line in lines)
    characters = sum(not character.isspace() for character in text)
    if characters >= _FEW:
        broken = sum("\ue000" <= character <= "\uf8ff" or character == "\ufffd" for character in text)
        return broken > _BROKEN_SHARE * characters
    kinds = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING)
    pictured = list(page.get_objects(filter=kinds, max_depth=3))
    has_image = any(item.type == raw.FPDF_PAGEOBJ_IMAGE for item in pictured)
    # Text turned into outlines ("转曲") leaves many paths and no characters.
    return has_image or len(pictured) > 20


def _scan(page: pdfium.PdfPage, limits: Limits) -> list[Line]:
    """The lines read from the picture of the page, in the page's own units; no larger than the limit on pixels."""
    width, height = page.get_size()
    scale = min(_DPI / 72, (limits.image_pixels / max(width * height, 1)) ** 0.5)
    found = ocr.read_lines(page.render(scale=scale, grayscale=True).to_pil())
    return [
        Line(line.text, line.left / scale, line.right / scale, line.top / scale, line.bottom / scale) for line in found
    ]


def _metadata(document: pdfium.PdfDocument) -> dict[str, str]:
    found = {name: tidy(document.get_metadata_value(key)) for key, name in _METADATA.items()}
    # Word and scanners write names of files and programs into the title; those are no titles.
    title = found["Title"]
    if not any("\u4e00" <= character <= "\u9fff" for character in title) or title.startswith("Microsoft Word"):
        found["Title"] = ""
    return {name: value for name, value in found.items() if value}
