"""The session of somebody signed in: when it began, what counts as doing something, when it is over, and what must be done first.

A session carries its own times; the account carries from when sessions are valid and which is the newest. Both are read anyway
with each request, so watching costs no query. What counts as doing something: every request of the office, an autosave too, for it is
sent only after somebody typed. What does not: requests a page makes by itself, marked by `BACKGROUND`.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from gongkai.organisations.models import User
from gongkai.rules.sign_in import Account, Ending, Limits, Session, ending, password_expired, remaining
from gongkai.web.office import known_browsers
from gongkai.web.shared.middleware import GetResponse, office_only

STATE = "gongkai_sign_in"
BACKGROUND = "X-Gongkai-Background"
"""Header of a request that a page makes by itself."""
BACKGROUND_COOKIE = "gongkai_background"
"""Set by a page for the moment in which it loads itself again, because a reload has no headers."""
NOTED_EVERY = timedelta(seconds=30)
NEW = timedelta(minutes=5)
ALWAYS_OPEN = (
    "account_change_password",
    "account_logout",
    "account_session",
    "account_login",
    "account_not_me",
    "account_sign_ins",
)
"""Addresses that answer although the password must be changed first."""


def begin(request: HttpRequest, user: User) -> str:
    """Start watching the session just signed in; returns how the person proved himself (`password+mfa`)."""
    records = [str(one.get("method")) for one in get_authentication_records(request, user)]
    provider = bool(getattr(request, "_gongkai_provider_second_factor", False))
    method = "oidc" if "oidc" in records else "password"
    now, token = timezone.now().timestamp(), secrets.token_hex(16)
    request.session[STATE] = {"at": now, "seen": now, "token": token, "method": method, "second_factor": provider}
    User.objects.filter(pk=user.pk).update(newest_session=token)
    user.newest_session = token
    return f"{method}+mfa" if "mfa" in records or provider else method


def keep_after_password_change(request: HttpRequest, user: User) -> None:
    """The session in which the password was changed goes on; all others are over."""
    if known := request.session.get(STATE):
        request.session[STATE] = {**known, "at": max(known["at"], timezone.now().timestamp())}
    user.refresh_from_db(fields=["sessions_valid_from", "sessions_ended_because"])


def proved_elsewhere(request: HttpRequest) -> bool:
    """Whether the identity provider asked for a second factor at this sign-in."""
    return bool((request.session.get(STATE) or {}).get("second_factor"))


def new_since(request: HttpRequest) -> datetime | None:
    """When the person signed in, if that was within the last minutes; otherwise None."""
    session = _session(request)
    return session.started if session and timezone.now() - session.started < NEW else None


def limits() -> Limits:
    """As set by the operator."""
    return Limits(
        timedelta(seconds=settings.GONGKAI_IDLE_SECONDS),
        timedelta(seconds=settings.GONGKAI_SESSION_SECONDS),
        settings.GONGKAI_ONE_SESSION,
    )


def seconds_left(request: HttpRequest) -> int:
    """How long the session lasts when nothing more is done, rounded up: 0 says that it is over, and nothing else does."""
    session = _session(request)
    return ceil(remaining(session, limits(), timezone.now()).total_seconds()) if session else 0


def password_due(request: HttpRequest, user: User) -> str:
    """Why the password must be changed before anything else, or nothing. Who came by the identity provider did not use it."""
    if (request.session.get(STATE) or {}).get("method") == "oidc":
        return ""
    if user.must_change_password:
        return "您使用的是临时密码，或者曾声明有人冒用您的账号，请先修改密码。"
    period = timedelta(days=settings.GONGKAI_PASSWORD_DAYS)
    if password_expired(user.password_changed_at or user.date_joined, period, timezone.now()):
        return f"您的密码已使用超过{settings.GONGKAI_PASSWORD_DAYS}天，按照定期更换的要求，请先修改密码。"
    return ""


class SignInMiddleware:
    """Ends sessions that are over and says why; notes what people do; leads to the password page who must change it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Judge the session, then pass on."""
        if answer := self._judge(request):
            return answer
        response = self.get_response(request)
        known_browsers.remember(request, response)
        if BACKGROUND_COOKIE in request.COOKIES:
            response.delete_cookie(BACKGROUND_COOKIE, path="/office/")
        return response

    def _judge(self, request: HttpRequest) -> HttpResponseBase | None:
        claimed = request.session.get(SESSION_KEY)
        user = request.user
        if not isinstance(user, User) or not user.is_authenticated:
            return _was_somebody(request, claimed) if claimed else None
        session, now = _session(request), timezone.now()
        account = Account(user.sessions_valid_from, user.sessions_ended_because, user.newest_session)
        over = ending(session, account, limits(), now) if session else Ending.IDLE
        if over:
            return end(request, over)
        if session and now - session.seen >= min(NOTED_EVERY, limits().idle / 10) and not in_background(request):
            request.session[STATE] = {**request.session[STATE], "seen": now.timestamp()}
        if (why := password_due(request, user)) and request.path not in {reverse(name) for name in ALWAYS_OPEN}:
            messages.warning(request, why)
            return redirect("account_change_password")
        return None


OfficeSignInMiddleware = office_only(SignInMiddleware)


def end(request: HttpRequest, why: Ending) -> HttpResponse:
    """Sign out, say why on the next page, and lead to the login page and back to where the person was."""
    request._gongkai_ending = why  # type: ignore[attr-defined]
    logout(request)
    messages.warning(request, why.message)
    if request.path == reverse("account_session"):
        return JsonResponse({"seconds": 0})
    return redirect_to_login(came_from(request))


def in_background(request: HttpRequest) -> bool:
    """Whether the page asked by itself."""
    asked = request.path == reverse("account_session") and request.method == "GET"
    return asked or BACKGROUND in request.headers or (request.method == "GET" and BACKGROUND_COOKIE in request.COOKIES)


def came_from(request: HttpRequest) -> str:
    """The page to come back to after signing in: of a form that was sent, the page it stood on."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc == request.get_host() and page.path.startswith("/office/"):
        return f"{page.path}?{page.query}" if page.query else page.path
    return reverse("office:home")


def _was_somebody(request: HttpRequest, claimed: Any) -> HttpResponse | None:
    """The session names an account that may no longer use it: closed, or with another password."""
    user = User.objects.filter(pk=claimed).first() if str(claimed).isdecimal() else None
    why = Ending.LEFT_POST if user is None or not user.is_active else Ending.PASSWORD
    if user and user.is_active and user.sessions_ended_because in set(Ending):
        why = Ending(user.sessions_ended_because)
    return end(request, why)


def _session(request: HttpRequest) -> Session | None:
    known = request.session.get(STATE)
    if not known:
        return None
    return Session(_moment(known["at"]), _moment(known["seen"]), known["token"])


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
