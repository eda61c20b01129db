"""A text that is being read: what is left of it, and what was understood so far."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gongkai.search.parsed import Reading, ReadingKind
from gongkai.text.normalise import fold_variants

EITHER = "\ue000"
"""Stands between alternatives once 或 and | were read; of the private area, so nobody types it."""

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}


@dataclass(slots=True)
class Draft:
    """The text as typed, and as long as it: what has not been read yet, in usual characters of usual width."""

    typed: str
    rest: str = ""
    readings: list[tuple[int, Reading]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rest = re.sub(r"\s", " ", fold_variants(self.typed).translate(_NARROW))

    def take(self, start: int, end: int) -> None:
        """Blank out what was read."""
        self.rest = f"{self.rest[:start]}{' ' * (end - start)}{self.rest[end:]}"

    def say(self, kind: ReadingKind, text: str, start: int = 0, end: int = 0, *, drop: bool = False) -> None:
        """Note what was understood of a span.

        Switched off, the span is sought as it is, in quotation marks; with ``drop`` it is left out, unless nothing else was typed.
        """
        off = ""
        if end > start:
            off = self._without(start, end) if drop else ""
            off = off or self._quoted(start, end)
        self.readings.append((start, Reading(kind, text, (("q", off),) if off else ())))

    def _without(self, start: int, end: int) -> str:
        return " ".join(f"{self.typed[:start]} {self.typed[end:]}".split())

    def _quoted(self, start: int, end: int) -> str:
        inside = self.typed[start:end].strip().translate({ord(char): " " for char in '"“”「」『』＂'})
        return " ".join(f"{self.typed[:start]} “{inside}” {self.typed[end:]}".split()) if inside.strip() else ""
