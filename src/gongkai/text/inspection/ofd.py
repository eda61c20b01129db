"""OFD: the text of the pages, and what stands behind them (GB/T 33190-2016): author, own data, attachments, annotations."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

from gongkai.text.extraction.limits import MEGABYTE, in_megabytes, too_large
from gongkai.text.extraction.ofd import extract_ofd
from gongkai.text.extraction.zips import check_zip, parse_xml
from gongkai.text.inspection.draft import Draft
from gongkai.text.inspection.office import PROPERTIES, Inspect, all_words, inspect_bytes
from gongkai.text.inspection.package import local

LABEL = "OFD 文件"
AUTHORS = {"Author": "作者", "Creator": "创建程序", "CreatorVersion": "程序版本"}
_OTHERS = {"Title": "标题", "Subject": "主题", "Abstract": "摘要", "Keyword": "关键词"}
_LARGEST_PART = 96 * MEGABYTE


def read_ofd(path: Path, draft: Draft, inspect: Inspect | None) -> None:
    """Fill `draft` from an OFD file. Raises `Unreadable`: damaged, encrypted, unsafe, huge."""
    with zipfile.ZipFile(path) as archive:
        check_zip(archive, draft.limits)
        for info in archive.infolist():
            if info.filename.lower().endswith(".xml") and info.file_size > _LARGEST_PART:
                raise too_large("OFD 中的部件", in_megabytes(info.file_size), in_megabytes(_LARGEST_PART))
        extracted = extract_ofd(path, replace(draft.limits, ocr_pages=draft.budget.pictures))
        if extracted.ocr:
            draft.budget.pictures = max(draft.budget.pictures - extracted.pages, 0)
        draft.flowing(extracted.text)
        draft.recognised("OFD 文件", extracted.ocr)
        names = archive.namelist()
        _information(archive, names, draft)
        for name in names:
            lower = name.lower()
            if "/annot" in lower and lower.endswith(".xml"):
                _annotations(archive, name, draft)
            elif lower.endswith(".js"):
                draft.find("file.macros", message=f"OFD 中有脚本“{name}”。", place="脚本")
        for name in attached(archive):
            short = name.rpartition("/")[2]
            label = f"附带的文件“{short}”"
            draft.find("file.embedded", message=f"OFD 中附有文件“{short}”。", place=label)
            if inspect is None:
                draft.find("file.unread", message=f"附带的文件“{short}”嵌套过深，未能检查。", place=label)
                continue
            draft.append(inspect_bytes(archive.read(name), short, inspect), label, hidden=True)


def _information(archive: zipfile.ZipFile, names: list[str], draft: Draft) -> None:
    entry = next(name for name in names if name.lstrip("/").lower() == "ofd.xml")
    with draft.section(PROPERTIES, hidden=True):
        for element in parse_xml(archive.read(entry), LABEL).iter():
            name, value = local(element), (element.text or "").strip()
            if not value:
                continue
            if name == "CustomData":
                label = element.get("Name", "自定义数据")
            else:
                label = AUTHORS.get(name) or _OTHERS.get(name, "")
            if label:
                at = draft.line(f"{label}：{value}")
                if name in ("Author", "CustomData"):
                    draft.find("file.author", message=f"文件属性中的“{label}”为“{value}”。", text=value, at=at)
                draft.paths(value, at)


def _annotations(archive: zipfile.ZipFile, name: str, draft: Draft) -> None:
    words: list[str] = []
    remarks = 0
    for annotation in parse_xml(archive.read(name), LABEL).iter("{*}Annot"):
        remarks += annotation.get("Type") not in ("Link", "Watermark", "Stamp")
        words += [annotation.get("Creator", ""), *all_words(annotation)]
    with draft.section("批注", hidden=True):
        places = [draft.line(word) for word in dict.fromkeys(filter(None, words))]
        if remarks:
            evidence = next(iter(places), None)
            draft.find("file.comments", message=f"留有 {remarks} 条批注。", text=words[0] if words else "", at=evidence)


def attached(archive: zipfile.ZipFile) -> list[str]:
    """The members that are attachments: listed as such, or lying in a folder of attachments."""
    names = archive.namelist()
    listed: set[str] = set()
    for name in names:
        if name.lower().endswith("attachments.xml"):
            root = parse_xml(archive.read(name), LABEL)
            listed |= {(e.text or "").strip().rpartition("/")[2].lower() for e in root.iter("{*}FileLoc")}
    return [
        name
        for name in names
        if not name.endswith("/")
        and not name.lower().endswith("attachments.xml")
        and (
            name.rpartition("/")[2].lower() in listed or "/attachs/" in name.lower() or "/attachments/" in name.lower()
        )
    ]
