"""How long a text takes to read: for “阅读约需 N 分钟”, and for telling whether a card fits thirty seconds.

The speed is data: ``characters_per_minute`` of ``rules/data/readability.toml``.
"""

from __future__ import annotations

import math
from typing import Any

from gongkai.rules.vocabulary import VocabularyError, cached_data, data_file, read_toml

__all__ = ["BRIEF", "characters_within", "reading_minutes", "reading_seconds"]

BRIEF = 30
"""Seconds of the 30-second reading."""


def reading_seconds(text: str) -> int:
    """Seconds for silent reading of ``text``, rounded up; blanks take no time, every other character does."""
    characters = len("".join(text.split()))
    return math.ceil(characters * 60 / _speed("readability"))


def reading_minutes(text: str) -> int:
    """Whole minutes, rounded up: 1 for the shortest text, 0 for none."""
    return math.ceil(reading_seconds(text) / 60)


def characters_within(seconds: int) -> int:
    """How many characters are read in ``seconds``: what a 30-second reading may have at most."""
    return seconds * _speed("readability") // 60


@cached_data
def _speed(name: str) -> int:
    path = data_file(name)
    speed: Any = read_toml(path).get("characters_per_minute")
    if not isinstance(speed, int) or speed < 1:
        raise VocabularyError(f"{path.name}：characters_per_minute 应当是大于 0 的整数，现为“{speed}”。")
    return speed
