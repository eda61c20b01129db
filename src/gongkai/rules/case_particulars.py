"""One event that somebody wants to happen to a case, and the particulars that follow from the given ones (amounts, last days).

Whether it may happen is asked of `case_guards`. 《条例》§32–§34, 国办函〔2020〕109号, 《行政复议法》§48, 《行政诉讼法》§67.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gongkai.rules import processing_fee
from gongkai.rules.calendar import WorkingDays
from gongkai.rules.case_clocks import PAYMENT_DAYS, consultation_due, reply_reckoning, unit_days
from gongkai.rules.case_events import CaseEvent
from gongkai.rules.case_facts import CaseFacts, day_of
from gongkai.rules.clock import natural_days
from gongkai.rules.reasons import Reason
from gongkai.rules.receipt import Channel


@dataclass(frozen=True, slots=True)
class Asked:
    """One event that somebody wants to happen."""

    event: CaseEvent
    facts: CaseFacts
    data: Mapping[str, Any]
    """Particulars as they are stored: days as 2026-03-02."""
    on: date
    """The day that is to count."""
    today: date
    actor_id: int | None
    calendar: WorkingDays
    channel: Channel = Channel.ONLINE
    fee_enabled: bool = False
    open_remedies: frozenset[int] = frozenset()
    """Remedies of the case that are not decided."""
    answer_waiting: bool = False
    """Whether the applicant has answered online in time and the answer only waits to be confirmed (§31（三）)."""
    decision_reasons: tuple[Reason, ...] = field(default=())
    """What the draft still lacks (`decisions.decision_reasons`), for those who hand it on."""

    def day(self, name: str) -> date | None:
        """A day among the particulars."""
        return day_of(self.data.get(name))


def complete(asked: Asked) -> dict[str, Any]:
    """The particulars with those that follow from them; call it when nothing refuses."""
    more = _COMPLETED.get(asked.event)
    return {**asked.data, **(more(asked) if more else {})}


def due_day(asked: Asked) -> date | None:
    """The last day of the answer as it stands; None: the clock stands still or has not begun."""
    found = reply_reckoning(asked.facts, asked.calendar, asked.today)
    return found.due if found else None


def fee_amount(asked: Asked) -> int:
    """What the fee is, in 元 (国办函〔2020〕109号): by items what this one adds to the month's, by pages all of it."""
    quantity = int(asked.data["quantity"])
    if asked.data.get("basis") == "items":
        return processing_fee.by_items(quantity) - processing_fee.by_items(quantity - 1)
    return processing_fee.by_pages(quantity)


def _fee_more(asked: Asked) -> dict[str, Any]:
    return {"amount": fee_amount(asked), "pay_by": asked.calendar.add(asked.on, PAYMENT_DAYS).day.isoformat()}


def _assign_more(asked: Asked) -> dict[str, Any]:
    due = asked.day("due_on") or asked.calendar.add(asked.on, unit_days()).day
    return {"due_on": due.isoformat()}


def _opinion_more(asked: Asked) -> dict[str, Any]:
    known = asked.facts.consultation(int(asked.data["consultation"]))
    due = consultation_due(known, asked.calendar) if known else None
    return {"late": bool(due and asked.on > due)}


def _extension_more(asked: Asked) -> dict[str, Any]:
    known = asked.facts.extension
    if known is None:
        return {}
    due = due_day(asked)
    return {"days": known.days, "reason": known.reason, "old_due": due.isoformat() if due else None}


def _remedy_more(asked: Asked) -> dict[str, Any]:
    """The body answers a reconsideration within ten days of having the copy (《行政复议法》§48), a suit within fifteen (《行政诉讼法》§67)."""
    copy = asked.day("copy_received_on")
    days = {"reconsideration": 10, "direct_litigation": 15, "litigation_after_reconsideration": 15}.get(
        asked.data["kind"]
    )
    if copy is None or days is None:
        return {}
    return {"reply_due_on": natural_days(copy, days, asked.calendar).day.isoformat()}


_COMPLETED: Mapping[CaseEvent, Callable[[Asked], dict[str, Any]]] = {
    CaseEvent.SEND_FEE_NOTICE: _fee_more,
    CaseEvent.ASSIGN: _assign_more,
    CaseEvent.RECEIVE_OPINION: _opinion_more,
    CaseEvent.SERVE_EXTENSION: _extension_more,
    CaseEvent.FILE_REMEDY: _remedy_more,
}
