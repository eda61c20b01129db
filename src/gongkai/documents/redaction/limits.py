"""How large a document may be that is redacted; sizes as in `text.extraction.limits`, which bounds the reading."""

from __future__ import annotations

from gongkai.text.extraction.limits import MEGABYTE, Limits

LIMITS = Limits(
    file_size=200 * MEGABYTE,
    pdf_pages=500,
    ocr_pages=500,
    image_pixels=60_000_000,
    text_length=500_000,
    spreadsheet_rows=5_000,
)
PAGE_PIXELS = 36_000_000
"""Pixels of one page at `DPI`: a sheet of A1. Pictures of pages are held in memory one at a time."""
DPI = 200
"""Resolution of the finished pages: small print stays legible, an A4 page has 3.9 million pixels."""
HIGHEST_DPI = 600
