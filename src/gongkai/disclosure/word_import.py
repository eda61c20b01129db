"""A Word document as the beginning of a draft: its text with structure, tables and pictures, and the facts it states."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import BinaryIO

from gongkai.rules.reasons import Reason, Refused
from gongkai.text.extraction import DEFAULT, Code, Extracted, Kind, Unreadable, sniff
from gongkai.text.extraction.limits import check_text_length


def read_word(name: str, stream: BinaryIO) -> Extracted:
    """The document; its HTML has pictures as ``data:`` addresses. Raises `Refused` with a reason for the field `word_file`."""
    from gongkai.text.extraction.docx import extract_docx  # here: a large library that most requests do not need

    with tempfile.TemporaryDirectory(prefix="gongkai-read-") as directory:
        path = Path(directory) / f"document{Path(name).suffix[:10]}"
        with path.open("wb") as target:
            shutil.copyfileobj(stream, target)
        try:
            kind = sniff(path, DEFAULT)
            if kind is not Kind.DOCX:
                raise Unreadable(Code.UNSUPPORTED, f"这是{kind.label}，不是 Word 文档。请选择 docx 文件。")
            extracted = extract_docx(path, DEFAULT, pictures=True)
            check_text_length(extracted.text, DEFAULT)
        except Unreadable as error:
            raise Refused([Reason(f"word_{error.code}", f"“{name}”：{error.message}", field="word_file")]) from error
    if not extracted.html.strip():
        raise Refused([Reason("word_empty", f"“{name}”中没有文字。请检查是否选错了文件。", field="word_file")])
    return extracted
