"""When public items changed: for feeds, for those who keep a copy, and for crawlers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Max

from gongkai.disclosure.models import ChangeNote, Item
from gongkai.disclosure.prepared import Prepared
from gongkai.disclosure.public_cards import shown_at
from gongkai.rules.publication import State


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One publication, correction or withdrawal of an item that is public or was withdrawn."""

    id: int
    at: datetime
    what: str
    note: str
    item_id: int
    index_number: str
    withdrawn: bool


def change_lines(*, after: int, limit: int) -> list[ChangeLine]:
    """Changes with an id greater than `after`, oldest first: one query. Of a withdrawn item nothing but its number is told."""
    rows = (
        ChangeNote.objects.filter(pk__gt=after, item__current__state__in=(State.PUBLISHED, State.WITHDRAWN))
        .order_by("pk")
        .values_list("pk", "at", "what", "note", "item_id", "item__index_number", "item__current__state")
    )
    return [
        ChangeLine(pk, at, what, note, item, number, state == State.WITHDRAWN)
        for pk, at, what, note, item, number, state in rows[:limit]
    ]


@dataclass(frozen=True, slots=True)
class Moments:
    """When the public first saw an item as lists order it, and when it last changed."""

    published: datetime
    updated: datetime


def moments(ids: Iterable[int]) -> dict[int, Moments]:
    """Moments of those of `ids` that are public: one query."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    padded = [*wanted, *[wanted[-1]] * (-len(wanted) % 50)]
    found = {}
    for pk, number, published_at, source in _moment_rows(*padded):
        first = shown_at(published_at, source)
        if first is not None:
            found[pk] = Moments(first, published_at if number > 1 and published_at else first)
    return found


_moment_rows = Prepared(
    lambda *ids: (
        Item.objects.filter(current__state=State.PUBLISHED, pk__in=ids)
        .order_by()
        .values_list("pk", "current__number", "current__published_at", "current__source_published_on")
    )
)


# --- for crawlers ------------------------------------------------------------------------------------------------------
def parts(size: int) -> list[tuple[int, datetime]]:
    """The register cut into ranges of `size` ids: number of each range with public items, and their last change. One query."""
    ranges = (
        Item.objects.filter(current__state=State.PUBLISHED)
        .order_by()
        .values_list(F("pk") / size)
        .annotate(last=Max("current__published_at"))
        .order_by(F("pk") / size)
    )
    return [(int(number), last) for number, last in ranges if last is not None]


def part(number: int, size: int) -> list[tuple[int, datetime]]:
    """Ids of the public items of one range, each with its last change, in order: one query."""
    first = number * size
    rows = Item.objects.filter(pk__gte=first, pk__lt=first + size, current__state=State.PUBLISHED)
    return list(rows.order_by("pk").values_list("pk", "current__published_at"))
