"""The analysis chain: what a text becomes in a search index, for documents and questions, whatever the engine.

Two views of one text: `words` (dictionary words, good for ranking) and `grams` (single characters and pairs, with
positions: a sequence of grams matches exactly the texts that contain the sequence of characters). Engines are fed the
tokens joined by blanks and split on blanks only, so that every engine finds the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import add

from gongkai.text.gram_string import gram_string
from gongkai.text.normalise import HAN, fold
from gongkai.text.segment import segment, segment_for_search

ANALYSIS_VERSION = 2
"""Raise it when the chain changes, so that entries made by an older one are recognised as stale."""

SHORT = 50
"""Characters up to which the plain way is as fast, and numpy need not be loaded."""

_RUN = re.compile(rf"[{HAN}]+|\d+|[^\W\d_{HAN}]+")
_HAN_CHAR = re.compile(f"[{HAN}]")
_BLANKS = re.compile(r"[ \t]+")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one text; none contains a blank."""

    words: list[str]
    grams: list[str]


def analyse(text: str) -> Tokens:
    """Return both views of ``text``, folding it only once."""
    prepared = prepare(text)
    return Tokens(_words(prepared), _grams(prepared))


def words(text: str) -> list[str]:
    """Return the words of ``text`` in search mode (a long word and the words inside it), without punctuation."""
    return _words(prepare(text))


def grams(text: str) -> list[str]:
    """Return interleaved characters and pairs of each run of Han characters; runs of letters and of digits whole.

    ``医保`` → ``医 医保 保``; ``GB/T9704`` → ``gb t 9704``. Punctuation and line ends separate runs and leave no token.
    """
    return _grams(prepare(text))


def gram_text(text: str) -> str:
    """The grams of ``text`` joined by blanks, as an index takes them; the fast way for long texts."""
    prepared = prepare(text)
    made = gram_string(prepared) if len(prepared) > SHORT else None
    return " ".join(_grams(prepared)) if made is None else made


def pairs(text: str) -> list[tuple[int, str]]:
    """Return the fewest grams of ``text`` that fix it, each with its position: what a phrase query asks for.

    A run of one character gives the character, a longer run its pairs; a pair at position *p* has its characters at
    *p* - 1 and *p* + 1, so consecutive pairs at distance two prove consecutive characters.
    """
    found: list[tuple[int, str]] = []
    position = 0
    for run in _RUN.findall(prepare(text)):
        if len(run) == 1 or not _HAN_CHAR.match(run):
            found.append((position, run))
            position += 1
        else:
            found += [(position + 2 * index + 1, run[index : index + 2]) for index in range(len(run) - 1)]
            position += 2 * len(run) - 1
    return found


def plain_words(text: str) -> list[str]:
    """Return the words of ``text`` that cover it once (no words within words), without punctuation."""
    return [word for word in segment(prepare(text)) if word[0].isalnum()]


@dataclass(frozen=True, slots=True)
class Unit:
    """A Han character, or a run of digits or of letters, in its text."""

    token: str
    word: str
    """The word it stands in, as the text is cut once."""
    han: bool
    continues: bool
    """True for a Han character right after another, so that both are a pair of `grams`."""


def units(text: str) -> list[Unit]:
    """Return what `grams` is made of, each with its word, in order."""
    prepared = prepare(text)
    word_at = [word for word in segment(prepared) for _ in word]
    found: list[Unit] = []
    for run in _RUN.finditer(prepared):
        start = run.start()
        if _HAN_CHAR.match(run.group()):
            found += [
                Unit(character, word_at[place], True, place > start)
                for place, character in enumerate(run.group(), start)
            ]
        else:
            found.append(Unit(run.group(), word_at[start], False, False))
    return found


def prepare(text: str) -> str:
    """Fold ``text`` and drop blanks between Han characters, which are layout and not language (总　则, 张 三)."""
    folded = fold(text)
    if " " not in folded and "\t" not in folded:
        return folded
    return _BLANKS.sub(_without_layout_blank, folded)


def _without_layout_blank(match: re.Match[str]) -> str:
    text, start, end = match.string, match.start(), match.end()
    between_han = start > 0 and end < len(text) and _HAN_CHAR.match(text[start - 1]) and _HAN_CHAR.match(text[end])
    return "" if between_han else match.group()


def _words(prepared: str) -> list[str]:
    return [word for word in segment_for_search(prepared) if word[0].isalnum()]


def _grams(prepared: str) -> list[str]:
    found: list[str] = []
    for run in _RUN.findall(prepared):
        if run[0] < "\u3007" or len(run) == 1 or not _HAN_CHAR.match(run):
            found.append(run)
            continue
        interleaved = [""] * (2 * len(run) - 1)
        interleaved[::2] = run
        interleaved[1::2] = map(add, run, run[1:])
        found += interleaved
    return found
