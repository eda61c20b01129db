"""Numbers of identity papers: encrypted at rest, masked everywhere, each reading noted (《个人信息保护法》§28, §51; 《条例》§29)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from gongkai.audit.log import Entry, record
from gongkai.files.field_seal import keyed, seal, unseal
from gongkai.foi.models import Case, IdentityReading
from gongkai.foi.selectors import case_for
from gongkai.organisations.selectors import bodies_where
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.applicants import normal_number
from gongkai.rules.case_events import DESK
from gongkai.rules.reasons import Reason, Refused


def encrypt(number: str) -> str:
    """The number as it is stored; empty stays empty."""
    return seal(normal_number(number) if number.strip() else "")


def decrypt(stored: str) -> str:
    """The number again. Raises `Refused` when no key of the installation opens it."""
    return unseal(stored, "证件号码")


def same_person(*parts: str) -> str:
    """A keyed digest of what identifies an applicant: equal for equal parts, and without the key it says nothing."""
    return keyed("same-person", "\x1f".join(normal_number(part) for part in parts))


def code_digest(code: str) -> str:
    """What is kept of a query code. Keyed, not slow: a code is drawn by lot, so without the key no guess can be tried on it, and many
    applications may come at once."""
    return keyed("query-code", code)


WHOSE = {"applicant": "申请人", "agent": "代理人"}
"""Whose number can be read."""
LONGEST_REASON = 200


def stored(case: Case) -> dict[str, str]:
    """The encrypted numbers there are of a case, by `WHOSE`."""
    applicant = case.applicant
    given = {"applicant": applicant.id_encrypted, "agent": applicant.agent_id_encrypted}
    return {whose: number for whose, number in given.items() if number}


def reasons_against_reading(actor: Actor, case: Case) -> list[Reason]:
    """Why the actor cannot have a number of the case shown: only who handles it may, and only what was given."""
    reasons = []
    if not actor.roles_in(case.organisation_id) & DESK:
        reasons.append(Reason("role", "只有答复机关的办理人员可以查看证件号码。", "《个人信息保护法》§51"))
    if not stored(case):
        reasons.append(Reason("no_number", "本件没有证件号码。", "《条例》§29"))
    return reasons


@transaction.atomic
def reveal(*, actor: Actor, case_id: int, whose: str, reason: str) -> str:
    """A number in clear for somebody who handles the case, with the reason noted; never for anybody else.

    `whose`: of `WHOSE`. Raises `NotVisible` for a foreign case, `Refused` with every reason (《个人信息保护法》§28, §51).
    """
    case = case_for(actor, case_id)
    reasons = reasons_against_reading(actor, case)
    if not reasons and whose not in stored(case):
        reasons.append(Reason("whose", "请选择查看谁的证件号码。", field="whose"))
    given = reason.strip()
    if not given:
        message = "请填写查看证件号码的事由；查看情况将记录在案。"
        reasons.append(Reason("reason", message, "《个人信息保护法》§51", "reason"))
    if len(given) > LONGEST_REASON:
        reasons.append(Reason("reason", f"事由不能超过 {LONGEST_REASON} 字，请删减。", field="reason"))
    if reasons:
        raise Refused(reasons)
    number = decrypt(stored(case)[whose])
    IdentityReading.objects.create(
        applicant=case.applicant, case=case, organisation=case.organisation, whose=whose, reader_id=actor.user_id,
        reader_name=actor.name, reason=given,
    )  # fmt: skip
    detail = {"whose": WHOSE[whose], "occasion": given}
    record(actor=actor, entries=[Entry("case.identity_read", "case", str(case.pk), case.organisation_id, detail)])
    return number


def readings(actor: Actor) -> QuerySet[IdentityReading]:
    """Who had which number shown and why, in the bodies the actor supervises; raises `Refused` for who supervises none."""
    bodies = bodies_where(actor, Action.SUPERVISE_REQUESTS)
    if bodies == frozenset():
        raise Refused(can(actor, Action.SUPERVISE_REQUESTS, Subject(None)).reasons)
    found = IdentityReading.objects.all()
    return found if bodies is None else found.filter(organisation_id__in=bodies)
