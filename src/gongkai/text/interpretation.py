"""What an interpretation (解读) should tell, and which of it its text tells.

Elements, the words they are known by and the forms of interpretation that need them are data:
``rules/data/interpretation_elements.toml``. An element counts as found where one of its headings or phrases stands; that is a help
for the writer and no judgement, for a text may say the same in other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gongkai.rules.vocabulary import VocabularyError, cached_data, data_file, read_toml, vocabulary
from gongkai.text.normalise import Folded, fold, fold_aligned

__all__ = ["Element", "FoundElement", "Place", "TextAlternative", "elements", "elements_of", "text_alternative"]


@dataclass(frozen=True, slots=True)
class Element:
    """One row of the data file."""

    code: str
    label: str
    forms: frozenset[str]
    """Codes of ``interpretation_forms`` that need it."""
    only_when_replacing: bool
    """Needed only where the interpreted document changes, repeals or replaces another."""
    heading: re.Pattern[str]
    phrase: re.Pattern[str]
    remedy: str
    """Chinese sentence: what the writer is to do."""


@dataclass(frozen=True, slots=True)
class TextAlternative:
    """Words beside a picture or film (GB/T 37668—2019)."""

    forms: frozenset[str]
    least: int
    """Characters, blanks not counted."""


@dataclass(frozen=True, slots=True)
class Place:
    """Characters ``start`` to ``end`` of the text, and how they read there."""

    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class FoundElement:
    """An element, whether this interpretation needs it, and where the text first tells it (None: nowhere)."""

    element: Element
    needed: bool
    place: Place | None

    @property
    def missing(self) -> bool:
        """Whether it is needed and not there."""
        return self.needed and self.place is None


def elements_of(text: str, form: str = "", *, replaces: bool = False) -> tuple[FoundElement, ...]:
    """All elements in the order of the data file, found or not in ``text`` (plain, one paragraph a line).

    ``form`` is a code of ``interpretation_forms``; without one the text is taken for a 部门解读. ``replaces`` says whether the
    interpreted document changes, repeals or replaces another. Raises :class:`VocabularyError` when the data file is faulty.
    """
    rules = _rules(_FILE)
    folded = fold_aligned(text)
    headings = list(_headings(folded.text, rules.longest_heading))
    return tuple(
        FoundElement(
            element,
            (form or DEFAULT_FORM) in element.forms and (replaces or not element.only_when_replacing),
            _place(element, folded, headings, text),
        )
        for element in rules.elements
    )


def elements() -> tuple[Element, ...]:
    """The elements as the data file has them."""
    return _rules(_FILE).elements


def text_alternative() -> TextAlternative:
    """Which forms need words beside the picture, and how many."""
    return _rules(_FILE).text_alternative


DEFAULT_FORM = "department"
_FILE = "interpretation_elements"
_NUMBERING = r"(?:第?[0-9一二三四五六七八九十]{1,3}[章节条、.]|[(][0-9一二三四五六七八九十]{1,3}[)]|[0-9]{2}(?=\s))?"
_LINE = re.compile(rf"^[ \t\u3000]*{_NUMBERING}[ \t\u3000]*(\S[^\n]*?)[ \t]*$", re.MULTILINE)
_RUN_IN = re.compile(r"(?:(?<=^)|(?<=[。;\n]))[ \u3000]*([^。;:,\n]{2,12}):", re.MULTILINE)
_ENDS_A_SENTENCE = ("。", ";", ",", "、", ".")


@dataclass(frozen=True, slots=True)
class _Rules:
    elements: tuple[Element, ...]
    text_alternative: TextAlternative
    longest_heading: int


def _headings(text: str, longest: int) -> Iterator[tuple[int, int]]:
    """Spans of what heads a part: short lines that end no sentence, questions, and 谁能办: at the beginning of a sentence."""
    for line in _LINE.finditer(text):
        asked = line[1].startswith("问:")
        if asked or (len(line[1]) <= longest and not line[1].endswith(_ENDS_A_SENTENCE)):
            yield line.span(1)
    for match in _RUN_IN.finditer(text):
        yield match.span(1)


def _place(element: Element, folded: Folded, headings: list[tuple[int, int]], text: str) -> Place | None:
    """The first heading that names it, or else the first phrase."""
    spans = (match.span() for start, end in headings if (match := element.heading.search(folded.text, start, end)))
    first = min(spans, default=None)
    if first is None and (match := element.phrase.search(folded.text)):
        first = match.span()
    if first is None:
        return None
    start, end = folded.original(*first)
    return Place(start, end, text[start:end])


@cached_data
def _rules(name: str) -> _Rules:
    path = data_file(name)
    data: Any = read_toml(path)
    try:
        rules = _Rules(
            tuple(_element(row) for row in data["elements"]),
            TextAlternative(frozenset(data["text_alternative"]["forms"]), int(data["text_alternative"]["least"])),
            int(data["longest_heading"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise VocabularyError(f"{path.name}：缺少或者写错了 {error}，请对照随系统提供的文件补正。") from error
    known = vocabulary("interpretation_forms")
    for form in rules.text_alternative.forms.union(*(element.forms for element in rules.elements)):
        if form not in known:
            raise VocabularyError(f"{path.name}：“{form}”不是 interpretation_forms 的代码。")
    return rules


def _element(row: dict[str, Any]) -> Element:
    return Element(
        row["code"],
        row["label"],
        frozenset(row["forms"]),
        row.get("only_when") == "replaces",
        _any_of(row["headings"]),
        _any_of(row["phrases"]),
        row["remedy"],
    )


def _any_of(phrases: list[str]) -> re.Pattern[str]:
    if not phrases or not all(phrases):
        raise ValueError("headings、phrases")
    return re.compile("|".join(_as_pattern(phrase) for phrase in phrases))


def _as_pattern(phrase: str) -> str:
    gap, number = r"[^。;\n]{1,60}?", r" ?[0-9一二三四五六七八九十百千万两半.%-]+ ?"
    pieces = re.split(r"([…#])", phrase)
    return "".join(gap if piece == "…" else number if piece == "#" else re.escape(fold(piece)) for piece in pieces)
