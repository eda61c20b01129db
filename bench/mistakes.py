"""Queries as people mistype them, made from real titles with a seed, and the measure of what corrections make of them.

Used by the tests and by `bench.suggestions`, so that both mean the same by a mistake.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from gongkai.search.corrections import correction
from gongkai.search.query import SearchQuery
from gongkai.search.title_lookup import TitleLookup
from gongkai.text.pinyin import readings
from gongkai.text.segment import segment
from gongkai.text.titles import compact, topic

NUMERALS = frozenset("〇零一二三四五六七八九十百千万亿两")
"""Never changed by a mistake here: with another numeral it is another document."""
SHORTEST = 4
"""Characters of a query that gets a mistake."""


class Mistake(StrEnum):
    """What can go wrong with one character."""

    HOMOPHONE = "homophone"
    WRONG = "wrong character"
    MISSING = "missing character"
    EXTRA = "extra character"
    EXCHANGED = "exchanged characters"


class Part(StrEnum):
    """What of a title is asked for."""

    TITLE = "whole title"
    TOPIC = "topic"
    PHRASE = "some words"
    WORD = "one word"


@dataclass
class Tally:
    """Right answers of all, and the others for people to look at: ``(meant, typed, offered)``."""

    right: int = 0
    asked: int = 0
    others: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Share of right answers."""
        return self.right / self.asked if self.asked else 0.0


class Typist:
    """Asks for parts of titles, and mistypes them."""

    def __init__(self, titles: Iterable[str], seed: int) -> None:
        self._random = random.Random(seed)
        self.titles = [title for title in dict.fromkeys(titles) if len(compact(title)) >= SHORTEST]
        self._characters = sorted({char for title in self.titles for char in title if readings(char)})
        self._sounding: dict[str, list[str]] = defaultdict(list)
        for char in self._characters:
            self._sounding[readings(char)[0]].append(char)

    def query(self, part: Part) -> str:
        """A part of a title chosen by chance."""
        while True:
            title = self._random.choice(self.titles)
            found = topic(title)
            if part is Part.TITLE:
                return title
            if part is Part.TOPIC:
                return title[found.start : found.end]
            words = segment(title[found.start : found.end])
            first = self._random.randrange(len(words))
            text = "".join(words[first : first + (1 if part is Part.WORD else self._random.choice((2, 3)))])
            if len(compact(text)) >= (2 if part is Part.WORD else SHORTEST):
                return text

    def mistyped(self, text: str, mistake: Mistake) -> str:
        """``text`` with one mistake; the text itself when it cannot have this one."""
        places = [place for place, char in enumerate(text) if readings(char) and char not in NUMERALS]
        self._random.shuffle(places)
        for place in places:
            if wrong := self._at(text, place, mistake):
                return wrong
        return text

    def _at(self, text: str, place: int, mistake: Mistake) -> str:
        char, before, after = text[place], text[:place], text[place + 1 :]
        if mistake is Mistake.HOMOPHONE:
            others = [other for other in self._sounding[readings(char)[0]] if other != char]
            return before + self._random.choice(others) + after if others else ""
        if mistake is Mistake.WRONG:
            return before + self._random.choice([other for other in self._characters if other != char]) + after
        if mistake is Mistake.MISSING:
            return before + after if before and after else ""
        if mistake is Mistake.EXTRA:
            return before + self._random.choice(self._characters) + char + after if before else ""
        changeable = after[:1] != char and readings(after[:1] or " ")
        return before + after[0] + char + after[1:] if changeable else ""

    def mistakes(self, count: int, mistake: Mistake, parts: Sequence[Part]) -> Iterator[tuple[str, str]]:
        """``count`` pairs of what is meant and what is typed."""
        made = 0
        while made < count:
            meant = self.query(parts[made % len(parts)])
            typed = self.mistyped(meant, mistake)
            if typed != meant:
                made += 1
                yield meant, typed


def corrected(pairs: Iterable[tuple[str, str]], lookup: TitleLookup) -> Tally:
    """How often the right text is offered for a mistyped one."""
    tally = Tally()
    for meant, typed in pairs:
        offered = correction(SearchQuery(typed), lookup=lookup)
        text = offered.text if offered else ""
        tally.asked += 1
        if compact(text) == compact(meant):
            tally.right += 1
        else:
            tally.others.append((meant, typed, text))
    return tally


def needless(queries: Iterable[str], lookup: TitleLookup) -> Tally:
    """How often nothing is offered for a text that is right."""
    tally = Tally()
    for text in queries:
        offered = correction(SearchQuery(text), lookup=lookup)
        tally.asked += 1
        if offered is None:
            tally.right += 1
        else:
            tally.others.append((text, text, offered.text))
    return tally
