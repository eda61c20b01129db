"""Numbers of identity papers: encrypted at rest, masked everywhere, each reading noted (《个人信息保护法》§28, §51; 《条例》§29).

The keys are the operator's (`GONGKAI_FIELD_KEYS`), or one made on first use and kept with the data. The first key encrypts, all of them
decrypt, so a new key is put in front of the old ones.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from gongkai.audit.log import Entry, record
from gongkai.foi.models import Case, IdentityReading
from gongkai.foi.selectors import case_for
from gongkai.organisations.selectors import bodies_where
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.applicants import normal_number
from gongkai.rules.case_events import DESK
from gongkai.rules.reasons import Reason, Refused

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    from cryptography.fernet import (  # by those who take in or read a number only: the web process is smaller
        Fernet,
        MultiFernet,
    )

    return MultiFernet([Fernet(key) for key in keys])


def _keys() -> tuple[str, ...]:
    given = tuple(key.strip() for key in settings.GONGKAI_FIELD_KEYS.split(",") if key.strip())
    return given or (_kept_key(),)


def _kept_key() -> str:
    path = Path(settings.GONGKAI_DATA_DIR) / "field_key"
    if not path.exists():
        from cryptography.fernet import Fernet

        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"field_key.{secrets.token_hex(8)}")  # threads of one process may be at it too
        draft.write_bytes(Fernet.generate_key())
        draft.chmod(0o600)
        try:
            os.link(draft, path)  # the first of several processes wins; the others read what it wrote
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def encrypt(number: str) -> str:
    """The number as it is stored; empty stays empty."""
    return _cipher(_keys()).encrypt(normal_number(number).encode()).decode() if number.strip() else ""


def decrypt(stored: str) -> str:
    """The number again. Raises `Refused` when no key of the installation opens it."""
    from cryptography.fernet import InvalidToken

    if not stored:
        return ""
    try:
        return _cipher(_keys()).decrypt(stored.encode()).decode()
    except InvalidToken as error:
        message = "证件号码无法解密：加密密钥与保存时不同，请系统管理员核对 GONGKAI_FIELD_KEYS。"
        raise Refused([Reason("field_key", message)]) from error


def same_person(*parts: str) -> str:
    """A keyed digest of what identifies an applicant: equal for equal parts, and without the key it says nothing."""
    return _keyed("same-person", "\x1f".join(normal_number(part) for part in parts))


def code_digest(code: str) -> str:
    """What is kept of a query code. Keyed, not slow: a code is drawn by lot, so without the key no guess can be tried on it, and many
    applications may come at once."""
    return _keyed("query-code", code)


def _keyed(purpose: str, text: str) -> str:
    key = hashlib.sha256(purpose.encode() + _keys()[-1].encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


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
