"""What makes one hit better than another. Numbers only; the engines turn them into queries."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ranking:
    """Weights of the parts of a score, all BM25 except the last.

    The title weights are modest on purpose: a strong boost of the title loses a third of the quality on
    judged questions.
    """

    text_pairs: float = 1.0
    """Pairs of characters of the sought words, in title, summary and body together."""
    text_words: float = 0.6
    """Dictionary words, in title, summary and body together."""
    title_pairs: float = 0.6
    title_words: float = 0.4
    own_number: float = 1000.0
    """Added when a sought document number is the document's own: it comes first, whatever the words say."""


RANKING = Ranking()


def words_needed(count: int) -> int:
    """How many of ``count`` words a document must have: all of up to three, then three in four."""
    return count if count <= 3 else max(3, count * 3 // 4)


def words_needed_relaxed(count: int) -> int:
    """How many are enough when no document has those of `words_needed`: a third, at least one."""
    return max(1, count // 3)
