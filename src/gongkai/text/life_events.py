"""A stage of life found by its everyday name: who types 生孩子 is led to 出生 of the interpretation special."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.rules.tags import Dimension
from gongkai.rules.vocabulary import vocabulary
from gongkai.text.normalise import fold

LONGEST = 12
"""Characters of a question that may be about a stage as a whole; a longer one asks for something in particular."""
MOST = 3


@dataclass(frozen=True, slots=True)
class StageMeant:
    """A stage that was meant, and the word that says so."""

    dimension: Dimension
    code: str
    label: str
    word: str


def stages_meant(text: str) -> tuple[StageMeant, ...]:
    """The stages that a short question names by their official or an everyday name, the longest word first, at most three.

    The words are data: the column ``everyday`` of the vocabularies. The first word of a stage that occurs in the text counts, so
    that 买房补贴 finds 购房; a text longer than twelve characters names none.
    """
    sought = fold("".join(text.split()))
    if not sought or len(sought) > LONGEST:
        return ()
    found = []
    for dimension in (Dimension.PERSON, Dimension.ENTERPRISE):
        for term in vocabulary(dimension.vocabulary_name).terms:
            words = [term.label, *term.extra.get("everyday", "").split("、")]
            hits = [word for word in words if word and fold(word) in sought]
            if hits:
                found.append(StageMeant(dimension, term.code, term.label, max(hits, key=len)))
    longest = {one.word for one in found}
    kept = [one for one in found if not any(one.word in other and one.word != other for other in longest)]
    return tuple(sorted(kept, key=lambda one: -len(one.word))[:MOST])
