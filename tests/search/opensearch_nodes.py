"""Two real OpenSearch nodes for tests, from an unpacked distribution named by ``GONGKAI_TEST_OPENSEARCH``.

Both hold data, the first alone may lead the cluster: so the second can be killed at any time and the cluster goes on, and
killing the first stops all writing until it is back. They listen on the loopback only, know no passwords, and leave nothing
behind. The server refuses to run as root: then it runs as ``nobody``, from a copy that user can read.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

VARIABLE = "GONGKAI_TEST_OPENSEARCH"
HEAP = "-Xms512m -Xmx512m"
START_SECONDS = 180
USER = "nobody"


def home() -> Path:
    """The distribution; skips loudly where there is none."""
    path = Path(os.environ.get(VARIABLE, "/nonexistent"))
    if not (path / "bin" / "opensearch").is_file():
        pytest.skip(
            f"NO OPENSEARCH: {VARIABLE} names no unpacked distribution, so this test on a real cluster did not run"
        )
    return path


class Node:
    """One server process with data of its own, which outlives being killed."""

    def __init__(self, cluster: Cluster, name: str, *, leads: bool) -> None:
        self.name, self.leads = name, leads
        self.http, self.transport = _free_port(), _free_port()
        self.cluster, self.folder = cluster, cluster.folder / name
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"127.0.0.1:{self.http}"

    def start(self) -> None:
        """Start the process; does not wait until it answers."""
        config = self.folder / "config"
        if not config.exists():
            shutil.copytree(self.cluster.home / "config", config)
            (self.folder / "tmp").mkdir()
        (config / "opensearch.yml").write_text(json.dumps(self._settings()))  # JSON is YAML
        (config / "jvm.options").write_text((self.cluster.home / "config" / "jvm.options").read_text())
        _give_away(self.folder)
        environment = {
            **os.environ,
            "OPENSEARCH_PATH_CONF": str(config),
            "OPENSEARCH_JAVA_OPTS": f"{HEAP} -XX:-HeapDumpOnOutOfMemoryError",
            "OPENSEARCH_TMPDIR": str(self.folder / "tmp"),
            "OPENSEARCH_JAVA_HOME": _java_home(),
            "HOME": str(self.folder),
        }
        with (self.folder / "output.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*_as_user(), str(self.cluster.home / "bin" / "opensearch")],
                env=environment,
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _settings(self) -> dict[str, Any]:
        return {
            "cluster.name": self.cluster.folder.name,
            "node.name": self.name,
            "node.roles": ["cluster_manager", "data"] if self.leads else ["data"],
            "path.data": str(self.folder / "data"),
            "path.logs": str(self.folder / "logs"),
            "network.host": "127.0.0.1",
            "http.port": self.http,
            "transport.port": self.transport,
            "discovery.seed_hosts": [
                f"127.0.0.1:{self.cluster.nodes[0].transport if self.cluster.nodes else self.transport}"
            ],
            **({"cluster.initial_cluster_manager_nodes": [self.name]} if self.leads else {}),
            "cluster.routing.allocation.disk.threshold_enabled": False,
            "bootstrap.memory_lock": False,
            "node.store.allow_mmap": False,
            "node.processors": 2,
        }

    def kill(self) -> None:
        """As a power failure would: no time to say goodbye."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


class Cluster:
    """Two nodes."""

    def __init__(self, distribution: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="gongkai-opensearch-"))
        self.folder.chmod(0o755)
        self.home = distribution
        if os.geteuid() == 0:
            self.home = self.folder / "home"
            shutil.copytree(distribution, self.home, symlinks=True)
            _give_away(self.home)
        self.nodes: list[Node] = []
        for name, leads in (("one", True), ("two", False)):
            self.nodes.append(Node(self, name, leads=leads))

    @property
    def url(self) -> str:
        """For `SEARCH_URL`, without the prefix."""
        return f"http://{','.join(node.address for node in self.nodes)}"

    def start(self) -> None:
        """Start both and wait until they are one cluster."""
        for node in self.nodes:
            if node.process is None:
                node.start()
        self.wait("wait_for_nodes=2&wait_for_status=yellow")  # red until it has read what it knew before

    def wait(self, condition: str) -> None:
        """Wait until the cluster is in a condition of its health API."""
        deadline = time.monotonic() + START_SECONDS
        while not self._healthy(condition):
            for node in self.nodes:
                if node.process is not None and node.process.poll() is not None:
                    pytest.fail(f"node {node.name} ended:\n{(node.folder / 'output.log').read_text()[-4000:]}")
            if time.monotonic() > deadline:
                pytest.fail(f"no cluster:\n{(self.nodes[0].folder / 'output.log').read_text()[-4000:]}")
            time.sleep(0.3)

    def _healthy(self, condition: str) -> bool:
        for node in self.nodes:
            if node.process is None:
                continue
            try:
                with urllib.request.urlopen(
                    f"http://{node.address}/_cluster/health?{condition}&timeout=1s", timeout=5
                ) as answer:
                    return not json.load(answer)["timed_out"]
            except (OSError, urllib.error.URLError, ValueError):
                continue
        return False

    def close(self) -> None:
        """Kill both and remove what they wrote."""
        for node in self.nodes:
            node.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def _java_home() -> str:
    if "JAVA_HOME" in os.environ:
        return os.environ["JAVA_HOME"]
    java = shutil.which("java")
    assert java, "OpenSearch needs Java"
    return str(Path(java).resolve().parent.parent)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _as_user() -> list[str]:
    return ["setpriv", f"--reuid={USER}", f"--regid={_group()}", "--clear-groups"] if os.geteuid() == 0 else []


def _group() -> int:
    import pwd

    return pwd.getpwnam(USER).pw_gid


def _give_away(folder: Path) -> None:
    if os.geteuid() == 0:
        import pwd

        user = pwd.getpwnam(USER)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid)
