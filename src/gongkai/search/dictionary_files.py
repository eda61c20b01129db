"""Dictionaries as tables for a spreadsheet program: what is written out can be edited and read in again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from gongkai.rules.reasons import Reason, Refused
from gongkai.search.dictionaries import SYNONYMS, WORD_KIND, EntryState, Listed
from gongkai.search.dictionary_actions import MOST_AT_ONCE, Change
from gongkai.search.synonyms import SynonymKind, read_group

LARGEST_FILE = 2_000_000
"""Bytes of a file that is read."""
HEADS = ("类别", "词语", "状态", "来源")
_STATES = {"启用": True, "停用": False, "": True}


def written(listed: list[Listed]) -> Iterator[str]:
    """The lines of a table in UTF-8 with a byte order mark, which spreadsheet programs need."""
    yield "\ufeff" + _line(HEADS)
    for one in listed:
        state = one.state
        yield _line((state.kind_label, " ".join(state.terms), "启用" if state.active else "停用", one.origin))


def _line(cells: tuple[str, ...]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def read(content: bytes, dictionary: str) -> list[Change]:
    """The changes a table asks for; its last column, where an entry comes from, is not read.

    Raises:
        Refused: no text, too large, a head or a line that cannot be read; every reason at once.
    """
    rows = list(csv.reader(io.StringIO(_text(content))))
    heads = [cell.strip() for cell in rows[0]] if rows else []
    if not {"词语"} <= set(heads) or (dictionary == SYNONYMS and "类别" not in heads):
        wanted = "“类别”“词语”“状态”" if dictionary == SYNONYMS else "“词语”“状态”"
        raise Refused(
            [Reason("heads", f"第一行应当是列名{wanted}，请先导出现有词典，在导出的表格中修改。", field="file")]
        )
    if len(rows) > MOST_AT_ONCE + 1:
        raise Refused([Reason("too_many", f"一次最多导入{MOST_AT_ONCE}行，请拆成几个文件。", field="file")])
    changes: list[Change] = []
    reasons: list[Reason] = []
    seen: dict[str, int] = {}
    for number, cells in enumerate(rows[1:], start=2):
        row = dict(zip(heads, (cell.strip() for cell in cells), strict=False))
        if not row.get("词语"):
            continue
        state, problem = _state(row, dictionary)
        if state is None or (first := seen.setdefault(state.key, number)) != number:
            problem = problem or f"与第{first}行的主词相同，请合并成一行。"
            reasons.append(Reason("row", f"第{number}行：{problem}", field="file"))
        else:
            changes.append(Change(state.key, state, f"第{number}行："))
    if reasons:
        raise Refused(reasons[:20])
    return changes


def _text(content: bytes) -> str:
    if len(content) > LARGEST_FILE:
        raise Refused([Reason("large", "文件超过2 MB，请拆成几个文件。", field="file")])
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused([Reason("encoding", "文件不是文本表格，请另存为CSV（UTF-8）后再导入。", field="file")])


def _state(row: dict[str, str], dictionary: str) -> tuple[EntryState | None, str]:
    """The entry of a row, or what is wrong with the row."""
    active = _STATES.get(row.get("状态", ""))
    if active is None:
        return None, f"状态应填“启用”或者“停用”，不能是“{row['状态'][:20]}”。"
    if dictionary != SYNONYMS:
        return EntryState(WORD_KIND, (row["词语"],), active), ""
    kind = next((kind for kind in SynonymKind if row["类别"] in (kind.label, kind.value)), None)
    if kind is None:
        labels = "、".join(kind.label for kind in SynonymKind)
        return None, f"类别应填{labels}之一，不能是“{row['类别'][:20]}”。"
    group = read_group(kind, row["词语"])
    return (EntryState(kind.value, group.terms, active), "") if group else (None, "没有可用的词。")
