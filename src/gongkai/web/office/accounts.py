"""How people sign in: no sign-up, Chinese messages, and a clear page when an account is locked."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongkai.organisations.passwords import password_problems
from gongkai.sample.people import PASSWORD

MESSAGES = {
    "account/messages/logged_in.txt": "",
    "account/messages/logged_out.txt": "您已安全退出。",
    "account/messages/password_changed.txt": "密码已修改。",
    "mfa/messages/totp_activated.txt": "两步验证已启用。",
    "mfa/messages/totp_deactivated.txt": "两步验证已停用。",
    "mfa/messages/recovery_codes_generated.txt": "已生成新的恢复码，原恢复码作废。",
}
"""What we say in place of the library's texts; an empty text says nothing."""


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by an administrator; errors do not tell whether a user name exists."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "用户名或者密码不正确。连续输错5次，账号将锁定30分钟。",
        "invalid_password": "密码不正确。",
        "too_many_login_attempts": "尝试次数过多，请稍后再试。",
        "password_min_length": "密码太短。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by himself."""
        return False

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Say it in our words; a message we have no words for is not shown."""
        if text := MESSAGES.get(message_template or "", ""):
            messages.add_message(request, level, text)

    def clean_password(self, password: str, user: Any = None) -> str:
        """The same checks and words as where an administrator sets a password."""
        if problems := password_problems(password, user):
            raise ValidationError(problems)
        return password

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """A closed account is told so, without more."""
        return render(request, "account/locked.html", {"inactive": True}, status=403)


def locked_out(request: HttpRequest, credentials: dict[str, Any] | None = None, *_: Any) -> HttpResponse:
    """The page after too many wrong passwords (429)."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    context = {"limit": settings.AXES_FAILURE_LIMIT, "minutes": minutes}
    return render(request, "account/locked.html", context, status=429)


def sample_hint() -> dict[str, Any]:
    """What the login page of a sample installation tells: the accounts to try and their one password."""
    if not settings.ENVIRONMENT.sample:
        return {}
    accounts = (
        ("jyj-clerk", "区教育局信息员"),
        ("jyj-reviewer", "区教育局审核员"),
        ("jyj-signer", "区教育局签发人"),
        ("district-office", "区政务公开办"),
        ("administrator", "系统管理员"),
    )
    return {"sample_accounts": accounts, "sample_password": PASSWORD}
