"""Suggesting the three tags of the interpretation special (政策解读集成式发布专题) when a document is entered.

Stages of a person's life (出生 … 养老), stages of a firm's (返乡就业 … 准入退出), form of an interpretation (部门解读,
政策图解 …). A suggestion rests on phrases of the title and of the beginning of the text, and shows where they stand;
a clerk decides. Phrases, weights and threshold are data: ``rules/data/life_stage_phrases.toml`` says how they count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gongkai.rules.tags import Dimension, tag
from gongkai.rules.vocabulary import VocabularyError, cached_data, data_file, read_toml, vocabulary

SUGGESTED = (Dimension.PERSON, Dimension.ENTERPRISE, Dimension.FORM)
"""The dimensions that are suggested, in order."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that speaks for a tag: characters ``start`` to ``end`` of the title, or else of the text."""

    words: str
    in_title: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One tag, how strongly it is meant (at least the threshold of the data file), and what it rests on."""

    dimension: Dimension
    code: str
    score: float
    phrases: tuple[Phrase, ...]

    @property
    def tag(self) -> str:
        """The tag as it is kept on an item."""
        return tag(self.dimension, self.code)

    @property
    def label(self) -> str:
        """The label of the code."""
        return vocabulary(self.dimension.vocabulary_name).label(self.code)


def suggest(title: str, text: str) -> tuple[Suggestion, ...]:
    """The tags that title and beginning of the text speak for: by dimension, the strongest first.

    ``text`` is plain text. A document may have several stages of either kind, but one form. Raises
    :class:`VocabularyError` when the data file is faulty.
    """
    rules = _rules(_FILE)
    silence = sum(weight for words, weight in rules.silent.items() if words in title) * rules.in_title
    found = [
        suggestion
        for one in rules.tags
        if (suggestion := _judged(one, rules, title, text, 0.0 if one.dimension is Dimension.FORM else silence))
    ]
    found.sort(key=lambda suggestion: (_ORDER[suggestion.dimension], -suggestion.score))
    forms = [suggestion for suggestion in found if suggestion.dimension is Dimension.FORM]
    return (*(suggestion for suggestion in found if suggestion.dimension is not Dimension.FORM), *forms[:1])


_ORDER = {dimension: place for place, dimension in enumerate(SUGGESTED)}
_FILE = "life_stage_phrases"


@dataclass(frozen=True, slots=True)
class _Tag:
    dimension: Dimension
    code: str
    weights: Mapping[str, float]
    """Of phrases for the tag above zero, of those against it zero (they only shield) or below."""
    pattern: re.Pattern[str]
    """Any of the phrases, the longest first."""


@dataclass(frozen=True, slots=True)
class _Rules:
    threshold: float
    without_title: float
    """The threshold where no phrase of the title speaks for the tag."""
    in_title: float
    beginning: int
    most_counted: int
    silent: Mapping[str, float]
    tags: tuple[_Tag, ...]


def _judged(tag: _Tag, rules: _Rules, title: str, text: str, silence: float) -> Suggestion | None:
    score, phrases = -silence, []
    places = [(match, True) for match in tag.pattern.finditer(title)]
    places += [(match, False) for match in tag.pattern.finditer(text, 0, rules.beginning)]
    counted: dict[tuple[str, bool], int] = {}
    for match, in_title in places:
        words = match[0]
        counted[words, in_title] = times = counted.get((words, in_title), 0) + 1
        if times <= (1 if in_title else rules.most_counted):
            score += tag.weights[words] * (rules.in_title if in_title else 1.0)
        if tag.weights[words] > 0:
            phrases.append(Phrase(words, in_title, *match.span()))
    if score < (rules.threshold if any(phrase.in_title for phrase in phrases) else rules.without_title):
        return None
    return Suggestion(tag.dimension, tag.code, round(score, 2), tuple(phrases))


@cached_data
def _rules(name: str) -> _Rules:
    path = data_file(name)
    data: Any = read_toml(path)
    try:
        rules = _Rules(
            float(data["threshold"]),
            float(data["without_title"]),
            float(data["in_title"]),
            int(data["beginning"]),
            int(data["most_counted"]),
            _weights(data["silent"]),
            tuple(_tag(dimension, code, rows) for dimension in SUGGESTED for code, rows in data[dimension].items()),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise VocabularyError(f"{path.name}：缺少或者写错了 {error}，请对照随系统提供的文件补正。") from error
    for one in rules.tags:
        if one.code not in vocabulary(one.dimension.vocabulary_name):
            raise VocabularyError(f"{path.name}：“{tag(one.dimension, one.code)}”不是词表中的代码。")
    return rules


def _tag(dimension: Dimension, code: str, rows: Mapping[str, Mapping[str, float]]) -> _Tag:
    speaks_against = {words: -weight for words, weight in _weights(rows["against"]).items()}
    weights = {**_weights(rows["phrases"]), **speaks_against}
    longest_first = sorted(weights, key=len, reverse=True)
    return _Tag(dimension, code, weights, re.compile("|".join(map(re.escape, longest_first))))


def _weights(rows: Mapping[str, float]) -> dict[str, float]:
    return {words: float(weight) for words, weight in rows.items() if words}
