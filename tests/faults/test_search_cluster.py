"""A cluster of two nodes, one or both of which are killed while people search and a worker writes.

Nothing found is ever wrong, no change is lost, and when the nodes are back everything is as if nothing had happened.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pytest

from gongkai.search import SearchQuery, SearchUnavailable
from gongkai.search.engines.opensearch import OpenSearchEngine
from gongkai.search.engines.opensearch_address import Address
from tests.faults.installation import PATIENCE, Installation
from tests.search.opensearch_nodes import Cluster

pytestmark = [pytest.mark.xdist_group("opensearch"), pytest.mark.slow]
BASE = 40
REFUSALS = ("原索引不受影响", "SEARCH_URL", "分片暂时不可用")
"""What a rebuild may say that loses a node: it was given up, and why."""


@pytest.fixture
def clustered(installation: Installation, opensearch: Cluster) -> Iterator[Installation]:
    """`BASE` published items in an index of the cluster; both nodes are up again at the end."""
    prefix = f"faults-{installation.data.parent.name.replace('_', '-').lower()[-40:].strip('-')}"
    made = replace(installation, search_url=f"{opensearch.url}/{prefix}?shards=2")
    made.work("published", count=BASE)
    made.run("index", "--once")
    assert made.work("found") == BASE
    opensearch.wait("wait_for_status=green")
    yield made
    opensearch.start()
    _engine(made).remove_everything()


def _engine(installation: Installation) -> OpenSearchEngine:
    return OpenSearchEngine(Address.read(installation.search_url), lambda: 0)


@dataclass
class Readers:
    """What people who search without a pause were answered."""

    answered: int = 0
    unavailable: int = 0
    wrong: list[str] = field(default_factory=list)


@contextmanager
def readers(installation: Installation, most: Callable[[], int], count: int = 3) -> Iterator[Readers]:
    """People who search all the time; what they find must be right by itself, and never less than was there before."""
    seen, stop = Readers(), threading.Event()
    engine = _engine(installation)

    def read() -> None:
        while not stop.is_set():
            try:
                found = engine.search(SearchQuery("", limit=1000, facets={"kind": 50, "organisation": 50}))
            except SearchUnavailable:
                seen.unavailable += 1
                time.sleep(0.05)
                continue
            seen.answered += 1
            counted = [sum(value.count for value in values) for values in found.facets.values()]
            right = len(found.ids) == len(set(found.ids)) == found.total == counted[0] == counted[1]
            if not right or not BASE <= found.total <= most():
                seen.wrong.append(f"{found.total} found, {len(found.ids)} shown, {counted} counted, at most {most()}")

    threads = [threading.Thread(target=read) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@contextmanager
def worker(installation: Installation) -> Iterator[None]:
    """`gongkai worker`, running; it must not end by itself, whatever happens to the cluster."""
    process = installation.start("worker")
    try:
        yield
        assert process.poll() is None, process.communicate()[1][-3000:]
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def until(condition: Callable[[], bool], seconds: float = 90.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def test_a_node_is_killed_while_people_search_and_a_worker_writes(clustered: Installation, opensearch: Cluster) -> None:
    published = BASE

    def publish(count: int) -> None:
        nonlocal published
        published += count
        clustered.work("published", count=count)

    with worker(clustered), readers(clustered, most=lambda: published) as seen:
        publish(10)
        assert until(lambda: clustered.work("found") == published)
        opensearch.nodes[1].kill()
        for _ in range(5):
            publish(4)
        assert until(lambda: clustered.work("found") == published), "the node that is left takes no changes"
        before = seen.answered
        assert until(lambda: seen.answered > before), "nobody is answered any more"
        assert clustered.doctor(files=False) == {}
        opensearch.start()
        publish(4)
        assert until(lambda: clustered.work("found") == published)
    assert seen.wrong == []
    assert seen.unavailable <= seen.answered / 10
    assert clustered.doctor(files=False) == {}


def test_the_node_that_leads_is_killed_and_changes_wait_until_it_is_back(
    clustered: Installation, opensearch: Cluster
) -> None:
    with worker(clustered), readers(clustered, most=lambda: BASE + 6) as seen:
        assert until(lambda: seen.answered > 20)
        opensearch.nodes[0].kill()
        clustered.work("published", count=6)
        time.sleep(3.0)
        assert clustered.work("facts")["waiting"] > 0
        opensearch.start()
        assert until(lambda: clustered.work("facts")["waiting"] == 0)
        assert until(lambda: clustered.work("found") == BASE + 6)
    assert seen.wrong == []
    assert clustered.doctor(files=False) == {}


def test_all_nodes_are_gone_and_the_site_goes_on_without_search(clustered: Installation, opensearch: Cluster) -> None:
    with worker(clustered):
        for node in opensearch.nodes:
            node.kill()
        [item] = clustered.work("published", count=1)
        assert "SEARCH_URL" in clustered.work("found")
        assert clustered.work("page", address="/search/?q=x")["status"] == 503
        for address in ("/", "/organisations/", f"/items/{item}/"):
            page = clustered.work("page", address=address)
            assert page["status"] == 200
            assert "检索服务暂时不可用" in page["text"]
        assert clustered.work("page", address="/health/")["status"] == 503
        assert list(clustered.doctor(files=False)) == ["检索索引"]
        assert "SEARCH_URL" in clustered.run_failing("reindex", "--quiet", "--wait", "60")
        opensearch.start()
        assert until(lambda: clustered.work("found") == BASE + 1)
    assert clustered.doctor(files=False) == {}


def test_a_rebuild_survives_the_death_of_a_node_or_leaves_the_live_index_alone(
    clustered: Installation, opensearch: Cluster
) -> None:
    clustered.work("published", count=200)
    clustered.run("index", "--once")
    engine = _engine(clustered)
    process = clustered.start("reindex", "--quiet")
    assert until(lambda: len(engine.names()) == 2, 30.0), "the rebuild never began"
    opensearch.nodes[1].kill()
    with readers(clustered, most=lambda: BASE + 200) as seen:
        _, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0 or any(reason in said for reason in REFUSALS), said[-3000:]
        assert until(lambda: clustered.work("found") == BASE + 200)
        opensearch.start()
    assert seen.wrong == []
    clustered.run("reindex", "--quiet")
    assert clustered.doctor(files=False) == {}
    assert len(engine.names()) == 1
