"""The order of a document's parts, decided once for every edition: what comes from its facts and what from its body.

Bodies that came from Word repeat title, number, recipients and signature. What the facts say is then not printed twice:
at the head the facts win, at the end (附件说明, 署名, 成文日期) the body does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from gongkai.documents import measures
from gongkai.documents.blocks import blocks
from gongkai.documents.characters import clean, tight, width
from gongkai.documents.grid import fit
from gongkai.documents.model import (
    AttachmentMark,
    AttachmentNote,
    Block,
    Heading,
    Imprint,
    OfficialDocument,
    Paragraph,
    Signature,
    Table,
    runs_text,
)
from gongkai.documents.title_lines import break_title
from gongkai.rules.days import chinese_date

SAMPLE_MARK = "示例数据"
NO_SEAL_NOTE = "本文本为去公章文字版，由同一正文生成。"
UNTITLED = "（无标题）"

_BRACKETS = str.maketrans("[]［］﹝﹞【】()（）", "〔〕〔〕〔〕〔〕〔〕〔〕")
_NOTE = re.compile(r"附件[：:].")
_RECIPIENT_WORD = re.compile(r"各|政府|单位|部门|委|局|办|公司|街道|镇|乡")
LONGEST_RECIPIENTS = 200
_HEAD_BLOCKS = 6
_MOST_LEADS = 3
_LONGEST_LEAD = 30.0


@dataclass(frozen=True, slots=True)
class Composition:
    """Everything that is printed, in order; ``title_lines`` is the title as broken for 22 pt type."""

    heads: tuple[str, ...]
    number: str
    title: str
    title_lines: tuple[str, ...]
    recipients: str
    body: tuple[Block, ...]
    imprint: Imprint | None
    provenance: tuple[tuple[str, str], ...]
    seal: bool
    sample: bool
    landscape: bool = False

    @property
    def stretches(self) -> list[tuple[bool, list[Block]]]:
        """The body in stretches of upright and landscape (True) pages; one stretch where the whole document is turned."""
        return [(False, list(self.body))] if self.landscape else stretches(self.body)


@lru_cache(maxsize=8)
def _blocks(body_html: str) -> tuple[Block, ...]:
    """The body's blocks; the three editions of one document are mostly asked for one after the other."""
    return blocks(body_html)


def compose(document: OfficialDocument) -> Composition:
    """Lay the parts of ``document`` in the order of GB/T 9704-2012 7, nothing twice."""
    title = clean(document.title).strip()
    number = clean(document.document_number).strip()
    agencies = tuple(name for name in (clean(agency).strip() for agency in document.issuing_agencies) if name)
    stated = clean(document.recipients).strip()
    if document.blocks is None:
        body = _without_head(_blocks(document.body_html), title, number)
        recipients, body = _recipients(stated, body)
        body = _with_end(body, document, agencies)
    else:
        body, recipients = document.blocks, f"{stated.rstrip('：:')}：" if stated else ""
    if document.landscape:
        body = tuple(replace(block, landscape=True) if isinstance(block, Table) else block for block in body)
    return Composition(
        heads=agencies if document.red_head else (),
        number=number,
        title=title or UNTITLED,
        title_lines=break_title(title or UNTITLED, _line(document) / measures.TITLE_SIZE),
        recipients=recipients,
        body=body,
        imprint=document.imprint,
        provenance=_provenance(document),
        seal=document.seal,
        sample=document.sample,
        landscape=document.landscape,
    )


def _line(document: OfficialDocument) -> float:
    """Width of the text in points."""
    return measures.TEXT_HEIGHT if document.landscape else measures.TEXT_WIDTH


def _key(text: str) -> str:
    return tight(text).translate(_BRACKETS)


def _without_head(body: tuple[Block, ...], title: str, number: str) -> tuple[Block, ...]:
    """Drop number and title where the body opens with them, the title on one line or several."""
    gathered, dropped = "", 0
    for index, block in enumerate(body[:_HEAD_BLOCKS]):
        if not isinstance(block, Paragraph | Heading):
            break
        text = _key(runs_text(block.runs))
        if number and text == _key(number):
            dropped = index + 1 if dropped == index else dropped
            continue
        gathered += text
        if title and gathered == _key(title):
            dropped, gathered = index + 1, ""
        elif not _key(title).startswith(gathered):
            break
    return body[dropped:]


def _recipients(stated: str, body: tuple[Block, ...]) -> tuple[str, tuple[Block, ...]]:
    """主送机关 with one colon, from the facts or else from the body's first line, and the body without that line."""
    first = body[0] if body else None
    text = runs_text(first.runs).strip() if isinstance(first, Paragraph) else ""
    bare = text.rstrip("：:")
    looks_so = bare != text and len(bare) <= LONGEST_RECIPIENTS and "。" not in bare and _RECIPIENT_WORD.search(bare)
    if stated:
        stated = stated.rstrip("：:")
        return f"{stated}：", body[1:] if _key(bare) == _key(stated) else body
    return (f"{bare}：", body[1:]) if looks_so else ("", body)


def _with_end(body: tuple[Block, ...], document: OfficialDocument, agencies: tuple[str, ...]) -> tuple[Block, ...]:
    """Put 附件说明 and signature after the text and before any attachment, unless the body has its own."""
    parts = list(body)
    end = next((index for index, block in enumerate(parts) if isinstance(block, AttachmentMark)), len(parts))
    signed = next((index for index, block in enumerate(parts[:end]) if isinstance(block, Signature)), None)
    if signed is None:
        day = chinese_date(document.document_date) if document.document_date else ""
        if agencies or day:
            parts.insert(end, Signature(agencies, day))
        signed = end
    names = tuple(name for name in (clean(name).strip() for name in document.attachments) if name)
    if names and not _has_note(parts[:signed]):
        parts.insert(signed, AttachmentNote(names))
    return tuple(parts)


def _has_note(parts: Sequence[Block]) -> bool:
    return any(isinstance(block, Paragraph) and _NOTE.match(tight(runs_text(block.runs))) for block in parts[-12:])


def _provenance(document: OfficialDocument) -> tuple[tuple[str, str], ...]:
    """Label and value of each footer fact there is, and the note on the seal."""
    facts = document.provenance
    if facts is None:
        return ()
    stated = (("索引号", facts.index_number), ("网址", facts.url), ("正文校验码（SHA-256）", facts.digest))
    stated_note = ("" if document.seal else NO_SEAL_NOTE) if facts.note is None else facts.note
    note = (("说明", stated_note),)
    return tuple((label, clean(value).strip()) for label, value in (*stated, *note) if value.strip())


def stretches(body: Sequence[Block]) -> list[tuple[bool, list[Block]]]:
    """The body in stretches of upright and of landscape pages (True).

    A table too wide for an upright page gets landscape ones of its own and takes its attachment mark, heading or
    name along.
    """
    found: list[tuple[bool, list[Block]]] = [(False, [])]
    for block in body:
        if not (isinstance(block, Table) and fit(block).landscape):
            if found[-1][0]:
                found.append((False, []))
            found[-1][1].append(block)
            continue
        leads: list[Block] = []
        while not found[-1][0] and found[-1][1] and len(leads) < _MOST_LEADS and _leads(found[-1][1][-1]):
            leads.insert(0, found[-1][1].pop())
        if not found[-1][0] and not found[-1][1] and len(found) > 1 and not leads:
            found.pop()
        if found[-1][0] and not any(isinstance(lead, AttachmentMark) for lead in leads):
            found[-1][1].extend([*leads, block])
        else:
            found.append((True, [*leads, block]))
    return [stretch for stretch in found if stretch[1]]


def _leads(block: Block) -> bool:
    if isinstance(block, Paragraph):
        text = runs_text(block.runs)
        return width(text) <= _LONGEST_LEAD and not text.endswith("。")
    return isinstance(block, AttachmentMark | Heading)


def signature_indents(signature: Signature, *, seal: bool) -> tuple[float, ...]:
    """Blank in em right of each agency line and, last, of the date (7.3.5).

    Without a seal the agency stands two characters from the right and the date starts two characters right of the
    agency's start; a date longer than the agency stands two from the right itself. With one the date stands four from
    the right and the agency is centred over it.
    """
    lengths = [width(line) for line in signature.agencies]
    day = width(signature.date)
    if seal and signature.date:
        return (*(max(0.0, 4 + (day - length) / 2) for length in lengths), 4.0)
    longest = max(lengths, default=0.0)
    if not signature.date or not lengths:
        return tuple(2.0 for _ in (*lengths, *([day] if signature.date else [])))
    if day <= longest:
        return (*(2.0 for _ in lengths), longest - day)
    return (*(max(2.0, day + 4 - length) for length in lengths), 2.0)
