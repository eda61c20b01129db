"""`kill -9` during import, publishing and reindexing: running the same command again puts everything right.

Three kills each by default; `GONGKAI_FAULT_ROUNDS=20` for the full proof.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.installation import PATIENCE, Installation
from tests.faults.killing import ROUNDS, Undisturbed, kill_after, moments, watch
from tests.faults.material import write_material

pytestmark = [pytest.mark.xdist_group("processes"), pytest.mark.slow]
DOCUMENTS = 600
ITEMS = 60
Install = Callable[..., Installation]


def writes(installation: Installation) -> Callable[[], bool]:
    """Tells when the number of audit records has grown: the work's first transaction has been committed."""
    before = _audit_records(installation)
    return lambda: _audit_records(installation) > before


def _audit_records(installation: Installation) -> int:
    statement = "SELECT sequence FROM audit_audithead"
    if installation.database_url:
        import psycopg

        with psycopg.connect(installation.database_url) as connection:
            row = connection.execute(statement).fetchone()
    else:
        path = installation.data / "gongkai.sqlite3"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as reader:
            row = reader.execute(statement).fetchone()
    return row[0] if row else 0


def test_an_import_killed_again_and_again_takes_in_every_document_once(install: Install, tmp_path: Path) -> None:
    expected = sorted(write_material(tmp_path / "旧站导出", documents=DOCUMENTS))
    command = ("import", str(tmp_path / "旧站导出"), "--batch", "20")
    undisturbed = _undisturbed_import(install(), command, expected)
    installation, killed, pace = install(), 0, 0.5
    for seconds in moments(undisturbed, seed=1, rounds=3 * ROUNDS):
        hit = kill_after(installation.start(*command), seconds * pace, writing=writes(installation))
        killed, pace = killed + hit, pace if hit else pace / 2  # too late: the machine was slower when it was timed
        facts = installation.work("facts")
        assert facts["inconsistent"] == {}
        assert facts["imported"] == facts["items"] == facts["audited"].get("item.import", 0)
        if facts["items"] == DOCUMENTS:  # all in: the next kill needs something to do
            _finished(installation, command, expected)
            installation = install()
        if killed == ROUNDS:
            break
    assert killed >= ROUNDS * 0.6, "the kills came too late to prove anything"
    _finished(installation, command, expected)


def _undisturbed_import(installation: Installation, command: tuple[str, ...], expected: list[str]) -> Undisturbed:
    undisturbed = watch(lambda: installation.start(*command), writing=writes(installation))
    facts = installation.work("facts")
    assert facts["titles"] == expected, "without a kill the import takes in every document"
    return undisturbed


def _finished(installation: Installation, command: tuple[str, ...], expected: list[str]) -> None:
    """The same command once more, and everything is there once and in order."""
    assert "未导入 0" in installation.run(*command)
    installation.run("index", "--once")
    assert f"新增 0，已有 {len(expected)}" in installation.run(*command), "a further run adds nothing"
    facts = installation.work("facts")
    assert facts["titles"] == expected
    assert facts["editions"] == facts["imported"] == facts["counter"] == len(expected)
    assert facts["gapless"]
    _all_well(installation, public=len(expected))


def test_publishing_killed_again_and_again_publishes_each_item_once(install: Install) -> None:
    count = ITEMS
    prepared = install()
    prepared.work("drafts", count=count)
    trial = install(prepared)
    undisturbed = watch(lambda: trial.start("publish_all", "{}", module="tests.faults.work"), writing=writes(trial))
    installation, killed, pace = install(prepared), 0, 0.5
    for seconds in moments(undisturbed, seed=2, rounds=3 * ROUNDS):
        process = installation.start("publish_all", "{}", module="tests.faults.work")
        hit = kill_after(process, seconds * pace, writing=writes(installation))
        killed, pace = killed + hit, pace if hit else pace / 2
        facts = installation.work("facts")
        assert facts["inconsistent"] == {}
        assert facts["published_twice"] == []
        if facts["states"].get("published") == count:
            _published(installation, count)
            installation = install(prepared)
        if killed == ROUNDS:
            break
    assert killed >= ROUNDS * 0.6, "the kills came too late to prove anything"
    installation.work("publish_all")
    _published(installation, count)


def _published(installation: Installation, count: int) -> None:
    installation.run("index", "--once")
    facts = installation.work("facts")
    assert facts["states"] == {"published": count}
    assert facts["attachments"] == facts["editions"] == count
    for event in ("item.attach", "item.submit", "item.approve", "item.sign", "item.publish"):
        assert facts["audited"][event] == count, event
    _all_well(installation, public=count)


def test_a_reindex_killed_while_the_office_goes_on_writing_serves_and_then_equals_the_database(
    install: Install,
) -> None:
    installation = install()
    installation.work("published", count=DOCUMENTS)
    installation.run("reindex", "--quiet")
    undisturbed = _undisturbed_reindex(installation)
    for seconds in moments(undisturbed, seed=3):
        office = installation.start("change", f'{{"seconds": {seconds + 2}}}', module="tests.faults.work")
        reindexing = installation.start("reindex", "--quiet")
        kill_after(reindexing, seconds, writing=_building(installation))
        assert isinstance(installation.work("found"), int), "the index that was live goes on answering"
        office.communicate(timeout=PATIENCE)
        assert office.returncode == 0
    installation.run("index", "--once")
    facts = installation.work("facts")
    assert facts["audited"]["item.correct"] > ROUNDS, "the office wrote nothing meanwhile"
    _all_well(installation, public=facts["states"]["published"])
    installation.run("reindex", "--quiet")
    assert installation.doctor(files=False) == {}


def _building(installation: Installation) -> Callable[[], bool]:
    """Tells when the new index has begun to be built."""
    before = {path.name for path in (installation.data / "index").glob("v*")}
    return lambda: any(path.name not in before for path in (installation.data / "index").glob("v*"))


def _undisturbed_reindex(installation: Installation) -> Undisturbed:
    return watch(lambda: installation.start("reindex", "--quiet"), writing=_building(installation))


def test_a_killed_worker_leaves_nothing_undone(install: Install) -> None:
    """The worker indexes, ticks and runs tasks; whatever it was at, the next one takes it up."""
    installation = install()
    installation.work("due", count=40)
    for seconds in (0.0, 0.1, 0.3):
        kill_after(
            installation.start("worker"), seconds, writing=writes(installation) if seconds == 0.0 else lambda: True
        )
    worker = installation.start("worker")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and installation.work("found") != 40:
        time.sleep(0.2)
    worker.terminate()
    worker.communicate(timeout=PATIENCE)
    assert worker.returncode == 0
    facts = installation.work("facts")
    assert (facts["states"], facts["published_twice"]) == ({"published": 40}, [])
    _all_well(installation, public=40)


def _all_well(installation: Installation, *, public: int) -> None:
    """Register, index, files and log agree, and no temporary file is left once the tick has swept."""
    assert installation.doctor() == {}
    assert installation.work("found") == public
    facts = installation.work("facts")
    assert (facts["waiting"], facts["index_versions"], facts["audit_broken_at"]) == (0, 1, None)
    installation.make_litter_old()
    installation.run("tick")
    assert installation.litter() == []
