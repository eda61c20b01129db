"""The engine this deployment uses, from its settings."""

from __future__ import annotations

import threading
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from gongkai.search.engine import Engine, SearchUnavailable
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
    """Answer ``query`` with the deployment's engine. Raises `SearchUnavailable`, `InvalidQuery`.

    That nothing is found because the index is missing (deleted, not yet built) is not passed off as an answer.
    """
    results = engine().search(query)
    if results.total == 0 and not engine().writable() and _anything_public():
        raise SearchUnavailable("搜索索引不存在，请系统管理员运行“gongkai reindex”建立索引。")
    return results


def _anything_public() -> bool:
    return bool(import_string(settings.GONGKAI_SEARCH_ALL_IDS)(-1, 1))
