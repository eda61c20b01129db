"""专题: a page put together from blocks, so that an activity needs no site of its own (国办发〔2017〕47号: 专项活动通过专栏专题).

A block is a mapping with ``kind`` and ``heading`` and what its kind holds:

======== ==============================================================================================
query    ``address`` of a list of this site, ``query`` as `search.saved_queries` keeps it, ``limit`` of items shown
items    ``items``: identifiers of public items
text     ``text`` as typed, ``html`` made of it
figures  ``rows`` of ``label``, ``number``, ``unit``, ``source``, ``day`` (ISO 8601), ``item`` (identifier or None)
timeline ``rows`` of ``day`` (ISO 8601), ``words``, ``item`` (identifier or None)
======== ==============================================================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from gongkai.rules.reasons import Reason

MOST_BLOCKS = 12
MOST_SHOWN = 20
"""Items a query block shows; the whole list is one link away."""
LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_HEADING, LONGEST_TEXT = 60, 300, 40, 20_000
MISSING = "block_missing"
"""Code of what a draft may lack and a public topic may not."""
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NUMBER = re.compile(r"[-−]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")


class BlockKind(StrEnum):
    """What a block shows."""

    QUERY = "query"
    ITEMS = "items"
    TEXT = "text"
    FIGURES = "figures"
    TIMELINE = "timeline"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _LABELS[self]


_LABELS = {
    BlockKind.QUERY: "自动更新的列表",
    BlockKind.ITEMS: "选定的信息",
    BlockKind.TEXT: "文字",
    BlockKind.FIGURES: "数据",
    BlockKind.TIMELINE: "时间轴",
}


@dataclass(frozen=True, slots=True)
class RowField:
    """A cell of a row of figures or of a timeline."""

    name: str
    label: str
    longest: int
    required: bool = True


ROWS: Mapping[BlockKind, tuple[RowField, ...]] = {
    BlockKind.FIGURES: (
        RowField("label", "指标", 40),
        RowField("number", "数值", 20),
        RowField("unit", "单位", 10, required=False),
        RowField("source", "数据来源", 60),
        RowField("day", "截至日期", 10),
        RowField("item", "来源信息", 200, required=False),
    ),
    BlockKind.TIMELINE: (
        RowField("day", "日期", 10),
        RowField("words", "内容", 200),
        RowField("item", "相关信息", 200, required=False),
    ),
}
MOST_ROWS = {BlockKind.FIGURES: 12, BlockKind.TIMELINE: 24}


def check_topic(title: str, summary: str, slug: str | None = None) -> list[Reason]:
    """What is wrong with the title, the summary, and (for a new topic) the word its address ends in."""
    reasons = []
    if not title:
        reasons.append(Reason("title_missing", "请填写专题名称。", field="title"))
    elif len(title) > LONGEST_TITLE:
        reasons.append(_long("专题名称", title, LONGEST_TITLE, "title"))
    if len(summary) > LONGEST_SUMMARY:
        reasons.append(_long("导语", summary, LONGEST_SUMMARY, "summary"))
    if slug is not None and not (3 <= len(slug) <= 60 and _SLUG.fullmatch(slug)):
        text = "网址中的名称由 3 至 60 个小写字母、数字和连字符组成，如 yin-ling-zhu-can，请修改。"
        reasons.append(Reason("slug", text, field="slug"))
    return reasons


def check_blocks(blocks: Sequence[Mapping[str, Any]], *, complete: bool) -> list[Reason]:
    """Every fault of the blocks by block and field; of one that is only missing (`MISSING`) when they must be ``complete``.

    ``field`` is ``block-<number>-<field>``, in rows ``block-<number>-row-<row>-<field>``, counted from 1.
    """
    reasons = []
    if len(blocks) > MOST_BLOCKS:
        reasons.append(
            Reason("blocks_many", f"专题最多有 {MOST_BLOCKS} 个板块，现有 {len(blocks)} 个，请合并或者移除。")
        )
    if complete and not blocks:
        reasons.append(Reason(MISSING, "专题还没有内容，请至少增加一个板块。"))
    for number, block in enumerate(blocks, 1):
        reasons += [reason for reason in _faults(number, block) if complete or reason.code != MISSING]
    return reasons


def block_reason(number: int, kind: BlockKind, field: str, what: str, code: str = "block") -> Reason:
    """A reason at a field of the block with this number."""
    return Reason(code, f"第 {number} 个板块（{kind.label}）：{what}", field=f"block-{number}-{field}")


def _faults(number: int, block: Mapping[str, Any]) -> Iterator[Reason]:
    try:
        kind = BlockKind(block["kind"])
    except (KeyError, ValueError):
        yield Reason("block_kind", f"第 {number} 个板块的类型不在可选范围内，请移除后重新增加。")
        return

    def at(field: str, what: str, code: str = "block") -> Reason:
        return block_reason(number, kind, field, what, code)

    heading = block.get("heading", "")
    if not heading and kind is not BlockKind.TEXT:
        yield at("heading", "请填写板块标题。", MISSING)
    if len(heading) > LONGEST_HEADING:
        yield at("heading", f"板块标题有 {len(heading)} 字，请压缩到 {LONGEST_HEADING} 字以内。")
    if kind is BlockKind.QUERY:
        if not block.get("address"):
            yield at("address", "请粘贴本站一个列表页的网址。", MISSING)
        elif not isinstance(block.get("query"), Mapping):
            yield at("address", "该网址不是本站可以引用的信息列表，请在政策文件库、一站搜等列表页设好条件后复制网址。")
        if not 1 <= _whole(block.get("limit")) <= MOST_SHOWN:
            yield at("limit", f"显示条数应当是 1 至 {MOST_SHOWN} 的整数。")
    elif kind is BlockKind.ITEMS:
        if not block.get("items"):
            yield at("items", "请填写至少一条信息的索引号或者网址。", MISSING)
        elif len(block["items"]) > MOST_SHOWN:
            yield at("items", f"最多选定 {MOST_SHOWN} 条信息，现有 {len(block['items'])} 条，请减少。")
    elif kind is BlockKind.TEXT:
        if not block.get("text"):
            yield at("text", "请填写文字。", MISSING)
        elif len(block["text"]) > LONGEST_TEXT:
            yield at("text", f"文字有 {len(block['text'])} 字，请压缩到 {LONGEST_TEXT} 字以内。")
    else:
        rows = block.get("rows", ())
        if not rows:
            yield at("row-1-" + ROWS[kind][0].name, "请填写至少一行。", MISSING)
        if len(rows) > MOST_ROWS[kind]:
            yield at("heading", f"最多 {MOST_ROWS[kind]} 行，现有 {len(rows)} 行，请另设板块。")
        for place, row in enumerate(rows, 1):
            yield from (
                at(f"row-{place}-{name}", f"第 {place} 行{what}", code) for name, what, code in _cells(kind, row)
            )


def _cells(kind: BlockKind, row: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(field, what is wrong with it, code) for the cells of a row."""
    for cell in ROWS[kind]:
        value = row.get(cell.name)
        if cell.required and not value:
            yield cell.name, f"请填写{cell.label}。", MISSING
        elif isinstance(value, str) and len(value) > cell.longest:
            yield cell.name, f"{cell.label}有 {len(value)} 字，请压缩到 {cell.longest} 字以内。", "block"
        elif value and cell.name == "day" and not _is_day(value):
            yield cell.name, f"{cell.label}“{value}”不是有效日期，格式为 2026-01-29。", "block"
        elif value and cell.name == "number" and not _NUMBER.fullmatch(value):
            yield cell.name, f"数值“{value}”不是数字，请只写数字，单位另填。", "block"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _whole(value: object) -> int:
    """The whole number in a field; 0 for anything else."""
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _long(label: str, text: str, longest: int, field: str) -> Reason:
    return Reason("long", f"{label}有 {len(text)} 字，请压缩到 {longest} 字以内。", field=field)
