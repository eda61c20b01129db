"""A year's working days as an administrator brings them in: our own file of days, or the JSON that holiday-cn and others make of the notice.

Read, checked against the notice, and compared with the days that are known. 《全国年节及纪念日放假办法》 (国务院令第795号); the yearly
notice of the State Council's office.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from gongkai.rules.calendar import Notice, WorkingDays, Year, read_year, year_of
from gongkai.rules.reasons import Reason
from gongkai.rules.vocabulary import VocabularyError

LARGEST_TEXT = 200_000
"""Characters; a year has some 2,000."""
FEWEST_RESTS, MOST_RESTS = 11, 45
"""Days off that a year's notice can name: eleven at least (13 public holidays since 2025, 11 before), 45 at most, else it is no such notice."""
FIRST_YEAR, LAST_YEAR = 2008, 2100
"""2008: the first year of the notices in their present form."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayChange:
    """A day that would be another than it is known to be now."""

    day: date
    before: str
    """What it is now: 工作日, 周末, 春节, 调休上班, 暂按工作日 …"""
    after: str
    works_before: bool
    works_after: bool

    @property
    def counts_otherwise(self) -> bool:
        """Whether it changes sides, so that a period over it gets longer or shorter; else only its name is another."""
        return self.works_before is not self.works_after


def read_import(text: str, notice: Notice | None = None) -> Year:
    """The year in ``text``: TOML as shipped, or JSON ``{"year": 2027, "days": [{"name", "date", "isOffDay"}, …]}``.

    ``notice`` is needed with JSON, which does not name it; with TOML it takes the place of none. Raises `VocabularyError` in Chinese.
    """
    if len(text) > LARGEST_TEXT:
        raise VocabularyError(f"文件过大（超过 {LARGEST_TEXT:,} 字），不是一个年度的工作日安排。")
    text = text.lstrip("\ufeff")
    return year_of(_from_json(text, notice)) if text.lstrip().startswith("{") else read_year(text)


def _from_json(text: str, notice: Notice | None) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise VocabularyError(f"工作日文件不是有效的 JSON：{error}。") from error
    days = data.get("days") if isinstance(data, dict) else None
    if not isinstance(days, list) or not isinstance(data.get("year"), int):
        raise VocabularyError("JSON 文件应当有 year（年份）和 days（每日的 name、date、isOffDay）。")
    if notice is None:
        raise VocabularyError("JSON 文件没有写明依据，请填写通知的名称、文号和公布日期。")
    holidays: defaultdict[str, dict[str, list[date]]] = defaultdict(lambda: {"rest": [], "work": []})
    for position, row in enumerate(days, start=1):
        try:
            day, name, rest = date.fromisoformat(row["date"]), str(row["name"]), row["isOffDay"]
        except (KeyError, TypeError, ValueError) as error:
            raise VocabularyError(f"JSON 文件 days 的第 {position} 项有误：{error}。") from error
        if not isinstance(rest, bool):
            raise VocabularyError(f"JSON 文件 days 的第 {position} 项：isOffDay 应为 true 或者 false。")
        holidays[name]["rest" if rest else "work"].append(day)
    stated = {"title": notice.title, "number": notice.number, "published_on": notice.published_on, "url": notice.url}
    return {
        "year": data["year"],
        "notices": [stated],
        "holidays": [{"name": name, **found} for name, found in holidays.items()],
    }


def import_reasons(year: Year) -> list[Reason]:
    """Why these days cannot be a year's notice; what is certain only. Empty: they may be proposed."""
    return list(_reasons(year))


def _reasons(year: Year) -> Iterator[Reason]:
    if not FIRST_YEAR <= year.year <= LAST_YEAR:
        yield Reason("year", f"年份应当在 {FIRST_YEAR} 至 {LAST_YEAR} 之间，现为 {year.year}。", field="file")
        return
    rests = [day for day in year.rest if day.year == year.year]
    if not FEWEST_RESTS <= len(rests) <= MOST_RESTS:
        message = f"{year.year}年的放假日应当在 {FEWEST_RESTS} 至 {MOST_RESTS} 天之间，文件中有 {len(rests)} 天，请核对是否完整。"
        yield Reason("rests", message, "《全国年节及纪念日放假办法》", "file")
    fixed = ((1, 1, "元旦"), (5, 1, "劳动节"), (10, 1, "国庆节"))
    missing = [name for month, day, name in fixed if date(year.year, month, day) not in year.rest]
    if missing:
        yield Reason(
            "fixed", f"文件中没有{'、'.join(missing)}当日的放假安排，请核对。", "《全国年节及纪念日放假办法》", "file"
        )
    if odd := sorted(day for day in (*year.rest, *year.work) if abs((day - _nearest(day, year.year)).days) > 10):
        yield Reason("odd_day", f"{odd[0]:%Y-%m-%d}不在{year.year}年前后十日之内，请核对。", field="file")
    for notice in year.notices:
        if not notice.title.strip() or not notice.number.strip():
            yield Reason("notice", "请写明通知的名称和文号。", field="number")
        if notice.url and not re.fullmatch(r"https?://\S{4,300}", notice.url):
            yield Reason("url", "通知的网址应当以 https:// 开头。", field="url")
        if notice.published_on > date(year.year, 12, 31):
            message = f"通知的公布日期（{notice.published_on:%Y-%m-%d}）晚于{year.year}年末，请核对。"
            yield Reason("published_on", message, field="published_on")


def _nearest(day: date, year: int) -> date:
    return min(max(day, date(year, 1, 1)), date(year, 12, 31))


def as_data(year: Year) -> dict[str, Any]:
    """The year in the shape of its file with days as 2027-01-01, for keeping as JSON; `from_data` reads it again."""
    by_name: defaultdict[str, dict[str, list[str]]] = defaultdict(lambda: {"rest": [], "work": []})
    for day in sorted(year.rest):
        by_name[year.names[day]]["rest"].append(day.isoformat())
    holidays = [{"name": name, **found} for name, found in by_name.items()]
    if year.work:
        holidays.append({"name": "调休", "rest": [], "work": [day.isoformat() for day in sorted(year.work)]})
    notices = [
        {"title": one.title, "number": one.number, "published_on": one.published_on.isoformat(), "url": one.url}
        for one in year.notices
    ]
    return {"year": year.year, "notices": notices, "holidays": holidays}


def from_data(data: Mapping[str, Any]) -> Year:
    """What `as_data` wrote."""
    day = date.fromisoformat
    return year_of(
        {
            "year": data["year"],
            "notices": [{**one, "published_on": day(one["published_on"])} for one in data["notices"]],
            "holidays": [
                {"name": one["name"], "rest": [*map(day, one["rest"])], "work": [*map(day, one["work"])]}
                for one in data["holidays"]
            ],
        }
    )


def differences(before: WorkingDays, after: WorkingDays, years: Sequence[int]) -> list[DayChange]:
    """The days of ``years`` (and ten on either side, which a notice may reach) that would be another, in order."""
    found = []
    for day in _days(years):
        changed = DayChange(day, before.why(day), after.why(day), before.is_working_day(day), after.is_working_day(day))
        if changed.counts_otherwise or changed.before != changed.after:
            found.append(changed)
    return found


def first_change(before: WorkingDays, after: WorkingDays) -> date | None:
    """The first day on which a period may come out otherwise, the coverage of years included; None where the two are the same.

    Whatever ended before it stays as it was.
    """
    years = [year for year in sorted({*before.years, *after.years}) if before.years.get(year) != after.years.get(year)]
    days = [
        day
        for day in _days(years)
        if before.is_working_day(day) is not after.is_working_day(day) or before.covers(day) is not after.covers(day)
    ]
    return min(days, default=None)


def _days(years: Sequence[int]) -> Iterator[date]:
    seen: set[date] = set()
    for year in sorted(years):
        day, last = date(year, 1, 1) - 10 * _DAY, date(year, 12, 31) + 10 * _DAY
        while day <= last:
            if day not in seen:
                seen.add(day)
                yield day
            day += _DAY


def month_and_day(text: str) -> tuple[int, int]:
    """“11-01” as (11, 1). Raises `VocabularyError` for what is no day of every year."""
    try:
        found = date.fromisoformat(f"2027-{text}")
    except ValueError as error:
        raise VocabularyError(f"“{text}”不是一年中的日期，请写成 11-01 的形式。") from error
    return found.month, found.day


def notice_missing(calendar: WorkingDays, today: date, alert_from: tuple[int, int]) -> int | None:
    """The year whose notice should be here by now: this one, or from the given (month, day) on the next; None: all is there."""
    expected = [today.year]
    if (today.month, today.day) >= alert_from:
        expected.append(today.year + 1)
    return next((year for year in expected if year not in calendar.years), None)
