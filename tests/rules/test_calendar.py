"""Working days: the notices of the State Council's office, day by day, and counting over them; 《民法典》§201."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rules.calendar import WorkingDays, read_year, working_days
from gongkai.rules.vocabulary import VocabularyError

DAYS = working_days()
FIRST, LAST = date(2019, 1, 1), date(2026, 12, 31)
known_days = st.dates(FIRST, LAST - timedelta(days=200))


def test_every_day_of_the_shipped_years_is_what_an_independent_calendar_says() -> None:
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    assert len(days) == 2922
    wrong = [day for day in days if DAYS.is_working_day(day) != chinese_calendar.is_workday(day)]
    assert wrong == []


def test_each_year_has_as_many_working_days_as_counted_elsewhere() -> None:
    counted = {year: DAYS.between(date(year - 1, 12, 31), date(year, 12, 31)) for year in DAYS.years}
    assert counted == {2019: 250, 2020: 249, 2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 248, 2026: 248}


def test_each_year_names_the_notice_it_rests_on() -> None:
    for year in DAYS.years.values():
        assert all(notice.number.startswith("国办发明电〔") and notice.url for notice in year.notices), year.year
    assert [notice.number for notice in DAYS.years[2020].notices] == ["国办发明电〔2019〕16号", "国办发明电〔2020〕1号"]


KNOWN = [
    (date(2020, 1, 31), False, "春节", "the extension of 2020 (国办发明电〔2020〕1号)"),
    (date(2020, 2, 1), False, "春节", "a Saturday that was first to be worked"),
    (date(2019, 5, 5), True, "调休上班", "Labour Day of 2019 was changed in March"),
    (date(2019, 5, 3), False, "劳动节", "the same change"),
    (date(2026, 2, 14), True, "调休上班", "a Saturday of 2026"),
    (date(2026, 10, 10), True, "调休上班", "another"),
    (date(2026, 9, 21), True, "工作日", "a plain Monday"),
    (date(2026, 9, 26), False, "中秋节", "a Saturday within a holiday has its name"),
    (date(2026, 11, 28), False, "周末", "a plain Saturday"),
    (date(2027, 1, 1), False, "法定节日", "fixed, though the notice has not come"),
    (date(2027, 3, 1), True, "暂按工作日", "a Monday of a year without notice"),
]


@pytest.mark.parametrize(("day", "works", "why", "reason"), KNOWN, ids=[row[3] for row in KNOWN])
def test_well_known_days(day: date, works: bool, why: str, reason: str) -> None:
    assert (DAYS.is_working_day(day), DAYS.why(day)) == (works, why)


COUNTED = [
    (date(2026, 3, 2), 20, date(2026, 3, 30), False, "four weeks without a holiday"),
    (date(2026, 2, 10), 20, date(2026, 3, 16), False, "over Spring Festival, with two Saturdays worked"),
    (date(2026, 9, 24), 1, date(2026, 9, 28), False, "the next day is a holiday"),
    (date(2026, 9, 26), 1, date(2026, 9, 28), False, "received on a day off"),
    (date(2026, 3, 2), 0, date(2026, 3, 2), False, "nothing to count"),
    (date(2026, 12, 20), 20, date(2027, 1, 18), True, "into a year without notice"),
]


@pytest.mark.parametrize(("start", "count", "day", "provisional", "why"), COUNTED, ids=[row[4] for row in COUNTED])
def test_counting_begins_on_the_next_day(start: date, count: int, day: date, provisional: bool, why: str) -> None:
    found = DAYS.add(start, count)
    assert (found.day, found.provisional) == (day, provisional), why


@given(known_days, st.integers(1, 100))
def test_what_is_counted_out_is_counted_back(start: date, count: int) -> None:
    end = DAYS.add(start, count).day
    assert DAYS.between(start, end) == count
    assert DAYS.between(end, start) == -count
    assert DAYS.is_working_day(end)


@given(known_days, st.integers(0, 50), st.integers(0, 50))
def test_two_counts_one_after_the_other_are_one(start: date, first: int, second: int) -> None:
    assert DAYS.add(DAYS.add(start, first).day, second) == DAYS.add(start, first + second)


def test_a_negative_count_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="negative"):
        DAYS.add(FIRST, -1)


def test_without_any_notice_everything_is_provisional_and_nothing_fails() -> None:
    bare = WorkingDays([])
    found = bare.add(date(2026, 3, 2), 5)
    assert (found.day, found.provisional) == (date(2026, 3, 9), True)


HEAD = 'year = 2027\n[[notices]]\ntitle = "通知"\nnumber = "国办发明电〔2026〕1号"\npublished_on = 2026-11-01\n'
WRONG = [
    ("year = 2027 rest", "不是有效的 TOML", "no TOML"),
    ('[[holidays]]\nname = "元旦"', "缺少 year", "no year"),
    ("year = 2027", "应当写明通知", "no notice"),
    (HEAD, "应当写明通知", "no holidays"),
    (HEAD + "[[holidays]]\nrest = [2027-01-01]", "缺少 'name'", "a holiday without a name"),
    (HEAD + '[[holidays]]\nname = "元旦"\nrest = [2037-01-01]', "不是2027年前后的日期", "ten years off"),
    (HEAD + '[[holidays]]\nname = "元旦"\nrest = ["元旦"]', "不是2027年前后的日期", "no date"),
    (
        HEAD + '[[holidays]]\nname = "元旦"\nrest = [2027-01-02]\nwork = [2027-01-02]',
        "既是放假日又是上班日",
        "both at once",
    ),
    (
        HEAD + '[[holidays]]\nname = "元旦"\nrest = [2027-01-01]\nwork = [2027-01-04]',
        "不是周末",
        "a Monday to be worked",
    ),
]


@pytest.mark.parametrize(("text", "message", "why"), WRONG, ids=[row[2] for row in WRONG])
def test_a_faulty_file_is_refused_with_a_sentence(text: str, message: str, why: str) -> None:
    with pytest.raises(VocabularyError, match=message):
        read_year(text)
