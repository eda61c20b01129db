"""解读质量 of an item that explains policies: which elements it tells, how much it copies, how it reads, whether a picture has words.

Computed from the texts as they are; the gate makes findings of it, the office a panel. The measures themselves are pure:
`text.interpretation`, `text.excerpts`, `text.readability`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from gongkai.disclosure.models import Edition, Item, Relation
from gongkai.disclosure.selectors import attached_texts
from gongkai.review.content import Placed
from gongkai.rules.findings import Finding, Fix, FixKind, found
from gongkai.rules.publication import State
from gongkai.rules.relations import RELATION_TYPES, RelationKind
from gongkai.rules.tags import form_of
from gongkai.rules.vocabulary import vocabulary
from gongkai.text.checks.html_material import html_material
from gongkai.text.excerpts import Similarity, similarity
from gongkai.text.interpretation import FoundElement, elements_of, text_alternative
from gongkai.text.readability import Abbreviation, Band, Readability, readability

__all__ = ["InterpretationQuality", "findings", "quality_of"]

KINDS = frozenset({"interpretation", "policy_qa"})
"""Kinds of item that are judged; a press conference is also announced, and an announcement explains nothing."""
RUNS_SHOWN = 5
"""Copied stretches that are pointed out one by one, the longest."""
_ACTS = tuple(kind.value for kind, row in RELATION_TYPES.items() if row.act is not None)
_PICTURE_WORDS = re.compile(r"<img\b[^>]*?\salt=\"([^\"]*)\"")


@dataclass(frozen=True, slots=True)
class InterpretationQuality:
    """What is to be said of one edition. Places in its texts are those of `text.checks.html_material` of its body."""

    form: str
    """Code of `interpretation_forms`; empty when nobody has tagged it."""
    body: str
    """The text of the body."""
    elements: tuple[FoundElement, ...]
    similarity: Similarity | None
    """None: it is tied to no document whose text we have."""
    readability: Readability | None
    """None: there is no text."""
    words_wanted: int
    """Characters of text that a picture or film must have beside it; 0 for what is a text itself."""
    words: int
    """Characters of text there are: of the body and of the words that stand for its pictures."""

    @property
    def form_label(self) -> str:
        """The Chinese name of the form."""
        return vocabulary("interpretation_forms").label(self.form) if self.form else ""

    @property
    def lacks_text_alternative(self) -> bool:
        """Whether who cannot see the picture gets nothing."""
        return self.words < self.words_wanted

    @property
    def needed(self) -> tuple[FoundElement, ...]:
        """The elements that this form needs."""
        return tuple(one for one in self.elements if one.needed)

    @property
    def missing(self) -> tuple[FoundElement, ...]:
        """Those of them that the text does not tell."""
        return tuple(one for one in self.elements if one.missing)


def quality_of(item: Item, edition: Edition) -> InterpretationQuality | None:
    """Judge the edition; None for items that explain no policy. Reads the ties, their documents and the attached texts: 3 queries
    and one for each interpreted document."""
    if item.kind not in KINDS:
        return None
    form = form_of(item.kind, item.tags)
    documents = _interpreted(item)
    replaces = bool(documents) and _change_others(documents)
    body = html_material(edition.body).material.text
    told = "\n".join([body, *attached_texts(edition)])
    texts = [text for one in documents for text in _texts_of(one, item)]
    alternative = text_alternative()
    pictures = "".join(unescape(words) for words in _PICTURE_WORDS.findall(edition.body))
    return InterpretationQuality(
        form=form,
        body=body,
        elements=elements_of(told, form, replaces=replaces),
        similarity=similarity(body, *texts) if texts else None,
        readability=readability(body),
        words_wanted=alternative.least if form in alternative.forms else 0,
        words=len("".join((body + pictures).split())),
    )


def findings(item: Item, edition: Edition) -> Iterator[Placed]:
    """The same as findings of the review; only what lacks a text alternative is serious (GB/T 37668—2019)."""
    quality = quality_of(item, edition)
    if quality is None:
        return
    for finding in _findings(quality):
        yield Placed("body", "正文", finding)


def _interpreted(item: Item) -> list[Item]:
    ties = Relation.objects.filter(source=item, kind=RelationKind.INTERPRETS.value)
    return [tie.target for tie in ties.select_related("target__current", "target__working")]


def _change_others(documents: list[Item]) -> bool:
    return Relation.objects.filter(source__in=documents, kind__in=_ACTS).exists()


def _texts_of(document: Item, item: Item) -> list[str]:
    """The text of an interpreted document: the public one, or the body's own draft; drafts of other bodies are not read."""
    edition = document.current if document.current and document.current.state == State.PUBLISHED else None
    if edition is None and document.organisation_id == item.organisation_id:
        edition = document.working
    if edition is None:
        return []
    return [text for text in (edition.body_text, *attached_texts(edition)) if text.strip()]


# --- as findings -------------------------------------------------------------------------------------------------------
def _findings(quality: InterpretationQuality) -> Iterator[Finding]:
    if quality.lacks_text_alternative:
        message = f"{quality.form_label}的文字说明只有{quality.words}字，至少应有{quality.words_wanted}字。"
        yield found("interpretation.text-alternative", message=message)
    for one in quality.missing:
        message = f"没有看到“{one.element.label}”。"
        yield found("interpretation.element-missing", message=message, suggestion=one.element.remedy)
    if quality.similarity is not None and quality.similarity.too_much:
        yield from _copied(quality.similarity)
    if quality.readability is not None:
        yield from _reading(quality.body, quality.readability)


def _copied(similar: Similarity) -> Iterator[Finding]:
    for place, one in enumerate(similar.copied[:RUNS_SHOWN]):
        whole = f"解读有{similar.percent}%的文字与所解读的文件相同，疑为摘抄；最长的一处有{len(one.text)}字。"
        message = f"这{len(one.text)}字与所解读的文件相同。" if place else whole
        yield found(
            "interpretation.excerpts", message=message, text=one.text, start=one.start, end=one.end, place="正文"
        )


def _reading(body: str, reading: Readability) -> Iterator[Finding]:
    for sentence in reading.long_sentences:
        yield found(
            "interpretation.long-sentence",
            message=f"这一句有{sentence.length}字。",
            text=body[sentence.start : sentence.end],
            start=sentence.start,
            end=sentence.end,
            place="正文",
        )
    for one in reading.unexplained:
        yield _unexplained(body, one)
    if reading.band is Band.HARD:
        message = f"易读指数{reading.figure}（{reading.band.label}）。"
        yield found("interpretation.hard", message=message, suggestion="".join(reading.improvements))


def _unexplained(body: str, one: Abbreviation) -> Finding:
    """With the meaning put behind it where that is known and no quotation mark stands in between."""
    written = f"{one.words}（{one.meaning}）" if one.meaning else ""
    quoted = body[one.end : one.end + 1] == "”"
    return found(
        "interpretation.unexplained",
        message=f"“{one.words}”没有解释。",
        text=one.words,
        start=one.start,
        end=one.end,
        place="正文",
        suggestion=f"可以写作“{written}”。" if written else "",
        fix=Fix(FixKind.REPLACE, written) if written and not quoted else None,
    )
