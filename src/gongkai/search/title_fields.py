"""How a title is found before it is typed to the end, and how it is found when it is mistyped: two fields of tokens.

``suggest`` holds, for each place where a reader may begin (`gongkai.text.titles.starts`), what he may have typed so far:
the first one to three characters (医, 医疗, 医疗保), the initials of up to six (y, yl, … ylbxsb), and the first syllable
(``yi'``); and for words that people shorten the short form (``~医保``, ``~yi.bao`` for 医疗保险). ``title_sounds`` holds each two neighbouring characters as sounds (``yi.liao``), with every usual reading and
with confusable sounds made the same. More letters or characters than these are asked for by several tokens at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from itertools import pairwise, product

from gongkai.search.documents import SearchDocument, sort_key
from gongkai.text.pinyin import readings, sounds
from gongkai.text.titles import abbreviations, compact, starts, topic
from gongkai.text.typed import initial_letters

CHARACTERS, INITIALS = 3, 6
"""Longest beginnings, in characters, that have tokens of their own."""
LONG_INITIALS = (8, 10, 12, 16)
"""Longer initials, for the beginning of the title and of its topic: 亳州市谯城区 (bzsqcq) begins half the titles."""
MOST_SPELLED = 4
"""Most combinations of readings of an abbreviation."""
NORMATIVE_AHEAD = timedelta(days=365)
INVALID_BEHIND = timedelta(days=3650)
"""In suggestions a policy document counts as newer than it is, one out of force as much older."""


def suggest_tokens(title: str) -> list[str]:
    """Tokens of the field ``suggest``, each once."""
    tokens: dict[str, None] = {}
    begins = topic(title).start
    for start in starts(title):
        rest = compact(title[start : start + 24])
        for length in range(1, min(CHARACTERS, len(rest)) + 1):
            tokens[rest[:length]] = None
        for reading in readings(rest[0]) if rest else ():
            tokens[f"{reading}'"] = None
        for letters in initials(rest[:INITIALS]):
            tokens.update((letters[:length], None) for length in range(1, len(letters) + 1))
        if start in (0, begins):
            for letters in initials(rest[: LONG_INITIALS[-1]]):
                tokens.update((f"={letters[:length]}", None) for length in LONG_INITIALS if length <= len(letters))
    for short, _ in abbreviations(title):
        tokens[f"~{short}"] = None
        tokens.update((f"~{syllables}", None) for syllables in _spelled(short))
    return list(tokens)


def _spelled(word: str) -> Iterator[str]:
    """A word in whole syllables, in all usual readings: 医保 is yi.bao."""
    for syllables, _ in zip(product(*map(readings, word)), range(MOST_SPELLED), strict=False):
        yield ".".join(syllables)


def sound_tokens(title: str) -> list[str]:
    """Tokens of the field ``title_sounds``, each once."""
    text = compact(title)
    return list(dict.fromkeys(pair for two in pairwise(text) for pair in sound_pairs(*two)))


@lru_cache(maxsize=2048)
def sound_pairs(one: str, other: str) -> tuple[str, ...]:
    """How two neighbouring characters may sound, confusable sounds made the same; ``()`` when one has no sound."""
    return tuple(f"{first}.{second}" for first in sounds(one) for second in sounds(other))


def initials(text: str) -> tuple[str, ...]:
    """The first letters of the characters of ``text`` up to the first that has no reading, in all usual readings."""
    return initial_letters(tuple(text), (False,) * len(text))


def suggest_key(document: SearchDocument) -> int:
    """A unique number that orders suggestions: newer first, policy documents ahead, what is out of force behind."""
    published = document.published_at
    if published is None:
        return document.id
    if document.normative or document.kind == "policy_document":
        published += NORMATIVE_AHEAD
    if document.validity in ("expired", "repealed", "declared_invalid"):
        published -= INVALID_BEHIND
    return sort_key(published, document.id)
