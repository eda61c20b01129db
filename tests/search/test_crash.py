"""`kill -9` at every place that matters: a servable index remains, and the next run puts everything right."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongkai.search.engines.opensearch import OpenSearchEngine
from gongkai.search.engines.opensearch_address import Address
from tests.search.conftest import ENGINES

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True, params=ENGINES)
def search_url(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The engine of the processes, by the environment they inherit."""
    if request.param == "embedded":
        monkeypatch.delenv("SEARCH_URL", raising=False)
        yield
        return
    url = f"{request.getfixturevalue('opensearch').url}/crash-{secrets.token_hex(6)}"
    monkeypatch.setenv("SEARCH_URL", url)
    yield
    OpenSearchEngine(Address.read(url), lambda: 0).remove_everything()


def child(data: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.search.crash_settings",
        "GONGKAI_DATA_DIR": str(data),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
    }
    command = [sys.executable, "-m", "tests.search.crash_child", *arguments]
    return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def run(data: Path, *arguments: str) -> tuple[int, str]:
    process = child(data, *arguments)
    out, error = process.communicate(timeout=60)
    assert process.returncode in (0, -signal.SIGKILL), error
    return process.returncode, out


@pytest.mark.parametrize(
    ("command", "place", "served"),
    [
        ("index", "while loading", 40),
        ("index", "before the commit", 40),
        ("index", "between the commit and the outbox", 36),
        ("index", "after the outbox", 36),
        ("reindex", "while loading", 40),
        ("reindex", "between the commit and the outbox", 36),
        ("reindex", "before the swap", 36),
        ("reindex", "in the middle of the swap", 36),
        ("reindex", "after the swap", 36),
    ],
)
def test_after_a_kill_the_index_serves_and_then_equals_the_database(
    tmp_path: Path, command: str, place: str, served: int
) -> None:
    run(tmp_path, "prepare")
    assert run(tmp_path, "crash", place, command)[0] == -signal.SIGKILL, "the place was never reached"
    report = json.loads(run(tmp_path, "recover")[1])
    assert report == {"served": served, "equal": True, "pending": 0, "changed": 21, "total": 36, "versions": 1}


@pytest.mark.parametrize("delay", [0.0, 0.07, 0.2, 0.4])
def test_a_kill_at_any_moment_of_a_reindex(tmp_path: Path, delay: float) -> None:
    run(tmp_path, "prepare")
    process = child(tmp_path, "crash", "from outside", "reindex")
    lock = tmp_path / "index" / "writer.lock"
    while process.poll() is None and not _changed(lock, process.pid):
        time.sleep(0.005)
    time.sleep(delay)
    process.kill()
    process.communicate()
    report = json.loads(run(tmp_path, "recover")[1])
    assert (report["equal"], report["pending"], report["total"], report["versions"]) == (True, 0, 36, 1)


def _changed(lock: Path, pid: int) -> bool:
    return lock.exists() and lock.read_text().strip() == str(pid)
