"""Letters made with the events they belong to: composed from the facts of the case, numbered, frozen.

What was issued is rendered from what was kept and nothing else, so that a later change of case or templates leaves it as it went out.
`foi.letters` composes; here its facts are gathered and its documents kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings

from gongkai.calendars import selectors as calendars
from gongkai.documents import OfficialDocument
from gongkai.documents.structured import document_facts
from gongkai.foi.body_settings import settings_of
from gongkai.foi.intake import code_to_show
from gongkai.foi.letters import AgencyFacts, FeeFacts, LetterFacts, compose, letter_reasons
from gongkai.foi.models import Case, CaseEvent, Letter
from gongkai.foi.serials import next_serial
from gongkai.organisations.models import Organisation
from gongkai.rules.case_clocks import reply_reckoning
from gongkai.rules.case_events import TRANSITIONS, WAYS
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.case_facts import CaseFacts, day_of
from gongkai.rules.days import chinese_date
from gongkai.rules.decisions import Decision
from gongkai.rules.letter_types import document_number, letter_types
from gongkai.rules.reasons import Reason
from gongkai.rules.remedies import RemedyBody

ONLINE_WAYS = frozenset({"online", "mail"})
_CONSULTATIONS = {
    "third_party": ("third_party_consultation", "第三方"),
    "co_producer": ("coproducer_consultation", "共同制作机关"),
    "other_agency": ("agency_consultation", "其他机关"),
}
_FIELDS: Mapping[str, Mapping[str, str]] = {
    "correction_notice": {"items": "unclear_points", "guidance": "guidance"},
    "reason_request": {"facts": "frequency_facts"},
    "extension_notice": {"reason": "extension_reason"},
    "deferral_notice": {"reason": "deferral_reason"},
    "third_party_consultation": {"asked": "information"},
    "coproducer_consultation": {"asked": "information"},
    "agency_consultation": {"asked": "information"},
    "fee_notice": {"account": "payment_method"},
    "transfer_notice": {"reason": "transfer_reason", "consent": "transfer_consent"},
    "assignment_notice": {"remark": "assignment_demand"},
    "supervision_notice": {"content": "supervision_matter"},
    "supervision_reply": {"content": "supervision_measures"},
    "supplement": {"reason": "supplement_reason", "content": "supplement_content"},
}
"""Particulars of an event → fields of its letter."""
_DEADLINES = {"reply_by": "deadline", "due_on": "deadline", "pay_by": "deadline"}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A letter to be made: its kind, to whom."""

    letter: str
    recipient: str
    person: bool
    changes: Mapping[str, Any]


def issue(case: Case, event: CaseEvent, facts: CaseFacts) -> list[Letter]:
    """Make and keep the letters of an event, in its transaction. Raises `Refused` with all that a letter lacks; then there is no event."""
    made = []
    base = _base(case, facts, event.effective_on)
    for wanted in _wanted(case, event, facts):
        kind = letter_types()[wanted.letter]
        number = _number(case, kind.mark, event.effective_on) if kind.mark else ""
        letter = replace(
            base, letter=wanted.letter, recipient=wanted.recipient, addressee="person" if wanted.person else "organisation",
            document_number=number, decided_on=event.effective_on, **wanted.changes,
        )  # fmt: skip
        made.append(_keep(case, event, letter, compose(letter)))
    return made


def preview(case: Case, facts: CaseFacts, decision: Decision, on: date) -> OfficialDocument:
    """The answer as it would be, with what is still open marked; it has no number."""
    return compose(_answer_letter(case, facts, decision, on), draft=True)


def unprintable(case: Case, facts: CaseFacts, decision: Decision, on: date) -> list[Reason]:
    """What keeps the answer from being printed, its number apart: asked while it is drafted, so that nobody learns of it at the signature."""
    letter = _answer_letter(case, facts, decision, on)
    return [reason for reason in letter_reasons(letter) if reason.code != "document_number"]


def _answer_letter(case: Case, facts: CaseFacts, decision: Decision, on: date) -> LetterFacts:
    return replace(_base(case, facts, on), letter=decision.letter, decided_on=on, **_of_decision(case, facts, decision))


def _keep(case: Case, event: CaseEvent, letter: LetterFacts, document: OfficialDocument) -> Letter:
    content = document_facts(document)
    return Letter.objects.create(
        case=case, type=letter.letter, number=letter.document_number, recipient=letter.recipient, content=content, digest=digest_of(content),
        seq=event.seq, issued_on=event.effective_on, issued_at=event.at,
    )  # fmt: skip


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 over what a letter was issued with, as canonical JSON."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _number(case: Case, kind: str, on: date) -> str:
    """The next number of the body's series, e.g. 谯教公复〔2026〕3号."""
    mark = settings_of(case.organisation_id).mark or case.organisation.short_name
    return document_number(kind, mark, on.year, next_serial(case.organisation_id, kind, on.year))


def _base(case: Case, facts: CaseFacts, on: date) -> LetterFacts:
    """What every letter of the case may speak of."""
    body, own, applicant = case.organisation, settings_of(case.organisation_id), case.applicant
    found = reply_reckoning(facts, calendars.current(), facts.ended_on or on)
    correction, extension = facts.correction, facts.extension
    asked = facts.consultations[-1] if facts.consultations else None
    return LetterFacts(
        letter="",
        agency=AgencyFacts(
            body.name, body.phone, body.address, body.disclosure_office if len(body.disclosure_office) < 40 else ""
        ),
        recipient=applicant.name,
        addressee="person" if applicant.natural else "organisation",
        applicant=applicant.name,
        registration_number=case.number or case.submission.tracking_number,
        received_on=facts.received_on,
        received_way=case.channel,
        request_text=_request_text(case),
        due_on=found.due if found else None,
        due_derivation=_derivation(case, facts) if found and found.due else "",
        due_provisional=bool(found and found.provisional),
        corrected_on=correction.replied_on if correction else None,
        consulted_on=asked.sent_on if asked else None,
        consulted_whom="、".join(dict.fromkeys(_CONSULTATIONS[one.party][1] for one in facts.consultations)),
        third_party_silent=any(
            one.party == "third_party" and one.lapsed_on and not one.replied_on for one in facts.consultations
        ),
        extended_to=found.due if found and extension and extension.served_on else None,
        extension_days=extension.days if extension and extension.served_on else 0,
        remedy_body=RemedyBody(
            body.kind, body.name, organ=own.reconsideration_organ, court=own.court, channel=own.online_reconsideration
        ),
        online=case.delivery in ONLINE_WAYS,
        sample=settings.ENVIRONMENT.sample,
    )


def _request_text(case: Case) -> str:
    parts = [case.title, f"文号：{case.wanted_number}" if case.wanted_number else "", case.description]
    return "\n".join(part for part in parts if part)


def _derivation(case: Case, facts: CaseFacts) -> str:
    """How the last day was reckoned, in a sentence; the days one by one are on the tracking page."""
    start = facts.received_on
    if facts.correction and facts.correction.replied_on:
        start = facts.correction.replied_on
    if facts.fee and facts.fee.paid_on:
        start = facts.fee.paid_on
    if start is None:
        return ""
    return f"（自{chinese_date(start)}的次日起算，周末、法定节假日不计入，调休上班日计入。）"


def _wanted(case: Case, event: CaseEvent, facts: CaseFacts) -> Iterator[_Wanted]:
    applicant, name = case.applicant, Event(event.name)
    to_applicant = (applicant.name, applicant.natural)
    match name:
        case Event.SIGN:
            yield from _answer(case, facts)
        case Event.SEND_CONSULTATION:
            letter, whom = _CONSULTATIONS[event.data["party"]]
            person = event.data["party"] == "third_party"
            yield _Wanted(letter, event.data["name"], person, _told(letter, event, facts))
            yield _Wanted(
                "consultation_notice", *to_applicant, {"consulted_on": event.effective_on, "consulted_whom": whom}
            )
        case Event.REGISTER:
            code = code_to_show(case.submission) if case.submission.entered_by_id else ""
            yield _Wanted("receipt_notice", *to_applicant, {"query_code": code})
        case Event.ASSIGN | Event.TRANSFER:
            body = Organisation.objects.get(pk=event.data["body"])
            letter = TRANSITIONS[name].letter
            yield _Wanted(letter, body.name, False, _told(letter, event, facts))
        case Event.SUPERVISE | Event.REPLY_SUPERVISION:
            letter = TRANSITIONS[name].letter
            number = (
                case.letters.filter(type="supervision_notice").order_by("-pk").values_list("number", flat=True).first()
            )
            changes = _told(letter, event, facts) | (
                {"notice_number": number or ""} if name is Event.REPLY_SUPERVISION else {}
            )
            yield _Wanted(letter, case.organisation.name, False, changes)
        case Event.SERVE:
            yield _Wanted("service_receipt", *to_applicant, {"fields": _service(case, event)})
        case Event.SUPPLEMENT:
            earlier = case.letters.filter(seq=facts.decided_seq).first()
            decision = Decision.from_json(facts.decision) if facts.decision else None
            changes = _told("supplement", event, facts) | {
                "decision": decision, "notice_number": earlier.number if earlier else "", "notice_served_on": facts.served_on,
            }  # fmt: skip
            yield _Wanted("supplement", *to_applicant, changes)
        case _ if TRANSITIONS[name].letter:
            letter = TRANSITIONS[name].letter
            yield _Wanted(letter, *to_applicant, _told(letter, event, facts))


def _told(letter: str, event: CaseEvent, facts: CaseFacts) -> dict[str, Any]:
    """What the event's particulars give its letter."""
    data = event.data
    fields = {name: str(data[given]) for given, name in _FIELDS.get(letter, {}).items() if data.get(given)}
    found: dict[str, Any] = {"fields": fields}
    for given, name in _DEADLINES.items():
        if data.get(given):
            found[name] = day_of(data[given])
    if letter == "agency_consultation":
        found["deadline"] = calendars.current().add(event.effective_on, 15).day
    if letter == "fee_notice":
        items = data["basis"] == "items"
        found["fee"] = FeeFacts("items", 1, data["quantity"] - 1) if items else FeeFacts("pages", data["quantity"])
    if letter == "deferral_notice":
        found["due_on"] = day_of(data["until"])
    if letter == "assignment_notice":
        found["fields"]["assignment_matter"] = ""
    return found


def _service(case: Case, event: CaseEvent) -> dict[str, str]:
    letters = "、".join(letter.number for letter in case.letters.filter(type__in=_answers()) if letter.number)
    way = dict(WAYS).get(event.data.get("way", ""), "")
    proof = event.data.get("proof") or ""
    return {"served_documents": letters, "service_way": f"{way}{'　' + proof if proof else ''}"}


def _answers() -> list[str]:
    return [code for code, kind in letter_types().items() if kind.mark == "reply"]


def _answer(case: Case, facts: CaseFacts) -> Iterator[_Wanted]:
    if facts.decision is None:
        return
    decision = Decision.from_json(facts.decision)
    applicant = case.applicant
    yield _Wanted(decision.letter, applicant.name, applicant.natural, _of_decision(case, facts, decision))
    objecting = [one for one in facts.consultations if one.party == "third_party" and one.opinion == "objects"]
    if decision.outcome == "disclosed" and decision.public_interest:
        for one in objecting:
            fields = {
                "public_scope": decision.content or case.title, "disclosure_reasons": decision.public_interest,
                "third_party_opinion": one.content,
            }  # fmt: skip
            changes = {
                "fields": fields,
                "consulted_on": one.sent_on,
                "deadline": decision.available_on or facts.decided_on,
            }
            yield _Wanted("third_party_notice", one.name, True, changes)


def _of_decision(case: Case, facts: CaseFacts, decision: Decision) -> dict[str, Any]:
    """What an answer says besides its decision."""
    found: dict[str, Any] = {"decision": decision}
    if decision.letter == "deemed_abandonment":
        kind = "fee_notice" if decision.outcome == "unpaid" else "correction_notice"
        notice = case.letters.filter(type=kind).order_by("-pk").first()
        known = facts.fee if decision.outcome == "unpaid" else facts.correction
        found |= {
            "notice_number": notice.number if notice else "",
            "notice_served_on": known.notified_on if known else None,
            "deadline": (facts.fee.pay_by if facts.fee else None) if decision.outcome == "unpaid" else (
                facts.correction.reply_by if facts.correction else None
            ),
        }  # fmt: skip
    return found
