"""What a file is, judged by its content; the name only confirms it."""

from __future__ import annotations

import mmap
import re
import zipfile
from enum import StrEnum
from pathlib import Path

from gongkai.text.extraction.contract import Code, Unreadable
from gongkai.text.extraction.limits import DEFAULT, Limits, in_megabytes, too_large
from gongkai.text.extraction.zips import check_zip


class Kind(StrEnum):
    """The kinds of file this package reads."""

    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"
    IMAGE = "image"
    OFD = "ofd"
    XLSX = "xlsx"
    CSV = "csv"
    TEXT = "text"
    ARCHIVE = "archive"

    @property
    def label(self) -> str:
        """The name people use for it."""
        return _LABELS[self]


_LABELS = {
    Kind.HTML: "网页（HTML）",
    Kind.DOCX: "Word 文档（docx）",
    Kind.PDF: "PDF 文件",
    Kind.IMAGE: "图片",
    Kind.OFD: "OFD 版式文件",
    Kind.XLSX: "Excel 表格（xlsx）",
    Kind.CSV: "CSV 表格",
    Kind.TEXT: "纯文本",
    Kind.ARCHIVE: "zip 压缩包",
}
_SUFFIXES = {
    Kind.HTML: ("html", "htm", "shtml", "xhtml", "jsp", "aspx", "php"),
    Kind.DOCX: ("docx", "docm", "dotx"),
    Kind.PDF: ("pdf",),
    Kind.IMAGE: ("png", "jpg", "jpeg", "tif", "tiff", "bmp", "gif", "webp"),
    Kind.OFD: ("ofd",),
    Kind.XLSX: ("xlsx", "xlsm", "xltx"),
    Kind.CSV: ("csv", "tsv"),
    Kind.TEXT: ("txt", "text", "md", "json", "jsonl", "log"),
    Kind.ARCHIVE: ("zip",),
}
_BY_SUFFIX = {suffix: kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes}
_LEGACY_SUFFIXES = frozenset({"doc", "wps", "xls", "et", "ppt", "pptx", "dps", "rtf", "dot", "xlt", "rar", "7z"})

_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"GIF87a", b"GIF89a")
_UNSUPPORTED = (
    (b"Rar!\x1a\x07", "RAR 压缩包", "请改用 zip 格式压缩后重新提交"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包", "请改用 zip 格式压缩后重新提交"),
    (b"\x1f\x8b", "gzip 压缩文件", "请改用 zip 格式压缩后重新提交"),
    (b"MZ", "可执行程序", "请只提交文档"),
    (b"\x7fELF", "可执行程序", "请只提交文档"),
    (b"Founder CEB", "方正 CEB 版式文件", "请用方正阅读器打印或另存为 PDF 后重新提交"),
    (b"%!PS", "PostScript 文件", "请转换为 PDF 后重新提交"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Stream names in the OLE directory (UTF-16), in the order in which they decide.
_OLE_STREAMS = (
    ("EncryptedPackage", Code.ENCRYPTED, "文件已加密，无法读取。请用 WPS/Word 打开并取消密码后重新提交。"),
    ("WordDocument", Code.LEGACY, "这是旧版 Word 文档（doc）。请用 WPS/Word 另存为 docx 后重新提交。"),
    ("Workbook", Code.LEGACY, "这是旧版 Excel 表格（xls）。请用 WPS/Excel 另存为 xlsx 后重新提交。"),
    ("Book", Code.LEGACY, "这是旧版 Excel 表格（xls）。请用 WPS/Excel 另存为 xlsx 后重新提交。"),
    ("PowerPoint Document", Code.UNSUPPORTED, "演示文稿不能作为公文导入。请另存为 PDF 后重新提交。"),
)
_MARKUP = re.compile(
    rb"<!doctype\s+html|<(?:html|head|body|meta|title|div|p|table|span|br|h[1-6]|ul|script)\b[^>]*>", re.IGNORECASE
)
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]])")
_HEAD = 64 * 1024


def sniff(path: Path, limits: Limits = DEFAULT) -> Kind:
    """The kind of the file at `path`.

    Raises `Unreadable`: empty, huge, damaged, encrypted, unsafe, legacy, unsupported, or mislabelled when the suffix
    is a known one and promises another kind. Pictures may carry any picture suffix; a file without a known suffix
    is taken for what its content is.
    """
    size = path.stat().st_size
    if size == 0:
        raise Unreadable(Code.EMPTY, "文件是空的（0 字节）。请检查导出或上传是否完整，再重新提交。")
    if size > limits.file_size:
        raise too_large("文件", in_megabytes(size), in_megabytes(limits.file_size))
    kind = _by_content(path, limits)
    suffix = path.suffix.lower().lstrip(".")
    promised = _BY_SUFFIX.get(suffix)
    if kind is Kind.TEXT and promised is Kind.CSV:
        return Kind.CSV
    if (promised and promised is not kind) or suffix in _LEGACY_SUFFIXES:
        good = _SUFFIXES[kind][0]
        message = (
            f"文件名后缀是“.{suffix}”，内容却是{kind.label}。请打开核对，另存为正确的格式（如 .{good}）后重新提交。"
        )
        raise Unreadable(Code.MISLABELLED, message)
    return kind


def _by_content(path: Path, limits: Limits) -> Kind:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(_OLE):
        raise _ole_refusal(path)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(path, limits)
    if b"%PDF-" in head[:1024]:
        return Kind.PDF
    if head.startswith(_IMAGES) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP"):
        return Kind.IMAGE
    # "BM" alone may begin a text; in a bitmap the reserved fields after the size are zero.
    if head.startswith(b"BM") and len(head) > 26 and head[6:10] == b"\0\0\0\0":
        return Kind.IMAGE
    for magic, name, remedy in _UNSUPPORTED:
        if head.startswith(magic) and (b"\0" in head or magic[:1] == b"%"):
            raise Unreadable(Code.UNSUPPORTED, f"暂不支持{name}。{remedy}。")
    if head.lstrip().startswith(b"{\\rtf"):
        raise Unreadable(Code.LEGACY, "这是 RTF 文档。请用 WPS/Word 另存为 docx 后重新提交。")
    return _text_kind(head)


def _ole_refusal(path: Path) -> Unreadable:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for stream, code, message in _OLE_STREAMS:
            # An entry of the directory is the name, zero-terminated, padded to 64 bytes.
            if data.find(stream.encode("utf-16-le") + b"\0\0") >= 0:
                return Unreadable(code, message)
    return Unreadable(Code.UNSUPPORTED, "无法识别的旧版 Office 文件。请用 WPS/Word 另存为 docx 或 PDF 后重新提交。")


def _zip_kind(path: Path, limits: Limits) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            check_zip(archive, limits)
            names = {name.lstrip("/").lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise Unreadable(Code.DAMAGED, "文件已损坏，无法打开（压缩结构不完整）。请重新导出或下载后再提交。") from error
    if "ofd.xml" in names:
        return Kind.OFD
    if "word/document.xml" in names:
        return Kind.DOCX
    if "xl/workbook.xml" in names:
        return Kind.XLSX
    if "ppt/presentation.xml" in names:
        raise Unreadable(Code.UNSUPPORTED, "演示文稿不能作为公文导入。请另存为 PDF 后重新提交。")
    if "mimetype" in names and "content.xml" in names:
        raise Unreadable(Code.UNSUPPORTED, "暂不支持 OpenDocument 文档。请另存为 docx 后重新提交。")
    if not names:
        raise Unreadable(Code.EMPTY, "压缩包里没有文件。请检查打包是否完整，再重新提交。")
    return Kind.ARCHIVE


def _text_kind(head: bytes) -> Kind:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", errors="replace").encode()
    if b"\0" in head or _control_share(head) > 0.05:
        raise Unreadable(
            Code.UNSUPPORTED, "无法识别的文件格式。请提交网页、docx、PDF、OFD、xlsx、CSV、文本或图片文件。"
        )
    if re.match(rb"\s*MIME-Version:", head, re.IGNORECASE) and b"multipart/related" in head.lower():
        raise Unreadable(
            Code.LEGACY, "这是单文件网页（MHT）。请用 WPS/Word 另存为 docx 或用浏览器另存为 HTML 后重新提交。"
        )
    if not head.strip(b" \t\r\n\f\xef\xbb\xbf"):
        raise Unreadable(Code.EMPTY, "文件里没有文字。请检查导出是否完整，再重新提交。")
    # JSON may quote whole pages; it is text to us, and the importer knows what to do with it.
    return Kind.HTML if not _JSON.match(head) and _MARKUP.search(head) else Kind.TEXT


def _control_share(head: bytes) -> float:
    return sum(head.count(byte) for byte in range(32) if byte not in b"\t\n\r\f\x1b") / len(head)
