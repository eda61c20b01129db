"""Word segmentation with the general dictionary of `rjieba` and our government dictionary (政务词表).

The hidden Markov model is off: it guesses new words from their neighbours, so the same word would be cut one way in a
document and another way in a question. The dictionary alone always answers the same.

`rjieba` loads its dictionary (33 MB, 0.1 s) into one shared instance when imported, so it is imported at first use; our
words go into that instance, since a second one would cost every process another 24 MB and nothing else here uses it.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib import import_module, resources
from typing import Protocol, cast

LONGEST_PART = 3
"""Search mode gives the two- and three-character words inside a longer word; :func:`inner_words` adds longer ones."""

_HAN_WORD = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff]{2,}")


def government_words() -> tuple[str, ...]:
    """Return the words of the government dictionary, in file order.

    Raises:
        ValueError: a line of the file is not a word of two or more Han characters.
    """
    words = []
    source = resources.files("gongkai.text") / "data" / "government_words.txt"
    for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), start=1):
        word = line.strip()
        if not word or word.startswith("#"):
            continue
        if not _HAN_WORD.fullmatch(word):
            raise ValueError(f"government_words.txt, line {number}: not a word of Han characters: {word!r}")
        words.append(word)
    return tuple(words)


@cache
def dictionary_version() -> str:
    """Return a short fingerprint of the government dictionary: it changes when the analysis may change."""
    return hashlib.blake2b("\n".join(sorted(government_words())).encode(), digest_size=6).hexdigest()


def segment(folded: str) -> list[str]:
    """Cut a folded text into words that cover it once, punctuation included."""
    return _segmenter().cut(folded, False)


def segment_for_search(folded: str) -> list[str]:
    """Cut a folded text into words and the dictionary words inside them, punctuation included.

    医疗保险局 gives 医疗, 保险, 医疗保险 and 医疗保险局, so that a document is found by the shorter word too.
    """
    words = _segmenter().cut_for_search(folded, False)
    for word in words[:]:
        if len(word) > LONGEST_PART + 1:
            words += inner_words(word)
    return words


@cache
def inner_words(word: str) -> tuple[str, ...]:
    """Return the dictionary words of four and more characters inside ``word``, itself excluded."""
    if not _HAN_WORD.fullmatch(word):
        return ()
    has_word = _segmenter().has_word
    return tuple(
        part
        for length in range(LONGEST_PART + 1, len(word))
        for start in range(len(word) - length + 1)
        if has_word(part := word[start : start + length])
    )


class _Segmenter(Protocol):
    """The functions of `rjieba` used here; it carries no types of its own."""

    def cut(self, text: str, hmm: bool) -> list[str]: ...
    def cut_for_search(self, text: str, hmm: bool) -> list[str]: ...
    def has_word(self, word: str) -> bool: ...
    def add_word(self, word: str, freq: int | None, tag: str | None) -> int: ...


@cache
def _segmenter() -> _Segmenter:
    """Load the segmenter with the government dictionary, each word weighted so that it is kept whole."""
    segmenter = cast(_Segmenter, import_module("rjieba"))
    for word in government_words():
        segmenter.add_word(word, None, None)
    return segmenter
