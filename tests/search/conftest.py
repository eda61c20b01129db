"""Both engines, each empty and on its own, and documents with as little as a test needs to say.

Tests that ask for `new_engine`, `fill` or an engine made of them run once with each engine: what they tell is the contract.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext

import pytest

from gongkai.search.documents import SearchDocument
from gongkai.search.engine import Engine
from gongkai.search.engines.embedded import EmbeddedEngine
from gongkai.search.engines.opensearch import temporary_engine

ENGINES = ("embedded", pytest.param("opensearch", marks=pytest.mark.xdist_group("opensearch")))
"""One worker starts the nodes and runs all tests on them."""
NewEngine = Callable[[], AbstractContextManager[Engine]]
Fill = Callable[[Iterable[SearchDocument]], Engine]


@pytest.fixture(scope="module", params=ENGINES)
def new_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> NewEngine:
    """Gives an empty engine for the length of a ``with``, at each call another."""
    if request.param == "embedded":
        return lambda: nullcontext(EmbeddedEngine(tmp_path_factory.mktemp("index")))
    url = request.getfixturevalue("opensearch").url
    return lambda: temporary_engine(url, "test")


@pytest.fixture
def fill(new_engine: NewEngine) -> Iterator[Fill]:
    """Index documents in one commit and return the engine."""
    with new_engine() as engine:

        def index(documents: Iterable[SearchDocument]) -> Engine:
            with engine.writer() as writer:
                writer.put(documents)
                writer.commit()
            return engine

        yield index
