"""Writes the history of sign-ins: listens to the framework, the lock and the second factor, and says where an attempt came from."""

from __future__ import annotations

from typing import Any

from allauth.mfa.signals import authentication_failed
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest
from django.utils import timezone

from gongkai.organisations.logins import Kind, Origin, before, note, person_named
from gongkai.organisations.models import User
from gongkai.text.browsers import device
from gongkai.web.office import known_browsers, sign_in
from gongkai.web.shared.addresses import client_address


def origin(request: HttpRequest | None, user: User | None = None) -> Origin:
    """Address and device of a request, and whether the browser is known to `user`."""
    if request is None:
        return Origin()
    return Origin(
        client_address(request),
        device(request.META.get("HTTP_USER_AGENT", "")[:500]) if "HTTP_USER_AGENT" in request.META else "",
        settings.GONGKAI_PROXIES == 0 and bool(request.META.get("HTTP_X_FORWARDED_FOR")),
        known_browsers.mark_of(request, user) if user else "",
    )


def login_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name attempts are counted under (`AXES_USERNAME_CALLABLE`): in small letters, because accounts are found in any case."""
    given = (credentials or {}).get("username") or request.POST.get("login") or ""
    return str(given).strip().lower()[:150]


def _signed_in(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    request._gongkai_before = before(user)  # type: ignore[attr-defined]
    method = sign_in.begin(request, user)
    if user.temporary_password_until and method.startswith("password"):
        unused = User.objects.filter(pk=user.pk, temporary_password_used_at=None)
        unused.update(temporary_password_used_at=timezone.now())
    known_browsers.new_mark(request, user)
    mark = request._gongkai_mark[1]  # type: ignore[attr-defined]
    where = origin(request)
    note(user, Kind.SIGNED_IN, Origin(where.address, where.device, where.forwarded_unread, mark), method=method)


def _signed_out(sender: Any, request: HttpRequest, user: User | None, **_: Any) -> None:
    why = getattr(request, "_gongkai_ending", None)
    if user is not None:
        note(
            user,
            Kind.ENDED if why else Kind.SIGNED_OUT,
            origin(request),
            note=why.message.split("，")[0] if why else "",
        )


def _failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    if request is not None and not getattr(request, "axes_locked_out", False):
        user = person_named(login_name(request, credentials))
        note(user, Kind.FAILED, origin(request, user), method="password")


def _locked(sender: Any, request: HttpRequest, username: str, **_: Any) -> None:
    user = person_named(username or "")
    note(user, Kind.LOCKED, origin(request, user))


def _code_failed(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    note(user, Kind.SECOND_FACTOR_FAILED, origin(request))


def watch() -> None:
    """Begin to listen; called once, when the product starts."""
    for signal, listener in (
        (user_logged_in, _signed_in),
        (user_logged_out, _signed_out),
        (user_login_failed, _failed),
        (user_locked_out, _locked),
        (authentication_failed, _code_failed),
    ):
        signal.connect(listener, dispatch_uid=f"gongkai.{listener.__name__}")
