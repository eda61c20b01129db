"""Numbers of identity papers: encrypted at rest, masked everywhere, each reading noted (《个人信息保护法》§28, §51; 《条例》§29).

The keys are the operator's (`GONGKAI_FIELD_KEYS`), or one made on first use and kept with the data. The first key encrypts, all of them
decrypt, so a new key is put in front of the old ones.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from gongkai.audit.log import Entry, record
from gongkai.foi.models import Applicant, IdentityReading
from gongkai.foi.selectors import case_for, subject_of
from gongkai.rules.access import Actor
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
        draft = path.with_name(f"field_key.{os.getpid()}")
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
    text = "\x1f".join(normal_number(part) for part in parts)
    key = hashlib.sha256(b"same-person" + _keys()[-1].encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def reveal(*, actor: Actor, case_id: int, reason: str) -> str:
    """The applicant's number in clear for somebody who handles the case, with the reason noted; never for anybody else."""
    case = case_for(actor, case_id)
    reasons = []
    if not actor.roles_in(subject_of(case).organisation_id) & DESK:
        reasons.append(Reason("role", "只有答复机关的办理人员可以查看证件号码。", "《个人信息保护法》§51"))
    if not reason.strip():
        reasons.append(
            Reason("reason", "请填写查看证件号码的事由；查看情况将记录在案。", "《个人信息保护法》§51", "reason")
        )
    if reasons:
        raise Refused(reasons)
    applicant: Applicant = case.applicant
    number = decrypt(applicant.id_encrypted)
    IdentityReading.objects.create(
        applicant=applicant, reader_id=actor.user_id, reader_name=actor.name, reason=reason.strip()[:200]
    )
    entry = Entry("case.identity_read", "case", str(case.pk), case.organisation_id, {"reason": reason.strip()[:200]})
    record(actor=actor, entries=[entry])
    return number
