"""检索情况: what was sought, what was sought and not found, what is rising, for the disclosure office.

Words are shown only when on one day of the period several network segments asked them (`office_networks`), and never when
they may be about a person; everything else is only counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import F, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from gongkai.rules.popular_searches import parameters
from gongkai.search_log import words
from gongkai.search_log.models import DayOfText, SearchDay, Treatment


class View(StrEnum):
    """What the report is sorted by, and which searches it shows."""

    MOST = "most"
    NOTHING = "nothing"
    RELAXED = "relaxed"
    RISING = "rising"

    @property
    def label(self) -> str:
        """The tab."""
        return {"most": "检索最多", "nothing": "没有结果", "relaxed": "只有部分匹配", "rising": "上升最快"}[self.value]


class Step(StrEnum):
    """What the office does about a search."""

    ADD_SYNONYM = "add_synonym"
    PUBLISH = "publish"
    NO_ACTION = "no_action"

    @property
    def label(self) -> str:
        """The button."""
        return {"add_synonym": "补充同义词", "publish": "发布相关信息", "no_action": "标记无需处理"}[self.value]


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def before(self) -> Period:
        """The days before, as many."""
        length = self.last - self.first + timedelta(days=1)
        return Period(self.first - length, self.last - length)


@dataclass(frozen=True, slots=True)
class Row:
    """One search in the period. Counts are searchers, added up over the days."""

    searched_id: int
    text: str
    searchers: int
    before: int
    """Searchers in the period before."""
    found: int
    relaxed: int
    nothing: int
    in_library: int
    last_on: date
    treatment: Treatment | None = None

    @property
    def suggestion(self) -> Step | None:
        """The step that suggests itself: what was asked in other words lacks a synonym, what was not found lacks information."""
        if self.relaxed + self.nothing <= self.found:
            return None
        return Step.ADD_SYNONYM if self.relaxed >= self.nothing else Step.PUBLISH


@dataclass(frozen=True, slots=True)
class Report:
    """The report: rows, and how much it does not put into words."""

    period: Period
    rows: Sequence[Row]
    others: int
    """Searchers of this view whose words too few asked, or which are further down."""
    searches: int
    nothing: int
    unrecorded: int
    threshold: int


def report(period: Period, view: View, *, untreated: bool = False, limit: int = 100) -> Report:
    """Return the report of a period: four queries whatever its length."""
    figures = parameters()
    measure, chosen = _measure(period, view)
    texts = _texts(period).filter(chosen, Q(most__gte=figures.office_networks))
    if untreated:
        texts = texts.filter(searched__treatment=None)
    found = [row for row in texts.order_by(measure.desc(), "searched__text")[: limit * 2] if _tellable(row)][:limit]
    treated = Treatment.objects.in_bulk([row["searched_id"] for row in found], field_name="searched_id")
    rows = [_row(row, treated.get(row["searched_id"])) for row in found]
    days = SearchDay.objects.filter(on__range=(period.first, period.last)).aggregate(
        searches=Coalesce(Sum("searches"), 0),
        nothing=Coalesce(Sum("nothing"), 0),
        unrecorded=Coalesce(Sum("unrecorded"), 0),
    )
    shown = sum(
        row.nothing if view is View.NOTHING else row.relaxed if view is View.RELAXED else row.searchers for row in rows
    )
    return Report(period, rows, max(0, _all(period, view) - shown), **days, threshold=figures.office_networks)


def _texts(period: Period) -> QuerySet[DayOfText, Any]:
    """The searches of the period and the one before, one row each."""
    now = Q(on__range=(period.first, period.last))
    before = Q(on__range=(period.before.first, period.before.last))
    return (
        DayOfText.objects.filter(on__range=(period.before.first, period.last))
        .values("searched_id", "searched__text")
        .annotate(
            n=Coalesce(Sum("searchers", filter=now), 0),
            n_before=Coalesce(Sum("searchers", filter=before), 0),
            n_found=Coalesce(Sum("found", filter=now), 0),
            n_relaxed=Coalesce(Sum("relaxed", filter=now), 0),
            n_nothing=Coalesce(Sum("nothing", filter=now), 0),
            n_library=Coalesce(Sum("in_library", filter=now), 0),
            most=Max("networks", filter=now),
            last_on=Max("on", filter=now),
        )
    )


def _measure(period: Period, view: View) -> tuple[F, Q]:
    if view is View.NOTHING:
        return F("n_nothing"), Q(n_nothing__gt=0)
    if view is View.RELAXED:
        return F("n_relaxed"), Q(n_relaxed__gt=0)
    if view is View.RISING:
        return F("n") - F("n_before"), Q(n__gt=F("n_before"))  # type: ignore[return-value]
    return F("n"), Q(n__gt=0)


def _all(period: Period, view: View) -> int:
    """Searchers of the view in the whole period, words known or not."""
    column = {View.NOTHING: "nothing", View.RELAXED: "relaxed"}.get(view, "searchers")
    days = DayOfText.objects.filter(on__range=(period.first, period.last))
    return int(days.aggregate(n=Coalesce(Sum(column), 0))["n"])


def _tellable(row: dict[str, Any]) -> bool:
    """Asked again when shown: the detectors may have learned since the words were written down."""
    return not words.is_private(str(row["searched__text"]))


def _row(row: dict[str, Any], treatment: Treatment | None) -> Row:
    counts = {name: row[column] for name, column in _COLUMNS.items()}
    return Row(text=row["searched__text"], last_on=row["last_on"], treatment=treatment, **counts)


_COLUMNS = {
    "searched_id": "searched_id",
    "searchers": "n",
    "before": "n_before",
    "found": "n_found",
    "relaxed": "n_relaxed",
    "nothing": "n_nothing",
    "in_library": "n_library",
}


def is_told(searched_id: int) -> bool:
    """Whether a search may be shown in words at all: then it may also be treated."""
    days = DayOfText.objects.filter(searched_id=searched_id, networks__gte=parameters().office_networks)
    text = days.values_list("searched__text", flat=True).first()
    return text is not None and not words.is_private(text)
