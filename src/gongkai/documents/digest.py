"""The digest of a document: one number for its content, whatever the edition and however its HTML was written."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace

from gongkai.documents.composition import compose
from gongkai.documents.model import OfficialDocument

VERSION = 2
"""Raise it when the same document is to be printed differently, so that an old digest is not taken for a false one."""


def digest(document: OfficialDocument) -> str:
    """SHA-256 (hex) of the canonical content: all that is printed, and the pictures.

    The footer's own digest is left out, so that it can be this one. Blanks and elements without effect do not count.
    """
    facts = document.provenance
    printed = compose(replace(document, provenance=replace(facts, digest="") if facts else None))
    content = {
        "version": VERSION,
        "content": asdict(printed),
        "kinds": [type(block).__name__ for block in printed.body],
        "images": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(document.images.items())},
    }
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode("utf-8", "backslashreplace")).hexdigest()
