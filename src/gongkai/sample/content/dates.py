"""Dates of the sample year, all relative to a reference day so that the sample never ages."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


def resolve(notation: str, today: date, base: date | None = None) -> date:
    """Return the day that `notation` names.

    ``Y-2.05.28``  28 May two years before its last occurrence (so ``Y-0.05.28`` is the latest 28 May not after today);
    ``T+20``       days from today;
    ``+30``        days from `base`.
    """
    if notation[0] == "Y":
        back, month, day = notation[2:].split(".")
        latest = date(today.year, int(month), int(day))
        if latest > today:
            latest = latest.replace(year=today.year - 1)
        return latest.replace(year=latest.year - int(back))
    days = timedelta(days=int(notation.removeprefix("T")))
    if notation[0] == "T":
        return today + days
    if base is None:
        raise ValueError(f"{notation} needs a day to start from")
    return base + days


def chinese(day: date) -> str:
    """Write a date as texts do: 2026年1月29日."""
    return f"{day.year}年{day.month}月{day.day}日"


def years_later(day: date, years: int) -> date:
    """Return the last day of a term of `years` that starts on `day`."""
    return date(day.year + years, day.month, min(day.day, 28) if day.month == 2 else day.day) - timedelta(days=1)


def workday(day: date) -> date:
    """Return `day`, or the Friday before it when it is a weekend day."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def at_office_hours(day: date, chance: Random) -> datetime:
    """Return a time of that day at which an office publishes, in Chinese time."""
    minute = 8 * 60 + 30 + int(chance.random() * 520)
    return datetime.combine(day, time(minute // 60, minute % 60), CHINA)
