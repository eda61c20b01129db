"""A document as fields of an index: the same strings for every engine.

Text fields hold tokens joined by blanks; engines split them on blanks and do nothing else to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from gongkai.rules.document_number import DocumentNumber, parse
from gongkai.search.documents import SearchDocument, day_number
from gongkai.search.keys import index_number_keys, number_keys, title_key
from gongkai.search.query import FACETS
from gongkai.search.title_fields import sound_tokens, suggest_key, suggest_tokens
from gongkai.text.analysis import gram_text, words
from gongkai.text.normalise import fold

TITLE_GRAMS, LEAD_GRAMS, TEXT_GRAMS = "title_grams", "lead_grams", "text_grams"
"""Lead is the title and the first `LEAD` characters that follow; text is title, document number, summary and body."""
SUGGEST, TITLE_SOUNDS, LEAD_WORDS = "suggest", "title_sounds", "lead_words"
"""Beginnings of the title as they are typed, its sounds (see `gongkai.search.title_fields`), and the words of the lead."""
NUMBER_KEY = "number_key"
KEY = "key"
"""What the document can be asked for by name, see `gongkai.search.keys`."""
ID, SORT_KEY, DIGEST, DOCUMENT_DATE = "id", "sort_key", "digest", "document_date"
SUGGEST_KEY = "suggest_key"
"""Order of suggestions; like the sort key it ends with the id."""


class FieldKind(Enum):
    """What an engine has to keep of a field."""

    TOKENS = "tokens"
    """Tokens and how often they occur, to rank by."""
    MARKS = "marks"
    """Tokens, to be found by and nothing else."""
    GRAMS = "grams"
    """Tokens and where they occur, for phrases."""
    KEY = "key"
    """One or several values, to be found by."""
    FACET = "facet"
    """Values to be found by and counted."""
    NUMBER = "number"
    """A number from 0 up to 2**64 - 1, for ranges and sorting."""


FIELDS: Mapping[str, FieldKind] = {
    TITLE_GRAMS: FieldKind.GRAMS,
    LEAD_GRAMS: FieldKind.TOKENS,
    TEXT_GRAMS: FieldKind.GRAMS,
    SUGGEST: FieldKind.MARKS,
    TITLE_SOUNDS: FieldKind.TOKENS,
    LEAD_WORDS: FieldKind.MARKS,
    NUMBER_KEY: FieldKind.KEY,
    KEY: FieldKind.KEY,
    **dict.fromkeys(FACETS, FieldKind.FACET),
    ID: FieldKind.KEY,
    SORT_KEY: FieldKind.NUMBER,
    SUGGEST_KEY: FieldKind.NUMBER,
    DIGEST: FieldKind.NUMBER,
    DOCUMENT_DATE: FieldKind.NUMBER,
}
"""Every field of an index, in order. Engines make their schema of it, so that a new field is a line here, an attribute of
`IndexFields` (text) or a value in `index_values`, and a higher `FORMAT_VERSION`."""
TEXT_FIELDS = frozenset(
    name for name, kind in FIELDS.items() if kind in (FieldKind.TOKENS, FieldKind.MARKS, FieldKind.GRAMS)
)
"""Fields of tokens, scored by BM25; all others hold keywords or numbers."""

_BOUNDARY = "¶"
"""No text is analysed to this token, so no phrase reaches from the title into the body."""
LEAD = 100
"""Characters in which a document usually says what it is about."""
_LENGTH = " ".join([_BOUNDARY] * 20)
"""Added to every text, so that a document of one line is not taken for a good one because it is short."""


@dataclass(frozen=True, slots=True)
class IndexFields:
    """All fields of one document but its id, times and digest."""

    title_grams: str
    lead_grams: str
    text_grams: str
    suggest: str
    title_sounds: str
    lead_words: str
    suggest_key: int
    number_key: str
    keys: list[str]
    keywords: dict[str, list[str]]
    """Values of each facet that has any."""


def index_fields(document: SearchDocument) -> IndexFields:
    """Analyse ``document``."""
    title, number = gram_text(document.title), gram_text(document.document_number)
    content = f"{document.summary}\n{document.body}" if document.summary else document.body
    parsed = parse(document.document_number)
    return IndexFields(
        title_grams=title,
        lead_grams=f"{title} {gram_text(content[:LEAD])}",
        text_grams=f"{title} {_BOUNDARY} {number} {_BOUNDARY} {gram_text(content)} {_LENGTH}",
        suggest=" ".join(suggest_tokens(document.title)),
        title_sounds=" ".join(sound_tokens(document.title)),
        lead_words=" ".join(words(f"{document.title}\n{content[:LEAD]}")),
        suggest_key=suggest_key(document),
        number_key=number_key(parsed, document.document_number),
        keys=_keys(document, parsed),
        keywords=_keywords(document),
    )


def index_values(document: SearchDocument) -> dict[str, str | int | list[str]]:
    """Return the value of each field of `FIELDS` that the document has: tokens, a key, the values of a facet, a number."""
    fields = index_fields(document)
    values: dict[str, str | int | list[str]] = {name: getattr(fields, name) for name in TEXT_FIELDS}
    values |= fields.keywords
    values |= {ID: str(document.id), SORT_KEY: document.sort_key, DIGEST: document.digest}
    values[SUGGEST_KEY] = fields.suggest_key
    if fields.number_key:
        values[NUMBER_KEY] = fields.number_key
    if fields.keys:
        values[KEY] = list(fields.keys)
    if document.document_date is not None:
        values[DOCUMENT_DATE] = day_number(document.document_date)
    return values


def number_key(number: DocumentNumber | None, text: str = "") -> str:
    """The identity of a document number as one token; the folded text when it could not be read, ``""`` for none."""
    if number is None:
        return fold("".join(text.split()))
    mark, year, ordinal = number.key
    return f"{fold(mark)}|{year or ''}|{ordinal}"


def _keys(document: SearchDocument, number: DocumentNumber | None) -> list[str]:
    keys = [*number_keys(number, document.mark), *index_number_keys(document.index_number), title_key(document.title)]
    return list(dict.fromkeys(key for key in keys if key))


def _keywords(document: SearchDocument) -> dict[str, list[str]]:
    values: dict[str, tuple[object, ...]] = {
        "kind": (document.kind,),
        "group": (document.group,),
        "organisation": (document.organisation,),
        "organisation_path": document.organisation_path,
        "issuing_agencies": document.issuing_agencies,
        "subjects": document.subjects,
        "genre": (document.genre,),
        "audiences": document.audiences,
        "life_cycle": document.life_cycle,
        "life_stage_person": document.life_stage_person,
        "life_stage_enterprise": document.life_stage_enterprise,
        "interpretation_form": (document.interpretation_form,),
        "benefit": document.benefit,
        "catalogue_rows": document.catalogue_rows,
        "validity": (document.validity,),
        "mark": (document.mark,),
        "year": (document.year,),
        "number": (document.number,),
        "region": (document.region,),
        "level": (document.level,),
        "normative": ("1",) if document.normative else (),
    }
    texts = {
        name: [str(value) for value in dict.fromkeys(given) if value is not None] for name, given in values.items()
    }
    return {name: kept for name, given in texts.items() if (kept := [text for text in given if text])}
