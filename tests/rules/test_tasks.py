"""Deadlines of the office's tasks: reckoned in working days, in words, and turned round for counting."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rules.calendar import working_days
from gongkai.rules.tasks import NONE, Standing, after, overdue_since, task_types, until

DAYS = working_days()
THURSDAY = date(2026, 11, 26)

STANDS = [
    (date(2026, 11, 20), 1, Standing.OVERDUE, "已超期 3 个工作日（11月23日到期）", "due on Monday, now Thursday"),
    (date(2026, 11, 25), 1, Standing.TODAY, "今天到期", "due today"),
    (date(2026, 11, 26), 2, Standing.SOON, "还剩 2 个工作日（11月30日到期）", "over a weekend"),
    (date(2026, 11, 26), 20, Standing.IN_TIME, "还剩 20 个工作日（12月24日到期）", "the term of 《条例》§26"),
    (
        date(2026, 12, 20),
        20,
        Standing.IN_TIME,
        "还剩 36 个工作日（2027年1月18日到期，暂定）",
        "into a year without notice",
    ),
    (date(2026, 11, 19), 1, Standing.OVERDUE, "已超期 4 个工作日（11月20日到期）", "due on a Friday"),
]


@pytest.mark.parametrize(("start", "days", "standing", "words", "why"), STANDS, ids=[row[4] for row in STANDS])
def test_a_deadline_says_how_it_stands(start, days, standing, words, why) -> None:
    found = after(start, days, THURSDAY, DAYS)
    assert (found.standing, found.words) == (standing, words), why


def test_what_fell_due_on_a_saturday_is_late_by_a_day_at_least() -> None:
    assert until(date(2026, 11, 21), date(2026, 11, 22), DAYS).words == "已超期 1 个工作日（11月21日到期）"


def test_days_counted_through_a_year_without_notice_are_provisional_even_to_a_fixed_day() -> None:
    found = until(date(2027, 1, 5), date(2026, 12, 30), DAYS)
    assert (found.words, found.provisional) == ("还剩 3 个工作日（2027年1月5日到期，暂定）", True)
    assert not until(date(2026, 12, 31), date(2026, 12, 30), DAYS).provisional


def test_without_a_beginning_or_a_term_there_is_no_deadline() -> None:
    assert after(None, 3, THURSDAY, DAYS) == NONE
    assert after(THURSDAY, None, THURSDAY, DAYS) == NONE


@given(st.dates(date(2020, 1, 1), date(2026, 6, 30)), st.integers(1, 25))
def test_the_turning_point_for_counting_is_where_the_deadline_turns(today, days) -> None:
    last = overdue_since(today, days, DAYS)
    assert after(last, days, today, DAYS).standing is Standing.OVERDUE
    assert after(last + timedelta(days=1), days, today, DAYS).standing is not Standing.OVERDUE


def test_the_term_of_the_law_is_told_from_our_own() -> None:
    types = task_types()
    assert (types["drafts"].days, types["drafts"].statutory) == (20, True)
    assert not types["review"].statutory
    assert all(task.why.endswith("。") and task.next_step for task in types.values())
