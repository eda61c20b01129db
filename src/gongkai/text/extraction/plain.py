"""Bytes to characters, and plain text files.

Chinese offices produce UTF-8 (with and without BOM), GB18030 (what Windows calls ANSI) and, in old material, Big5.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from gongkai.text.extraction.contract import Code, Extracted, Unreadable
from gongkai.text.extraction.limits import Limits
from gongkai.text.extraction.markup import paragraphs_to_html, tidy

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GB_NAMES = frozenset({"gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "cp936", "hz-gb-2312"})
_SAMPLE = 64 * 1024
BROKEN_WARNING = "部分文字无法识别，已用“\ufffd”代替，请核对原文。"


def decode(data: bytes, declared: str = "") -> tuple[str, str]:
    """The characters of `data` and the encoding they were written in.

    Order: BOM, strict UTF-8, the `declared` charset, then the statistics of charset-normalizer between GB18030 and
    Big5 (nearly all Big5 is also formally valid GB18030, so validity alone cannot tell). UTF-8 goes before the
    declaration because a wrong declaration is common and text that is valid UTF-8 by chance is not. Raises
    `Unreadable` (damaged) if nothing fits.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data, encoding), encoding.removesuffix("-sig")
    for encoding in ("utf-8", "gb18030" if declared.lower() in _GB_NAMES else declared):
        try:
            return data.decode(encoding), encoding
        except (UnicodeDecodeError, LookupError):
            continue
    from charset_normalizer import from_bytes  # here: most files are UTF-8, and web processes read none

    guess = from_bytes(data[:_SAMPLE], cp_isolation=["gb18030", "big5hkscs", "utf_16_le", "utf_16_be"]).best()
    order = [guess.encoding] if guess else []
    for encoding in [*order, "gb18030"]:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return _mostly(data)


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return _mostly(data, encoding.removesuffix("-sig"))[0]


def _mostly(data: bytes, *encodings: str) -> tuple[str, str]:
    """The decoding with the fewest broken characters, if hardly more than one in a hundred is broken."""
    tries = [(data.decode(name, errors="replace"), name) for name in encodings or ("utf-8", "gb18030")]
    text, encoding = min(tries, key=lambda pair: pair[0].count("\ufffd"))
    if text.count("\ufffd") > 3 + len(text) // 100:
        raise Unreadable(
            Code.DAMAGED, "文字编码无法识别，文件可能已损坏。请用记事本打开核对，另存为 UTF-8 编码后重新提交。"
        )
    return text, encoding


def extract_plain(path: Path, limits: Limits) -> Extracted:
    """A text file: one paragraph a line, the first line as title when it is short and no sentence."""
    text, encoding = decode(path.read_bytes())
    paragraphs = [line for line in (tidy(line) for line in re.split(r"\r\n?|\n", text)) if line]
    first = paragraphs[0] if paragraphs else ""
    return Extracted(
        kind="text",
        text="\n".join(paragraphs),
        html=paragraphs_to_html(paragraphs),
        title=first if len(first) <= 100 and not first.endswith(("。", "；", "：", "，")) else "",
        warnings=(BROKEN_WARNING,) if "\ufffd" in text else (),
        metadata={"encoding": encoding},
    )
