"""The second factor at the door: as many wrong codes as wrong passwords, then a pause. The library counts in memory of one process only."""

from __future__ import annotations

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm as LibraryAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as LibraryReauthenticateForm
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from gongkai.organisations.logins import Kind, note, second_factor_failures
from gongkai.organisations.models import User
from gongkai.web.office.login_watch import origin


def refuse_when_locked(user: User) -> None:
    """Raise `ValidationError` while the account is locked because of wrong codes."""
    if second_factor_failures(user, settings.AXES_COOLOFF_TIME) < settings.AXES_FAILURE_LIMIT:
        return
    note(user, Kind.SECOND_FACTOR_LOCKED, origin(context.request))
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    raise ValidationError(
        f"验证码连续输错{settings.AXES_FAILURE_LIMIT}次，已暂停验证。请在{minutes}分钟后重试，或者请系统管理员解除锁定。"
    )


class _Counted(forms.Form):
    """A form with a code of one person."""

    user: User

    def clean_code(self) -> str:
        """The code, when it is right and the account is not locked."""
        refuse_when_locked(self.user)
        return str(super().clean_code())  # type: ignore[misc]


class AuthenticateForm(_Counted, LibraryAuthenticateForm):  # type: ignore[misc]
    """The code at sign-in."""


class ReauthenticateForm(_Counted, LibraryReauthenticateForm):  # type: ignore[misc]
    """The code before something delicate."""
