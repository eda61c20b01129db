"""The words of the government dictionary by their sound: what is often sought, but may stand in no title.

Some hundreds of words, so the table is small (a few hundred kB) and is made at first use.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product

from gongkai.text.pinyin import sounds
from gongkai.text.segment import dictionary_words, government_words

MOST_SPELLED = 4
LONGEST_WORD = 10


def alike_words(typed: str) -> tuple[str, ...]:
    """Dictionary words that sound like ``typed`` (confusable sounds are the same) and are written otherwise."""
    return tuple(word for key in _keys(typed) for word in _by_sound().get(key, ()) if word != typed)


@cache
def lexicon() -> tuple[str, ...]:
    """The words, shorter ones first."""
    return tuple(sorted(dictionary_words(), key=lambda word: (len(word), word)))


def words_sounding(syllables: tuple[str, ...]) -> tuple[str, ...]:
    """Dictionary words with these folded sounds."""
    return _by_sound().get(".".join(syllables), ())


def _keys(word: str) -> Iterator[str]:
    heard = [sounds(char) for char in word]
    if all(heard):
        for one, _ in zip(product(*heard), range(MOST_SPELLED), strict=False):
            yield ".".join(one)


@cache
def _by_sound() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for word in government_words():
        if len(word) <= LONGEST_WORD:
            for key in _keys(word):
                found[key][word] = None
    return {key: tuple(words) for key, words in found.items()}
