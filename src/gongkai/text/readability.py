"""How easily an interpretation reads: long sentences, abbreviations nobody explains, and one figure with what would raise it.

All numbers and words are data, ``rules/data/readability.toml``, where the formula stands too; there is no national measure of
readability, and none for Chinese that rests on readers of official texts, so the figure compares texts and judges no author.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gongkai.rules.vocabulary import VocabularyError, cached_data, data_file, read_toml
from gongkai.text.normalise import HAN

__all__ = ["Abbreviation", "Band", "Readability", "Sentence", "figure", "readability", "sentences"]


class Band(StrEnum):
    """The figure in words."""

    EASY = "easy"
    FAIR = "fair"
    HARD = "hard"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return {"easy": "易读", "fair": "一般", "hard": "难读"}[self.value]


@dataclass(frozen=True, slots=True)
class Sentence:
    """Characters ``start`` to ``end`` of the text; ``length`` counts Han characters, and a row of letters or digits as one."""

    start: int
    end: int
    length: int


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """Where an abbreviation first stands that the text nowhere explains, and what it means where the data file knows."""

    start: int
    end: int
    words: str
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Readability:
    """What is to be said of one text."""

    figure: int
    """0 (hard) to 100 (easy)."""
    band: Band
    mean_length: float
    """Characters a sentence."""
    official_percent: float
    """Characters in official words, of all that count."""
    official_words: tuple[tuple[str, str, int], ...]
    """(word, how people say it, how often), the most frequent first."""
    long_sentences: tuple[Sentence, ...]
    unexplained: tuple[Abbreviation, ...]
    improvements: tuple[str, ...]
    """Chinese sentences: what would raise the figure, what costs most first; empty when nothing costs anything."""


def readability(text: str) -> Readability | None:
    """Judge ``text`` (plain, one paragraph a line); None when it has no sentence. Raises :class:`VocabularyError` for a faulty data file."""
    rules = _rules(_FILE)
    found = sentences(text)
    if not found:
        return None
    characters = sum(one.length for one in found)
    mean = characters / len(found)
    words = Counter(match[0] for match in rules.official_pattern.finditer(text))
    percent = 100 * sum(len(word) * times for word, times in words.items()) / characters
    unexplained = tuple(_unexplained(text, rules))
    value = figure(mean, percent, len(unexplained))
    official = tuple((word, rules.official[word], times) for word, times in words.most_common())
    return Readability(
        value,
        Band.EASY if value >= rules.easy else Band.FAIR if value >= rules.fair else Band.HARD,
        mean,
        percent,
        official,
        tuple(one for one in found if one.length > rules.long_sentence),
        unexplained,
        tuple(_improvements(rules, mean, percent, official, unexplained)),
    )


def figure(mean_length: float, official_percent: float, unexplained: int) -> int:
    """The figure, 0 to 100. It never rises when a sentence grows, an official word or an unexplained abbreviation is added."""
    return max(0, round(100 - sum(_costs(_rules(_FILE), mean_length, official_percent, unexplained))))


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences, ended by 。！？； or the end of the line; what has no word is none."""
    found = []
    for match in _SENTENCE.finditer(text):
        length = len(_UNIT.findall(match[0]))
        if length:
            leading = len(match[0]) - len(match[0].lstrip())
            found.append(Sentence(match.start() + leading, match.end(), length))
    return tuple(found)


LEAST_COST = 8
"""Points of the figure from which a remedy is worth saying."""
_FILE = "readability"
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")
_UNIT = re.compile(rf"[{HAN}]|[0-9A-Za-z０-９Ａ-Ｚａ-ｚ.]+")
_LATIN = re.compile(r"(?<![0-9A-Za-z./@_-])[A-Z][A-Za-z]*[A-Z][A-Za-z]*(?![0-9A-Za-z./@_-])")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s\u4e00-\u9fff（）()]+|[\w.-]+@[\w.-]+")
_NUMERIC = re.compile(r"“([一二三四五六七八九十两双][\u4e00-\u9fff]{1,2})”")
"""“三公”, “两化”: a number and one or two characters in quotation marks."""
_SHOWN_WORDS = 3


def _unexplained(text: str, rules: _Rules) -> Iterator[Abbreviation]:
    """The first place of each abbreviation that the text does not explain, in order."""
    addresses = [match.span() for match in _ADDRESS.finditer(text)]
    places: dict[str, tuple[int, int]] = {}
    for pattern, group in ((_LATIN, 0), (_NUMERIC, 1), (rules.abbreviation_pattern, 0)):
        for match in pattern.finditer(text):
            start, end = match.span(group)
            if not any(first <= start < last for first, last in addresses):
                places.setdefault(match[group], (start, end))
    for words, (start, end) in sorted(places.items(), key=lambda place: place[1]):
        meaning = rules.abbreviations.get(words, "")
        if words.upper() not in rules.known and not _explained(words, meaning, text):
            yield Abbreviation(start, end, words, meaning)


def _explained(words: str, meaning: str, text: str) -> bool:
    """Whether the text has its meaning, or says X（…）, （X）, X是指…, 简称“X” somewhere."""
    if meaning and meaning in text:
        return True
    name = rf"[“\"《]?{re.escape(words)}[”\"》]?"
    said = rf"{name}\s*(?:[（(](?=[^）)]*[{HAN}])|是|即|为[0-9一]?|指)|[{HAN}]\s*[（(]\s*(?:以下|下文)?(?:简称|又称|即)?\s*[:：]?{name}[）)]|(?:简称|即|称为)[:：]?{name}"
    return re.search(said, text) is not None


def _costs(rules: _Rules, mean: float, percent: float, unexplained: int) -> tuple[float, float, float]:
    return (
        rules.sentence_weight * max(0.0, mean - rules.short_sentence),
        rules.word_weight * percent,
        rules.term_weight * min(unexplained, rules.most_terms),
    )


def _improvements(
    rules: _Rules,
    mean: float,
    percent: float,
    official: tuple[tuple[str, str, int], ...],
    unexplained: tuple[Abbreviation, ...],
) -> list[str]:
    shown = "、".join(f"“{word}”→“{plain}”" for word, plain, _ in official[:_SHOWN_WORDS])
    names = "、".join(one.words for one in unexplained[:_SHOWN_WORDS])
    advice = (
        f"平均每句{mean:.0f}字，请把长句拆短，一句说一件事。",
        f"公文用语占{percent:.1f}%，请换成通俗说法，如{shown}。",
        f"有{len(unexplained)}个简称没有解释（{names}{'等' if len(unexplained) > _SHOWN_WORDS else ''}），请在第一次出现时说明。",
    )
    costs = _costs(rules, mean, percent, len(unexplained))
    return [sentence for cost, sentence in sorted(zip(costs, advice, strict=True), reverse=True) if cost >= LEAST_COST]


@dataclass(frozen=True, slots=True)
class _Rules:
    long_sentence: int
    short_sentence: float
    sentence_weight: float
    word_weight: float
    term_weight: float
    most_terms: int
    easy: int
    fair: int
    known: frozenset[str]
    abbreviations: Mapping[str, str]
    abbreviation_pattern: re.Pattern[str]
    official: Mapping[str, str]
    official_pattern: re.Pattern[str]


@cached_data
def _rules(name: str) -> _Rules:
    path = data_file(name)
    data: Any = read_toml(path)
    try:
        abbreviations = {row["short"]: row["full"] for row in data["abbreviations"]}
        official = {row["word"]: row["plain"] for row in data["official_words"]}
        rules = _Rules(
            int(data["long_sentence"]),
            float(data["short_sentence"]),
            float(data["sentence_weight"]),
            float(data["word_weight"]),
            float(data["term_weight"]),
            int(data["most_terms"]),
            int(data["easy"]),
            int(data["fair"]),
            frozenset(data["known"]),
            abbreviations,
            _any_of(short for short in abbreviations if not short.isascii()),
            official,
            _any_of(official),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise VocabularyError(f"{path.name}：缺少或者写错了 {error}，请对照随系统提供的文件补正。") from error
    if min(rules.sentence_weight, rules.word_weight, rules.term_weight) < 0 or rules.fair > rules.easy:
        raise VocabularyError(f"{path.name}：各项权重不得为负，fair 不得大于 easy。")
    return rules


def _any_of(words: Any) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)")
