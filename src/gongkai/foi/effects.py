"""What follows from an event besides itself: assignments, cases split off or sent on, remedies, letters, messages to the applicant.

All of it in the transaction of the event, so that there is never one without the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils import timezone

from gongkai.foi import answer_log, documents, issuing, notices, opening
from gongkai.foi.models import Assignment, Case, CaseEvent, Remedy
from gongkai.organisations.models import Organisation
from gongkai.rules.access import Actor
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.case_facts import CaseFacts, day_of
from gongkai.rules.decisions import Decision
from gongkai.rules.reasons import Reason, Refused


def follow(actor: Actor, case: Case, event: CaseEvent, facts: CaseFacts) -> None:
    """Do what follows from the event."""
    step = _FOLLOW.get(Event(event.name))
    if event.name == Event.TRANSFER:  # the letter is the old body's; then the case is another's
        issuing.issue(case, event, facts)
    if step:
        step(actor, case, event, facts)
    if event.name != Event.TRANSFER:
        issuing.issue(case, event, facts)


def changes_the_site(event: CaseEvent) -> bool:
    """Whether pages of the portal change with it."""
    return event.name == Event.LOG_ANSWER


def tell(case: Case, event: CaseEvent, facts: CaseFacts) -> None:
    """Write the message to the applicant, if there is one and a way to send it."""
    notices.write(case, event)


def _register(actor: Actor, case: Case, event: CaseEvent, facts: CaseFacts) -> None:
    opening.number(case, event.effective_on)


def _assign(actor: Actor, case: Case, event: CaseEvent, facts: CaseFacts) -> None:
    body = Organisation.objects.filter(pk=event.data["body"], is_active=True).first()
    if body is None or body.pk == case.organisation_id:
        raise Refused([Reason("body", "请选择本机关以外的承办单位。", "《条例》§45", "body")])
    if case.assignments.filter(organisation=body, ended_seq=None).exists():
        raise Refused([Reason("body", f"已交{body.short_name}办理。", "《条例》§45", "body")])
    Assignment.objects.create(
        case=case,
        organisation=body,
        lead=event.data.get("lead") != "assist",
        due_on=day_of(event.data.get("due_on")),
        seq=event.seq,
    )


def _take_answer(actor: Actor, case: Case, event: CaseEvent, facts: CaseFacts) -> None:
    """The answer that the applicant sent online is what was received: it waits no longer."""
    kind = "correction" if event.name == Event.RECEIVE_CORRECTION else "reasons"
    message = case.incoming.filter(taken_seq=None, kind=kind).order_by("pk").first()
    if message is None:
        return
    sent = timezone.localdate(message.sent_at)
    if event.effective_on < sent:
        text = f"双方确认之日（{event.effective_on:%Y-%m-%d}）早于申请人网上提交的日期（{sent:%Y-%m-%d}），请核对。"
        raise Refused([Reason("before_sent", text, "《条例》§31", "effective_on")])
    message.taken_seq = event.seq
    message.save(update_fields=["taken_seq"])


def _sign(actor: Actor, case: Case, event: CaseEvent, facts: CaseFacts) -> None:
    if facts.decision is not None:
        documents.provide(case, Decision.from_json(facts.decision).attachments)


def _end_assignment(actor: Actor, case: Case, event: CaseEvent, facts: CaseFacts) -> None:
    case.assignments.filter(organisation_id=event.organisation_id or 0, ended_seq=None).update(ended_seq=event.seq)


def _split(actor: Actor, case: Case, event: CaseEvent, facts: CaseFacts) -> None:
    first, *others = [line.strip() for line in event.data["parts"].splitlines() if line.strip()]
    for part in others:
        opening.child(actor, case, "split", title=part, received_on=facts.received_on)
    case.title = first[:200]


def _transfer(actor: Actor, case: Case, event: CaseEvent, facts: CaseFacts) -> None:
    body = Organisation.objects.filter(pk=event.data["body"], is_active=True).first()
    if body is None or body.pk == case.organisation_id:
        raise Refused([Reason("body", "请选择要转送的机关。", "《条例》§10", "body")])
    case.assignments.filter(ended_seq=None).update(ended_seq=event.seq)
    Assignment.objects.create(case=case, organisation_id=case.organisation_id, seq=event.seq, ended_seq=event.seq)
    case.organisation, case.number = body, ""


def _link_same(actor: Actor, case: Case, event: CaseEvent, facts: CaseFacts) -> None:
    other = Case.objects.filter(pk=event.data["same"], organisation_id=case.organisation_id).exclude(pk=case.pk).first()
    if other is None:
        raise Refused([Reason("same", "请选择本机关的另一办件。", "《条例》§36（六）", "same")])
    case.same_as = other


def _rehandle(actor: Actor, case: Case, event: CaseEvent, facts: CaseFacts) -> None:
    opening.child(
        actor, case, "rehandling", title=case.title, received_on=event.effective_on, rehandle_due=day_of(event.data["due_on"]),
        order=event.data["order"],
    )  # fmt: skip


def _file_remedy(actor: Actor, case: Case, event: CaseEvent, facts: CaseFacts) -> None:
    data = event.data
    Remedy.objects.create(
        case=case, kind=data["kind"], authority=data["authority"], number=data.get("number") or "", filed_on=event.effective_on,
        reply_due_on=day_of(data.get("reply_due_on")),
    )  # fmt: skip


def _decide_remedy(actor: Actor, case: Case, event: CaseEvent, facts: CaseFacts) -> None:
    data = event.data
    case.remedies.filter(pk=data["remedy"], result="").update(
        result=data["result"],
        result_on=event.effective_on,
        rehandle_by=day_of(data.get("rehandle_by")),
        note=data.get("note") or "",
    )


_FOLLOW: Mapping[Event, Callable[[Actor, Case, CaseEvent, CaseFacts], None]] = {
    Event.REGISTER: _register,
    Event.ASSIGN: _assign,
    Event.GIVE_OPINION: _end_assignment,
    Event.GIVE_BACK: _end_assignment,
    Event.SPLIT: _split,
    Event.RECEIVE_CORRECTION: _take_answer,
    Event.RECEIVE_REASONS: _take_answer,
    Event.SIGN: _sign,
    Event.TRANSFER: _transfer,
    Event.LINK_SAME: _link_same,
    Event.LOG_ANSWER: lambda actor, case, event, facts: answer_log.keep(case, event),
    Event.REHANDLE: _rehandle,
    Event.FILE_REMEDY: _file_remedy,
    Event.DECIDE_REMEDY: _decide_remedy,
}
