"""The words of a question: without politeness and words that mean nothing, with what may stand in their place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gongkai.search.language.draft import EITHER, Draft
from gongkai.search.parsed import Alternatives
from gongkai.search.ranking import empty_words
from gongkai.search.synonyms import MOST_IN_A_QUESTION, Synonyms
from gongkai.text.analysis import plain_words
from gongkai.text.normalise import HAN, fold

SYNONYM_WEIGHT = 0.8
"""A synonym counts a little less than the word that was typed."""
MOST_EITHER = 5
"""Texts joined by 或 that are read; those behind are dropped, and that is said."""

_MEANINGFUL = re.compile(rf"[^{HAN}]|..")
_POLITE_HEAD = re.compile(
    r"[ ,，。.!！?？]*(?:(?:你好|您好|请问(?:一下|下)?|打扰(?:一下|了)?|麻烦(?:问一下|问下|您|你)?|咨询(?:一下|下)|"
    r"我?想(?:请?问|咨询|了解|知道)(?:一下|下)?|帮(?:我|忙)(?:查|找|看)(?:一下|下)?|各位|领导)[ ,，。.!！?？:：]*){1,6}"
)
_POLITE_TAIL = re.compile(r"[ ,，。.!！?？]*(?:谢谢(?:你|您|了|啦)?|多谢|感谢|麻烦了|急)?[ ,，。.!！?？~]*\Z")


@dataclass(slots=True)
class Wording:
    """Words in order, and alternatives of some of them."""

    words: tuple[str, ...] = ()
    alternatives: list[Alternatives] = field(default_factory=list)
    synonyms: list[Alternatives] = field(default_factory=list)
    """Those of the alternatives that come from the dictionary."""
    either: list[Alternatives] = field(default_factory=list)
    """Those that were typed with 或."""


def read_politeness(draft: Draft) -> None:
    """Take greetings in front and thanks behind out of the text, unless nothing else was said."""
    head = _POLITE_HEAD.match(draft.rest)
    start = head.end() if head else 0
    tail = _POLITE_TAIL.search(draft.rest, start)
    end = tail.start() if tail else len(draft.rest)
    if any(char.isalnum() for char in draft.rest[start:end]):
        draft.take(end, len(draft.rest))
        draft.take(0, start)


def wording(text: str, synonyms: Synonyms | None, *, alone: bool = True) -> Wording:
    """Cut ``text`` into words; runs between blanks are cut apart from each other.

    Words without meaning are words when nothing else is sought; ``alone`` is false where phrases are sought beside them.
    """
    made = Wording()
    words: list[str] = []
    for run in text.split():
        if EITHER in run:
            words += _either(run, made)
        else:
            words += _spoken(plain_words(run), synonyms, made)
    kept = {alternatives.word for alternatives in made.alternatives}
    made.words = _meaningful(tuple(dict.fromkeys(words)), kept)
    if not alone and not set(made.words) - empty_words():
        made.words = ()
    return made


def _either(run: str, made: Wording) -> list[str]:
    texts = [squeezed for part in run.split(EITHER) if (squeezed := "".join(c for c in fold(part) if c.isalnum()))]
    texts = list(dict.fromkeys(texts))
    if len(texts) > 1:
        one = Alternatives(texts[0], tuple(texts[1:MOST_EITHER]), 1.0)
        made.alternatives.append(one)
        made.either.append(one)
    return texts[:1]


def _spoken(words: list[str], synonyms: Synonyms | None, made: Wording) -> list[str]:
    """The words of one run; neighbours that together have synonyms (生 + 孩子) become one word."""
    if synonyms is None:
        return words
    found: list[str] = []
    position = 0
    while position < len(words):
        end = _longest_known(words, position, synonyms)
        word = "".join(words[position:end])
        if word in synonyms:
            _add_synonyms(word, synonyms, made)
        found.append(word)
        position = end
    return found


def _longest_known(words: list[str], start: int, synonyms: Synonyms) -> int:
    """End of the longest stretch of words from ``start`` that has synonyms together; at least one word."""
    best, length = start + 1, 0
    for end in range(start + 1, len(words) + 1):
        length += len(words[end - 1])
        if length > synonyms.longest:
            break
        if "".join(words[start:end]) in synonyms:
            best = end
    return best


def _add_synonyms(word: str, synonyms: Synonyms, made: Wording) -> None:
    used = sum(len(alternatives.texts) for alternatives in made.synonyms)
    texts = synonyms.alternatives(word)[: MOST_IN_A_QUESTION - used]
    if texts and all(known.word != word for known in made.alternatives):
        one = Alternatives(word, texts, SYNONYM_WEIGHT)
        made.alternatives.append(one)
        made.synonyms.append(one)


def _meaningful(words: tuple[str, ...], kept: set[str]) -> tuple[str, ...]:
    """Drop words without meaning and single characters, unless nothing else is left."""
    telling = tuple(word for word in words if word in kept or word not in empty_words())
    return tuple(word for word in telling if word in kept or _MEANINGFUL.match(word)) or telling or words


def meaningful_words(text: str) -> tuple[str, ...]:
    """The words of ``text`` that carry meaning."""
    return _meaningful(tuple(plain_words(text)), set())
