"""The facts of a policy document, taken from its text and from what metadata came with it.

Each fact carries its confidence and the place it was found, so that an importer can ask a person where it is unsure::

    >>> facts = document_facts(text)
    >>> facts.document_number
    Fact(value='谯政办〔2024〕12号', confidence=0.98, source='正文首部第2行')

Metadata, where it says something usable, wins over the text; where the two differ the confidence drops and ``source``
names both. Nothing is invented: a document whose head shows no 发文字号 has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from gongkai.rules.document_number import parse
from gongkai.text.document_facts import metadata as stated
from gongkai.text.document_facts.agencies import issuing_agencies
from gongkai.text.document_facts.document_date import document_date
from gongkai.text.document_facts.facts import DocumentFacts, Fact
from gongkai.text.document_facts.genre import genre
from gongkai.text.document_facts.layout import layout
from gongkai.text.document_facts.number import own_number
from gongkai.text.document_facts.subject import subject
from gongkai.text.document_facts.term import Term, computed, declared, term
from gongkai.text.document_facts.title import own_title

__all__ = ["DocumentFacts", "Fact", "document_facts"]

_NONE: Mapping[str, str] = {}


def document_facts(
    text: str, *, title: str = "", metadata: Mapping[str, str] = _NONE, on: date | None = None
) -> DocumentFacts:
    """Take the facts of one document.

    ``text`` is plain text in any state of preservation; it may be empty or a summary. ``title`` is the title where it
    is known. ``metadata`` maps names as portals print them (发文字号, 成文日期, PubDate …) to values. Validity is
    computed for the day ``on`` (default: today). Odd input gives fewer facts, never an error.
    """
    today = on or date.today()
    parts = layout(text, title)
    said = stated.Stated(metadata, text[: parts.head_end])
    known_title = title or (said.get("title") or ("",))[0]
    number = stated.prefer(stated.given_number(said), own_number(parts, known_title))
    title_fact = own_title(parts, known_title)
    agencies = stated.prefer(
        stated.given_agencies(said), issuing_agencies(parts, title_fact, parse(number.value) if number else None)
    )
    written = stated.prefer(stated.plausible(stated.given_date(said, "document_date"), today), document_date(parts))
    written = written or _dated_by_the_page(said, today)
    title_text = title_fact.value if title_fact else ""
    dates = _term(text, said, written, title_text)
    names = agencies.value.split("、") if agencies else []
    found_validity = declared(known_title, text[: parts.head_end])
    if found_validity is None and (text.strip() or written):
        found_validity = computed(dates, today)
    return DocumentFacts(
        title=title_fact,
        document_number=number,
        issuing_agencies=agencies,
        document_date=written,
        subject=stated.given_subject(said) or subject(title_text, text[parts.body_start :], names),
        validity=stated.prefer(stated.given_validity(said), found_validity),
        effective_from=dates.effective_from,
        expires_on=dates.expires_on,
        genre=stated.given_genre(said) or genre(title_fact),
    )


def _dated_by_the_page(said: stated.Stated, today: date) -> Fact | None:
    """生成日期 or 发文日期, then the publication date: near the document's own date more often than not, but not it."""
    formed = stated.given_date(said, "formed_on", 0.7)
    published = stated.given_date(said, "published_on", 0.4)
    return stated.plausible(formed, today) or stated.plausible(published, today)


def _term(text: str, said: stated.Stated, written: Fact | None, title: str) -> Term:
    found = term(text, written, title)
    return Term(
        stated.prefer(stated.given_date(said, "effective_from"), found.effective_from),
        stated.prefer(stated.given_date(said, "expires_on"), found.expires_on),
    )
