"""The only writer of cases and events: one event, what follows from it, and the columns that repeat it, in one transaction.

Two who act at once wait for each other at the row of the case; the second decides on what the first has done. A form sent twice is one
event (its token). An event is refused with every reason, and nothing is written then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from gongkai.audit.log import Entry, record
from gongkai.calendars import selectors as calendars
from gongkai.foi import effects
from gongkai.foi.body_settings import settings_of
from gongkai.foi.decision_facts import lacking
from gongkai.foi.models import ApplicantMessage, Case, CaseEvent
from gongkai.foi.selectors import facts_of, happened, subject_of
from gongkai.foi.writing import Wanted, append, refresh
from gongkai.organisations.actors import NotVisible
from gongkai.rules.access import Actor
from gongkai.rules.calendar import WorkingDays
from gongkai.rules.case_events import TRANSITIONS, CaseSubject, may, sees
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.case_facts import CaseFacts, fold
from gongkai.rules.case_guards import refusals
from gongkai.rules.case_particulars import Asked, complete
from gongkai.rules.case_states import CaseState
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.receipt import Channel

APPLICANT = Actor(0, "申请人")
"""Who acts when the applicant does, by the public pages."""
SYSTEM = Actor(0, "系统（期限）")


def act(*, actor: Actor, case_id: int, wanted: Wanted, system: bool = False) -> CaseEvent:
    """Let the event happen, or raise `Refused` with every reason, or `NotVisible`. Returns the event; of a form sent twice, the first.

    `system`: the passing of time or the applicant causes it, roles are not asked.
    """
    with transaction.atomic():
        case = locked(case_id)
        subject = subject_of(case)
        if not system and not sees(actor, subject):
            raise NotVisible
        if wanted.token and (done := CaseEvent.objects.filter(token=wanted.token).first()) is not None:
            if done.case_id != case.pk or done.name != wanted.event:
                raise Refused([Reason("token", "该表单已经用于其他事项，请刷新页面后重新填写。")])
            return done
        facts = facts_of(case)
        asked = asking(actor, case, facts, wanted)
        reasons = [] if system else may(actor, wanted.event, subject)
        reasons += _stale(wanted, case) or refusals(asked)
        if reasons:
            raise Refused(reasons)
        return write(actor, case, facts, wanted, complete(asked))


def already_done(token: str) -> bool:
    """Whether a form with this token has made its event."""
    return CaseEvent.objects.filter(token=token).exists()


def locked(case_id: int) -> Case:
    """The case, locked for this transaction."""
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise NotVisible
    return case


def asking(actor: Actor, case: Case, facts: CaseFacts, wanted: Wanted) -> Asked:
    """What the guards are asked, for this case today."""
    today = timezone.localdate(wanted.at)
    return Asked(
        event=wanted.event,
        facts=facts,
        data=wanted.data,
        on=wanted.on or today,
        today=today,
        actor_id=actor.user_id or None,
        calendar=calendars.current(),
        channel=Channel(case.channel),
        fee_enabled=wanted.event is Event.SEND_FEE_NOTICE and settings_of(case.organisation_id).fee_enabled,
        open_remedies=frozenset(case.remedies.filter(result="").values_list("pk", flat=True))
        if wanted.event is Event.DECIDE_REMEDY
        else frozenset(),
        answer_waiting=wanted.event in _LAPSES and answered_in_time(case, facts, _LAPSES[wanted.event]),
        decision_reasons=lacking(case, facts, wanted.event, today),
    )


_LAPSES = {Event.CORRECTION_LAPSED: "correction", Event.REASONS_LAPSED: "reasons"}


def answered_in_time(case: Case, facts: CaseFacts, kind: str) -> bool:
    """Whether an answer that the applicant sent online in time still waits to be confirmed: the term does not lapse over it."""
    asked = facts.correction if kind == "correction" else facts.reasons
    sent = (
        ApplicantMessage.objects.filter(case=case, kind=kind, taken_seq=None)
        .order_by("pk")
        .values_list("sent_at", flat=True)
    )
    return bool(asked and any(timezone.localdate(moment) <= asked.reply_by for moment in sent))


def _stale(wanted: Wanted, case: Case) -> list[Reason]:
    """What somebody else has done since the form was made comes first."""
    if wanted.expected_seq is None or wanted.expected_seq == case.last_seq:
        return []
    last = case.events.order_by("-seq").first()
    what = (
        f"“{Event(last.name).label}”（{last.actor_name}，{timezone.localtime(last.at):%m月%d日 %H:%M}）" if last else ""
    )
    message = f"您打开页面之后，本件又有新的办理记录{what}，请核对后重新办理。您填写的内容仍保留在表单中。"
    return [Reason("changed", message)]


def write(actor: Actor, case: Case, facts: CaseFacts, wanted: Wanted, data: Mapping[str, Any]) -> CaseEvent:
    """Append the event to the locked case and do what follows. Nothing is asked here."""
    row = TRANSITIONS[wanted.event]
    target = row.target or CaseState(case.state)
    event = append(actor, case, wanted, data, target)
    known = fold(happened([event]), facts)
    effects.follow(actor, case, event, known)
    refresh(case, known, calendars.current(), timezone.localdate())
    case.save()
    entry = Entry(
        f"case.{event.name}", "case", str(case.pk), case.organisation_id, {"seq": event.seq, "on": event.effective_on}
    )
    record(actor=actor, entries=[entry], public=effects.changes_the_site(event))
    effects.tell(case, event, known)
    return event


def rebuild(cases: Iterable[Case] | None = None, *, calendar: WorkingDays | None = None) -> int:
    """Write the columns anew from the events; returns how many cases differed. Audited nowhere: it changes nothing that was said."""
    known, today, changed = calendar or calendars.current(), timezone.localdate(), 0
    pks = [case.pk for case in cases] if cases is not None else list(Case.objects.values_list("pk", flat=True))
    for pk in pks:
        with transaction.atomic():
            case = locked(pk)
            before = _columns(case)
            refresh(case, facts_of(case), known, today)
            if _columns(case) != before:
                case.save()
                changed += 1
    return changed


CACHED = (
    "state", "received_on", "due_on", "due_provisional", "stopped", "internal_due_on", "next_on", "open_consultations",
    "outcome", "decided_on", "closed_on", "timely_on", "claimed_by_id",
)  # fmt: skip
"""Columns of a case that only repeat what its events say."""


def _columns(case: Case) -> tuple[Any, ...]:
    return tuple(getattr(case, name) for name in CACHED)


def reasons_against(actor: Actor, case: Case, facts: CaseFacts, subject: CaseSubject, event: Event) -> list[Reason]:
    """Why the event cannot happen now, particulars apart: for the list of next actions."""
    reasons = may(actor, event, subject)
    row = TRANSITIONS[event]
    left_open = {known.name for known in row.fields} | ({"effective_on"} if row.day else set())
    asked = asking(actor, case, facts, Wanted(event))
    return [*reasons, *(reason for reason in refusals(asked) if reason.field not in left_open)]
