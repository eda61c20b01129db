"""The files generated from the text of a published edition: Word, PDF and plain text, without a seal (无公章文字版).

A published edition never changes, so each file is made once, by a process of its own (`gongkai.documents.__main__`), and kept.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from gongkai import __version__
from gongkai.disclosure.public import ItemPage

MEDIA_TYPES: Mapping[str, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
}
LONGEST_SECONDS = 60


def render(item: ItemPage, extension: str) -> bytes:
    """The file of one edition. Raises `KeyError` for a format there is none of, `CalledProcessError` when typesetting fails."""
    _ = MEDIA_TYPES[extension]
    stamp = int(item.published_at.timestamp() * 1000) if item.published_at else 0
    name = f"generated/{__version__}/{item.id}-{item.number}-{stamp}.{extension}"
    if default_storage.exists(name):
        with default_storage.open(name, "rb") as kept:
            return kept.read()
    made = subprocess.run(  # noqa: S603 - our own module; the text travels as JSON on standard input
        [sys.executable, "-m", "gongkai.documents", extension],
        input=json.dumps(facts(item)).encode(),
        stdout=subprocess.PIPE,
        check=True,
        timeout=LONGEST_SECONDS,
    ).stdout
    default_storage.save(name, ContentFile(made))
    return made


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
        "sample": settings.ENVIRONMENT.sample,
        "index_number": item.index_number,
        "url": f"{settings.ENVIRONMENT.site_url.rstrip('/')}{reverse('portal:item', args=[item.id])}",
    }
