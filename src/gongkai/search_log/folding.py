"""From the files of the web processes into the tables, and the end of each day. Done by the tick; doing it twice does no harm."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from gongkai.rules.popular_searches import Parameters, parameters
from gongkai.search_log import spool, words
from gongkai.search_log.intake import SEARCHES, Outcome
from gongkai.search_log.keys import forget_keys
from gongkai.search_log.models import DayOfText, SearchDay, SearchedText, Sighting
from gongkai.search_log.spool import GRACE, portions

KEEP = timedelta(days=800)
"""How long counts are kept: two years and the comparison with the year before."""


@dataclass(frozen=True, slots=True)
class _Line:
    network: str
    visitor: str
    outcome: str
    in_library: bool
    text: str


def fold(directory: Path, now: datetime) -> int:
    """Take in what the files have gained (`spool.fold`); returns the number of lines read."""
    return spool.fold(directory, SEARCHES, now, _count_raw)


def _count_raw(day: date, raw: Sequence[str]) -> None:
    _count(day, [line for one in raw if (line := _read(one)) is not None], parameters())


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
    for some in portions(sorted(networks)):
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
    for some in portions(sorted(first)):
        ids.update(SearchedText.objects.filter(key__in=some).values_list("key", "pk"))
        new = [SearchedText(key=key, text=first[key]) for key in some if key not in ids]
        if new:
            SearchedText.objects.bulk_create(new, ignore_conflicts=True)
            ids.update(SearchedText.objects.filter(key__in=some).values_list("key", "pk"))
    return {text: ids[key] for text, key in keys.items()}


def _count_texts(on: date, ids: Sequence[int], figures: Parameters) -> None:
    """Count the day of some texts anew from its sightings, at most `per_network` visitors of each network."""
    for some in portions(ids):
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
