"""What waits for whom among the cases: typed tasks of 依申请公开 with their deadline, for one person, and counted by body.

Whose turn it is follows from the state and from roles (`rules.case_events`); types, terms and words are in `rules.tasks`. Five queries
however many cases there are: those with something to do, their events, what applicants sent, remedies, assignments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from gongkai.calendars import selectors as calendars
from gongkai.foi.batches import facts_by_case
from gongkai.foi.models import ApplicantMessage, Assignment, Case, CaseEvent, Remedy
from gongkai.organisations.actors import in_effect
from gongkai.organisations.selectors import bodies_where
from gongkai.rules import tasks
from gongkai.rules.access import Action, Actor, Role
from gongkai.rules.calendar import WorkingDays
from gongkai.rules.case_clocks import SERVICE_DAYS, confirmation_days
from gongkai.rules.case_events import DESK, HEADS, REVIEWERS, UNIT
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.case_facts import CaseFacts
from gongkai.rules.case_states import CaseState
from gongkai.rules.request_settings import number_setting
from gongkai.rules.tasks import NONE, BodyLoad, Deadline, Standing, Task, TaskGroup, groups_of, task_types

MOST_CASES = 400
"""Open cases that are looked at for one person, those due first."""
REPLY_OWED = timedelta(days=90)
"""How long after the answer a supervision notice that nobody replied to is still on the worklist."""
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
        soon = number_setting("reply_red_days")
        return tasks.until(row["due_on"], self.today, self.calendar, provisional=row["due_provisional"], soon=soon)

    def holds(self, organisation_id: int, roles: frozenset[Role]) -> bool:
        return bool(self.actor.roles_in(organisation_id) & roles)


def worklist(actor: Actor, now: datetime, only: str = "") -> tuple[TaskGroup, ...]:
    """What waits for this actor among the cases, most pressing type first. `only` asks for one type."""
    bodies = _bodies(actor, DESK | REVIEWERS | HEADS)
    units = _bodies(actor, UNIT)
    if not (bodies or units) or (only and task_types()[only].about != "case"):
        return ()
    desk = _Desk(actor, timezone.localdate(now), calendars.current())
    rows = {row["pk"]: row for row in _read(bodies, desk.today)}
    found = [*_of_cases(desk, rows), *_answers(desk, rows), *_remedies(desk, bodies), *_units(desk, units)]
    return groups_of(task for task in found if only in ("", task.type.code))


def _bodies(actor: Actor, roles: frozenset[Role]) -> list[int]:
    return [body for body in actor.roles if actor.roles_in(body) & roles]


def _read(bodies: list[int], today: date) -> list[dict[str, Any]]:
    """The open cases, and those answered of late in which a reply to a supervision notice is still owed; one query."""
    at_desk = in_effect(
        user_id=OuterRef("claimed_by_id"), organisation_id=OuterRef("organisation_id"), user__is_active=True,
        role__in=[role.value for role in DESK],
    )  # fmt: skip
    known = Case.objects.filter(organisation_id__in=bodies)
    open_ = known.filter(closed_on=None).exclude(state=CaseState.VOID.value)
    ended = known.filter(Exists(_unreplied()), state=CaseState.CLOSED.value, decided_on__gte=today - REPLY_OWED)
    found = [
        cases.order_by().values(*_COLUMNS, organisation_name=F("organisation__short_name"), in_hand=Exists(at_desk))
        for cases in (open_, ended)
    ]
    return list(found[0].union(found[1], all=True).order_by(F("due_on").asc(nulls_first=True), "pk")[:MOST_CASES])


def _unreplied() -> QuerySet[CaseEvent]:
    """Supervision notices of the outer case without a reply after them."""
    events = CaseEvent.objects.filter(case_id=OuterRef("pk"), name=Event.SUPERVISE.value)
    replies = CaseEvent.objects.filter(
        case_id=OuterRef("case_id"), name=Event.REPLY_SUPERVISION.value, seq__gt=OuterRef("seq")
    )
    return events.exclude(Exists(replies))


def _of_cases(desk: _Desk, rows: Mapping[int, dict[str, Any]]) -> Iterator[Task]:
    for pk, facts in facts_by_case(sorted(rows)):
        row = rows[pk]
        works, heads = (desk.holds(row["organisation_id"], roles) for roles in (DESK, HEADS))
        own = list(_next_step(desk, row, facts))
        yield from own
        if heads and not own and row["due_on"] and row["due_on"] < desk.today and facts.state.undecided:
            yield desk.task("case_overdue", row, desk.reply(row), facts.state.label)
        if works:
            yield from _beside(desk, row, facts)
        extension = facts.extension
        asked_by_another = extension and not extension.approved_on and extension.requested_by != desk.actor.user_id
        if extension and asked_by_another and heads:
            note = f"延长 {extension.days} 个工作日：{extension.reason}"
            yield desk.task("case_extension", row, desk.reply(row), note)


def _beside(desk: _Desk, row: Mapping[str, Any], facts: CaseFacts) -> Iterator[Task]:
    """What the desk owes beside the next step: it goes on in whatever state the case is, and no sweep does it."""
    for asked in facts.supervisions:
        if asked.replied_on is None:
            yield desk.task("case_supervision", row, desk.until(asked.reply_by), asked.content)
    if not facts.state.undecided:
        return
    if facts.extension and facts.extension.approved_on and not facts.extension.served_on:
        yield desk.task("case_extension_serve", row, desk.reply(row), f"延长 {facts.extension.days} 个工作日")
    for known in facts.open_consultations:
        if known.served_on is None:
            days = task_types()["case_consultation"].days
            yield desk.task("case_consultation", row, desk.after(known.sent_on, days), known.name)


def _next_step(desk: _Desk, row: Mapping[str, Any], facts: CaseFacts) -> Iterator[Task]:
    """The one step its state asks for, where it is this person's."""
    body, state = row["organisation_id"], CaseState(row["state"])
    works = desk.holds(body, DESK)
    drafted = facts.draft is not None and facts.draft.by == desk.actor.user_id  # nobody approves what he drafted
    if state is CaseState.AWAITING_CONFIRMATION and works:
        yield desk.task("case_confirm", row, desk.after(row["opened_at"], confirmation_days()))
    elif state is CaseState.AWAITING_REGISTRATION and works:
        yield desk.task("case_register", row, desk.after(row["received_on"], task_types()["case_register"].days))
    elif state is CaseState.IN_PROGRESS and works and row["claimed_by_id"] == desk.actor.user_id:
        yield desk.task("case_handle", row, desk.reply(row), _to_know(desk, row, facts))
    elif state is CaseState.IN_PROGRESS and works and not row["in_hand"]:
        yield desk.task("case_claim", row, desk.reply(row), _to_know(desk, row, facts))
    elif state is CaseState.AWAITING_REVIEW and desk.holds(body, REVIEWERS) and not drafted:
        yield desk.task("case_review", row, desk.reply(row))
    elif state is CaseState.AWAITING_SIGN_OFF and desk.holds(body, HEADS) and not drafted:
        yield desk.task("case_sign", row, desk.reply(row))
    elif state is CaseState.AWAITING_SERVICE and works:
        yield desk.task("case_serve", row, desk.after(row["decided_on"], SERVICE_DAYS))


def _to_know(desk: _Desk, row: Mapping[str, Any], facts: CaseFacts) -> str:
    """What was sent back, what has run out, and what warns before the statutory day does."""
    found = [f"退回意见：{facts.send_back_remark}"] if facts.send_back_remark else []
    if facts.correction and facts.correction.lapsed_on:
        found.append("申请人逾期未补正（《条例》§30）")
    if facts.reasons and facts.reasons.lapsed_on:
        found.append("申请人逾期未说明理由（《条例》§35）")
    if facts.fee and facts.fee.lapsed_on:
        found.append("申请人逾期未缴费（国办函〔2020〕109号）")
    found += [f"{one.name}逾期未提出意见" for one in facts.consultations if one.lapsed_on and not one.replied_on]
    if row["claimed_by_id"] and not row["in_hand"] and row["claimed_by_id"] != desk.actor.user_id:
        found.append("原领办人不在本机关办理岗位，请重新领办")
    if row["internal_due_on"] and row["internal_due_on"] < desk.today:
        found.append(f"送审期限（内部）{row['internal_due_on']:%m月%d日}已过，请尽快送审")
    return "；".join(found)


def _answers(desk: _Desk, rows: Mapping[int, dict[str, Any]]) -> Iterator[Task]:
    """Answers of applicants that nobody has confirmed."""
    waiting = ApplicantMessage.objects.filter(case_id__in=list(rows), taken_seq=None).order_by("pk")
    for pk, sent in waiting.values_list("case_id", "sent_at"):
        if desk.holds(rows[pk]["organisation_id"], DESK):
            yield desk.task("case_answer", rows[pk], desk.after(sent, confirmation_days()))


def _remedies(desk: _Desk, bodies: list[int]) -> Iterator[Task]:
    """Reconsiderations and suits in which something is to be submitted, or that ordered to handle the case again, which nobody has
    begun; the case itself may have ended long ago."""
    begun = Case.objects.filter(
        parent_id=OuterRef("case_id"), origin="rehandling", received_on__gte=OuterRef("result_on")
    )
    ordered = Q(~Exists(begun), rehandle_by__isnull=False, case__state=CaseState.CLOSED.value)
    found = Remedy.objects.filter(
        Q(result="", reply_due_on__isnull=False) | ordered, case__organisation_id__in=bodies
    ).order_by(Coalesce("rehandle_by", "reply_due_on"), "pk")
    columns = (*_OF_CASE, "authority", "reply_due_on", "rehandle_by")
    for row in found.values(*columns)[: tasks.COUNT_LIMIT]:
        if desk.holds(row["case__organisation_id"], DESK):
            code, day = (
                ("case_rehandle", row["rehandle_by"]) if row["rehandle_by"] else ("case_remedy", row["reply_due_on"])
            )
            yield desk.task(code, _as_case(row), desk.until(day), row["authority"])


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
