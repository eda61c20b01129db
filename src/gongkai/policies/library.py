"""政策文件库: facets with labels and counts, validity beside each document, 继续有效文件目录 and 立改废, all from data.

Lists come from the search index, so they stay fast at any size; validity on another day than today is computed from the register
for the documents at hand (`policies.validity`), because the index knows it for today only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from gongkai.disclosure.models import Edition, Relation
from gongkai.disclosure.public_cards import Card, cards
from gongkai.organisations.names import name_of
from gongkai.policies.validity import ACT_KINDS, validity_by_dates
from gongkai.rules.publication import State
from gongkai.rules.relations import RELATION_TYPES, RelationKind
from gongkai.rules.validity import Status, Validity
from gongkai.rules.vocabulary import vocabulary
from gongkai.search import DateRange, SearchQuery, SearchResults, search
from gongkai.search.engine import Cursor

POLICY_DOCUMENT = "policy_document"
DOCUMENTS: Mapping[str, tuple[str, ...]] = {"kind": (POLICY_DOCUMENT,)}
NORMATIVE: Mapping[str, tuple[str, ...]] = {"kind": (POLICY_DOCUMENT,), "normative": ("1",)}
VALID = (Status.IN_FORCE, Status.AMENDED)
SCAN_STEP, SCAN_LIMIT = 100, 2000
"""Documents whose validity on another day is computed at a time, and at most for one page."""
EXPORT_STEP = 500
"""Rows of a table to be downloaded that are in memory at a time."""


@dataclass(frozen=True, slots=True)
class FacetSpec:
    """How a facet of the index is offered to readers."""

    parameter: str
    """Name in the query string."""
    facet: str
    """Name in the index."""
    label: str
    shown: int = 12
    """Values offered; chosen ones are always shown."""
    vocabulary: str = ""
    """Vocabulary of the codes; empty when values speak for themselves."""


LIBRARY_FACETS = (
    FacetSpec("validity", "validity", "有效性"),
    FacetSpec("agency", "issuing_agencies", "发文机关"),
    FacetSpec("subject", "subjects", "主题分类", 22, "subjects"),
    FacetSpec("genre", "genre", "体裁分类", 12, "genres"),
    FacetSpec("year", "year", "年份", 12),
    FacetSpec("mark", "mark", "机关代字"),
    FacetSpec("audience", "audiences", "服务对象", 12, "audiences"),
)
SITE_FACETS = (
    FacetSpec("kind", "kind", "信息类型", 12, "item_kinds"),
    FacetSpec("organisation", "organisation", "发布机构"),
    FacetSpec("subject", "subjects", "主题分类", 22, "subjects"),
    FacetSpec("genre", "genre", "体裁分类", 10, "genres"),
    FacetSpec("validity", "validity", "有效性"),
    FacetSpec("year", "year", "年份", 10),
)
GROUP_FACET = FacetSpec("group", "group", "分组", 12, "search_groups")
"""The groups above the results of the site search (政策, 解读, 办事 …); shown as tabs, not among the facets."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value a reader may choose; `children` only under a chosen value of a tree."""

    value: str
    label: str
    count: int
    selected: bool
    children: tuple[FacetValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet with its values."""

    parameter: str
    label: str
    values: tuple[FacetValue, ...]

    @property
    def selected(self) -> tuple[FacetValue, ...]:
        """The chosen values, children included."""
        every = [one for value in self.values for one in (value, *value.children)]
        return tuple(value for value in every if value.selected)


@dataclass(frozen=True, slots=True)
class Entry:
    """A card with the validity of its document (None when it is no policy document)."""

    card: Card
    validity: Validity | None


# --- facets ------------------------------------------------------------------------------------------------------------
def wanted(specs: Iterable[FacetSpec]) -> dict[str, int]:
    """What `SearchQuery.facets` must ask for to show these facets; trees need all their values."""
    return {spec.facet: 500 if spec.vocabulary == "subjects" or spec.facet == "year" else spec.shown for spec in specs}


def facets(
    results: SearchResults, specs: Iterable[FacetSpec], selected: Mapping[str, Sequence[str]]
) -> tuple[Facet, ...]:
    """Facets with labels, counts and what is chosen; facets without any value are left out. At most one query."""
    shown = []
    for spec in specs:
        counted = {found.value: found.count for found in results.facets.get(spec.facet, ())}
        for value in selected.get(spec.parameter, ()):
            counted.setdefault(value, 0)
        if counted:
            values = _values(spec, counted, set(selected.get(spec.parameter, ())))
            shown.append(Facet(spec.parameter, spec.label, values))
    return tuple(shown)


def _values(spec: FacetSpec, counted: Mapping[str, int], selected: set[str]) -> tuple[FacetValue, ...]:
    if spec.vocabulary == "subjects":
        return _subjects(counted, selected)
    label = _labels(spec, counted)
    values = [FacetValue(value, label(value), count, value in selected) for value, count in counted.items()]
    if spec.facet == "year":
        values.sort(key=lambda value: value.value, reverse=True)
    return tuple(values[: spec.shown]) + tuple(value for value in values[spec.shown :] if value.selected)


def _subjects(counted: Mapping[str, int], selected: set[str]) -> tuple[FacetValue, ...]:
    """First-level subjects in their official order; the second level opens under a chosen one."""
    terms, found = vocabulary("subjects"), []
    for term in terms.children(None):
        below = [
            FacetValue(child.code, child.label, counted[child.code], child.code in selected)
            for child in terms.children(term.code)
            if child.code in counted
        ]
        opened = term.code in selected or any(child.selected for child in below)
        if term.code in counted or opened:
            count = counted.get(term.code, 0)
            found.append(
                FacetValue(term.code, term.label, count, term.code in selected, tuple(below) if opened else ())
            )
    return tuple(found)


def _labels(spec: FacetSpec, counted: Mapping[str, int]) -> Callable[[str], str]:
    if spec.facet == "validity":
        known = {status.value: status.label for status in Status}
        return lambda value: known.get(value, value)
    if spec.facet == "organisation":
        return lambda value: (name_of(int(value)) if value.isdecimal() else None) or value
    if spec.facet == "year":
        return lambda value: f"{value}年"
    return vocabulary(spec.vocabulary).label if spec.vocabulary else lambda value: value


# --- documents with their validity --------------------------------------------------------------------------------------
def entries(found: Sequence[Card], on: date | None = None) -> list[Entry]:
    """Put beside each card the validity of its document on a day (default today): one query at most."""
    dates = {card.id: (card.effective_from, card.expires_on) for card in found if card.kind == POLICY_DOCUMENT}
    known = validity_by_dates(dates, on)
    return [Entry(card, known.get(card.id)) for card in found]


def scan(query: SearchQuery, day: date, statuses: Sequence[Status], size: int) -> tuple[list[Entry], str | None]:
    """Documents that answer `query` and had one of `statuses` on `day` (any status when empty), and the cursor to go on from.

    `query` must be sorted by time. Documents written after `day` are left out: they did not exist then. Looks at
    `SCAN_LIMIT` documents at most and then hands back the cursor, so that no page takes long.
    """
    last = min(filter(None, (day, query.document_date.last)))
    query = replace(query, document_date=DateRange(query.document_date.first, last), limit=SCAN_STEP, facets={})
    kept: list[Entry] = []
    place = ""
    for _ in range(SCAN_LIMIT // SCAN_STEP):
        results = search(query)
        keys = {hit.id: hit.sort_key for hit in results.hits}
        for entry in entries(cards(results.ids), day):
            if statuses and (entry.validity is None or entry.validity.status not in statuses):
                continue
            if len(kept) == size:
                return kept, place
            kept.append(entry)
            place = str(Cursor(query.effective_sort, keys[entry.card.id]))
        if results.next_cursor is None:
            return kept, None
        query = replace(query, after=results.next_cursor)
    return kept, query.after


def scan_all(query: SearchQuery, day: date, statuses: Sequence[Status]) -> Iterator[Entry]:
    """Every document `scan` would find, read step by step, for a table that is downloaded."""
    following: str | None = query.after
    while True:
        found, following = scan(replace(query, after=following), day, statuses, EXPORT_STEP)
        yield from found
        if following is None:
            return


# --- 立改废 -------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ActLine:
    """One act: which document did what to which other one, from which day on."""

    on: date
    label: str
    document: Card
    act: Card


def acts(year: int | None = None) -> QuerySet[Relation]:
    """Amendments, repeals, replacements and declarations between public documents, as rows for the pager."""
    public = Q(source__current__state=State.PUBLISHED, target__current__state=State.PUBLISHED)
    found = Relation.objects.filter(public, kind__in=ACT_KINDS, effective_on__isnull=False)
    return found.filter(effective_on__year=year) if year else found


def act_lines(rows: Iterable[Relation]) -> list[ActLine]:
    """Lines of a page of `acts`: one query."""
    rows = list(rows)
    known = {card.id: card for card in cards(pk for row in rows for pk in (row.source_id, row.target_id))}
    return [
        ActLine(row.effective_on, _done(row.kind), known[row.target_id], known[row.source_id])
        for row in rows
        if row.effective_on and row.source_id in known and row.target_id in known
    ]


def _done(kind: str) -> str:
    act = RELATION_TYPES[RelationKind(kind)].act
    return act.label if act else ""


def expiries(year: int | None = None, today: date | None = None) -> QuerySet[Edition]:
    """Published normative documents whose term has ended, as rows for the pager."""
    day = today or timezone.localdate()
    found = Edition.objects.filter(
        state=State.PUBLISHED, normative=True, item__kind=POLICY_DOCUMENT, expires_on__lt=day
    )
    return found.filter(expires_on__year=year) if year else found
