"""PDF: the text of the pages, and what stands behind them: properties, annotations, attachments, scripts, hidden layers."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from gongkai.text.extraction.contract import Code, Unreadable
from gongkai.text.extraction.pdf import extract_pdf
from gongkai.text.inspection.draft import Draft
from gongkai.text.inspection.office import PROPERTIES, Inspect, inspect_bytes
from gongkai.text.inspection.paths import local_path
from gongkai.text.inspection.pictures import xmp_people, xmp_words

LABELS = {
    "/Author": "作者", "/Creator": "创建程序", "/Producer": "生成程序", "/Title": "标题", "/Subject": "主题",
    "/Keywords": "关键词", "/Company": "单位", "/Manager": "经理", "/SourceModified": "原文件时间",
}  # fmt: skip
PEOPLE = frozenset({"/Author", "/Company", "/Manager"})
_KEPT_MARKS = frozenset({"/Link", "/Widget", "/Stamp", "/Watermark", "/PrinterMark", "/TrapNet"})
"""Annotations that belong to the page as it is seen: links, form fields, seals. All others are remarks."""
_MANY = 20_000


def read_pdf(path: Path, draft: Draft, inspect: Inspect | None) -> None:
    """Fill `draft` from a PDF. Raises `Unreadable`: encrypted, damaged, huge."""
    extracted = extract_pdf(path, replace(draft.limits, ocr_pages=draft.budget.pictures))
    if extracted.ocr:
        draft.budget.pictures = max(draft.budget.pictures - extracted.pages, 0)
    draft.flowing(extracted.text)
    draft.recognised("PDF 文件", extracted.ocr)
    for warning in extracted.warnings:
        if "未识别" in warning and draft.limits.ocr_pages:
            draft.find("file.unread", message=warning)
    with opened(path) as reader:
        _properties(reader, draft)
        _annotations(reader, draft)
        _forms_and_outline(reader, draft)
        _scripts(reader, draft)
        if layers := hidden_layers(reader):
            with draft.section("隐藏的图层", hidden=True):
                places = [draft.line(name) for name in layers]
                message = f"有 {len(layers)} 个默认不显示的图层：{'、'.join(layers)[:100]}。"
                draft.find("file.hidden-text", message=message, text=layers[0], at=places[0])
        _attachments(reader, draft, inspect)


class opened:
    """The structure of a PDF by pypdf; whatever is wrong with it becomes `Unreadable` (damaged)."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Any:
        from pypdf import PdfReader  # here: web processes read no PDF
        from pypdf.errors import PyPdfError

        logging.getLogger("pypdf").setLevel(logging.ERROR)
        try:
            self.reader = PdfReader(str(self.path), strict=False)
            if self.reader.is_encrypted and not self.reader.decrypt(""):
                raise Unreadable(Code.ENCRYPTED, "PDF 文件设有打开密码，无法读取。请取消密码后重新提交。")
            self.reader.trailer["/Root"].get_object()
        except (PyPdfError, OSError, ValueError, KeyError, TypeError, AttributeError, NotImplementedError) as error:
            raise _damaged() from error
        return self.reader

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        from pypdf.errors import PyPdfError

        self.reader.close()
        broken = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
        if isinstance(error, broken):
            raise _damaged() from error


def _damaged() -> Unreadable:
    return Unreadable(Code.DAMAGED, "PDF 文件的内部结构已损坏，无法检查。请用 WPS 或 PDF 阅读器重新另存后再提交。")


def _properties(reader: Any, draft: Draft) -> None:
    with draft.section(PROPERTIES, hidden=True):
        for key, value in information(reader).items():
            label = LABELS.get(key, key.lstrip("/"))
            at = draft.line(f"{label}：{value}")
            if key in PEOPLE:
                draft.find("file.author", message=f"文件属性中的“{label}”为“{value}”。", text=value, at=at)
            draft.paths(value, at)
        packet = xmp_packet(reader)
        people = xmp_people(packet)
        for words in xmp_words(packet):
            at = draft.line(words)
            if words in people:
                draft.find("file.author", message=f"文件属性中的“作者”为“{words}”。", text=words, at=at)
            draft.paths(words, at)


def xmp_packet(reader: Any) -> str:
    """The XMP metadata of the document (ISO 32000-2, 14.3.2); empty when there are none."""
    packet: Any = reader.root_object.get("/Metadata")
    return packet.get_object().get_data().decode("utf-8", errors="replace") if packet is not None else ""


def names_people(reader: Any) -> bool:
    """Whether the properties tell more than which program wrote the file: a person, a body, a path."""
    properties, packet = information(reader), xmp_packet(reader)
    told = " ".join([*properties.values(), *xmp_words(packet)])
    return bool(PEOPLE & properties.keys() or xmp_people(packet) or local_path(told))


def information(reader: Any) -> dict[str, str]:
    """The document information dictionary (ISO 32000-2, 14.3.3) without its dates."""
    info = reader.trailer.get("/Info")
    table = info.get_object() if info is not None else {}
    entries = {str(k): str(v.get_object() if hasattr(v, "get_object") else v) for k, v in table.items()}
    return {k: v.strip() for k, v in entries.items() if v.strip() and "Date" not in k and k != "/Trapped"}


def marks(reader: Any) -> Iterator[Any]:
    """The annotations of all pages."""
    count = 0
    for page in reader.pages:
        listed = page.get("/Annots")
        for reference in listed.get_object() if listed is not None else []:
            count += 1
            if count > _MANY:
                raise Unreadable(Code.HUGE, f"PDF 批注超过 {_MANY} 个，未能检查。请打印为新的 PDF 后重新提交。")
            annotation = reference.get_object()
            if hasattr(annotation, "get"):
                yield annotation


def is_remark(annotation: Any) -> bool:
    """Whether an annotation is a remark on the page and no part of it."""
    return str(annotation.get("/Subtype")) not in _KEPT_MARKS


def _annotations(reader: Any, draft: Draft) -> None:
    remarks: list[tuple[str, str]] = []
    addresses: list[str] = []
    for annotation in marks(reader):
        words = [str(annotation[key]).strip() for key in ("/T", "/Subj", "/Contents") if key in annotation]
        if is_remark(annotation):
            remarks.append((str(annotation.get("/Subtype")).lstrip("/"), "：".join(filter(None, words))))
        elif str(annotation.get("/Subtype")) != "/Widget":
            addresses += words
        addresses += action_addresses(annotation.get("/A"))
    if remarks:
        with draft.section("批注", hidden=True):
            places = [draft.line(words or kind) for kind, words in remarks]
            draft.find("file.comments", message=f"留有 {len(remarks)} 条批注。", text=remarks[0][1], at=places[0])
    with draft.section("链接地址", hidden=True):
        for address in dict.fromkeys(filter(None, addresses)):
            draft.paths(address, draft.line(address))


def action_addresses(action: Any) -> list[str]:
    """Where an action leads: web address, file, program."""
    action = action.get_object() if action is not None else None
    if not hasattr(action, "get"):
        return []
    found = []
    for key in ("/URI", "/F", "/Win"):
        value: Any = action.get(key)
        value = value.get_object() if value is not None else None
        if hasattr(value, "get"):
            value = value.get("/UF") or value.get("/F")
        if value is not None:
            found.append(str(value))
    return found


def fields(reader: Any) -> Iterator[Any]:
    """The fields of a form, those without a place on a page too."""
    form: Any = reader.root_object.get("/AcroForm")
    yield from _walk(form.get_object().get("/Fields"), "/Kids") if form is not None else ()


def bookmarks(reader: Any) -> Iterator[Any]:
    """The entries of the outline."""
    outline = reader.root_object.get("/Outlines")
    yield from _walk([outline.get_object()], "/First", "/Next") if outline is not None else ()


def _forms_and_outline(reader: Any, draft: Draft) -> None:
    with draft.section("表单"):
        for field in fields(reader):
            words = [str(field[key]) for key in ("/T", "/TU", "/V", "/DV") if key in field]
            if str(field.get("/FT")) != "/Sig":
                draft.line("：".join(words))
    with draft.section("书签"):
        for entry in bookmarks(reader):
            draft.line(str(entry.get("/Title", "")))


def _walk(start: Any, *keys: str) -> Iterator[Any]:
    """The dictionaries reached from `start` through `keys`, each once: hostile files go round in circles."""
    start = start.get_object() if hasattr(start, "get_object") else start
    stack = list(reversed(start or []))
    seen: set[int] = set()
    while stack and len(seen) < _MANY:
        entry = stack.pop().get_object()
        if id(entry) in seen or not hasattr(entry, "get"):
            continue
        seen.add(id(entry))
        yield entry
        for key in reversed(keys):
            below = entry.get(key)
            below = below.get_object() if below is not None else None
            if below is not None:
                stack += reversed(below) if isinstance(below, list) else [below]


def scripts(reader: Any) -> list[str]:
    """The scripts and programs a PDF starts: by name, at opening, on pages and on fields (ISO 32000-2, 12.6)."""
    root = reader.root_object
    starts = [root.get("/OpenAction"), root.get("/AA"), (root.get("/Names") or {}).get("/JavaScript")]
    starts += [page.get("/AA") for page in reader.pages]
    for holder in (*marks(reader), *fields(reader), *bookmarks(reader)):
        starts += [holder.get("/A"), holder.get("/AA")]
    found: list[str] = []
    seen: set[int] = set()
    stack = [start for start in starts if start is not None]
    while stack and len(seen) < _MANY:
        entry = stack.pop().get_object()
        if id(entry) in seen or isinstance(entry, (str, bytes)):
            continue
        seen.add(id(entry))
        if isinstance(entry, list):
            stack += [child for child in entry if hasattr(child, "get_object")]
        elif hasattr(entry, "get"):
            kind = str(entry.get("/S", ""))
            if kind == "/JavaScript" or "/JS" in entry:
                script = entry.get("/JS", "")
                script = script.get_object() if hasattr(script, "get_object") else script
                found.append(script.get_data().decode("latin-1") if hasattr(script, "get_data") else str(script))
            elif kind in ("/Launch", "/ImportData", "/SubmitForm"):
                found.append(" ".join([kind.lstrip("/"), *action_addresses(entry)]))
            skipped = ("/D", "/P", "/Parent", "/Page", "/Dest")
            stack += [v for k, v in entry.items() if k not in skipped and hasattr(v, "get_object")]
    return found


def _scripts(reader: Any, draft: Draft) -> None:
    found = scripts(reader)
    if found:
        with draft.section("脚本", hidden=True):
            places = [draft.line(script[:100_000]) for script in found]
            draft.find("file.macros", message="PDF 中有脚本或者启动程序的动作。", text=found[0][:200], at=places[0])
            for script, at in zip(found, places, strict=True):
                draft.paths(script[:100_000], at)


def hidden_layers(reader: Any) -> list[str]:
    """The optional content that is off when the file is opened (ISO 32000-2, 8.11)."""
    properties = reader.root_object.get("/OCProperties")
    if properties is None:
        return []
    properties = properties.get_object()
    default = properties.get("/D")
    default = default.get_object() if default is not None else {}
    off = list(default.get("/OFF") or [])
    if str(default.get("/BaseState")) == "/OFF":
        on = [getattr(group, "idnum", None) for group in (default.get("/ON") or [])]
        off += [group for group in (properties.get("/OCGs") or []) if getattr(group, "idnum", None) not in on]
    return list(dict.fromkeys(str(group.get_object().get("/Name", "未命名")) for group in off))


def _attachments(reader: Any, draft: Draft, inspect: Inspect | None) -> None:
    for name, data in attached_files(reader):
        label = f"附带的文件“{name}”"
        draft.find("file.embedded", message=f"PDF 中附有文件“{name}”。", text="", place=label)
        if inspect is None:
            draft.find("file.unread", message=f"附带的文件“{name}”嵌套过深，未能检查。", place=label)
            continue
        draft.append(inspect_bytes(data, name, inspect), label, hidden=True)


def attached_files(reader: Any) -> Iterator[tuple[str, bytes]]:
    """Files attached to the document, to annotations and as associated files."""
    root = reader.root_object
    names = (root.get("/Names") or {}).get("/EmbeddedFiles")
    specifications = [root.get("/AF"), names]
    specifications += [annotation.get("/FS") for annotation in marks(reader)]
    seen: set[int] = set()
    stack = [entry for entry in specifications if entry is not None]
    while stack and len(seen) < _MANY:
        entry = stack.pop().get_object()
        if id(entry) in seen:
            continue
        seen.add(id(entry))
        if isinstance(entry, list):
            stack += [child for child in entry if hasattr(child, "get_object")]
        elif hasattr(entry, "get") and "/EF" in entry:
            files = entry["/EF"].get_object()
            stream = next((files[key].get_object() for key in ("/UF", "/F") if key in files), None)
            if stream is not None and id(stream) not in seen:
                seen.add(id(stream))
                yield str(entry.get("/UF") or entry.get("/F") or "未命名"), stream.get_data()
        elif hasattr(entry, "get"):
            stack += [v for k, v in entry.items() if k in ("/Names", "/Kids") and hasattr(v, "get_object")]
