"""主题: weighed words of title and opening paragraphs, summed by first-level subject of the vocabulary "subjects".

The words are data (``text/data/subject_words.toml``). A word of the title counts four times, one of the opening at most
twice; a department's own name speaks for its field (财政局), that of a government or its office for none.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from gongkai.rules.vocabulary import vocabulary
from gongkai.text.document_facts.agency_names import spell_out
from gongkai.text.document_facts.facts import Fact

_DATA = Path(__file__).parents[1] / "data" / "subject_words.toml"
_OPENING = 600
"""Characters of the body that are weighed."""
_IN_TITLE, _IN_NAME, _IN_BODY, _MOST_IN_BODY = 4, 5, 1, 2
_STRONG, _USUAL = 3, 1
_GOVERNMENT = re.compile(r"人民政府|(?<=[省市县区])政府(?!采购|信息|网站|投资|债务)")
"""Left out of what is weighed: 民政 and 市政 are not meant."""
_FEWEST = 3
"""Less evidence than one strong word gives no subject."""


@dataclass(frozen=True, slots=True)
class _Words:
    pattern: re.Pattern[str]
    weights: dict[str, tuple[tuple[str, int], ...]]
    """Word → (first-level code, weight) for each subject that lists it."""


@lru_cache(maxsize=1)
def _words() -> _Words:
    weights: dict[str, list[tuple[str, int]]] = {}
    for entry in tomllib.loads(_DATA.read_text(encoding="utf-8"))["subjects"]:
        for key, weight in (("strong", _STRONG), ("usual", _USUAL)):
            for word in entry[key]:
                weights.setdefault(word, []).append((entry["code"], weight))
    alternatives = "|".join(re.escape(word) for word in sorted(weights, key=len, reverse=True))
    return _Words(re.compile(alternatives), {word: tuple(pairs) for word, pairs in weights.items()})


def subject(title: str, body: str, agencies: list[str]) -> Fact | None:
    """The first-level subject with most evidence, the words it rests on in ``source``; ``None`` without evidence."""
    for name in agencies:
        title = title.replace(name, "")
    fields = " ".join(spell_out(name) for name in agencies)
    words = _words()
    scores: dict[str, float] = {}
    evidence: dict[str, dict[str, int]] = {}
    for text, factor, most in (
        (title, _IN_TITLE, 2),
        (fields, _IN_NAME, 1),
        (body[:_OPENING], _IN_BODY, _MOST_IN_BODY),
    ):
        counts: dict[str, int] = {}
        for match in words.pattern.finditer(_GOVERNMENT.sub(" ", text)):
            counts[match.group()] = min(counts.get(match.group(), 0) + 1, most)
        for word, count in counts.items():
            for code, weight in words.weights[word]:
                scores[code] = scores.get(code, 0) + weight * factor * count
                seen = evidence.setdefault(code, {})
                seen[word] = seen.get(word, 0) + weight * factor * count
    ranked = sorted(scores.items(), key=lambda pair: -pair[1])
    if not ranked or ranked[0][1] < _FEWEST:
        return None
    code, best = ranked[0]
    if code not in vocabulary("subjects"):
        return None
    second = ranked[1][1] if len(ranked) > 1 else 0
    top = sorted(evidence[code].items(), key=lambda pair: -pair[1])[:4]
    where = "标题和正文开头" if title else "正文开头"
    return Fact(code, _confidence(best, second), f"{where}用词：" + "、".join(word for word, _ in top))


def _confidence(best: float, second: float) -> float:
    """Never above 0.85: what a document is about is a judgement, and portals differ in it."""
    share = best / (best + second)
    return round(min(0.85, 0.35 + 0.5 * (share - 0.5) * 2 + min(best, 30) / 200), 2)
