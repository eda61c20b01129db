"""One document in three editions, Word, PDF and plain text, made from one body in the layout of GB/T 9704-2012.

The body is sanitised simple HTML. :func:`blocks` reads it into one structured model, and every renderer prints that
model: what the PDF says, the Word file and the text say too. Equal documents give equal bytes,
so :func:`digest` can be shown.
"""

from gongkai.documents.blocks import blocks
from gongkai.documents.digest import digest
from gongkai.documents.model import Imprint, OfficialDocument, Provenance, Rendered
from gongkai.documents.pdf import TypesettingError, render_pdf, to_pdf, warm_up
from gongkai.documents.plain import to_text
from gongkai.documents.screen import to_html
from gongkai.documents.structured import blocks_from_json, document_facts
from gongkai.documents.word import render_docx, to_docx

__all__ = [
    "Imprint",
    "OfficialDocument",
    "Provenance",
    "Rendered",
    "TypesettingError",
    "blocks",
    "blocks_from_json",
    "digest",
    "document_facts",
    "render_docx",
    "render_pdf",
    "to_docx",
    "to_html",
    "to_pdf",
    "to_text",
    "warm_up",
]
