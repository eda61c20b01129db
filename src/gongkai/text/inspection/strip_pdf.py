"""The public copy of a PDF: the pages as they are, without properties, remarks, attachments, scripts and old versions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gongkai.text.extraction.contract import Unreadable
from gongkai.text.extraction.limits import Limits
from gongkai.text.inspection.paths import local_path
from gongkai.text.inspection.pdf import (
    action_addresses,
    attached_files,
    hidden_layers,
    information,
    is_remark,
    marks,
    names_people,
    opened,
    scripts,
)
from gongkai.text.inspection.strip_package import Unstrippable
from gongkai.text.inspection.strip_pictures import strip_picture_bytes

_PRIVATE = ("/Metadata", "/PieceInfo", "/LastModified", "/AF", "/Thumb")
_STARTING = frozenset(
    {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/RichMediaExecute", "/GoToE", "/Rendition"}
)
_OF_MARKS = ("/T", "/Contents", "/RC", "/Subj", "/M", "/CreationDate", "/NM", "/Popup", "/IRT")


def strip_pdf(path: Path, target: Path, limits: Limits) -> tuple[str, ...]:
    """Write the copy; Chinese names of what was removed. Raises `Unreadable`, `Unstrippable`."""
    from pypdf import PdfWriter

    with opened(path) as reader:
        present = _present(reader)
        signed = _is_signed(reader)
        if signed and not names_people(reader):
            # A seal is appended to the file and its program named: nothing to break the seal for.
            present = {name: None for name in present if name not in ("文件属性", "旧版本内容")}
        if not present:
            target.write_bytes(path.read_bytes())
            return ()
        if signed:
            raise Unstrippable(
                f"PDF 带有电子签章，清除{'、'.join(present)}会使签章失效。"
                "请在盖章之前清除后重新盖章，或者确认这些内容可以公开后由第二人放行。"
            )
        if hidden_layers(reader):
            raise Unstrippable("PDF 中有默认不显示的图层，不能安全清除。请用原软件删除隐藏的图层，重新导出后上传。")
        writer = PdfWriter(clone_from=reader)
        writer.metadata = None
        _clean_root(writer.root_object)
        for page in writer.pages:
            _clean_page(page)
        for entry in _dictionaries(writer):
            _clean_object(entry)
        if writer.xmp_metadata is not None:
            writer.xmp_metadata = None
        writer._ID = None
        _sweep(writer)
        with target.open("wb") as file:
            writer.write(file)
    return tuple(present)


def _present(reader: Any) -> dict[str, None]:
    """What is there to be removed."""
    root = reader.root_object
    found = {
        "文件属性": bool(information(reader)) or "/Metadata" in root,
        "批注": any(is_remark(annotation) for annotation in marks(reader)),
        "附带的文件": any(True for _ in attached_files(reader)),
        "脚本": bool(scripts(reader)),
        "隐藏的图层": bool(hidden_layers(reader)),
        "本机路径": any(local_path(a) for mark in marks(reader) for a in action_addresses(mark.get("/A"))),
        "旧版本内容": _revisions(reader) > 1,
    }
    return {name: None for name, there in found.items() if there}


def _revisions(reader: Any) -> int:
    """How many times the file was saved on top of itself; what was deleted still stands in the older layers."""
    reader.stream.seek(0)
    data: bytes = reader.stream.read()
    linear = b"/Linearized" in data[:2048]
    return max(data.count(b"startxref") - (1 if linear else 0), 1)


def _is_signed(reader: Any) -> bool:
    form = reader.root_object.get("/AcroForm")
    flags = form.get_object().get("/SigFlags", 0) if form is not None else 0
    signed = (a for a in marks(reader) if str(a.get("/FT")) == "/Sig" and "/V" in a)
    return bool(int(flags) & 1 and next(signed, None) is not None) or "/Perms" in reader.root_object


def _clean_root(root: Any) -> None:
    for key in (*_PRIVATE, "/OpenAction", "/AA", "/Collection", "/Legal", "/SpiderInfo", "/Requirements"):
        if key == "/OpenAction" and isinstance(root.get(key), list):
            continue  # a destination: where the document opens
        root.pop(key, None)
    names = root.get("/Names")
    if names is not None:
        for key in ("/JavaScript", "/EmbeddedFiles", "/AlternatePresentations", "/Renditions"):
            names.get_object().pop(key, None)
    form = root.get("/AcroForm")
    if form is not None:
        form.get_object().pop("/XFA", None)


def _clean_page(page: Any) -> None:
    from pypdf.generic import ArrayObject

    for key in (*_PRIVATE, "/AA"):
        page.pop(key, None)
    listed = page.get("/Annots")
    if listed is None:
        return
    kept = ArrayObject()
    for reference in listed.get_object():
        annotation = reference.get_object()
        if not hasattr(annotation, "get") or is_remark(annotation):
            continue
        _clean_mark(annotation)
        kept.append(reference)
    if kept:
        page[_name("/Annots")] = kept
    else:
        page.pop("/Annots", None)


def _clean_mark(annotation: Any) -> None:
    """A link, form field or stamp: its actions that start something, its author and its notes go, its look stays."""
    annotation.pop("/AA", None)
    action = annotation.get("/A")
    action = action.get_object() if action is not None else {}
    safe = str(action.get("/S", "")) in ("/URI", "/GoTo", "/Named") if hasattr(action, "get") else False
    if not safe or any(local_path(address) for address in action_addresses(action)):
        annotation.pop("/A", None)
    elif "/Next" in action:
        action.pop("/Next", None)
    if str(annotation.get("/Subtype")) in ("/Stamp", "/Watermark"):
        for key in _OF_MARKS:
            annotation.pop(key, None)


def _dictionaries(writer: Any) -> Iterator[Any]:
    """All dictionaries and streams of a document, those written inside others too."""
    stack = list(writer._objects)
    while stack:
        entry = stack.pop()
        if hasattr(entry, "get"):
            yield entry
            stack += [value for value in entry.values() if isinstance(value, (dict, list))]
        elif isinstance(entry, list):
            stack += [value for value in entry if isinstance(value, (dict, list))]


def _sweep(writer: Any) -> None:
    """Forget every object that the catalogue no longer leads to, what those lead to as well.

    pypdf's own sweep keeps what an unreachable object refers to: the content of an attachment, for instance.
    """
    reached: set[int] = set()
    stack: list[Any] = [writer.root_object.indirect_reference]
    while stack:
        entry = stack.pop()
        number = getattr(entry, "idnum", None)
        if number is not None:
            if number in reached:
                continue
            reached.add(number)
            entry = entry.get_object()
        if hasattr(entry, "raw_get"):
            stack += [entry.raw_get(key) for key in entry]
        elif isinstance(entry, list):
            stack += list(entry)
    for index in range(len(writer._objects)):
        if index + 1 not in reached:
            writer._objects[index] = None


def _clean_object(entry: Any) -> None:
    """Pictures and forms carry their own metadata, photographs their EXIF; actions that start something are emptied."""
    entry.pop("/AA", None)
    if str(entry.get("/S", "")) in _STARTING:
        for key in list(entry):
            del entry[key]
    kind = str(entry.get("/Type", ""))
    if kind in ("/XObject", "/Catalog", "/Page", "/Font", "/StructElem", "") or "/Subtype" in entry:
        for key in _PRIVATE:
            entry.pop(key, None)
    if str(entry.get("/Subtype")) == "/Image" and str(entry.get("/Filter")) == "/DCTDecode":
        try:
            entry._data = strip_picture_bytes(entry._data)
        except Unreadable:  # a picture that other readers may still show; its pixels are not our business
            return


def _name(text: str) -> Any:
    from pypdf.generic import NameObject

    return NameObject(text)
