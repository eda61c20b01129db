"""Names a reader may ask for: bodies and subjects. A `gongkai.search.suggestion_sources.SuggestionSource`."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.organisations.names import active_names
from gongkai.rules.vocabulary import vocabulary


def names() -> Iterator[str]:
    """Names of the bodies in their order, then labels of the subjects."""
    yield from active_names()
    for term in vocabulary("subjects").terms:
        yield term.label
