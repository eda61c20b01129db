"""Documents made of blocks as JSON, so that another process can typeset them (`gongkai.documents.__main__`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from enum import Enum
from typing import Any

from gongkai.documents.model import (
    Align,
    AttachmentMark,
    AttachmentNote,
    Block,
    Cell,
    Heading,
    ListBlock,
    OfficialDocument,
    Paragraph,
    Picture,
    Run,
    Runs,
    Script,
    Signature,
    SignatureNote,
    Table,
)

_KINDS: Mapping[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        AttachmentMark,
        AttachmentNote,
        Heading,
        ListBlock,
        Paragraph,
        Picture,
        Signature,
        SignatureNote,
        Table,
    )
}


def document_facts(document: OfficialDocument) -> dict[str, Any]:
    """The facts of a document made of blocks, as `gongkai.documents.__main__.document_from` reads them.

    Raises `ValueError` for a document with an HTML body, a red head, an imprint, a footer or pictures: those are not carried.
    """
    if document.blocks is None or document.red_head or document.imprint or document.provenance or document.images:
        raise ValueError("only plain documents made of blocks are carried")
    return {
        "title": document.title,
        "body_html": "",
        "blocks": [_plain(block) for block in document.blocks],
        "document_number": document.document_number,
        "issuing_agencies": list(document.issuing_agencies),
        "document_date": document.document_date.isoformat() if document.document_date else None,
        "recipients": document.recipients,
        "attachments": list(document.attachments),
        "seal": document.seal,
        "sample": document.sample,
        "landscape": document.landscape,
    }


def blocks_from_json(data: Iterable[Mapping[str, Any]]) -> tuple[Block, ...]:
    """The blocks of `document_facts`. Raises `KeyError`, `TypeError` or `ValueError` for anything else."""
    return tuple(_block(one) for one in data)


def _plain(value: object) -> Any:
    """Blocks, runs and cells as objects with their kind, everything else as it is."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "__dataclass_fields__"):
        return {"kind": type(value).__name__, **{one.name: _plain(getattr(value, one.name)) for one in fields(value)}}  # type: ignore[arg-type]
    return value


def _block(data: Mapping[str, Any]) -> Block:
    kind = _KINDS[data["kind"]]
    values = {name: value for name, value in data.items() if name != "kind"}
    if "runs" in values:
        values["runs"] = _runs(values["runs"])
    if "align" in values:
        values["align"] = Align(values["align"])
    if kind is ListBlock:
        values["items"] = tuple(blocks_from_json(item) for item in values["items"])
    if kind is Table:
        values["cells"] = tuple(_cell(cell) for cell in values["cells"])
    for name in ("names", "agencies"):
        if name in values:
            values[name] = tuple(values[name])
    block: Block = kind(**values)
    return block


def _cell(data: Mapping[str, Any]) -> Cell:
    values = {name: value for name, value in data.items() if name != "kind"}
    values["paragraphs"] = tuple(_runs(runs) for runs in values["paragraphs"])
    values["align"] = Align(values["align"]) if values["align"] is not None else None
    return Cell(**values)


def _runs(data: Sequence[Mapping[str, Any]]) -> Runs:
    return tuple(_run(run) for run in data)


def _run(data: Mapping[str, Any]) -> Run:
    values: dict[str, Any] = {name: value for name, value in data.items() if name != "kind"}
    values["script"] = Script(values["script"])
    return Run(**values)
