"""Reads of the subscriptions: those of one address, and what the office may know of them, which is numbers alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet

from gongkai.files.field_seal import keyed
from gongkai.participation.models import Subscription
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.reasons import Refused
from gongkai.rules.subscriptions import Frequency

LOST_AFTER = timedelta(minutes=15)
"""A claim older than this belongs to a process that died."""
TOLD_DAYS = 30
"""How long an interrupted letter is told of."""
LEAST_FOLLOWERS = 3
"""A list found by typed words is named to the office only when so many follow it: the words may be one person's private ones."""
SHOWN = 100
"""Lists named on the page of the office."""
State = Subscription.State


def digest_of(address: str) -> str:
    """What an address is found by; upper and lower case are the same."""
    return keyed("subscriber", address.strip().casefold())


def of_address(digest: str) -> QuerySet[Subscription]:
    """The confirmed subscriptions of an address."""
    return Subscription.objects.filter(address_digest=digest).exclude(state=State.PENDING).order_by("title", "pk")


def interrupted(now: datetime) -> QuerySet[Subscription]:
    """Those of whose last letter nobody knows whether it arrived."""
    lately = Q(lost_at__gt=now - timedelta(days=TOLD_DAYS))
    return Subscription.objects.filter(lately | Q(claimed_at__lt=now - LOST_AFTER))


@dataclass(frozen=True, slots=True)
class FollowedList:
    """How many follow one list."""

    title: str
    path: str
    followers: int
    immediate: int
    daily: int
    weekly: int


@dataclass(frozen=True, slots=True)
class Overview:
    """订阅情况 in numbers."""

    lists: tuple[FollowedList, ...]
    """The most followed ones, at most `SHOWN`."""
    all_lists: int
    addresses: int
    followers: int
    pending: int
    refusing: int
    """Addresses whose last letter was refused and is tried again."""
    resting: int
    lost: int


def overview(actor: Actor, now: datetime) -> Overview:
    """Numbers for the office, never an address (《个人信息保护法》§6). Raises `Refused` for who may not see them."""
    if not (decision := can(actor, Action.VIEW_SUBSCRIPTIONS, Subject(None))):
        raise Refused(decision.reasons)
    active = Subscription.objects.filter(state=State.ACTIVE)
    each = {one.value: Count("pk", filter=Q(frequency=one.value)) for one in Frequency}
    rows = (
        active.values("query_key")
        .annotate(
            name=Max("title"), at=Max("path"), n=Count("pk"), typed=Count("pk", filter=Q(query__has_key="text")), **each
        )
        .filter(Q(typed=0) | Q(n__gte=LEAST_FOLLOWERS))
        .order_by("-n", "name", "query_key")
    )
    lists = tuple(FollowedList(row["name"], row["at"], row["n"], *(row[one.value] for one in Frequency)) for row in rows[:SHOWN])  # fmt: skip
    totals = Subscription.objects.aggregate(
        all_lists=Count("query_key", filter=Q(state=State.ACTIVE), distinct=True),
        addresses=Count("address_digest", filter=Q(state=State.ACTIVE), distinct=True),
        followers=Count("pk", filter=Q(state=State.ACTIVE)),
        pending=Count("pk", filter=Q(state=State.PENDING)),
        refusing=Count("address_digest", filter=Q(state=State.ACTIVE, refusals__gt=0), distinct=True),
        resting=Count("address_digest", filter=Q(state=State.RESTING), distinct=True),
    )
    return Overview(lists, lost=interrupted(now).count(), **totals)
