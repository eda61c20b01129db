"""A stage of life found by its everyday name: who types 生孩子 is led to 出生 of the interpretation special."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gongkai.rules.tags import Dimension
from gongkai.rules.vocabulary import vocabulary
from gongkai.text.normalise import fold

LONGEST = 12
"""Characters of a question that may be about a stage as a whole; a longer one asks for something in particular."""
MOST = 3
FEWEST = 2
"""Characters typed before a stage is suggested that they only begin."""


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
    found = list(_stages(lambda word: word in sought))
    longest = {one.word for one in found}
    kept = [one for one in found if not any(one.word in other and one.word != other for other in longest)]
    return tuple(sorted(kept, key=lambda one: -len(one.word))[:MOST])


def stages_begun(text: str) -> tuple[StageMeant, ...]:
    """The stages that a text typed so far names already, or may come to name: one of their words begins with it (two characters
    at least). At most three."""
    typed = fold("".join(text.split()))
    begun = _stages(lambda word: word.startswith(typed)) if len(typed) >= FEWEST else ()
    return tuple({(one.dimension, one.code): one for one in (*stages_meant(text), *begun)}.values())[:MOST]


def _stages(fits: Callable[[str], bool]) -> Iterator[StageMeant]:
    """Stages with a word that fits, and the longest such word, in the order of the vocabularies."""
    for dimension in (Dimension.PERSON, Dimension.ENTERPRISE):
        for term in vocabulary(dimension.vocabulary_name).terms:
            words = [term.label, *term.extra.get("everyday", "").split("、")]
            if hits := [word for word in words if word and fits(fold(word))]:
                yield StageMeant(dimension, term.code, term.label, max(hits, key=len))
