"""What the applicant is told of a case: every step in plain words, whose turn it is, what to do now, and why the last day is what it is.

The same words are used on 进度查询 and, without particulars, in the messages (`notices`). Nothing here names a clerk or a third party.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongkai.calendars import selectors as calendars
from gongkai.foi.models import Case, CaseDocument, CaseEvent, Letter
from gongkai.foi.selectors import facts_of
from gongkai.organisations.models import Organisation
from gongkai.rules.calendar import WorkingDays
from gongkai.rules.case_clocks import clock_facts, confirmation_days, reply_reckoning
from gongkai.rules.case_events import TRANSITIONS, Field
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.case_facts import CaseFacts
from gongkai.rules.case_states import CaseState
from gongkai.rules.clock import Reckoning
from gongkai.rules.days import chinese_date
from gongkai.rules.letter_types import Addressee, letter_types

_DERIVED = {"amount": "count", "pay_by": "date", "days": "days", "reason": "long"}
"""Kinds of particulars that follow from others (`case_particulars.complete`) and are told all the same."""
_WITH_THE_ANSWER = frozenset({Event.SIGN, Event.DRAFT, Event.APPROVE})


@dataclass(frozen=True, slots=True)
class Step:
    """One step as the applicant reads it."""

    day: date
    """The day that counts in law."""
    at: datetime
    label: str
    text: str
    article: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands for the applicant."""

    state: str
    turn: str
    """Whose turn it is."""
    now: str
    """What the applicant has to do, or may expect."""
    due: date | None
    provisional: bool
    why: tuple[str, ...]
    """What moved the period, in words."""
    reckoning: Reckoning | None
    may_answer: str = ""
    """`correction` or `reasons`, when an answer may be sent online."""
    may_withdraw: bool = False


def steps_for_applicant(case: Case) -> list[Step]:
    """Everything the applicant is told of the case, the oldest first; two queries at most."""
    events = [event for event in case.events.order_by("seq") if TRANSITIONS[Event(event.name)].told]
    names = _bodies(events)
    return [step_of(event, names) for event in events]


def step_of(event: CaseEvent, bodies: Mapping[int, str]) -> Step:
    """One event as a step; `bodies` are the names of the bodies its particulars mention."""
    row = TRANSITIONS[Event(event.name)]
    return Step(event.effective_on, event.at, row.label, told(event, bodies), row.article)


def told(event: CaseEvent, bodies: Mapping[int, str]) -> str:
    """The sentence of an event with its particulars filled in; empty: nothing is told."""
    row = TRANSITIONS[Event(event.name)]
    kinds = {known.name: known for known in row.fields}
    words = {"day": chinese_date(event.effective_on)}
    for name in mentioned(row.told):
        if name != "day":
            words[name] = _in_words(event.data.get(name), kinds.get(name), _DERIVED.get(name, "text"), bodies)
    return row.told.format_map(words)


def mentioned(text: str) -> list[str]:
    """Names of the particulars that a sentence mentions."""
    return [name for _, name, _, _ in string.Formatter().parse(text) if name]


def _in_words(value: Any, known: Field | None, kind: str, bodies: Mapping[int, str]) -> str:
    kind = known.kind if known else kind
    if value in (None, ""):
        return "（未注明）"
    if kind == "date":
        return chinese_date(date.fromisoformat(str(value)))
    if kind == "choice" and known:
        return dict(known.choices).get(str(value), str(value))
    if kind == "body":
        return bodies.get(int(value), "其他机关")
    return str(value).strip()


def _bodies(events: Iterable[CaseEvent]) -> dict[int, str]:
    wanted = {int(event.data["body"]) for event in events if event.data.get("body")}
    return dict(Organisation.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def standing(case: Case, facts: CaseFacts | None = None) -> Standing:
    """How the case stands today. One query unless the facts are given."""
    known, calendar, today = facts or facts_of(case), calendars.current(), timezone.localdate()
    found = reply_reckoning(known, calendar, known.ended_on or today)
    moved = clock_facts(known, calendar, today)
    waits = {CaseState.AWAITING_CORRECTION: "correction", CaseState.AWAITING_REASONS: "reasons"}.get(known.state, "")
    return Standing(
        state=known.state.public_label,
        turn=_turn(case, known),
        now=_now(known, calendar),
        due=found.due if found else None,
        provisional=bool(found and found.provisional),
        why=tuple(dict.fromkeys(one.basis for one in moved if one.basis)),
        reckoning=found,
        may_answer=waits,
        may_withdraw=known.state.undecided,
    )


def _turn(case: Case, facts: CaseFacts) -> str:
    if not facts.state.open:
        return "已经办结，没有待办事项"
    return "您" if facts.state.waits_for_applicant else case.organisation.name


def _now(facts: CaseFacts, calendar: WorkingDays) -> str:
    """What happens next, in a sentence or two."""
    match facts.state:
        case CaseState.AWAITING_CONFIRMATION:
            confirm = confirmation_by(facts.submitted_on or timezone.localdate(), calendar)
            return (
                f"工作人员将在{chinese_date(confirm)}前与您联系，确认收到申请；双方确认之日为收到之日，答复期限自次日起计算（《条例》§31）。"
                "请保持联系方式畅通。"
            )
        case CaseState.AWAITING_REGISTRATION:
            return "申请已经收到，正在登记，不需要您办理。"
        case CaseState.AWAITING_CORRECTION:
            last = facts.correction.reply_by if facts.correction else None
            until = f"在{chinese_date(last)}前" if last else ""
            return f"请{until}补正。补正可以在本页提交，也可以当面或者邮寄提交；没有正当理由逾期不补正的，视为放弃申请（《条例》§30）。"
        case CaseState.AWAITING_REASONS:
            last = facts.reasons.reply_by if facts.reasons else None
            until = f"在{chinese_date(last)}前" if last else ""
            return f"请{until}说明理由，可以在本页提交（《条例》§35）。"
        case CaseState.AWAITING_PAYMENT:
            last = facts.fee.pay_by if facts.fee else None
            until = f"在{chinese_date(last)}前" if last else ""
            return f"请{until}按收费通知书缴纳信息处理费；逾期未缴的，视为放弃申请（国办函〔2020〕109号）。"
        case CaseState.AWAITING_SERVICE:
            return "答复已经作出，将按您选择的方式送达。"
        case CaseState.CLOSED:
            return (
                "申请已经答复。对答复不服的，可以按答复书载明的途径和期限申请行政复议或者提起行政诉讼（《条例》§51）。"
            )
        case CaseState.WITHDRAWN:
            return "您已撤回申请；仍然需要的，可以重新申请。"
        case CaseState.VOID:
            return "提交的内容未作为政府信息公开申请受理；有疑问的，请与受理机关联系。"
    if facts.open_consultations:
        return "正在征求意见，所需时间不计入答复期限，不需要您办理（《条例》§33）。"
    return "正在办理，不需要您办理。"


def confirmation_by(submitted_on: date, calendar: WorkingDays) -> date:
    """Until when staff confirm an application that came online (internal: the law sets no limit)."""
    return calendar.add(submitted_on, confirmation_days()).day


def letters_for_applicant(case: Case) -> list[Letter]:
    """Letters that were issued to the applicant, the oldest first: the answer only once it was served."""
    answers = set(
        case.events.filter(name__in=[event.value for event in _WITH_THE_ANSWER]).values_list("seq", flat=True)
    )
    return [
        one
        for one in case.letters.order_by("pk")
        if letter_types()[one.type].to is Addressee.APPLICANT
        and one.recipient == case.applicant.name
        and (case.timely_on is not None or one.seq not in answers)
    ]


def documents_for_applicant(case: Case) -> list[CaseDocument]:
    """What was given with the answer (`documents.provide`), once it was served."""
    if case.timely_on is None:
        return []
    return list(CaseDocument.objects.filter(case=case, release="applicant", removed_at=None).order_by("pk"))
