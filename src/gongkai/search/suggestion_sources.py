"""Suggestions that are not titles: names of bodies and subjects, and what many readers have sought.

``GONGKAI_SUGGESTION_SOURCES`` names functions, the most trusted first; each is a `SuggestionSource`. The lists are small (some
hundreds of short texts), are kept in the process, and are asked for again every ten seconds at most.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

MOST_TEXTS = 1_000
"""Texts of one source that are used."""
LONGEST = 30
"""Characters of a text; a longer one is no query anybody would type."""
KEEP_SECONDS = 10


class SuggestionSource(Protocol):
    """A list of texts readers may want to ask for."""

    def __call__(self) -> Iterable[str]:
        """The texts, the most wanted first."""


_lock = threading.Lock()
_known: tuple[tuple[object, ...], tuple[tuple[str, ...], ...]] | None = None


def texts() -> tuple[tuple[str, ...], ...]:
    """The texts of each source, in the order of the setting."""
    global _known
    paths = tuple(getattr(settings, "GONGKAI_SUGGESTION_SOURCES", ()))
    if not paths:
        return ()
    key = (paths, str(settings.GONGKAI_DATA_DIR), int(time.monotonic() // KEEP_SECONDS))
    known = _known
    if known is not None and known[0] == key:
        return known[1]
    read = tuple(_read(path) for path in paths)
    with _lock:
        _known = (key, read)
    return read


def _read(path: str) -> tuple[str, ...]:
    given = cast(SuggestionSource, import_string(path))()
    kept = (text.strip() for text in given)
    return tuple(dict.fromkeys(text for text in kept if 1 < len(text) <= LONGEST))[:MOST_TEXTS]
