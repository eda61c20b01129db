"""Signed links of the letters: to confirm, to leave, to see all one follows. They stand in for an account."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.subscriptions import Frequency, parameters

_CONFIRM, _MANAGE = "subscription-confirm", "subscription-manage"
_LEAVE = signing.Signer(salt="subscription-leave")


def address(name: str, *args: str) -> str:
    """The full address of a page of the portal."""
    return settings.ENVIRONMENT.site_url.rstrip("/") + reverse(f"portal:{name}", args=args)


def to_confirm(subscription_id: int, frequency: Frequency) -> str:
    """The address at which a subscription is confirmed with this frequency; good for `confirm_hours`."""
    return address("subscription-confirm", signing.dumps([subscription_id, frequency.value], salt=_CONFIRM))


def to_leave(subscription_id: int) -> str:
    """The address at which one leaves; good as long as the subscription is."""
    return address("subscription-leave", _LEAVE.sign(str(subscription_id)))


def to_manage(digest: str) -> str:
    """The address of all that one address follows; good for `confirm_hours`."""
    return address("subscription-manage", signing.dumps(digest, salt=_MANAGE))


def read_confirm(signed: str) -> tuple[int, Frequency]:
    """Whom a link confirms, and how often. Raises `Refused` when it is none of ours or too old."""
    subscription_id, frequency = _loads(signed, _CONFIRM)
    return int(subscription_id), Frequency(frequency)


def read_leave(signed: str) -> int:
    """Who leaves. Raises `Refused` when the link is none of ours."""
    try:
        return int(_LEAVE.unsign(signed))
    except (signing.BadSignature, ValueError) as error:
        raise Refused([Reason("link", "退订链接不完整，请从邮件中完整复制链接后重试。")]) from error


def read_manage(signed: str) -> str:
    """Whose subscriptions a link shows. Raises `Refused` when it is none of ours or too old."""
    return str(_loads(signed, _MANAGE))


def _loads(signed: str, salt: str) -> list[str] | str:
    hours = parameters().confirm_hours
    try:
        loaded: list[str] | str = signing.loads(signed, salt=salt, max_age=timedelta(hours=hours))
    except signing.SignatureExpired as error:
        raise Refused([Reason("link_old", f"链接已超过 {hours} 小时，请重新填写邮箱取得新的链接。")]) from error
    except signing.BadSignature as error:
        raise Refused([Reason("link", "链接不完整，请从邮件中完整复制链接后重试。")]) from error
    return loaded
