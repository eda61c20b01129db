"""How much of an interpretation is copied from the document it interprets (文件要点摘抄, which local rules forbid).

Exact and linear: a character counts as copied when it stands in a stretch of at least ``run`` characters that stand in the document
just so. Only Han characters, letters and digits count, folded; titles in 《》 do not, for an interpretation has to name its document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gongkai.rules.vocabulary import VocabularyError, cached_data, data_file, read_toml
from gongkai.text.normalise import HAN, fold_aligned

__all__ = ["Copied", "Similarity", "similarity"]


@dataclass(frozen=True, slots=True)
class Copied:
    """Characters ``start`` to ``end`` of one paragraph (or cell) of the interpretation, part of what is copied."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Similarity:
    """What of a text is copied."""

    share: float
    """Copied characters ÷ all that count, 0 to 1; 0 for a text without any."""
    copied: tuple[Copied, ...]
    """The longest first, those of one length as they stand; cut at paragraphs, and none shorter than ``run``."""
    too_much: bool
    """Whether the share passes the threshold of the data file in a text long enough to be judged."""

    @property
    def percent(self) -> int:
        """The share in whole per cent."""
        return round(self.share * 100)


def similarity(text: str, *documents: str) -> Similarity:
    """What ``text`` copies from any of ``documents`` (plain texts).

    Raises :class:`VocabularyError` when the data file ``excerpts.toml`` is faulty.
    """
    limits = _limits("excerpts")
    counted, places = _counted(text)
    windows: set[str] = set()
    for document in documents:
        plain, _ = _counted(document)
        windows.update(_windows(plain, limits.run))
    windows.discard("")
    spans: list[tuple[int, int]] = []
    for place, window in enumerate(_windows(counted, limits.run)):
        if window not in windows:
            continue
        if spans and place <= spans[-1][1]:
            spans[-1] = (spans[-1][0], place + limits.run)
        else:
            spans.append((place, place + limits.run))
    total = len(counted) - counted.count(_BREAK)
    share = sum(end - start for start, end in spans) / total if total else 0.0
    pieces = [piece for span in spans for piece in _by_paragraph(text, places, *span) if len(piece.text) >= limits.run]
    copied = tuple(sorted(pieces, key=lambda piece: -len(piece.text)))
    return Similarity(share, copied, total >= limits.least and share > limits.share)


_TITLE = re.compile(r"《[^《》\n]{1,200}》")
_COUNTS = re.compile(rf"[{HAN}0-9a-z]")
_PARAGRAPH = re.compile(r"[^\s](?:[^\n\t]*[^\s])?")
_BREAK = "\n"
"""Stands for a title: it is in no window, so nothing is copied across it."""


@dataclass(frozen=True, slots=True)
class _Limits:
    run: int
    share: float
    least: int


def _counted(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The characters that count, and for each where it stands in ``text``."""
    folded = fold_aligned(text)
    characters: list[str] = []
    places: list[tuple[int, int]] = []
    position = 0
    for title in (*_TITLE.finditer(folded.text), None):
        for match in _COUNTS.finditer(folded.text, position, title.start() if title else len(folded.text)):
            characters.append(match[0])
            places.append(folded.original(*match.span()))
        if title:
            characters.append(_BREAK)
            places.append(folded.original(*title.span()))
            position = title.end()
    return "".join(characters), places


def _windows(text: str, run: int) -> list[str]:
    """Every ``run`` characters in a row; one that holds a break becomes empty, so that positions stay."""
    windows = [text[place : place + run] for place in range(len(text) - run + 1)]
    return [window if _BREAK not in window else "" for window in windows]


def _by_paragraph(text: str, places: list[tuple[int, int]], start: int, end: int) -> Iterator[Copied]:
    first, last = places[start][0], places[end - 1][1]
    for match in _PARAGRAPH.finditer(text, first, last):
        yield Copied(*match.span(), match[0])


@cached_data
def _limits(name: str) -> _Limits:
    path = data_file(name)
    data: Any = read_toml(path)
    try:
        limits = _Limits(int(data["run"]), float(data["share"]), int(data["least"]))
    except (KeyError, TypeError, ValueError) as error:
        raise VocabularyError(f"{path.name}：缺少或者写错了 {error}，请对照随系统提供的文件补正。") from error
    if limits.run < 1 or not 0 < limits.share <= 1:
        raise VocabularyError(f"{path.name}：run 应当不小于 1，share 应当大于 0、不大于 1。")
    return limits
