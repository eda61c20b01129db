"""热门搜索: which searches are shown as popular, by a published formula with published thresholds.

For each search, ``score = Σ searchers(day) × 2^(−age of the day / half-life)`` over the last days of the window, where
``searchers(day)`` counts distinct visitors and at most a few of each network segment. A search is shown only when enough
segments asked it on one and the same day (so that nobody's private words appear), when it found something, and when
nothing speaks against its words. The figures stand in ``data/popular_searches.toml``.

Segments of different days cannot be compared, because the key they are hashed with is thrown away every day; that is why
the threshold looks at the best single day and not at the sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from gongkai.rules.vocabulary import VocabularyError, cached_data, data_file, read_toml


class Exclusion(StrEnum):
    """Why a search is not shown although it reached the threshold; each is a reason that can be stated in public."""

    PERSONAL = "personal"
    INDECENT = "indecent"
    ADVERTISEMENT = "advertisement"
    MISLEADING = "misleading"
    MEANINGLESS = "meaningless"

    @property
    def label(self) -> str:
        """The reason as it is published."""
        return _EXCLUSION_LABELS[self]


_EXCLUSION_LABELS = {
    Exclusion.PERSONAL: "涉及个人信息或者个人隐私",
    Exclusion.INDECENT: "用语不文明",
    Exclusion.ADVERTISEMENT: "商业广告或者违法内容",
    Exclusion.MISLEADING: "容易引起误解",
    Exclusion.MEANINGLESS: "没有实际含义或者与政务公开无关",
}


@dataclass(frozen=True, slots=True)
class ExcludedTerm:
    """A folded term that keeps searches from being shown."""

    term: str
    whole: bool
    """True: only a search that says nothing else; False: every search the term occurs in."""
    reason: Exclusion


@dataclass(frozen=True, slots=True)
class Parameters:
    """The figures of the formula, see the data file for their meaning."""

    window_days: int
    half_life_days: int
    shown: int
    shortest: int
    longest: int
    networks: int
    office_networks: int
    per_network: int
    per_minute: int
    per_network_a_day: int
    rare_days: int
    excluded: tuple[ExcludedTerm, ...]


@dataclass(frozen=True, slots=True)
class DayCount:
    """What was counted for one search on one day."""

    on: date
    searchers: int
    networks: int
    found: int
    """Searchers who were shown results with all the words."""
    empty: int
    """Searchers who were shown nothing, or only results with some of the words."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A search with its days."""

    text: str
    days: tuple[DayCount, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A search with its figures, as the explanation page shows them."""

    text: str
    score: float
    searchers: int
    most_networks: int


def score(days: Iterable[DayCount], today: date, parameters: Parameters) -> float:
    """Return the score of one search; days outside the window, and days to come, count nothing."""
    total = 0.0
    for day in days:
        age = (today - day.on).days
        if 0 <= age < parameters.window_days:
            total += day.searchers * 2 ** (-age / parameters.half_life_days)
    return total


def popular(candidates: Iterable[Candidate], today: date, parameters: Parameters) -> list[Standing]:
    """Return the searches that are shown, best first; equal scores in the order of their text.

    The words themselves (length, personal data, exclusions) must have been judged before.
    """
    standings = [
        standing for candidate in candidates if (standing := standing_of(candidate, today, parameters)) is not None
    ]
    standings.sort(key=lambda one: (-one.score, one.text))
    return standings[: parameters.shown]


def standing_of(candidate: Candidate, today: date, parameters: Parameters) -> Standing | None:
    """Return the figures of one search; None when it stays below a threshold or mostly found nothing."""
    days = [day for day in candidate.days if 0 <= (today - day.on).days < parameters.window_days]
    most = max((day.networks for day in days), default=0)
    if most < parameters.networks:
        return None
    if sum(day.found for day in days) <= sum(day.empty for day in days):
        return None
    return Standing(candidate.text, score(days, today, parameters), sum(day.searchers for day in days), most)


def excluded_by(text: str, terms: Iterable[ExcludedTerm]) -> Exclusion | None:
    """Return why ``terms`` exclude a folded ``text``, or None."""
    return next((one.reason for one in terms if (one.term == text if one.whole else one.term in text)), None)


def parameters() -> Parameters:
    """Return the figures in force; raises `VocabularyError` when the data file is faulty."""
    return _in_force("popular_searches")


@cached_data
def _in_force(name: str) -> Parameters:
    return load(data_file(name))


_FIGURES = {
    "formula": ("window_days", "half_life_days", "shown", "shortest", "longest"),
    "thresholds": ("networks", "office_networks", "per_network"),
    "intake": ("per_minute", "per_network_a_day", "rare_days"),
}
LEAST_NETWORKS = 3
"""No file may set the thresholds below this: what fewer than three segments asked may be one person's private words."""


def load(path: Path) -> Parameters:
    """Read and check a data file; raises `VocabularyError` naming the figure and the remedy."""
    data = read_toml(path)
    figures = read_figures(path.name, data, _FIGURES)
    for name in ("networks", "office_networks"):
        if figures[name] < LEAST_NETWORKS:
            raise VocabularyError(f"{path.name}：{name} 不得小于 {LEAST_NETWORKS}，否则可能公开个别人的检索内容。")
    return Parameters(**figures, excluded=_excluded(path.name, data.get("excluded", [])))


def read_figures(filename: str, data: Mapping[str, object], parts: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Return the named positive whole numbers of the tables of a data file; raises `VocabularyError` naming the first faulty one."""
    figures: dict[str, int] = {}
    for part, names in parts.items():
        table = data.get(part)
        for name in names:
            value = table.get(name) if isinstance(table, dict) else None
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise VocabularyError(f"{filename}：[{part}] 的 {name} 应为正整数。")
            figures[name] = value
    return figures


def _excluded(filename: str, rows: object) -> tuple[ExcludedTerm, ...]:
    found: list[ExcludedTerm] = []
    known = [reason.value for reason in Exclusion]
    for row in rows if isinstance(rows, list) else [rows]:
        if not isinstance(row, dict) or row.get("reason") not in known:
            raise VocabularyError(f"{filename}：每个 [[excluded]] 应有 reason，可选 {'、'.join(known)}。")
        for column, whole in (("terms", False), ("whole", True)):
            terms = row.get(column, [])
            if not isinstance(terms, list) or not all(isinstance(term, str) and term.strip() for term in terms):
                raise VocabularyError(f"{filename}：[[excluded]] 的 {column} 应为文字列表。")
            found += [ExcludedTerm(term.strip().lower(), whole, Exclusion(row["reason"])) for term in terms]
    return tuple(found)
