"""热门搜索: computing the list, and handing it to the pages."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from gongkai.audit import generation
from gongkai.rules.popular_searches import (
    Candidate,
    DayCount,
    ExcludedTerm,
    Exclusion,
    Parameters,
    excluded_by,
    parameters,
    popular,
    standing_of,
)
from gongkai.search_log import words
from gongkai.search_log.models import DayOfText, ExcludedSearch, PopularList

EVERY = timedelta(hours=1)
"""How often the list is computed."""
_REMEMBER_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class PopularSearch:
    """One entry of the list as it is shown."""

    text: str
    score: float
    searchers: int
    """Distinct searchers in the window, counted by the day."""
    most_networks: int
    """Network segments on the best day."""


@dataclass(frozen=True, slots=True)
class Popular:
    """The list with what the explanation page says of it."""

    computed_at: datetime | None
    entries: tuple[PopularSearch, ...]
    withheld: tuple[tuple[str, int], ...]
    """Public reason and number of searches that reached the thresholds and are not shown."""


# --- reading -----------------------------------------------------------------------------------------------------------
def top_searches(limit: int = 10) -> tuple[PopularSearch, ...]:
    """The popular searches, best first. One query, and none while nothing public has changed."""
    name = f"search_log.popular.{generation.current()}"
    known: tuple[PopularSearch, ...] | None = cache.get(name)
    if known is None:
        known = popular_list().entries
        cache.set(name, known, _REMEMBER_SECONDS)
    return known[:limit]


def popular_texts() -> tuple[str, ...]:
    """The popular searches, best first: a `gongkai.search.suggestion_sources.SuggestionSource`."""
    return tuple(one.text for one in top_searches(100))


def popular_list() -> Popular:
    """The list with its figures, straight from its table."""
    row = PopularList.objects.filter(pk=1).first()
    if row is None:
        return Popular(None, (), ())
    withheld = tuple((Exclusion(reason).label, count) for reason, count in sorted(row.withheld.items()))
    return Popular(row.computed_at, tuple(PopularSearch(**entry) for entry in row.entries), withheld)


# --- computing ---------------------------------------------------------------------------------------------------------
def compute_if_due(now: datetime) -> bool:
    """Compute the list when the last one is an hour old; returns whether what is shown has changed."""
    last = PopularList.objects.filter(pk=1).values_list("computed_at", flat=True).first()
    return compute(now) if last is None or now - last >= EVERY or last > now else False


@transaction.atomic
def compute(now: datetime) -> bool:
    """Compute the list and keep it; cached pages lapse only when the words shown, or their order, have changed."""
    figures, today = parameters(), timezone.localdate(now)
    admitted: list[Candidate] = []
    withheld: Counter[str] = Counter()
    terms = [*figures.excluded, *office_exclusions()]
    for candidate in _candidates(today, figures):
        reason = why_not(candidate.text, figures, terms)
        if reason is None:
            admitted.append(candidate)
        elif standing_of(candidate, today, figures) is not None:
            withheld[reason.value] += 1
    entries = [asdict(standing) for standing in popular(admitted, today, figures)]
    before = PopularList.objects.select_for_update().filter(pk=1).first()
    PopularList.objects.update_or_create(
        pk=1, defaults={"computed_at": now, "entries": entries, "withheld": dict(withheld)}
    )
    changed = [entry["text"] for entry in (before.entries if before else [])] != [entry["text"] for entry in entries]
    if changed:
        generation.bump()
        transaction.on_commit(generation.forget)
    return changed


def why_not(text: str, figures: Parameters, terms: list[ExcludedTerm]) -> Exclusion | None:
    """Why a search is not shown whatever its figures; None when nothing speaks against its words."""
    if words.is_private(text):
        return Exclusion.PERSONAL
    if not figures.shortest <= len(text) <= figures.longest or not any(char.isalpha() for char in text):
        return Exclusion.MEANINGLESS
    return excluded_by(text, terms) or excluded_by(words.key(text), terms)


def office_exclusions() -> list[ExcludedTerm]:
    """The terms the office has excluded."""
    rows = ExcludedSearch.objects.values_list("term", "whole", "reason")
    return [ExcludedTerm(term, whole, Exclusion(reason)) for term, whole, reason in rows]


def _candidates(today: date, figures: Parameters) -> list[Candidate]:
    """The searches that reached the threshold on some day of the window, each with all its days."""
    window = DayOfText.objects.filter(on__gt=today - timedelta(days=figures.window_days), on__lte=today)
    reached = window.filter(networks__gte=figures.networks).values("searched_id")
    days: defaultdict[str, list[DayCount]] = defaultdict(list)
    rows = window.filter(searched_id__in=reached).values_list(
        "searched__text", "on", "searchers", "networks", "found", "relaxed", "nothing"
    )
    for text, on, searchers, networks, found, relaxed, nothing in rows:
        days[text].append(DayCount(on, searchers, networks, found, relaxed + nothing))
    return [Candidate(text, tuple(counts)) for text, counts in days.items()]
