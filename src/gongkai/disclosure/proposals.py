"""从正文提取: what a text says of itself, proposed for the fields of the editor.

Nothing is overwritten: a field that is empty is filled, one that says something else is shown beside what the text says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from gongkai.rules import document_number
from gongkai.rules.vocabulary import vocabulary
from gongkai.text.citations import find_citations
from gongkai.text.document_facts import DocumentFacts, Fact, document_facts
from gongkai.text.html_text import html_to_text

LABELS = {
    "title": "标题",
    "document_number": "发文字号",
    "issuing_agencies": "发文机关",
    "document_date": "成文日期",
    "effective_from": "生效日期",
    "expires_on": "失效日期",
    "genre": "体裁分类",
    "subjects": "主题分类",
}
SURE, LIKELY = 0.9, 0.6
"""Confidence from which a fact is right 97 times in a hundred (`text.document_facts`), and below which it is a guess."""
MOST_CITED = 30


class Standing(StrEnum):
    """How a proposal stands to what is in the field."""

    FILLED = "filled"
    SAME = "same"
    DIFFERS = "differs"

    @property
    def label(self) -> str:
        """For people."""
        return {"filled": "已填入", "same": "与现有内容一致", "differs": "与现有内容不同"}[self.value]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One fact for one field."""

    field: str
    value: Any
    """As the field takes it."""
    shown: str
    present: str
    """What the field says already, for people; empty when it is filled now."""
    standing: Standing
    confidence: float
    source: str
    note: str = ""

    @property
    def label(self) -> str:
        """Name of the field."""
        return LABELS[self.field]

    @property
    def sureness(self) -> str:
        """The confidence in words."""
        if self.confidence >= SURE:
            return "把握较大"
        return "请核对" if self.confidence >= LIKELY else "仅供参考，请核对"


@dataclass(frozen=True, slots=True)
class Cited:
    """A document the text names; it is linked by itself when the item is published."""

    number: str
    title: str


@dataclass(frozen=True, slots=True)
class Proposals:
    """All that was found."""

    fields: tuple[Proposal, ...]
    cited: tuple[Cited, ...]

    @property
    def values(self) -> dict[str, Any]:
        """What goes into empty fields."""
        return {one.field: one.value for one in self.fields if one.standing is Standing.FILLED}


def proposals(body: str, typed: Mapping[str, Any], *, title: str = "", on: date | None = None) -> Proposals:
    """Read `body` (HTML). `typed` are the fields as they are now, as the form shows them; `title` is a title known from elsewhere (a
    Word file), for a body without one."""
    text = html_to_text(body)
    facts = document_facts(text, title=title, on=on)
    if facts.title is None:  # the text shows no title of its own: the typed one helps to find the rest
        facts = replace(document_facts(text, title=str(typed.get("title") or ""), on=on), title=None)
    found = tuple(_fields(facts, typed, title))
    own = {typed.get("document_number"), *(one.value for one in found if one.field == "document_number")}
    cited = dict.fromkeys(
        Cited(one.number.text if one.number else "", one.title)
        for one in find_citations(text)
        if one.number is None or one.number.text not in own
    )
    return Proposals(found, tuple(cited)[:MOST_CITED])


def _fields(facts: DocumentFacts, typed: Mapping[str, Any], title: str) -> Iterator[Proposal]:
    for field, fact, value, shown, note in _read(facts, title):
        present = _said(field, typed.get(field))
        standing = Standing.FILLED if not present else Standing.SAME if present == shown else Standing.DIFFERS
        yield Proposal(
            field,
            value,
            shown,
            "" if standing is Standing.FILLED else present,
            standing,
            fact.confidence,
            fact.source,
            note,
        )


def _read(facts: DocumentFacts, title: str) -> Iterator[tuple[str, Fact, Any, str, str]]:
    """(field, fact, value, shown, note)."""
    known_title = facts.title or (Fact(title, SURE, "文档标题") if title else None)
    if known_title:
        yield "title", known_title, known_title.value, known_title.value, ""
    if facts.document_number:
        number = document_number.parse(facts.document_number.value)
        parts = f"机关代字 {number.mark}，年份 {number.year}，序号 {number.number}" if number else ""
        yield "document_number", facts.document_number, facts.document_number.value, facts.document_number.value, parts
    if facts.issuing_agencies:
        names = facts.issuing_agencies.value.split("、")
        yield "issuing_agencies", facts.issuing_agencies, names, "、".join(names), ""
    for field in ("document_date", "effective_from", "expires_on"):
        fact = getattr(facts, field)
        if fact:
            yield field, fact, fact.value, fact.value, ""
    if facts.genre and (code := _code("genres", facts.genre.value)):
        yield "genre", facts.genre, code, facts.genre.value, ""
    if facts.subject and (term := vocabulary("subjects").get(facts.subject.value)):
        yield "subjects", facts.subject, [facts.subject.value], term.label, ""


def _code(name: str, label: str) -> str:
    term = vocabulary(name).by_label(label)
    return term.code if term else ""


def _said(field: str, value: Any) -> str:
    """A field's content in the words a proposal has for it."""
    if not value:
        return ""
    if field == "subjects":
        terms = (vocabulary("subjects").get(code) for code in value)
        return "、".join(term.label for term in terms if term)
    if field == "genre":
        term = vocabulary("genres").get(str(value))
        return term.label if term else str(value)
    if field == "issuing_agencies":
        names = value if isinstance(value, (list, tuple)) else re.split("[、，,；;\n]", str(value))
        return "、".join(name.strip() for name in map(str, names) if name.strip())
    if field == "document_number":
        return document_number.normalise(str(value))
    return value.isoformat() if isinstance(value, date) else str(value).strip()
