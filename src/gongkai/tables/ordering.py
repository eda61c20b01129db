"""The order of names and places: by pinyin, and numbers in them by their value (2组 before 10组), the same on every database."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gongkai.text.dates import chinese_integer
from gongkai.text.pinyin import readings

_PART = re.compile(r"[0-9]+|[一二三四五六七八九十]+(?=[组队村里])|.", re.DOTALL)
Key = tuple[tuple[int, int, str], ...]


def key(text: str) -> Key:
    """What texts are sorted by."""
    parts = []
    for part in _PART.findall(text):
        value = chinese_integer(part) if part.isdecimal() or len(part) > 1 or part in "一二三四五六七八九十" else None
        if value is not None:
            parts.append((0, value, ""))
        else:
            spoken = readings(part)
            parts.append((1, 0, f"{spoken[0]} {part}" if spoken else part))
    return tuple(parts)


def ranks(texts: Iterable[str]) -> dict[str, int]:
    """Each text with its place in the order, from 1; the empty text comes last."""
    ordered = sorted(set(texts), key=lambda text: (not text, key(text), text))
    return {text: rank for rank, text in enumerate(ordered, start=1)}
