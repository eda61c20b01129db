"""The information requests of the sample district, made by the product's own intake and events, on the days of the past year."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from gongkai.calendars import selectors as calendars
from gongkai.foi import recording
from gongkai.foi.intake import take_in
from gongkai.foi.models import BodySettings, Case, Remedy
from gongkai.organisations.actors import actor_for
from gongkai.organisations.models import Organisation, User
from gongkai.rules.access import Actor
from gongkai.rules.applicants import Paper
from gongkai.rules.application import GivenApplicant, GivenContent
from gongkai.rules.calendar import WorkingDays
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.receipt import Channel
from gongkai.sample.bodies import bodies
from gongkai.sample.content.requests import REQUESTS, SampleRequest, Step

RECONSIDERATION = "行政复议网上申请入口（示例）https://fuyi.example.invalid"
PHONE = "0558-0000000"
_POSTS = {"clerk": "clerk", "reviewer": "reviewer", "signer": "signer"}


@dataclass(slots=True)
class _Work:
    """What later requests refer to."""

    calendar: WorkingDays
    bodies: dict[str, Organisation]
    people: dict[str, User]
    cases: dict[str, Case] = field(default_factory=dict)

    def actor(self, step: Step, request: SampleRequest) -> Actor:
        if step.by == "system":
            return recording.SYSTEM
        if step.by == "office":
            return actor_for(self.people["district-office"])
        body = next(s.data["body"] for s in request.steps if s.event == "assign") if step.by == "unit" else request.body
        return actor_for(self.people[f"{body}-{_POSTS.get(step.by, 'clerk')}"])


@transaction.atomic
def load_requests(today: date | None = None, progress: Callable[[int], object] = lambda n: None) -> int:
    """Write the requests and what happened to them up to `today`; returns how many."""
    day = today or timezone.localdate()
    work = _Work(
        calendars.current(),
        {body.code: body for body in Organisation.objects.all()},
        {user.username: user for user in User.objects.all()},
    )
    marks = {body.code: body.agency_mark for body in bodies()}
    BodySettings.objects.bulk_create(
        BodySettings(organisation=work.bodies[code], mark=mark, online_reconsideration=RECONSIDERATION)
        for code, mark in marks.items()
        if mark
    )
    for request in REQUESTS:
        _load(request, work, day)
        progress(1)
    return len(REQUESTS)


def _load(request: SampleRequest, work: _Work, today: date) -> None:
    received = _before(work.calendar, today, request.ago)
    channel = Channel(request.channel)
    by_staff = channel is not Channel.ONLINE
    taken = take_in(
        actor=actor_for(work.people[f"{request.body}-clerk"]) if by_staff else recording.APPLICANT,
        organisation_id=work.bodies[request.body].pk,
        channel=channel,
        client_token=hashlib.sha256(f"sample-{request.key}".encode()).hexdigest(),
        applicant=_applicant(request),
        content=GivenContent(request.title, description=request.description, delivery=request.delivery),
        submitted_on=received,
        received_on=received if by_staff else None,
        read_back=channel is Channel.ORAL,
        at=_moment(received, 9),
    )
    case = work.cases[request.key] = Case.objects.get(pk=taken.case_id)
    consultations: list[int] = []
    for place, step in enumerate(request.steps):
        on = work.calendar.add(received, step.after).day
        if on > today:
            raise ValueError(f"sample request {request.key}: {step.event} lies after the day of loading")
        data = _data(step, work, case, on, consultations, received)
        wanted = recording.Wanted(Event(step.event), data, on, at=_moment(on, 10, min(place, 59)))
        event = recording.act(
            actor=work.actor(step, request), case_id=case.pk, wanted=wanted, system=step.by == "system"
        )
        if event.name == Event.SEND_CONSULTATION:
            consultations.append(event.seq)
        case.refresh_from_db()


def _data(step: Step, work: _Work, case: Case, on: date, consultations: list[int], received: date) -> dict[str, Any]:
    """The particulars with references to other things of the district put in."""
    data = dict(step.data)
    if step.consultation is not None:
        data["consultation"] = consultations[step.consultation]
    if "reply_in" in data:
        data["reply_by"] = work.calendar.add(on, data.pop("reply_in")).day.isoformat()
    if "body" in data:
        data["body"] = work.bodies[data["body"]].pk
    if "same" in data:
        data["same"] = work.cases[data["same"]].pk
    if data.get("remedy") is True:
        data["remedy"] = Remedy.objects.get(case=case).pk
    if decision := data.get("decision"):
        data["decision"] = _decision(decision, work, received)
    return data


def _decision(decision: dict[str, Any], work: _Work, received: date) -> dict[str, Any]:
    made = dict(decision)
    if record := made.get("search_record"):
        record = dict(record)
        record["searched_on"] = work.calendar.add(received, record.pop("searched_after")).day.isoformat()
        made["search_record"] = record
    if key := made.pop("earlier", None):
        earlier = work.cases[key]
        letter = earlier.letters.exclude(number="").order_by("-pk").first()
        made["earlier_reply_number"] = letter.number if letter else earlier.number
        made["earlier_reply_date"] = earlier.decided_on.isoformat() if earlier.decided_on else None
    return made


def _applicant(request: SampleRequest) -> GivenApplicant:
    """An applicant with a paper of no kind that anybody could hold."""
    digest = hashlib.sha256(request.name.encode()).hexdigest()[:8].upper()
    return GivenApplicant(
        category=request.category,
        name=request.name,
        id_kind=Paper.OTHER.value,
        id_number=f"SL{digest}",
        phone=PHONE,
        email="shenqingren@example.invalid",
        address="安徽省亳州市谯城区示例路1号",
        assist_need=request.assist_need,
    )


def _before(calendar: WorkingDays, today: date, count: int) -> date:
    """The working day `count` working days before `today`."""
    day = today
    while count or not calendar.is_working_day(day):
        day -= timedelta(days=1)
        count -= calendar.is_working_day(day) and count > 0
    return day


def _moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), timezone.get_current_timezone())
