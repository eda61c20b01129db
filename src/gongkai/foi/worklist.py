"""What waits for whom among the cases: typed tasks of 依申请公开 with their deadline, for one person, and counted by body.

Whose turn it is follows from the state and from roles (`rules.case_events`); types, terms and words are in `rules.tasks`. Five queries
however many cases there are: the open ones, their events, what applicants sent, remedies, assignments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from gongkai.calendars import selectors as calendars
from gongkai.foi.batches import facts_by_case
from gongkai.foi.models import ApplicantMessage, Assignment, Case, Remedy
from gongkai.organisations.selectors import bodies_where
from gongkai.rules import tasks
from gongkai.rules.access import Action, Actor, Role
from gongkai.rules.calendar import WorkingDays
from gongkai.rules.case_clocks import SERVICE_DAYS, confirmation_days
from gongkai.rules.case_events import DESK, HEADS, REVIEWERS, UNIT
from gongkai.rules.case_facts import CaseFacts
from gongkai.rules.case_states import CaseState
from gongkai.rules.tasks import NONE, BodyLoad, Deadline, Standing, Task, TaskGroup, groups_of, task_types

MOST_CASES = 400
"""Open cases that are looked at for one person, those due first."""
OVERVIEW = ("cases",)
"""What is counted by body: all that is open, and what of it is past its day."""
_COLUMNS = (
    "pk", "number", "title", "state", "organisation_id", "opened_at", "received_on", "due_on", "due_provisional", "internal_due_on",
    "decided_on", "claimed_by_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Desk:
    """What tasks are made from: one person on one day."""

    actor: Actor
    today: date
    calendar: WorkingDays

    def task(self, code: str, row: Mapping[str, Any], deadline: Deadline, note: str = "") -> Task:
        number = row["number"] or "未登记"
        return Task(task_types()[code], row["pk"], row["title"], row["organisation_name"], number, deadline, note)

    def until(self, day: date, *, provisional: bool = False) -> Deadline:
        return tasks.until(day, self.today, self.calendar, provisional=provisional)

    def after(self, start: date | datetime | None, days: int | None) -> Deadline:
        day = timezone.localdate(start) if isinstance(start, datetime) else start
        return tasks.after(day, days, self.today, self.calendar)

    def reply(self, row: Mapping[str, Any]) -> Deadline:
        """The statutory day of the answer."""
        if row["due_on"] is None:
            return Deadline(None, Standing.OPEN, "期限暂停计算") if row["received_on"] else NONE
        return self.until(row["due_on"], provisional=row["due_provisional"])

    def holds(self, organisation_id: int, roles: frozenset[Role]) -> bool:
        return bool(self.actor.roles_in(organisation_id) & roles)


def worklist(actor: Actor, now: datetime, only: str = "") -> tuple[TaskGroup, ...]:
    """What waits for this actor among the cases, most pressing type first. `only` asks for one type."""
    bodies = _bodies(actor, DESK | REVIEWERS | HEADS)
    units = _bodies(actor, UNIT)
    if not (bodies or units) or (only and task_types()[only].about != "case"):
        return ()
    desk = _Desk(actor, timezone.localdate(now), calendars.current())
    rows = {row["pk"]: row for row in _read(Case.objects.filter(organisation_id__in=bodies, closed_on=None))}
    found = [*_of_cases(desk, rows), *_answers(desk, rows), *_remedies(desk, bodies), *_units(desk, units)]
    return groups_of(task for task in found if only in ("", task.type.code))


def _bodies(actor: Actor, roles: frozenset[Role]) -> list[int]:
    return [body for body in actor.roles if actor.roles_in(body) & roles]


def _read(cases: QuerySet[Case]) -> list[dict[str, Any]]:
    found = cases.exclude(state=CaseState.VOID.value).order_by(F("due_on").asc(nulls_first=True), "pk")
    return list(found.values(*_COLUMNS, organisation_name=F("organisation__short_name"))[:MOST_CASES])


def _of_cases(desk: _Desk, rows: Mapping[int, dict[str, Any]]) -> Iterator[Task]:
    for pk, facts in facts_by_case(sorted(rows)):
        row = rows[pk]
        yield from _next_step(desk, row, facts)
        if desk.holds(row["organisation_id"], DESK):
            for asked in facts.supervisions:
                if asked.replied_on is None:
                    yield desk.task("case_supervision", row, desk.until(asked.reply_by), asked.content)
        extension = facts.extension
        asked_by_another = extension and not extension.approved_on and extension.requested_by != desk.actor.user_id
        if extension and asked_by_another and desk.holds(row["organisation_id"], HEADS):
            note = f"延长 {extension.days} 个工作日：{extension.reason}"
            yield desk.task("case_extension", row, desk.reply(row), note)


def _next_step(desk: _Desk, row: Mapping[str, Any], facts: CaseFacts) -> Iterator[Task]:
    """The one step its state asks for, where it is this person's."""
    body, state = row["organisation_id"], CaseState(row["state"])
    works = desk.holds(body, DESK)
    drafted = facts.draft is not None and facts.draft.by == desk.actor.user_id  # nobody approves what he drafted
    if state is CaseState.AWAITING_CONFIRMATION and works:
        yield desk.task("case_confirm", row, desk.after(row["opened_at"], confirmation_days()))
    elif state is CaseState.AWAITING_REGISTRATION and works:
        yield desk.task("case_register", row, desk.after(row["received_on"], task_types()["case_register"].days))
    elif state is CaseState.IN_PROGRESS and works and row["claimed_by_id"] in (None, desk.actor.user_id):
        yield desk.task("case_handle", row, desk.reply(row), _inner(desk, row, facts))
    elif state is CaseState.AWAITING_REVIEW and desk.holds(body, REVIEWERS) and not drafted:
        yield desk.task("case_review", row, desk.reply(row))
    elif state is CaseState.AWAITING_SIGN_OFF and desk.holds(body, HEADS) and not drafted:
        yield desk.task("case_sign", row, desk.reply(row))
    elif state is CaseState.AWAITING_SERVICE and works:
        yield desk.task("case_serve", row, desk.after(row["decided_on"], SERVICE_DAYS))


def _inner(desk: _Desk, row: Mapping[str, Any], facts: CaseFacts) -> str:
    """What warns before the statutory day does."""
    if facts.send_back_remark:
        return f"退回意见：{facts.send_back_remark}"
    if row["internal_due_on"] and row["internal_due_on"] < desk.today:
        return f"送审期限（内部）{row['internal_due_on']:%m月%d日}已过，请尽快送审"
    return ""


def _answers(desk: _Desk, rows: Mapping[int, dict[str, Any]]) -> Iterator[Task]:
    """Answers of applicants that nobody has confirmed."""
    waiting = ApplicantMessage.objects.filter(case_id__in=list(rows), taken_seq=None).order_by("pk")
    for pk, sent in waiting.values_list("case_id", "sent_at"):
        if desk.holds(rows[pk]["organisation_id"], DESK):
            yield desk.task("case_answer", rows[pk], desk.after(sent, confirmation_days()))


def _remedies(desk: _Desk, bodies: list[int]) -> Iterator[Task]:
    """Reconsiderations and suits in which something is to be submitted; the case itself may have ended long ago."""
    open_ = Remedy.objects.filter(case__organisation_id__in=bodies, result="").exclude(reply_due_on=None)
    for row in open_.order_by("reply_due_on").values(*_OF_CASE, "authority", "reply_due_on")[: tasks.COUNT_LIMIT]:
        if desk.holds(row["case__organisation_id"], DESK):
            yield desk.task("case_remedy", _as_case(row), desk.until(row["reply_due_on"]), row["authority"])


def _units(desk: _Desk, units: list[int]) -> Iterator[Task]:
    """Cases of other bodies that were given to one's own."""
    given = Assignment.objects.filter(organisation_id__in=units, ended_seq=None, case__closed_on=None)
    for row in given.order_by("due_on").values(*_OF_CASE, "due_on")[: tasks.COUNT_LIMIT]:
        yield desk.task("case_unit", _as_case(row), desk.until(row["due_on"]) if row["due_on"] else NONE)


_OF_CASE = ("case_id", "case__number", "case__title", "case__organisation_id", "case__organisation__short_name")


def _as_case(row: Mapping[str, Any]) -> dict[str, Any]:
    pk, number, title, _, body = (row[name] for name in _OF_CASE)
    return {"pk": pk, "number": number, "title": title, "organisation_name": body}


# --- counted by body ---------------------------------------------------------------------------------------------------
def loads(actor: Actor, now: datetime) -> dict[int, BodyLoad]:
    """Open cases of each body the actor oversees, and how many of them are late; one query. Late is also what a court or
    reconsideration organ should have been answered."""
    bodies, today = bodies_where(actor, Action.VIEW_AUDIT), timezone.localdate(now)
    found = Case.objects.filter(closed_on=None).exclude(state=CaseState.VOID.value)
    if bodies is not None:
        found = found.filter(organisation_id__in=bodies)
    unanswered = Remedy.objects.filter(case_id=OuterRef("pk"), result="", reply_due_on__lt=today)
    late = Q(due_on__lt=today) | Exists(unanswered)
    rows = found.order_by().values_list("organisation_id").annotate(all=Count("pk"), late=Count("pk", filter=late))
    return {body: BodyLoad(body, {"cases": all_}, {"cases": some}) for body, all_, some in rows}
