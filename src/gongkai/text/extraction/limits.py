"""How big a file may be before it is refused, so that one upload cannot stop the machine for everybody."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.text.extraction.contract import Code, Unreadable

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds of what is read; sizes in bytes, `text_length` in characters.

    `ratio` is uncompressed size over compressed size of a whole zip; it counts only above `ratio_from` bytes, because
    small files of blanks compress that well in all innocence. `blank_rows` ends a sheet whose formatting, not its
    content, runs to the last row. `ocr_pages` bounds the slow part: a page takes seconds.
    """

    file_size: int = 200 * MEGABYTE
    unpacked_size: int = 1024 * MEGABYTE
    ratio: int = 200
    ratio_from: int = 10 * MEGABYTE
    members: int = 5_000
    archive_depth: int = 2
    pdf_pages: int = 2_000
    ocr_pages: int = 300
    image_pixels: int = 100_000_000
    spreadsheet_rows: int = 1_000_000
    blank_rows: int = 200
    text_length: int = 20_000_000


DEFAULT = Limits()


def too_large(what: str, actual: str, allowed: str, remedy: str = "请拆分后分别提交") -> Unreadable:
    """The refusal of something over a limit, with both figures and the remedy."""
    return Unreadable(Code.HUGE, f"{what}为 {actual}，超过上限 {allowed}。{remedy}。")


def check_text_length(text: str, limits: Limits) -> None:
    """Refuse a text longer than any document a government publishes."""
    if len(text) > limits.text_length:
        raise too_large("正文", f"{len(text)} 字", f"{limits.text_length} 字")


def in_megabytes(size: int) -> str:
    """Bytes as people read them: `in_megabytes(209715200) == "200 MB"`."""
    return f"{size / MEGABYTE:.0f} MB" if size >= MEGABYTE else f"{size / 1024:.0f} KB"
