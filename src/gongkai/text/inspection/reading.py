"""One file of any kind into an `Inspection`, files inside it too, to the allowed depth."""

from __future__ import annotations

import logging
import mmap
import zipfile
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from gongkai.text.extraction.archive import iter_archive
from gongkai.text.extraction.contract import Code, Unreadable
from gongkai.text.extraction.limits import DEFAULT, MEGABYTE, Limits, in_megabytes, too_large
from gongkai.text.extraction.sniff import Kind, sniff
from gongkai.text.inspection.draft import Budget, Draft, Inspection
from gongkai.text.inspection.plain import is_svg

LARGE = 20 * MEGABYTE
"""Bytes from which a citizen with a telephone waits too long."""
_READERS = {
    Kind.DOCX: ("word", "read_word"),
    Kind.XLSX: ("workbook", "read_workbook"),
    Kind.PDF: ("pdf", "read_pdf"),
    Kind.OFD: ("ofd", "read_ofd"),
}
_UNEXPECTED = "文件内容无法读取，可能已损坏。请用 WPS/Office 或阅读器打开核对，重新另存后提交。"
_log = logging.getLogger(__name__)


def inspect_file(path: Path, *, limits: Limits = DEFAULT) -> Inspection:
    """Everything that is readable in the file, seen and unseen, and what is wrong with the file (rules `file.*`).

    Never raises for what is in the file: what cannot be read is the finding `file.unread` with the reason and the remedy. 《保密法
    实施条例》§42 asks for a review of every item before publication; a leak sits in attachments more often than in the body.
    Raises `OSError` if the file itself cannot be opened.
    """
    return _inspect(path, limits, limits.archive_depth, Budget.of(limits))


def _inspect(path: Path, limits: Limits, depth: int, budget: Budget) -> Inspection:
    draft = Draft(limits, budget)
    size = path.stat().st_size
    if size > LARGE:
        draft.find("file.size", message=f"文件大小为 {in_megabytes(size)}，超过 {in_megabytes(LARGE)}。", place="文件")
    try:
        _read(path, draft, depth)
    except Unreadable as refusal:
        _refused(path, refusal, draft)
    except MemoryError:
        draft.find("file.unread", message=_UNEXPECTED, place="文件")
    except Exception:  # whatever a hostile file makes a library raise: it was not examined, so it does not go out
        _log.exception("inspection of a file failed")
        draft.find("file.unread", message=_UNEXPECTED, place="文件")
    return draft.done()


def _read(path: Path, draft: Draft, depth: int) -> None:
    if path.stat().st_size <= draft.limits.file_size and is_svg(path):
        from gongkai.text.inspection.plain import read_svg

        read_svg(path, draft)
        return
    kind = sniff(path, draft.limits)
    check_office(path, kind)
    spend(path, draft.budget, draft.limits)

    def inspect(inner: Path) -> Inspection:
        return _inspect(inner, draft.limits, depth - 1, draft.budget)

    if kind in _READERS:
        module, function = _READERS[kind]
        read: Any = getattr(import_module(f"gongkai.text.inspection.{module}"), function)
        read(path, draft, inspect if depth > 0 else None)
    elif kind is Kind.ARCHIVE:
        _read_archive(path, draft, depth)
    elif kind is Kind.IMAGE:
        from gongkai.text.inspection.pictures import read_picture

        read_picture(path, draft)
    else:
        from gongkai.text.inspection.plain import read_html, read_plain

        if kind is Kind.HTML:
            read_html(path, draft)
        else:
            read_plain(path, kind, draft)


def spend(path: Path, budget: Budget, limits: Limits) -> None:
    """Count a file and what it unpacks to, so that files in files in files cost no more than one large file."""
    budget.files -= 1
    if budget.files < 0:
        raise too_large("文件内嵌的文件数", f"{limits.members} 个以上", f"{limits.members} 个")
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            budget.unpacked -= sum(info.file_size for info in archive.infolist())
        if budget.unpacked < 0:
            allowed = in_megabytes(limits.unpacked_size)
            raise too_large("解压后总大小", f"{allowed} 以上", allowed)


def check_office(path: Path, kind: Kind) -> None:
    """Refuse Office formats that look like a plain zip (xlsb, Visio …): their words would not be found."""
    if kind is not Kind.ARCHIVE:
        return
    with zipfile.ZipFile(path) as archive:
        if "[Content_Types].xml" in archive.namelist():
            raise Unreadable(
                Code.UNSUPPORTED, "不支持的 Office 格式（如 xlsb）。请另存为 docx、xlsx 或者 PDF 后重新提交。"
            )


def _read_archive(path: Path, draft: Draft, depth: int) -> None:
    if depth <= 0:
        raise too_large("压缩包嵌套层数", "过多", f"{draft.limits.archive_depth} 层", "请解压内层压缩包后重新打包提交")
    limits = replace(draft.limits, archive_depth=depth)
    for member in iter_archive(path, limits):
        name = f"压缩包中的“{member.name}”"
        if member.problem is not None:
            draft.find("file.unread", message=f"压缩包中的“{member.name}”：{member.problem.message}", place=name)
            continue
        inspection = _inspect(member.path, draft.limits, depth - 1, draft.budget)
        draft.append(inspection, name, hidden=False)


def _refused(path: Path, refusal: Unreadable, draft: Draft) -> None:
    if refusal.code == Code.LEGACY:
        draft.find("file.format", message=refusal.message, place="文件")
        if _has_old_macros(path):
            draft.find("file.macros", message="旧版 Office 文件含有宏。", place="文件")
    draft.find("file.unread", message=refusal.message, place="文件")


def _has_old_macros(path: Path) -> bool:
    """Whether an OLE file has a folder of VBA."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return any(data.find(name.encode("utf-16-le")) >= 0 for name in ("_VBA_PROJECT", "Macros"))
