"""热度榜 (popularity_ranking): computing the list once an hour, and handing it to the pages."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from gongkai.audit import generation
from gongkai.audit.generation import PerGeneration
from gongkai.disclosure.models import Item
from gongkai.disclosure.public_cards import Card, cards, shown_at
from gongkai.policies.models import PopularityExclusion, PopularityRun, RankedItem
from gongkai.rules import popularity as rules
from gongkai.rules.publication import State
from gongkai.search_log.readings import days_of_listed
from gongkai.search_log.spool import portions

KINDS = ("interpretation", "policy_document")
"""Kinds of item that are listed."""
WITHDRAWN_SINCE = 10
"""Entries read beyond those asked for, in the place of items that were withdrawn since the list was computed."""
MOST_READ = 10
EVERY = timedelta(hours=1)
"""How often the list is computed."""


@dataclass(frozen=True, slots=True)
class CountedDay:
    """What one day adds to a score."""

    on: date
    readers: int
    weight: float
    """What one reader of that day counts."""

    @property
    def points(self) -> float:
        """Readers times weight."""
        return self.readers * self.weight


@dataclass(frozen=True, slots=True)
class Ranked:
    """One entry of the list as it is shown."""

    place: int
    """Place in the list that was asked for, from 1."""
    card: Card
    score: float
    readers: int
    days: tuple[CountedDay, ...]
    """The days that make up the score, oldest first."""


@dataclass(frozen=True, slots=True)
class Excluded:
    """An item the office keeps from the list."""

    id: int
    card: Card
    reason: str
    since: datetime


# --- reading -----------------------------------------------------------------------------------------------------------
def ranking(limit: int, among: Collection[int] | None = None, kind: str = "") -> list[Ranked]:
    """The best `limit` public items of the list, only those `among` these ids and of this `kind` when given: two queries.

    The day the weights refer to is that of the last computation, so the figures belong together.
    """
    rows = RankedItem.objects.order_by("place")
    if among is not None:
        rows = rows.filter(item_id__in=among)
    if kind:
        rows = rows.filter(kind=kind)
    # Whether an item is still public is asked of the cards alone: joined to every item, SQLite reads those first (28 ms of 30,000).
    found = list(rows[: limit + WITHDRAWN_SINCE])
    shown = {card.id: card for card in cards(row.item_id for row in found)}
    return [
        Ranked(place, shown[row.item_id], row.score, row.readers, _days(row))
        for place, row in enumerate([row for row in found if row.item_id in shown][:limit], 1)
    ]


most_read = PerGeneration(lambda: ranking(MOST_READ))
"""The head of the list, for the side of other pages: a new computation and a withdrawal both move the generation."""


def _days(row: RankedItem) -> tuple[CountedDay, ...]:
    return tuple(CountedDay(date.fromisoformat(on), readers, weight) for on, readers, weight in row.days)


def computed_at() -> datetime | None:
    """When the list was computed; None before the first time."""
    return PopularityRun.objects.filter(pk=1).values_list("computed_at", flat=True).first()


def excluded() -> list[Excluded]:
    """Public items kept from the list with the public reason, the latest first: two queries."""
    rows = list(PopularityExclusion.objects.all())
    shown = {card.id: card for card in cards(row.item_id for row in rows)}
    return [Excluded(row.pk, shown[row.item_id], row.reason, row.created_at) for row in rows if row.item_id in shown]


# --- computing ---------------------------------------------------------------------------------------------------------
def compute_if_due(now: datetime) -> bool:
    """Compute the list when the last one is an hour old, or of yesterday; returns whether its figures have changed."""
    last = computed_at()
    fresh = last is not None and last <= now < last + EVERY and timezone.localdate(last) == timezone.localdate(now)
    return False if fresh else compute(now)


@transaction.atomic
def compute(now: datetime) -> bool:
    """Compute the list from the counts and keep it; returns whether its figures have changed, and cached pages lapse then.

    It takes the place of the former list in one transaction and reads nothing but counts: done twice, or begun again after a
    kill, it comes to the same.
    """
    figures, today = rules.parameters(), timezone.localdate(now)
    PopularityRun.objects.update_or_create(pk=1, defaults={"computed_at": now})
    candidates, kinds = _candidates(today)
    rows = [
        RankedItem(
            item_id=one.item_id,
            place=place,
            kind=kinds[one.item_id],
            score=one.score,
            readers=one.readers,
            days=[[day.on.isoformat(), day.readers, rules.weight(day.on, today, figures)] for day in one.days],
        )
        for place, one in enumerate(rules.ranking(candidates, today, figures), 1)
    ]
    before = list(RankedItem.objects.order_by("place").values_list("item_id", "score", "days"))
    changed = before != [(row.item_id, row.score, row.days) for row in rows]
    if changed:
        RankedItem.objects.all().delete()
        RankedItem.objects.bulk_create(rows, batch_size=500)
        publish_changes()
    return changed


def publish_changes() -> None:
    """Let cached pages lapse when the transaction is committed."""
    generation.bump()
    transaction.on_commit(generation.forget)


def _candidates(today: date) -> tuple[list[rules.Candidate], dict[int, str]]:
    """Public items of the listed kinds that reached the floor of networks and are not excluded; and the kind of each."""
    days = days_of_listed(today)
    kept_off = set(PopularityExclusion.objects.values_list("item_id", flat=True))
    found, kinds = [], {}
    for some in portions(sorted(days.keys() - kept_off)):
        public = Item.objects.filter(pk__in=some, kind__in=KINDS, current__state=State.PUBLISHED)
        rows = public.values_list("pk", "kind", "current__published_at", "current__source_published_on")
        for pk, kind, published, source in rows:
            moment = shown_at(published, source)
            if moment is not None:
                found.append(rules.Candidate(pk, moment, days[pk]))
                kinds[pk] = kind
    return found, kinds
