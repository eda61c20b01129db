"""From the files of the web processes into the tables, and the end of each day. Done by the tick; doing it twice does no harm."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from gongkai.rules.popular_searches import Parameters, parameters
from gongkai.search_log import words
from gongkai.search_log.intake import SUFFIX, Outcome
from gongkai.search_log.keys import forget_keys
from gongkai.search_log.models import DayOfText, SearchDay, SearchedText, Sighting, SpoolPosition

CHUNK_BYTES = 1024 * 1024
"""Bytes of one file folded in one transaction: some 10,000 searches, a second or so of the one writer."""
GRACE = timedelta(minutes=2)
"""After midnight, for lines that were being written."""
KEEP = timedelta(days=800)
"""How long counts are kept: two years and the comparison with the year before."""


Value = TypeVar("Value", str, int)


@dataclass(frozen=True, slots=True)
class _Line:
    network: str
    visitor: str
    outcome: str
    in_library: bool
    text: str


def fold(directory: Path, now: datetime) -> int:
    """Take in what the files have gained; returns the number of lines read.

    The place reached in a file and the counts are committed together, so a line counts once whenever the process is killed.
    Files of past days are removed when they have been read to their end.
    """
    if not directory.is_dir():
        return 0
    today, lines = timezone.localdate(now - GRACE), 0
    for path in sorted(directory.glob(f"*{SUFFIX}")):
        day = _day_of(path.name)
        if day is None:
            continue
        while count := _fold_chunk(path, day):
            lines += count
        if day < today:
            path.unlink(missing_ok=True)
            SpoolPosition.objects.filter(name=path.name).delete()
    return lines


def _fold_chunk(path: Path, day: date) -> int:
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
        _count(day, [line for one in raw if (line := _read(one)) is not None], parameters())
        position.offset += len(complete)
        position.save(update_fields=["offset"])
    return len(raw)


def _day_of(name: str) -> date | None:
    try:
        return date.fromisoformat(name[:10])
    except ValueError:
        return None


def _read(line: str) -> _Line | None:
    """One line of a file; None for one that a full disk cut short."""
    parts = line.split("\t")
    if len(parts) != 5 or len(parts[0]) != 16 or len(parts[1]) != 16 or parts[2] not in set(Outcome):
        return None
    return _Line(parts[0], parts[1], parts[2], parts[3] == "l", parts[4])


def _count(on: date, lines: Sequence[_Line], figures: Parameters) -> None:
    """Add lines of one day to its sightings and count the day anew. A closed day takes nothing more."""
    SearchDay.objects.bulk_create([SearchDay(on=on)], ignore_conflicts=True)
    day = SearchDay.objects.select_for_update().get(on=on)
    if day.closed:
        return
    worded = _within_share(on, [line for line in lines if line.text], figures)
    ids = _ids_of({line.text for line in worded})
    sightings = [
        Sighting(
            on=on,
            searched_id=ids[line.text],
            network=line.network,
            visitor=line.visitor,
            outcome=line.outcome,
            in_library=line.in_library,
        )
        for line in worded
        if line.text in ids
    ]
    Sighting.objects.bulk_create(sightings, ignore_conflicts=True, batch_size=500)
    _count_texts(on, sorted({sighting.searched_id for sighting in sightings}), figures)
    outcomes = Counter(dict(Sighting.objects.filter(on=on).values_list("outcome").annotate(n=Count("pk"))))
    day.unrecorded += sum(not line.text for line in lines)
    day.searches = outcomes.total() + day.unrecorded
    day.nothing = outcomes[Outcome.NOTHING]
    day.save()


def _within_share(on: date, lines: Sequence[_Line], figures: Parameters) -> list[_Line]:
    """What the networks may still add today, all processes together; each process bounds only itself."""
    networks = {line.network for line in lines}
    used: Counter[str] = Counter()
    for some in _portions(sorted(networks)):
        counted = Sighting.objects.filter(on=on, network__in=some).values_list("network").annotate(n=Count("pk"))
        used.update(dict(counted))
    kept = []
    for line in lines:
        if used[line.network] < figures.per_network_a_day:
            used[line.network] += 1
            kept.append(line)
    return kept


def _ids_of(texts: Iterable[str]) -> dict[str, int]:
    """The rows of texts, made where they are new. Texts without any letter or digit have none."""
    keys = {text: key for text in sorted(texts) if (key := words.key(text)[:64])}
    first: dict[str, str] = {}
    for text, key in keys.items():
        first.setdefault(key, text[:64])
    ids: dict[str, int] = {}
    for some in _portions(sorted(first)):
        ids.update(SearchedText.objects.filter(key__in=some).values_list("key", "pk"))
        new = [SearchedText(key=key, text=first[key]) for key in some if key not in ids]
        if new:
            SearchedText.objects.bulk_create(new, ignore_conflicts=True)
            ids.update(SearchedText.objects.filter(key__in=some).values_list("key", "pk"))
    return {text: ids[key] for text, key in keys.items()}


def _count_texts(on: date, ids: Sequence[int], figures: Parameters) -> None:
    """Count the day of some texts anew from its sightings, at most `per_network` visitors of each network."""
    for some in _portions(ids):
        by_text: defaultdict[int, list[tuple[str, str, bool]]] = defaultdict(list)
        found = Sighting.objects.filter(on=on, searched_id__in=some).order_by("pk")
        for searched, network, outcome, library in found.values_list("searched_id", "network", "outcome", "in_library"):
            by_text[searched].append((network, outcome, library))
        rows = [_row(on, searched, seen, figures) for searched, seen in by_text.items()]
        DayOfText.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["searched", "on"],
            update_fields=["searchers", "networks", "found", "relaxed", "nothing", "in_library"],
        )


def _row(on: date, searched: int, seen: Sequence[tuple[str, str, bool]], figures: Parameters) -> DayOfText:
    per_network: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    in_library = 0
    for network, outcome, library in seen:
        if per_network[network] < figures.per_network:
            per_network[network] += 1
            outcomes[outcome] += 1
            in_library += library
    return DayOfText(
        searched_id=searched,
        on=on,
        searchers=outcomes.total(),
        networks=len(per_network),
        found=outcomes[Outcome.FOUND],
        relaxed=outcomes[Outcome.RELAXED],
        nothing=outcomes[Outcome.NOTHING],
        in_library=in_library,
    )


def _portions(values: Sequence[Value], size: int = 400) -> Iterable[Sequence[Value]]:
    return (values[start : start + size] for start in range(0, len(values), size))


# --- the end of a day --------------------------------------------------------------------------------------------------
def close_days(directory: Path, now: datetime) -> int:
    """Destroy what could tell the visitors of past days apart, and forget rare words and old counts; returns the days closed."""
    today = timezone.localdate(now - GRACE)
    forget_keys(directory, today)
    with transaction.atomic():
        closing = list(
            SearchDay.objects.select_for_update().filter(on__lt=today, closed=False).values_list("on", flat=True)
        )
        if not closing:
            return 0
        Sighting.objects.filter(on__lt=today).delete()
        SearchDay.objects.filter(on__in=closing).update(closed=True)
        _forget(today, parameters())
    return len(closing)


def _forget(today: date, figures: Parameters) -> None:
    """Words that few networks ever asked on one day are deleted after `rare_days`, counts after `KEEP`."""
    DayOfText.objects.filter(on__lt=today - KEEP).delete()
    seen = SearchedText.objects.filter(treatment=None).annotate(most=Max("days__networks"), last=Max("days__on"))
    cutoff = today - timedelta(days=figures.rare_days)
    seen.filter(most__lt=figures.office_networks, last__lt=cutoff).delete()
    seen.filter(last=None).delete()
