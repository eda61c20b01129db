"""From form values to an edition: which fields may be written, and what is derived from them."""

from collections.abc import Iterable, Mapping
from typing import Any

from gongkai.disclosure.models import Edition
from gongkai.disclosure.sanitising import addresses_in, sanitise
from gongkai.rules import document_number
from gongkai.rules.relations import RelationKind
from gongkai.text.html_text import html_to_text

CONTENT_FIELDS = (
    "title",
    "body",
    "summary",
    "keywords",
    "content_source",
    "source_url",
    "document_number",
    "issuing_agencies",
    "document_date",
    "issued_on",
    "formed_on",
    "effective_from",
    "expires_on",
    "public_until",
    "normative",
    "subjects",
    "genre",
    "audiences",
    "life_cycle",
    "enquiry_agency",
    "enquiry_phone",
    "details",
    "disclosure_attribute",
    "non_disclosure_reason",
)
"""What a clerk writes. Everything else on an edition is set by the server."""


OF_THE_DOCUMENT = frozenset(
    {
        "document_number",
        "document_date",
        "issued_on",
        "formed_on",
        "effective_from",
        "expires_on",
        "public_until",
        "source_url",
    }
)
"""What belongs to the very document and is not taken over into a new one."""
COPIED_FIELDS = tuple(name for name in CONTENT_FIELDS if name not in OF_THE_DOCUMENT)


def fill(edition: Edition, values: Mapping[str, Any]) -> list[str]:
    """Put `values` into `edition`, sanitised and normalised, and return the names of the fields that changed.

    Raises `KeyError` for a name that is not a content field: publication time and states are not for writing.
    """
    changed = []
    for name, value in values.items():
        if name not in CONTENT_FIELDS:
            raise KeyError(name)
        new = _clean(name, value)
        if getattr(edition, name) != new:
            setattr(edition, name, new)
            changed.append(name)
    if "body" in changed:
        edition.body_text = html_to_text(edition.body)
    if "document_number" in changed:
        _split_number(edition)
    return changed


def copy_content(source: Edition, target: Edition) -> None:
    """Copy all content of `source` (a published edition) into `target` (a new draft)."""
    for name in (
        *CONTENT_FIELDS,
        "body_text",
        "document_mark",
        "document_year",
        "document_serial",
        "source_published_on",
    ):
        setattr(target, name, getattr(source, name))


ELEMENTS = {
    "issuing_agencies": "issuing_agency",
    "subjects": "subject_category",
    "genre": "genre_category",
    "audiences": "audience_category",
    "life_cycle": "life_cycle_category",
}
"""Fields of the table that the rules know under another name, because the table holds several values."""
TIES = {
    RelationKind.INTERPRETS: "interpreted_document",
    RelationKind.RESULTS_OF: "notice_item",
    RelationKind.FEEDBACK_TO: "consultation_item",
}
"""Elements that are there when the item is tied to another."""


def present_fields(
    edition: Edition, *, attachments: int, table: bool = False, relations: Iterable[str] = (), form: str = ""
) -> frozenset[str]:
    """Names of the elements that are filled in, as `rules.publication` counts them; `relations` are kinds of its ties, `form` that of an
    interpretation.

    A table is as good as an attachment: an item needs no other text.
    """
    filled = {
        ELEMENTS.get(name, name) for name in CONTENT_FIELDS if getattr(edition, name) not in ("", None, [], {}, False)
    }
    filled |= {name for name, value in edition.details.items() if str(value).strip()}
    filled |= {TIES[RelationKind(kind)] for kind in relations if RelationKind(kind) in TIES}
    filled.add("publishing_agency")
    if form:
        filled.add("interpretation_form")
    if not edition.body_text.strip() and not addresses_in(edition.body):  # 图解 are pictures and nothing else
        filled.discard("body")
    if attachments or table:
        filled.add("attachments")
    if table:
        filled.add("table")
    return frozenset(filled)


def _clean(name: str, value: Any) -> Any:
    if name == "body":
        return sanitise(value or "")
    if name == "document_number":
        return document_number.normalise(value or "")
    if isinstance(value, str):
        return value.replace("\x00", "").strip()
    if isinstance(value, tuple):
        return list(value)
    return value


def _split_number(edition: Edition) -> None:
    parsed = document_number.parse(edition.document_number)
    edition.document_mark = parsed.mark if parsed else ""
    edition.document_year = parsed.year if parsed else None
    edition.document_serial = parsed.number if parsed else None
