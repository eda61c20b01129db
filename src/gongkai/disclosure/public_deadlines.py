"""Days by which the public can still do something about a public item: 意见征集 and 公示 that are running.

The period of both is an element in words (征集期限: 2026年3月1日至3月31日); its last full date, or the last day of a shorter form
(至3月31日, 至31日 are read with the year and month before them), is the day it ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.disclosure.models import Item
from gongkai.rules.publication import State
from gongkai.text.dates import find_dates, parse_date

PERIODS = {"public_consultation": "consultation_period", "pre_notice": "notice_period"}
"""The element that holds the period, by kind of item."""
LONGEST = timedelta(days=366)
"""How long before today an item may have been published that is looked at."""
MOST = 500
_SHORT_END = re.compile(r"[至到\-—－~～]\s*(?:(?P<month>\d{1,2})\s*月)?\s*(?P<day>\d{1,2})\s*[日号]")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A running period: the item, its kind, and its last day."""

    item_id: int
    kind: str
    title: str
    organisation: str
    period: str
    last_day: date


def last_day(period: str) -> date | None:
    """The last day of a period in words; None when it names none."""
    found = find_dates(period)
    if not found:
        return None
    end = found[-1]
    if short := _SHORT_END.match(period[end.end :].lstrip()):
        month = int(short["month"]) if short["month"] else end.value.month
        year = end.value.year + (month < end.value.month)
        return parse_date(f"{year}-{month:02d}-{int(short['day']):02d}") or end.value
    return end.value


def deadlines(kind: str, today: date) -> list[Deadline]:
    """The running periods of public items of a kind of `PERIODS`, the next to end first: one query, at most `MOST` items."""
    rows = (
        Item.objects.filter(kind=kind, current__state=State.PUBLISHED, current__published_at__date__gte=today - LONGEST)
        .order_by("-current__published_at")
        .values_list("pk", "current__title", "organisation__name", "current__details")[:MOST]
    )
    found = [
        Deadline(pk, kind, title, name, period, day)
        for pk, title, name, details in rows
        if (period := str(details.get(PERIODS[kind], ""))) and (day := last_day(period)) and day >= today
    ]
    return sorted(found, key=lambda one: (one.last_day, one.item_id))
