"""Records as JSON: frozen dataclasses become objects with their fields in order, days and moments ISO 8601 in Chinese time."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from gongkai.web.shared.dates import local


def json_text(record: Any) -> str:
    """The JSON text of a record (a dataclass, or lists, mappings and plain values of them)."""
    return json.dumps(record, default=_plain, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return local(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    raise TypeError(f"not a record: {type(value).__name__}")
