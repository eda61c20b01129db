"""Signing in: who needs a second factor, when a session ends and why, when a password is too old.

GB/T 22239-2019 (等级保护第三级) 8.1.4.1: a) 口令复杂度并定期更换; b) 登录失败处理、会话超时自动退出; d) 两种以上鉴别技术.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gongkai.rules.access import Role

SECOND_FACTOR_ROLES = frozenset(Role) - {Role.CLERK}
"""Who can put something before the public or change other people's rights must prove himself twice (8.1.4.1 d)."""


class Ending(StrEnum):
    """Why a session ended before its owner left."""

    IDLE = "idle"
    TOO_LONG = "too_long"
    NEWER = "newer"
    PASSWORD = "password"  # noqa: S105 - a reason
    NOT_ME = "not_me"
    ADMINISTRATOR = "administrator"
    LEFT_POST = "left_post"

    @property
    def message(self) -> str:
        """What its owner is told on the next request."""
        return _ENDINGS[self]


_ENDINGS = {
    Ending.IDLE: "您较长时间没有操作，已自动退出。请重新登录；正在编写的内容已由浏览器暂存，登录后可以恢复。",
    Ending.TOO_LONG: "本次登录已达最长时限，已自动退出，请重新登录。",
    Ending.NEWER: "您的账号已在另一处登录，本处已退出。不是本人操作的，请立即登录并修改密码。",
    Ending.PASSWORD: "密码已修改，请用新密码重新登录。",
    Ending.NOT_ME: "全部登录均已退出，请重新登录。",
    Ending.ADMINISTRATOR: "管理员已更改您的登录方式，请重新登录。",
    Ending.LEFT_POST: "该账号已停用。如需恢复，请联系系统管理员。",
}


@dataclass(frozen=True, slots=True)
class Session:
    """A session as its owner's browser and the account know it."""

    started: datetime
    seen: datetime
    """When its owner last did something; requests of the page by itself do not count."""
    token: str


@dataclass(frozen=True, slots=True)
class Account:
    """What the account says of its sessions."""

    valid_from: datetime | None = None
    """Sessions begun before are over."""
    ended_because: str = ""
    newest: str = ""
    """Token of the session begun last."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The settings of the installation."""

    idle: timedelta
    longest: timedelta
    only_one: bool = False


def ending(session: Session, account: Account, limits: Limits, now: datetime) -> Ending | None:
    """Why the session is over at `now`, or None. What somebody decided is named before what the clock brought."""
    if account.valid_from and session.started < account.valid_from:
        return Ending(account.ended_because) if account.ended_because in set(Ending) else Ending.ADMINISTRATOR
    if limits.only_one and account.newest and account.newest != session.token:
        return Ending.NEWER
    if now - session.started >= limits.longest:
        return Ending.TOO_LONG
    return Ending.IDLE if now - session.seen >= limits.idle else None


def remaining(session: Session, limits: Limits, now: datetime) -> timedelta:
    """How long the session goes on when nobody does anything; never negative."""
    end = min(session.seen + limits.idle, session.started + limits.longest)
    return max(end - now, timedelta(0))


def second_factor_due(roles: Iterable[Role], since: datetime | None, grace: timedelta, now: datetime) -> bool:
    """Whether somebody with these roles, the first that asks for it held `since`, can no longer go without a second factor."""
    if not set(roles) & SECOND_FACTOR_ROLES:
        return False
    return since is None or now >= since + grace


def password_expired(changed: datetime | None, period: timedelta, now: datetime) -> bool:
    """Whether a password changed then must be changed (8.1.4.1 a); a `period` of zero never ends, an unknown day is too long ago."""
    if period <= timedelta(0):
        return False
    return changed is None or now - changed >= period
