"""The clock of 依申请公开: a period in working days, the facts that move it, the day it ends, and every day of it accounted for.

《条例》§30 (correction: the period begins anew), §32–34 (consultation: its time does not count), §33 (20 working days, one extension of at most 20,
agreed to by the head of the office), §35 (a reasonable period). The day of receipt does not count (《民法典》§201). A due date is never kept as
truth: it is reckoned from the facts, so a late fact or a new calendar changes it as it should.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from gongkai.rules.calendar import Reckoned, WorkingDays
from gongkai.rules.reasons import Reason, Refused

LONGEST_EXTENSION = 20
"""Working days in all (《条例》§33)."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fact:
    """What moved the clock, with the rule and the document it rests on."""

    basis: str = field(default="", kw_only=True)
    document: str = field(default="", kw_only=True)


@dataclass(frozen=True, slots=True)
class Start(Fact):
    """Received on this day (§31): the period begins on the next."""

    on: date


@dataclass(frozen=True, slots=True)
class Restart(Fact):
    """The period begins anew after this day: the corrected application came (§30), or the fee was paid."""

    on: date


@dataclass(frozen=True, slots=True)
class Pause(Fact):
    """Working days after `sent` up to and including `ended` do not count (§33); no end: it is still under way."""

    sent: date
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class Extend(Fact):
    """So many working days more (§33)."""

    days: int


@dataclass(frozen=True, slots=True)
class Defer(Fact):
    """A reasonable period until this day, told to the applicant (§35)."""

    until: date


ClockFact = Start | Restart | Pause | Extend | Defer


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of the derivation: its number when it counts, and why or why not."""

    day: date
    number: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Where the clock stands."""

    due: date | None
    """None while a consultation is under way: nobody can say yet."""
    provisional: bool
    total: int
    """Working days of the period, extensions included."""
    days: tuple[DayLine, ...]
    """Every day after the start up to the last one; while it is paused, up to the day of asking."""
    used: int = 0
    """Counted days up to and including the day of asking."""

    @property
    def left(self) -> int:
        """Working days that are left; negative when it is over."""
        return self.total - self.used


def reckon(days: int, facts: Sequence[ClockFact], calendar: WorkingDays, today: date | None = None) -> Reckoning:
    """Reckon a period of ``days`` working days from its facts, in any order, as it stands on ``today``.

    Raises :class:`gongkai.rules.reasons.Refused` for facts that cannot be: no start, a pause that ends before it begins, more than
    twenty days of extension.
    """
    lines, number = [], 0
    for day, pause in _walked(days, facts, calendar, today):
        why = calendar.why(day)
        if not calendar.is_working_day(day):
            lines.append(DayLine(day, None, why))
        elif pause:
            lines.append(DayLine(day, None, pause.basis or "征求意见期间不计入"))
        else:
            number += 1
            lines.append(DayLine(day, number, why))
    total = _total(days, facts)
    due = _deferred(lines[-1].day, facts) if number >= total else None
    provisional = not all(calendar.covers(line.day) for line in lines)
    used = sum(line.number is not None and (today is None or line.day <= today) for line in lines)
    return Reckoning(due, provisional, total, tuple(lines), used)


def last_day(
    days: int, facts: Sequence[ClockFact], calendar: WorkingDays, today: date | None = None
) -> tuple[date | None, bool]:
    """`due` and `provisional` of `reckon` without the derivation, for many cases at once. Raises as `reckon`."""
    number, provisional, last = 0, False, None
    for last, pause in _walked(days, facts, calendar, today):
        provisional = provisional or not calendar.covers(last)
        if pause is None and calendar.is_working_day(last):
            number += 1
    return (_deferred(last, facts) if last and number >= _total(days, facts) else None), provisional


def _walked(
    days: int, facts: Sequence[ClockFact], calendar: WorkingDays, today: date | None
) -> Iterator[tuple[date, Pause | None]]:
    """Every day after the start up to the last, with the pause it falls into; while the clock stands still, up to ``today``."""
    if reasons := list(_reasons(days, facts)):
        raise Refused(reasons)
    day = start = _start_of(facts)
    pauses = [fact for fact in facts if isinstance(fact, Pause)]
    stopped = min((pause.sent for pause in pauses if pause.ended is None), default=None)
    until = max([one for one in (today, stopped, start) if one])
    left = _total(days, facts)
    while left and not (stopped is not None and day >= until):
        day += _DAY
        pause = next((one for one in pauses if one.sent < day and (one.ended is None or day <= one.ended)), None)
        if pause is None and calendar.is_working_day(day):
            left -= 1
        yield day, pause


def _total(days: int, facts: Iterable[ClockFact]) -> int:
    return days + sum(fact.days for fact in facts if isinstance(fact, Extend))


def _deferred(due: date, facts: Iterable[ClockFact]) -> date:
    return max([due, *(fact.until for fact in facts if isinstance(fact, Defer))])


def _start_of(facts: Sequence[ClockFact]) -> date:
    days = [fact.on for fact in facts if isinstance(fact, (Start, Restart))]
    if not days:
        raise Refused(
            [Reason("no_start", "没有收到日期，不能计算期限。请先登记收到日期。", "《条例》§31", "received_on")]
        )
    return max(days)


def _reasons(days: int, facts: Sequence[ClockFact]) -> Iterable[Reason]:
    if days < 1:
        yield Reason("days", "期限应当是不小于 1 的工作日数。", "", "days")
    for fact in facts:
        if isinstance(fact, Pause) and fact.ended is not None and fact.ended < fact.sent:
            message = f"征求意见结束日期{fact.ended:%Y-%m-%d}早于发出日期{fact.sent:%Y-%m-%d}，请核对。"
            yield Reason("pause", message, "《条例》§33", "pause")
    extended = [fact.days for fact in facts if isinstance(fact, Extend)]
    if any(one < 1 for one in extended) or sum(extended) > LONGEST_EXTENSION:
        message = f"延长期限合计为 1 至 {LONGEST_EXTENSION} 个工作日，请核对。"
        yield Reason("extension", message, "《条例》§33", "extend")


# --- natural days and months -------------------------------------------------------------------------------------------
def natural_days(start: date, count: int, calendar: WorkingDays, *, roll: bool = True) -> Reckoned:
    """``count`` days after ``start``; a period that ends on a day off ends on the next working day (《民法典》§203), unless ``roll`` is off."""
    return _rolled(start + timedelta(days=count), calendar, roll=roll)


def months(start: date, count: int, calendar: WorkingDays, *, roll: bool = True) -> Reckoned:
    """``count`` months after ``start``: the day of that number, or the month's last where there is none (《民法典》§202)."""
    month = start.month - 1 + count
    year, month = start.year + month // 12, month % 12 + 1
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    last = (first_of_next - _DAY).day
    return _rolled(date(year, month, min(start.day, last)), calendar, roll=roll)


def _rolled(day: date, calendar: WorkingDays, *, roll: bool) -> Reckoned:
    provisional = not calendar.covers(day)
    while roll and not calendar.is_working_day(day):
        day += _DAY
        provisional = provisional or not calendar.covers(day)
    return Reckoned(day, provisional)
