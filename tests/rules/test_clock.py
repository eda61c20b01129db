"""The clock of 依申请公开: the worked cases of the field, a walk over the days as the judge of all others, and what cannot be; 《条例》§30–35."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.rules.calendar import Notice, WorkingDays, Year, working_days
from gongkai.rules.clock import Defer, Extend, Pause, Restart, Start, last_day, months, natural_days, reckon
from gongkai.rules.processing_fee import by_items, by_pages
from gongkai.rules.reasons import Refused

DAYS = working_days()


def day(text: str) -> date:
    return date.fromisoformat(text)


def pause(first: str, last: str | None = None) -> Pause:
    return Pause(day(first), day(last) if last else None)


CASES = [
    ("2024-09-25", 20, [], "2024-10-28", "over the National Day with its worked weekend days"),
    ("2024-09-25", 20, [Extend(20)], "2024-11-25", "the same, extended"),
    ("2024-09-25", 20, [Restart(day("2024-10-21"))], "2024-11-18", "a corrected application begins the period anew"),
    ("2024-09-25", 20, [pause("2024-10-10", "2024-10-25")], "2024-11-13", "a third party was asked"),
    ("2024-09-30", 20, [], "2024-11-01", "received on the last day before a holiday"),
    ("2024-10-05", 20, [], "2024-11-01", "received in the holiday"),
    ("2024-10-07", 20, [], "2024-11-01", "received on its last day"),
    ("2024-04-28", 20, [], "2024-05-28", "received on a Sunday that was worked"),
    ("2022-12-30", 20, [], "2023-02-02", "over the New Year and Spring Festival"),
    ("2025-09-26", 20, [], "2025-10-30", "over the long holiday of 2025"),
    ("2025-09-26", 20, [Extend(20)], "2025-11-27", "the same, extended"),
    ("2025-04-27", 15, [], "2025-05-21", "a co-producing agency asked on a worked Sunday"),
    ("2026-12-03", 20, [], "2026-12-31", "the last that is wholly known"),
    ("2024-10-17", 20, [], "2024-11-14", "until when a fee is to be paid"),
    ("2024-10-17", 20, [Restart(day("2024-11-05"))], "2024-12-03", "and after it was"),
    ("2025-09-29", 7, [], "2025-10-15", "a penalty decision is published"),
    ("2024-12-13", 7, [], "2024-12-24", "another"),
    ("2026-02-10", 20, [], "2026-03-16", "over Spring Festival of 2026"),
    ("2026-02-10", 7, [], "2026-02-26", "the last day for a correction notice"),
    ("2026-03-02", 20, [], "2026-03-30", "a plain month"),
    ("2026-03-02", 20, [pause("2026-03-05", "2026-03-20")], "2026-04-15", "one consultation"),
    (
        "2026-03-02",
        20,
        [pause("2026-03-05", "2026-03-20"), pause("2026-03-10", "2026-03-26")],
        "2026-04-21",
        "two that overlap are a union",
    ),
    ("2026-03-02", 20, [Defer(day("2026-05-15"))], "2026-05-15", "a reasonable period (§35)"),
    ("2026-03-02", 20, [Defer(day("2026-03-10"))], "2026-03-30", "which never shortens"),
]


@pytest.mark.parametrize(("received", "count", "facts", "due", "why"), CASES, ids=[row[4] for row in CASES])
def test_the_worked_cases(received, count, facts, due, why) -> None:
    found = reckon(count, [Start(day(received)), *facts], DAYS)
    assert (found.due, found.provisional) == (day(due), False), why


def test_a_year_without_notice_gives_a_provisional_day() -> None:
    found = reckon(20, [Start(day("2026-12-15"))], DAYS)
    assert (found.due, found.provisional) == (day("2027-01-13"), True)


def test_every_day_is_accounted_for() -> None:
    found = reckon(20, [Start(day("2024-09-25"))], DAYS)
    counted = [line.day for line in found.days if line.number is not None]
    assert [line.number for line in found.days if line.number is not None] == list(range(1, 21))
    assert {day("2024-09-29"), day("2024-10-12")} <= set(counted), "a Sunday and a Saturday that were worked"
    assert {line.why for line in found.days if line.number is None} == {"周末", "国庆节"}
    assert [line.day for line in found.days] == [day("2024-09-26") + timedelta(n) for n in range(len(found.days))]


def test_while_a_consultation_is_under_way_nobody_can_say_the_day() -> None:
    facts = [Start(day("2026-03-02")), pause("2026-03-05")]
    found = reckon(20, facts, DAYS, today=day("2026-03-20"))
    assert (found.due, found.used, found.left) == (None, 3, 17)
    assert found.days[-1].day == day("2026-03-20")
    assert found.days[-1].number is None


def test_a_consultation_begun_after_the_period_was_over_stops_nothing() -> None:
    found = reckon(20, [Start(day("2026-03-02")), pause("2026-04-02")], DAYS, today=day("2026-04-10"))
    assert found.due == day("2026-03-30")


def test_days_used_and_left_as_of_a_day() -> None:
    found = reckon(20, [Start(day("2026-03-02"))], DAYS, today=day("2026-03-10"))
    assert (found.used, found.left) == (6, 14)


WRONG = [
    ([], "no_start", "never received"),
    ([Start(day("2026-03-02")), pause("2026-03-20", "2026-03-05")], "pause", "ends before it begins"),
    ([Start(day("2026-03-02")), Extend(15), Extend(6)], "extension", "more than twenty days in all"),
    ([Start(day("2026-03-02")), Extend(0)], "extension", "an extension of nothing"),
]


@pytest.mark.parametrize(("facts", "code", "why"), WRONG, ids=[row[2] for row in WRONG])
def test_facts_that_cannot_be_are_refused(facts, code, why) -> None:
    with pytest.raises(Refused) as refused:
        reckon(20, facts, DAYS)
    assert refused.value.codes == (code,), why


# --- a plain walk over the days, the judge of the rest -----------------------------------------------------------------
def _walk(count: int, facts: list, calendar: WorkingDays) -> date:
    """Day after day, as a clerk with a wall calendar would."""
    here = max(fact.on for fact in facts if isinstance(fact, (Start, Restart)))
    need = count + sum(fact.days for fact in facts if isinstance(fact, Extend))
    out = {
        fact.sent + timedelta(days=n)
        for fact in facts
        if isinstance(fact, Pause)
        for n in range(1, (fact.ended - fact.sent).days + 1)
    }
    while need:
        here += timedelta(days=1)
        if calendar.is_working_day(here) and here not in out:
            need -= 1
    return here


@st.composite
def _calendars(draw: st.DrawFn) -> WorkingDays:
    first = date(2030, 1, 1)
    odd = draw(st.lists(st.integers(0, 364), max_size=40, unique=True))
    days = [first + timedelta(days=n) for n in odd]
    rest = frozenset(one for one in days if one.weekday() < 5)
    work = frozenset(one for one in days if one.weekday() >= 5)
    notice = Notice("通知", "国办发明电〔2029〕1号", date(2029, 11, 1))
    return WorkingDays([Year(2030, (notice,), dict.fromkeys(rest, "假日"), rest, work)])


_within = st.dates(date(2030, 1, 1), date(2030, 8, 31))
_pauses = st.builds(lambda first, length: Pause(first, first + timedelta(days=length)), _within, st.integers(0, 40))
_facts = st.lists(st.one_of(_pauses, st.builds(Restart, _within)), max_size=5)


@settings(max_examples=10_000, deadline=None)
@given(_calendars(), _within, st.integers(1, 25), _facts, st.integers(0, 20))
def test_the_clock_equals_a_walk_over_the_days(calendar, received, count, facts, extension) -> None:
    every = [Start(received), *facts, *([Extend(extension)] if extension else [])]
    found = reckon(count, every, calendar)
    assert found.due == _walk(count, every, calendar)
    assert sum(line.number is not None for line in found.days) == count + extension


_any_facts = st.lists(
    st.one_of(_pauses, st.builds(Pause, _within), st.builds(Restart, _within), st.builds(Defer, _within)), max_size=5
)


@settings(max_examples=1_000, deadline=None)
@given(_calendars(), _within, st.integers(1, 25), _any_facts, st.one_of(st.none(), _within))
def test_the_last_day_alone_is_that_of_the_derivation(calendar, received, count, facts, today) -> None:
    every = [Start(received), *facts]
    found = reckon(count, every, calendar, today)
    assert last_day(count, every, calendar, today) == (found.due, found.provisional)


# --- natural days, months, fees ----------------------------------------------------------------------------------------
def test_natural_days_and_months_end_on_a_working_day_where_they_roll() -> None:
    assert natural_days(day("2025-01-10"), 20, DAYS, roll=False).day == day("2025-01-30")
    assert natural_days(day("2025-01-10"), 20, DAYS).day == day("2025-02-05")
    assert months(day("2024-04-01"), 6, DAYS).day == day("2024-10-08")
    assert months(day("2024-08-31"), 6, DAYS, roll=False).day == day("2025-02-28")
    assert months(day("2023-11-30"), 3, DAYS, roll=False).day == day("2024-02-29")


ITEMS = [(0, 0), (10, 0), (11, 100), (30, 2000), (31, 2200), (45, 5500), (51, 2000 + 2000 + 3000 + 400)]
PAGES = [(0, 0), (30, 0), (31, 10), (68, 380), (101, 720), (250, 4700)]


@pytest.mark.parametrize(("count", "total"), ITEMS)
def test_the_fee_by_applications_of_one_month(count: int, total: int) -> None:
    assert by_items(count) == total


@pytest.mark.parametrize(("count", "total"), PAGES)
def test_the_fee_by_pages(count: int, total: int) -> None:
    assert by_pages(count) == total
    with pytest.raises(ValueError, match="negative"):
        by_pages(-1)
