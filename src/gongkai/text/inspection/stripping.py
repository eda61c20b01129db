"""The copy of a file that the public gets, for every kind of file."""

from __future__ import annotations

import logging
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from gongkai.text.extraction.archive import is_junk, safe_suffix, unpack_member
from gongkai.text.extraction.contract import Code, Unreadable
from gongkai.text.extraction.html import decode_html
from gongkai.text.extraction.limits import DEFAULT, Limits, too_large
from gongkai.text.extraction.sniff import Kind, sniff
from gongkai.text.extraction.zips import check_zip, member_name
from gongkai.text.inspection.draft import Budget
from gongkai.text.inspection.plain import SCRIPT, is_svg
from gongkai.text.inspection.reading import check_office, spend
from gongkai.text.inspection.strip_package import Unstrippable, write_zip

_COMMENT = re.compile(r"<!--(?!\[if).*?-->", re.DOTALL)
_META = re.compile(
    r"<meta\b[^>]*\bname\s*=\s*[\"']?(?:author|generator|copyright|progid|originator)\b[^>]*>", re.IGNORECASE
)
_log = logging.getLogger(__name__)


def strip(path: Path, target: Path, *, limits: Limits = DEFAULT) -> tuple[str, ...]:
    """Write to `target` the copy of the file at `path` that the public gets; the Chinese names of what was removed.

    Gone are properties, comments, tracked changes (as accepted), hidden text, sheets, rows and columns, pivot caches (their tables as
    plain cells), outside references, embedded files, previews, what cameras wrote. What a reader sees stays as it is. The same
    file gives the same bytes. A file with nothing to remove is copied as it is.

    Raises `Unreadable` for what cannot be read, `Unstrippable` where no clean copy can be made without harm; nothing is left
    at `target` then.
    """
    try:
        return _strip(path, target, limits, limits.archive_depth, Budget.of(limits))
    except Unreadable:
        target.unlink(missing_ok=True)
        raise
    except Exception as error:  # a hostile file may make any library raise; a half-clean copy must not stay
        target.unlink(missing_ok=True)
        _log.exception("making the public copy of a file failed")
        message = "文件内容无法处理，可能已损坏。请用 WPS/Office 或阅读器打开核对，重新另存后提交。"
        raise Unreadable(Code.DAMAGED, message) from error


def _strip(path: Path, target: Path, limits: Limits, depth: int, budget: Budget) -> tuple[str, ...]:
    if path.stat().st_size <= limits.file_size and is_svg(path):
        raise Unstrippable("SVG 图片可能含有脚本，不能生成公开文件。请改用 PNG 或者 PDF 格式后重新上传。")
    kind = sniff(path, limits)
    check_office(path, kind)
    spend(path, budget, limits)
    match kind:
        case Kind.DOCX:
            from gongkai.text.inspection.strip_word import strip_word

            return strip_word(path, target, limits)
        case Kind.XLSX:
            from gongkai.text.inspection.strip_workbook import strip_workbook

            return strip_workbook(path, target, limits)
        case Kind.PDF:
            from gongkai.text.inspection.strip_pdf import strip_pdf

            return strip_pdf(path, target, limits)
        case Kind.OFD:
            from gongkai.text.inspection.strip_ofd import strip_ofd

            return strip_ofd(path, target, limits)
        case Kind.IMAGE:
            from gongkai.text.inspection.strip_pictures import strip_picture

            return strip_picture(path, target, limits)
        case Kind.ARCHIVE:
            return _strip_archive(path, target, limits, depth, budget)
        case Kind.HTML:
            return _strip_html(path, target)
        case _:
            shutil.copyfile(path, target)
            return ()


def _strip_archive(path: Path, target: Path, limits: Limits, depth: int, budget: Budget) -> tuple[str, ...]:
    """A zip of the clean copies of its members. Raises for the first member that cannot be cleaned, naming it."""
    if depth <= 0:
        raise too_large("压缩包嵌套层数", "过多", f"{limits.archive_depth} 层", "请解压内层压缩包后重新打包提交")
    removed: dict[str, None] = {}
    with TemporaryDirectory(prefix="gongkai-strip-") as folder, zipfile.ZipFile(path) as archive:
        check_zip(archive, limits)
        write_zip(target, _clean_members(archive, Path(folder), limits, depth, budget, removed))
        if archive.comment:
            removed["压缩包注释"] = None
    return tuple(removed)


def _clean_members(
    archive: zipfile.ZipFile, folder: Path, limits: Limits, depth: int, budget: Budget, removed: dict[str, None]
) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of the clean copy of each member; what was removed is put into `removed`."""
    for info in archive.infolist():
        name = member_name(info)
        if info.is_dir():
            continue
        if is_junk(name):
            removed["系统文件"] = None
            continue
        inner, clean = folder / f"inner{safe_suffix(name)}", folder / "clean"
        if problem := unpack_member(archive, info, name, inner):
            raise problem
        try:
            removed |= dict.fromkeys(f"“{name}”的{part}" for part in _strip(inner, clean, limits, depth - 1, budget))
        except Unstrippable as refusal:
            raise Unstrippable(f"压缩包中的“{name}”：{refusal.message}") from refusal
        except Unreadable as refusal:
            raise Unreadable(Code(refusal.code), f"压缩包中的“{name}”：{refusal.message}") from refusal
        yield name, clean.read_bytes()
        inner.unlink()


def _strip_html(path: Path, target: Path) -> tuple[str, ...]:
    text, encoding = decode_html(path.read_bytes())
    if SCRIPT.search(text):
        raise Unstrippable("网页中有脚本，不能生成公开文件。请删除脚本，或者另存为 docx、PDF 后重新上传。")
    clean, comments = _COMMENT.subn("", text)
    clean, properties = _META.subn("", clean)
    if comments or properties:
        target.write_bytes(clean.encode(encoding or "utf-8", errors="xmlcharrefreplace"))
    else:
        shutil.copyfile(path, target)
    return (*(("注释",) if comments else ()), *(("文件属性",) if properties else ()))
