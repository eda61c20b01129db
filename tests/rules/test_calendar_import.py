"""A year's working days as they are brought in: two shapes, what is refused, and what they would change."""

import json
from datetime import date
from importlib import resources

import pytest
from tests.calendars.makers import NOTICE, json_2027, year_2027

from gongkai.rules.calendar import Notice, WorkingDays, working_days
from gongkai.rules.calendar_import import (
    as_data,
    differences,
    first_change,
    from_data,
    import_reasons,
    month_and_day,
    notice_missing,
    read_import,
)
from gongkai.rules.vocabulary import VocabularyError

SHIPPED = sorted(working_days().years)


@pytest.mark.parametrize("year", SHIPPED)
def test_every_shipped_file_can_be_brought_in_and_comes_back_as_it_was(year):
    text = (resources.files("gongkai.rules") / f"data/working_days/{year}.toml").read_text(encoding="utf-8")
    found = read_import(text)
    assert found == working_days().years[year]
    assert import_reasons(found) == []
    kept = from_data(json.loads(json.dumps(as_data(found))))
    assert (kept.rest, kept.work, kept.names, kept.notices) == (found.rest, found.work, found.names, found.notices)


def test_the_json_of_others_is_read_with_the_notice_that_was_given():
    found = year_2027()
    assert (found.year, len(found.rest), len(found.work)) == (2027, 24, 3)
    assert found.names[date(2027, 2, 8)] == "春节"
    assert found.notices == (NOTICE,)


BROKEN = [
    ("{", "不是有效的 JSON", "half a file"),
    ("[]", "不是有效的 TOML", "neither"),
    ('{"year": "2027", "days": []}', "应当有 year", "a year that is no number"),
    ('{"year": 2027, "days": [{"name": "元旦", "date": "2027-13-01", "isOffDay": true}]}', "第 1 项有误", "no day"),
    ('{"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": "yes"}]}', "isOffDay", "no truth"),
    ('{"year": 2027, "days": ["2027-01-01"]}', "第 1 项有误", "days without names"),
    ('{"year": 2027, "days": [{"name": "元旦", "date": "2029-01-01", "isOffDay": true}]}', "不是2027年前后的日期", "another year"),
    ('{"year": 2027, "days": [{"name": "元旦", "date": "2027-01-04", "isOffDay": false}]}', "不是周末", "a Monday needs no moving"),
    ("year = 2027\n", "应当写明通知", "a file without anything"),
    ("year = 2027\nnotices = [{title = '通知', number = '1号', published_on = 'x'}]\n[[holidays]]\nname = '元旦'\nrest = [2027-01-01]", "published_on", "a day that is text"),
    ("x" * 200_001, "文件过大", "no such file"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message", "reason"), BROKEN, ids=[row[2] for row in BROKEN])
def test_what_cannot_be_read_is_refused_in_words(text, message, reason):
    with pytest.raises(VocabularyError, match=message):
        read_import(text, NOTICE)


def test_json_needs_the_notice_it_rests_on():
    with pytest.raises(VocabularyError, match="请填写通知的名称、文号和公布日期"):
        read_import(json_2027())


IMPOSSIBLE = [
    ({"劳动节": [], "元旦": []}, "fixed", "New Year and Labour Day are missing"),
    ({"国庆节": [], "劳动节": [], "元旦": []}, "rests", "too few days off for a year"),
    (
        {"春节": [date(2027, 3, 1 + n) for n in range(28)] + [date(2027, 4, 1 + n) for n in range(9)]},
        "rests",
        "too many",
    ),
    ({"元旦": [date(2027, 1, 1), date(2028, 6, 1)]}, "odd_day", "a day in the middle of another year"),
]


@pytest.mark.parametrize(("days", "code", "reason"), IMPOSSIBLE, ids=[row[2] for row in IMPOSSIBLE])
def test_days_that_cannot_be_a_notice_are_refused(days, code, reason):
    found = read_import(json_2027(**days), NOTICE)
    assert code in [one.code for one in import_reasons(found)]


def test_a_notice_must_be_named_and_its_address_be_one():
    year = read_import(json_2027(), Notice(" ", "", date(2028, 1, 1), "javascript:alert(1)"))
    assert [one.code for one in import_reasons(year)] == ["notice", "url", "published_on"]


def test_the_days_that_change_are_named_with_before_and_after():
    after = WorkingDays([*working_days().years.values(), year_2027()])
    found = {one.day: one for one in differences(working_days(), after, [2027])}
    assert (found[date(2027, 2, 8)].before, found[date(2027, 2, 8)].after) == ("暂按工作日", "春节")
    assert found[date(2027, 2, 8)].counts_otherwise
    assert found[date(2027, 1, 30)].works_after, "a Saturday moved to work"
    assert date(2027, 1, 1) not in {day for day, one in found.items() if one.counts_otherwise}, "off before and after"


FIRST = [
    (
        lambda: WorkingDays([*working_days().years.values(), year_2027()]),
        date(2027, 1, 1),
        "coverage begins with the year",
    ),
    (lambda: working_days(), None, "nothing changes"),
    (
        lambda: WorkingDays([y for y in working_days().years.values() if y.year != 2026]),
        date(2026, 1, 1),
        "a year that is taken away",
    ),
]


@pytest.mark.parametrize(("after", "day", "reason"), FIRST, ids=[row[2] for row in FIRST])
def test_the_first_day_that_may_come_out_otherwise(after, day, reason):
    assert first_change(working_days(), after()) == day


def test_a_missing_year_is_named():
    assert notice_missing(working_days(), date(2026, 11, 26), (11, 1)) == 2027
    assert notice_missing(working_days(), date(2026, 11, 26), (12, 1)) is None


def test_the_day_of_the_reminder_is_a_day_of_the_year():
    assert month_and_day("11-01") == (11, 1)
    for text in ("13-01", "02-29", "十一月", ""):
        with pytest.raises(VocabularyError, match="11-01"):
            month_and_day(text)
