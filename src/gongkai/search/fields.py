"""A document as fields of an index: the same strings for every engine.

Text fields hold tokens joined by blanks; engines split them on blanks and do nothing else to them.
"""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.rules.document_number import DocumentNumber, parse
from gongkai.search.documents import SearchDocument
from gongkai.text.analysis import analyse
from gongkai.text.normalise import fold

TITLE_WORDS, TITLE_GRAMS = "title_words", "title_grams"
TEXT_WORDS, TEXT_GRAMS = "text_words", "text_grams"
"""Text is title, document number, summary and body together."""
NUMBER_KEY = "number_key"
ID, SORT_KEY, DIGEST, DOCUMENT_DATE = "id", "sort_key", "digest", "document_date"

_BOUNDARY = "¶"
"""No text is analysed to this token, so no phrase reaches from the title into the body."""


@dataclass(frozen=True, slots=True)
class IndexFields:
    """All fields of one document but its numbers."""

    title_words: str
    title_grams: str
    text_words: str
    text_grams: str
    number_key: str
    keywords: dict[str, list[str]]
    """Values of each facet that has any."""


def index_fields(document: SearchDocument) -> IndexFields:
    """Analyse ``document``."""
    title = analyse(document.title)
    number = analyse(document.document_number)
    rest = analyse(f"{document.summary}\n{document.body}" if document.summary else document.body)
    return IndexFields(
        title_words=" ".join(title.words),
        title_grams=" ".join(title.grams),
        text_words=" ".join([*title.words, *number.words, *rest.words]),
        text_grams=" ".join([*title.grams, _BOUNDARY, *number.grams, _BOUNDARY, *rest.grams]),
        number_key=number_key(parse(document.document_number), document.document_number),
        keywords=_keywords(document),
    )


def number_key(number: DocumentNumber | None, text: str = "") -> str:
    """The identity of a document number as one token; the folded text when it could not be read, ``""`` for none."""
    if number is None:
        return fold("".join(text.split()))
    mark, year, ordinal = number.key
    return f"{fold(mark)}|{year or ''}|{ordinal}"


def _keywords(document: SearchDocument) -> dict[str, list[str]]:
    values: dict[str, tuple[object, ...]] = {
        "kind": (document.kind,),
        "organisation": (document.organisation,),
        "organisation_path": document.organisation_path,
        "issuing_agencies": document.issuing_agencies,
        "subjects": document.subjects,
        "genre": (document.genre,),
        "audiences": document.audiences,
        "life_cycle": document.life_cycle,
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
