"""Labels written in the sample texts, turned into codes of the vocabularies; an unknown label fails at once."""

from __future__ import annotations

from functools import cache

from gongkai.rules.vocabulary import vocabulary


@cache
def code_of(name: str, label: str) -> str:
    """Return the code of `label` in the vocabulary `name`; raises `LookupError` naming both when there is none."""
    term = vocabulary(name).by_label(label)
    if term is None:
        raise LookupError(f"“{label}” is not in the vocabulary {name}")
    return term.code


@cache
def statutory_class(item: int) -> str:
    """Return the code of item number `item` (1 to 15) of 《条例》第二十条."""
    return vocabulary("statutory_classes").terms[item - 1].code
