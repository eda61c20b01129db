"""Opening cases: from a submission, from another case that is split, or for handling again what a review or a court has sent back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongkai.calendars import selectors as calendars
from gongkai.foi import selectors
from gongkai.foi.models import Applicant, Case, Submission
from gongkai.foi.serials import next_serial
from gongkai.foi.writing import Wanted, append, refresh
from gongkai.rules.access import Actor
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.case_states import CaseState


def open_case(
    actor: Actor,
    submission: Submission,
    applicant: Applicant,
    content: Mapping[str, Any],
    *,
    submitted_on: date,
    received_on: date | None,
    at: datetime | None = None,
) -> Case:
    """The case of a submission, with its first event; inside the caller's transaction.

    `content`: title, wanted_number, description, medium, delivery. `received_on` is given where the channel needs no confirmation
    (`rules.receipt`); without it the case waits for confirmation.
    """
    case = Case.objects.create(
        organisation_id=submission.organisation_id,
        submission=submission,
        applicant=applicant,
        category=applicant.category,
        channel=submission.channel,
        state=(CaseState.AWAITING_REGISTRATION if received_on else CaseState.AWAITING_CONFIRMATION).value,
        opened_at=submission.submitted_at,
        **content,
    )
    _begin(actor, case, submitted_on, {"received_on": received_on.isoformat() if received_on else None}, at)
    return case


def child(
    actor: Actor,
    case: Case,
    origin: str,
    *,
    title: str,
    received_on: date | None,
    rehandle_due: date | None = None,
    order: str = "",
) -> Case:
    """A case that stems from another: the same applicant and submission, its own events and number."""
    new = Case.objects.create(
        organisation_id=case.organisation_id, submission_id=case.submission_id, applicant_id=case.applicant_id,
        category=case.category, channel=case.channel, title=title[:200], wanted_number=case.wanted_number,
        description=case.description, medium=case.medium, delivery=case.delivery, parent=case, origin=origin,
        state=CaseState.IN_PROGRESS.value,
    )  # fmt: skip
    day = received_on or timezone.localdate()
    number(new, day)
    data: dict[str, Any] = {"received_on": day.isoformat(), "from": case.pk, "origin": origin}
    if rehandle_due:
        data |= {"rehandle_due": rehandle_due.isoformat(), "order": order}
    _begin(actor, new, day, data)
    return new


def number(case: Case, day: date) -> None:
    """Give the case its registration number, e.g. 2026年第12号, in its body's series; the caller saves."""
    if not case.number:
        case.number = f"{day.year}年第{next_serial(case.organisation_id, 'case', day.year)}号"


def _begin(actor: Actor, case: Case, day: date, data: Mapping[str, Any], at: datetime | None = None) -> None:
    append(actor, case, Wanted(Event.SUBMIT, on=day, at=at), data, CaseState(case.state))
    refresh(case, selectors.facts_of(case), calendars.current(), timezone.localdate())
    case.save()
