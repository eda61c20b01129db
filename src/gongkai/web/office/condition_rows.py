"""Conditions of 政策匹配 as rows of a form: typed, kept, proposed from the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from gongkai.policies.models import PolicyCard
from gongkai.rules.eligibility_fields import Field, FieldType, eligibility_fields
from gongkai.text.conditions import Proposal

ROW = ("field", "operator", "values", "source", "margin", "optional")
"""What is typed of one condition; `optional` is a box."""
SPARE, MOST = 2, 20
"""Empty rows offered, and rows that are read."""
LONGEST = 500
"""Characters of one answer that are read."""
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Offered:
    """A proposal as the page shows it."""

    key: str
    """What the box of the page sends."""
    label: str
    """Of the field."""
    said: str
    """不低于 60周岁"""
    source: str


def typed(data: QueryDict) -> list[Row]:
    """The rows in which anything was typed, in order: their numbers are those the reasons speak of."""
    found = []
    for number in range(MOST):
        row = {name: data.get(f"{name}_{number}", "").strip()[:LONGEST] for name in ROW}
        if row["field"] or row["values"] or row["source"]:
            found.append(row)
    return found


def kept(card: PolicyCard) -> list[Row]:
    """The rows of a card."""
    return [
        {
            "field": one["field"],
            "operator": one["operator"],
            "values": "、".join(_shown(one["field"], value) for value in one["values"]),
            "source": one["source"],
            "margin": str(one.get("margin") or ""),
            "optional": "" if one.get("required", True) else "1",
        }
        for one in card.conditions.get("clauses", ())
    ]


def offered(proposals: Sequence[Proposal]) -> list[Offered]:
    """The proposals for the page."""
    fields = eligibility_fields()
    return [
        Offered(
            _key(one),
            fields[one.field].label,
            f"{one.operator.label} {_values(one)}{fields[one.field].unit}",
            one.source,
        )
        for one in proposals
    ]


def taken(rows: Sequence[Row], proposals: Sequence[Proposal], keys: Sequence[str]) -> list[Row]:
    """The rows and below them the chosen proposals that are not among them yet; no more than are read."""
    chosen = set(keys)
    known = {(row["field"], row["operator"], row["values"]) for row in rows}
    more: list[Row] = []
    for one in proposals:
        row = dict.fromkeys(ROW, "") | {
            "field": one.field,
            "operator": one.operator.value,
            "values": _values(one),
            "source": one.source,
        }
        same = (row["field"], row["operator"], row["values"])
        if _key(one) in chosen and same not in known:
            known.add(same)
            more.append(row)
    return [*rows, *more][:MOST]


def with_blanks(rows: Sequence[Row]) -> list[Row]:
    """The rows and some empty ones below them."""
    blank = dict.fromkeys(ROW, "")
    return [*rows, *([blank] * SPARE)][:MOST]


def clause(row: Row) -> dict[str, Any]:
    """A row as `rules.eligibility_reading` reads it; what cannot be a value stays text and is refused there by name."""
    field = eligibility_fields().get(row["field"])
    parts = [part.strip() for part in row["values"].replace("，", "、").replace(",", "、").split("、") if part.strip()]
    return {
        "field": row["field"],
        "operator": row["operator"],
        "values": [_value(field, part) for part in parts],
        "source": row["source"],
        "required": not row["optional"],
        "margin": _number(row["margin"] or "0"),
    }


def _key(one: Proposal) -> str:
    return f"{one.field} {one.operator} {one.start} {_values(one)}"


def _values(one: Proposal) -> str:
    return "、".join(_shown(one.field, value.isoformat() if isinstance(value, date) else value) for value in one.values)


def _value(field: Field | None, text: str) -> Any:
    if field is None:
        return text
    if field.type is FieldType.CHOICE:
        return next((code for code, label in field.choices.items() if text in (label, code)), text)
    if field.type is FieldType.FLAG:
        return {"是": True, "否": False}.get(text, text)
    return _number(text) if field.type is FieldType.NUMBER else text


def _number(text: str) -> Any:
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number


def _shown(code: str, value: Any) -> str:
    field = eligibility_fields().get(code)
    if isinstance(value, bool):
        return "是" if value else "否"
    return field.choices.get(str(value), str(value)) if field else str(value)
