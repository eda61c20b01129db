"""The list of cases as the desk reads it: filters, traffic lights (a question of days, never a state), days that are left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import F, Q, QuerySet

from gongkai.calendars import selectors as calendars
from gongkai.foi.models import Case
from gongkai.foi.selectors import visible_to
from gongkai.rules.access import Actor
from gongkai.rules.calendar import WorkingDays
from gongkai.rules.case_states import CaseState
from gongkai.rules.outcomes import outcomes
from gongkai.rules.receipt import Channel
from gongkai.rules.request_settings import number_setting

ORDER = ("-opened_at", "-id")
BY_DAY = ("due_on", "id")


class Light(StrEnum):
    """How pressing an answer is."""

    OVERDUE = "overdue"
    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    STOPPED = "stopped"

    @property
    def label(self) -> str:
        """For people; colour alone tells nobody anything."""
        return {"overdue": "已逾期", "red": "即将到期", "amber": "临近到期", "green": "期限内", "stopped": "暂停计算"}[
            self.value
        ]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is asked for."""

    organisation_id: int | None = None
    state: str = ""
    light: str = ""
    channel: str = ""
    outcome: str = ""
    mine: bool = False
    text: str = ""
    received_from: date | None = None
    received_to: date | None = None
    open_only: bool = False
    by_day: bool = False


@dataclass(frozen=True, slots=True)
class Days:
    """The days at which the lights change, for today."""

    today: date
    red_until: date
    amber_until: date
    calendar: WorkingDays

    @classmethod
    def of(cls, today: date) -> Days:
        """Reckon them."""
        calendar = calendars.current()
        return cls(
            today,
            calendar.add(today, number_setting("reply_red_days")).day,
            calendar.add(today, number_setting("reply_amber_days")).day,
            calendar,
        )

    def light(self, state: str, due: date | None) -> Light | None:
        """The light of a case; None where nothing is due (not received yet, ended)."""
        if not CaseState(state).open or state == CaseState.AWAITING_CONFIRMATION:
            return None
        if due is None:
            return Light.STOPPED
        if due < self.today:
            return Light.OVERDUE
        return Light.RED if due <= self.red_until else Light.AMBER if due <= self.amber_until else Light.GREEN

    def left(self, due: date | None) -> str:
        """The days that are left, in words."""
        if due is None:
            return ""
        if due == self.today:
            return "今天到期"
        if due < self.today:
            count = self.calendar.between(due, self.today)
            return f"逾期 {count} 个工作日" if count else "已逾期"
        return f"剩 {self.calendar.between(self.today, due)} 个工作日"

    def asked(self, light: str) -> Q:
        """The cases of a light."""
        running = Q(closed_on=None) & ~Q(state__in=[CaseState.AWAITING_CONFIRMATION.value, CaseState.VOID.value])
        days = {
            Light.OVERDUE: Q(due_on__lt=self.today),
            Light.RED: Q(due_on__range=(self.today, self.red_until)),
            Light.AMBER: Q(due_on__gt=self.red_until, due_on__lte=self.amber_until),
            Light.GREEN: Q(due_on__gt=self.amber_until),
            Light.STOPPED: Q(due_on=None),
        }
        return running & days[Light(light)] if light in set(Light) else Q()


def case_list(actor: Actor, filters: Filters, days: Days) -> QuerySet[Case]:
    """Cases the actor may see, as asked; order it by `order_of`."""
    found = visible_to(actor)
    if filters.organisation_id:
        found = found.filter(organisation_id=filters.organisation_id)
    if filters.state in set(CaseState):
        found = found.filter(state=filters.state)
    if filters.light:
        found = found.filter(days.asked(filters.light))
    if filters.channel in set(Channel):
        found = found.filter(channel=filters.channel)
    if filters.outcome:
        found = found.filter(outcome=filters.outcome)
    if filters.mine:
        found = found.filter(claimed_by_id=actor.user_id)
    if filters.open_only or filters.by_day:
        found = found.filter(closed_on=None)
    if filters.by_day:
        found = found.exclude(due_on=None)
    if filters.received_from:
        found = found.filter(received_on__gte=filters.received_from)
    if filters.received_to:
        found = found.filter(received_on__lte=filters.received_to)
    if text := filters.text.strip():
        in_text = Q(number__contains=text) | Q(title__contains=text) | Q(applicant__name__contains=text)
        found = found.filter(in_text | Q(submission__tracking_number=text))
    return found


def order_of(filters: Filters) -> tuple[str, ...]:
    """The newest first, or the most pressing first."""
    return BY_DAY if filters.by_day else ORDER


def rows(cases: QuerySet[Case]) -> QuerySet[Case, Any]:
    """What a line of the list shows; one query."""
    return cases.values(
        "id", "number", "title", "state", "received_on", "due_on", "due_provisional", "opened_at", "channel", "category", "outcome",
        "closed_on", "timely_on", "open_consultations", applicant_name=F("applicant__name"), body=F("organisation__short_name"),
    )  # fmt: skip


def counts(actor: Actor, days: Days, organisation_id: int | None = None) -> dict[str, int]:
    """How many open cases there are of each light, and how many wait for confirmation; one query over the open ones."""
    found = visible_to(actor).filter(closed_on=None).exclude(state=CaseState.VOID.value)
    if organisation_id:
        found = found.filter(organisation_id=organisation_id)
    tally: dict[str, int] = {light.value: 0 for light in Light} | {"awaiting_confirmation": 0}
    for state, due in found.values_list("state", "due_on"):
        light = days.light(state, due)
        tally[light.value if light else "awaiting_confirmation"] += 1
    return tally


def masked(name: str, *, natural: bool) -> str:
    """A name as it leaves the desk in lists: of a person only the first character; organisations are no persons."""
    return f"{name[:1]}{'*' * max(len(name) - 1, 1)}" if natural and name else name


def export_rows(found: Iterable[Any], days: Days) -> Iterable[list[str]]:
    """The lines of the exported list, names of persons masked."""
    for row in found:
        state, due = str(row["state"]), row["due_on"]
        light = days.light(state, due if isinstance(due, date) else None)
        yield [
            str(row["number"]), masked(str(row["applicant_name"]), natural=row["category"] == "natural"), str(row["title"]),
            str(row["body"]), Channel(str(row["channel"])).label, str(row["received_on"] or ""), str(due or ""),
            CaseState(state).label, light.label if light else "", _outcome(str(row["outcome"])), str(row["timely_on"] or ""),
        ]  # fmt: skip


def _outcome(code: str) -> str:
    found = outcomes().get(code)
    return found.label if found else ""


EXPORT_HEAD = [
    "登记编号",
    "申请人",
    "所需信息",
    "答复机关",
    "提交渠道",
    "收到日期",
    "答复期限",
    "状态",
    "期限状态",
    "办理结果",
    "答复日期",
]
