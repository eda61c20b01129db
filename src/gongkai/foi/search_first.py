"""先查后申: what is public already and may be what an applicant is about to ask for; and how often that helped, counted by day.

Sources are functions named in `GONGKAI_SEARCH_FIRST_SOURCES`; each takes the text and the id of the body (or None) and gives matches, the
best first. Nothing of a person is counted: a form is told from another by a digest that is forgotten within a day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string

from gongkai.catalogues.models import CatalogueRow
from gongkai.disclosure.public_cards import cards
from gongkai.foi import tallies
from gongkai.foi.answer_log import matching, shorten
from gongkai.foi.models import SearchFirst
from gongkai.organisations.models import Organisation
from gongkai.search import Scope, SearchQuery, SearchUnavailable, search
from gongkai.search.dictionaries import in_force

LONGEST = 200
MOST, EACH = 6, 4
FORM_SECONDS = 24 * 3600
"""How long a form is told from another."""
_ROW_CATALOGUE = "statutory"


@dataclass(frozen=True, slots=True)
class Match:
    """Something public: what it is called, whose it is, since when, and where it is read."""

    title: str
    body: str
    day: date | None
    kind: str
    """What it is, for people: 已公开信息, 公开目录, 以往答复."""
    name: str
    """Name of the address."""
    arguments: tuple[int | str, ...] = ()


Source = Callable[[str, int | None], Sequence[Match]]


def matches(text: str, organisation_id: int | None = None) -> list[Match]:
    """At most `MOST` matches of all sources, in their order. Empty while search is away: help that fails must not disturb."""
    wanted = text.strip()[:LONGEST]
    if not wanted:
        return []
    found: list[Match] = []
    for source in _sources():
        try:
            found += source(wanted, organisation_id)[:EACH]
        except SearchUnavailable:
            continue
    return found[:MOST]


@cache
def _sources_of(paths: tuple[str, ...]) -> tuple[Source, ...]:
    return tuple(import_string(path) for path in paths)


def _sources() -> tuple[Source, ...]:
    return _sources_of(tuple(settings.GONGKAI_SEARCH_FIRST_SOURCES))


def items(text: str, organisation_id: int | None) -> list[Match]:
    """Published items by relevance: two queries and one search. Raises `SearchUnavailable`."""
    query = SearchQuery(text=text, limit=EACH, scope=Scope.ALL, synonyms=in_force(), today=timezone.localdate())
    found = cards(hit.id for hit in search(query).hits)
    return [
        Match(card.title, card.organisation, card.shown_on, "已公开信息", "portal:item", (card.id,)) for card in found
    ]


def rows(text: str, organisation_id: int | None) -> list[Match]:
    """Rows of the catalogue that the words name: what is published there may be what is sought. One query."""
    terms = [term for term in SearchQuery(text=text, synonyms=in_force()).terms if len(term) >= 2]
    if not terms:
        return []
    labels = CatalogueRow.objects.filter(catalogue__is_current=True, catalogue__code=_ROW_CATALOGUE, children=None)
    named = [(sum(term in label for term in terms), pk, label) for pk, label in labels.values_list("pk", "label")]
    best = sorted((one for one in named if one[0] * 2 >= min(len(terms), 2)), key=lambda one: (-one[0], len(one[2]), one[1]))  # fmt: skip
    owner = Organisation.objects.filter(pk=organisation_id).values_list("code", "short_name").first() if organisation_id else None  # fmt: skip
    if owner:
        return [
            Match(label, owner[1], None, "公开目录", "portal:body-row", (owner[0], pk)) for _, pk, label in best[:2]
        ]
    return [Match(label, "全区各单位", None, "公开目录", "portal:row", (pk,)) for _, pk, label in best[:2]]


def answers(text: str, organisation_id: int | None) -> list[Match]:
    """Past answers that are in the public log (《条例》§44): the best two, so that they leave room for documents. One query."""
    return [
        Match(
            shorten(one.question), one.organisation.short_name, one.decided_on, "以往答复", "portal:logged-answer", (one.pk,)
        )
        for one in matching(text, organisation_id)[:2]
    ]  # fmt: skip


# --- counting ----------------------------------------------------------------------------------------------------------
def shown(form: str) -> None:
    """Matches were shown in the form of this token; counted once a form."""
    if tallies.counted("search-first", "shown", form) == 0 and _first("shown", form):
        _add(timezone.localdate(), shown=1)


def opened(form: str) -> None:
    """A match was opened from the form; counted once a form."""
    if tallies.counted("search-first", "opened", form) == 0 and _first("opened", form):
        _add(timezone.localdate(), opened=1, opened_not_submitted=1)


def submitted(form: str) -> None:
    """The form was sent in: those that had been shown matches are counted, and one that opened some is no longer `not submitted`."""
    if not tallies.counted("search-first", "shown", form) or not _first("submitted", form):
        return
    _add(timezone.localdate(), submitted=1)
    until = tallies.until("search-first", "opened", form)
    if until is not None:
        _add(timezone.localdate(until - timedelta(seconds=FORM_SECONDS)), opened_not_submitted=-1)


def _first(what: str, form: str) -> bool:
    return tallies.count("search-first", what, form, seconds=FORM_SECONDS) == 1


@transaction.atomic
def _add(day: date, **more: int) -> None:
    SearchFirst.objects.bulk_create([SearchFirst(day=day)], ignore_conflicts=True)
    SearchFirst.objects.filter(day=day).update(**{name: F(name) + number for name, number in more.items()})


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts of a period."""

    days: tuple[SearchFirst, ...]
    shown: int
    opened: int
    opened_not_submitted: int
    submitted: int

    @property
    def spared(self) -> float | None:
        """Share of the forms in which a match was opened that were not sent in; None: none was opened."""
        return self.opened_not_submitted / self.opened if self.opened else None

    def months(self) -> list[tuple[int, Figures]]:
        """The same by month, the newest first; of a period within one year."""
        return [(month, Figures.of(tuple(days))) for month, days in groupby(self.days, key=lambda one: one.day.month)]

    @classmethod
    def of(cls, days: tuple[SearchFirst, ...]) -> Figures:
        """The counts of `days` together."""
        return cls(days, *(sum(getattr(one, name) for one in days) for name in _COUNTED))


_COUNTED = ("shown", "opened", "opened_not_submitted", "submitted")


def figures(first: date, last: date) -> Figures:
    """Day by day, the newest first, and in all; one query."""
    return Figures.of(tuple(SearchFirst.objects.filter(day__gte=first, day__lte=last).order_by("-day")))
