"""What is known of a case, told from its events alone: the one reading of them for guards, clocks, letters and figures.

Pure and replayable: fold the events up to any day and you have the case as it stood then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from gongkai.rules.case_events import CaseEvent
from gongkai.rules.case_states import CaseState


@dataclass(frozen=True, slots=True)
class Happened:
    """One event as it was recorded."""

    seq: int
    event: CaseEvent
    effective_on: date
    """The day that counts in law."""
    at: datetime | None = None
    actor_id: int | None = None
    organisation_id: int | None = None
    to_state: CaseState = CaseState.IN_PROGRESS
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Correction:
    """补正 (§30): told once; answered, or lapsed."""

    notified_on: date
    reply_by: date
    items: str
    replied_on: date | None = None
    content: str = ""
    still_unclear: bool = False
    lapsed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Consultation:
    """征求意见 (§32–§34) of one party. Its own fifteen working days run from when it had the letter."""

    seq: int
    party: str
    name: str
    sent_on: date
    asked: str = ""
    served_on: date | None = None
    replied_on: date | None = None
    opinion: str = ""
    content: str = ""
    late: bool = False
    """The reply came after its days were over: it is kept, but the clock had begun again."""
    lapsed_on: date | None = None
    """The last of its days, when nothing had come."""

    @property
    def open(self) -> bool:
        """Whether it is still waited for."""
        return self.replied_on is None and self.lapsed_on is None


@dataclass(frozen=True, slots=True)
class Extension:
    """延期 (§33): asked for, agreed to by the head, told to the applicant before the old day. Only then does it count."""

    days: int
    reason: str
    requested_by: int | None
    requested_on: date
    approved_by: int | None = None
    approved_on: date | None = None
    served_on: date | None = None


@dataclass(frozen=True, slots=True)
class ReasonRequest:
    """说明理由 (§35)."""

    asked_on: date
    reply_by: date
    facts: str
    replied_on: date | None = None
    content: str = ""
    reasonable: bool | None = None
    lapsed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Fee:
    """信息处理费 (§42)."""

    notified_on: date
    pay_by: date
    basis: str
    quantity: int
    amount: int
    paid_on: date | None = None
    lapsed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft of the decision: which version, by whom, what it says (`decisions.Decision` as stored)."""

    seq: int
    version: int
    by: int | None
    decision: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Supervision:
    """督办 (§47)."""

    seq: int
    on: date
    reply_by: date
    content: str
    replied_on: date | None = None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """All of it."""

    state: CaseState = CaseState.AWAITING_CONFIRMATION
    last_seq: int = 0
    submitted_on: date | None = None
    received_on: date | None = None
    registered_on: date | None = None
    correction: Correction | None = None
    consultations: tuple[Consultation, ...] = ()
    extension: Extension | None = None
    extensions_refused: int = 0
    reasons: ReasonRequest | None = None
    deferred_until: date | None = None
    fee: Fee | None = None
    searches: tuple[Mapping[str, Any], ...] = ()
    opinions: tuple[Mapping[str, Any], ...] = ()
    draft: Draft | None = None
    changed_seq: int = 0
    """The last event that may change what the answer has to say; a draft older than it is stale."""
    approved_by: int | None = None
    send_back_remark: str = ""
    decision: Mapping[str, Any] | None = None
    """The signed one."""
    decided_on: date | None = None
    decided_seq: int = 0
    served_on: date | None = None
    served_way: str = ""
    delivered_on: date | None = None
    ended_on: date | None = None
    archived_on: date | None = None
    supervisions: tuple[Supervision, ...] = ()
    rehandle_due: date | None = None
    """Of a case that is handled again: the day the decision or judgment set."""
    claimed_by: int | None = None
    remedies_filed: int = 0
    remedies_decided: int = 0
    promoted: bool = False
    logged: bool = False

    @property
    def open_consultations(self) -> tuple[Consultation, ...]:
        """Those that are still waited for."""
        return tuple(one for one in self.consultations if one.open)

    @property
    def draft_is_stale(self) -> bool:
        """Whether something has happened since the draft that it may have to mention."""
        return self.draft is not None and self.changed_seq > self.draft.seq

    def consultation(self, seq: int) -> Consultation | None:
        """The consultation begun by event `seq`."""
        return next((one for one in self.consultations if one.seq == seq), None)


def fold(events: Iterable[Happened], facts: CaseFacts | None = None) -> CaseFacts:
    """The facts after `events` in their order, beginning with `facts`."""
    known = facts or CaseFacts()
    for one in events:
        step = _STEPS.get(one.event)
        changes = step(known, one) if step else {}
        if one.event in _CHANGING:
            changes["changed_seq"] = one.seq
        known = replace(known, state=one.to_state, last_seq=one.seq, **changes)
    return known


_Changes = dict[str, Any]
_CHANGING = frozenset(
    {
        CaseEvent.RECEIVE_CORRECTION,
        CaseEvent.CORRECTION_LAPSED,
        CaseEvent.SEND_CONSULTATION,
        CaseEvent.RECEIVE_OPINION,
        CaseEvent.OPINION_LAPSED,
        CaseEvent.SERVE_EXTENSION,
        CaseEvent.RECEIVE_REASONS,
        CaseEvent.REASONS_LAPSED,
        CaseEvent.DEFER,
        CaseEvent.RECEIVE_PAYMENT,
        CaseEvent.PAYMENT_LAPSED,
        CaseEvent.RECORD_SEARCH,
        CaseEvent.LINK_SAME,
        CaseEvent.GIVE_OPINION,
        CaseEvent.SPLIT,
        CaseEvent.TRANSFER,
    }
)
"""Events after which a draft has to be looked at again."""


def day_of(value: Any) -> date | None:
    """A day as it is stored, or None."""
    return date.fromisoformat(value) if value else None


def _day(one: Happened, name: str) -> date:
    found = day_of(one.data.get(name))
    if found is None:
        raise ValueError(f"event {one.seq} ({one.event}) has no day {name!r}")
    return found


def _submit(facts: CaseFacts, one: Happened) -> _Changes:
    return {"submitted_on": one.effective_on, "received_on": day_of(one.data.get("received_on"))} | (
        {"rehandle_due": day_of(one.data["rehandle_due"])} if one.data.get("rehandle_due") else {}
    )


def _confirm(facts: CaseFacts, one: Happened) -> _Changes:
    return {"received_on": one.effective_on}


def _register(facts: CaseFacts, one: Happened) -> _Changes:
    return {"registered_on": one.effective_on}


def _transfer(facts: CaseFacts, one: Happened) -> _Changes:
    """Another body answers: it has the application from now on, and nothing that the first one did moves its clock."""
    return {
        "received_on": one.effective_on, "registered_on": None, "correction": None, "consultations": (), "extension": None,
        "reasons": None, "deferred_until": None, "fee": None, "draft": None, "claimed_by": None,
    }  # fmt: skip


def _notify_correction(facts: CaseFacts, one: Happened) -> _Changes:
    return {"correction": Correction(one.effective_on, _day(one, "reply_by"), str(one.data.get("items", "")))}


def _correct(facts: CaseFacts, one: Happened) -> _Changes:
    if facts.correction is None:
        return {}
    answered = replace(
        facts.correction, replied_on=one.effective_on, content=str(one.data.get("content", "")),
        still_unclear=bool(one.data.get("still_unclear")), lapsed_on=None,
    )  # fmt: skip
    return {"correction": answered}


def _correction_lapsed(facts: CaseFacts, one: Happened) -> _Changes:
    return {"correction": replace(facts.correction, lapsed_on=one.effective_on)} if facts.correction else {}


def _consult(facts: CaseFacts, one: Happened) -> _Changes:
    new = Consultation(
        one.seq, str(one.data["party"]), str(one.data["name"]), one.effective_on, str(one.data.get("asked", ""))
    )
    return {"consultations": (*facts.consultations, new)}


def _of_consultation(
    change: Callable[[Consultation, Happened], Consultation],
) -> Callable[[CaseFacts, Happened], _Changes]:
    def step(facts: CaseFacts, one: Happened) -> _Changes:
        wanted = int(one.data["consultation"])
        return {"consultations": tuple(change(c, one) if c.seq == wanted else c for c in facts.consultations)}

    return step


def _served(known: Consultation, one: Happened) -> Consultation:
    return replace(known, served_on=one.effective_on)


def _opinion(known: Consultation, one: Happened) -> Consultation:
    return replace(
        known, replied_on=one.effective_on, opinion=str(one.data["opinion"]), content=str(one.data.get("content", "")),
        late=bool(one.data.get("late")) or known.lapsed_on is not None,
    )  # fmt: skip


def _opinion_lapsed(known: Consultation, one: Happened) -> Consultation:
    return replace(known, lapsed_on=one.effective_on)


def _ask_extension(facts: CaseFacts, one: Happened) -> _Changes:
    return {
        "extension": Extension(int(one.data["days"]), str(one.data.get("reason", "")), one.actor_id, one.effective_on)
    }


def _approve_extension(facts: CaseFacts, one: Happened) -> _Changes:
    if facts.extension is None:
        return {}
    return {"extension": replace(facts.extension, approved_by=one.actor_id, approved_on=one.effective_on)}


def _refuse_extension(facts: CaseFacts, one: Happened) -> _Changes:
    return {"extension": None, "extensions_refused": facts.extensions_refused + 1}


def _serve_extension(facts: CaseFacts, one: Happened) -> _Changes:
    return {"extension": replace(facts.extension, served_on=one.effective_on)} if facts.extension else {}


def _ask_reasons(facts: CaseFacts, one: Happened) -> _Changes:
    return {"reasons": ReasonRequest(one.effective_on, _day(one, "reply_by"), str(one.data.get("facts", "")))}


def _reasons(facts: CaseFacts, one: Happened) -> _Changes:
    if facts.reasons is None:
        return {}
    found = one.data.get("reasonable") == "yes"
    return {
        "reasons": replace(
            facts.reasons, replied_on=one.effective_on, content=str(one.data.get("content", "")), reasonable=found
        )
    }


def _reasons_lapsed(facts: CaseFacts, one: Happened) -> _Changes:
    return {"reasons": replace(facts.reasons, lapsed_on=one.effective_on, reasonable=False)} if facts.reasons else {}


def _defer(facts: CaseFacts, one: Happened) -> _Changes:
    return {"deferred_until": _day(one, "until")}


def _fee(facts: CaseFacts, one: Happened) -> _Changes:
    data = one.data
    return {
        "fee": Fee(
            one.effective_on, _day(one, "pay_by"), str(data["basis"]), int(data["quantity"]), int(data["amount"])
        )
    }


def _paid(facts: CaseFacts, one: Happened) -> _Changes:
    return {"fee": replace(facts.fee, paid_on=one.effective_on)} if facts.fee else {}


def _fee_lapsed(facts: CaseFacts, one: Happened) -> _Changes:
    return {"fee": replace(facts.fee, lapsed_on=one.effective_on)} if facts.fee else {}


def _search(facts: CaseFacts, one: Happened) -> _Changes:
    return {"searches": (*facts.searches, {**one.data, "on": one.effective_on.isoformat()})}


def _give_opinion(facts: CaseFacts, one: Happened) -> _Changes:
    return {"opinions": (*facts.opinions, {**one.data, "body": one.organisation_id})}


def _draft(facts: CaseFacts, one: Happened) -> _Changes:
    version = facts.draft.version + 1 if facts.draft else 1
    return {"draft": Draft(one.seq, version, one.actor_id, one.data["decision"]), "approved_by": None}


def _approve(facts: CaseFacts, one: Happened) -> _Changes:
    return {"approved_by": one.actor_id, "send_back_remark": ""}


def _send_back(facts: CaseFacts, one: Happened) -> _Changes:
    return {"approved_by": None, "send_back_remark": str(one.data.get("remark", ""))}


def _sign(facts: CaseFacts, one: Happened) -> _Changes:
    decision = facts.draft.decision if facts.draft else None
    return {"decision": decision, "decided_on": one.effective_on, "decided_seq": one.seq}


def _serve(facts: CaseFacts, one: Happened) -> _Changes:
    way = str(one.data.get("way", ""))
    delivered = None if way == "post" else one.effective_on
    return {"served_on": one.effective_on, "served_way": way, "delivered_on": delivered, "ended_on": one.effective_on}


def _delivered(facts: CaseFacts, one: Happened) -> _Changes:
    return {"delivered_on": one.effective_on}


def _ended(facts: CaseFacts, one: Happened) -> _Changes:
    return {"ended_on": one.effective_on}


def _archive(facts: CaseFacts, one: Happened) -> _Changes:
    return {"archived_on": one.effective_on}


def _supervise(facts: CaseFacts, one: Happened) -> _Changes:
    new = Supervision(one.seq, one.effective_on, _day(one, "reply_by"), str(one.data.get("content", "")))
    return {"supervisions": (*facts.supervisions, new)}


def _reply_supervision(facts: CaseFacts, one: Happened) -> _Changes:
    answered = tuple(replace(s, replied_on=one.effective_on) if s.replied_on is None else s for s in facts.supervisions)
    return {"supervisions": answered}


def _claim(facts: CaseFacts, one: Happened) -> _Changes:
    return {"claimed_by": one.actor_id}


_STEPS: Mapping[CaseEvent, Callable[[CaseFacts, Happened], _Changes]] = {
    CaseEvent.SUBMIT: _submit,
    CaseEvent.CONFIRM_RECEIPT: _confirm,
    CaseEvent.REGISTER: _register,
    CaseEvent.TRANSFER: _transfer,
    CaseEvent.CLAIM: _claim,
    CaseEvent.SEND_CORRECTION_NOTICE: _notify_correction,
    CaseEvent.RECEIVE_CORRECTION: _correct,
    CaseEvent.CORRECTION_LAPSED: _correction_lapsed,
    CaseEvent.SEND_CONSULTATION: _consult,
    CaseEvent.SERVE_CONSULTATION: _of_consultation(_served),
    CaseEvent.RECEIVE_OPINION: _of_consultation(_opinion),
    CaseEvent.OPINION_LAPSED: _of_consultation(_opinion_lapsed),
    CaseEvent.REQUEST_EXTENSION: _ask_extension,
    CaseEvent.APPROVE_EXTENSION: _approve_extension,
    CaseEvent.REFUSE_EXTENSION: _refuse_extension,
    CaseEvent.SERVE_EXTENSION: _serve_extension,
    CaseEvent.REQUEST_REASONS: _ask_reasons,
    CaseEvent.RECEIVE_REASONS: _reasons,
    CaseEvent.REASONS_LAPSED: _reasons_lapsed,
    CaseEvent.DEFER: _defer,
    CaseEvent.SEND_FEE_NOTICE: _fee,
    CaseEvent.RECEIVE_PAYMENT: _paid,
    CaseEvent.PAYMENT_LAPSED: _fee_lapsed,
    CaseEvent.RECORD_SEARCH: _search,
    CaseEvent.GIVE_OPINION: _give_opinion,
    CaseEvent.DRAFT: _draft,
    CaseEvent.APPROVE: _approve,
    CaseEvent.SEND_BACK: _send_back,
    CaseEvent.SIGN: _sign,
    CaseEvent.SERVE: _serve,
    CaseEvent.RECORD_DELIVERY: _delivered,
    CaseEvent.WITHDRAW: _ended,
    CaseEvent.VOID: _ended,
    CaseEvent.ARCHIVE: _archive,
    CaseEvent.SUPERVISE: _supervise,
    CaseEvent.REPLY_SUPERVISION: _reply_supervision,
    CaseEvent.FILE_REMEDY: lambda facts, one: {"remedies_filed": facts.remedies_filed + 1},
    CaseEvent.DECIDE_REMEDY: lambda facts, one: {"remedies_decided": facts.remedies_decided + 1},
    CaseEvent.PROPOSE_PROMOTION: lambda facts, one: {"promoted": True},
    CaseEvent.LOG_ANSWER: lambda facts, one: {"logged": True},
}
