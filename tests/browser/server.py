"""The real thing in a process of its own: `gongkai serve` on a free port, with a data directory that is thrown away."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
START_SECONDS = 180
"""How long the first start may take: it makes the tables, writes the sample district and indexes it."""
STOP_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Server:
    """A running installation with the sample district."""

    url: str
    """Its root, without the slash at the end."""
    log: Path
    """What its processes wrote."""


@contextlib.contextmanager
def running_server() -> Iterator[Server]:
    """Start it, wait until it is healthy, stop it as an operator would (SIGTERM), and insist that it ended cleanly.

    Raises `AssertionError` with the log when it does not come up, or does not end by itself with exit code 0.
    """
    with tempfile.TemporaryDirectory(prefix="gongkai-browser-") as directory:
        port = free_port()
        server = Server(f"http://127.0.0.1:{port}", Path(directory) / "log.txt")
        with server.log.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "gongkai", "serve", "--port", str(port), "--workers", "1"],
                env=_environment(Path(directory) / "data"),
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            _wait_until_healthy(server, process)
            yield server
            process.terminate()
            code = process.wait(STOP_SECONDS)
            said = server.log.read_text(errors="replace")
            assert code == 0, f"SIGTERM ended the server with {code}\n{said[-3000:]}"
            assert "Traceback" not in said, f"the server reported an error\n{said[-6000:]}"
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(data: Path) -> dict[str, str]:
    """What the server sees: nothing of the test run's own settings, and SQLite, for pages are the same on any database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GONGKAI_", "PYTEST", "DJANGO_"))}
    kept.pop("DATABASE_URL", None)
    return {**kept, "GONGKAI_DATA_DIR": str(data), "PYTHONPATH": str(ROOT / "src")}


def _wait_until_healthy(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with (
            contextlib.suppress(urllib.error.URLError, OSError),
            urllib.request.urlopen(f"{server.url}/health/", timeout=5) as answer,
        ):
            if answer.status == 200:
                return
        time.sleep(0.3)
    raise AssertionError(f"the server did not come up\n{server.log.read_text(errors='replace')[-6000:]}")
