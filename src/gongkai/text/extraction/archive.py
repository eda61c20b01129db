"""Unpacking a zip safely into a folder that disappears afterwards."""

from __future__ import annotations

import shutil
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from gongkai.text.extraction.contract import Code, Unreadable
from gongkai.text.extraction.limits import DEFAULT, Limits, in_megabytes, too_large
from gongkai.text.extraction.sniff import Kind, sniff
from gongkai.text.extraction.zips import BROKEN, check_zip, member_name

_JUNK_FOLDERS = frozenset({"__MACOSX", ".git", ".svn"})
_JUNK_FILES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive.

    `name` is the path inside, also through nested archives ("外.zip/内.docx"). `path` holds the unpacked bytes until
    the next member is asked for. `problem` is set when this one member could not be unpacked; the rest goes on.
    """

    name: str
    path: Path
    problem: Unreadable | None = None


@dataclass(slots=True)
class _Budget:
    """What may still be unpacked, shared by an archive and those nested in it."""

    members: int
    size: int
    files: int = field(default=0)


def iter_archive(path: Path, limits: Limits = DEFAULT) -> Iterator[Member]:
    """The files in the zip at `path`, nested zips opened to the allowed depth, junk of operating systems left out.

    Member names never become paths of the file system: files are numbered. Raises `Unreadable` when the archive as
    a whole must be refused (bomb, hostile names, password, damaged directory).
    """
    with TemporaryDirectory(prefix="gongkai-archive-") as folder:
        budget = _Budget(limits.members, limits.unpacked_size)
        yield from _members(path, "", Path(folder), 1, budget, limits)


def _members(path: Path, prefix: str, folder: Path, depth: int, budget: _Budget, limits: Limits) -> Iterator[Member]:
    try:
        archive = zipfile.ZipFile(path)
    except BROKEN as error:
        raise Unreadable(Code.DAMAGED, "压缩包已损坏，无法打开。请重新打包后提交。") from error
    with archive:
        check_zip(archive, limits)
        _spend(budget, archive.infolist(), limits)
        for info in archive.infolist():
            name = member_name(info)
            if info.is_dir() or is_junk(name):
                continue
            budget.files += 1
            target = folder / f"{budget.files:05d}{safe_suffix(name)}"
            problem = unpack_member(archive, info, name, target)
            if problem is None and target.suffix == ".zip":
                yield from _nested(Member(prefix + name, target), folder, depth, budget, limits)
            else:
                yield Member(prefix + name, target, problem)
            target.unlink(missing_ok=True)


def _nested(member: Member, folder: Path, depth: int, budget: _Budget, limits: Limits) -> Iterator[Member]:
    """The files of a zip in a zip; if it cannot be opened, the inner zip itself as a member with the problem."""
    try:
        if sniff(member.path, limits) is not Kind.ARCHIVE:
            yield member
        elif depth >= limits.archive_depth:
            allowed = f"{limits.archive_depth} 层"
            raise too_large("压缩包嵌套层数", f"{depth + 1} 层", allowed, "请解压内层压缩包后重新打包提交")
        else:
            yield from _members(member.path, f"{member.name}/", folder, depth + 1, budget, limits)
    except Unreadable as problem:
        yield Member(member.name, member.path, problem)


def _spend(budget: _Budget, infos: list[zipfile.ZipInfo], limits: Limits) -> None:
    budget.members -= len(infos)
    budget.size -= sum(info.file_size for info in infos)
    if budget.members < 0:
        raise too_large("压缩包内文件总数", f"{limits.members} 个以上", f"{limits.members} 个")
    if budget.size < 0:
        allowed = in_megabytes(limits.unpacked_size)
        raise too_large("解压后总大小", f"{allowed} 以上", allowed)


def unpack_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, target: Path) -> Unreadable | None:
    """Write one member to `target`; what stood in the way, or None."""
    if stat.S_ISLNK(info.external_attr >> 16):
        return Unreadable(Code.UNSAFE, f"压缩包内的“{name}”是符号链接，存在安全风险。请放入文件本身后重新打包。")
    try:
        # `zipfile` stops at the size the directory declares, and that was checked before.
        with archive.open(info) as source, target.open("wb") as sink:
            shutil.copyfileobj(source, sink, 1024 * 1024)
    except BROKEN:
        return Unreadable(Code.DAMAGED, f"压缩包内的“{name}”已损坏，无法解压。请重新打包后提交。")
    return None


def is_junk(name: str) -> bool:
    """Whether an operating system or Office left this file there, and no person."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return (
        not parts or bool(_JUNK_FOLDERS & set(parts)) or parts[-1].lower() in _JUNK_FILES or parts[-1].startswith("~$")
    )


def safe_suffix(name: str) -> str:
    """The suffix in safe letters; it takes part in recognising what a file is."""
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    return suffix if suffix[1:].isascii() and suffix[1:].isalnum() and len(suffix) <= 10 else ""
