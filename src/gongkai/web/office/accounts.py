"""How people sign in: no sign-up, Chinese messages, and a clear page when an account is locked."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from gongkai.organisations.account_actions import change_own_password
from gongkai.organisations.logins import Before, Kind, note
from gongkai.organisations.models import User
from gongkai.organisations.passwords import password_problems
from gongkai.sample.people import PASSWORD
from gongkai.web.office import sign_in
from gongkai.web.office.login_watch import origin
from gongkai.web.shared.addresses import client_address
from gongkai.web.shared.dates import moment

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
        "enter_current_password": "原密码不正确。",
        "same_password": "两次输入的新密码不一致，请重新输入。",
        "incorrect_code": "验证码不正确，请核对手机时间后重试。",
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

    def get_client_ip(self, request: HttpRequest) -> str:
        """As everywhere in the product: what our own proxies saw, and nothing a visitor wrote."""
        return client_address(request) or "local"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """On to work."""
        return reverse("office:home")

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Not from who just signed in and sets up his first second factor, its recovery codes included: he proved himself a moment ago."""
        if app == "allauth.mfa" and self.request is not None and (since := sign_in.new_since(self.request)):
            return Authenticator.objects.filter(user_id=self.request.user.pk, created_at__lt=since).exists()
        return super().is_reauthentication_required(app=app)

    def set_password(self, user: Any, password: str) -> None:
        """A person chose his own password."""
        change_own_password(user=user, password=password)
        if self.request is not None and self.request.user == user:
            sign_in.keep_after_password_change(self.request, user)

    def get_login_stages(self) -> list[str]:
        """Without our second factor where the identity provider asked for one."""
        stages = super().get_login_stages()
        if getattr(self.request, "_gongkai_provider_second_factor", False):
            stages = [stage for stage in stages if not stage.startswith("allauth.mfa.")]
        return stages

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Refuse a closed account, and a temporary password that is used up or too old."""
        answer = super().pre_login(request, user, **kwargs)
        if answer is not None or getattr(request, "_gongkai_by_provider", False):
            return answer
        if reason := temporary_password_over(user):
            note(user, Kind.REFUSED, origin(request, user), method="password", note=reason.split("，")[0])
            clear_login(request)
            return render(request, "account/refused.html", {"reasons": [reason]}, status=403)
        return None

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Say when and from where the account was signed in to last, and what failed since."""
        if last := getattr(request, "_gongkai_before", None):
            messages.info(request, last_sign_in(last))
        return super().post_login(request, user, **kwargs)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """A closed account is told so, without more."""
        note(user, Kind.REFUSED, origin(request, user), note="账号已停用")
        return render(request, "account/locked.html", {"inactive": True}, status=403)


def temporary_password_over(user: User) -> str:
    """Why the account's temporary password opens nothing any more; empty when it does, or the person has one of his own."""
    if user.temporary_password_until is None:
        return ""
    if user.temporary_password_used_at:
        return "临时密码已使用过，只能登录一次，请联系系统管理员重新设置。"
    if timezone.now() >= user.temporary_password_until:
        return "临时密码已过期，请联系系统管理员重新设置。"
    return ""


def last_sign_in(last: Before) -> str:
    """The sign-in before this one in a sentence."""
    if last.at is None:
        said = "这是该账号第一次登录。"
    else:
        said = f"上次登录：{moment(last.at)}，来自{last.address or '未知地址'}（{last.device or '未知设备'}）。"
    if last.failures:
        said += f"此后有{last.failures}次失败的登录，请到“我的登录记录”核对。"
    return said


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
