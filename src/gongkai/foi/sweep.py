"""What the clock brings about in cases: periods of others that are over, and columns that are another on another day.

Each case is a transaction of its own, and all of it may run again: what is recorded is not lapsed any more. A case that fails is left
for the next time and does not stop the others.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gongkai.calendars import selectors as calendars
from gongkai.foi.batches import facts_by_case
from gongkai.foi.models import Case
from gongkai.foi.recording import SYSTEM, act, locked, rebuild
from gongkai.foi.selectors import facts_of
from gongkai.foi.writing import Wanted
from gongkai.rules.case_clocks import reply_day
from gongkai.rules.case_lapses import lapsed

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What one sweep did."""

    lapsed: int = 0
    """Events that were recorded."""
    refreshed: int = 0
    """Cases whose columns were another than yesterday."""
    failed: tuple[int, ...] = ()
    """Keys of the cases that could not be dealt with; the log has the reference of each."""


def sweep(now: datetime | None = None) -> SweepReport:
    """Record what has lapsed before today, and bring columns to date that move with the days alone."""
    today = timezone.localdate(now)
    due = Case.objects.filter(closed_on=None, next_on__lt=today).order_by("next_on", "pk").values_list("pk", flat=True)
    count, failed = 0, []
    for pk in list(due):
        try:
            count += lapse(pk)
        except Exception:
            reference = secrets.token_hex(4)
            logger.exception("case %s: what has lapsed could not be recorded, reference %s", pk, reference)
            failed.append(pk)
    return SweepReport(count, refresh_moving(), tuple(failed))


def lapse(case_id: int) -> int:
    """Record everything that has lapsed in one case; returns how many events that were."""
    with transaction.atomic():
        case = locked(case_id)
        found = lapsed(facts_of(case), calendars.current(), timezone.localdate())
        for one in found:
            act(actor=SYSTEM, case_id=case_id, wanted=Wanted(one.event, one.data, one.on), system=True)
        if not found:  # the column was wrong: write it anew, or the case comes up every day
            rebuild([case])
    return len(found)


def refresh_moving() -> int:
    """Bring those cases to date whose days depend on today: the clock stands still (a silent party's days may be over), or it is provisional."""
    moving = Case.objects.filter(Q(stopped=True) | Q(due_provisional=True), closed_on=None)
    cases = {case.pk: case for case in moving.only("due_on", "due_provisional", "stopped")}
    calendar, today = calendars.current(), timezone.localdate()
    changed = [
        case
        for pk, facts in facts_by_case(sorted(cases))
        if ((case := cases[pk]).due_on, case.due_provisional) != reply_day(facts, calendar, today)
    ]
    return rebuild(changed, calendar=calendar)
