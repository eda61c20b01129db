"""The plain text edition: UTF-8 with LF, two ideographic blanks before a paragraph, table cells parted by ｜."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gongkai.documents import measures
from gongkai.documents.characters import clean, width
from gongkai.documents.composition import SAMPLE_MARK, compose, signature_indents
from gongkai.documents.model import (
    Align,
    AttachmentMark,
    AttachmentNote,
    Block,
    Heading,
    Imprint,
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
from gongkai.rules.days import chinese_date

INDENT = "\u3000\u3000"
SEPARATOR = "｜"
_SUPERSCRIPT = str.maketrans("0123456789+-()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ")
_SUBSCRIPT = str.maketrans("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎")


def to_text(document: OfficialDocument) -> str:
    """The text edition; ends with a line feed."""
    composed = compose(document)
    lines = [f"【{SAMPLE_MARK}】", ""] if composed.sample else []
    lines += [f"{'、'.join(composed.heads)}文件", ""] if composed.heads else []
    lines.append(composed.title)
    lines += [composed.number] if composed.number else []
    lines.append("")
    lines += [composed.recipients] if composed.recipients else []
    for block in composed.body:
        lines += _lines(block, seal=composed.seal)
    lines += _imprint(composed.imprint)
    if composed.provenance:
        lines += ["", *(f"{label}：{value}" for label, value in composed.provenance)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _lines(block: Block, *, seal: bool = False) -> Sequence[str]:
    match block:
        case Paragraph():
            indent = INDENT if block.align is Align.START and block.indent else ""
            return [indent + line for line in _flat(block.runs).split("\n")]
        case Heading():
            return [INDENT + _flat(block.runs).replace("\n", "")]
        case ListBlock():
            return list(_items(block, 1))
        case Table():
            return ["", *([block.caption] if block.caption else []), *_rows(block), ""]
        case Picture():
            return [f"{INDENT}〔图片：{block.alt}〕" if block.alt else f"{INDENT}〔图片〕"]
        case AttachmentNote():
            return ["", *_names(block.names)]
        case AttachmentMark():
            return ["", block.label, *([block.title] if block.title else []), ""]
        case Signature():
            return ["", *_signature(block, seal=seal)]
        case SignatureNote():
            return [f"{INDENT}（{block.text}）"]


def _flat(runs: Runs) -> str:
    """Plain text that keeps powers and indices apart from the number they belong to: 10⁴ must not become 104."""
    return "".join(_raised(run) if run.script else run.text for run in runs)


def _raised(run: Run) -> str:
    shapes, sign = (_SUPERSCRIPT, "^") if run.script is Script.SUP else (_SUBSCRIPT, "_")
    known = all(ord(character) in shapes for character in run.text)
    return run.text.translate(shapes) if known else f"{sign}({run.text})"


def _signature(signature: Signature, *, seal: bool) -> Iterable[str]:
    lines = [*signature.agencies, *([signature.date] if signature.date else [])]
    for line, gap in zip(lines, signature_indents(signature, seal=seal), strict=True):
        yield "\u3000" * max(2, round(measures.CHARACTERS - width(line) - gap)) + line


def _items(block: ListBlock, depth: int) -> Iterable[str]:
    for index, item in enumerate(block.items):
        mark = f"{block.start + index}." if block.ordered else "·"
        for child in item:
            if isinstance(child, ListBlock):
                yield from _items(child, depth + 1)
                continue
            for line in _lines(child):
                yield INDENT * depth + mark + line
                mark = ""


def _rows(table: Table) -> Iterable[str]:
    """A line for each row; a cell stands in the place of its first row and column, the places it covers stay empty."""
    texts = {
        (cell.row, cell.column): " ".join(_flat(runs).replace("\n", " ") for runs in cell.paragraphs)
        for cell in table.cells
    }
    for row in range(table.rows):
        yield SEPARATOR.join(texts.get((row, column), "") for column in range(table.columns))


def _names(names: Sequence[str]) -> Iterable[str]:
    for index, name in enumerate(names):
        label = "附件：" if index == 0 else "\u3000\u3000\u3000"
        yield f"{INDENT}{label}{f'{index + 1}.' if len(names) > 1 else ''}{name}"


def _imprint(imprint: Imprint | None) -> Sequence[str]:
    if imprint is None:
        return []
    copies = clean(imprint.copies_to).strip().rstrip("。")
    on = f"{chinese_date(imprint.printed_on)}印发" if imprint.printed_on else ""
    return ["", *([f"抄送：{copies}。"] if copies else []), f"{clean(imprint.printed_by).strip()}\u3000{on}".rstrip()]
