"""Schema of the embedded index, and documents in it.

No text is stored: an index keeps terms, positions and columns. A hit is known by its sort key, a column from which the
item id is read back, so a page of hits reads no stored document.
"""

from __future__ import annotations

from functools import cache

import tantivy

from gongkai.search.documents import FORMAT_VERSION, SearchDocument, day_number
from gongkai.search.fields import (
    DIGEST,
    DOCUMENT_DATE,
    ID,
    NUMBER_KEY,
    SORT_KEY,
    TEXT_GRAMS,
    TEXT_WORDS,
    TITLE_GRAMS,
    TITLE_WORDS,
    index_fields,
)
from gongkai.search.query import FACETS

TOKENIZER = "tokens"
SCHEMA_VERSION = FORMAT_VERSION
"""Part of the directory name: an index of another schema is never opened."""


@cache
def schema() -> tantivy.Schema:
    """The schema; words need frequencies only, grams positions too (phrases)."""
    builder = tantivy.SchemaBuilder()
    for name in (TITLE_WORDS, TEXT_WORDS):
        builder.add_text_field(name, tokenizer_name=TOKENIZER, index_option="freq")
    for name in (TITLE_GRAMS, TEXT_GRAMS):
        builder.add_text_field(name, tokenizer_name=TOKENIZER, index_option="position")
    builder.add_text_field(NUMBER_KEY, tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    # As text: the library deletes nothing by a term of a number (tantivy 0.27.0 takes every Python int as signed).
    builder.add_text_field(ID, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field(SORT_KEY, fast=True)
    builder.add_unsigned_field(DIGEST, fast=True)
    builder.add_unsigned_field(DOCUMENT_DATE, fast=True)
    return builder.build()


def register_tokenizer(index: tantivy.Index) -> None:
    """Tell ``index`` how to split our token strings; to be done each time an index is opened."""
    index.register_tokenizer(TOKENIZER, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())


def index_document(document: SearchDocument) -> tantivy.Document:
    """Analyse ``document`` and return it as an index document."""
    fields = index_fields(document)
    made = tantivy.Document()
    made.add_text(TITLE_WORDS, fields.title_words)
    made.add_text(TITLE_GRAMS, fields.title_grams)
    made.add_text(TEXT_WORDS, fields.text_words)
    made.add_text(TEXT_GRAMS, fields.text_grams)
    if fields.number_key:
        made.add_text(NUMBER_KEY, fields.number_key)
    for name, values in fields.keywords.items():
        for value in values:
            made.add_text(name, value)
    made.add_text(ID, str(document.id))
    made.add_unsigned(SORT_KEY, document.sort_key)
    made.add_unsigned(DIGEST, document.digest)
    if document.document_date is not None:
        made.add_unsigned(DOCUMENT_DATE, day_number(document.document_date))
    return made
