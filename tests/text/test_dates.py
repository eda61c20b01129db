"""Dates as official documents write them (GB/T 9704-2012 7.3.5.4 and older usage)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.text.dates import add_months, chinese_integer, find_dates, last_day_of_term, parse_date

DATES = [
    ("2024年3月5日", date(2024, 3, 5), "the standard's form"),
    ("２０２４年３月５日", date(2024, 3, 5), "full width digits"),
    ("2024 年 03 月 05 日", date(2024, 3, 5), "blanks and leading zeros, as scans give them"),
    ("二〇二四年三月五日", date(2024, 3, 5), "Chinese numerals, usual before 2012"),
    ("二○一〇年十二月三十一日", date(2010, 12, 31), "the circle written as ○"),
    ("一九九九年十月二十日", date(1999, 10, 20), "tens without ones"),
    ("二〇二三年十一月廿三日", date(2023, 11, 23), "廿 for twenty"),
    ("2024-03-05", date(2024, 3, 5), "ISO"),
    ("2024/3/5", date(2024, 3, 5), "slashes"),
    ("2024.3.5", date(2024, 3, 5), "dots"),
    ("20240305", date(2024, 3, 5), "compact, as in exports"),
    ("2024-03-05 09:30:00", date(2024, 3, 5), "a time of day behind it"),
    ("2024-03-05T09:30:00+08:00", date(2024, 3, 5), "ISO with zone"),
    ("2024年2月30日", None, "no such day"),
    ("2023年2月29日", None, "no leap year"),
    ("1024年3月5日", None, "out of range"),
    ("2024年3月", None, "no day"),
    ("3月5日", None, "no year"),
    ("十年三月五日", None, "a duration, not a year"),
    ("长期", None, "no date"),
    ("", None, "nothing"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), DATES, ids=[case[2] for case in DATES])
def test_one_date_is_read_in_every_written_form(text: str, expected: date | None, reason: str) -> None:
    assert parse_date(text) == expected, reason


def test_dates_in_running_text_are_found_in_order_with_exact_offsets() -> None:
    text = (
        "自2024年9月1日起施行；二〇一九年五月十日印发的办法、2020-01-02的版本同时废止，电话0558-5550123，网址2020-1。"
    )
    found = find_dates(text)
    assert [item.value for item in found] == [date(2024, 9, 1), date(2019, 5, 10), date(2020, 1, 2)]
    assert all(text[item.start : item.end] == item.raw for item in found)


def test_a_date_does_not_run_over_a_line_break() -> None:
    assert find_dates("2024年\n3月5日") == []


TERMS = [
    (date(2024, 9, 1), 60, date(2029, 8, 31), "five years from the first of a month"),
    (
        date(2024, 2, 29),
        12,
        date(2025, 2, 27),
        "a leap day has no anniversary: the year ends with the day before 28 February",
    ),
    (date(2024, 8, 31), 6, date(2025, 2, 27), "six months from the last day of August"),
    (date(2024, 1, 1), 24, date(2025, 12, 31), "two calendar years"),
]


@pytest.mark.parametrize(("first", "months", "expected", "reason"), TERMS, ids=[case[3] for case in TERMS])
def test_a_term_ends_the_day_before_its_anniversary(first: date, months: int, expected: date, reason: str) -> None:
    assert last_day_of_term(first, months) == expected, reason


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2090, 12, 31)))
def test_every_day_survives_being_written_and_read(day: date) -> None:
    for written in (f"{day.year}年{day.month}月{day.day}日", day.isoformat(), f"{day.year}.{day.month}.{day.day}"):
        assert parse_date(written) == day


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2050, 12, 31)), st.integers(0, 240))
def test_adding_months_keeps_the_day_or_takes_the_last_of_the_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("１２", 12),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("廿三", 23),
        ("两", 2),
        ("元", 1),
        ("多", None),
        ("", None),
    ],
)
def test_small_numbers_are_read_in_both_scripts(text: str, value: int | None) -> None:
    assert chinese_integer(text) == value
