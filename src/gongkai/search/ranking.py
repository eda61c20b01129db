"""What makes one hit better than another: the weights, and the tokens of a text that are weighed.

Engines and plans only carry this out. Every figure was chosen on judged questions; how, and what was rejected, is told in
`docs/decisions/0016-ranking.md`.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

from gongkai.text.analysis import Unit, units


@dataclass(frozen=True, slots=True)
class Ranking:
    """Weights of the parts of a score, all BM25 except the last."""

    pairs: float = 1.0
    """Pairs of characters, in title, number, summary and body together."""
    characters: float = 1.5
    """Single characters there: they tell among texts that say it in other words (租房 and 租赁住房)."""
    figures: float = 3.0
    """Numbers and letters (2024, 5G): few, and nothing stands for them."""
    lead: float = 0.25
    """All of these once more in title and beginning. Modest on purpose: a strong title loses topical questions."""
    not_ended: float = 1.0
    """For what has not ended (失效, 废止): of two versions of a document the one in force is wanted first."""
    synonyms_of_a_question: float = 0.1
    """What stands for a word of a whole question, beside what it counts for one of a few words: there ranking has enough to go by."""
    own_number: float = 1000.0
    """Added when a sought document number is the document's own: it comes first, whatever the words say."""


RANKING = Ranking()

RERANKED = 100
"""So many of the best by pairs are ranked by everything; what follows them stays in the order of the pairs. Of a whole question, in
which a few pairs decide what is found, all that can be paged to."""

ALL_NEEDED = 3
"""Up to so many words are looked for all together; a longer text is a whole question."""
ENOUGH = 30
"""Documents with all the words of a short question; with fewer, documents with some of them are shown as well."""
PAIRS_NEEDED = 0.03
"""Share of the pairs of a whole question that a document must have; what is less than that is never among the first."""


def words_needed(count: int) -> int:
    """How many of ``count`` words a document must have: all of up to three, then three in four."""
    return count if count <= ALL_NEEDED else max(ALL_NEEDED, count * 3 // 4)


def words_needed_relaxed(count: int) -> int:
    """How many are enough when too few documents have those of `words_needed`: a third; 0 means some part of one."""
    return count // 3


@dataclass(frozen=True, slots=True)
class Weighed:
    """The tokens of a question, each once, in order of appearance."""

    pairs: tuple[str, ...]
    times: tuple[int, ...]
    """How often each of the pairs occurs: one that is repeated counts more, by the root of that."""
    characters: tuple[str, ...]
    figures: tuple[str, ...]
    """Runs of digits or of letters."""

    @property
    def pairs_needed(self) -> int:
        """How many pairs and figures a document must have to be worth ranking."""
        return max(1, math.ceil((len(self.pairs) + len(self.figures)) * PAIRS_NEEDED))


@lru_cache(maxsize=512)
def weighed(text: str) -> Weighed:
    """Return the tokens of ``text`` by which hits are ranked.

    Words without meaning of their own give none, unless there is nothing else. A pair may reach into such a word of one
    character (有权 in 是否有权), since what looks like two words there is often one.
    """
    found = units(text)
    telling = {unit.word for unit in found} - empty_words() - weak_words()
    if not any(len(word) > 1 for word in telling):
        telling = {unit.word for unit in found} - empty_words() or {unit.word for unit in found}
    pairs = Counter(a.token + b.token for a, b in pairwise(found) if b.continues and _pair(a, b, telling))
    return Weighed(
        pairs=tuple(pairs),
        times=tuple(pairs.values()),
        characters=tuple(dict.fromkeys(unit.token for unit in found if unit.han and unit.word in telling)),
        figures=tuple(dict.fromkeys(unit.token for unit in found if not unit.han)),
    )


def _pair(first: Unit, second: Unit, telling: set[str]) -> bool:
    """True when a pair is worth looking for: one of a telling word with its like or with a word of one character."""
    others = [unit for unit in (first, second) if unit.word not in telling]
    return len(others) < 2 and all(len(unit.word) == 1 for unit in others)


def is_question(text: str) -> bool:
    """True when ``text`` asks (怎么, 哪些, a question mark): an answer is sought, not documents with those words."""
    return "?" in text or "？" in text or not question_words().isdisjoint(unit.word for unit in units(text))


@cache
def question_words() -> frozenset[str]:
    """The words by which a question is known."""
    return _word_list("question_words.txt")


@cache
def empty_words() -> frozenset[str]:
    """Words that say nothing about what is sought: a document need not have them, and they rank nothing."""
    return _word_list("empty_words.txt") | question_words()


@cache
def weak_words() -> frozenset[str]:
    """Words with which people wrap up what they seek (咨询, 希望): typed alone they are sought, else they rank nothing."""
    return _word_list("weak_words.txt")


def _word_list(name: str) -> frozenset[str]:
    lines = (resources.files("gongkai.search") / "data" / name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
