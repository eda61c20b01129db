"""The one way dates, times, sizes and numbers are printed on pages (国办发〔2017〕47号 网页设计规范: YYYY-MM-DD HH:MM)."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from gongkai.rules.days import chinese_date

NO_VALUE = "—"
"""Shown in a table cell where there is nothing to say."""


def local(moment: datetime) -> datetime:
    """`moment` in Chinese time."""
    return moment.astimezone(timezone.get_default_timezone()) if timezone.is_aware(moment) else moment


def day(value: date | datetime | None) -> str:
    """2026-01-29, for tables; a dash for nothing."""
    if value is None:
        return NO_VALUE
    return (local(value).date() if isinstance(value, datetime) else value).isoformat()


def moment(value: datetime | date | None) -> str:
    """2026-01-29 09:30; a plain date stays a date."""
    if value is None:
        return NO_VALUE
    return local(value).strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else day(value)


def iso(value: datetime) -> str:
    """2026-01-29T09:30:00+08:00, for programs."""
    return local(value).isoformat(timespec="seconds")


def long_day(value: date | datetime | None) -> str:
    """2026年1月29日, for running text."""
    if value is None:
        return ""
    return chinese_date(local(value) if isinstance(value, datetime) else value)


def file_size(octets: int) -> str:
    """Size of a file for people: 15 KB, 1.2 MB."""
    if octets < 1024:
        return f"{octets} B"
    if octets < 1024 * 1024:
        return f"{round(octets / 1024)} KB"
    return f"{octets / 1024 / 1024:.1f} MB"


def parse_day(text: str | None) -> date | None:
    """The date written in a query string or form (2026-01-29); None when it is empty or is no date."""
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError:
        return None
