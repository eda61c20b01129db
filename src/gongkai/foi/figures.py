"""The figures of 依申请公开: tables three and four of the annual report as they stood on any day, and how long answers take.

Counted by the database from columns of the cases; which cases a cell is made of can always be listed (`cases_in`). 国办公开办函〔2021〕30号: an
application belongs to the year in which it was received (§31), its outcome to the year in which it was answered; what was open on the
last day is carried over (rules.md 2.5).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from statistics import fmean, median

from django.db.models import Count, F, Q, QuerySet

from gongkai.calendars import selectors as calendars
from gongkai.foi.models import Case, Remedy
from gongkai.rules import request_table as rt
from gongkai.rules.case_states import CaseState
from gongkai.rules.outcomes import outcomes
from gongkai.rules.request_settings import switch_setting, text_setting
from gongkai.rules.request_table import Imbalance, RemedyTable, RequestTable

Bodies = Iterable[int] | None
"""Keys of bodies; None: all of them."""
FIRST_YEAR = 2008
"""The 条例 came into force on 2008-05-01."""


def counting() -> Q:
    """Which cases count: received, and neither void nor (unless the settings say so) handled again or split off."""
    found = Q(received_on__isnull=False) & ~Q(state=CaseState.VOID.value)
    if not switch_setting("count_rehandled"):
        found &= ~Q(origin="rehandling")
    if text_setting("split_application_counting") == "as_submitted":
        found &= ~Q(origin="split")
    return found


def counted(bodies: Bodies = None) -> QuerySet[Case]:
    """The cases of these bodies that count."""
    found = Case.objects.filter(counting())
    return found if bodies is None else found.filter(organisation_id__in=list(bodies))


@dataclass(frozen=True, slots=True)
class Span:
    """A year up to a day: what lies after the day is not known yet. Raises `ValueError` for a day before the year."""

    year: int
    as_of: date

    def __post_init__(self) -> None:
        """A year that has not begun has no figures."""
        if self.as_of < self.first:
            raise ValueError(f"{self.as_of} is before {self.year}")

    @property
    def first(self) -> date:
        """1 January."""
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        """31 December, or the day if that is earlier."""
        return min(self.as_of, date(self.year, 12, 31))

    @property
    def everything(self) -> Q:
        """All cases of the table: received by the day, and not answered before the year."""
        return Q(received_on__lte=self.last) & (Q(decided_on=None) | Q(decided_on__gte=self.first))

    @property
    def answered(self) -> Q:
        """Answered in the year, by the day that counts as answered (国办公开办函〔2016〕235号); who withdrew got no answer."""
        return Q(timely_on__gte=self.first, timely_on__lte=self.last) & ~Q(state=CaseState.WITHDRAWN.value)

    def part(self, row: str) -> Q:
        """Which of the counted cases make up a row of the table; sums (r24) of all outcomes."""
        received = Q(received_on__lte=self.last)
        if row == rt.NEW:
            return self.everything & Q(received_on__gte=self.first)
        if row == rt.CARRIED_IN:
            return self.everything & Q(received_on__lt=self.first)
        if row == rt.CARRIED_OUT:
            return received & (Q(decided_on=None) | Q(decided_on__gt=self.last))
        decided = received & Q(decided_on__gte=self.first, decided_on__lte=self.last)
        if row == rt.HANDLED:
            return decided
        codes = [one.code for one in outcomes().values() if one.row == row]
        if row != rt.OTHER_ROW:
            return decided & Q(outcome__in=codes)
        named = [one.code for one in outcomes().values() if one.row != rt.OTHER_ROW]
        return decided & ~Q(outcome__in=named)


def tables(span: Span, bodies: Bodies = None) -> dict[int, RequestTable]:
    """Table three of each body that had anything to count, by key: one query, and one more that counts the applications apart."""
    cases = counted(bodies).filter(span.everything)
    rows = cases.order_by().values_list("organisation_id", "category", "outcome")
    numbers = rows.annotate(
        new=Count("pk", filter=span.part(rt.NEW)),
        carried=Count("pk", filter=span.part(rt.CARRIED_IN)),
        handled=Count("pk", filter=span.part(rt.HANDLED)),
        left=Count("pk", filter=span.part(rt.CARRIED_OUT)),
    )
    leaves: defaultdict[int, defaultdict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    for body, category, outcome, new, carried, handled, left in numbers:
        cells = leaves[body]
        cells[rt.NEW, category] += new
        cells[rt.CARRIED_IN, category] += carried
        cells[rt.row_of(outcome), category] += handled
        cells[rt.CARRIED_OUT, category] += left
    apart = dict(cases.order_by().values_list("organisation_id").annotate(n=Count("pk")))
    return {body: rt.made(span.year, span.as_of, found, apart[body]) for body, found in leaves.items()}


def table(span: Span, bodies: Bodies = None) -> RequestTable:
    """Table three of these bodies together, each case once; of nothing, a table of noughts."""
    found = list(tables(span, bodies).values())
    return rt.added_up(found) if found else rt.made(span.year, span.as_of, {}, 0)


def checked(span: Span, bodies: Bodies = None) -> tuple[RequestTable, list[Imbalance]]:
    """The table with every rule that does not hold: R1–R3, R10, R5 against the year before as it ended, R9 against the bodies' own tables."""
    by_body = tables(span, bodies)
    whole = rt.added_up(by_body.values()) if by_body else rt.made(span.year, span.as_of, {}, 0)
    before = table(Span(span.year - 1, date(span.year - 1, 12, 31)), bodies)
    return whole, rt.cross_footing(whole, last_year=before, parts=by_body.values())


def cases_in(span: Span, row: str, column: str, bodies: Bodies = None) -> QuerySet[Case]:
    """The cases that one cell counts, all of them and no others."""
    found = counted(bodies).filter(span.part(row))
    return found if column == rt.TOTAL else found.filter(category=column)


# --- table four --------------------------------------------------------------------------------------------------------
def remedies(span: Span, bodies: Bodies = None) -> RemedyTable:
    """Table four: decided in the year by result, and 尚未审结 on the day, whenever they were brought. One query."""
    found = remedies_in(span, bodies=bodies).order_by().values_list("kind")
    numbers = found.annotate(
        **{
            result: Count("pk", filter=_decided(span) & Q(result=result))
            for result in rt.RESULTS
            if result != "pending"
        },
        pending=Count("pk", filter=_pending(span)),
    )
    counted_here = {(row[0], result): n for row in numbers for result, n in zip(_RESULT_ORDER, row[1:], strict=True)}
    return rt.remedies_made(span.year, span.as_of, counted_here)


_RESULT_ORDER = (*(result for result in rt.RESULTS if result != "pending"), "pending")


def _decided(span: Span) -> Q:
    return Q(result_on__gte=span.first, result_on__lte=span.last)


def _pending(span: Span) -> Q:
    return Q(result_on=None) | Q(result_on__gt=span.last)


def remedies_in(span: Span, kind: str = "", result: str = "", bodies: Bodies = None) -> QuerySet[Remedy]:
    """The reconsiderations and suits that table four counts, or one cell of it (`result` of `rt.RESULTS`, empty or total: all)."""
    found = Remedy.objects.filter(_decided(span) | _pending(span), kind__in=list(rt.KINDS), filed_on__lte=span.last)
    if bodies is not None:
        found = found.filter(case__organisation_id__in=list(bodies))
    if kind:
        found = found.filter(kind=kind)
    if result == "pending":
        found = found.filter(_pending(span))
    elif result and result != rt.TOTAL:
        found = found.filter(_decided(span), result=result)
    return found


# --- time from receipt to answer ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Promptness:
    """How soon a body answered: the answers that were served in the year."""

    answered: int
    median_days: float | None
    """Working days from receipt to the day that counts as answered (国办公开办函〔2016〕235号); None: nothing was answered."""
    mean_days: float | None
    """Their mean, likewise."""
    in_time: int
    """On or before the last day, with what legally moved it."""

    @property
    def share(self) -> float | None:
        """Share in time, 0 to 1."""
        return self.in_time / self.answered if self.answered else None


def promptness(span: Span, bodies: Bodies = None) -> tuple[Promptness, dict[int, Promptness]]:
    """All together, and each body that answered: one query."""
    rows = (
        counted(bodies)
        .filter(span.answered)
        .annotate(last=F("due_on"))
        .values_list("organisation_id", "received_on", "timely_on", "last")
    )
    days = _WorkingDaysBetween()
    by_body: defaultdict[int, list[tuple[int, bool]]] = defaultdict(list)
    for body, received, answered, due in rows:
        if received and answered:  # the query asks for both
            by_body[body].append((days(received, answered), due is None or answered <= due))
    everything = [one for found in by_body.values() for one in found]
    return _promptness(everything), {body: _promptness(found) for body, found in by_body.items()}


def _promptness(found: list[tuple[int, bool]]) -> Promptness:
    days = [one for one, _ in found]
    middle, mean = (float(median(days)), fmean(days)) if days else (None, None)
    return Promptness(len(found), middle, mean, sum(timely for _, timely in found))


class _WorkingDaysBetween:
    """Working days after one day up to another, with a running count a year instead of a walk over the days each time."""

    def __init__(self) -> None:
        self._calendar = calendars.current()
        self._years: dict[int, list[int]] = {}

    def __call__(self, first: date, last: date) -> int:
        return (
            self._until(last)
            - self._until(first)
            + sum(
                self._year(year)[-1] * (1 if first <= last else -1)
                for year in range(min(first, last).year, max(first, last).year)
            )
        )

    def _until(self, day: date) -> int:
        return self._year(day.year)[day.timetuple().tm_yday - 1]

    def _year(self, year: int) -> list[int]:
        if year not in self._years:
            start = date(year, 1, 1)
            length = (date(year + 1, 1, 1) - start).days
            days = (start + timedelta(days=n) for n in range(length))
            self._years[year] = list(accumulate(int(self._calendar.is_working_day(day)) for day in days))
        return self._years[year]
