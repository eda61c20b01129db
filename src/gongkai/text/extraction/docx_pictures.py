"""The pictures of a Word document, for those who want to go on writing: each where it stands, its content with it."""

from __future__ import annotations

import base64
from html import escape
from typing import Any

from gongkai.text.extraction.docx_numbering import W

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_VML = "{urn:schemas-microsoft-com:vml}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NAMED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
TYPES = frozenset({"image/png", "image/jpeg", "image/gif"})
"""What a browser shows; metafiles and bitmaps are counted as lost."""
MAX_BYTES = 20 * 1024 * 1024


class Pictures:
    """The pictures of one document; `lost` counts those that cannot be shown (metafiles, links to files elsewhere)."""

    def __init__(self, document: Any) -> None:
        self._relations = document.part.rels
        self.lost = 0

    def of(self, paragraph: Any) -> str:
        """The pictures of a paragraph as HTML; those in text boxes belong to the paragraphs of the box."""
        found = []
        for element in paragraph.iter(f"{_DRAWING}blip", f"{_VML}imagedata"):
            if not _belongs(element, paragraph):
                continue
            identifier = element.get(f"{_RELATION}embed") or element.get(f"{_RELATION}id") or ""
            made = self._html(identifier, _description(element))
            self.lost += not made
            found.append(made)
        return "".join(found)

    def _html(self, identifier: str, alt: str) -> str:
        relation = self._relations.get(identifier)
        if relation is None or relation.is_external:
            return ""
        part = relation.target_part
        if part.content_type not in TYPES or len(part.blob) > MAX_BYTES:
            return ""
        data = base64.b64encode(part.blob).decode()
        return f'<img src="data:{part.content_type};base64,{data}" alt="{escape(alt)}">'


def _belongs(element: Any, paragraph: Any) -> bool:
    """Whether this is the nearest paragraph around a picture that is not the copy for old readers."""
    for ancestor in element.iterancestors():
        if ancestor.tag == _FALLBACK:
            return False
        if ancestor.tag == W + "p":
            return bool(ancestor is paragraph)
    return False


def _description(element: Any) -> str:
    """What the writer said of the picture (替代文字), not the name Word gave it."""
    for ancestor in element.iterancestors():
        named = ancestor.find(_NAMED)
        if named is not None:
            return " ".join((named.get("descr") or "").split())[:200]
    return ""
