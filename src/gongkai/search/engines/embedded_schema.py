"""Schema of the embedded index, and documents in it.

No text is stored: an index keeps terms, positions and columns. A hit is known by its sort key, a column from which the
item id is read back, so a page of hits reads no stored document.
"""

from __future__ import annotations

from functools import cache

import tantivy

from gongkai.search.documents import FORMAT_VERSION, SearchDocument
from gongkai.search.fields import FIELDS, FieldKind, index_values

TOKENIZER = "tokens"
SCHEMA_VERSION = FORMAT_VERSION
"""Part of the directory name: an index of another schema is never opened."""


@cache
def schema() -> tantivy.Schema:
    """The schema; what is only ranked by needs no positions, grams do (phrases).

    The id is a key, not a number: the library deletes nothing by a term of a number (tantivy 0.27.0 takes every Python int
    as signed).
    """
    builder = tantivy.SchemaBuilder()
    for name, kind in FIELDS.items():
        if kind is FieldKind.TOKENS:
            builder.add_text_field(name, tokenizer_name=TOKENIZER, index_option="freq")
        elif kind is FieldKind.MARKS:
            builder.add_text_field(name, tokenizer_name=TOKENIZER, index_option="basic")
        elif kind is FieldKind.GRAMS:
            builder.add_text_field(name, tokenizer_name=TOKENIZER, index_option="position")
        elif kind is FieldKind.NUMBER:
            builder.add_unsigned_field(name, fast=True)
        else:
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=kind is FieldKind.FACET)
    return builder.build()


def register_tokenizer(index: tantivy.Index) -> None:
    """Tell ``index`` how to split our token strings; to be done each time an index is opened."""
    index.register_tokenizer(TOKENIZER, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())


def index_document(document: SearchDocument) -> tantivy.Document:
    """Analyse ``document`` and return it as an index document."""
    made = tantivy.Document()
    for name, value in index_values(document).items():
        if isinstance(value, int):
            made.add_unsigned(name, value)
        else:
            for text in [value] if isinstance(value, str) else value:
                made.add_text(name, text)
    return made
