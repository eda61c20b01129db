"""What an official document is made of: its facts, and the blocks its body becomes.

One :class:`OfficialDocument` goes into every renderer, so that the Word, PDF and text editions cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias


class Align(StrEnum):
    """Horizontal alignment of a paragraph or a cell."""

    START = "start"
    CENTER = "center"
    END = "end"


class Script(StrEnum):
    """Position of a run relative to the baseline."""

    NORMAL = ""
    SUB = "sub"
    SUP = "sup"


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look. A line feed in ``text`` is a line break.

    ``level`` is the heading level whose face the run wears (GB/T 9704-2012 7.3.3): 1 黑体, 2 楷体, 3 and 4 as the body,
    0 body text. A paragraph that opens with its own heading（（一）加强领导。各部门……）has its first sentence
    in that face.
    """

    text: str
    strong: bool = False
    emphasis: bool = False
    underline: bool = False
    strike: bool = False
    script: Script = Script.NORMAL
    href: str = ""
    level: int = 0


Runs: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; ``indent`` asks for the two characters at the start of the first line."""

    runs: Runs
    align: Align = Align.START
    indent: bool = True


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading on a line of its own, level 1 (一、) to 4 (（1）). Chapters (第一章) are level 1 and centred."""

    level: int
    runs: Runs
    align: Align = Align.START


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list; every item holds blocks of its own, so lists nest."""

    ordered: bool
    start: int
    items: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell at its place in the grid, spans already made to fit; ``paragraphs`` may be empty."""

    row: int
    column: int
    rowspan: int
    colspan: int
    paragraphs: tuple[Runs, ...]
    header: bool = False
    align: Align | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table as a full grid of ``rows`` × ``columns``: each place is covered by exactly one cell.

    The first ``header_rows`` rows are repeated on every page the table runs over.
    """

    rows: int
    columns: int
    header_rows: int
    cells: tuple[Cell, ...]
    caption: str = ""
    landscape: bool = False
    """Stands on landscape pages whatever its width, as the whole document does."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by its ``src``: a ``data:`` URI or a key of :attr:`OfficialDocument.images`."""

    source: str
    alt: str


@dataclass(frozen=True, slots=True)
class AttachmentNote:
    """附件说明 below the text: the names of the attachments (GB/T 9704-2012 7.3.4)."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """发文机关署名 and 成文日期 as printed (GB/T 9704-2012 7.3.5); either may be empty."""

    agencies: tuple[str, ...]
    date: str


@dataclass(frozen=True, slots=True)
class SignatureNote:
    """附注 on the line below the date, in brackets (GB/T 9704-2012 7.3.6): whom to ask."""

    text: str


@dataclass(frozen=True, slots=True)
class AttachmentMark:
    """The word 附件 or 附件1 at the head of an attachment, which starts on a page of its own, and its title."""

    label: str
    title: str


Block: TypeAlias = (
    Paragraph | Heading | ListBlock | Table | Picture | AttachmentNote | Signature | SignatureNote | AttachmentMark
)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Footer facts: where the document is kept, and the digest of what it was generated from.

    ``digest`` is free text for the caller, normally :func:`gongkai.documents.digest` of the same document, which leaves
    this field out of account.
    """

    index_number: str = ""
    url: str = ""
    digest: str = ""
    note: str | None = None
    """What the reader is told of this text; None: that it is the text without a seal, made from the one body."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """版记 (GB/T 9704-2012 7.4): 抄送机关, 印发机关 and 印发日期."""

    printed_by: str
    printed_on: date | None = None
    copies_to: str = ""


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """One document, ready to be rendered.

    Attributes:
        title: 标题, in full, agency included.
        body_html: the body as sanitised simple HTML; unknown elements are read as their content.
        document_number: 发文字号 in canonical form, or "".
        issuing_agencies: 发文机关, the leading one first; several make a joint document (联合行文).
        document_date: 成文日期.
        recipients: 主送机关, with or without the closing colon.
        attachments: names for the 附件说明.
        red_head: print 发文机关标志 (agency + 文件) and the red rule.
        provenance: footer facts, or None for none.
        seal: True lays 署名 and date out for a seal to be set by hand; False is the published 无公章文字版. Software
            never draws a seal.
        sample: mark every page 示例数据.
        imprint: 版记, or None for none.
        landscape: the whole document stands on landscape pages, its tables as wide as they allow (修改前后对照表).
        images: pictures by the ``src`` the body gives them; ``data:`` URIs need no entry.
        blocks: the body as blocks instead, signature and notes included. They are printed as they are: nothing in them is
            taken for a heading, an attachment or a signature, nothing is left out or added (letters with words of others).
    """

    title: str
    body_html: str = ""
    document_number: str = ""
    issuing_agencies: tuple[str, ...] = ()
    document_date: date | None = None
    recipients: str = ""
    attachments: tuple[str, ...] = ()
    red_head: bool = False
    provenance: Provenance | None = None
    seal: bool = False
    sample: bool = False
    imprint: Imprint | None = None
    landscape: bool = False
    images: Mapping[str, bytes] = field(default_factory=dict)
    blocks: tuple[Block, ...] | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished file and what could not be shown as it was, in sentences for people."""

    content: bytes
    warnings: tuple[str, ...]


def runs_text(runs: Runs) -> str:
    """Plain text of ``runs``, line breaks kept."""
    return "".join(run.text for run in runs)
