"""Browsers that signed in to an account before: strangers who mistype its password on purpose cannot keep its owner out.

The lock counts wrong passwords by account and address. Where many people come from one address (an office behind one router, a proxy
that names nobody), whoever types five wrong passwords there would lock the account for all. A browser that carries the mark
of an earlier sign-in is counted by that mark instead; after as many failures of its own it is counted like any other.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from gongkai.organisations.logins import failures_of_browser, person_named
from gongkai.organisations.models import User

COOKIE = "gongkai_browser"
SALT = "gongkai.known_browser"
KEEP = timedelta(days=180)
MOST = 6
"""Accounts one browser remembers; the one used longest ago gives way."""


def mark_of(request: HttpRequest, user: User) -> str:
    """The mark this browser carries for the account; empty when it never signed in, or the password was changed since."""
    return str(_marks(request).get(_key(user), ""))


def counts_apart(request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
    """Whether the lock of the account does not concern this browser (`AXES_WHITELIST_CALLABLE`)."""
    if COOKIE not in request.COOKIES:
        return False
    user = person_named(str((credentials or {}).get("username") or request.POST.get("login", "")))
    if user is None or not (mark := mark_of(request, user)):
        return False
    return failures_of_browser(user, mark, settings.AXES_COOLOFF_TIME) < settings.AXES_FAILURE_LIMIT


def new_mark(request: HttpRequest, user: User) -> str:
    """Mark the browser for an account just signed in to; the mark it has stays."""
    mark = mark_of(request, user) or secrets.token_hex(16)
    request._gongkai_mark = (_key(user), mark)  # type: ignore[attr-defined]
    return mark


def remember(request: HttpRequest, response: HttpResponseBase) -> None:
    """Send the mark along with the answer to the sign-in."""
    made = getattr(request, "_gongkai_mark", None)
    if made is None:
        return
    key, mark = made
    others = [(name, value) for name, value in _marks(request).items() if name != key][-(MOST - 1) :]
    response.set_cookie(
        COOKIE,
        signing.dumps(dict([*others, (key, mark)]), salt=SALT),
        max_age=int(KEEP.total_seconds()),
        path="/account/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _marks(request: HttpRequest) -> dict[str, str]:
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEEP)
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def _key(user: User) -> str:
    """Number of the account and the hour of its password: after a change the mark is worth nothing."""
    changed = user.password_changed_at
    return f"{user.pk}.{int(changed.timestamp()) if changed else 0}"
