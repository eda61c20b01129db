"""From the files of the web processes into the tables: each line once, whenever a process is killed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from gongkai.search_log.models import SpoolPosition

CHUNK_BYTES = 1024 * 1024
"""Bytes of one file folded in one transaction: some 10,000 lines, a second or so of the one writer."""
GRACE = timedelta(minutes=2)
"""After midnight, for lines that were being written."""

Count = Callable[[date, Sequence[str]], None]
"""Adds raw lines of one day to the tables, inside the transaction that notes how far the file was read."""
Value = TypeVar("Value", str, int)


def fold(directory: Path, suffix: str, now: datetime, count: Count) -> int:
    """Take in what the files have gained; returns the number of lines read.

    The place reached in a file and the counts are committed together, so a line counts once whenever the process is killed.
    Files of past days are removed when they have been read to their end.
    """
    if not directory.is_dir():
        return 0
    today, lines = timezone.localdate(now - GRACE), 0
    for path in sorted(directory.glob(f"*{suffix}")):
        day = _day_of(path.name)
        if day is None:
            continue
        while read := _fold_chunk(path, day, count):
            lines += read
        if day < today:
            path.unlink(missing_ok=True)
            SpoolPosition.objects.filter(name=path.name).delete()
    return lines


def _fold_chunk(path: Path, day: date, count: Count) -> int:
    """Fold the next chunk of one file; returns the lines in it, 0 at the end of what is complete."""
    reached = SpoolPosition.objects.filter(name=path.name).values_list("offset", flat=True).first() or 0
    if path.stat().st_size <= reached:
        return 0
    with transaction.atomic():
        SpoolPosition.objects.bulk_create([SpoolPosition(name=path.name)], ignore_conflicts=True)
        position = SpoolPosition.objects.select_for_update().get(name=path.name)
        with path.open("rb") as file:
            file.seek(position.offset)
            content = file.read(CHUNK_BYTES)
        complete = content[: content.rfind(b"\n") + 1]
        if not complete:
            return 0
        raw = complete.decode("utf-8", "replace").splitlines()
        count(day, raw)
        position.offset += len(complete)
        position.save(update_fields=["offset"])
    return len(raw)


def _day_of(name: str) -> date | None:
    try:
        return date.fromisoformat(name[:10])
    except ValueError:
        return None


def portions(values: Sequence[Value], size: int = 400) -> Iterable[Sequence[Value]]:
    """Cut `values` into parts that fit into one statement."""
    return (values[start : start + size] for start in range(0, len(values), size))
