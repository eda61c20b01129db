"""The installation that is measured: its data directory, filled once, and the commands that run in it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Scratch:
    """A data directory and what its processes see."""

    data: Path

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its processes; compiled code is kept, as it is in production."""
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return {
            **kept,
            "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / f"gongkai-bytecode-{os.getuid()}"),
            "DJANGO_SETTINGS_MODULE": "gongkai.config.settings",
            "GONGKAI_DATA_DIR": str(self.data),
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        }

    def run(self, *arguments: str, module: str = "gongkai", core: int | None = None) -> str:
        """Run `python -m module arguments…` to its end, on one core when `core` is given; its standard output."""
        command = [sys.executable, "-m", module, *arguments]
        before = os.sched_getaffinity(0)
        if core is not None:
            os.sched_setaffinity(0, {core})  # inherited by the child
        try:
            done = subprocess.run(
                command, env=self.environment, text=True, stdout=subprocess.PIPE, check=True, cwd=ROOT
            )
        finally:
            os.sched_setaffinity(0, before)
        return done.stdout

    def fill(self, items: int) -> None:
        """Make the sample district of `items` items and its index, unless the directory has one."""
        self.data.mkdir(parents=True, exist_ok=True)
        self.run("migrate", "--verbosity", "0")
        done = self.data / "bench-items"
        if done.exists():
            return
        self.run("sample", "--items", str(items), "--no-index")
        self.run("reindex")
        done.write_text(f"{items}\n")

    @contextlib.contextmanager
    def process(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """A command that runs in the background; ended by SIGTERM."""
        process = subprocess.Popen([sys.executable, "-m", *arguments], env=self.environment, cwd=ROOT)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)

    @contextlib.contextmanager
    def server(self, application: str, *, threads: int = 4) -> Iterator[tuple[int, int]]:
        """A granian server of one worker; yields its port and the process id of the worker."""
        port = free_port()
        arguments = ["granian", "--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", "1"]
        with self.process(
            *arguments, "--blocking-threads", str(threads), "--no-ws", "--log-level", "error", application
        ) as main:
            _wait_for(port)
            yield port, _child_of(main.pid)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection((HOST, port), 1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _child_of(pid: int) -> int:
    """The worker: the child of the server process that is a server too."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return max((int(child) for child in children), key=resident_megabytes)


def resident_megabytes(pid: int) -> float:
    """Resident memory of a process in MB, with the pages of files it has mapped."""
    return _kilobytes(Path(f"/proc/{pid}/smaps_rollup"), "Rss:") / 1024


def mapped_megabytes(pid: int, directory: Path) -> float:
    """Of the resident memory: pages of files below `directory` that are mapped. They belong to the file cache of the system, are
    there once for all processes, and are given back when memory is wanted elsewhere."""
    inside, kilobytes = False, 0
    for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
        if "-" in line.split(" ", 1)[0]:
            inside = str(directory) in line
        elif inside and line.startswith("Rss:"):
            kilobytes += int(line.split()[1])
    return kilobytes / 1024


def _kilobytes(path: Path, name: str) -> int:
    return next(int(line.split()[1]) for line in path.read_text().splitlines() if line.startswith(name))
