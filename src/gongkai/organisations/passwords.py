"""What is wrong with a password, in our words. Which checks there are is a setting (`AUTH_PASSWORD_VALIDATORS`)."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from gongkai.organisations.models import User

MESSAGES = {
    "password_too_short": "密码太短，至少需要{min_length}位。",
    "password_too_similar": "密码与用户名、姓名或者邮箱过于相近，请更换。",
    "password_too_common": "该密码过于常见，容易被猜中，请更换。",
    "password_entirely_numeric": "密码不能全部由数字组成。",
}


def password_problems(password: str, user: User | None = None) -> list[str]:
    """Every reason why `password` must not be used (by `user`), as sentences; empty when it may."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [MESSAGES.get(one.code or "", one.message).format(**(one.params or {})) for one in error.error_list]
    return []
