"""修改前后对照表 as lines of a table, for the pages of the site and of the office and for the printed forms of both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.conf import settings

from gongkai.disclosure.versions import EditionComparison, Side
from gongkai.rules.publication import State
from gongkai.text.clauses import Clause
from gongkai.text.comparison import Comparison, Row, RowKind
from gongkai.text.differences import folded
from gongkai.web.shared.dates import moment

MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
"""Forms in which the table may be taken away."""
NOTE = "本对照表由系统根据两个版本的正文自动生成，便于阅读；内容以正式公布的文本为准。空格和标点的全角、半角差异不作为修改。"
LEGEND = "加删除线的文字为删去的内容，加下划线的文字为新增的内容。"

_INNER = str.maketrans("《》", "〈〉")

KEEP, DELETED, INSERTED = "", "del", "ins"


@dataclass(frozen=True, slots=True)
class Segment:
    """Text of one look: `mark` is the element it stands in (del, ins), or empty."""

    text: str
    mark: str = KEEP


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table. A side that has no clause here has no segments, perhaps a `note` in their place."""

    kind: RowKind
    place: str
    old: tuple[Segment, ...] = ()
    new: tuple[Segment, ...] = ()
    old_note: str = ""
    new_note: str = ""
    skipped: int = 0
    """Not a clause: so many unchanged clauses are left out here."""


def lines(table: Comparison, *, changed_only: bool) -> list[Line]:
    """The lines of the table; with `changed_only` stretches of unchanged clauses become one line that counts them."""
    found: list[Line] = []
    skipped = 0
    for row in table.rows:
        if changed_only and not row.is_change:
            skipped += 1
            continue
        if skipped:
            found.append(Line(RowKind.UNCHANGED, "", skipped=skipped))
            skipped = 0
        found.append(_line(row))
    if skipped:
        found.append(Line(RowKind.UNCHANGED, "", skipped=skipped))
    return found


def _line(row: Row) -> Line:
    place = _place(row)
    match row.kind:
        case RowKind.ADDED:
            return Line(row.kind, place, new=_whole(row.new, INSERTED), old_note="（无此内容）")
        case RowKind.DELETED:
            return Line(row.kind, place, old=_whole(row.old, DELETED), new_note="（已删去）")
        case RowKind.MOVED_AWAY:
            return Line(row.kind, place, old=_whole(row.old), new_note=_to(row.elsewhere))
        case RowKind.MOVED:
            old, new = _both(row)
            return Line(row.kind, place, old, new, old_note=f"（{_from(row.elsewhere)}）")
        case _:
            old, new = _both(row)
            return Line(row.kind, place, old, new)


def _to(place: str) -> str:
    return f"（移至{place}）" if place else "（移至他处）"


def _from(place: str) -> str:
    return f"原{place}" if place else "原在他处"


def _place(row: Row) -> str:
    """第五条, or 第五条→第六条 where the number changed and nothing else says so."""
    old, new = (row.old.place if row.old else ""), (row.new.place if row.new else "")
    if row.kind is RowKind.RENUMBERED and folded(old) != folded(new):
        return f"{old}→{new}"
    return new or old


def _whole(clause: Clause | None, mark: str = KEEP) -> tuple[Segment, ...]:
    if clause is None:
        return ()
    return tuple(
        _joined([Segment(f"{clause.number}　" if _spaced(clause) else clause.number, mark), Segment(clause.text, mark)])
    )


def _spaced(clause: Clause) -> bool:
    """第三条 is followed by a blank, （一） and 1. are not."""
    return clause.number.startswith("第") and bool(clause.text)


def _both(row: Row) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    old, new = row.old, row.new
    if old is None or new is None:
        return (), ()
    same = folded(old.number) == folded(new.number)
    pieces = row.pieces
    left, right = [Segment(old.number, KEEP if same else DELETED)], [Segment(new.number, KEEP if same else INSERTED)]
    left += [Segment("　")] if _spaced(old) else []
    right += [Segment("　")] if _spaced(new) else []
    if not pieces:
        return tuple(_joined([*left, Segment(old.text)])), tuple(_joined([*right, Segment(new.text)]))
    left += [Segment(piece.old, KEEP if piece.equal else DELETED) for piece in pieces]
    right += [Segment(piece.new, KEEP if piece.equal else INSERTED) for piece in pieces]
    return tuple(_joined(left)), tuple(_joined(right))


def _joined(segments: Sequence[Segment]) -> Iterator[Segment]:
    """Neighbours of one look as one, and none that is empty."""
    text, mark = "", KEEP
    for segment in segments:
        if segment.mark != mark and segment.text:
            if text:
                yield Segment(text, mark)
            text, mark = "", segment.mark
        text += segment.text
    if text:
        yield Segment(text, mark)


# --- on paper ----------------------------------------------------------------------------------------------------------
def printed(
    comparison: EditionComparison, *, index_number: str, url: str, notes: Sequence[str] = (), changed_only: bool = False
) -> dict[str, Any]:
    """What is printed of the table, for `web.shared.typesetting.typeset`. `notes` are the correction notices, a sentence each."""
    return {
        "title": f"《{comparison.new.title.translate(_INNER)}》修改前后对照表",
        "body_html": "".join(_document(comparison, notes, changed_only=changed_only)),
        "document_number": "",
        "issuing_agencies": [],
        "document_date": None,
        "attachments": [],
        "sample": settings.ENVIRONMENT.sample,
        "index_number": index_number,
        "url": url,
        "landscape": True,
        "note": NOTE,
    }


def _document(comparison: EditionComparison, notes: Sequence[str], *, changed_only: bool) -> Iterator[str]:
    yield f"<p>变动情况：{escape(comparison.summary)}{LEGEND}</p>"
    for note in notes:
        yield f"<p>{escape(note)}</p>"
    before, after = (escape(heading(side)) for side in (comparison.old, comparison.new))
    yield f"<table><tr><th>变动</th><th>修改前（{before}）</th><th>修改后（{after}）</th></tr>"
    for change in comparison.facts:
        old, new = (
            f"<{mark}>{escape(text)}</{mark}>" if text else "（无）"
            for mark, text in (("del", change.old), ("ins", change.new))
        )
        yield f"<tr><td><p>{escape(change.label)}</p></td><td>{old}</td><td>{new}</td></tr>"
    for line in lines(comparison.table, changed_only=changed_only):
        if line.skipped:
            yield f'<tr><td></td><td colspan="2">（{line.skipped} 段未修改，略）</td></tr>'
            continue
        label = "" if line.kind is RowKind.UNCHANGED else f"<p>{line.kind.label}</p>"
        yield f"<tr><td>{label}<p>{escape(line.place)}</p></td>"
        yield f"<td>{_cell(line.old, line.old_note)}</td><td>{_cell(line.new, line.new_note)}</td></tr>"
    yield "</table>"


def heading(side: Side) -> str:
    """第 2 版，2026-03-01 10:00 发布: the head of a column."""
    if side.published_at is None:
        return f"{side.name}，{side.state.label if side.state is not State.PUBLISHED else '尚未发布'}"
    return f"{side.name}，{moment(side.published_at)} 发布"


def _cell(segments: Sequence[Segment], note: str) -> str:
    text = "".join(
        f"<{segment.mark}>{escape(segment.text)}</{segment.mark}>" if segment.mark else escape(segment.text)
        for segment in segments
    )
    return f"<p>{escape(note)}</p>" * bool(note) + f"<p>{text}</p>" * bool(text)
