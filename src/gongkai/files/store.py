"""Putting content into the file store: hashed, sniffed, checked, written once."""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.core.files import File
from django.core.files.storage import default_storage

from gongkai.files.models import StoredFile
from gongkai.rules.reasons import Reason, Refused
from gongkai.text.extraction import Unreadable, extract

CHUNK = 1024 * 1024
MAX_BYTES = 200 * 1024 * 1024
MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "zip": "application/zip",
    "csv": "text/csv",
    "text": "text/plain",
    "html": "text/plain",  # never served as a page of ours
    "png": "image/png",
    "jpeg": "image/jpeg",
    "tiff": "image/tiff",
    "bmp": "image/bmp",
}


@dataclass(frozen=True, slots=True)
class Spooled:
    """A stream copied to a temporary file: its path, SHA-256 and size in bytes."""

    path: Path
    sha256: str
    size: int


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
            extracted = extract(spooled.path)
        except Unreadable as error:
            raise Refused([Reason(f"file_{error.code}", f"附件“{name}”：{error.message}", field="attachment")]) from error
        storage_name = f"{spooled.sha256[:2]}/{spooled.sha256[2:4]}/{spooled.sha256}"
        if not default_storage.exists(storage_name):
            with spooled.path.open("rb") as content:
                default_storage.save(storage_name, File(content))
        created, _ = StoredFile.objects.get_or_create(
            sha256=spooled.sha256,
            defaults={
                "storage_name": storage_name,
                "size": spooled.size,
                "kind": extracted.kind,
                "media_type": MEDIA_TYPES.get(extracted.kind, "application/octet-stream"),
                "pages": extracted.pages,
                "text": extracted.text,
            },
        )
        return created


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
