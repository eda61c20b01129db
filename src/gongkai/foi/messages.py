"""What the applicant sends online to a case: an answer to 补正 or 说明理由, and the withdrawal.

An answer is kept as it came and noted in the case's events; it moves no period until the body and the applicant have both confirmed it,
as for the application itself (《条例》§30, §31（三）). Then a clerk receives it: `receive`. A withdrawal takes effect at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from gongkai.foi import drafts
from gongkai.foi.models import ApplicantMessage, Case, CaseDocument, CaseEvent
from gongkai.foi.recording import APPLICANT, Wanted, act, locked
from gongkai.foi.selectors import case_for, facts_of
from gongkai.organisations.actors import NotVisible
from gongkai.rules.access import Actor
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.case_facts import CaseFacts
from gongkai.rules.case_states import CaseState
from gongkai.rules.reasons import Reason, Refused

LONGEST = 5000
_KINDS = {CaseState.AWAITING_CORRECTION: ("correction", "补正"), CaseState.AWAITING_REASONS: ("reasons", "理由说明")}
_EVENTS = {"correction": Event.RECEIVE_CORRECTION, "reasons": Event.RECEIVE_REASONS}


def send(*, case_id: int, text: str, token: str) -> ApplicantMessage:
    """Keep an answer of the applicant with the files of its form. The same form sent twice is one answer.

    Raises `Refused`: nothing was asked for, nothing was written, too long, an answer is already waiting.
    """
    with transaction.atomic():
        case = locked(case_id)
        known = ApplicantMessage.objects.filter(token=token).first()
        if known is not None:
            if known.case_id != case.pk:
                raise Refused([Reason("token", "该表单已经用于其他申请，请返回查询页面重新打开。")])
            return known
        files = drafts.of(token)
        kind, reasons = _checked(case, text, bool(files))
        if reasons:
            raise Refused(reasons)
        message = ApplicantMessage.objects.create(
            case=case, kind=kind, text=text.strip(), token=token, sent_at=timezone.now()
        )
        documents = [CaseDocument(case=case, **_file(one)) for one in files]
        for document in documents:
            document.save()
        message.documents.set(documents)
        drafts.release(token)
        label = dict(_KINDS.values())[kind]
        note = f"申请人网上提交{label}（待与申请人确认收到）：{text.strip()}"[:LONGEST]
        act(
            actor=APPLICANT,
            case_id=case.pk,
            wanted=Wanted(Event.NOTE, {"text": note, "message": message.pk}),
            system=True,
        )
        return message


def _file(one: Any) -> dict[str, Any]:
    return {
        "kind": "correction", "name": one.name, "storage_name": one.storage_name, "size": one.size, "sha256": one.sha256,
        "media_type": one.media_type,
    }  # fmt: skip


def _checked(case: Case, text: str, files: bool) -> tuple[str, list[Reason]]:
    found = _KINDS.get(CaseState(case.state))
    if found is None:
        message = "本件现在不需要补正或者说明理由；有补充情况的，请与办理机关联系。"
        return "", [Reason("state", message, "《条例》§30")]
    kind, label = found
    reasons = []
    if not text.strip():
        hint = "；材料在附件中的，请写明“见附件”" if files else ""
        reasons.append(Reason("text", f"请填写{label}的内容{hint}。", "《条例》§30", "text"))
    if len(text) > LONGEST:
        message = f"{label}的内容不能超过 {LONGEST} 字，现有 {len(text)} 字；更多内容请作为附件提交。"
        reasons.append(Reason("too_long", message, "", "text"))
    if case.incoming.filter(taken_seq=None, kind=kind).exists():
        message = f"您的{label}已经提交，正在等待工作人员与您确认，无需重复提交。"
        reasons.append(Reason("waiting", message, "《条例》§31"))
    return kind, reasons


def withdraw(*, case_id: int, statement: str, token: str) -> CaseEvent:
    """The applicant withdraws the application by the public page; it counts today. Raises `Refused` once it was answered."""
    words = statement.strip() or "申请人通过网上查询页面撤回申请。"
    return act(
        actor=APPLICANT, case_id=case_id, wanted=Wanted(Event.WITHDRAW, {"statement": words}, token=token), system=True
    )


def waiting(case: Case) -> list[ApplicantMessage]:
    """Answers that are not confirmed yet, the oldest first."""
    return list(case.incoming.filter(taken_seq=None).prefetch_related("documents"))


def message_for(actor: Actor, case_id: int, message_id: int) -> ApplicantMessage:
    """One message of a case the actor may see; raises `NotVisible`."""
    case = case_for(actor, case_id)
    found = case.incoming.filter(pk=message_id).prefetch_related("documents").first()
    if found is None:
        raise NotVisible
    return found


def receive(
    *, actor: Actor, case_id: int, message_id: int, on: date | None, more: Mapping[str, Any], token: str = ""
) -> CaseEvent:
    """Receive an answer on the day on which the body and the applicant both confirmed it (§31（三）).

    `more`: `still_unclear` and `justified` for a correction, `reasonable` (yes, no) for reasons. Raises `Refused`, `NotVisible`. The event
    takes the answer that waits (`effects`), whichever way it comes about.
    """
    with transaction.atomic():
        case = locked(case_id)
        message = message_for(actor, case_id, message_id)
        if message.taken_seq is not None and not token:
            raise Refused([Reason("taken", "该来件已经登记收到。", "《条例》§31")])
        event = _EVENTS[message.kind]
        data = {**proposed(case, facts_of(case), event), **{name: value for name, value in more.items() if value}}
        return act(actor=actor, case_id=case_id, wanted=Wanted(event, data, on, token))


def proposed(case: Case, facts: CaseFacts, event: Event) -> dict[str, Any]:
    """Particulars of the event that follow from an answer that waits; empty when none does."""
    kind = next((kind for kind, known in _EVENTS.items() if known is event), "")
    message = case.incoming.filter(taken_seq=None, kind=kind).order_by("pk").first() if kind else None
    if message is None:
        return {}
    sent = timezone.localdate(message.sent_at)
    data = {"content": message.text}
    if kind == "correction" and facts.correction and sent <= facts.correction.reply_by < timezone.localdate():
        data["justified"] = f"申请人已于{sent:%Y-%m-%d}在补正期限内网上提交"
    return data
