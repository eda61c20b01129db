"""A legal or official text cut into its clauses: 编, 章, 节, 条, 款, 项, 目, or the numbering 一、（一）1.（1）, or paragraphs.

The names and the order of 编、章、节、条、款、项、目 are those of 《立法法》§61 (2023): 条 is numbered in Chinese numerals, 款 is not
numbered, 项 has （一）, 目 has 1. The numbering 一、（一）1.（1） is that of GB/T 9704-2012 7.3.3.

Nothing is lost: the clauses put together are the text, blanks and line ends included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

LONGEST_CLAUSE = 1000
"""Characters; a longer line is no paragraph anybody wrote, and is cut after its sentences."""
_LONGEST_HEADING = 60

_NUMERAL = "[〇零一二三四五六七八九十百千两]+"
_COUNT = rf"(?:{_NUMERAL}|\d+)"
_LINE = re.compile(r"[^\n]*\n*")
_LEAD = re.compile(r"[ \t\r\u00a0\u3000]*(?:#{1,6}[ \t]+)?")
_BLANKS = re.compile(r"[ \t\r\u00a0\u3000]*")
_SENTENCE = re.compile(r"[^。！？；]*[。！？；]+[”’」』）)]*|[^。！？；]+$")
_ANNEX = re.compile(r"附[件表录]\s*(?:\d+|[一二三四五六七八九十]+)?\s*[：:]?")
_TITLE_LIKE = re.compile(r"[。；：:！？]")


class Level(StrEnum):
    """What a clause is."""

    PART = "part"
    CHAPTER = "chapter"
    SECTION = "section"
    ARTICLE = "article"
    PARAGRAPH = "paragraph"
    """A 款, or a paragraph of a text without articles: it has no number."""
    HEADING = "heading"
    """一、"""
    ITEM = "item"
    """（一）: a 项, or the second numbering of official documents."""
    SUBITEM = "subitem"
    """1.: a 目, or the third numbering."""
    FOURTH = "fourth"
    """（1）"""


_HEADS = frozenset({Level.PART, Level.CHAPTER, Level.SECTION})

_FORMS: Sequence[tuple[Level, re.Pattern[str]]] = (
    (Level.PART, re.compile(rf"第{_COUNT}编(?=\s|\u3000|$)")),
    (Level.CHAPTER, re.compile(rf"第{_COUNT}章(?=\s|\u3000|$|[^的第规之、，和])")),
    (Level.SECTION, re.compile(rf"第{_COUNT}节(?=\s|\u3000|$|[^的第规之、，和])")),
    (Level.ARTICLE, re.compile(rf"第{_COUNT}条(?:之{_NUMERAL})?(?![款项、，和至第]|规定)")),
    (Level.HEADING, re.compile(rf"{_NUMERAL}、")),
    (Level.ITEM, re.compile(rf"[（(]{_NUMERAL}[）)]")),
    (Level.FOURTH, re.compile(r"[（(]\d{1,3}[）)]")),
    (Level.SUBITEM, re.compile(r"\d{1,3}(?:[.．](?!\d)|、)")),
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause. ``lead + text + tail`` is the source as it stands; ``number`` is part of ``lead``."""

    level: Level
    number: str
    """第三条, （一）, 一、, 1. as written, without blanks; empty for paragraphs."""
    lead: str
    text: str
    """What the clause says, without number and outer blanks."""
    tail: str
    place: str
    """Where it stands, for people: 第三条第二款第（一）项. Empty where the text has no numbering to tell by."""
    unit: int
    """The clauses of one article share a unit; outside articles each clause has its own. Counted from 0 through the text."""
    in_article: bool

    @property
    def raw(self) -> str:
        """The source."""
        return self.lead + self.text + self.tail

    @property
    def is_head(self) -> bool:
        """Whether it is the heading of a 编, 章 or 节."""
        return self.level in _HEADS


def split(text: str) -> tuple[Clause, ...]:
    """Cut ``text`` into clauses, in order: ``"".join(clause.raw for clause in split(text)) == text``.

    A number that stands on a line of its own belongs to the line after it. Time grows linearly with the length.
    """
    placer = _Placer()
    return tuple(placer.place(*cut) for cut in _cuts(text))


_Cut = tuple[Level, str, str, str, str]
"""Level, number, lead, text, tail."""


def _cuts(text: str) -> Iterator[_Cut]:
    waiting: _Cut | None = None
    for found in _LINE.finditer(text):
        if not found[0]:
            break
        level, number, lead, body, tail = _read(found[0])
        if waiting is not None and (not waiting[1] or not number):
            # blanks, or a number on a line of its own: they open what comes after them
            kept_level, kept_number, kept, _, kept_tail = waiting
            lead, waiting = kept + kept_tail + lead, None
            if kept_number:
                level, number = kept_level, kept_number
        elif waiting is not None:
            yield waiting
            waiting = None
        if body:
            yield from _sentences(level, number, lead, body, tail)
        else:
            waiting = (level, number, lead, "", tail)
    if waiting is not None:
        yield waiting


def _read(line: str) -> _Cut:
    """One line as a clause; every line end after it belongs to its tail."""
    opening = _LEAD.match(line)
    start = opening.end() if opening else 0
    end = len(line.rstrip())
    if end <= start:
        return Level.PARAGRAPH, "", "", "", line
    for level, pattern in _FORMS:
        found = pattern.match(line, start, end)
        if found is None:
            continue
        if level in _HEADS and (end - found.end() > _LONGEST_HEADING or _TITLE_LIKE.search(line, found.end(), end)):
            continue
        after = _BLANKS.match(line, found.end(), end)
        begin = after.end() if after else found.end()
        return level, found[0], line[:begin], line[begin:end], line[end:]
    return Level.PARAGRAPH, "", line[:start], line[start:end], line[end:]


def _sentences(level: Level, number: str, lead: str, body: str, tail: str) -> Iterator[_Cut]:
    if len(body) <= LONGEST_CLAUSE:
        yield level, number, lead, body, tail
        return
    parts = [found[0] for found in _SENTENCE.finditer(body)]
    if "".join(parts) != body:  # nothing but marks: leave it whole
        yield level, number, lead, body, tail
        return
    for index, part in enumerate(parts):
        first, last = index == 0, index == len(parts) - 1
        yield (
            level if first else Level.PARAGRAPH,
            number if first else "",
            lead if first else "",
            part,
            tail if last else "",
        )


class _Placer:
    """Says of each clause where it stands, as one would cite it."""

    def __init__(self) -> None:
        self._unit = -1
        self._article = ""
        self._heading = ""
        self._item = ""
        self._subitem = ""
        self._paragraph = 0

    def place(self, level: Level, number: str, lead: str, text: str, tail: str) -> Clause:
        """The clause with its place and unit."""
        if level is Level.PARAGRAPH and _ANNEX.fullmatch(text):
            self._article = self._heading = ""
        place = self._named(level, number)
        if not self._article or level is Level.ARTICLE or level in _HEADS:
            self._unit += 1
        return Clause(level, number, lead, text, tail, place, max(self._unit, 0), bool(self._article))

    def _named(self, level: Level, number: str) -> str:
        match level:
            case Level.PART | Level.CHAPTER | Level.SECTION:
                self._article = self._heading = self._item = self._subitem = ""
                return number
            case Level.ARTICLE:
                self._article, self._paragraph = number, 1
                self._heading = self._item = self._subitem = ""
                return number
            case Level.PARAGRAPH:
                self._item = self._subitem = ""
                if not self._article:
                    return self._heading.rstrip("、")
                self._paragraph += 1
                return f"{self._article}第{_chinese(self._paragraph)}款"
            case Level.HEADING:
                if not self._article:
                    self._heading, self._item, self._subitem = number, "", ""
                return self._article or number.rstrip("、")
            case Level.ITEM:
                self._item, self._subitem = number, ""
                return self._in_article(f"第{number}项") if self._article else self._heading.rstrip("、") + number
            case Level.SUBITEM:
                self._subitem = number
                bare = number.rstrip("．.、")
                above = f"第{self._item}项" if self._item else ""
                return (
                    self._in_article(f"{above}第{bare}目")
                    if self._article
                    else self._heading.rstrip("、") + self._item + number.rstrip("、")
                )
            case _:
                if self._article:
                    return self._in_article(number)
                return self._heading.rstrip("、") + self._item + self._subitem + number

    def _in_article(self, rest: str) -> str:
        paragraph = f"第{_chinese(self._paragraph)}款" if self._paragraph > 1 else ""
        return f"{self._article}{paragraph}{rest}"


def _chinese(number: int) -> str:
    """1 to 99 in Chinese numerals; larger numbers in digits."""
    digits = "〇一二三四五六七八九"
    if number >= 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十") + (digits[ones] if ones else "")
