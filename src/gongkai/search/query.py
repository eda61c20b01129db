"""What is asked: `SearchQuery`, and the reading of the text people type into it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType

from gongkai.rules import document_number
from gongkai.rules.document_number import DocumentNumber
from gongkai.text.analysis import plain_words
from gongkai.text.analysis import words as search_words
from gongkai.text.normalise import HAN

FACETS = (
    "kind",
    "organisation",
    "organisation_path",
    "issuing_agencies",
    "subjects",
    "genre",
    "audiences",
    "life_cycle",
    "catalogue_rows",
    "validity",
    "mark",
    "year",
    "number",
    "region",
    "level",
    "normative",
)
"""What can be filtered and counted. Values are strings: ids and years in decimal, ``normative`` as ``1``."""

DEEPEST = 1000
"""Hits that can be paged through by relevance; nobody reads further, and every page would cost more than the last."""
LONGEST_TEXT = 200
"""Characters of a question that are read."""


class Sort(StrEnum):
    """Order of the hits."""

    RELEVANCE = "relevance"
    """Best first; without a text to be relevant to it is ``NEWEST``."""
    NEWEST = "newest"
    OLDEST = "oldest"


class Scope(StrEnum):
    """Where the text is sought."""

    ALL = "all"
    TITLE = "title"


class InvalidQuery(ValueError):
    """A query that cannot be answered: unknown facet, broken cursor, negative limit."""


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days from ``first`` to ``last``, both included; ``None`` leaves an end open."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class TimeRange:
    """Moments from ``first`` (included) to ``before`` (excluded), with time zone; ``None`` leaves an end open."""

    first: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """One question to the index.

    Filters: any of the values of one facet (OR), all of the facets (AND). An empty tuple of values does not filter.
    ``after`` is the ``next_cursor`` of the page before; it belongs to the same text, filters and sorting.
    """

    text: str = ""
    scope: Scope = Scope.ALL
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    document_date: DateRange = DateRange()
    published_at: TimeRange = TimeRange()
    sort: Sort = Sort.RELEVANCE
    limit: int = 10
    offset: int = 0
    after: str | None = None
    facets: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """Facets to count, each with the number of values wanted."""

    def __post_init__(self) -> None:
        unknown = (set(self.filters) | set(self.facets)) - set(FACETS)
        if unknown:
            raise InvalidQuery(f"unknown facet: {', '.join(sorted(unknown))}")
        if self.limit < 0 or self.offset < 0 or self.limit + self.offset > DEEPEST:
            raise InvalidQuery(f"limit and offset must not be negative nor together exceed {DEEPEST}")

    @property
    def parsed(self) -> ParsedText:
        """The text read into phrases, numbers and words."""
        return parse(self.text)

    @property
    def effective_sort(self) -> Sort:
        """``sort``, or ``NEWEST`` when there is nothing to be relevant to."""
        return Sort.NEWEST if self.sort is Sort.RELEVANCE and self.parsed.empty else self.sort

    @property
    def terms(self) -> tuple[str, ...]:
        """What to highlight: numbers, phrases and words, folded."""
        parsed = self.parsed
        numbers = tuple(number.text for number in parsed.numbers)
        return tuple(dict.fromkeys((*numbers, *parsed.phrases, *parsed.words)))


@dataclass(frozen=True, slots=True)
class ParsedText:
    """The parts of a typed text."""

    phrases: tuple[str, ...] = ()
    """Quoted parts: must occur as they are."""
    numbers: tuple[DocumentNumber, ...] = ()
    """Document numbers, in whatever spelling: must be the document's own or occur in its text."""
    words: tuple[str, ...] = ()
    """The words to be matched, without words that carry no meaning."""
    ranking_text: str = ""
    """What hits are ranked by, parts that were typed apart on lines of their own: the words, or else the phrases."""
    ranking_words: tuple[str, ...] = ()
    """All words of the ranking text and the words in them."""

    @property
    def empty(self) -> bool:
        """True when nothing is sought (no text, or only punctuation)."""
        return not (self.phrases or self.numbers or self.words)


_QUOTED = re.compile(r"\"([^\"]+)\"|“([^”]+)”|「([^」]+)」|『([^』]+)』|＂([^＂]+)＂")
_MEANINGFUL = re.compile(rf"[^{HAN}]|..")


@lru_cache(maxsize=512)
def parse(text: str) -> ParsedText:
    """Read a typed text: quoted phrases first, then document numbers, then words."""
    text = text.strip()[:LONGEST_TEXT]
    whole = document_number.parse(text)
    if whole is not None:
        return ParsedText(numbers=(whole,))
    phrases = tuple(
        phrase for match in _QUOTED.finditer(text) if search_words(phrase := next(filter(None, match.groups())).strip())
    )
    rest = _QUOTED.sub(" ", text)
    found = document_number.find_all(rest)
    for number in reversed(found):
        rest = f"{rest[: number.start]} {rest[number.end :]}"
    rest = "\n".join(rest.split())  # blanks separate words here, unlike in the layout of a document
    plain = tuple(dict.fromkeys(plain_words(rest)))
    ranking_text = rest or "\n".join(phrases)
    return ParsedText(
        phrases=phrases,
        numbers=tuple(dict.fromkeys(number.value for number in found)),
        words=_meaningful(plain),
        ranking_text=ranking_text,
        ranking_words=tuple(dict.fromkeys(search_words(ranking_text))),
    )


def _meaningful(words: tuple[str, ...]) -> tuple[str, ...]:
    """Drop words without meaning and single characters, unless nothing else is left."""
    kept = tuple(word for word in words if word not in _empty_words())
    return tuple(word for word in kept if _MEANINGFUL.match(word)) or kept or words


@cache
def _empty_words() -> frozenset[str]:
    """Words without meaning of their own, from the data file."""
    lines = (resources.files("gongkai.search") / "data" / "empty_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
