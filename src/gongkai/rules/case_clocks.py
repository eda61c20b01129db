"""The periods of a case, each reckoned from its facts: the answer, and beside it the correction notice, the consultations, the payment,
the reasons, the supervision notices; and the internal ones that warn before.

《条例》§30 (7 working days for the correction notice), §32–34 (15 for third parties and other bodies, from their receipt), §33 (20, and up to 20
more), §35; 国办函〔2020〕109号 (20 to pay); the open questions are settings (`request_settings`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from gongkai.rules.calendar import WorkingDays
from gongkai.rules.case_facts import CaseFacts, Consultation
from gongkai.rules.case_states import CaseState
from gongkai.rules.clock import ClockFact, Defer, Extend, Pause, Reckoning, Restart, Start, last_day, reckon
from gongkai.rules.request_settings import number_setting, switch_setting, text_setting

REPLY_DAYS = 20
CORRECTION_NOTICE_DAYS = 7
CONSULTATION_DAYS = 15
PAYMENT_DAYS = 20
SERVICE_DAYS = 2
"""Internal: what is signed is served within so many working days."""


def review_days() -> int:
    """Internal: handed in for review so many working days after receipt."""
    return number_setting("internal_due_days")


def unit_days() -> int:
    """Internal: the unit's opinion so many working days after it was assigned."""
    return number_setting("internal_handling_days")


def confirmation_days() -> int:
    """Internal: an application that came online is confirmed within so many working days; the law sets no limit, so an alarm does."""
    return number_setting("receipt_confirmation_max_days")


class ClockKind(StrEnum):
    """Which period."""

    CONFIRMATION = "confirmation"
    REPLY = "reply"
    INTERNAL = "internal"
    CORRECTION_NOTICE = "correction_notice"
    CORRECTION = "correction"
    CONSULTATION = "consultation"
    REASONS = "reasons"
    PAYMENT = "payment"
    SERVICE = "service"
    SUPERVISION = "supervision"


class ClockState(StrEnum):
    """How it stands."""

    RUNNING = "running"
    STOPPED = "stopped"
    MET = "met"
    MISSED = "missed"
    VOID = "void"

    @property
    def label(self) -> str:
        """For people."""
        return {"running": "计算中", "stopped": "暂停", "met": "按期", "missed": "逾期", "void": "不再计算"}[self.value]


@dataclass(frozen=True, slots=True)
class CaseClock:
    """One period of the case."""

    kind: ClockKind
    label: str
    article: str
    holder: str
    """Whose it is: the body, the applicant, the party by name."""
    start: date
    due: date | None
    state: ClockState
    provisional: bool = False
    ended_on: date | None = None
    reckoning: Reckoning | None = None
    """The derivation day by day, where days are counted out."""
    statutory: bool = True


def consultation_due(known: Consultation, calendar: WorkingDays) -> date | None:
    """The last day of a party's fifteen; None while it has not had the letter."""
    return calendar.add(known.served_on, CONSULTATION_DAYS).day if known.served_on else None


def consultation_end(known: Consultation, calendar: WorkingDays, today: date) -> date | None:
    """The day on which the pause ends: the reply, or the party's last day, whichever is first (setting `consultation_pause_end`).

    None: it goes on.
    """
    if text_setting("consultation_pause_end") == "reply_only":
        return known.replied_on
    due = consultation_due(known, calendar)
    days = [day for day in (known.replied_on, known.lapsed_on, due if due and due < today else None) if day]
    end = min(days, default=None)
    return min(end, due) if end and due else end


def clock_facts(facts: CaseFacts, calendar: WorkingDays, today: date, *, extended: bool = True) -> list[ClockFact]:
    """What moves the clock of the answer, each with its article. Empty while nothing was received."""
    if facts.received_on is None:
        return []
    found: list[ClockFact] = [Start(facts.received_on, basis="《条例》§31")]
    if (correction := facts.correction) is not None:
        if correction.replied_on:
            found.append(Restart(correction.replied_on, basis="收到补正，期限重新计算（《条例》§30）"))
        else:
            found.append(Pause(correction.notified_on, correction.lapsed_on, basis="等待补正（《条例》§30）"))
    if (fee := facts.fee) is not None:
        if fee.paid_on:
            found.append(Restart(fee.paid_on, basis="缴费次日起重新计算（国办函〔2020〕109号）"))
        else:
            found.append(Pause(fee.notified_on, fee.lapsed_on, basis="等待缴费（国办函〔2020〕109号）"))
    first_day_too = switch_setting("consultation_pause_excludes_sending_day")
    for known in facts.consultations:
        what = "第三方" if known.party == "third_party" else "其他机关"
        basis = f"征求{what}意见期间不计入（《条例》§33）"
        sent = known.sent_on - timedelta(days=1) if first_day_too else known.sent_on
        found.append(Pause(sent, consultation_end(known, calendar, today), basis=basis))
    if (asked := facts.reasons) is not None and text_setting("reason_request_clock_effect") == "pauses":
        ended = asked.replied_on or asked.lapsed_on
        found.append(Pause(asked.asked_on, ended, basis="等待说明理由（《条例》§35）"))
    if extended and facts.extension and facts.extension.served_on:
        found.append(Extend(facts.extension.days, basis="延长答复期限（《条例》§33）"))
    if facts.deferred_until:
        found.append(Defer(facts.deferred_until, basis="延迟答复（《条例》§35）"))
    return found


def reply_reckoning(
    facts: CaseFacts, calendar: WorkingDays, today: date, *, extended: bool = True, days: int = REPLY_DAYS
) -> Reckoning | None:
    """The clock of the answer on `today`; None while nothing was received. What is handled again has the day that was set."""
    moved = clock_facts(facts, calendar, today, extended=extended)
    if not moved:
        return None
    found = reckon(days, moved, calendar, today)
    if facts.rehandle_due is not None:
        return Reckoning(facts.rehandle_due, False, found.total, found.days, found.used)
    return found


def reply_day(facts: CaseFacts, calendar: WorkingDays, today: date) -> tuple[date | None, bool]:
    """The last day of the answer and whether it is provisional; None: the clock stands still or has not begun."""
    moved = clock_facts(facts, calendar, today)
    if not moved:
        return None, False
    found = last_day(REPLY_DAYS, moved, calendar, today)
    return (facts.rehandle_due, False) if facts.rehandle_due is not None else found


def clocks(facts: CaseFacts, calendar: WorkingDays, today: date) -> list[CaseClock]:
    """All periods of the case that have begun, the answer first."""
    return [*_reply(facts, calendar, today), *_of_the_body(facts, calendar, today), *_of_others(facts, calendar, today)]


def next_day(facts: CaseFacts, calendar: WorkingDays) -> date | None:
    """The nearest last day of something whose lapse is an event: correction, reasons, payment, consultation."""
    days: list[date | None] = [consultation_due(one, calendar) for one in facts.open_consultations]
    if facts.state is CaseState.AWAITING_CORRECTION and facts.correction:
        days.append(facts.correction.reply_by)
    if facts.state is CaseState.AWAITING_REASONS and facts.reasons:
        days.append(facts.reasons.reply_by)
    if facts.state is CaseState.AWAITING_PAYMENT and facts.fee:
        days.append(facts.fee.pay_by)
    return min((day for day in days if day), default=None)


def _standing(due: date | None, ended: date | None, today: date, *, void: bool = False) -> ClockState:
    if void:
        return ClockState.VOID
    if due is None:
        return ClockState.STOPPED
    if ended is not None:
        return ClockState.MET if ended <= due else ClockState.MISSED
    return ClockState.RUNNING if today <= due else ClockState.MISSED


def _reply(facts: CaseFacts, calendar: WorkingDays, today: date) -> Iterator[CaseClock]:
    ended = facts.served_on
    until = ended or facts.ended_on or today
    found = reply_reckoning(facts, calendar, until)
    if found is None or facts.received_on is None:
        return
    void = facts.state in (CaseState.WITHDRAWN, CaseState.VOID)
    state = _standing(found.due, ended, today, void=void)
    yield CaseClock(
        ClockKind.REPLY,
        "答复期限",
        "《条例》§33",
        "答复机关",
        facts.received_on,
        found.due,
        state,
        found.provisional,
        ended,
        found,
    )
    if facts.state.undecided and facts.state not in (CaseState.AWAITING_REVIEW, CaseState.AWAITING_SIGN_OFF):
        inner = reply_reckoning(facts, calendar, until, days=review_days())
        if inner is not None:
            state = _standing(inner.due, None, today)
            yield CaseClock(
                ClockKind.INTERNAL, "送审期限", "内部期限", "经办人", facts.received_on, inner.due, state, inner.provisional,
                reckoning=inner, statutory=False,
            )  # fmt: skip


def _of_the_body(facts: CaseFacts, calendar: WorkingDays, today: date) -> Iterator[CaseClock]:
    if facts.state is CaseState.AWAITING_CONFIRMATION and facts.submitted_on:
        until = calendar.add(facts.submitted_on, confirmation_days())
        yield CaseClock(
            ClockKind.CONFIRMATION, "与申请人确认", "《条例》§31", "答复机关", facts.submitted_on, until.day,
            _standing(until.day, None, today), until.provisional, statutory=False,
        )  # fmt: skip
    if facts.received_on and facts.state.undecided:
        told = facts.correction.notified_on if facts.correction else None
        last = calendar.add(facts.received_on, CORRECTION_NOTICE_DAYS)
        if told or today <= last.day:
            yield CaseClock(
                ClockKind.CORRECTION_NOTICE, "可以发补正通知的期限", "《条例》§30", "答复机关", facts.received_on, last.day,
                _standing(last.day, told, today), last.provisional, told,
            )  # fmt: skip
    if facts.state is CaseState.AWAITING_SERVICE and facts.decided_on:
        until = calendar.add(facts.decided_on, SERVICE_DAYS)
        yield CaseClock(
            ClockKind.SERVICE, "送达", "《条例》§33", "答复机关", facts.decided_on, until.day, _standing(until.day, None, today),
            until.provisional, statutory=False,
        )  # fmt: skip
    for known in facts.supervisions:
        yield CaseClock(
            ClockKind.SUPERVISION, "督办回复", "《条例》§47", "承办单位", known.on, known.reply_by,
            _standing(known.reply_by, known.replied_on, today), ended_on=known.replied_on, statutory=False,
        )  # fmt: skip


def _of_others(facts: CaseFacts, calendar: WorkingDays, today: date) -> Iterator[CaseClock]:
    if (correction := facts.correction) is not None:
        state = _standing(correction.reply_by, correction.replied_on, today)
        yield CaseClock(
            ClockKind.CORRECTION, "补正期限", "《条例》§30", "申请人", correction.notified_on, correction.reply_by, state,
            ended_on=correction.replied_on,
        )  # fmt: skip
    for known in facts.consultations:
        due = consultation_due(known, calendar)
        state = ClockState.STOPPED if due is None else _standing(due, known.replied_on, today)
        if due is None and known.replied_on:
            state = ClockState.MET
        yield CaseClock(
            ClockKind.CONSULTATION, f"征求意见：{known.name}", "《条例》§32、§34", known.name, known.served_on or known.sent_on, due,
            state, ended_on=known.replied_on,
        )  # fmt: skip
    if (asked := facts.reasons) is not None:
        state = _standing(asked.reply_by, asked.replied_on, today)
        yield CaseClock(
            ClockKind.REASONS,
            "说明理由期限",
            "《条例》§35",
            "申请人",
            asked.asked_on,
            asked.reply_by,
            state,
            ended_on=asked.replied_on,
        )
    if (fee := facts.fee) is not None:
        state = _standing(fee.pay_by, fee.paid_on, today)
        yield CaseClock(
            ClockKind.PAYMENT,
            "缴费期限",
            "国办函〔2020〕109号",
            "申请人",
            fee.notified_on,
            fee.pay_by,
            state,
            ended_on=fee.paid_on,
        )
