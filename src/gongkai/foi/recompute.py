"""Open cases reckoned anew after the working days changed: which would move, which did move, and the run that does it.

《条例》§33; foi.md 4(5). The run looks at every open case, in transactions of one case each, and may be stopped anywhere: it goes on behind
the last case it looked at, and a case it has seen already comes out the same and gets no second event.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from gongkai.calendars import selectors as calendars
from gongkai.calendars.models import CalendarChange
from gongkai.foi.batches import facts_by_case
from gongkai.foi.models import Case, CaseEvent, Recomputation
from gongkai.foi.recording import SYSTEM, act, locked, rebuild
from gongkai.foi.selectors import facts_of
from gongkai.foi.writing import Wanted
from gongkai.rules.calendar import WorkingDays
from gongkai.rules.calendar_import import first_change
from gongkai.rules.case_clocks import reply_day
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.case_facts import day_of

CHUNK = 200
SETTLED_AFTER = timedelta(seconds=2)
"""By then every process knows the new days (`audit.generation` is remembered for half a second), so none writes old ones behind the run."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A case whose last day is another."""

    case_id: int
    number: str
    organisation: str
    received_on: date | None
    before: date | None
    after: date | None
    provisional_before: bool
    provisional_after: bool


def preview(after: WorkingDays, before: WorkingDays | None = None) -> list[Moved]:
    """The open cases whose day would be another with `after` than with `before` (the days in force); nothing is written.

    Only cases are looked at whose days reach the first day that differs: whatever ends earlier stays.
    """
    known, today = before or calendars.current(), timezone.localdate()
    first = first_change(known, after)
    if first is None:
        return []
    rows = _open().filter(Q(due_on=None) | Q(due_on__gte=first)).select_related("organisation")
    cases = {row.pk: row for row in rows.only("number", "received_on", "organisation__short_name")}
    found = []
    for pk, facts in facts_by_case(sorted(cases)):
        old, new = reply_day(facts, known, today), reply_day(facts, after, today)
        if old != new:
            row = cases[pk]
            found.append(
                Moved(pk, row.number, row.organisation.short_name, row.received_on, old[0], new[0], old[1], new[1])
            )
    return sorted(found, key=lambda one: (one.before or date.max, one.case_id))


def _open() -> QuerySet[Case]:
    return Case.objects.filter(closed_on=None, received_on__isnull=False)


# --- the run -----------------------------------------------------------------------------------------------------------
def run(now: datetime | None = None, *, seconds: float = 20.0) -> Recomputation | None:
    """Go on reckoning anew for at most about `seconds`; call it until `finished_at` is set. None: the days never changed."""
    change = CalendarChange.objects.order_by("-pk").first()
    if change is None:
        return None
    progress, _ = Recomputation.objects.get_or_create(change_id=change.pk)
    if progress.finished_at or (now or timezone.now()) < change.at + SETTLED_AFTER:
        return progress
    until = time.monotonic() + seconds
    while progress.finished_at is None and time.monotonic() < until:
        keys = _open().filter(pk__gt=progress.done_until).order_by("pk").values_list("pk", flat=True)
        chunk = list(keys[:CHUNK])
        _through(chunk, change)
        if len(chunk) < CHUNK:
            _finish(progress)
        if chunk:
            mine = Recomputation.objects.filter(pk=progress.pk, done_until__lt=chunk[-1])
            mine.update(done_until=chunk[-1], looked_at=F("looked_at") + len(chunk))
        progress.refresh_from_db()
    return progress


def _finish(progress: Recomputation) -> None:
    with transaction.atomic():
        at = timezone.now()
        Recomputation.objects.filter(pk=progress.pk, finished_at=None).update(finished_at=at)
        older = Recomputation.objects.filter(change_id__lt=progress.change_id, finished_at=None)
        older.update(finished_at=at, superseded=True)


def _through(chunk: list[int], change: CalendarChange) -> None:
    """Reckon a chunk anew; only the cases that come out otherwise are locked and written."""
    calendar, today = calendars.current(), timezone.localdate()
    known = {row.pk: row for row in Case.objects.filter(pk__in=chunk)}
    for pk, facts in facts_by_case(chunk):
        case = known[pk]
        if (case.due_on, case.due_provisional) != reply_day(facts, calendar, today):
            _anew(pk, change)
        else:  # the last day stays, other days (of a consultation, the internal one) may not
            rebuild([case], calendar=calendar)


def _anew(pk: int, change: CalendarChange) -> None:
    """The event of one case, or none when it has come to date or to its end meanwhile."""
    with transaction.atomic():
        case = locked(pk)
        before = (case.due_on, case.due_provisional)
        after = reply_day(facts_of(case), calendars.current(), timezone.localdate())
        if case.closed_on is not None or before == after:
            return
        data = {
            "calendar": change.pk, "calendar_year": change.calendar_year_id,
            "due_before": _text(before[0]), "due_after": _text(after[0]), "provisional_before": before[1], "provisional_after": after[1],
        }  # fmt: skip
        act(actor=SYSTEM, case_id=pk, wanted=Wanted(Event.RECOMPUTE, data), system=True)


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


# --- what changed ------------------------------------------------------------------------------------------------------
def events_of(change_id: int) -> QuerySet[CaseEvent]:
    """The events that a change of the working days has brought about."""
    return CaseEvent.objects.filter(name=Event.RECOMPUTE.value, data__calendar=change_id)


def moved_by(events: QuerySet[CaseEvent]) -> Iterator[Moved]:
    """What `events_of` (or a page of it) says, case by case. Neither applicants nor what they asked for is in it."""
    for row in events.select_related("case__organisation"):
        yield moved_in(row)


def moved_in(row: CaseEvent) -> Moved:
    """One event of `events_of`, read with its case and body."""
    case, data = row.case, row.data
    return Moved(
        case.pk, case.number, case.organisation.short_name, case.received_on, day_of(data["due_before"]), day_of(data["due_after"]),
        data["provisional_before"], data["provisional_after"],
    )  # fmt: skip
