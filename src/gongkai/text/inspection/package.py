"""An Office file as the package it is (ISO/IEC 29500-2): parts, and the relationships that tie them together.

Only what relationships reach is shown by Word or Excel, and they, not the names, tell which part is what.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml import etree

from gongkai.text.extraction.contract import Code, Unreadable
from gongkai.text.extraction.limits import MEGABYTE, Limits, in_megabytes, too_large
from gongkai.text.extraction.zips import BROKEN, check_zip, parse_xml, refuse_dtds

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
STRICT_R = "{http://purl.oclc.org/ooxml/officeDocument/relationships}"
RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "[Content_Types].xml"
TREE_SIZE = 48 * MEGABYTE
"""Bytes of one part that are still taken into memory as a tree; a tree takes some twenty times its text."""

PART_SIZE = 200 * MEGABYTE
"""Bytes of one part of any kind that are taken into memory."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """From `source` (a part, or empty for the package) to `target`: a part, or an address outside when `external`."""

    source: str
    id: str
    kind: str
    """The last word of the type: hyperlink, image, comments, oleObject …"""
    target: str
    external: bool


class Package:
    """The parts of an open Office file and their relationships."""

    def __init__(self, archive: zipfile.ZipFile, what: str) -> None:
        self.archive = archive
        self.what = what
        self.names = [info.filename for info in archive.infolist() if not info.is_dir()]
        folded = [name.lower() for name in self.names]
        if len(set(folded)) < len(folded):
            raise Unreadable(
                Code.UNSAFE, f"{what}的压缩结构中有同名部件，不同软件会读出不同内容。请用 WPS/Office 重新另存后提交。"
            )
        self._actual = dict(zip(folded, self.names, strict=True))
        self._relationships: dict[str, list[Relationship]] = {}
        self.types = self._content_types()

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name.lower() in self._actual

    def data(self, name: str, most: int = PART_SIZE) -> bytes:
        """The bytes of a part. Raises KeyError when there is none, `Unreadable` when it is larger than `most`."""
        if self.size(name) > most:
            raise too_large(f"{self.what}中的部件", in_megabytes(self.size(name)), in_megabytes(most))
        return self.archive.read(self._actual[name.lower()])

    def size(self, name: str) -> int:
        """The bytes of a part, unpacked."""
        return self.archive.getinfo(self._actual[name.lower()]).file_size

    def open(self, name: str) -> Any:
        """A stream of the part's bytes."""
        return self.archive.open(self._actual[name.lower()])

    def xml(self, name: str) -> Any:
        """The root element of a part. Raises `Unreadable`: damaged, unsafe."""
        data = self.data(name, TREE_SIZE)
        return _lenient(data) if name.lower().endswith(".vml") else parse_xml(data, self.what)

    def relationships(self, source: str = "") -> list[Relationship]:
        """What leads out of a part (or, with an empty name, out of the package)."""
        if source not in self._relationships:
            self._relationships[source] = list(self._read_relationships(source))
        return self._relationships[source]

    def related(self, source: str, *kinds: str) -> list[str]:
        """The parts that `source` is tied to by relationships of these kinds, in order."""
        return [r.target for r in self.relationships(source) if r.kind in kinds and not r.external]

    def all_relationships(self) -> Iterator[Relationship]:
        """The relationships of every part."""
        yield from self.relationships()
        for name in self.names:
            if not name.endswith(".rels"):
                yield from self.relationships(name)

    def main(self) -> str:
        """The main part. Raises `Unreadable` (damaged) when there is none."""
        for name in self.related("", "officeDocument"):
            if self.has(name):
                return name
        raise Unreadable(Code.DAMAGED, f"{self.what}已损坏，缺少正文。请用 WPS/Office 打开修复后重新另存提交。")

    def _read_relationships(self, source: str) -> Iterator[Relationship]:
        name = relationships_of(source)
        if not self.has(name):
            return
        for element in self.xml(name).iter("{*}Relationship"):
            target = element.get("Target", "")
            external = element.get("TargetMode") == "External"
            if not external:
                target = unquote(target.split("#")[0]).replace("\\", "/")
                joined = target if target.startswith("/") else posixpath.join("/", posixpath.dirname(source), target)
                target = posixpath.normpath(joined).lstrip("/")
                target = self._actual.get(target.lower(), target)
            kind = element.get("Type", "").rstrip("/").rpartition("/")[2]
            yield Relationship(source, element.get("Id", ""), kind, target, external)

    def _content_types(self) -> dict[str, str]:
        if not self.has(TYPES):
            raise Unreadable(Code.DAMAGED, f"{self.what}已损坏，缺少内容类型表。请用 WPS/Office 重新另存后提交。")
        root = self.xml(TYPES)
        defaults = {e.get("Extension", "").lower(): e.get("ContentType", "") for e in root.iter("{*}Default")}
        overrides = {
            e.get("PartName", "").lstrip("/").lower(): e.get("ContentType", "") for e in root.iter("{*}Override")
        }
        return {
            name: overrides.get(name.lower()) or defaults.get(name.rpartition(".")[2].lower(), "")
            for name in self.names
        }

    def has_macros(self) -> bool:
        """Whether a program travels in the file: VBA, or sheets of the old macro language."""
        kinds = {"vbaProject", "xlMacrosheet", "xlIntlMacrosheet", "wordVbaData", "dialogsheet"}
        return (
            any("macroenabled" in kind.lower() or "vbaproject" in kind.lower() for kind in self.types.values())
            or any(name.lower().endswith("vbaproject.bin") for name in self.names)
            or any(relationship.kind in kinds for relationship in self.all_relationships())
        )


def _lenient(data: bytes) -> Any:
    """A drawing in VML, which Excel writes with the loose ends of a web page (`<br>`); empty when nothing can be read."""
    options: dict[str, Any] = {"no_network": True, "resolve_entities": False, "load_dtd": False, "huge_tree": True}
    root = etree.fromstring(data, etree.XMLParser(recover=True, **options))
    return root if root is not None else etree.Element("xml")


def relationships_of(source: str) -> str:
    """The name of the part that lists the relationships of `source`."""
    folder, _, name = source.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


@contextmanager
def opened(path: Path, what: str, limits: Limits) -> Iterator[Package]:
    """The Office file at `path`. Raises `Unreadable`: damaged, unsafe, huge."""
    try:
        with zipfile.ZipFile(path) as archive:
            check_zip(archive, limits)
            refuse_dtds(archive, what)
            yield Package(archive, what)
    except Unreadable:
        raise
    except (*BROKEN, etree.XMLSyntaxError, AttributeError, TypeError) as error:
        message = f"{what}已损坏，无法打开。请用 WPS/Office 打开修复，重新另存后提交。"
        raise Unreadable(Code.DAMAGED, message) from error


def local(element: Any) -> str:
    """The tag without its namespace; empty for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
