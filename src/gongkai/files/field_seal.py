"""Fields that are encrypted at rest (numbers of identity papers, addresses of subscribers), and keyed digests to find them by.

The keys are the operator's (`GONGKAI_FIELD_KEYS`), or one made on first use and kept with the data. The first key encrypts, all of them
decrypt, so a new key is put in front of the old ones; digests are made with the last, so they stay the same.
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

from gongkai.rules.reasons import Reason, Refused

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    from cryptography.fernet import (  # by those who seal or read a field only: the web process is smaller
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


def seal(text: str) -> str:
    """The text as it is stored; empty stays empty."""
    return _cipher(_keys()).encrypt(text.encode()).decode() if text else ""


def unseal(stored: str, what: str = "加密保存的内容") -> str:
    """The text again. Raises `Refused`, naming ``what``, when no key of the installation opens it."""
    from cryptography.fernet import InvalidToken

    if not stored:
        return ""
    try:
        return _cipher(_keys()).decrypt(stored.encode()).decode()
    except InvalidToken as error:
        message = f"{what}无法解密：加密密钥与保存时不同，请系统管理员核对 GONGKAI_FIELD_KEYS。"
        raise Refused([Reason("field_key", message)]) from error


def keyed(purpose: str, text: str) -> str:
    """A keyed digest (64 hexadecimal characters): equal for equal texts of one purpose, and without the key it says nothing."""
    key = hashlib.sha256(purpose.encode() + _keys()[-1].encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
