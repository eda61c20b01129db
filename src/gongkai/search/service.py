"""The engine this deployment uses, from its settings."""

from __future__ import annotations

import threading
from pathlib import Path

from django.conf import settings

from gongkai.search.engine import Engine
from gongkai.search.engines.embedded import EmbeddedEngine
from gongkai.search.query import SearchQuery
from gongkai.search.results import SearchResults

_lock = threading.Lock()
_engines: dict[Path, Engine] = {}


def index_directory() -> Path:
    """Where the embedded index, its pointer and the writing lock live."""
    return Path(settings.GONGKAI_DATA_DIR) / "index"


def engine() -> Engine:
    """The engine of this process; one for each directory, so that tests with their own directory get their own."""
    root = index_directory()
    with _lock:
        if root not in _engines:
            _engines[root] = EmbeddedEngine(root)
        return _engines[root]


def search(query: SearchQuery) -> SearchResults:
    """Answer ``query`` with the deployment's engine. Raises `SearchUnavailable`, `InvalidQuery`."""
    return engine().search(query)
