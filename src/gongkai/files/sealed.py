"""Files for the office alone: kept apart from those that may be attached, so that no public address can come to lead to them.

Nothing of their text is read into the database. They go when what they belong to goes (《个人信息保护法》§19: 必要的最短时间).
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.core.files import File
from django.core.files.storage import default_storage

from gongkai.files.store import CHUNK, MAX_BYTES, MEDIA_TYPES, Content, look
from gongkai.rules.reasons import Reason, Refused
from gongkai.text.extraction import Code, Kind, Unreadable, sniff

FOLDER = "sealed"
SUFFIXES = {Kind.XLSX: ".xlsx", Kind.CSV: ".csv", Kind.TEXT: ".csv"}
PAPERS = frozenset({Kind.PDF, Kind.DOCX, Kind.IMAGE})
"""What people send with an application, and what staff scan."""
OFFICE_PAPERS = PAPERS | {Kind.XLSX, Kind.OFD, Kind.TEXT}
"""What the office puts to a case: what was found may be of more kinds."""
_PICTURES = {"image/png": ".png", "image/jpeg": ".jpg"}


@dataclass(frozen=True, slots=True)
class Sealed:
    """A kept file: where, how many bytes, its SHA-256."""

    storage_name: str
    size: int
    sha256: str
    media_type: str = ""


def seal_paper(name: str, stream: BinaryIO, field: str, max_bytes: int, kinds: frozenset[Kind] = PAPERS) -> Sealed:
    """Check and keep a paper of one of `kinds` (pictures: jpg or png), at most `max_bytes`, and really readable as what it is.

    Raises `Refused` with a reason at the form's `field`: empty, damaged, encrypted, mislabelled, too large, of another kind.
    """
    with _spooled(name, stream, field, max_bytes) as (path, size, digest):
        try:
            content = look(path)
        except Unreadable as error:
            if error.code != Code.EMPTY or path.suffix.lower() != ".docx" or not size:
                raise Refused([Reason(f"file_{error.code}", f"文件“{name}”：{error.message}", field=field)]) from error
            content = Content(Kind.DOCX, MEDIA_TYPES[Kind.DOCX], 0, "", needs_reading=False)  # nothing but pictures
        picture = content.kind is Kind.IMAGE
        if content.kind not in kinds or (picture and content.media_type not in _PICTURES):
            what = "这种格式的图片" if picture else content.kind.label
            more = "、xlsx、ofd" if Kind.XLSX in kinds else ""
            message = f"文件“{name}”是{what}。请提交 pdf、docx{more}、jpg 或者 png 文件。"
            raise Refused([Reason("file_kind", message, field=field)])
        suffix = _PICTURES[content.media_type] if picture else f".{content.kind.value}"
        return Sealed(keep(path, suffix), size, digest, content.media_type)


def seal(name: str, stream: BinaryIO, kinds: frozenset[Kind], field: str) -> Sealed:
    """Check and keep an uploaded file of one of `kinds` under a name nobody can guess.

    Raises `Refused` with a reason at the form's `field`: empty, damaged, encrypted, mislabelled, too large, of another kind.
    """
    with _spooled(name, stream, field, MAX_BYTES) as (path, size, digest):
        try:
            kind = sniff(path)
        except Unreadable as error:
            raise Refused([Reason(f"file_{error.code}", f"文件“{name}”：{error.message}", field=field)]) from error
        if kind not in kinds:
            message = f"文件“{name}”是{kind.label}。请另存为 xlsx 或者 CSV 后上传。"
            raise Refused([Reason("file_kind", message, field=field)])
        return Sealed(keep(path, SUFFIXES.get(kind, f".{kind.value}")), size, digest)


@contextmanager
def _spooled(name: str, stream: BinaryIO, field: str, max_bytes: int) -> Iterator[tuple[Path, int, str]]:
    """The upload as a file: path, size in bytes, SHA-256; gone afterwards. Raises `Refused` when it is larger than `max_bytes`."""
    with tempfile.TemporaryDirectory(prefix="gongkai-upload-") as directory:
        path = Path(directory) / f"upload{Path(name).suffix[:10]}"
        digest, size = hashlib.sha256(), 0
        with path.open("wb") as target:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > max_bytes:
                    message = f"文件“{name}”超过 {max_bytes // CHUNK} MB，请压缩或者拆分后再上传。"
                    raise Refused([Reason("file_huge", message, field=field)])
                digest.update(chunk)
                target.write(chunk)
        yield path, size, digest.hexdigest()


def keep(path: Path, suffix: str) -> str:
    """Keep the file at `path`; returns its storage name."""
    with path.open("rb") as source:
        return default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}{suffix}", File(source))


@contextmanager
def unsealed(storage_name: str) -> Iterator[Path]:
    """A copy with a path, for readers that need one; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="gongkai-read-") as directory:
        path = Path(directory) / Path(storage_name).name
        with default_storage.open(storage_name, "rb") as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, CHUNK)
        yield path


def remove(*storage_names: str) -> None:
    """Remove sealed files; what is not there any more is no fault. Never removes anything outside `FOLDER`."""
    for storage_name in storage_names:
        if storage_name.startswith(f"{FOLDER}/") and "/" not in storage_name[len(FOLDER) + 1 :]:
            with suppress(FileNotFoundError):
                default_storage.delete(storage_name)
