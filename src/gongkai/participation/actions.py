"""Writes of the subscriptions: asking, confirming, changing, leaving. The public does them without an account, by links sent by mail.

The log says the key of the list, never who: an address stands in the table of subscriptions alone, sealed, and so do typed words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from gongkai.audit.log import Entry, record
from gongkai.files.field_seal import seal
from gongkai.participation import links, tasks
from gongkai.participation.models import Subscription
from gongkai.participation.selectors import digest_of, of_address
from gongkai.rules.access import Actor
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.subscriptions import Frequency, parameters
from gongkai.search import SearchQuery, Sort, TimeRange
from gongkai.search.saved_queries import key, to_json

SUBSCRIBER = Actor(0, "订阅人")
State = Subscription.State
_GONE = Reason("gone", "该订阅已不存在：可能已经退订，或者未在规定时间内确认。需要时请重新订阅。")


@dataclass(frozen=True, slots=True)
class ListToFollow:
    """A list of the portal: what the index is asked, and where people see it."""

    title: str
    path: str
    query: SearchQuery


@transaction.atomic
def ask(*, actor: Actor, email: str, followed: ListToFollow, frequency: str) -> None:
    """Ask to follow a list: a letter with a link goes to the address, and only who opens it follows.

    Whether the address follows the list already makes no difference that could be seen: the link then changes the frequency. Raises
    `Refused` with every reason.
    """
    reasons = [*_address_reasons(email), *_frequency_reasons(frequency)]
    if reasons:
        raise Refused(reasons)
    kept = to_json(replace(followed.query, sort=Sort.NEWEST, published_at=TimeRange()))
    digest, now = digest_of(email), timezone.now()
    known = {"address_digest": digest, "query_key": key(kept)}
    if not Subscription.objects.filter(**known).exists():
        if Subscription.objects.filter(address_digest=digest).count() >= parameters().most_lists:
            return  # said to nobody, or it would tell that the address follows something
        new = Subscription(**known, query=kept, address_sealed=seal(email.strip()), asked_at=now)
        Subscription.objects.bulk_create([new], ignore_conflicts=True)  # two forms may be sent at once
    subscription = Subscription.objects.select_for_update().get(**known)
    if subscription.state == State.PENDING:
        subscription.title, subscription.path = followed.title[:300], followed.path
        subscription.frequency, subscription.asked_at = frequency, now
        subscription.save()
    tasks.send_confirmation.enqueue(subscription.pk, frequency)
    _note(actor, "subscription.ask", subscription)


@transaction.atomic
def confirm(*, actor: Actor, signed: str) -> Subscription:
    """Begin to follow, or to follow as often as the link says; what is published from now on is told. Raises `Refused` for a bad link."""
    subscription_id, frequency = links.read_confirm(signed)
    subscription = _locked(subscription_id)
    now = timezone.now()
    if subscription.state != State.ACTIVE:
        subscription.confirmed_at = now
        subscription.last_at = parameters().reaches_to(Frequency.IMMEDIATE, timezone.localtime(now))
        subscription.refusals, subscription.retry_at = 0, None
    subscription.state, subscription.frequency = State.ACTIVE, frequency.value
    subscription.save()
    _note(actor, "subscription.confirm", subscription)
    return subscription


@transaction.atomic
def leave(*, actor: Actor, signed: str) -> None:
    """Stop following; nothing is kept. Who has left already has left. Raises `Refused` for a link that is none of ours."""
    _delete(actor, Subscription.objects.filter(pk=links.read_leave(signed)).first())


@transaction.atomic
def change(*, actor: Actor, signed: str, subscription_id: int, frequency: str) -> None:
    """Follow as often as said; an empty `frequency` leaves. `signed`: of the link that shows all of an address.

    Raises `Refused` for a bad link, another's subscription or an unknown frequency.
    """
    digest = links.read_manage(signed)
    if not of_address(digest).filter(pk=subscription_id).exists():
        raise Refused([_GONE])
    subscription = _locked(subscription_id)
    if not frequency:
        _delete(actor, subscription)
        return
    if reasons := _frequency_reasons(frequency):
        raise Refused(reasons)
    Subscription.objects.filter(pk=subscription_id).update(frequency=frequency)
    subscription.frequency = frequency
    _note(actor, "subscription.change", subscription)


def ask_for_link(*, email: str) -> None:
    """Send the link to all an address follows; nothing when it follows nothing, which is told to nobody. Raises `Refused`."""
    if reasons := _address_reasons(email):
        raise Refused(reasons)
    if found := of_address(digest_of(email)).first():
        tasks.send_link.enqueue(found.pk)


def _locked(subscription_id: int) -> Subscription:
    found = Subscription.objects.select_for_update().filter(pk=subscription_id).first()
    if found is None:
        raise Refused([_GONE])
    return found


def _delete(actor: Actor, subscription: Subscription | None) -> None:
    if subscription is not None:
        _note(actor, "subscription.leave", subscription)
        subscription.delete()


def _address_reasons(email: str) -> list[Reason]:
    try:
        validate_email(email.strip())
    except ValidationError:
        return [Reason("email", "电子邮箱格式不对，请填写完整的邮箱地址，例如 name@example.cn。", field="email")]
    return []


def _frequency_reasons(frequency: str) -> list[Reason]:
    return [] if frequency in list(Frequency) else [Reason("frequency", "请选择接收频率。", field="frequency")]


def _note(actor: Actor, name: str, subscription: Subscription) -> None:
    detail = {"frequency": Frequency(subscription.frequency).label}
    record(actor=actor, entries=[Entry(name, "followed_list", subscription.query_key, None, detail)])
