"""Word segmentation with the general dictionary of `rjieba` and our government dictionary (政务词表).

The hidden Markov model is off: it guesses new words from their neighbours, so the same word would be cut one way in a
document and another way in a question. The dictionary alone always answers the same.

`rjieba` loads its dictionary (33 MB, 0.1 s) into one shared instance when imported, so it is imported at first use; our
words go into that instance, since a second one costs a process another 24 MB. A district that adds words or switches some off
(:class:`Words`) pays for that second one: words can be put into an instance but not reliably taken out of it again, and a fresh
one always cuts the same, however its words came about.

Only questions are cut into words (an index holds characters and pairs), so a process cuts with the words in force, named by
:func:`use`, and a change of words changes no index.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module, resources
from typing import Protocol, cast

from gongkai.text.normalise import variant_list

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


@dataclass(frozen=True, slots=True)
class Words:
    """What a district changed about the words: sorted, so that equal changes are equal."""

    added: tuple[str, ...] = ()
    """Words beyond the government dictionary."""
    removed: tuple[str, ...] = ()
    """Words that are not to be words, of the government dictionary or of the general one."""

    @classmethod
    def of(cls, added: tuple[str, ...] | list[str], removed: tuple[str, ...] | list[str]) -> Words:
        """Make the change from words in any order.

        Raises:
            ValueError: something is not a word of two or more Han characters.
        """
        for word in (*added, *removed):
            if not _HAN_WORD.fullmatch(word):
                raise ValueError(f"not a word of Han characters: {word!r}")
        return cls(tuple(sorted(set(added) - set(removed))), tuple(sorted(set(removed))))

    @property
    def version(self) -> str:
        """A short fingerprint of all words in force: it changes when the analysis may change."""
        kept = {*government_words(), *self.added} - set(self.removed)
        listed = "\n".join([*sorted(kept), *(f"-{word}" for word in self.removed)])
        return hashlib.blake2b(listed.encode(), digest_size=6).hexdigest()


class Cutter:
    """A segmenter with certain words. Making one with changed words takes 0.2 s and 24 MB."""

    def __init__(self, words: Words) -> None:
        self.words = words
        module = import_module("rjieba")
        self._segmenter = cast(_Segmenter, module.Jieba() if words != Words() else module)
        self._off = frozenset(words.removed)
        self._inner: dict[str, tuple[str, ...]] = {}
        for word in (*government_words(), *variant_list()[1], *words.added):
            self._segmenter.add_word(word, None, None)
        for word in words.removed:
            self._segmenter.add_word(word, 0, None)  # never chosen when a text is cut

    def cut(self, folded: str) -> list[str]:
        """See :func:`segment`."""
        return self._segmenter.cut(folded, False)

    def cut_for_search(self, folded: str) -> list[str]:
        """See :func:`segment_for_search`."""
        words = self._segmenter.cut_for_search(folded, False)
        if self._off:  # still known to the segmenter as parts of longer words
            words = [word for word in words if word not in self._off]
        words += [part for word in words if len(word) > LONGEST_PART + 1 for part in self.inner_words(word)]
        return words

    def has_word(self, text: str) -> bool:
        """See :func:`is_word`."""
        return self._segmenter.has_word(text) and text not in self._off

    def words_among(self, texts: Iterable[str]) -> list[str]:
        """See :func:`words_among`."""
        known = self._segmenter.has_word
        return [text for text in texts if known(text) and text not in self._off]

    def frequency(self, word: str) -> int:
        """See :func:`frequency`."""
        return self._segmenter.suggest_freq(word) if self.has_word(word) else 0

    def inner_words(self, word: str) -> tuple[str, ...]:
        """See :func:`inner_words`."""
        found = self._inner.get(word)
        if found is None:
            found = self._inner[word] = self._parts(word)
        return found

    def _parts(self, word: str) -> tuple[str, ...]:
        if not _HAN_WORD.fullmatch(word):
            return ()
        return tuple(
            part
            for length in range(LONGEST_PART + 1, len(word))
            for start in range(len(word) - length + 1)
            if self._segmenter.has_word(part := word[start : start + length]) and part not in self._off
        )


_in_use: Cutter | None = None
_loading = threading.Lock()


@lru_cache(maxsize=1)
def _changed_cutter(words: Words) -> Cutter:
    return Cutter(words)


@cache
def _plain_cutter() -> Cutter:
    return Cutter(Words())


def cutter(words: Words) -> Cutter:
    """Return a cutter with ``words``; the last changed one is kept, so asking again costs nothing.

    Made by one thread, for which others wait.
    """
    with _loading:
        return _changed_cutter(words) if words != Words() else _plain_cutter()


def use(chosen: Cutter | None) -> None:
    """From now on cut with ``chosen`` in this process; ``None``: with the words of the program."""
    global _in_use
    _in_use = chosen


@contextmanager
def using(chosen: Cutter) -> Iterator[None]:
    """Cut with ``chosen`` for a while (a preview). Not where several threads answer questions."""
    before = _current()
    use(chosen)
    try:
        yield
    finally:
        use(before)


def _current() -> Cutter:
    return _in_use or cutter(Words())


@cache
def dictionary_words() -> frozenset[str]:
    """Return the words of the government dictionary as a set: terms that make sense by themselves."""
    return frozenset(government_words())


def dictionary_version() -> str:
    """Return a short fingerprint of the words in use."""
    return _version(_in_use.words if _in_use else Words())


@lru_cache(maxsize=4)
def _version(words: Words) -> str:
    return words.version


def segment(folded: str) -> list[str]:
    """Cut a folded text into words that cover it once, punctuation included."""
    return _current().cut(folded)


def segment_for_search(folded: str) -> list[str]:
    """Cut a folded text into words and the dictionary words inside them, punctuation included.

    医疗保险局 gives 医疗, 保险, 医疗保险 and 医疗保险局, so that a document is found by the shorter word too.
    """
    return _current().cut_for_search(folded)


def inner_words(word: str) -> tuple[str, ...]:
    """Return the dictionary words of four and more characters inside ``word``, itself excluded."""
    return _current().inner_words(word)


@lru_cache(maxsize=2048)
def inner_starts(word: str) -> tuple[int, ...]:
    """Return the offsets at which words begin in ``word``: its own, and in a long word those of the words it is made of.

    城乡居民基本医疗保险 gives 0, 2, 4, 6 and 8.
    """
    if len(word) <= LONGEST_PART or not _HAN_WORD.fullmatch(word):
        return (0,)
    cut = _current().cut_for_search(word)
    found, position = {0}, 0
    for part in sorted((one for one in cut if len(one) <= LONGEST_PART), key=word.find):
        if word.find(part) >= position:
            found.add(word.find(part))
            position = word.find(part) + len(part)
    return tuple(sorted(found))


def is_word(text: str) -> bool:
    """True when the general or the government dictionary has ``text`` as a word."""
    return _current().has_word(text)


def words_among(texts: Iterable[str]) -> list[str]:
    """Return those of many ``texts`` that are words: ten times faster than to ask for each."""
    return _current().words_among(texts)


def frequency(word: str) -> int:
    """How often the general dictionary counted ``word`` in its 60 million words; 0 for what is no word."""
    return _current().frequency(word)


class _Segmenter(Protocol):
    """The functions of `rjieba` used here, of the module or of an instance; it carries no types of its own."""

    def cut(self, text: str, hmm: bool) -> list[str]: ...
    def cut_for_search(self, text: str, hmm: bool) -> list[str]: ...
    def has_word(self, word: str) -> bool: ...
    def suggest_freq(self, segment: str) -> int: ...
    def add_word(self, word: str, freq: int | None, tag: str | None) -> int: ...
