"""Bringing in a year's working days: one proposes, another approves, and it counts at once everywhere; what was wrong is withdrawn.

The days move deadlines of every body, so two people answer for them. Cases are reckoned anew afterwards (`foi.recompute`).
"""

from __future__ import annotations

import hashlib
import json
from datetime import date

from django.db import transaction
from django.utils import timezone

from gongkai.audit.log import Entry, record
from gongkai.calendars import selectors
from gongkai.calendars.models import CalendarChange, CalendarYear
from gongkai.organisations.actors import NotVisible
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.calendar import WorkingDays, Year
from gongkai.rules.calendar_import import as_data, first_change, from_data, import_reasons
from gongkai.rules.reasons import Reason, Refused

LONGEST_NOTE = 200


@transaction.atomic
def propose(*, actor: Actor, year: Year, note: str = "") -> CalendarYear:
    """Keep a year's days for another to approve. Raises `Refused`: role, days that cannot be, the same days waiting or in force already."""
    _allow(actor)
    days = as_data(year)
    digest = hashlib.sha256(json.dumps(days, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    reasons = import_reasons(year)
    if len(note) > LONGEST_NOTE:
        reasons.append(Reason("note", f"说明不能超过 {LONGEST_NOTE} 字。", field="note"))
    record(
        actor=actor, entries=[]
    )  # whoever writes holds the head of the log until the end: versions are numbered one by one
    same = (
        CalendarYear.objects.filter(year=year.year, digest=digest).exclude(state=CalendarYear.State.WITHDRAWN).first()
    )
    if same is not None:
        message = f"内容相同的{year.year}年安排已经{'启用' if same.state == CalendarYear.State.ACTIVE else '提出，等待复核'}（第{same.version}版）。"
        reasons.append(Reason("same", message, field="file"))
    if reasons:
        raise Refused(reasons)
    last = CalendarYear.objects.filter(year=year.year).order_by("-version").values_list("version", flat=True).first()
    notice = year.notices[-1]
    row = CalendarYear.objects.create(
        year=year.year, version=(last or 0) + 1, title=notice.title[:200], number=notice.number[:60], published_on=notice.published_on,
        url=notice.url, days=days, digest=digest, note=note.strip(), proposed_by_id=actor.user_id, proposed_by_name=actor.name,
    )  # fmt: skip
    _audit(actor, "calendar.propose", row)
    return row


@transaction.atomic
def approve(*, actor: Actor, pk: int) -> CalendarYear:
    """Put a proposed version in force; not by who proposed it. Raises `Refused` or `NotVisible`."""
    _allow(actor)
    row = _locked(pk)
    reasons = []
    if row.state != CalendarYear.State.PROPOSED:
        reasons.append(Reason("state", f"该版本{row.get_state_display()}，不能再启用。"))
    elif row.proposed_by_id == actor.user_id:
        reasons.append(
            Reason("self_approval", "不能复核自己提出的工作日安排，请由其他系统管理员或者区公开办人员办理。")
        )
    if reasons:
        raise Refused(reasons)
    first = first_change(_now(), selectors.with_version(row))
    row.state, row.approved_by_id, row.approved_by_name = CalendarYear.State.ACTIVE, actor.user_id, actor.name
    row.approved_at = timezone.now()
    row.save()
    _changed(actor, row, "activated", first)
    _audit(actor, "calendar.approve", row)
    return row


@transaction.atomic
def withdraw(*, actor: Actor, pk: int, reason: str) -> CalendarYear:
    """Take a version back, proposed or in force, with the reason; an older one of the year, or the shipped days, count again.

    Raises `Refused` or `NotVisible`.
    """
    _allow(actor)
    row = _locked(pk)
    reasons = []
    if row.state == CalendarYear.State.WITHDRAWN:
        reasons.append(Reason("state", "该版本已经撤销。"))
    if not reason.strip() or len(reason) > LONGEST_NOTE:
        reasons.append(Reason("reason", f"请填写撤销理由，不超过 {LONGEST_NOTE} 字。", field="reason"))
    if reasons:
        raise Refused(reasons)
    was_active = row.state == CalendarYear.State.ACTIVE
    first = first_change(_now(), selectors.without_version(row)) if was_active else None
    row.state, row.withdrawn_by_id, row.withdrawn_by_name = CalendarYear.State.WITHDRAWN, actor.user_id, actor.name
    row.withdrawn_at, row.withdrawn_reason = timezone.now(), reason.strip()
    row.save()
    if was_active:
        _changed(actor, row, "withdrawn", first)
    _audit(actor, "calendar.withdraw", row, note=row.withdrawn_reason)
    return row


def _now() -> WorkingDays:
    """The days in force as the database says at this moment, whatever the process remembers."""
    return selectors.overlaid(selectors.active_years())


def _allow(actor: Actor) -> None:
    decision = can(actor, Action.MANAGE_CALENDAR, Subject(None))
    if not decision:
        raise Refused(decision.reasons)


def _locked(pk: int) -> CalendarYear:
    row = CalendarYear.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise NotVisible
    return row


def _changed(actor: Actor, row: CalendarYear, what: str, first: date | None) -> None:
    record(
        actor=actor, entries=[], public=True
    )  # the head of the log first: changes are numbered in the order they commit
    CalendarChange.objects.create(
        calendar_year=row, what=what, first_day=first, at=timezone.now(), actor_id=actor.user_id, actor_name=actor.name
    )
    transaction.on_commit(selectors.forget)


def _audit(actor: Actor, action: str, row: CalendarYear, **more: object) -> None:
    detail = {"year": row.year, "version": row.version, "name": row.title, "digest": row.digest, **more}
    record(actor=actor, entries=[Entry(action, "calendar_year", str(row.pk), detail=detail)])


def days_of(row: CalendarYear) -> Year:
    """The days of a version."""
    return from_data(row.days)
