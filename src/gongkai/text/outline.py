"""The parts of a document by which it is quoted: its 条, or, of a document without articles, its parts 一、 and their （一）."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gongkai.text.clause_mentions import article_key, heading_key
from gongkai.text.clauses import Clause, Level, split

LONGEST_TITLE = 24
"""Characters of the title of a part."""
_END_OF_TITLE = re.compile(r"[。：:；，、\n]")


@dataclass(frozen=True, slots=True)
class Part:
    """One part, with all that stands under it."""

    key: str
    """As `text.clause_mentions` writes it: `3`, `part3`, `part3-2`."""
    label: str
    """第三条; 第三部分; 第三部分第（二）项."""
    title: str
    """What it is about: how it begins."""
    start: int
    end: int


def outline(text: str) -> tuple[Part, ...]:
    """The parts of `text` in its order; of several with one number (a notice and what it issues) the first. Linear in its length."""
    clauses = split(text)
    articles = any(clause.level is Level.ARTICLE and clause.number for clause in clauses)
    found: dict[str, Part] = {}
    under: list[tuple[str, str, str, int]] = []
    """Key, label, title and start of the parts that are not at their end, the innermost last."""
    place = 0

    def close(depth: int) -> None:
        while len(under) > depth:
            key, label, title, start = under.pop()
            found.setdefault(key, Part(key, label, title, start, place))

    for clause in clauses:
        depth = _depth(clause, articles)
        if depth is not None and depth <= len(under):
            close(depth)
            if key := _key(clause, under[-1][0] if under else ""):
                under.append((key, _label(clause, under[-1][1] if under else ""), _title(clause), place))
        place += len(clause.raw)
    close(0)
    return tuple(sorted(found.values(), key=lambda part: part.start))


def _depth(clause: Clause, articles: bool) -> int | None:
    """How deep the clause stands; None when it begins no part. The head of a 章 ends an article and begins none."""
    if clause.is_head or (clause.level is (Level.ARTICLE if articles else Level.HEADING) and clause.number):
        return 0
    return 1 if clause.level is Level.ITEM and not articles else None


def _key(clause: Clause, above: str) -> str:
    return article_key(clause.number) if clause.level is Level.ARTICLE else heading_key(clause.number, above)


def _label(clause: Clause, above: str) -> str:
    if clause.level is Level.ARTICLE:
        return clause.number
    return f"{above}第（{clause.number.strip('（）()')}）项" if above else f"第{clause.number.rstrip('、')}部分"


def _title(clause: Clause) -> str:
    words = clause.text.strip()
    found = _END_OF_TITLE.search(words)
    return (words[: found.start()] if found else words)[:LONGEST_TITLE]
