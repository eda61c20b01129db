"""The files generated from the text of a published edition: Word, PDF and plain text, without a seal (无公章文字版)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from gongkai.disclosure.public import ItemPage

if TYPE_CHECKING:
    from gongkai.documents import OfficialDocument

MEDIA_TYPES: Mapping[str, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
}


def render(item: ItemPage, extension: str) -> bytes:
    """The file of one edition. Raises `KeyError` for a format there is none of."""
    # Imported here: the typesetter and the Word library take memory that a process serving pages alone can do without.
    from gongkai.documents import to_docx, to_pdf, to_text

    document = official_document(item)
    if extension == "txt":
        return to_text(document).encode()
    return {"docx": to_docx, "pdf": to_pdf}[extension](document)


def official_document(item: ItemPage) -> OfficialDocument:
    """The edition as an official document, with where it is kept and the digest of what it was made from."""
    from gongkai.documents import OfficialDocument, Provenance, digest

    edition = item.edition
    made = OfficialDocument(
        title=item.title,
        body_html=edition["body"],
        document_number=edition["document_number"],
        issuing_agencies=tuple(edition["issuing_agencies"]),
        document_date=edition["document_date"],
        attachments=tuple(file.title or file.name for file in item.files),
        sample=settings.ENVIRONMENT.sample,
    )
    address = f"{settings.ENVIRONMENT.site_url.rstrip('/')}{reverse('portal:item', args=[item.id])}"
    return replace(made, provenance=Provenance(item.index_number, address, digest(made)))
