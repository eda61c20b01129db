"""What an operator meets: an index that was deleted or damaged, a database held by another, a disk that takes no more."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.installation import PATIENCE, Installation

pytestmark = pytest.mark.xdist_group("processes")


@pytest.fixture
def searchable(installation: Installation) -> Installation:
    """Thirty published items in the index."""
    installation.work("published", count=30)
    installation.run("index", "--once")
    assert installation.work("found") == 30
    assert installation.work("facts")["waiting"] == 0
    installation.rest()
    return installation


def _delete(index: Path) -> None:
    shutil.rmtree(index)


def _cut_the_segments(index: Path) -> None:
    for path in next(index.glob("v*")).iterdir():
        if path.suffix not in (".json", ".lock"):
            os.truncate(path, path.stat().st_size // 2)


def _empty_the_meta_file(index: Path) -> None:
    (next(index.glob("v*")) / "meta.json").write_text("")


def _point_nowhere(index: Path) -> None:
    (index / "current").write_text("v1-999999\n")


@pytest.mark.parametrize("damage", [_delete, _cut_the_segments, _empty_the_meta_file, _point_nowhere])
def test_a_damaged_index_is_said_to_be_so_and_a_reindex_mends_it(
    searchable: Installation, damage: Callable[[Path], None]
) -> None:
    damage(searchable.data / "index")
    searchable.work("published", count=5)  # changes that wait in the outbox must not stand in the way of the repair
    assert "检索索引" in searchable.doctor(files=False)
    found = searchable.work("found")
    assert isinstance(found, str), f"search answers {found} from a damaged index instead of saying that it cannot"
    assert "reindex" in found
    searchable.run("reindex", "--quiet")
    searchable.run("index", "--once")
    assert searchable.doctor() == {}
    assert searchable.work("found") == 35


def test_a_worker_rebuilds_an_index_that_was_deleted(searchable: Installation) -> None:
    shutil.rmtree(searchable.data / "index")
    searchable.work("published", count=1)
    worker = searchable.start("worker")
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and searchable.work("found") != 31:
        time.sleep(0.2)
    worker.terminate()
    worker.communicate(timeout=PATIENCE)
    assert searchable.work("found") == 31
    assert searchable.doctor(files=False) == {}


def test_a_writer_waits_for_a_database_that_another_holds_for_five_seconds(installation: Installation) -> None:
    [item] = installation.work("drafts", count=1)
    holder = installation.start("hold_database", '{"seconds": 5}', module="tests.faults.work")
    assert holder.stderr is not None
    assert holder.stderr.readline() == "held\n"
    assert installation.work("submit", items=[item]) == {"": 1}
    holder.communicate(timeout=PATIENCE)
    assert installation.work("facts")["inconsistent"] == {}


def test_a_file_that_a_killed_upload_left_half_written_is_written_anew(installation: Installation) -> None:
    [item] = installation.work("drafts", count=1)
    whole = installation.work("attach_again", item=item)
    stored = installation.data / "files" / whole
    os.truncate(stored, stored.stat().st_size // 2)
    installation.work("forget_files")
    assert installation.work("attach_again", item=item) == whole
    assert installation.doctor(files=True) == {}


def test_a_full_disk_takes_the_whole_act_back(installation: Installation) -> None:
    """The file system refuses to let the database grow: nothing is half done, and once there is room again work goes on."""
    if installation.database_url:
        return  # the server's disk is not ours to fill
    before = installation.work("drafts", count=5)
    installation.rest()
    limited = installation.start("create_until_full", "{}", module="tests.faults.work")
    out, error = limited.communicate(timeout=PATIENCE)
    assert limited.returncode == 0, error[-2000:]
    assert "full" in out
    facts = installation.work("facts")
    assert facts["items"] > len(before)
    assert facts["items"] == facts["distinct_numbers"] == facts["counter"] == facts["audited"]["item.create"]
    assert (facts["inconsistent"], facts["audit_broken_at"]) == ({}, None)
    assert len(installation.work("drafts", count=3)) == 3
