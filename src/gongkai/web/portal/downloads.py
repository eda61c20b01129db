"""The files generated from the text of a published edition: Word, PDF and plain text, without a seal (无公章文字版).

A published edition never changes, so each file is made once, by a process of its own (`gongkai.documents.__main__`), and kept.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.urls import reverse
from django.utils.http import content_disposition_header

from gongkai import __version__
from gongkai.disclosure import public
from gongkai.disclosure.public import ItemPage
from gongkai.disclosure.sanitising import addresses_in
from gongkai.foi.models import CaseDocument, Letter
from gongkai.web.shared.typesetting import typeset

MEDIA_TYPES: Mapping[str, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
}
FORMATS: Mapping[str, str] = {"docx": "Word", "pdf": "PDF", "txt": "文本"}
"""What readers are told of each format."""


def stamp(moment: datetime | None) -> int:
    """A moment as part of a name: milliseconds, 0 for none."""
    return int(moment.timestamp() * 1000) if moment else 0


def render(item: ItemPage, extension: str) -> bytes:
    """The file of one edition. Raises `KeyError` for a format there is none of, `CalledProcessError` when typesetting fails."""
    _ = MEDIA_TYPES[extension]
    return kept(f"{item.id}-{item.number}-{stamp(item.published_at)}", extension, lambda: facts(item))


def kept(name: str, extension: str, printed: Callable[[], Mapping[str, Any]]) -> bytes:
    """The file kept under `name`, made of what `printed` says when there is none yet. `name` stands for a content that never changes."""
    path = f"generated/{__version__}/{name}.{extension}"
    if default_storage.exists(path):
        with default_storage.open(path, "rb") as file:
            return file.read()
    made = typeset(extension, printed())
    default_storage.save(path, ContentFile(made))
    return made


def case_file(document: CaseDocument) -> FileResponse:
    """A file of a case, to be kept and never to be run in a page of ours. Raises `Http404` when it is not there any more."""
    if not default_storage.exists(document.storage_name):
        raise Http404
    response = FileResponse(default_storage.open(document.storage_name, "rb"), content_type=document.media_type)
    response["Content-Disposition"] = content_disposition_header(True, document.name) or ""
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def letter_file(letter: Letter, extension: str) -> bytes:
    """A letter of a case as it was issued, as `docx` or `pdf`. Raises as `render`."""
    _ = MEDIA_TYPES[extension]
    return kept(f"letter-{letter.pk}-{letter.digest[:16]}", extension, lambda: letter.content)


def _pictures(body: str) -> dict[str, str]:
    """The public copies of the pictures in a body as base64, by the address the body gives them."""
    found = {}
    for digest in addresses_in(body):
        picture = public.picture(digest)
        if picture is not None and default_storage.exists(picture.storage_name):
            with default_storage.open(picture.storage_name, "rb") as file:
                found[f"/pictures/{digest}"] = base64.b64encode(file.read()).decode()
    return found


def facts(item: ItemPage) -> dict[str, Any]:
    """What is printed of an edition, and where it is kept."""
    edition = item.edition
    written = edition["document_date"]
    return {
        "title": item.title,
        "body_html": edition["body"],
        "document_number": edition["document_number"],
        "issuing_agencies": list(edition["issuing_agencies"]),
        "document_date": written.isoformat() if written else None,
        "attachments": [file.title or file.name for file in item.files],
        "images": _pictures(edition["body"]),
        "sample": settings.ENVIRONMENT.sample,
        "index_number": item.index_number,
        "url": f"{settings.ENVIRONMENT.site_url.rstrip('/')}{reverse('portal:item', args=[item.id])}",
    }
