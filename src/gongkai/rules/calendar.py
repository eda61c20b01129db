"""Working days (工作日): which days they are, and counting them.

《条例》 counts its periods in 工作日. Weekends and public holidays are none (《全国年节及纪念日放假办法》), weekends that the yearly notice of the
State Council's office moves to work are. The notices are data (``data/working_days/<year>.toml``), one file a year with title and 文号.

A year whose notice is not there yet is never taken for plain weeks in silence: what is reckoned in it is *provisional* (weekdays without the
holidays of fixed date) and is reckoned anew when the notice has come.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from gongkai.rules.vocabulary import VocabularyError

_DAY = timedelta(days=1)
_FIXED = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""Public holidays that need no moon (《全国年节及纪念日放假办法》, 国务院令第795号)."""


@dataclass(frozen=True, slots=True)
class Notice:
    """The notice a year's days rest on."""

    title: str
    number: str
    published_on: date
    url: str = ""


@dataclass(frozen=True, slots=True)
class Year:
    """The days of one year's notices; a few may lie in the year before or after."""

    year: int
    notices: tuple[Notice, ...]
    names: Mapping[date, str]
    """Name of the holiday for each day off."""
    rest: frozenset[date]
    work: frozenset[date]


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A day that was counted out, and whether a year without notice was touched on the way."""

    day: date
    provisional: bool = False


class WorkingDays:
    """The working days of the years that are known."""

    def __init__(self, years: Iterable[Year]) -> None:
        self.years = {year.year: year for year in years}
        self._rest = frozenset(day for year in self.years.values() for day in year.rest)
        self._work = frozenset(day for year in self.years.values() for day in year.work)

    def covers(self, day: date) -> bool:
        """Whether the notice of the day's year is known."""
        return day.year in self.years

    def is_working_day(self, day: date) -> bool:
        """Whether the day counts. Ask :meth:`covers` too: in a year without notice this is a guess."""
        if day in self._work:
            return True
        if day in self._rest or day.weekday() >= 5:
            return False
        return self.covers(day) or (day.month, day.day) not in _FIXED

    def why(self, day: date) -> str:
        """In Chinese why the day counts or not: 春节, 周末, 调休上班, 工作日; 暂定 in a year without notice."""
        year = self.years.get(day.year)
        if day in self._work:
            return "调休上班"
        if day in self._rest:
            return next((one.names[day] for one in self.years.values() if day in one.names), "节假日")
        if day.weekday() >= 5:
            return "周末"
        if year is None:
            return "暂按工作日" if (day.month, day.day) not in _FIXED else "法定节日"
        return "工作日"

    def add(self, start: date, count: int) -> Reckoned:
        """The ``count``-th working day after ``start``, which itself is not counted (《民法典》§201); ``start`` for 0.

        Raises ``ValueError`` for a negative count.
        """
        if count < 0:
            raise ValueError("the number of working days must not be negative")
        day, left, provisional = start, count, False
        while left:
            day += _DAY
            provisional = provisional or not self.covers(day)
            left -= self.is_working_day(day)
        return Reckoned(day, provisional)

    def between(self, first: date, last: date) -> int:
        """Working days after ``first`` up to and including ``last``; negative when ``last`` is before ``first``."""
        if last < first:
            return -self.between(last, first)
        count, day = 0, first
        while day < last:
            day += _DAY
            count += self.is_working_day(day)
        return count


def read_year(text: str) -> Year:
    """Read one file of days. Raises :class:`gongkai.rules.vocabulary.VocabularyError` in Chinese for what cannot be."""
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise VocabularyError(f"工作日文件不是有效的 TOML：{error}。") from error
    return year_of(data)


def year_of(data: Mapping[str, Any]) -> Year:
    """The year that ``data`` (the shape of one file: year, notices, holidays with rest and work) tells of.

    Raises :class:`gongkai.rules.vocabulary.VocabularyError` in Chinese for what cannot be.
    """
    year = data.get("year")
    if not isinstance(year, int):
        raise VocabularyError("工作日文件缺少 year（年份）。")
    where = f"{year}年工作日文件"
    try:
        notices = tuple(
            Notice(str(row["title"]), str(row["number"]), row["published_on"], str(row.get("url", "")))
            for row in data.get("notices", ())
        )
        holidays = [
            (str(row["name"]), tuple(row.get("rest", ())), tuple(row.get("work", ())))
            for row in data.get("holidays", ())
        ]
    except (AttributeError, KeyError, TypeError) as error:
        raise VocabularyError(f"{where}缺少 {error}。") from error
    names = {day: name for name, rest, _ in holidays for day in rest}
    work = [day for _, _, days in holidays for day in days]
    if not notices or not holidays:
        raise VocabularyError(f"{where}应当写明通知（notices）和假日（holidays）。")
    if odd_notice := next((one for one in notices if type(one.published_on) is not date), None):
        raise VocabularyError(f"{where}：“{odd_notice.title}”的 published_on 应当是日期，格式为 2026-01-29。")
    for day in (*names, *work):
        if type(day) is not date or abs(day.year - year) > 1:
            raise VocabularyError(f"{where}中的“{day}”不是{year}年前后的日期。")
    if clash := sorted(set(names) & set(work)):
        raise VocabularyError(f"{where}：{clash[0]:%Y-%m-%d}既是放假日又是上班日。")
    if odd := sorted(day for day in work if day.weekday() < 5):
        raise VocabularyError(f"{where}：{odd[0]:%Y-%m-%d}不是周末，不需要列为上班日。")
    return Year(year, notices, names, frozenset(names), frozenset(work))


@cache
def working_days() -> WorkingDays:
    """The working days of the shipped years."""
    folder = resources.files("gongkai.rules") / "data" / "working_days"
    files = (Path(str(entry)) for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return WorkingDays(read_year(path.read_text(encoding="utf-8")) for path in sorted(files))
