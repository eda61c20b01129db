"""Putting content into the file store: hashed, sniffed, checked, written once."""

import hashlib
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from django.core.files import File
from django.core.files.storage import default_storage

from gongkai.files.models import StoredFile
from gongkai.rules.reasons import Reason, Refused
from gongkai.text.extraction import DEFAULT, Code, Kind, Unreadable, extract, sniff

CHUNK = 1024 * 1024
MAX_BYTES = 200 * 1024 * 1024
MEDIA_TYPES = {
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.PDF: "application/pdf",
    Kind.OFD: "application/ofd",
    Kind.CSV: "text/csv",
    Kind.TEXT: "text/plain",
    Kind.HTML: "text/plain",  # never served as a page of ours
}
SCANNABLE = frozenset({Kind.PDF, Kind.OFD})
WITHOUT_OCR = replace(DEFAULT, ocr_pages=0)


@dataclass(frozen=True, slots=True)
class Spooled:
    """A stream copied to a temporary file: its path, SHA-256 and size in bytes."""

    path: Path
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Content:
    """What a quick look at a file tells; `needs_reading` when the rest takes character recognition."""

    kind: Kind
    media_type: str
    pages: int
    text: str
    needs_reading: bool


def store(name: str, stream: BinaryIO) -> StoredFile:
    """Check and keep one file; the same content is kept once.

    `name` is what the user called it; the format is told by content. Raises `Refused` with a reason that names the file and the
    remedy when it is empty, damaged, encrypted, mislabelled, too large or of a format that may not be published.
    """
    with tempfile.TemporaryDirectory(prefix="gongkai-upload-") as directory:
        spooled = _spool(name, stream, Path(directory))
        known = StoredFile.objects.filter(sha256=spooled.sha256).first()
        if known is not None:
            return known
        try:
            content = look(spooled.path)
        except Unreadable as error:
            raise Refused(
                [Reason(f"file_{error.code}", f"附件“{name}”：{error.message}", field="attachment")]
            ) from error
        storage_name = f"{spooled.sha256[:2]}/{spooled.sha256[2:4]}/{spooled.sha256}"
        _keep(spooled, storage_name)
        created, _ = StoredFile.objects.get_or_create(
            sha256=spooled.sha256,
            defaults={
                "storage_name": storage_name,
                "size": spooled.size,
                "kind": content.kind,
                "media_type": content.media_type,
                "pages": content.pages,
                "text": content.text,
                "needs_reading": content.needs_reading,
            },
        )
        return created


def _keep(spooled: Spooled, storage_name: str) -> None:
    """Put the content where its hash says.

    A file that is there without a record was left by a process that died, perhaps half written: it stays only when it has
    the very content.
    """
    if default_storage.exists(storage_name):
        with default_storage.open(storage_name, "rb") as present:
            if hashlib.file_digest(present, "sha256").hexdigest() == spooled.sha256:
                return
        default_storage.delete(storage_name)
    with spooled.path.open("rb") as source:
        kept_as = default_storage.save(storage_name, File(source))
    if kept_as != storage_name:
        default_storage.delete(kept_as)  # another process put the same content there at the same moment


def read_scanned(file: StoredFile) -> None:
    """Read the text of a scan or picture by character recognition: seconds a page, so only in the background."""
    with tempfile.TemporaryDirectory(prefix="gongkai-read-") as directory:
        path = Path(directory) / "scan"
        with default_storage.open(file.storage_name, "rb") as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)
        try:
            extracted = extract(path)
            file.text, file.pages = extracted.text, extracted.pages
        except Unreadable as error:
            if error.code != Code.EMPTY:
                raise
    file.needs_reading = False
    file.save(update_fields=["text", "pages", "needs_reading"])


def look(path: Path) -> Content:
    """Everything that can be read without character recognition. Raises `Unreadable`."""
    from gongkai.text.inspection.plain import is_svg  # here: with it come libraries that most processes never need

    if is_svg(path):
        message = "SVG 图片可能含有脚本，不能上传。请另存为 PNG 图片或者 PDF 后重新提交。"
        raise Unreadable(Code.UNSAFE, message)
    kind = sniff(path)
    if kind is Kind.IMAGE:
        return Content(kind, _image_type(path), 1, "", needs_reading=True)
    media_type = MEDIA_TYPES.get(kind, "application/octet-stream")
    try:
        extracted = extract(path, limits=WITHOUT_OCR)
    except Unreadable as error:
        if kind in SCANNABLE and error.code == Code.EMPTY:
            return Content(kind, media_type, 0, "", needs_reading=True)
        raise
    return Content(
        kind, media_type, extracted.pages, extracted.text, needs_reading=kind in SCANNABLE and bool(extracted.warnings)
    )


def _image_type(path: Path) -> str:
    """The media type of a picture that really decodes as one."""
    from PIL import Image  # here: most processes never look at a picture

    try:
        with Image.open(path) as picture:
            picture.verify()
            return picture.get_format_mimetype() or "application/octet-stream"
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Unreadable(Code.DAMAGED, "图片已损坏，无法打开。请重新导出后提交。") from error


def _spool(name: str, stream: BinaryIO, directory: Path) -> Spooled:
    """Copy `stream` to disk, hashing on the way; stops at the size limit."""
    suffix = Path(name).suffix[:10]
    path, digest, size = directory / f"upload{suffix}", hashlib.sha256(), 0
    with path.open("wb") as target:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > MAX_BYTES:
                message = f"附件“{name}”超过 {MAX_BYTES // CHUNK} MB，请压缩或拆分后再上传。"
                raise Refused([Reason("file_huge", message, field="attachment")])
            digest.update(chunk)
            target.write(chunk)
    return Spooled(path, digest.hexdigest(), size)
