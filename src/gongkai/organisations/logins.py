"""The history of sign-ins: written at each attempt, read by the person and by those who manage his account.

网络安全法 §21(3): logs are kept at least six months; here `GONGKAI_LOGIN_HISTORY_DAYS`. Addresses and devices are personal data, so they
are kept no longer than that, and apart from the audit log, which is kept for good.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone

from gongkai.organisations.models import LoginEvent, User
from gongkai.organisations.selectors import bodies_where, people_managed_by
from gongkai.rules.access import Action, Actor

TOGETHER = timedelta(hours=1)
SWEEP_STEP = 5000


class Kind(StrEnum):
    """What can happen at the door."""

    SIGNED_IN = "signed_in"
    FAILED = "failed"
    LOCKED = "locked"
    SECOND_FACTOR_FAILED = "second_factor_failed"
    SECOND_FACTOR_LOCKED = "second_factor_locked"
    REFUSED = "refused"
    SIGNED_OUT = "signed_out"
    ENDED = "ended"
    LIFTED = "lifted"
    NOT_ME = "not_me"

    @property
    def label(self) -> str:
        """In words."""
        return _LABELS[self]


_LABELS = {
    Kind.SIGNED_IN: "登录成功",
    Kind.FAILED: "密码错误",
    Kind.LOCKED: "账号锁定",
    Kind.SECOND_FACTOR_FAILED: "验证码错误",
    Kind.SECOND_FACTOR_LOCKED: "验证码错误过多，锁定",
    Kind.REFUSED: "拒绝登录",
    Kind.SIGNED_OUT: "退出",
    Kind.ENDED: "自动退出",
    Kind.LIFTED: "解除锁定",
    Kind.NOT_ME: "本人声明非本人登录",
}
METHODS = {
    "password": "密码",
    "password+mfa": "密码和验证码",
    "oidc": "统一身份认证",
    "oidc+mfa": "统一身份认证和验证码",
}
FAILURES = (Kind.FAILED, Kind.LOCKED, Kind.SECOND_FACTOR_FAILED, Kind.SECOND_FACTOR_LOCKED)
_COUNTED = (Kind.LOCKED, Kind.SECOND_FACTOR_LOCKED, Kind.REFUSED)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an attempt came from."""

    address: str = ""
    device: str = ""
    forwarded_unread: bool = False
    known_browser: str = ""


@transaction.atomic
def note(user: User | None, kind: Kind, origin: Origin, *, method: str = "", note: str = "") -> None:
    """Write one line. Attempts on names nobody bears (`user` None) and on a locked account are counted together for an hour."""
    if user is None or kind in _COUNTED:
        since = timezone.now() - TOGETHER
        alike = LoginEvent.objects.filter(user=user, kind=kind, address=origin.address, note=note, at__gte=since)
        last = alike.order_by("-at", "-id").values_list("pk", flat=True).first()
        if last and LoginEvent.objects.filter(pk=last).update(count=F("count") + 1):
            return
    LoginEvent.objects.create(
        user=user,
        kind=kind.value,
        address=origin.address[:64],
        device=origin.device[:60],
        method=method,
        note=note[:100],
        forwarded_unread=origin.forwarded_unread,
        known_browser=origin.known_browser,
    )


def person_named(username: str) -> User | None:
    """Whose user name it is, whatever the case it was typed in."""
    return User.objects.filter(username__iexact=username.strip()[:150]).first() if username.strip() else None


def second_factor_failures(user: User, within: timedelta) -> int:
    """Wrong codes in a row: since the last sign-in or lifted lock, and not longer ago than `within`."""
    since = timezone.now() - within
    lifted = (Kind.SIGNED_IN, Kind.LIFTED)
    last = (
        LoginEvent.objects.filter(user=user, kind__in=lifted)
        .order_by("-at", "-id")
        .values_list("at", flat=True)
        .first()
    )
    failed = LoginEvent.objects.filter(user=user, kind=Kind.SECOND_FACTOR_FAILED, at__gte=max(since, last or since))
    return failed.count()


def failures_of_browser(user: User, mark: str, within: timedelta) -> int:
    """Wrong passwords in a row from a browser known to the account, since it signed in last."""
    since = timezone.now() - within
    mine = LoginEvent.objects.filter(user=user, known_browser=mark, at__gte=since)
    last = mine.filter(kind=Kind.SIGNED_IN).order_by("-at", "-id").values_list("pk", flat=True).first()
    lifted = (
        LoginEvent.objects.filter(user=user, kind=Kind.LIFTED, at__gte=since)
        .order_by("-id")
        .values_list("pk", flat=True)
        .first()
    )
    return mine.filter(kind=Kind.FAILED, pk__gt=max(last or 0, lifted or 0)).count()


@dataclass(frozen=True, slots=True)
class Before:
    """What a person is told after signing in."""

    at: datetime | None
    address: str
    device: str
    failures: int
    """Failed attempts since then."""


def before(user: User) -> Before:
    """The sign-in before this one (which must not have been written yet) and what failed since."""
    last = LoginEvent.objects.filter(user=user, kind=Kind.SIGNED_IN).order_by("-at", "-id").first()
    failed = LoginEvent.objects.filter(user=user, kind__in=FAILURES)
    if last is not None:
        failed = failed.filter(at__gte=last.at, pk__gt=last.pk)
    total = failed.aggregate(total=Sum("count"))["total"] or 0
    return Before(last.at if last else None, last.address if last else "", last.device if last else "", total)


def history_of(user: User) -> QuerySet[LoginEvent]:
    """All that is kept of one person's sign-ins."""
    return LoginEvent.objects.filter(user=user)


def history_for(actor: Actor, *, failures_only: bool = False) -> QuerySet[LoginEvent]:
    """The sign-ins of all people the actor manages; for an administrator of every body also attempts on names nobody bears."""
    events = LoginEvent.objects.select_related("user")
    if bodies_where(actor, Action.MANAGE_MEMBERS) is not None:
        events = events.filter(Q(user__in=people_managed_by(actor).order_by().values("pk")))
    return events.filter(kind__in=FAILURES) if failures_only else events


def dormant(actor: Actor, now: datetime | None = None) -> QuerySet[User]:
    """Open accounts the actor manages that nobody signed in to for `GONGKAI_DORMANT_DAYS`, or ever since they were made."""
    since = (now or timezone.now()) - timedelta(days=settings.GONGKAI_DORMANT_DAYS)
    unused = Q(last_login__lt=since) | Q(last_login=None, date_joined__lt=since)
    return people_managed_by(actor).filter(unused, is_active=True)


def sweep(moment: datetime) -> int:
    """Remove what has been kept long enough, and sessions that are over; returns how many lines of the history."""
    limit = moment - timedelta(days=settings.GONGKAI_LOGIN_HISTORY_DAYS)
    removed = 0
    while old := list(
        LoginEvent.objects.filter(at__lt=limit).order_by("at", "id").values_list("pk", flat=True)[:SWEEP_STEP]
    ):
        removed += LoginEvent.objects.filter(pk__in=old).delete()[0]
    Session.objects.filter(expire_date__lt=moment).delete()
    return removed


def unread_forwarding(now: datetime | None = None) -> bool:
    """Whether, in the last week, a proxy named visitors that we took for one: `GONGKAI_PROXIES` is too small."""
    since = (now or timezone.now()) - timedelta(days=7)
    return LoginEvent.objects.filter(at__gte=since, forwarded_unread=True).exists()
