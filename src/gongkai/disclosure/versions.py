"""Two editions of an item side by side: their texts clause by clause, their elements one by one, their attachments.

Used by the public page and by the office alike; who may read which edition is decided where the editions are fetched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongkai.disclosure.models import Attachment, Edition
from gongkai.rules.publication import State
from gongkai.rules.vocabulary import vocabulary
from gongkai.tables.models import EditionTable
from gongkai.text.comparison import Comparison, compare

FACTS: Mapping[str, str] = {
    "title": "标题",
    "document_number": "发文字号",
    "issuing_agencies": "发文机关",
    "document_date": "成文日期",
    "issued_on": "发文日期",
    "formed_on": "生成日期",
    "effective_from": "生效日期",
    "expires_on": "失效日期",
    "normative": "规范性文件",
    "subjects": "主题分类",
    "genre": "体裁分类",
    "content_source": "信息来源",
    "enquiry_agency": "咨询机构",
    "enquiry_phone": "咨询电话",
    "keywords": "关键词",
    "summary": "内容概述",
}
"""Elements that are compared, with their labels, in the order in which an item's page shows them."""
FIELDS = ("number", "state", "body_text", "published_at", "superseded_at", "change_note", *FACTS)
"""What of an edition is read to compare it."""
_CODES = {"subjects": "subjects", "genre": "genres"}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two editions."""

    number: int
    state: State
    body_text: str
    published_at: datetime | None
    superseded_at: datetime | None
    change_note: str
    facts: Mapping[str, str]
    """Elements by name, as people read them; empty where there is none."""
    files: tuple[tuple[str, str], ...]
    """Attachments in order: title and digest of the content."""

    @property
    def title(self) -> str:
        """The title of this edition."""
        return self.facts["title"]

    @property
    def name(self) -> str:
        """第 2 版, for people."""
        return f"第 {self.number} 版"


@dataclass(frozen=True, slots=True)
class FactChange:
    """An element that differs; a side without it is empty."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class EditionComparison:
    """All that differs between two editions of one item."""

    old: Side
    new: Side
    facts: tuple[FactChange, ...]
    table: Comparison

    @property
    def summary(self) -> str:
        """For people, one sentence: 修改 3 条、新增 1 条。信息要素变动 2 项。"""
        facts = f"信息要素变动 {len(self.facts)} 项。" if self.facts else ""
        if facts and not self.table.has_changes:
            return f"正文没有修改，{facts}"
        return self.table.tally.words + facts

    @property
    def has_changes(self) -> bool:
        """Whether the reader can be shown any difference."""
        return bool(self.facts) or self.table.has_changes


def side(values: Mapping[str, Any], files: Iterable[tuple[str, str]] = ()) -> Side:
    """A side from the `FIELDS` of an edition and its attachments (title, digest)."""
    return Side(
        number=values["number"],
        state=State(values["state"]),
        body_text=values["body_text"],
        published_at=values["published_at"],
        superseded_at=values["superseded_at"],
        change_note=values["change_note"],
        facts={name: _words(name, values[name]) for name in FACTS},
        files=tuple(files),
    )


def side_of(edition: Edition) -> Side:
    """A side from an edition at hand: one query for its attachments."""
    return side({name: getattr(edition, name) for name in FIELDS}, files_of([edition.pk]).get(edition.pk, ()))


def files_of(edition_ids: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    """Title and digest of the attachments and subsidy tables of some editions, in order: two queries."""
    edition_ids = list(edition_ids)
    found: dict[int, list[tuple[str, str]]] = {}
    rows = Attachment.objects.filter(edition_id__in=edition_ids).order_by("position", "pk")
    for edition_id, title, name, digest in rows.values_list("edition_id", "title", "name", "file__sha256"):
        found.setdefault(edition_id, []).append((title or name, digest))
    tables = EditionTable.objects.filter(edition_id__in=edition_ids)
    for edition_id, title, count, digest in tables.values_list(
        "edition_id", "table__title", "table__row_count", "table__digest"
    ):
        found.setdefault(edition_id, []).append((f"{title}（{count:,} 条）", digest))
    return found


def compared(old: Side, new: Side) -> EditionComparison:
    """Compare two editions; a text of 60,000 characters takes some hundredths of a second."""
    facts = [
        FactChange(label, old.facts[name], new.facts[name])
        for name, label in FACTS.items()
        if old.facts[name] != new.facts[name]
    ]
    return EditionComparison(old, new, (*facts, *_file_changes(old, new)), compare(old.body_text, new.body_text))


def _file_changes(old: Side, new: Side) -> Iterable[FactChange]:
    """Attachments that came, went, or hold another file under the same title."""
    before, after = dict(old.files), dict(new.files)
    for title in dict.fromkeys((*before, *after)):
        if title not in after:
            yield FactChange("附件", title, "")
        elif title not in before:
            yield FactChange("附件", "", title)
        elif before[title] != after[title]:
            yield FactChange("附件", title, f"{title}（文件内容已更换）")


def _words(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if name in _CODES and value:
        terms = vocabulary(_CODES[name])
        codes = value if isinstance(value, list) else [value]
        return "、".join(term.label if (term := terms.get(code)) else str(code) for code in codes)
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    return "" if value is None else str(value)
