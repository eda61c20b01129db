"""体裁 (genre): read off the ending of the title, where official documents name their kind (《公文处理工作条例》§8)."""

from __future__ import annotations

import re
from functools import lru_cache

from gongkai.rules.vocabulary import vocabulary
from gongkai.text.document_facts.facts import Fact

_TAIL = re.compile(r"(?:[（(][^（）()]*[）)]|[\s.。:：!！])+\Z")


def genre(title: Fact | None) -> Fact | None:
    """The label of vocabulary "genres" the title ends in; as sure as the title, ``None`` when it names no kind."""
    if title is None:
        return None
    stem = _TAIL.sub("", title.value)
    for word, label in _words():
        if stem.endswith(word):
            confidence = (
                title.confidence
                if len(word) > 1 or re.search(r"(?:的|复|公)函\Z|令\Z", stem)
                else title.confidence * 0.8
            )
            return Fact(label, round(min(confidence, 0.98), 2), f"标题末尾“{word}”")
    return None


@lru_cache(maxsize=1)
def _words() -> tuple[tuple[str, str], ...]:
    """Endings and the label each stands for, longest first."""
    pairs: dict[str, str] = {}
    for term in vocabulary("genres").terms:
        if term.code == "99":
            continue
        aliases = term.extra.get("aliases", "").split("、")
        for word in filter(None, (term.label, *aliases)):
            pairs.setdefault(word, term.label)
    return tuple(sorted(pairs.items(), key=lambda pair: -len(pair[0])))
