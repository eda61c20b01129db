"""What the public may read of the register: cards for lists, and everything one item page shows, in few queries.

Only published editions (and, as history, superseded ones of an item that is still public) leave this module; of a withdrawn item
nothing but the fact. Pages get frozen dataclasses, never model instances.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, DateTimeField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from gongkai.catalogues.models import CatalogueRow
from gongkai.disclosure.models import Attachment, ChangeNote, Edition, Item, LegacyAddress
from gongkai.disclosure.prepared import LARGEST, Prepared
from gongkai.disclosure.public_cards import Card, cards, shown_on
from gongkai.disclosure.public_ties import Ties, citation_rows, ends_of, grouped, relation_rows, validity
from gongkai.rules.completeness import fields_of
from gongkai.rules.publication import State
from gongkai.rules.validity import Validity
from gongkai.tables.models import EditionTable

DEEPEST_ROW = 4
"""Levels of ancestors read for a breadcrumb."""


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
    superseded_at: datetime | None = None
    """When a newer edition took its place; None for the edition in force."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """All that is said of an item, or of one edition of an item that is still public, that was taken off the site."""

    id: int
    index_number: str
    organisation: str
    organisation_code: str
    at: datetime | None
    reason: str
    note: str
    number: int | None = None
    """The edition that was closed, while the item has a newer one; None when the whole item was withdrawn."""


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
    closed: tuple[EditionLine, ...] = ()
    """Editions that were published and may no longer be read: their numbers and dates alone."""
    validity: Validity | None = None
    newer: Card | None = None
    older: Card | None = None
    is_current: bool = True
    tags: tuple[str, ...] = ()
    """Of the interpretation special (`rules.tags`)."""
    table_id: int | None = None
    """The masked table of the edition (`tables.public`)."""

    @property
    def number(self) -> int:
        """The edition's number."""
        return int(self.edition["number"])

    @property
    def title(self) -> str:
        """The title of the edition shown."""
        return str(self.edition["title"])

    @property
    def details(self) -> list[tuple[str, str]]:
        """Elements that only this kind of item has, with their labels."""
        labels = {element.name: element.label for element in fields_of(self.kind)}
        return [(labels.get(name, name), str(value)) for name, value in self.edition["details"].items() if value]


CONTENT = (
    "number", "state", "title", "body", "body_text", "summary", "keywords", "content_source", "source_url", "document_number",
    "document_mark", "document_year", "issuing_agencies", "document_date", "issued_on", "formed_on", "effective_from",
    "expires_on", "normative", "subjects", "genre", "audiences", "life_cycle", "details", "enquiry_agency", "enquiry_phone",
    "published_at",
    "source_published_on", "superseded_at", "withdrawn_at", "withdrawal_reason", "withdrawal_note", "change_note",
)  # fmt: skip
_IDENTITY = (
    "pk", "item_id", "item__kind", "item__tags", "item__index_number", "item__organisation_id", "item__organisation__code",
    "item__organisation__name", "author__display_name", "approved_by__display_name",
)  # fmt: skip


# --- one item ----------------------------------------------------------------------------------------------------------
def item_page(item_id: int, number: int | None = None, on: date | None = None) -> ItemPage | Withdrawn | None:
    """The page of an item (its current edition, or edition `number`), with validity on day `on` (default today).

    None when there is nothing public under this id; `Withdrawn` when it, or the edition asked for, was taken off the site. At most 8
    queries.
    """
    head = _edition(item_id, number)
    if head is None:
        return None
    if head["item__current__state"] == State.WITHDRAWN:
        return withdrawn(item_id)
    if head["state"] == State.WITHDRAWN:
        return closed_edition(item_id, head["number"])
    relations = relation_rows(item_id)
    citations = citation_rows(head["pk"], item_id)
    rows, newer, older = _breadcrumbs(item_id)
    linked = [*ends_of(relations), *(source for _, source in citations.inbound), newer, older]
    by_id = {card.id: card for card in cards(pk for pk in linked if pk is not None)}
    changes, editions, closed = _history(item_id)
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
        shown_on=shown_on(head["published_at"], head["source_published_on"]),
        files=_files(head["pk"]),
        rows=rows,
        relations=grouped(relations, by_id),
        citations=citations.outbound,
        cited_by=tuple(by_id[pk] for pk in dict.fromkeys(pk for _, pk in citations.inbound) if pk in by_id),
        changes=changes,
        editions=editions,
        closed=closed,
        validity=validity(head, relations, by_id, on) if head["item__kind"] == "policy_document" else None,
        newer=by_id.get(newer) if newer else None,
        older=by_id.get(older) if older else None,
        is_current=head["pk"] == head["item__current_id"],
        tags=tuple(head["item__tags"]),
        table_id=head["table_id"],
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
        shown_on=shown_on(head["published_at"], head["source_published_on"]),
        files=_files(head["pk"]),
        is_current=head["pk"] == head["item__current_id"],
        table_id=head["table_id"],
    )


def _edition(item_id: int, number: int | None) -> dict[str, Any] | None:
    rows = _current_edition(item_id) if number is None else _numbered_edition(item_id, number)
    return dict(zip(_HEAD, rows[0], strict=True)) if rows else None


_HEAD = (*_IDENTITY, *CONTENT, "item__current_id", "item__current__state", "table_id")
_TABLE = Subquery(EditionTable.objects.filter(edition_id=OuterRef("pk")).values("table_id")[:1])
_current_edition = Prepared(
    lambda item_id: (
        Edition.objects.filter(item_id=item_id, pk=F("item__current_id"), state__in=(State.PUBLISHED, State.WITHDRAWN))
        .order_by()
        .annotate(table_id=_TABLE)
        .values_list(*_HEAD)
    )
)
_numbered_edition = Prepared(
    lambda item_id, number: (
        Edition.objects.filter(
            item_id=item_id, number=number, state__in=(State.PUBLISHED, State.SUPERSEDED, State.WITHDRAWN)
        )
        .order_by()
        .annotate(table_id=_TABLE)
        .values_list(*_HEAD)
    )
)


_GONE = (
    "item__index_number", "item__organisation__name", "item__organisation__code", "withdrawn_at", "withdrawal_reason",
    "withdrawal_note",
)  # fmt: skip


def withdrawn(item_id: int) -> Withdrawn | None:
    """What is said of an item that was taken off the site; None when it was not: one query."""
    editions = Edition.objects.filter(item_id=item_id, pk=F("item__current_id"), state=State.WITHDRAWN)
    found = editions.values_list(*_GONE).first()
    return Withdrawn(item_id, *found) if found else None


def closed_edition(item_id: int, number: int) -> Withdrawn | None:
    """What is said of an earlier edition that may no longer be read, while its item is public; None when it may: one query."""
    if max(item_id, number) > LARGEST:
        return None
    editions = Edition.objects.filter(
        item_id=item_id, number=number, state=State.WITHDRAWN, item__current__state=State.PUBLISHED
    )
    found = editions.values_list(*_GONE).first()
    return replace(Withdrawn(item_id, *found), number=number) if found else None


def _files(edition_id: int) -> tuple[File, ...]:
    return tuple(File(*row) for row in _file_rows(edition_id))


_file_rows = Prepared(
    lambda edition_id: Attachment.objects.filter(edition_id=edition_id, in_text=False).values_list(
        "pk", "title", "name", "file__kind", Coalesce("public_file__size", "file__size"), "file__pages"
    )
)


def _breadcrumbs(item_id: int) -> tuple[tuple[tuple[Step, ...], ...], int | None, int | None]:
    """The way to each row the item is in, from the top level down, and the next newer and next older public item of the first
    row, in the order in which they came into it: one query."""
    paths = []
    found = _breadcrumb_rows(item_id)
    for row in found:
        steps = [Step(pk, label) for pk, label in zip(row[:-2:2], row[1:-2:2], strict=True) if pk is not None]
        paths.append(tuple(reversed(steps)))
    newer, older = found[0][-2:] if found else (None, None)
    return tuple(paths), newer, older


def _rows_with_neighbours(item_id: int) -> QuerySet[Any, Any]:
    ties = Item.rows.through.objects
    own = Subquery(ties.filter(item_id=item_id, cataloguerow_id=OuterRef(OuterRef("pk"))).values("id")[:1])
    public = ties.filter(cataloguerow_id=OuterRef("pk"), item__current__state=State.PUBLISHED)
    newer = Subquery(public.filter(id__gt=own).order_by("id").values("item_id")[:1])
    older = Subquery(public.filter(id__lt=own).order_by("-id").values("item_id")[:1])
    rows = CatalogueRow.objects.filter(items=item_id, catalogue__is_current=True).annotate(newer=newer, older=older)
    steps = [f"{'parent__' * level}{name}" for level in range(DEEPEST_ROW) for name in ("pk", "label")]
    return rows.values_list(*steps, "newer", "older")


_breadcrumb_rows = Prepared(_rows_with_neighbours)


# --- history ---------------------------------------------------------------------------------------------------------
_History = tuple[tuple[Change, ...], tuple[EditionLine, ...], tuple[EditionLine, ...]]


def _history(item_id: int) -> _History:
    """The public change log, the editions that may be read and those that may no longer, newest first: one query."""
    changes, lines, closed = [], [], []
    for at, what, note, number, state, until in _history_rows(item_id, item_id):
        if what:
            changes.append(Change(at, what, note))
        elif state == State.WITHDRAWN:
            closed.append(EditionLine(number, at, "", until))
        else:
            lines.append(EditionLine(number, at, note, until))
    changes.sort(key=lambda change: change.at, reverse=True)
    lines.sort(key=lambda line: line.number, reverse=True)
    closed.sort(key=lambda line: line.number, reverse=True)
    return tuple(changes), tuple(lines), tuple(closed)


_NOTHING = Value("", output_field=CharField())
_history_rows = Prepared(
    lambda item_id, same_id: (
        ChangeNote.objects.filter(item_id=item_id)
        .order_by()
        .values_list("at", "what", "note", "item_id", _NOTHING, Value(None, output_field=DateTimeField()))
        .union(
            Edition.objects.filter(item_id=same_id, state__in=(State.PUBLISHED, State.SUPERSEDED, State.WITHDRAWN))
            .order_by()
            .values_list("published_at", _NOTHING, "change_note", "number", "state", "superseded_at"),
            all=True,
        )
    )
)


# --- files and old addresses -------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Download:
    """A file to be sent."""

    name: str
    storage_name: str
    media_type: str
    size: int
    sha256: str


_DOWNLOADED = tuple(
    Coalesce(f"public_file__{name}", f"file__{name}") for name in ("storage_name", "media_type", "size", "sha256")
)


def download(item_id: int, attachment_id: int) -> Download | None:
    """The file of an attachment of a published or superseded edition of a public item: the copy made for the public."""
    if max(item_id, attachment_id) > LARGEST:
        return None
    public = Attachment.objects.filter(
        pk=attachment_id,
        edition__item_id=item_id,
        edition__state__in=(State.PUBLISHED, State.SUPERSEDED),
        edition__item__current__state=State.PUBLISHED,
    )
    row = public.values_list("name", *_DOWNLOADED).first()
    return Download(*row) if row else None


def picture(digest: str) -> Download | None:
    """A picture in the text of a published or superseded edition of a public item, by the SHA-256 of what was uploaded: the copy
    made for the public."""
    public = Attachment.objects.filter(
        file__sha256=digest,
        in_text=True,
        edition__state__in=(State.PUBLISHED, State.SUPERSEDED),
        edition__item__current__state=State.PUBLISHED,
    )
    row = public.values_list("name", *_DOWNLOADED).first()
    return Download(*row) if row else None


def legacy_target(path: str) -> int | None:
    """The public item (or withdrawal) that an address of an older site now stands for."""
    found = LegacyAddress.objects.filter(path=path[:400], item__current__isnull=False)
    return found.values_list("item_id", flat=True).order_by("pk").first()


def by_document_number(number: str) -> list[int]:
    """Ids of public items that carry exactly this (normalised) document number."""
    found = Edition.objects.filter(document_number=number, state=State.PUBLISHED)
    return list(found.values_list("item_id", flat=True)[:50])
