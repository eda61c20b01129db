"""What a typed text was read as: plain facts, for the plan of a search and for the page that shows them back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from gongkai.rules.document_number import DocumentNumber


class Scope(StrEnum):
    """Where the text is sought."""

    ALL = "all"
    TITLE = "title"


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


class ReadingKind(StrEnum):
    """What a reading is about; pages may choose an icon or leave some out."""

    CUT = "cut"
    ADDRESS = "address"
    NUMBER = "number"
    INDEX_NUMBER = "index_number"
    SCOPE = "scope"
    DATES = "dates"
    EXCLUDED = "excluded"
    EITHER = "either"
    SYNONYMS = "synonyms"


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that was understood, in words, and how to have it otherwise."""

    kind: ReadingKind
    text: str
    """Chinese, for people: 按文号：谯政办〔2024〕12号."""
    off: tuple[tuple[str, str | None], ...] = ()
    """Parameters of the results page (name, value) that switch this reading off, ``None`` leaves the parameter out.

    Empty when there is nothing to switch.
    """


@dataclass(frozen=True, slots=True)
class PartialNumber:
    """A part of a document number: a mark alone, a mark with a year, a year with an ordinal … Never everything."""

    mark: str = ""
    """机关代字, folded; empty when not given."""
    year: int | None = None
    number: int | None = None

    @property
    def text(self) -> str:
        """The part as it would be written."""
        return f"{self.mark}{f'〔{self.year}〕' if self.year else ''}{f'{self.number}号' if self.number else ''}"


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Texts that may stand in the place of a word."""

    word: str
    texts: tuple[str, ...]
    weight: float
    """How much a text counts, the word itself being 1."""


@dataclass(frozen=True, slots=True)
class ParsedText:
    """The parts of a typed text."""

    phrases: tuple[str, ...] = ()
    """Quoted parts: must occur as they are."""
    numbers: tuple[DocumentNumber, ...] = ()
    """Whole document numbers, in whatever spelling: the document's own, or mentioned in its text."""
    partial_numbers: tuple[PartialNumber, ...] = ()
    """Parts of document numbers."""
    words: tuple[str, ...] = ()
    """The words to be matched, without words that carry no meaning."""
    alternatives: tuple[Alternatives, ...] = ()
    """For some of the words: what may stand for them."""
    excluded: tuple[str, ...] = ()
    """Must not occur."""
    keys: tuple[str, ...] = ()
    """Keys of `gongkai.search.keys` (index number, whole title, mark): a document that bears one is what was meant."""
    addresses: tuple[str, ...] = ()
    """Pasted web addresses; what they name is the business of who knows addresses (`SearchQuery.item`)."""
    scope: Scope | None = None
    """Where to seek, when the text says it."""
    dates: DateRange = DateRange()
    """When published, when the text says it."""
    ranking_text: str = ""
    """What hits are ranked by, parts that were typed apart on lines of their own: the words, then the phrases."""
    readings: tuple[Reading, ...] = ()
    """What was understood, in the order of the text."""

    @property
    def empty(self) -> bool:
        """True when nothing is sought (no text, or only punctuation)."""
        return not (self.phrases or self.numbers or self.partial_numbers or self.words or self.keys)

    @property
    def terms(self) -> tuple[str, ...]:
        """What to highlight: numbers, phrases, words and what may stand for them."""
        numbers = (*(number.text for number in self.numbers), *(part.text for part in self.partial_numbers))
        others = (text for alternatives in self.alternatives for text in alternatives.texts)
        return tuple(dict.fromkeys((*numbers, *self.phrases, *self.words, *others)))
