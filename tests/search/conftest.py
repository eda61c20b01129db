"""An engine on a directory of its own, and documents with as little as a test needs to say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from gongkai.search.documents import SearchDocument
from gongkai.search.engines.embedded import EmbeddedEngine

Fill = Callable[[Iterable[SearchDocument]], EmbeddedEngine]


@pytest.fixture
def fill(tmp_path: Path) -> Fill:
    """Index documents in one commit and return the engine."""
    engine = EmbeddedEngine(tmp_path / "index")

    def index(documents: Iterable[SearchDocument]) -> EmbeddedEngine:
        with engine.writer() as writer:
            writer.put(documents)
            writer.commit()
        return engine

    return index
