"""What the public may read of the register: cards for lists, and everything one item page shows, in few queries.

Only published editions (and, as history, superseded ones of an item that is still public) leave this module; of a withdrawn item
nothing but the fact. Pages get frozen dataclasses, never model instances.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import CharField, F, Q, Value
from django.utils import timezone

from gongkai.catalogues.models import CatalogueRow
from gongkai.disclosure.models import Attachment, ChangeNote, Citation, Edition, Item, LegacyAddress, Relation
from gongkai.disclosure.prepared import Prepared
from gongkai.rules.publication import State
from gongkai.rules.relations import RELATION_TYPES, RelationKind, RelationType
from gongkai.rules.validity import Act, Validity, ValidityFacts, validity_on
from gongkai.search import SearchQuery, Sort, search
from gongkai.search.documents import sort_key
from gongkai.search.engine import Cursor

CARDS_AT_ONCE, CARD_STEP = 200, 10
"""Cards read in one statement, and the step its length is rounded up to, so that few statements are ever compiled."""
CITED_BY_SHOWN = 50
"""Citing documents listed on a page; the rest are found by searching for the number."""
DEEPEST_ROW = 4
"""Levels of ancestors read for a breadcrumb."""


@dataclass(frozen=True, slots=True)
class Card:
    """One line of a list."""

    id: int
    title: str
    kind: str
    index_number: str
    organisation_id: int
    organisation_code: str
    organisation: str
    document_number: str
    issuing_agencies: tuple[str, ...]
    document_date: date | None
    shown_on: date | None
    summary: str
    normative: bool
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class File:
    """An attachment as it is offered for download; `size` in bytes, `pages` 0 when the format has none."""

    id: int
    title: str
    name: str
    kind: str
    size: int
    pages: int


@dataclass(frozen=True, slots=True)
class Step:
    """A node on the way from the top of a catalogue to a row."""

    id: int
    label: str


@dataclass(frozen=True, slots=True)
class Tie:
    """The other end of a relation."""

    item: Card
    effective_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class Ties:
    """All relations of one kind and direction, under the heading the page shows."""

    identifier: str
    label: str
    ties: tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the public change log."""

    at: datetime
    what: str
    note: str


@dataclass(frozen=True, slots=True)
class EditionLine:
    """A published edition in the list of editions."""

    number: int
    published_at: datetime | None
    change_note: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """All that is said of an item that was taken off the site."""

    id: int
    index_number: str
    organisation: str
    organisation_code: str
    at: datetime | None
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class ItemPage:
    """Everything one item page shows. `edition` holds the content fields of the edition by name."""

    id: int
    kind: str
    index_number: str
    organisation_id: int
    organisation_code: str
    organisation: str
    edition: Mapping[str, Any]
    editor: str
    reviewer: str
    published_at: datetime | None
    shown_on: date | None
    files: tuple[File, ...] = ()
    rows: tuple[tuple[Step, ...], ...] = ()
    relations: tuple[Ties, ...] = ()
    citations: tuple[tuple[str, int], ...] = ()
    """Cited text and the item it certainly names."""
    cited_by: tuple[Card, ...] = ()
    changes: tuple[Change, ...] = ()
    editions: tuple[EditionLine, ...] = ()
    validity: Validity | None = None
    newer: Card | None = None
    older: Card | None = None
    is_current: bool = True

    @property
    def number(self) -> int:
        """The edition's number."""
        return int(self.edition["number"])

    @property
    def title(self) -> str:
        """The title of the edition shown."""
        return str(self.edition["title"])


CONTENT = (
    "number", "state", "title", "body", "body_text", "summary", "keywords", "content_source", "source_url", "document_number",
    "document_mark", "document_year", "issuing_agencies", "document_date", "issued_on", "formed_on", "effective_from",
    "expires_on", "normative", "subjects", "genre", "audiences", "life_cycle", "enquiry_agency", "enquiry_phone", "published_at",
    "source_published_on", "withdrawn_at", "withdrawal_reason", "withdrawal_note", "change_note",
)  # fmt: skip
_IDENTITY = (
    "pk", "item_id", "item__kind", "item__index_number", "item__organisation_id", "item__organisation__code",
    "item__organisation__name", "author__display_name", "approved_by__display_name",
)  # fmt: skip
_CARD = (
    "pk", "kind", "index_number", "organisation_id", "organisation__code", "organisation__name", "current__title",
    "current__document_number", "current__issuing_agencies", "current__document_date", "current__published_at",
    "current__source_published_on", "current__summary", "current__normative", "current__expires_on",
)  # fmt: skip


# --- lists -------------------------------------------------------------------------------------------------------------
def cards(ids: Iterable[int]) -> list[Card]:
    """Cards of those of `ids` that are public, in the order given: one query."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    found: dict[int, Card] = {}
    for start in range(0, len(wanted), CARDS_AT_ONCE):
        batch = wanted[start : start + CARDS_AT_ONCE]
        padded = [*batch, *[batch[-1]] * (-len(batch) % CARD_STEP)]
        found.update((row[0], _card(row)) for row in _card_rows(*padded))
    return [found[pk] for pk in wanted if pk in found]


_card_rows = Prepared(
    lambda *ids: Item.objects.filter(current__state=State.PUBLISHED, pk__in=ids).order_by().values_list(*_CARD)
)


def _card(row: Sequence[Any]) -> Card:
    pk, kind, index, organisation, code, name, title, number, agencies, written, published, source, summary, normative, end = row
    return Card(
        id=pk,
        title=title,
        kind=kind,
        index_number=index,
        organisation_id=organisation,
        organisation_code=code,
        organisation=name,
        document_number=number,
        issuing_agencies=tuple(agencies),
        document_date=written,
        shown_on=_shown_on(published, source),
        summary=summary,
        normative=normative,
        expires_on=end,
    )


def _shown_on(published_at: datetime | None, source_published_on: date | None) -> date | None:
    if source_published_on:
        return source_published_on
    return timezone.localdate(published_at) if published_at else None


# --- one item ----------------------------------------------------------------------------------------------------------
def item_page(item_id: int, number: int | None = None, on: date | None = None) -> ItemPage | Withdrawn | None:
    """The page of an item (its current edition, or edition `number`), with validity on day `on` (default today).

    None when there is nothing public under this id; `Withdrawn` when it was taken off the site. At most 8 queries.
    """
    head = _edition(item_id, number)
    if head is None:
        return None
    if head["state"] == State.WITHDRAWN or head["item__current__state"] == State.WITHDRAWN:
        return _withdrawn(item_id)
    relations = _relation_rows(item_id)
    citations = _citation_rows(head["pk"], item_id)
    rows = _breadcrumbs(item_id)
    newer, older = _neighbours(item_id, head, rows[0][-1].id if rows else None)
    linked = [*(row.other for row in relations), *(source for _, source in citations.inbound), newer, older]
    by_id = {card.id: card for card in cards(pk for pk in linked if pk is not None)}
    changes, editions = _history(item_id)
    return ItemPage(
        id=item_id,
        kind=head["item__kind"],
        index_number=head["item__index_number"],
        organisation_id=head["item__organisation_id"],
        organisation_code=head["item__organisation__code"],
        organisation=head["item__organisation__name"],
        edition={name: head[name] for name in CONTENT},
        editor=head["author__display_name"] or "",
        reviewer=head["approved_by__display_name"] or "",
        published_at=head["published_at"],
        shown_on=_shown_on(head["published_at"], head["source_published_on"]),
        files=_files(head["pk"]),
        rows=rows,
        relations=_grouped(relations, by_id),
        citations=citations.outbound,
        cited_by=tuple(by_id[pk] for pk in dict.fromkeys(pk for _, pk in citations.inbound) if pk in by_id),
        changes=changes,
        editions=editions,
        validity=_validity(head, relations, by_id, on) if head["item__kind"] == "policy_document" else None,
        newer=by_id.get(newer) if newer else None,
        older=by_id.get(older) if older else None,
        is_current=head["pk"] == head["item__current_id"],
    )


def document(item_id: int, number: int | None = None) -> ItemPage | None:
    """The content of an edition alone, for the generated Word, PDF and text files: two queries."""
    head = _edition(item_id, number)
    if head is None or State.WITHDRAWN in (head["state"], head["item__current__state"]):
        return None
    return ItemPage(
        id=item_id,
        kind=head["item__kind"],
        index_number=head["item__index_number"],
        organisation_id=head["item__organisation_id"],
        organisation_code=head["item__organisation__code"],
        organisation=head["item__organisation__name"],
        edition={name: head[name] for name in CONTENT},
        editor="",
        reviewer="",
        published_at=head["published_at"],
        shown_on=_shown_on(head["published_at"], head["source_published_on"]),
        files=_files(head["pk"]),
    )


def _edition(item_id: int, number: int | None) -> dict[str, Any] | None:
    rows = _current_edition(item_id) if number is None else _numbered_edition(item_id, number)
    return dict(zip(_HEAD, rows[0], strict=True)) if rows else None


_HEAD = (*_IDENTITY, *CONTENT, "item__current_id", "item__current__state")
_current_edition = Prepared(
    lambda item_id: Edition.objects.filter(
        item_id=item_id, pk=F("item__current_id"), state__in=(State.PUBLISHED, State.WITHDRAWN)
    )
    .order_by()
    .values_list(*_HEAD)
)
_numbered_edition = Prepared(
    lambda item_id, number: Edition.objects.filter(
        item_id=item_id, number=number, state__in=(State.PUBLISHED, State.SUPERSEDED, State.WITHDRAWN)
    )
    .order_by()
    .values_list(*_HEAD)
)


def _withdrawn(item_id: int) -> Withdrawn | None:
    editions = Edition.objects.filter(item_id=item_id, pk=F("item__current_id"), state=State.WITHDRAWN)
    columns = ("item__index_number", "item__organisation__name", "item__organisation__code")
    found = editions.values_list(*columns, "withdrawn_at", "withdrawal_reason", "withdrawal_note").first()
    return Withdrawn(item_id, *found) if found else None


def _files(edition_id: int) -> tuple[File, ...]:
    return tuple(File(*row) for row in _file_rows(edition_id))


_file_rows = Prepared(
    lambda edition_id: Attachment.objects.filter(edition_id=edition_id).values_list(
        "pk", "title", "name", "file__kind", "file__size", "file__pages"
    )
)


def _breadcrumbs(item_id: int) -> tuple[tuple[Step, ...], ...]:
    """The way to each row the item is in, from the top level down: one query."""
    paths = []
    for row in _breadcrumb_rows(item_id):
        steps = [Step(pk, label) for pk, label in zip(row[::2], row[1::2], strict=True) if pk is not None]
        paths.append(tuple(reversed(steps)))
    return tuple(paths)


_breadcrumb_rows = Prepared(
    lambda item_id: CatalogueRow.objects.filter(items=item_id, catalogue__is_current=True).values_list(
        *[f"{'parent__' * level}{name}" for level in range(DEEPEST_ROW) for name in ("pk", "label")]
    )
)


# --- relations, validity, citations ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _RelationRow:
    type: RelationType
    forward: bool
    other: int
    effective_on: date | None
    note: str
    acts_from: tuple[date | None, date | None] = (None, None)
    """Of the source edition: effective date and date of writing, when the relation names no day."""


def _relation_rows(item_id: int) -> list[_RelationRow]:
    """The relations of an item in both directions: one query."""
    rows = []
    for kind, source, target, on, note, effective, written in _relations_of(item_id):
        forward = source == item_id
        rows.append(
            _RelationRow(
                RELATION_TYPES[RelationKind(kind)], forward, target if forward else source, on, note, (effective, written)
            )
        )
    return rows


_relations_of = Prepared(
    lambda item_id: Relation.objects.filter(Q(source_id=item_id) | Q(target_id=item_id))
    .order_by("pk")
    .values_list(
        "kind", "source_id", "target_id", "effective_on", "note",
        "source__current__effective_from", "source__current__document_date",
    )  # fmt: skip
)


def _grouped(rows: Sequence[_RelationRow], by_id: Mapping[int, Card]) -> tuple[Ties, ...]:
    groups: dict[tuple[str, str], list[Tie]] = {}
    for row in rows:
        if row.other in by_id:
            type_ = row.type
            heading = (type_.kind.value, type_.label) if row.forward else (type_.inverse, type_.inverse_label)
            groups.setdefault(heading, []).append(Tie(by_id[row.other], row.effective_on, row.note))
    return tuple(Ties(identifier, label, tuple(ties)) for (identifier, label), ties in groups.items())


def _validity(head: Mapping[str, Any], rows: Sequence[_RelationRow], by_id: Mapping[int, Card], on: date | None) -> Validity:
    """Validity from what the page has read anyway; `policies.validity` computes the same for lists."""
    acts = []
    for row in rows:
        day = row.effective_on or row.acts_from[0] or row.acts_from[1]
        if row.type.act is not None and not row.forward and day is not None and (card := by_id.get(row.other)):
            by = f"《{card.title}》（{card.document_number}）" if card.document_number else f"《{card.title}》"
            acts.append(Act(row.type.act, day, by, card.id))
    facts = ValidityFacts(head["effective_from"], head["expires_on"], tuple(sorted(acts, key=lambda act: act.on)))
    return validity_on(on or timezone.localdate(), facts)


@dataclass(frozen=True, slots=True)
class _Citations:
    outbound: tuple[tuple[str, int], ...]
    inbound: tuple[tuple[str, int], ...]


def _citation_rows(edition_id: int, item_id: int) -> _Citations:
    """What the edition cites with certainty, and which published editions cite the item: one query."""
    outbound, inbound = [], []
    for edition, source, text, target in _citations_of(edition_id, item_id):
        if edition == edition_id:
            outbound.append((text, target))
        elif len(inbound) < CITED_BY_SHOWN and source != item_id:
            inbound.append((text, source))
    return _Citations(tuple(outbound), tuple(inbound))


_citations_of = Prepared(
    lambda edition_id, item_id: Citation.objects.filter(
        Q(edition_id=edition_id, target__current__state=State.PUBLISHED)
        | Q(target_id=item_id, edition__state=State.PUBLISHED)
    )
    .order_by("-edition_id", "start")
    .values_list("edition_id", "edition__item_id", "text", "target_id")
)


# --- history and neighbours --------------------------------------------------------------------------------------------
def _history(item_id: int) -> tuple[tuple[Change, ...], tuple[EditionLine, ...]]:
    """The public change log and the published editions, newest first: one query."""
    changes, lines = [], []
    for at, what, note, number in _history_rows(item_id, item_id):
        if what:
            changes.append(Change(at, what, note))
        else:
            lines.append(EditionLine(number, at, note))
    changes.sort(key=lambda change: change.at, reverse=True)
    lines.sort(key=lambda line: line.number, reverse=True)
    return tuple(changes), tuple(lines)


_history_rows = Prepared(
    lambda item_id, same_id: ChangeNote.objects.filter(item_id=item_id)
    .order_by()
    .values_list("at", "what", "note", "item_id")
    .union(
        Edition.objects.filter(item_id=same_id, state__in=(State.PUBLISHED, State.SUPERSEDED))
        .order_by()
        .values_list("published_at", Value("", output_field=CharField()), "change_note", "number"),
        all=True,
    )
)


def shown_at(published_at: datetime | None, source_published_on: date | None) -> datetime | None:
    """The moment by which lists order an item; the index uses the same."""
    if source_published_on:
        return timezone.make_aware(datetime.combine(source_published_on, time.min))
    return published_at


def _neighbours(item_id: int, head: Mapping[str, Any], row_id: int | None) -> tuple[int | None, int | None]:
    """Ids of the next newer and next older item in the same row, from the index: no query."""
    if row_id is None or (moment := shown_at(head["published_at"], head["source_published_on"])) is None:
        return None, None
    key, filters = sort_key(moment, item_id), {"catalogue_rows": (str(row_id),)}
    found = []
    for sort in (Sort.OLDEST, Sort.NEWEST):
        hits = search(SearchQuery(filters=filters, sort=sort, limit=1, after=str(Cursor(sort, key)))).ids
        found.append(hits[0] if hits else None)
    return found[0], found[1]


# --- files and old addresses -------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Download:
    """A file to be sent."""

    name: str
    storage_name: str
    media_type: str
    size: int
    sha256: str


def download(item_id: int, attachment_id: int) -> Download | None:
    """The file of an attachment of a published or superseded edition of a public item."""
    columns = ("name", "file__storage_name", "file__media_type", "file__size", "file__sha256")
    public = Attachment.objects.filter(
        pk=attachment_id,
        edition__item_id=item_id,
        edition__state__in=(State.PUBLISHED, State.SUPERSEDED),
        edition__item__current__state=State.PUBLISHED,
    )
    row = public.values_list(*columns).first()
    return Download(*row) if row else None


def legacy_target(path: str) -> int | None:
    """The public item (or withdrawal) that an address of an older site now stands for."""
    found = LegacyAddress.objects.filter(path=path[:400], item__current__isnull=False)
    return found.values_list("item_id", flat=True).order_by("pk").first()


def by_document_number(number: str) -> list[int]:
    """Ids of public items that carry exactly this (normalised) document number."""
    found = Edition.objects.filter(document_number=number, state=State.PUBLISHED)
    return list(found.values_list("item_id", flat=True)[:50])



def texts(ids: Iterable[int]) -> dict[int, str]:
    """Plain text of the published editions of these items, to find passages in: one query."""
    wanted = list(ids)
    return dict(_text_rows(*wanted)) if wanted else {}


_text_rows = Prepared(
    lambda *ids: Edition.objects.filter(item_id__in=ids, state=State.PUBLISHED).order_by().values_list("item_id", "body_text")
)
