"""The public copy of an OFD file: the pages as they are, without author, own data, attachments and remarks."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from gongkai.text.extraction.limits import Limits
from gongkai.text.extraction.zips import check_zip, parse_xml
from gongkai.text.inspection.ofd import LABEL, attached
from gongkai.text.inspection.package import local
from gongkai.text.inspection.strip_package import Unstrippable, remove, write_zip, xml_bytes

_PROPERTIES = frozenset(
    {"Author", "Creator", "CreatorVersion", "CustomDatas", "Keywords", "Abstract", "Subject", "ModDate"}
)
_PAGE_MARKS = frozenset({"Stamp", "Watermark", "Link"})


def strip_ofd(path: Path, target: Path, limits: Limits) -> tuple[str, ...]:
    """Write the copy; Chinese names of what was removed. Raises `Unreadable`, `Unstrippable`."""
    removed: dict[str, None] = {}
    people = False
    with zipfile.ZipFile(path) as archive:
        check_zip(archive, limits)
        gone = set(attached(archive))
        parts: dict[str, bytes] = {}
        for name in archive.namelist():
            lower = name.lower()
            if name in gone or lower.endswith(("attachments.xml", ".js")):
                removed["脚本" if lower.endswith(".js") else "附带的文件"] = None
            elif not name.endswith("/"):
                people = people or (name.lstrip("/").lower() == "ofd.xml" and _names_people(archive.read(name)))
                parts[name] = _cleaned(archive, name, removed)
        signed = any("signatures.xml" in name.lower() for name in archive.namelist())
    if not removed or (signed and not people and set(removed) == {"文件属性"}):
        target.write_bytes(path.read_bytes())
        return ()
    if signed:
        raise Unstrippable(
            f"OFD 带有电子签章，清除{'、'.join(removed)}会使签章失效。"
            "请在盖章之前清除后重新盖章，或者确认这些内容可以公开后由第二人放行。"
        )
    write_zip(target, parts.items())
    return tuple(removed)


def _names_people(data: bytes) -> bool:
    """Whether the properties tell more than which program wrote the file."""
    return any((e.text or "").strip() for e in parse_xml(data, LABEL).iter("{*}Author", "{*}CustomData"))


def _cleaned(archive: zipfile.ZipFile, name: str, removed: dict[str, None]) -> bytes:
    """A part without what is not to go; its very bytes when there is nothing of the kind."""
    lower = name.lstrip("/").lower()
    data = archive.read(name)
    if lower == "ofd.xml":
        root = parse_xml(data, LABEL)
        return xml_bytes(root) if _drop(root, _PROPERTIES, "文件属性", removed) else data
    if lower.endswith("document.xml"):
        root = parse_xml(data, LABEL)
        attachments = _drop(root, frozenset({"Attachments"}), "附带的文件", removed)
        actions = _drop(root, frozenset({"Actions", "Extensions", "CustomTags"}), "附加数据", removed)
        return xml_bytes(root) if attachments or actions else data
    if "/annot" in lower and lower.endswith(".xml"):
        root = parse_xml(data, LABEL)
        remarks = [e for e in root.iter("{*}Annot") if e.get("Type") not in _PAGE_MARKS]
        for remark in remarks:
            remove(remark)
        if remarks:
            removed["批注"] = None
            return xml_bytes(root)
    return data


def _drop(root: Any, names: frozenset[str], label: str, removed: dict[str, None]) -> bool:
    found = [element for element in root.iter() if local(element) in names]
    for element in found:
        remove(element)
    if found:
        removed[label] = None
    return bool(found)
