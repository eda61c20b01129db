"""Looking at a zip before opening anything in it: bombs, hostile names, passwords, XML that pulls in other files."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from gongkai.text.extraction.contract import Code, Unreadable
from gongkai.text.extraction.limits import Limits, in_megabytes, too_large

if TYPE_CHECKING:
    from lxml import etree

_DRIVE = re.compile(r"^[A-Za-z]:")
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800
_UNICODE_PATH = 0x7075
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, KeyError)
"""What Python raises on reading a damaged zip."""


def member_name(info: zipfile.ZipInfo) -> str:
    """The name as its author typed it.

    Chinese Windows writes GBK names without saying so, and `zipfile` reads those as cp437. Order: the Unicode path
    field (Info-ZIP 0x7075), the UTF-8 flag, bytes that are valid UTF-8, GB18030.
    """
    extra = info.extra
    while len(extra) >= 4:
        tag, size = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        if tag == _UNICODE_PATH and size > 5:
            return extra[9 : 4 + size].decode("utf-8", errors="replace")
        extra = extra[4 + size :]
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def is_unsafe_name(name: str) -> bool:
    """Whether the name points outside the folder it would be unpacked in."""
    flat = name.replace("\\", "/")
    return flat.startswith("/") or bool(_DRIVE.match(flat)) or ".." in PurePosixPath(flat).parts or "\0" in flat


def check_zip(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse bombs (by count, size, ratio), hostile names and passwords, from the directory alone."""
    members = archive.infolist()
    if len(members) > limits.members:
        raise too_large("压缩包内文件数", f"{len(members)} 个", f"{limits.members} 个")
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > limits.unpacked_size:
        raise too_large("解压后大小", in_megabytes(unpacked), in_megabytes(limits.unpacked_size))
    if unpacked > limits.ratio_from and unpacked > limits.ratio * max(packed, 1):
        raise too_large(
            "压缩比", f"{unpacked // max(packed, 1)} 倍", f"{limits.ratio} 倍", "疑似压缩炸弹，请重新打包后提交"
        )
    for member in members:
        if is_unsafe_name(member_name(member)):
            raise Unreadable(
                Code.UNSAFE,
                f"压缩包内的文件名“{member_name(member)}”指向包外目录，存在安全风险。请重新打包后提交。",
            )
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise Unreadable(Code.ENCRYPTED, "压缩包设有密码，无法读取。请取消密码重新打包后提交。")


def parse_xml(data: bytes, what: str) -> etree._Element:
    """The root element of an XML part; nothing outside it is ever read.

    Raises `Unreadable`: unsafe for a DTD (office formats have none; it is how XML attacks begin), damaged for XML
    that is not well formed. `what` names the part for people.
    """
    from lxml import etree  # here: every web process sniffs files, none of them reads XML

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise _has_dtd(what) from error
        raise Unreadable(Code.DAMAGED, f"{what}已损坏，内容不完整。请重新导出后再提交。") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _has_dtd(what)
    return root


def _has_dtd(what: str) -> Unreadable:
    return Unreadable(Code.UNSAFE, f"{what}含有外部引用定义（DTD），存在安全风险。请用 WPS/Word 重新另存后提交。")


def refuse_dtds(archive: zipfile.ZipFile, what: str) -> None:
    """Refuse an office file in which any XML part declares a DTD, before a library opens it."""
    for member in archive.infolist():
        if not member.filename.endswith((".xml", ".rels")):
            continue
        with archive.open(member) as part:
            prolog = part.read(4096)
            if prolog.startswith((b"\xff\xfe", b"\xfe\xff")):
                prolog = prolog.decode("utf-16", errors="replace").encode()
            # A DTD can only stand before the root element; an endless comment before it is no honest file either.
            while not re.search(rb"<[A-Za-z_]", prolog) and len(prolog) < 1_000_000 and (more := part.read(65536)):
                prolog += more
        if b"<!DOCTYPE" in prolog or b"<!ENTITY" in prolog:
            raise _has_dtd(what)
