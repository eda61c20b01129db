import io
from collections.abc import Callable

import pypdfium2 as pdfium
import pytest


def pages_of(content: bytes) -> list[str]:
    """Text of each page without blanks and line ends, which depend on the extractor and not on the document."""
    return ["".join(page.get_textpage().get_text_range().split()) for page in pdfium.PdfDocument(io.BytesIO(content))]


@pytest.fixture
def pdf_pages() -> Callable[[bytes], list[str]]:
    return pages_of
