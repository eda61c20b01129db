"""Writing to a cluster: nothing older overwrites anything newer, and nothing fails in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import urllib3

from gongkai.search import SearchDocument, SearchQuery
from gongkai.search.engine import IndexingFailed
from gongkai.search.engines import opensearch_writer
from gongkai.search.engines.opensearch import OpenSearchEngine, temporary_engine
from gongkai.search.engines.opensearch_client import Client, Refused
from gongkai.search.engines.opensearch_indexes import SCHEMA_VERSION
from gongkai.search.fields import index_values
from tests.search.opensearch_nodes import Cluster

pytestmark = pytest.mark.xdist_group("opensearch")
OLD, NEW = SearchDocument(1, "notice", "旧的医保通知"), SearchDocument(1, "notice", "新的医保公告")


@pytest.fixture
def engine(opensearch: Cluster) -> Iterator[OpenSearchEngine]:
    with temporary_engine(opensearch.url, "writer") as made:
        yield made


def put(engine: OpenSearchEngine, *documents: SearchDocument) -> None:
    with engine.writer() as writer:
        writer.put(documents)
        writer.commit()


def titles(engine: OpenSearchEngine) -> dict[str, int]:
    return {word: engine.search(SearchQuery(word)).total for word in ("旧的", "新的")}


def test_a_writer_that_was_overtaken_changes_nothing_and_is_told(engine: OpenSearchEngine) -> None:
    put(engine)
    with engine.writer() as slow:
        put(engine, NEW)
        slow.put([OLD])
        with pytest.raises(IndexingFailed, match="条目 1 的内容比本次写入的更新"):
            slow.commit()
    put(engine, SearchDocument(2, "notice", "别的"))
    assert titles(engine) == {"旧的": 0, "新的": 1}


def test_a_removal_is_not_undone_by_a_writer_that_was_overtaken(engine: OpenSearchEngine) -> None:
    put(engine, OLD)
    with engine.writer() as slow:
        with engine.writer() as quick:
            quick.delete([1])
            quick.commit()
        slow.put([OLD])
        with pytest.raises(IndexingFailed):
            slow.commit()
    assert titles(engine) == {"旧的": 0, "新的": 0}


def test_a_removal_that_comes_late_does_not_remove_what_is_newer(engine: OpenSearchEngine) -> None:
    put(engine, OLD)
    with engine.writer() as slow:
        put(engine, NEW)
        slow.delete([1])
        with pytest.raises(IndexingFailed):
            slow.commit()
    assert titles(engine) == {"旧的": 0, "新的": 1}


def test_within_one_writer_the_last_change_counts(engine: OpenSearchEngine) -> None:
    with engine.writer() as writer:
        writer.put([OLD])
        writer.put([NEW])
        writer.commit()
        assert titles(engine) == {"旧的": 0, "新的": 1}
        writer.delete([1])
        writer.put([OLD])
        writer.commit()
    assert titles(engine) == {"旧的": 1, "新的": 0}


def test_nothing_shows_before_the_commit(engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opensearch_writer, "BATCH_DOCUMENTS", 2)  # so that most are sent before
    put(engine)
    with engine.writer() as writer:
        assert writer.put(SearchDocument(n, "notice", "新的") for n in range(1, 10)) == 9
        assert titles(engine)["新的"] == 0
        writer.commit()
    assert titles(engine)["新的"] == 9


def test_a_batch_whose_answer_was_lost_is_sent_again_and_does_no_harm(
    engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(engine)
    ask_node = Client._ask_node
    lost: list[str] = []

    def lose_the_answer(self: Client, node: Any, method: str, path: str, *rest: Any) -> Any:
        answer = ask_node(self, node, method, path, *rest)
        if "_bulk" in path and not lost:
            lost.append(path)
            raise urllib3.exceptions.ProtocolError("connection reset")
        return answer

    monkeypatch.setattr(Client, "_ask_node", lose_the_answer)
    put(engine, NEW, SearchDocument(2, "notice", "新的"))
    assert lost
    assert titles(engine) == {"旧的": 0, "新的": 2}


def test_what_the_cluster_is_too_busy_for_is_sent_again_and_nothing_else(
    engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(engine)
    bulk = opensearch_writer.OpenSearchWriter._bulk
    sent: list[list[str]] = []

    def busy_once(self: Any, changes: list[tuple[str, str | None]], version: int) -> Any:
        sent.append([item_id for item_id, _ in changes])
        if len(sent) > 1:
            return bulk(self, changes, version)
        answer = bulk(self, changes[:1], version)
        error = {"type": "rejected_execution_exception", "reason": "queue is full"}
        return {"items": [*answer["items"], {"index": {"status": 429, "error": error}}]}

    monkeypatch.setattr(opensearch_writer.OpenSearchWriter, "_bulk", busy_once)
    monkeypatch.setattr(opensearch_writer, "PAUSE", 0.01)
    put(engine, NEW, SearchDocument(2, "notice", "新的"))
    assert sent == [["1", "2"], ["2"]]
    assert titles(engine)["新的"] == 2


@pytest.mark.parametrize(
    ("values", "reason"),
    [({"unknown": "x"}, "a field the index has not"), ({"genre": ["长" * 20_000]}, "a value no index takes")],
)
def test_a_document_that_is_not_taken_is_named(
    engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], reason: str
) -> None:
    def with_bad_values(document: SearchDocument) -> Any:
        return index_values(document) | (values if document.id == 77 else {})

    monkeypatch.setattr(opensearch_writer, "index_values", with_bad_values)
    with engine.writer() as writer:
        writer.put([NEW, SearchDocument(77, "notice", "坏的"), SearchDocument(2, "notice", "新的")])
        with pytest.raises(IndexingFailed, match="条目 77 未能写入检索索引"):
            writer.commit()
            pytest.fail(reason)


def test_an_index_that_vanished_is_not_made_by_accident(engine: OpenSearchEngine) -> None:
    with engine.writer() as writer:
        engine.remove_everything()
        writer.put([NEW])
        with pytest.raises(IndexingFailed, match="gongkai reindex"):
            writer.commit()
    assert engine.names() == []
    assert not engine.writable()


def test_a_rebuild_that_fails_leaves_the_live_index_alone(engine: OpenSearchEngine) -> None:
    put(engine, OLD)
    before = engine.names()

    def fail_to_build() -> None:
        with engine.rebuild() as new:
            new.put([NEW])
            raise OSError("the database is away")

    with pytest.raises(OSError, match="away"):
        fail_to_build()
    assert engine.names() == before
    assert titles(engine) == {"旧的": 1, "新的": 0}


def test_the_swap_may_be_asked_for_twice(engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    put(engine, OLD)
    ask = Client.ask

    def twice(self: Client, method: str, path: str, *rest: Any, **named: Any) -> Any:
        answer = ask(self, method, path, *rest, **named)
        return ask(self, method, path, *rest, **named) if path == "/_aliases" else answer

    monkeypatch.setattr(Client, "ask", twice)
    with engine.rebuild() as new:
        new.put([NEW])
        new.publish()
    assert titles(engine) == {"旧的": 0, "新的": 1}
    assert len(engine.names()) == 1


def test_an_index_keeps_no_text(engine: OpenSearchEngine, opensearch: Cluster) -> None:
    put(engine, NEW)
    [name] = engine.names()
    client = engine._client
    assert "_source" not in client.ask("GET", f"/{name}/_doc/1")
    with pytest.raises(Refused):
        client.ask("POST", f"/{name}/_update/1", {"doc": {"kind": "x"}})
    assert client.ask("GET", f"/{name}/_mapping")[name]["mappings"]["_meta"] == {
        "schema": SCHEMA_VERSION,
        "program": "gongkai",
    }
