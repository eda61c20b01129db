"""Writing an Office file anew: relationships that may stay, the parts they reach, and nothing else."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from gongkai.text.extraction.contract import Code, Unreadable
from gongkai.text.inspection.package import RELATIONSHIPS, TYPES, Package, Relationship, local, relationships_of
from gongkai.text.inspection.paths import local_path
from gongkai.text.inspection.strip_pictures import strip_picture_bytes

_EPOCH = (1980, 1, 1, 0, 0, 0)
_KEPT = frozenset(
    {
        "officeDocument", "styles", "stylesWithEffects", "theme", "themeOverride", "fontTable", "font", "numbering",
        "settings", "footnotes", "endnotes", "header", "footer", "image", "chart", "chartEx", "chartUserShapes",
        "chartStyle", "chartColorStyle", "diagramData", "diagramLayout", "diagramQuickStyle", "diagramColors",
        "diagramDrawing", "drawing", "vmlDrawing", "hyperlink", "worksheet", "chartsheet", "sharedStrings", "table",
        "tableStyles", "sheetMetadata", "cellImage", "richValueRel", "rdRichValue", "rdRichValueStructure",
        "rdRichValueTypes",
    }
)  # fmt: skip
"""What carries content that is seen or how it looks. Everything else goes, known or not."""
_NAMES = {
    "core-properties": "文件属性", "extended-properties": "文件属性", "custom-properties": "文件属性",
    "thumbnail": "缩略图", "comments": "批注", "commentsExtended": "批注", "commentsIds": "批注",
    "commentsExtensible": "批注", "people": "批注", "threadedComment": "批注", "person": "批注",
    "customXml": "自定义数据", "customXmlProps": "自定义数据", "xmlMaps": "自定义数据", "oleObject": "嵌入的文件",
    "package": "嵌入的文件", "control": "控件", "ctrlProp": "控件", "attachedTemplate": "模板路径",
    "externalLink": "外部链接", "subDocument": "外部链接", "frame": "外部链接", "connections": "数据连接",
    "queryTable": "数据连接", "pivotTable": "数据透视表缓存", "pivotCacheDefinition": "数据透视表缓存",
    "pivotCacheRecords": "数据透视表缓存", "printerSettings": "打印机设置", "slicer": "切片器",
    "slicerCache": "切片器", "timeline": "切片器", "timelineCache": "切片器", "mailMergeSource": "邮件合并数据源", "origin": "数字签名",
}  # fmt: skip
_SILENT = frozenset({"webSettings", "calcChain", "glossaryDocument"})
"""Helpers that Office makes again by itself; no reader misses them and nobody need be told."""
_GONE_WITH_TARGET = frozenset(
    {"attachedTemplate", "OLEObject", "oleObject", "control", "externalData", "subDoc", "legacyDrawing",
     "externalReference", "pivotCache", "hlinkClick", "hlinkHover", "hlinkMouseOver", "tablePart", "slicer",
     "slicerCache", "timelineRef", "timelineCacheRef", "drawing", "dataRef"}
)  # fmt: skip
_EMPTY = frozenset(
    {"externalReferences", "pivotCaches", "hyperlinks", "oleObjects", "controls", "tableParts", "ext", "extLst",
     "slicerList", "slicerCaches", "timelineRefs", "timelineCacheRefs", "dataRefs", "dataConsolidate"}
)  # fmt: skip
_NAMED = frozenset(
    {"image", "hyperlink", "chart", "chartEx", "diagramData", "diagramLayout", "diagramQuickStyle", "diagramColors",
     "header", "footer", "drawing", "vmlDrawing", "table"}
)  # fmt: skip
"""Relationships that only count while their id stands somewhere in the part."""


ROWS = "gongkai-rows-go-here"
"""Stands in the tree of a sheet where its rows go."""


class Unstrippable(Unreadable):
    """The file can be read but no clean copy can be made of it; `message` is a Chinese sentence with the reason and remedy."""

    def __init__(self, message: str) -> None:
        super().__init__(Code.UNSAFE, message)

    def __reduce__(self) -> tuple[type[Unstrippable], tuple[str]]:  # type: ignore[override]
        """The one argument, so that the refusal survives the way back from a worker process."""
        return Unstrippable, (self.message,)


class Copy:
    """An Office file on its way to the public: trees are edited in place, then `write` leaves out what is not to go."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.removed: dict[str, None] = {}
        self._trees: dict[str, Any] = {}
        self._rows: dict[str, bytes] = {}
        self._dropped: set[tuple[str, str]] = set()

    def tree(self, part: str) -> Any:
        """The root of a part, to be edited."""
        if part not in self._trees:
            self._trees[part] = self.package.xml(part)
        return self._trees[part]

    def set_tree(self, part: str, root: Any) -> None:
        """The tree that stands for a part from now on."""
        self._trees[part] = root

    def set_rows(self, part: str, rows: bytes) -> None:
        """The rows that go where the mark `ROWS` stands in the part."""
        self._rows[part] = rows

    def say(self, name: str, happened: bool = True) -> None:
        """Something with this Chinese name was removed."""
        if happened:
            self.removed[name] = None

    def drop(self, unwanted: Callable[[Relationship], bool], name: str) -> None:
        """Cut relationships, and with them the parts that nothing else leads to."""
        for relationship in self.package.all_relationships():
            if unwanted(relationship):
                self._cut(relationship, name)

    def write(self, target: Path) -> None:
        """Cut everything that is not of a kept kind, mend what referred to it, and write what is still reached."""
        for relationship in list(self.package.all_relationships()):
            if relationship.external and relationship.kind != "hyperlink":
                self._cut(relationship, "外部链接")
            elif relationship.external and local_path(relationship.target):
                self._cut(relationship, "本机路径")
            elif relationship.kind not in _KEPT:
                name = "" if relationship.kind in _SILENT else _NAMES.get(relationship.kind, "附加部件")
                self._cut(relationship, name)
        for source in {source for source, _ in self._dropped if source}:
            self._mend(source)
        self._forget_unnamed()
        kept = self._reached()
        write_zip(target, self._parts(kept))

    def _parts(self, kept: set[str]) -> Iterator[tuple[str, bytes]]:
        yield TYPES, self._content_types(kept)
        for name in self.package.names:
            if name in kept:
                yield name, self._bytes(name)
            elif name.endswith(".rels") and (source := _source_of(name)) in {"", *kept}:
                yield name, self._relationships(source)

    def kept_relationships(self, source: str) -> list[Relationship]:
        """The relationships of a part that have not been cut."""
        return [r for r in self.package.relationships(source) if (source, r.id) not in self._dropped]

    def _cut(self, relationship: Relationship, name: str) -> None:
        key = (relationship.source, relationship.id)
        if key not in self._dropped:
            self._dropped.add(key)
            self.say(name, bool(name))

    def _mend(self, part: str) -> None:
        """Take out what pointed to something cut: the element where it is nothing without its target, else the attribute."""
        if not self.package.has(part) or not part.endswith((".xml", ".vml")):
            return
        cut = {identifier for source, identifier in self._dropped if source == part}
        root = self.tree(part)
        pointing = [e for e in root.iter() if isinstance(e.tag, str) and any(v in cut for v in _references(e))]
        for element in pointing:
            name = local(element)
            if name in _GONE_WITH_TARGET or (name == "hyperlink" and "spreadsheetml" in element.tag):
                remove(element)
                continue
            for key in [key for key, value in element.attrib.items() if value in cut and _is_reference(key)]:
                del element.attrib[key]
        for element in reversed([e for e in root.iter() if local(e) in _EMPTY]):
            if not len(element):
                remove(element)

    def _forget_unnamed(self) -> None:
        """Relationships whose id no longer stands in an edited part: pictures of deleted text and the like."""
        for part, root in self._trees.items():
            values = {v for element in root.iter() if isinstance(element.tag, str) for v in _references(element)}
            for relationship in self.package.relationships(part):
                if relationship.kind in _NAMED and relationship.id not in values:
                    self._dropped.add((part, relationship.id))

    def _reached(self) -> set[str]:
        reached: set[str] = set()
        stack = [r.target for r in self.kept_relationships("") if not r.external]
        while stack:
            part = stack.pop()
            if part not in reached and self.package.has(part):
                reached.add(part)
                stack += [r.target for r in self.kept_relationships(part) if not r.external]
        return reached

    def _bytes(self, part: str) -> bytes:
        if part in self._trees:
            return xml_bytes(self._trees[part]).replace(ROWS.encode(), self._rows.get(part, b""), 1)
        data = self.package.data(part)
        if self.package.types.get(part, "").startswith("image/"):
            clean = strip_picture_bytes(data)
            self.say("图片属性", clean != data)
            return clean
        return data

    def _relationships(self, source: str) -> bytes:
        root = etree.fromstring(f'<Relationships xmlns="{RELATIONSHIPS[1:-1]}"/>'.encode())
        kept = {r.id for r in self.kept_relationships(source)}
        for element in self.package.xml(relationships_of(source)).iter("{*}Relationship"):
            if element.get("Id") in kept:
                root.append(element)
        return xml_bytes(root)

    def _content_types(self, kept: set[str]) -> bytes:
        root = self.package.xml(TYPES)
        folded = {name.lower() for name in kept}
        for element in list(root):
            if local(element) == "Override" and element.get("PartName", "").lstrip("/").lower() not in folded:
                root.remove(element)
        return xml_bytes(root)


def _is_reference(key: str) -> bool:
    """Whether an attribute holds the id of a relationship: those of that namespace, and `relid` of VML."""
    return "relationships" in key or key.lower().endswith("relid")


def _references(element: Any) -> list[str]:
    """The ids of relationships in the attributes of an element."""
    return [value for key, value in element.attrib.items() if _is_reference(key)]


def _source_of(name: str) -> str:
    """The part whose relationships this part lists."""
    folder, _, file = name.rpartition("_rels/")
    return folder + file.removesuffix(".rels")


def remove(element: Any) -> None:
    """Take an element out of its tree; the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def unwrap(element: Any) -> None:
    """Put the children of an element in its place."""
    parent = element.getparent()
    at = parent.index(element)
    for offset, child in enumerate(list(element)):
        parent.insert(at + offset, child)
    remove(element)


def remove_all(root: Any, names: Iterable[str], namespace: str = "") -> bool:
    """Take out all elements with these local names (and a namespace with this word in it); whether there were any."""
    wanted = frozenset(names)
    found = [e for e in root.iter() if local(e) in wanted and namespace in e.tag]
    for element in found:
        remove(element)
    return bool(found)


def xml_bytes(root: Any) -> bytes:
    """A part as Office writes it."""
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data


def write_zip(target: Path, members: Iterable[tuple[str, bytes]]) -> None:
    """A zip that depends on nothing but its content: fixed dates, fixed compression; one member in memory at a time."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            archive.writestr(info, data)
