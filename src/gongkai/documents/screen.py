"""The edition for the screen: a document made of blocks as plain semantic HTML, every word escaped, no style of its own.

For reading on a phone and aloud, where a PDF is a burden. It wants a page around it; `h2` is its highest heading.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from gongkai.documents.characters import clean
from gongkai.documents.composition import compose
from gongkai.documents.model import (
    AttachmentMark,
    AttachmentNote,
    Block,
    Cell,
    Heading,
    ListBlock,
    OfficialDocument,
    Paragraph,
    Picture,
    Runs,
    Signature,
    SignatureNote,
    Table,
)

_LOWEST_HEADING = 6


def to_html(document: OfficialDocument) -> str:
    """The document as HTML, without a page around it. Pictures are named, not shown; links are printed, not followed."""
    composed = compose(document)
    parts = [f"<h2>{_safe(composed.title)}</h2>"]
    if composed.number:
        parts.append(f'<p class="letter-number">{_safe(composed.number)}</p>')
    if composed.recipients:
        parts.append(f'<p class="letter-recipients">{_safe(composed.recipients)}</p>')
    for block in composed.body:
        parts.extend(_block(block))
    return "\n".join(parts)


def _safe(text: str) -> str:
    return escape(clean(text).strip())


def _runs(runs: Runs) -> str:
    """Text of the runs; line feeds are line breaks, strong text stays strong."""
    written = []
    for run in runs:
        text = "<br>".join(escape(clean(line)) for line in run.text.split("\n"))
        written.append(f"<strong>{text}</strong>" if run.strong else text)
    return "".join(written)


def _block(block: Block) -> Iterable[str]:
    match block:
        case Paragraph():
            yield f"<p>{_runs(block.runs)}</p>"
        case Heading():
            level = min(block.level + 2, _LOWEST_HEADING)
            yield f"<h{level}>{_runs(block.runs)}</h{level}>"
        case ListBlock():
            tag = f'ol start="{block.start}"' if block.ordered else "ul"
            items = "".join(
                f"<li>{''.join(part for child in item for part in _block(child))}</li>" for item in block.items
            )
            yield f"<{tag}>{items}</{tag[:2]}>"
        case Table():
            yield _table(block)
        case Picture():
            yield f"<p>〔图片：{_safe(block.alt)}〕</p>" if block.alt else "<p>〔图片〕</p>"
        case AttachmentNote():
            names = "".join(f"<li>{_safe(name)}</li>" for name in block.names)
            yield f'<div class="letter-attachments"><p>附件：</p><ol>{names}</ol></div>'
        case AttachmentMark():
            title = f"　{_safe(block.title)}" if block.title else ""
            yield f'<h3 class="letter-attachment">{_safe(block.label)}{title}</h3>'
        case Signature():
            lines = [*block.agencies, *([block.date] if block.date else [])]
            yield f'<p class="letter-signature">{"<br>".join(map(_safe, lines))}</p>'
        case SignatureNote():
            yield f'<p class="letter-note">（{_safe(block.text)}）</p>'


def _table(table: Table) -> str:
    rows: list[list[str]] = [[] for _ in range(table.rows)]
    for cell in sorted(table.cells, key=lambda one: (one.row, one.column)):
        rows[cell.row].append(_cell(cell, table.header_rows))
    caption = f"<caption>{_safe(table.caption)}</caption>" if table.caption else ""
    head = "".join(f"<tr>{''.join(row)}</tr>" for row in rows[: table.header_rows])
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows[table.header_rows :])
    return f"<table>{caption}{f'<thead>{head}</thead>' if head else ''}<tbody>{body}</tbody></table>"


def _cell(cell: Cell, header_rows: int) -> str:
    spans = (f' colspan="{cell.colspan}"' if cell.colspan > 1 else "") + (
        f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    )
    text = "<br>".join(_runs(runs) for runs in cell.paragraphs)
    if not cell.header:
        return f"<td{spans}>{text}</td>"
    return f'<th scope="{"col" if cell.row < header_rows else "row"}"{spans}>{text}</th>'
