"""The reply decision as plain data: what was decided on a request, on which grounds, and everything its letter must say.

《条例》§36, §37. The record survives a round trip through JSON, so a draft, its versions and the signed decision are kept the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from gongkai.rules.reasons import Reason, Refused

JsonObject = dict[str, Any]
"""Strings, numbers, lists and objects of them."""


@dataclass(frozen=True, slots=True)
class SearchRecord:
    """How the information was looked for: the proof of 信息不存在 (§36(4))."""

    scope: str
    """Where: archives, systems, units."""
    method: str
    keywords: tuple[str, ...]
    searched_by: str
    searched_on: date | None


@dataclass(frozen=True, slots=True)
class SeveredPart:
    """A part that is withheld (§37), and the code of the ground (`legal_grounds`)."""

    what: str
    ground: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One reply. All texts are plain text as the clerk wrote it; a line feed parts paragraphs."""

    outcome: str
    letter: str
    grounds: tuple[str, ...] = ()
    """Codes of `legal_grounds`, in the order in which they are quoted."""
    findings: str = ""
    """查明."""
    reasoning: str = ""
    """Why the articles apply to what was found."""
    content: str = ""
    """The information itself, where it is told in the letter."""
    delivery_way: str = ""
    """How it is provided (§40): 纸质复印件邮寄, 电子邮件 …"""
    available_on: date | None = None
    """When it may be had (§36(2), 时间); None: it comes with the letter."""
    url: str = ""
    venue: str = ""
    """Where information that is already public is found: an address on the web, a place."""
    search_record: SearchRecord | None = None
    earlier_reply_number: str = ""
    earlier_reply_date: date | None = None
    competent_agency: str = ""
    competent_agency_contact: str = ""
    special_rule: str = ""
    """The law that rules how such information is had (§36(7)), with its article."""
    special_rule_counter: str = ""
    """Where one goes for it."""
    prohibiting_law: str = ""
    """The law or administrative regulation that forbids publication (§14), with its article."""
    publication_source: str = ""
    """How a publication is had (§39(2))."""
    channel: str = ""
    """Where a complaint belongs (§39(1))."""
    third_party_opinion: str = ""
    """What the third party answered, in short."""
    third_party_assessment: str = ""
    """What the agency makes of the opinion, or of the silence."""
    third_party_not_asked: str = ""
    """Why no third party was asked."""
    public_interest: str = ""
    """Why not publishing would do great harm to the public interest (§15, §32)."""
    severed: tuple[SeveredPart, ...] = ()
    attachments: tuple[str, ...] = ()

    def to_json(self) -> JsonObject:
        """Values a JSON field can hold; fields that are empty are left out."""
        found: JsonObject = {}
        for one in fields(self):
            value = getattr(self, one.name)
            if value:
                found[one.name] = _to_json(value)
        return {"outcome": self.outcome, "letter": self.letter, **found}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Decision:
        """The decision that was kept. Raises `Refused` naming every field that cannot be read; unknown fields are refused too."""
        values: dict[str, Any] = {}
        reasons = [
            Reason("unknown_field", f"答复中没有名为“{name}”的内容，请删去。", field=name)
            for name in data
            if name not in _READERS
        ]
        for name, read in _READERS.items():
            if name not in data:
                continue
            try:
                values[name] = read(data[name])
            except (AttributeError, KeyError, TypeError, ValueError):
                reasons.append(Reason("unreadable_field", f"“{LABELS[name]}”的内容不能识别，请重新填写。", field=name))
        reasons += [
            Reason("missing_field", f"请选择{LABELS[name]}。", field=name)
            for name in ("outcome", "letter")
            if name not in data
        ]
        if reasons:
            raise Refused(reasons)
        return cls(**values)


LABELS: Mapping[str, str] = {
    "outcome": "办理结果",
    "letter": "答复文书",
    "grounds": "法律依据",
    "findings": "查明的事实",
    "reasoning": "理由",
    "content": "公开的内容",
    "delivery_way": "提供方式",
    "available_on": "可以获取的时间",
    "url": "获取网址",
    "venue": "获取地点或者途径",
    "search_record": "检索记录",
    "earlier_reply_number": "原答复文号",
    "earlier_reply_date": "原答复日期",
    "competent_agency": "负责公开的行政机关",
    "competent_agency_contact": "该机关的联系方式",
    "special_rule": "适用的法律、行政法规",
    "special_rule_counter": "办理的机构、窗口",
    "prohibiting_law": "禁止公开的法律、行政法规",
    "publication_source": "公开出版物的获取途径",
    "channel": "信访、投诉、举报的渠道",
    "third_party_opinion": "第三方意见",
    "third_party_assessment": "对第三方意见的审查",
    "third_party_not_asked": "未征求第三方意见的原因",
    "public_interest": "公共利益的考虑",
    "severed": "不予公开的部分",
    "attachments": "附件",
}
"""The name of every field in Chinese."""


def _to_json(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_to_json(one) for one in value]
    if isinstance(value, (SearchRecord, SeveredPart)):
        return {one.name: _to_json(getattr(value, one.name)) for one in fields(value)}
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)):
        raise TypeError
    return tuple(_text(one) for one in value)


def _day(value: object) -> date | None:
    return None if value is None else date.fromisoformat(_text(value))


def _search(value: Any) -> SearchRecord | None:
    if value is None:
        return None
    return SearchRecord(
        _text(value["scope"]),
        _text(value["method"]),
        _texts(value["keywords"]),
        _text(value["searched_by"]),
        _day(value["searched_on"]),
    )


def _severed(value: object) -> tuple[SeveredPart, ...]:
    if not isinstance(value, (list, tuple)):
        raise TypeError
    return tuple(SeveredPart(_text(part["what"]), _text(part["ground"])) for part in value)


_OTHER: Mapping[str, Callable[[Any], Any]] = {
    "grounds": _texts,
    "attachments": _texts,
    "available_on": _day,
    "earlier_reply_date": _day,
    "search_record": _search,
    "severed": _severed,
}
_READERS: Mapping[str, Callable[[Any], Any]] = {one.name: _OTHER.get(one.name, _text) for one in fields(Decision)}
