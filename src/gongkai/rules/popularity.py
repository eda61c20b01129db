"""热度榜 (popularity_ranking): which interpretations and policy documents are read most, by a published formula.

For each item, ``score = Σ readers(day) × 2^(−age of the day / half-life)`` over the last days of the window, where
``readers(day)`` counts distinct visitors and at most a few of each network segment. An item is listed only when enough readers
read it in the window and enough segments on one and the same day: segments of different days cannot be compared, because the
key they are hashed with is thrown away every day. The figures stand in ``data/popularity.toml``. No article orders the formula;
that it is published, and that the same readings give the same list, is what makes the list one that can be answered for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from gongkai.rules.popular_searches import read_figures
from gongkai.rules.vocabulary import cached_data, data_file, read_toml


@dataclass(frozen=True, slots=True)
class Parameters:
    """The figures of the formula, see the data file for their meaning."""

    window_days: int
    half_life_days: int
    shown: int
    readers: int
    networks: int
    per_network: int
    per_minute: int
    per_network_a_day: int


@dataclass(frozen=True, slots=True)
class DayOfReading:
    """What was counted for one item on one day."""

    on: date
    readers: int
    networks: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item with its days, and when it was published."""

    item_id: int
    published_at: datetime
    days: tuple[DayOfReading, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """An item of the list with its figures."""

    item_id: int
    score: float
    readers: int
    """Readers in the window, each counted by the day."""
    days: tuple[DayOfReading, ...]
    """The days of the window that make up the score, oldest first."""


def count_day(networks: Iterable[str], per_network: int) -> tuple[int, int]:
    """Return readers and segments of one item and day, from the segment of each distinct visitor."""
    visitors = Counter(networks)
    return sum(min(count, per_network) for count in visitors.values()), len(visitors)


def weight(on: date, today: date, parameters: Parameters) -> float:
    """Return what one reader of the day ``on`` counts: 1 today, a half after the half-life, 0 outside the window."""
    age = (today - on).days
    return 2.0 ** (-age / parameters.half_life_days) if 0 <= age < parameters.window_days else 0.0


def score(days: Iterable[DayOfReading], today: date, parameters: Parameters) -> float:
    """Return the score of one item; days outside the window, and days to come, count nothing."""
    return sum((day.readers * weight(day.on, today, parameters) for day in days), 0.0)


def standing_of(candidate: Candidate, today: date, parameters: Parameters) -> Standing | None:
    """Return the figures of one item; None when it stays below a threshold."""
    days = sorted((day for day in candidate.days if weight(day.on, today, parameters)), key=lambda day: day.on)
    readers = sum(day.readers for day in days)
    if readers < parameters.readers or max(day.networks for day in days) < parameters.networks:
        return None
    return Standing(candidate.item_id, score(days, today, parameters), readers, tuple(days))


def ranking(candidates: Iterable[Candidate], today: date, parameters: Parameters) -> list[Standing]:
    """Return all that may be listed, best first; of equal scores the newer publication."""
    found = [
        (candidate, standing)
        for candidate in candidates
        if (standing := standing_of(candidate, today, parameters)) is not None
    ]
    found.sort(key=lambda pair: (pair[1].score, pair[0].published_at, pair[0].item_id), reverse=True)
    return [standing for _, standing in found]


def parameters() -> Parameters:
    """Return the figures in force; raises `VocabularyError` when the data file is faulty."""
    return _in_force("popularity")


@cached_data
def _in_force(name: str) -> Parameters:
    return load(data_file(name))


_FIGURES = {
    "formula": ("window_days", "half_life_days", "shown"),
    "thresholds": ("readers", "networks", "per_network"),
    "intake": ("per_minute", "per_network_a_day"),
}


def load(path: Path) -> Parameters:
    """Read and check a data file; raises `VocabularyError` naming the figure and the remedy."""
    return Parameters(**read_figures(path.name, read_toml(path), _FIGURES))
