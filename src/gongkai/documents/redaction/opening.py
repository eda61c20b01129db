"""From a file of any kind to pages that are seen: PDF as it is, pictures one to a page, all others typeset by our own hand."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image, ImageOps, ImageSequence

from gongkai.documents.model import OfficialDocument
from gongkai.documents.pdf import TypesettingError, render_pdf
from gongkai.documents.redaction.limits import LIMITS
from gongkai.documents.redaction.source import SourceDocument
from gongkai.documents.redaction.writing import PdfFile, encode
from gongkai.text.extraction import Extracted, Kind, extract, sniff
from gongkai.text.extraction.contract import Code, Unreadable
from gongkai.text.extraction.docx import extract_docx
from gongkai.text.extraction.limits import Limits, check_text_length, too_large
from gongkai.text.extraction.ocr import open_image
from gongkai.text.inspection.stripping import strip

_A4_LONG = 842.0
_SCREEN = 96
"""Dots an inch of a picture that does not say how large it is."""
_SCANS = range(60, 1201)
_TYPESET = (
    "{kind}已按其中的文字和表格重新排版，页眉页脚、图形、公式和印章不在其中。需要保留原貌的，请另存为 PDF 后重新上传。"
)
_TYPESET_KINDS = frozenset({Kind.DOCX, Kind.XLSX, Kind.CSV, Kind.TEXT, Kind.OFD})


def open_source(path: Path, *, name: str = "", limits: Limits = LIMITS) -> SourceDocument:
    """The file at `path` as pages to be redacted.

    What is no PDF or picture is typeset, so that what is hidden is what is seen: properties, comments, deleted revisions, hidden text,
    sheets, rows and columns are taken out before. `name` is the title of a document that has none.

    Raises `Unreadable` (encrypted, damaged, empty, mislabelled, huge, unsafe, unsupported) with a Chinese sentence that
    names the remedy, `OSError` if the file itself cannot be opened.
    """
    kind = sniff(path, limits)
    if kind is Kind.PDF:
        return SourceDocument(path, limits)
    if kind is not Kind.IMAGE and kind not in _TYPESET_KINDS:
        raise Unreadable(
            Code.UNSUPPORTED, f"{kind.label}不能直接遮盖。请打印或者另存为 PDF 后重新上传；压缩包请先解压，逐个上传。"
        )
    folder = TemporaryDirectory(prefix="gongkai-redaction-")
    try:
        target = Path(folder.name) / "pages.pdf"
        if kind is Kind.IMAGE:
            warnings = _bind(path, target, limits)
        else:
            warnings = _typeset(path, kind, target, name, limits)
    except BaseException:
        folder.cleanup()
        raise
    return SourceDocument(target, limits, warnings, folder)


def _typeset(path: Path, kind: Kind, target: Path, name: str, limits: Limits) -> tuple[str, ...]:
    """Write what a reader of the file sees as a PDF of our own."""
    extracted = _seen(path, kind, target.parent, limits)
    text = extracted.text.strip()
    if not text and "<img" not in extracted.html:
        raise Unreadable(Code.EMPTY, f"{kind.label}中没有可显示的内容。请检查内容是否完整，再重新提交。")
    check_text_length(text, limits)
    rows = extracted.html.count("<tr")
    if rows > limits.spreadsheet_rows:
        raise too_large("表格行数", f"{rows} 行", f"{limits.spreadsheet_rows} 行", "请拆分后分别遮盖")
    first = text.split("\n", 1)[0]
    title = extracted.title or (first if len(first) <= 60 and "\t" not in first else "") or Path(name).stem
    html = extracted.html or f"<p>{escape(text)}</p>"
    try:
        rendered = render_pdf(OfficialDocument(title=title, body_html=html))
    except TypesettingError as error:
        message = f"{kind.label}未能排版成页。请用 WPS/Office 打开，另存为 PDF 后重新上传。"
        raise Unreadable(Code.DAMAGED, message) from error
    target.write_bytes(rendered.content)
    return (_TYPESET.format(kind=kind.label), *extracted.warnings, *rendered.warnings)


def _seen(path: Path, kind: Kind, folder: Path, limits: Limits) -> Extracted:
    """The content of a file without what a reader does not see."""
    if kind is Kind.DOCX or kind is Kind.XLSX:
        clean = folder / f"clean.{kind.value}"
        strip(path, clean, limits=limits)
        path = clean
    return extract_docx(path, limits, pictures=True) if kind is Kind.DOCX else extract(path, limits=limits)


def _bind(path: Path, target: Path, limits: Limits) -> tuple[str, ...]:
    """Write each frame of a picture as a page of a PDF."""
    with open_image(path, limits) as image, target.open("wb") as file:
        count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
        if count > limits.pdf_pages:
            raise too_large("图片页数", f"{count} 页", f"{limits.pdf_pages} 页", "请拆分后分别遮盖")
        writer = PdfFile(file)
        try:
            for frame in _frames(image, count, limits):
                width, height = _size(frame, image.info)
                writer.page(width, height, encode(frame, quality=95), b"")
        except (OSError, ValueError, SyntaxError, EOFError) as error:
            raise Unreadable(Code.DAMAGED, "图片已损坏，无法打开。请重新扫描或导出后再提交。") from error
        writer.finish()
    moving = image.format in ("GIF", "PNG", "WEBP") and getattr(image, "n_frames", 1) > 1
    return ("这是动态图片，只处理第一帧。",) if moving else ()


def _frames(image: Image.Image, count: int, limits: Limits) -> Iterator[Image.Image]:
    for frame in ImageSequence.Iterator(image):
        if frame.width * frame.height > limits.image_pixels:  # each page of a TIFF has a size of its own
            size = f"{frame.width}×{frame.height}"
            raise too_large("图片像素", size, f"{limits.image_pixels // 1_000_000} 百万像素", "请缩小后重新提交")
        upright = ImageOps.exif_transpose(frame) or frame
        yield _on_white(upright)
        if count == 1:
            return


def _on_white(image: Image.Image) -> Image.Image:
    """Grey or RGB, on white where it is transparent."""
    if image.mode in ("1", "L"):
        return image.convert("L") if "transparency" not in image.info else _on_white(image.convert("RGBA"))
    if image.mode.startswith("I;16") or image.mode == "I":
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        paper = Image.new("RGB", rgba.size, "white")
        paper.paste(rgba, mask=rgba.getchannel("A"))
        return paper
    return image.convert("RGB")


def _size(frame: Image.Image, info: dict[Any, Any]) -> tuple[float, float]:
    """Points: by the resolution the picture states, else as on a screen, but not over the length of A4."""
    stated = info.get("dpi") or (0, 0)
    try:
        dpi = float(stated[0])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        dpi = 0.0
    scanned = int(dpi) in _SCANS and int(dpi) not in (72, _SCREEN)
    scale = 72 / dpi if scanned else min(72 / _SCREEN, _A4_LONG / max(frame.size))
    return frame.width * scale, frame.height * scale
