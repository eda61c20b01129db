"""Reading files of every kind into text: web pages, Word, PDF, OFD, pictures, spreadsheets, text, and zips of these.

`extract` reads one file, `sniff` only says what it is, `iter_archive` unpacks a zip safely, `rows` and `read_table`
read lists, `parse_html` reads a page that is already characters. A file is judged by its content, not by its name.
Nothing is executed and nothing is fetched. Whatever cannot be read raises `Unreadable` with a code and a Chinese
sentence that names the remedy.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gongkai.text.extraction.archive import Member, iter_archive
from gongkai.text.extraction.contract import Code, Extracted, Unreadable
from gongkai.text.extraction.limits import DEFAULT, Limits, check_text_length
from gongkai.text.extraction.sniff import Kind, sniff

if TYPE_CHECKING:
    from gongkai.text.extraction.html import parse_html
    from gongkai.text.extraction.spreadsheet import Table, read_table, rows

__all__ = [
    "DEFAULT",
    "Code",
    "Extracted",
    "Kind",
    "Limits",
    "Member",
    "Table",
    "Unreadable",
    "extract",
    "iter_archive",
    "parse_html",
    "read_table",
    "rows",
    "sniff",
]

# Readers are loaded when first needed: OCR, PDF and XML bring large libraries that a web process rarely uses.
_LATER = {"parse_html": "html", "Table": "spreadsheet", "read_table": "spreadsheet", "rows": "spreadsheet"}
_READERS = {
    Kind.HTML: ("html", "extract_html"),
    Kind.DOCX: ("docx", "extract_docx"),
    Kind.PDF: ("pdf", "extract_pdf"),
    Kind.IMAGE: ("ocr", "extract_image"),
    Kind.OFD: ("ofd", "extract_ofd"),
    Kind.XLSX: ("spreadsheet", "extract_spreadsheet"),
    Kind.CSV: ("spreadsheet", "extract_spreadsheet"),
    Kind.TEXT: ("plain", "extract_plain"),
}


def __getattr__(name: str) -> Any:
    """The names of `_LATER`, their module loaded at first use (PEP 562)."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)


def extract(path: Path, *, limits: Limits = DEFAULT) -> Extracted:
    """Text, simple HTML, title and metadata of the file at `path`.

    Raises `Unreadable` for what cannot be read (see `Code`), `OSError` if the file itself cannot be opened.
    """
    kind = sniff(path, limits)
    if kind is Kind.ARCHIVE:
        raise Unreadable(Code.ARCHIVE, "这是 zip 压缩包。请解压后逐个提交，或使用批量导入功能。")
    module, function = _READERS[kind]
    read: Callable[[Path, Limits], Extracted] = getattr(import_module(f"{__name__}.{module}"), function)
    extracted = read(path, limits)
    check_text_length(extracted.text, limits)
    if not extracted.text.strip():
        raise Unreadable(
            Code.EMPTY, f"{kind.label}中没有可识别的文字。请检查内容是否完整，或换用清晰的扫描件重新提交。"
        )
    return extracted
