"""What Word and Excel files have in common: properties, addresses, pictures, charts, embedded files, forgotten parts."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gongkai.text.extraction import ocr
from gongkai.text.extraction.contract import Unreadable
from gongkai.text.inspection.draft import Draft, Inspection
from gongkai.text.inspection.package import Package, Relationship, local
from gongkai.text.inspection.paths import local_path

PROPERTIES = "文件属性"
_CORE_NAMES = {
    "creator": "作者", "lastModifiedBy": "最后修改人", "title": "标题", "subject": "主题", "keywords": "关键词",
    "description": "备注", "category": "类别", "contentStatus": "状态", "identifier": "标识", "language": "语言",
}  # fmt: skip
_APP_NAMES = {
    "Company": "单位", "Manager": "经理", "Template": "模板", "HyperlinkBase": "超链接基础", "Application": "程序",
    "TitlesOfParts": "各部分标题", "HLinks": "超链接",
}  # fmt: skip
_OF_PEOPLE = frozenset({"creator", "lastModifiedBy", "Company", "Manager"})
_ORDINARY_LINKS = frozenset({"hyperlink"})
_TELLING = re.compile(r"[\u3400-\u9fff]|\d{7,}|@|\\")
_DATE = re.compile(r"\d{4}-\d\d")
_QUIET = frozenset(
    {"styles", "stylesWithEffects", "theme", "themeOverride", "fontTable", "numbering", "webSettings", "settings",
     "tableStyles", "calcChain", "chartStyle", "chartColorStyle", "diagramLayout", "diagramQuickStyle",
     "diagramColors", "sheetMetadata"}
)  # fmt: skip
_PROPERTY_KINDS = {"core-properties", "metadata/core-properties", "extended-properties", "custom-properties"}
_SMALLEST_PICTURE = 120
"""Pixels: what is smaller in either direction is an icon; the number on a photographed card needs more."""

Inspect = Callable[[Path], Inspection]


def read_properties(package: Package, draft: Draft) -> set[str]:
    """Everything in the lists of properties; people, bodies and paths are findings. Returns the parts read."""
    parts = package.related("", *_PROPERTY_KINDS)
    with draft.section(PROPERTIES, hidden=True):
        for part in filter(package.has, parts):
            for name, value in _properties(package.xml(part)):
                label = _CORE_NAMES.get(name) or _APP_NAMES.get(name) or name
                at = draft.line(f"{label}：{value}")
                if name in _OF_PEOPLE:
                    draft.find("file.author", message=f"文件属性中的“{label}”为“{value}”。", text=value, at=at)
                draft.paths(value, at)
    return set(parts)


def _properties(root: Any) -> Iterator[tuple[str, str]]:
    kind = local(root)
    for child in root:
        value = " ".join(text.strip() for text in child.itertext() if text.strip())
        name = local(child)
        if not value or not name:
            continue
        if kind == "Properties" and name == "property":
            yield child.get("name", ""), value
        elif name in _APP_NAMES or name in _CORE_NAMES or (_TELLING.search(value) and not _DATE.match(value)):
            yield name, value


def read_addresses(package: Package, draft: Draft) -> None:
    """Where the file points to: paths of a computer, and content that is fetched from elsewhere."""
    outside = [r for r in package.all_relationships() if r.external]
    with draft.section("链接地址", hidden=True):
        for relationship in outside:
            at = draft.line(relationship.target)
            draft.paths(relationship.target, at)
            if relationship.kind not in _ORDINARY_LINKS:
                message = f"引用了外部文件“{relationship.target[:120]}”（{_kind_label(relationship)}）。"
                draft.find("file.external-data", message=message, text=relationship.target, at=at)


def _kind_label(relationship: Relationship) -> str:
    labels = {
        "attachedTemplate": "模板", "image": "图片", "oleObject": "对象", "externalLinkPath": "工作簿",
        "externalLink": "工作簿", "subDocument": "子文档", "frame": "框架", "mailMergeSource": "邮件合并数据",
    }  # fmt: skip
    return labels.get(relationship.kind, relationship.kind)


def drawing_lines(root: Any) -> Iterator[str]:
    """The words of shapes, diagrams and charts: one line for each paragraph, one for the values of each series."""
    for element in root.iter("{*}p", "{*}strCache", "{*}numCache", "{*}lvl", "{*}strLit", "{*}numLit"):
        name = local(element)
        if name == "p":
            if "wordprocessingml" not in element.tag:
                yield "".join(text.text or "" for text in element.iter("{*}t"))
        elif "chart" in element.tag:
            yield "、".join(value.text or "" for value in element.iter("{*}v"))


def alternative_texts(root: Any) -> Iterator[str]:
    """Descriptions and names of pictures; programs write the path of the inserted file there."""
    for element in root.iter("{*}docPr", "{*}cNvPr", "{*}imagedata", "{*}shape"):
        for key, value in element.attrib.items():
            name = key.rpartition("}")[2]
            if name in ("descr", "title", "alt", "href") or (name == "name" and local_path(value)):
                yield value


def hidden_shapes(root: Any) -> list[Any]:
    """The names (docPr, cNvPr) of shapes and pictures that somebody has hidden in the selection pane (20.1.2.2.8)."""
    return [e for e in root.iter("{*}docPr", "{*}cNvPr") if e.get("hidden") in ("1", "true")]


def read_leftovers(package: Package, draft: Draft, read: set[str]) -> None:
    """The words of every XML part that nobody has read yet: custom XML, building blocks, form fields, orphans."""
    kinds = {r.target: r.kind for r in package.all_relationships() if not r.external}
    for name in package.names:
        if name in read or not name.endswith((".xml", ".vml")) or kinds.get(name) in _QUIET or name.startswith("["):
            continue
        words = list(dict.fromkeys(all_words(package.xml(name))))
        if words:
            with draft.section(f"不显示的部件“{name}”", hidden=True):
                for word in words:
                    draft.paths(word, draft.line(word))


def all_words(root: Any) -> Iterator[str]:
    """All text of a part and those attributes that tell something (Chinese, long numbers, addresses, paths)."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        for value in element.attrib.values():
            if _TELLING.search(value):
                yield value
        for text in (element.text, element.tail):
            if text and text.strip():
                yield text


def read_pictures(package: Package, draft: Draft, read: set[str]) -> None:
    """The words in pictures by character recognition, as far as the limit on pages allows, and what cameras wrote."""
    from gongkai.text.inspection.pictures import read_tags

    pictures = [r.target for r in package.all_relationships() if r.kind == "image" and not r.external]
    unread = 0
    for number, name in enumerate(dict.fromkeys(filter(package.has, pictures)), start=1):
        read.add(name)
        if not name.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp")):
            continue
        try:
            with ocr.open_image(io.BytesIO(package.data(name)), draft.limits) as image:
                read_tags(image, draft, f"图片{number}")
                if min(image.size) < _SMALLEST_PICTURE:
                    continue
                if draft.budget.pictures <= 0:
                    unread += 1
                    continue
                draft.budget.pictures -= 1
                lines = ocr.read_lines(image.convert("RGB"))
        except (Unreadable, OSError, ValueError, SyntaxError, EOFError) as error:
            reason = error.message if isinstance(error, Unreadable) else "图片已损坏，无法打开。"
            draft.find("file.unread", message=f"文中的图片“{name}”：{reason}", place=f"图片{number}")
            continue
        with draft.section(f"图片{number}中的文字"):
            for line in lines:
                draft.flowing(line.text)
    if unread and draft.limits.ocr_pages:
        draft.find("file.unread", message=f"文中图片过多，有 {unread} 张未识别。请减少图片或者拆分文件后重新提交。")


def read_embedded(package: Package, draft: Draft, read: set[str], inspect: Inspect | None) -> None:
    """Files inside the file (OLE objects, packages, imported documents), read like any other file where possible."""
    kinds = ("oleObject", "package", "aFChunk", "control", "attachedToolbars")
    targets = [r for r in package.all_relationships() if r.kind in kinds and not r.external and package.has(r.target)]
    for name in dict.fromkeys(r.target for r in targets):
        if name in read:
            continue
        read.add(name)
        short = name.rpartition("/")[2]
        draft.find("file.embedded", message=f"嵌有文件“{short}”。", place=f"嵌入的文件“{short}”")
        if inspect is None:
            draft.find("file.unread", message=f"嵌入的文件“{short}”嵌套过深，未能检查。", place=f"嵌入的文件“{short}”")
            continue
        inspection = inspect_bytes(package.data(name), short, inspect)
        draft.append(inspection, f"嵌入的文件“{short}”", hidden=True)


def inspect_bytes(data: bytes, name: str, inspect: Inspect) -> Inspection:
    """What `inspect` says of these bytes; the suffix is kept when it is a plain one, for it helps to tell text kinds apart."""
    suffix = name.rpartition(".")[2].lower()
    suffix = f".{suffix}" if suffix in ("csv", "tsv", "txt", "html", "htm", "svg", "eml") else ""
    with TemporaryDirectory(prefix="gongkai-inspect-") as folder:
        path = Path(folder) / f"part{suffix}"
        path.write_bytes(data)
        return inspect(path)
