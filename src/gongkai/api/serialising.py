"""From what the selectors of the portal give to the records of the API. Addresses are absolute, under `GONGKAI_SITE_URL`."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils import timezone

from gongkai.api import records
from gongkai.disclosure import public
from gongkai.disclosure.public_cards import Card
from gongkai.disclosure.public_tree import Body
from gongkai.disclosure.sanitising import sanitise
from gongkai.policies.library import Entry
from gongkai.rules.validity import Validity
from gongkai.rules.vocabulary import vocabulary
from gongkai.tables.public import table_view
from gongkai.web.portal.downloads import FORMATS
from gongkai.web.shared.templating import absolute, address_of


def item_url(item_id: int) -> str:
    """The permanent address of an item's page."""
    return absolute(address_of("portal:item", item_id))


def item_api_url(item_id: int) -> str:
    """The address of an item in the API."""
    return absolute(address_of("api:item", item_id))


def coded(name: str, code: str) -> records.Coded:
    """A code with its label."""
    return records.Coded(code, vocabulary(name).label(code))


def validity(found: Validity | None, day: date) -> records.ValidityRecord | None:
    """Validity on `day`."""
    if found is None:
        return None
    return records.ValidityRecord(found.status, found.status.label, day, found.valid, found.explanation)


def body_reference(code: str, name: str) -> records.BodyReference:
    """A body by code and name."""
    return records.BodyReference(code, name, absolute(address_of("portal:organisation", code)))


def summary(entry: Entry, day: date | None = None) -> records.ItemSummary:
    """A line of a list, with validity as computed for `day` (default today)."""
    card = entry.card
    return records.ItemSummary(
        id=card.id,
        url=item_url(card.id),
        api_url=item_api_url(card.id),
        index_number=card.index_number,
        kind=coded("item_kinds", card.kind),
        title=card.title,
        document_number=card.document_number,
        issuing_agencies=card.issuing_agencies,
        organisation=body_reference(card.organisation_code, card.organisation),
        document_date=card.document_date,
        published_on=card.shown_on,
        expires_on=card.expires_on,
        normative=card.normative,
        summary=card.summary,
        validity=validity(entry.validity, day or timezone.localdate()),
    )


def reference(card: Card) -> records.ItemReference:
    """An item another one is tied to."""
    return records.ItemReference(card.id, card.title, card.document_number, item_url(card.id), item_api_url(card.id))


def detail(page: public.ItemPage, day: date) -> records.ItemDetail:
    """Everything the page of an item shows."""
    edition = page.edition
    return records.ItemDetail(
        id=page.id,
        url=_edition_url(page, page.number, "portal"),
        api_url=_edition_url(page, page.number, "api"),
        index_number=page.index_number,
        kind=coded("item_kinds", page.kind),
        edition=page.number,
        is_current=page.is_current,
        organisation=body_reference(page.organisation_code, page.organisation),
        published_at=page.published_at,
        published_on=page.shown_on,
        validity=validity(page.validity, day),
        subjects=tuple(coded("subjects", code) for code in edition["subjects"]),
        genre=coded("genres", edition["genre"]) if edition["genre"] else None,
        audiences=tuple(coded("audiences", code) for code in edition["audiences"]),
        keywords=tuple(edition["keywords"]),
        issuing_agencies=tuple(edition["issuing_agencies"]),
        details=tuple(records.DetailRecord(label, value) for label, value in page.details),
        body_html=sanitise(edition["body"]),
        attachments=_attachments(page),
        downloads=_downloads(page),
        table=_table(page),
        catalogue_rows=tuple(records.RowPath(tuple(_row(step) for step in path)) for path in page.rows),
        relations=_ties(page),
        citations=tuple(records.CitationRecord(text, item) for text, item in page.citations),
        cited_by=tuple(reference(card) for card in page.cited_by),
        editions=_editions(page),
        changes=tuple(records.ChangeRecord(change.at, change.what, change.note) for change in page.changes),
        **{name: edition[name] for name in AS_THEY_ARE},
    )


AS_THEY_ARE = (
    "title", "document_number", "document_date", "issued_on", "formed_on", "effective_from", "expires_on", "normative",
    "summary", "content_source", "source_url", "enquiry_agency", "enquiry_phone", "body_text",
)  # fmt: skip
"""Fields of an edition that are sent under their own name."""


def _edition_url(page: public.ItemPage, number: int, space: str) -> str:
    current = page.editions[0].number if page.editions else page.number
    if number == current:
        return absolute(address_of(f"{space}:item", page.id))
    return absolute(address_of(f"{space}:edition", page.id, number))


def _editions(page: public.ItemPage) -> tuple[records.EditionRecord, ...]:
    return tuple(
        records.EditionRecord(
            line.number,
            line.published_at,
            line.change_note,
            _edition_url(page, line.number, "portal"),
            _edition_url(page, line.number, "api"),
        )
        for line in page.editions
    )


def _attachments(page: public.ItemPage) -> tuple[records.FileRecord, ...]:
    return tuple(
        records.FileRecord(
            file.title or file.name,
            file.name,
            file.kind,
            file.size,
            absolute(reverse("portal:attachment", args=[page.id, file.id, file.name])),
        )
        for file in page.files
    )


def _downloads(page: public.ItemPage) -> tuple[records.FileRecord, ...]:
    if not page.is_current or not (page.edition["body_text"] or page.files):
        return ()
    return tuple(
        records.FileRecord(
            label,
            f"{page.title}.{extension}",
            extension,
            None,
            absolute(address_of("portal:document", page.id, extension)),
        )
        for extension, label in FORMATS.items()
    )


def _table(page: public.ItemPage) -> records.TableRecord | None:
    table = table_view(page.table_id) if page.table_id else None
    if table is None:
        return None
    files = (
        records.FileRecord(
            label,
            f"{page.title}.{extension}",
            extension,
            table.sizes.get(extension),
            absolute(address_of("portal:table-document", page.id, page.number, extension)),
        )
        for extension, label in (("csv", "CSV"), ("xlsx", "Excel"))
    )
    url = absolute(address_of("portal:table", page.id, page.number))
    headings = tuple(column.heading for column in table.columns)
    return records.TableRecord(table.title, table.row_count, headings, url, tuple(files))


def _row(step: public.Step) -> records.RowReference:
    return records.RowReference(step.id, step.label, absolute(address_of("portal:row", step.id)))


def _ties(page: public.ItemPage) -> tuple[records.TieRecord, ...]:
    return tuple(
        records.TieRecord(ties.identifier, ties.label, reference(tie.item), tie.effective_on, tie.note)
        for ties in page.relations
        for tie in ties.ties
    )


def body(found: Body, codes: dict[int, str], items: int) -> records.BodyRecord:
    """A body with its contacts; `codes` are those of all bodies by id, `items` the number of its public items."""
    return records.BodyRecord(
        code=found.code,
        name=found.name,
        short_name=found.short_name,
        kind=coded("organisation_kinds", found.kind),
        parent=codes.get(found.parent_id) if found.parent_id else None,
        uscc=found.uscc,
        url=absolute(address_of("portal:organisation", found.code)),
        items=items,
        **{name: getattr(found, name) for name in CONTACTS},
    )


CONTACTS = ("disclosure_office", "address", "office_hours", "phone", "fax", "email", "website", "postcode")
"""Contact elements of a body (《条例》§12)."""
