"""What the check for wrong characters knows: how frequent words are, the set phrases of official documents, which characters are confused.

Nothing here is learned from texts: frequencies are those of the general dictionary of `rjieba`, phrases and shapes are the files
`data/wording/official_phrases.txt` and `shape_alike.txt`, sounds come from :mod:`gongkai.text.pinyin`. Everything is loaded at first
use and kept in bounded caches.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from itertools import product

from gongkai.text.pinyin import readings, sounds
from gongkai.text.segment import frequency, government_words

COUNTED = 60_101_967
"""Words the general dictionary counted."""
PHRASE_FREQUENCY = 1500
"""A set phrase is taken to be as frequent as this."""
UNKNOWN = math.log(0.3 / COUNTED)
"""Logarithm of the probability of a character the dictionary does not have by itself."""
LONGEST_WORD = 6
"""Longest word of the general dictionary looked for; set phrases may be longer."""
IMPOSSIBLE = -1e9
MOST_ALIKE, MOST_NEAR = 40, 40
"""Of the characters that sound alike, exactly or nearly, the most frequent are thought of."""
_CACHED = 1 << 14
_HAN_WORD = re.compile(r"[\u4e00-\u9fff]{2,}")


class Likeness(StrEnum):
    """Why one character is written for another."""

    SOUND = "sound"
    """The same syllable."""
    NEAR_SOUND = "near_sound"
    """The same but for confusable sounds (zh z, n l, ing in)."""
    SHAPE = "shape"
    """They look alike."""
    NONE = "none"
    """Neither: a slip of any kind."""


def data_lines(name: str) -> Iterator[str]:
    """The lines of a file of `data/wording` that are neither empty nor a comment."""
    source = resources.files("gongkai.text") / "data" / "wording" / name
    for line in source.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()


@cache
def phrases() -> frozenset[str]:
    """Set phrases of official documents and the words of the government dictionary, of Han characters only."""
    listed = {phrase for line in data_lines("official_phrases.txt") for phrase in line.split()}
    return frozenset(phrase for phrase in listed.union(government_words()) if _HAN_WORD.fullmatch(phrase))


@cache
def longest_phrase() -> int:
    """Characters of the longest set phrase."""
    return max(map(len, phrases()))


@cache
def _beginnings() -> frozenset[str]:
    """The first six characters of the phrases that are longer than a word."""
    return frozenset(phrase[:LONGEST_WORD] for phrase in phrases() if len(phrase) > LONGEST_WORD)


def is_phrase(text: str) -> bool:
    """Whether this is a set phrase."""
    return text in phrases()


def may_begin_phrase(text: str) -> bool:
    """Whether a phrase longer than a word begins with these six characters."""
    return text in _beginnings()


@lru_cache(_CACHED)
def how_frequent(word: str) -> int:
    """How often a word or phrase is counted; 0 for neither."""
    known = frequency(word)
    return max(known, PHRASE_FREQUENCY) if word in phrases() else known


@lru_cache(_CACHED)
def _probability(word: str) -> float:
    known = how_frequent(word)
    if known:
        return math.log((known + 0.5) / COUNTED)
    return UNKNOWN if len(word) == 1 else IMPOSSIBLE


@lru_cache(_CACHED)
def probability(text: str) -> float:
    """Logarithm of the probability of a short text, cut into words in the likeliest way."""
    length = len(text)
    best = [0.0] + [IMPOSSIBLE] * length
    for start in range(length):
        ends = range(start + 1, min(length, start + LONGEST_WORD) + 1)
        for end in ends:
            best[end] = max(best[end], best[start] + _probability(text[start:end]))
        if may_begin_phrase(text[start : start + LONGEST_WORD]):
            for end in range(start + LONGEST_WORD + 1, min(length, start + longest_phrase()) + 1):
                if text[start:end] in phrases():
                    best[end] = max(best[end], best[start] + _probability(text[start:end]))
    return best[length]


@cache
def _shapes() -> dict[str, str]:
    return {line[0]: line[1:] for line in data_lines("shape_alike.txt")}


@cache
def _by_sound() -> tuple[dict[str, str], dict[str, str]]:
    """The common characters by syllable, exact and folded."""
    exact, folded = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for char in _shapes():
        for syllable in readings(char):
            exact[syllable].append(char)
        for syllable in sounds(char):
            folded[syllable].append(char)
    return {key: "".join(chars) for key, chars in exact.items()}, {key: "".join(chars) for key, chars in folded.items()}


@lru_cache(_CACHED // 4)
def confusable(char: str) -> tuple[tuple[str, Likeness], ...]:
    """The common characters for which ``char`` may have been written, each with the strongest reason."""
    exact, folded = _by_sound()
    found: dict[str, Likeness] = {}
    for syllable in sounds(char):
        found |= dict.fromkeys(folded.get(syllable, "")[:MOST_NEAR], Likeness.NEAR_SOUND)
    found |= dict.fromkeys(_shapes().get(char, ""), Likeness.SHAPE)
    for syllable in readings(char):
        found |= dict.fromkeys(exact.get(syllable, "")[:MOST_ALIKE], Likeness.SOUND)
    found.pop(char, None)
    return tuple(found.items())


@lru_cache(_CACHED // 4)
def may_stand_for(char: str, *, widely: bool) -> str:
    """The characters of :func:`confusable`; only those that sound exactly alike unless ``widely``."""
    return "".join(right for right, why in confusable(char) if widely or why is Likeness.SOUND)


@lru_cache(_CACHED)
def likeness(wrong: str, right: str) -> Likeness:
    """Why ``wrong`` may have been written for ``right``."""
    return next((why for char, why in confusable(wrong) if char == right), Likeness.NONE)


@cache
def _phrase_index() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Set phrases of three and more characters by their first two and last two characters and by the sound of the first two."""
    heads, tails, heard = (defaultdict[str, list[str]](list) for _ in range(3))
    for phrase in sorted(phrases()):
        if len(phrase) >= 3:
            heads[phrase[:2]].append(phrase)
            tails[phrase[-2:]].append(phrase)
            for pair in product(sounds(phrase[0]), sounds(phrase[1])):
                heard[".".join(pair)].append(phrase)
    one, two, three = ({key: tuple(found) for key, found in index.items()} for index in (heads, tails, heard))
    return one, two, three


@lru_cache(_CACHED)
def phrases_around(pair: str) -> tuple[tuple[str, int], ...]:
    """Set phrases that a pair of characters may belong to, with the offset of the pair in each: at the head, as written or as
    it sounds, or at the end, as written."""
    heads, tails, heard = _phrase_index()
    found = dict.fromkeys((phrase, 0) for phrase in heads.get(pair, ()))
    for key in product(sounds(pair[0]), sounds(pair[1])):
        found |= dict.fromkeys((phrase, 0) for phrase in heard.get(".".join(key), ()))
    found |= dict.fromkeys((phrase, len(phrase) - 2) for phrase in tails.get(pair, ()))
    return tuple(found)
