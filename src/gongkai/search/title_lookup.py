"""Titles of public items by a clause: the index finds the items, the domain says their titles.

No index stores text, so titles come from the domain (``GONGKAI_SEARCH_TITLES``: ``titles(ids) -> dict[int, str]`` of those
of ``ids`` that are public). Whatever the engine, suggestions and corrections see the same titles in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from gongkai.search.engine import Engine
from gongkai.search.fields import SUGGEST_KEY, TITLE_GRAMS
from gongkai.search.plan import AllOf, Clause, Phrase, Term, all_of
from gongkai.search.service import engine
from gongkai.text.analysis import pairs

Titles = Callable[[Sequence[int]], Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class TitleLookup:
    """An engine with the titles of its items."""

    engine: Engine
    titles: Titles

    def best(self, clause: Clause, limit: int) -> list[str]:
        """Titles of the items that match, the most wanted first, each title once."""
        return self._read(self.engine.top(clause, limit=limit, by=SUGGEST_KEY))

    def closest(self, clause: Clause, limit: int) -> list[str]:
        """Titles of the items that match best by score, each title once."""
        return self._read(self.engine.top(clause, limit=limit))

    def any(self, clause: Clause, at_least: int = 1) -> bool:
        """True when at least so many items match."""
        return len(self.engine.top(clause, limit=at_least, by=SUGGEST_KEY)) >= at_least

    def _read(self, ids: Sequence[int]) -> list[str]:
        if not ids:
            return []
        known = self.titles(ids)
        return list(dict.fromkeys(known[one] for one in ids if one in known))


def deployed() -> TitleLookup:
    """The engine and the domain of this deployment."""
    return TitleLookup(engine(), cast(Titles, import_string(settings.GONGKAI_SEARCH_TITLES)))


def as_written(field: str, text: str) -> Clause:
    """Documents with ``text`` as it is in a field of grams; everything when the text has no gram."""
    grams = pairs(text)
    if not grams:
        return AllOf(())
    return Term(field, grams[0][1]) if len(grams) == 1 else Phrase(field, tuple(grams))


def scattered(text: str) -> Clause:
    """Documents that have all pairs of characters of ``text`` in the title, wherever they stand."""
    return all_of([Term(TITLE_GRAMS, gram) for gram in dict.fromkeys(gram for _, gram in pairs(text))])
