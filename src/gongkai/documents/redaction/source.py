"""The document to be redacted, as pages that are seen: whatever it was, it is read as PDF."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

import pypdfium2 as pdfium
from PIL import Image

from gongkai.documents.redaction import reading, searching
from gongkai.documents.redaction.limits import DPI, HIGHEST_DPI, PAGE_PIXELS
from gongkai.documents.redaction.model import Character, Occurrence, PageSize, Proposal
from gongkai.documents.redaction.proposing import propose
from gongkai.text.extraction.contract import Code, Unreadable
from gongkai.text.extraction.limits import Limits, too_large
from gongkai.text.extraction.pdf import LOCK, opened, opened_page


class SourceDocument:
    """A document opened for redaction; use it in a `with` statement, or call `close`.

    `pages` are the sizes, `warnings` Chinese sentences on what is not as it was in the file. Nothing is written to the file.
    PDFium is used by one thread at a time, under the lock of the text extraction.
    """

    def __init__(
        self, path: Path, limits: Limits, warnings: tuple[str, ...] = (), folder: TemporaryDirectory[str] | None = None
    ) -> None:
        """Open the PDF at `path`; `folder` is removed at the end. Raises `Unreadable`: encrypted, damaged, huge."""
        self.warnings = warnings
        self._recognised: dict[int, tuple[Character, ...]] = {}
        self._settled: set[int] = set()
        self._closing = ExitStack()
        if folder is not None:
            self._closing.callback(folder.cleanup)
        try:
            with LOCK:
                self._pdf: pdfium.PdfDocument = self._closing.enter_context(opened(path))
                self._pdf.init_forms()
                self.pages = _sizes(self._pdf, limits)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> SourceDocument:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file and of what was made from it."""
        with LOCK:
            self._closing.close()

    def page_image(self, number: int, dpi: float = 100) -> bytes:
        """Page `number` (from 1) as PNG, as it will be burnt but for the boxes. Raises `LookupError` for no such page."""
        buffer = io.BytesIO()
        self.picture(number, dpi).save(buffer, "PNG")
        return buffer.getvalue()

    def picture(self, number: int, dpi: float = DPI) -> Image.Image:
        """Page `number` (from 1) in RGB. Raises `LookupError` for no such page, `ValueError` for a senseless `dpi`."""
        if not 10 <= dpi <= HIGHEST_DPI:
            raise ValueError(f"dpi must be between 10 and {HIGHEST_DPI}")
        with self._page(number) as page:
            return reading.picture(page, dpi)

    def words(self, number: int, *, recognise: bool = True) -> tuple[Character, ...]:
        """The characters of page `number` (from 1) with their places, those of scans and large pictures read by OCR.

        `recognise`: off, pictures stay unread; for pages that must not wait (nor hold the models of recognition in memory).
        Raises `LookupError` for no such page.
        """
        with self._page(number) as page:
            text = reading.text_of(page)
        if not text.pictures or not recognise:
            return text.characters
        if number not in self._recognised:  # seconds a page, so it is kept
            image = self.picture(number, reading.OCR_DPI)
            first = text.characters[-1].line + 1 if text.characters else 0
            self._recognised[number] = tuple(reading.recognise(image, text.pictures, first))
        return text.characters + self._recognised[number]

    def proposals(self) -> tuple[Proposal, ...]:
        """What our detectors of personal data would hide, page by page (《条例》§15, 《个人信息保护法》)."""
        return tuple(one for page in self.pages for one in propose(page, self.words(page.number)))

    def find(self, text: str, *, recognise: bool = True) -> tuple[Occurrence, ...]:
        """Every place where `text` stands, also across the end of a line; widths, case and blanks make no difference.

        Nothing for a text of blanks. `recognise` as for `words`.
        """
        return tuple(
            one
            for page in self.pages
            for one in searching.find(page.number, self.words(page.number, recognise=recognise), text)
        )

    def has_pictures(self, number: int) -> bool:
        """Whether page `number` has pictures whose text only recognition can read. Raises `LookupError` for no such page."""
        with self._page(number) as page:
            return bool(reading.text_of(page).pictures)

    @contextmanager
    def _page(self, number: int) -> Iterator[pdfium.PdfPage]:
        if not 1 <= number <= len(self.pages):
            raise LookupError(f"no page {number}")
        with LOCK:
            if number not in self._settled:
                with opened_page(self._pdf, number - 1) as page:
                    reading.settle(page)
                self._settled.add(number)
            with opened_page(self._pdf, number - 1) as page:
                yield page


def _sizes(document: pdfium.PdfDocument, limits: Limits) -> tuple[PageSize, ...]:
    count = len(document)
    if count > limits.pdf_pages:
        raise too_large("页数", f"{count} 页", f"{limits.pdf_pages} 页", "请拆分后分别遮盖")
    sizes = []
    for index in range(count):
        try:
            width, height = document.get_page_size(index)
        except pdfium.PdfiumError:
            width = height = 0.0
        if not (width >= 1 and height >= 1):
            message = f"PDF 第 {index + 1} 页没有大小，无法显示。请用 WPS 或 PDF 阅读器重新另存后再提交。"
            raise Unreadable(Code.DAMAGED, message)
        if width * height * (DPI / 72) ** 2 > PAGE_PIXELS:
            size = f"{width / 72 * 25.4:.0f}×{height / 72 * 25.4:.0f} 毫米"
            raise too_large(f"第 {index + 1} 页", size, "A1 幅面（594×841 毫米）", "请缩小幅面或者分幅后重新提交")
        sizes.append(PageSize(index + 1, width, height))
    return tuple(sizes)
