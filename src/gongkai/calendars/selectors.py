"""Which days are working days, as far as is known now; and what is known of the versions that were brought in.

A change moves the generation of public content (`audit.generation`), which every process looks at anyway; only when that has moved is
the number of the last change asked for (one query), and only when that is another one are the years read.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import DatabaseError
from django.db.models import Max, QuerySet
from django.utils import timezone

from gongkai.audit import generation
from gongkai.calendars.models import CalendarChange, CalendarYear
from gongkai.organisations.actors import NotVisible
from gongkai.rules.calendar import Notice, WorkingDays, Year, working_days
from gongkai.rules.calendar_import import from_data, month_and_day, notice_missing
from gongkai.rules.request_settings import text_setting


@dataclass(frozen=True, slots=True)
class _Known:
    """What this process knows, and of which generation of public content."""

    generation: int
    version: int
    calendar: WorkingDays


_lock = threading.Lock()
_known: _Known | None = None


def current() -> WorkingDays:
    """The working days in force: the shipped years, overlaid by the newest active version of each year."""
    return _in_force().calendar


def version() -> int:
    """The number of the calendar that `current` gives; 0: the shipped one."""
    return _in_force().version


def current_or_shipped() -> WorkingDays:
    """`current`, or the shipped days where there is no database (commands that need none)."""
    try:
        return current()
    except DatabaseError:
        return working_days()


def _in_force() -> _Known:
    global _known
    known, now = _known, generation.current()
    if known is not None and known.generation == now:
        return known
    number = last_change()
    calendar = known.calendar if known is not None and known.version == number else _read(number)
    new = _Known(now, number, calendar)
    with _lock:
        _known = new
    return new


def forget() -> None:
    """Drop what this process remembers (after its own change; tests)."""
    global _known
    with _lock:
        _known = None


def last_change() -> int:
    """The number of the last change, asked of the database; 0 before the first."""
    return CalendarChange.objects.aggregate(last=Max("pk"))["last"] or 0


def _read(number: int) -> WorkingDays:
    return overlaid(active_years()) if number else working_days()


def active_years(without: Iterable[int] = ()) -> dict[int, Year]:
    """The newest active version of each year, the versions with these keys left out. One query."""
    rows = CalendarYear.objects.filter(state=CalendarYear.State.ACTIVE).exclude(pk__in=list(without))
    return {row.year: from_data(row.days) for row in rows.order_by("year", "version")}


def overlaid(years: Mapping[int, Year]) -> WorkingDays:
    """The shipped years with `years` in the place of those of the same number."""
    return WorkingDays({**working_days().years, **years}.values())


def with_version(row: CalendarYear) -> WorkingDays:
    """The working days as they would be with this version in force: it counts unless a newer one of its year is active."""
    years = active_years()
    newer = CalendarYear.objects.filter(state=CalendarYear.State.ACTIVE, year=row.year, version__gt=row.version)
    return overlaid(years if newer.exists() else {**years, row.year: from_data(row.days)})


def without_version(row: CalendarYear) -> WorkingDays:
    """The working days as they would be without this version."""
    return overlaid(active_years(without=[row.pk]))


def versions() -> QuerySet[CalendarYear]:
    """All versions, the newest first."""
    return CalendarYear.objects.order_by("-year", "-version")


def version_of(pk: int) -> CalendarYear:
    """One version; raises `NotVisible`."""
    row = CalendarYear.objects.filter(pk=pk).first()
    if row is None:
        raise NotVisible
    return row


@dataclass(frozen=True, slots=True)
class KnownYear:
    """A year in force and what it rests on."""

    year: int
    notices: tuple[Notice, ...]
    rest: int
    work: int
    brought_in: CalendarYear | None
    """The version in force, or None: it came with the program."""


def known_years() -> list[KnownYear]:
    """The years in force, the newest first; one query more than `current`."""
    rows = CalendarYear.objects.filter(state=CalendarYear.State.ACTIVE).order_by("year", "version")
    active = {row.year: row for row in rows}
    years = sorted(current().years.values(), key=lambda one: -one.year)
    return [KnownYear(one.year, one.notices, len(one.rest), len(one.work), active.get(one.year)) for one in years]


def missing_notice() -> int | None:
    """The year whose notice should have been brought in by now, or None (setting `holiday_notice_alert_from`, 1 November unless set).

    Raises `VocabularyError` for a setting that is no day of the year.
    """
    return notice_missing(current(), timezone.localdate(), month_and_day(text_setting("holiday_notice_alert_from")))
