"""The engine this deployment uses, from its settings."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from gongkai.search.engine import Engine, SearchUnavailable
from gongkai.search.engines.embedded import EmbeddedEngine
from gongkai.search.query import SearchQuery
from gongkai.search.results import SearchResults

TROUBLE_SECONDS = 10.0
"""How long after a search that could not be answered this process counts search as unavailable."""

_lock = threading.Lock()
_engines: dict[str | Path, Engine] = {}
_failed_at = float("-inf")


def index_directory() -> Path:
    """Where the embedded index and its pointer live, and the writing lock of this machine."""
    return Path(settings.GONGKAI_DATA_DIR) / "index"


def engine() -> Engine:
    """The engine of this process: a cluster when `SEARCH_URL` names one, else the embedded one.

    One for each cluster or directory, so that tests with their own get their own.
    """
    place = settings.GONGKAI_SEARCH_URL or index_directory()
    with _lock:
        if place not in _engines:
            _engines[place] = _cluster(place) if isinstance(place, str) else EmbeddedEngine(place)
        return _engines[place]


def _cluster(url: str) -> Engine:
    # Imported here: what speaks to a cluster takes 8 MB of memory, which a process without one does not pay.
    from gongkai.search.engines.opensearch import OpenSearchEngine
    from gongkai.search.engines.opensearch_address import Address
    from gongkai.search.turns import take_turn

    return OpenSearchEngine(Address.read(url), take_turn)


def search(query: SearchQuery) -> SearchResults:
    """Answer ``query`` with the deployment's engine. Raises `SearchUnavailable`, `InvalidQuery`.

    That nothing is found because the index is missing (deleted, not yet built) is not passed off as an answer.
    """
    try:
        results = engine().search(query)
        if results.total == 0 and not engine().readable() and _anything_public():
            raise SearchUnavailable("搜索索引不存在，请系统管理员运行“gongkai reindex”建立索引。")
    except SearchUnavailable:
        _remember_failure(time.monotonic())
        raise
    return results


def in_trouble() -> bool:
    """True when search could not answer a moment ago, so that pages can say so; whatever happened since."""
    return time.monotonic() - _failed_at < TROUBLE_SECONDS


def forget_trouble() -> None:
    """Count search as available again."""
    _remember_failure(float("-inf"))


def _remember_failure(moment: float) -> None:
    global _failed_at
    _failed_at = moment


def _anything_public() -> bool:
    return bool(import_string(settings.GONGKAI_SEARCH_ALL_IDS)(-1, 1))
