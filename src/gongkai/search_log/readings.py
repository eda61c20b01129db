"""Readings of public items: from the files into counts by item and day, and the end of each day. Twice does no harm.

The files of a day are read to their end before its key and sightings are destroyed; the intake changes its file at midnight.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from gongkai.rules.popularity import DayOfReading, count_day, parameters
from gongkai.search_log import spool
from gongkai.search_log.folding import KEEP
from gongkai.search_log.intake import READS, reads_directory
from gongkai.search_log.keys import forget_keys
from gongkai.search_log.models import DayOfItem, ReadDay, ReadSighting
from gongkai.search_log.spool import GRACE, portions

_HASH = 16


def sweep(now: datetime) -> int:
    """Fold the files and close past days; returns the lines folded."""
    root = reads_directory()
    lines = fold(root, now)
    close_days(root, now)
    return lines


def fold(directory: Path, now: datetime) -> int:
    """Take in what the files have gained (`spool.fold`); returns the number of lines read."""
    return spool.fold(directory, READS, now, _count)


def _count(on: date, raw: Sequence[str]) -> None:
    """Add lines of one day to its sightings and count the items they name anew. A closed day takes nothing more."""
    ReadDay.objects.bulk_create([ReadDay(on=on)], ignore_conflicts=True)
    if ReadDay.objects.select_for_update().get(on=on).closed:
        return
    lines = [line for one in raw if (line := _read(one)) is not None]
    sightings = [ReadSighting(on=on, network=line[0], visitor=line[1], item_id=line[2]) for line in lines]
    ReadSighting.objects.bulk_create(sightings, ignore_conflicts=True, batch_size=500)
    for some in portions(sorted({line[2] for line in lines})):
        by_item: defaultdict[int, list[str]] = defaultdict(list)
        found = ReadSighting.objects.filter(on=on, item_id__in=some)
        for item_id, network in found.values_list("item_id", "network"):
            by_item[item_id].append(network)
        rows = []
        for item_id, seen in by_item.items():
            readers, networks = count_day(seen, parameters().per_network)
            rows.append(DayOfItem(item_id=item_id, on=on, readers=readers, networks=networks))
        DayOfItem.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["item_id", "on"], update_fields=["readers", "networks"]
        )


def _read(line: str) -> tuple[str, str, int] | None:
    """Network, visitor and item of one line; None for one that a full disk cut short."""
    parts = line.split("\t")
    if len(parts) != 3 or len(parts[0]) != _HASH or len(parts[1]) != _HASH:
        return None
    item = parts[2]
    return (parts[0], parts[1], int(item)) if item.isascii() and item.isdigit() and len(item) <= 18 else None


def close_days(directory: Path, now: datetime) -> None:
    """Destroy what could tell the visitors of past days apart, and forget old counts; the files were read before."""
    today = timezone.localdate(now - GRACE)
    forget_keys(directory, today)
    with transaction.atomic():
        if ReadDay.objects.filter(on__lt=today, closed=False).update(closed=True):
            ReadSighting.objects.filter(on__lt=today).delete()
            DayOfItem.objects.filter(on__lt=today - KEEP).delete()


def days_of_listed(today: date) -> dict[int, tuple[DayOfReading, ...]]:
    """The days in the window of each item that reached the floor of networks on one of them: one query, by item."""
    figures = parameters()
    window = DayOfItem.objects.filter(on__gt=today - timedelta(days=figures.window_days), on__lte=today)
    reached = window.filter(networks__gte=figures.networks).values("item_id")
    return _by_item(window.filter(item_id__in=reached).values_list("item_id", "on", "readers", "networks"))


def _by_item(rows: Iterable[tuple[int, date, int, int]]) -> dict[int, tuple[DayOfReading, ...]]:
    days: defaultdict[int, list[DayOfReading]] = defaultdict(list)
    for item_id, on, readers, networks in rows:
        days[item_id].append(DayOfReading(on, readers, networks))
    return {item_id: tuple(sorted(some, key=lambda day: day.on)) for item_id, some in days.items()}
