"""From the outbox into the index: complete, idempotent, and never two writers."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as deployed
from django.core.management import CommandError, call_command
from django.db import transaction

from gongkai.search import SearchDocument, SearchQuery, SearchUnavailable, enqueue, indexer, search
from gongkai.search.engine import Engine
from gongkai.search.engines.embedded import LOOK_EVERY, EmbeddedEngine
from gongkai.search.engines.opensearch import OpenSearchEngine
from gongkai.search.engines.opensearch_address import Address
from gongkai.search.indexer import index_forever, index_pending, pending, reindex
from gongkai.search.lock import AnotherIndexerRuns, writing
from gongkai.search.models import OutboxEntry
from gongkai.search.service import engine, index_directory
from gongkai.search.turns import take_turn
from gongkai.search.verify import verify
from tests.search import domain
from tests.search.conftest import ENGINES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, params=ENGINES)
def wired(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Iterator[None]:
    """Search over the little domain, in a directory or below a prefix of its own."""
    settings.GONGKAI_DATA_DIR = tmp_path
    settings.GONGKAI_SEARCH_URL = ""
    if request.param == "opensearch":
        url = request.getfixturevalue("opensearch").url
        settings.GONGKAI_SEARCH_URL = f"{url}/indexer-{secrets.token_hex(6)}"
    settings.GONGKAI_SEARCH_PROVIDER = "tests.search.domain.load"
    settings.GONGKAI_SEARCH_ALL_IDS = "tests.search.domain.all_ids"
    settings.GONGKAI_AFTER_INDEX = "tests.search.domain.after_index"
    domain.after_index_calls.clear()
    yield
    if settings.GONGKAI_SEARCH_URL:
        cluster().remove_everything()


embedded_only = pytest.mark.parametrize("wired", ["embedded"], indirect=True)


def cluster() -> OpenSearchEngine:
    """The engine, when it is one on a cluster."""
    made = engine()
    assert isinstance(made, OpenSearchEngine)
    return made


def another_process() -> Engine:
    """A second engine on the same index stands for another web process."""
    if deployed.GONGKAI_SEARCH_URL:
        return OpenSearchEngine(Address.read(deployed.GONGKAI_SEARCH_URL), take_turn)
    return EmbeddedEngine(index_directory())


def found(text: str = "") -> set[int]:
    return set(search(SearchQuery(text, limit=1000)).ids)


def versions() -> list[str]:
    """Every index there is, live or not: ``v1-000001``."""
    if deployed.GONGKAI_SEARCH_URL:
        prefix = Address.read(deployed.GONGKAI_SEARCH_URL).prefix
        return [name.removeprefix(f"{prefix}-") for name in cluster().names()]
    return sorted(path.name for path in index_directory().glob("v*"))


def test_before_anything_was_indexed_nothing_is_found() -> None:
    results = search(SearchQuery("医保", facets={"kind": 5}))
    assert (results.hits, results.total, results.facets) == ((), 0, {"kind": ()})


def test_a_change_is_found_after_indexing_and_the_outbox_is_empty() -> None:
    domain.save({1: "医保通知", 2: "低保公告"})
    assert pending() == 2
    assert index_pending() == 2
    assert found("医保") == {1}
    assert pending() == 0
    assert len(domain.after_index_calls) == 1


def test_a_change_replaces_and_a_withdrawal_removes() -> None:
    domain.save({1: "医保通知", 2: "低保公告"})
    index_pending()
    domain.save({1: "公积金通知", 2: None})
    index_pending()
    assert (found("医保"), found("公积金"), found()) == (set(), {1}, {1})


def test_indexing_the_same_again_changes_nothing() -> None:
    domain.save({n: f"医保通知{n}" for n in range(1, 20)})
    index_pending()
    before = sorted(engine().digests())
    for _ in range(3):
        enqueue(range(1, 20))
        index_pending()
    assert sorted(engine().digests()) == before
    assert search(SearchQuery("医保")).total == 19


def test_nothing_to_do_touches_neither_index_nor_pages() -> None:
    assert index_pending() == 0
    assert not domain.after_index_calls
    assert versions() == []


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_leaves_no_entry() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        enqueue([1])
        raise RuntimeError
    assert pending() == 0


def test_an_entry_that_comes_while_indexing_is_kept_for_the_next_round(monkeypatch: pytest.MonkeyPatch) -> None:
    domain.save({1: "医保通知"})
    load = indexer.load

    def load_while_someone_saves(ids: Sequence[int]) -> dict[int, SearchDocument]:
        documents = load(ids)
        if domain.read()[1] == "医保通知":
            domain.save({1: "公积金通知"})
        return documents

    monkeypatch.setattr(indexer, "load", load_while_someone_saves)
    index_pending()
    assert found("公积金") == {1}
    assert pending() == 0


def test_a_long_backlog_is_worked_off_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexer, "BATCH", 7)
    monkeypatch.setattr(indexer, "BULK", 20)
    domain.save(dict.fromkeys(range(1, 51), "医保通知"))
    assert index_pending() == 50
    assert search(SearchQuery("医保")).total == 50


def test_a_failing_provider_keeps_the_entries(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    domain.save({1: "医保通知"})

    def fail(ids: Sequence[int]) -> dict[int, SearchDocument]:
        raise OSError("the database is away")

    with monkeypatch.context() as patch:
        patch.setattr(indexer, "load", fail)
        with pytest.raises(OSError, match="away"):
            index_pending()
    assert pending() == 1
    index_pending()
    assert found("医保") == {1}


def test_a_second_writer_is_refused_and_told_who_writes() -> None:
    domain.save({1: "医保通知"})
    with writing(index_directory()), pytest.raises(AnotherIndexerRuns, match=r"进程号 \d+"):
        index_pending()
    assert index_pending() == 1


@pytest.mark.django_db(
    transaction=True
)  # the loop gives back old connections, which a test's own transaction would not survive
def test_the_loop_waits_for_another_writer_and_then_works() -> None:
    domain.save({1: "医保通知"})
    turns = iter([False, False, True])
    with writing(index_directory()):
        index_forever(lambda: next(turns), pause=0.0)
    assert pending() == 1
    turns = iter([False, True])
    index_forever(lambda: next(turns), pause=0.0)
    assert pending() == 0


def test_reindex_gives_the_same_index_and_leaves_one_version() -> None:
    domain.save({n: f"医保通知{n}" for n in range(1, 30)})
    index_pending()
    before = sorted(engine().digests())
    assert reindex() == 29
    assert sorted(engine().digests()) == before
    assert len(versions()) == 1


def test_reindex_without_an_index_makes_one_and_repairs_what_differs() -> None:
    domain.save({1: "医保通知"})
    OutboxEntry.objects.all().delete()
    assert verify().missing == (1,)
    reindex()
    assert verify().equal


def test_changes_during_a_reindex_are_found_at_once_and_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Changed, added and withdrawn behind the back of the builder, in every batch."""
    monkeypatch.setattr(indexer, "BATCH", 5)
    domain.save(dict.fromkeys(range(1, 31), "医保通知"))
    index_pending()
    load = indexer.load
    seen_live: list[bool] = []

    def load_then_change(ids: Sequence[int]) -> dict[int, SearchDocument]:
        documents = load(ids)
        turn = len(seen_live)
        if turn < 4:
            seen_live.append(1000 + turn - 1 in found("公积金") if turn else True)
            domain.save({1 + turn: "公积金通知", 1000 + turn: "公积金通知", 20 + turn: None})
        return documents

    monkeypatch.setattr(indexer, "load", load_then_change)
    with monkeypatch.context() as patch:
        patch.setattr("gongkai.search.engines.embedded.LOOK_EVERY", 0.0)
        reindex()
    monkeypatch.setattr(indexer, "load", load)
    index_pending()
    assert len(seen_live) == 4
    assert found("公积金") == {1, 2, 3, 4, 1000, 1001, 1002, 1003}
    assert verify().equal
    assert pending() == 0


def test_the_live_index_answers_while_another_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    domain.save({1: "医保通知"})
    index_pending()
    load = indexer.load
    answers: list[set[int]] = []

    def look(ids: Sequence[int]) -> dict[int, SearchDocument]:
        answers.append(found("医保"))
        return load(ids)

    monkeypatch.setattr(indexer, "load", look)
    reindex()
    assert answers == [{1}]


def test_another_process_sees_commits_and_swaps_within_the_promised_time() -> None:
    other = another_process()
    domain.save({1: "医保通知"})
    index_pending()
    assert other.search(SearchQuery("医保")).total == 1
    domain.save({2: "医保公告"})
    reindex()
    domain.save({3: "医保简报"})
    index_pending()
    time.sleep(LOOK_EVERY)
    assert other.search(SearchQuery("医保")).total == 3


def test_verify_names_what_is_missing_extra_and_stale() -> None:
    domain.save({1: "医保通知", 2: "低保公告", 3: "公积金"})
    index_pending()
    domain.save({1: "改了", 2: None, 4: "新的"})
    report = verify()
    assert (report.missing, report.extra, report.stale) == ((4,), (2,), (1,))
    assert (report.equal, report.checked, report.pending) == (False, 3, 3)
    index_pending()
    assert verify().equal
    assert verify([1, 3, 4]).equal
    assert verify([1, 3]).extra == (4,)


def test_entries_of_an_older_analysis_are_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    domain.save({1: "医保通知"})
    index_pending()
    monkeypatch.setattr("gongkai.search.documents.ANALYSIS_VERSION", 10_000)
    assert verify().stale == (1,)


def test_an_index_of_another_schema_is_not_opened_but_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    domain.save({1: "医保通知"})
    index_pending()
    monkeypatch.setattr("gongkai.search.engines.embedded_directory.SCHEMA_VERSION", 99)
    monkeypatch.setattr("gongkai.search.engines.opensearch_indexes.SCHEMA_VERSION", 99)
    monkeypatch.setattr("gongkai.search.engines.embedded.LOOK_EVERY", 0.0)
    with pytest.raises(SearchUnavailable, match="gongkai reindex"):
        search(SearchQuery("医保"))
    domain.save({2: "医保公告"})
    reindex()
    index_pending()
    assert found("医保") == {1, 2}
    assert [name.split("-")[0] for name in versions()] == ["v99"]


@embedded_only
@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda version: (version / "meta.json").write_text("{"), "half a file"),
        (lambda version: [path.unlink() for path in version.glob("*.store")], "a file lost"),
        (lambda version: [path.unlink() for path in version.iterdir()], "everything lost"),
    ],
)
def test_a_damaged_index_is_said_to_be_and_reindex_repairs_it(damage: Callable[[Path], object], reason: str) -> None:
    domain.save({1: "医保通知"})
    index_pending()
    damage(index_directory() / versions()[0])
    with pytest.raises(SearchUnavailable, match="gongkai reindex"):
        EmbeddedEngine(index_directory()).search(SearchQuery("医保"))
        pytest.fail(reason)
    domain.save({2: "医保公告"})
    reindex()
    index_pending()
    assert found("医保") == {1, 2}
    assert verify().equal


def test_the_commands_say_what_they_did() -> None:
    domain.save({1: "医保通知"})
    out = StringIO()
    call_command("index", "--once", stdout=out)
    call_command("reindex", "--quiet", stdout=out)
    assert out.getvalue() == "已处理变更：1 项。\n索引已重建：1 件。\n"
    with writing(index_directory()), pytest.raises(CommandError, match="正在写入搜索索引"):
        call_command("reindex", "--quiet", "--wait", "0")


@embedded_only
@pytest.mark.parametrize("command", ["index", "reindex"])
def test_help_has_an_example(command: str) -> None:
    from django.core.management import load_command_class

    assert f"gongkai {command}" in load_command_class("gongkai.search", command).help
