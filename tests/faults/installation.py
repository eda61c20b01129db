"""An installation of its own for one test: data directory, database and environment; what runs in it are real processes.

With `DATABASE_URL` set to PostgreSQL every installation is a database of its own beside the named one; else it is a SQLite file.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).parents[2]
PATIENCE = 180
"""Seconds after which a process that should have ended counts as stuck."""
_helpers: dict[Path, subprocess.Popen[str]] = {}


def server_url() -> str:
    """The PostgreSQL this test run uses; empty for SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith(("postgres://", "postgresql://")) else ""


@dataclass(frozen=True, slots=True)
class Installation:
    """Where one installation lives. `temporary` is the temporary directory of its processes, so that litter is seen."""

    data: Path
    database_url: str = ""
    search_url: str = ""

    @property
    def temporary(self) -> Path:
        """Temporary directory of the processes; apart from the data, as it is in production."""
        return self.data.with_name(f"{self.data.name}-tmp")

    @property
    def environment(self) -> dict[str, str]:
        """What its processes see: nothing of the test run's own settings."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("GONGKAI_", "PYTEST", "DJANGO_"))
        }
        for name in ("DATABASE_URL", "SEARCH_URL", "PYTHONDONTWRITEBYTECODE"):
            kept.pop(name, None)
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "gongkai.config.settings",
            "GONGKAI_DATA_DIR": str(self.data),
            "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / f"gongkai-bytecode-{os.getuid()}"),
            "TMPDIR": str(self.temporary),
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
            **({"DATABASE_URL": self.database_url} if self.database_url else {}),
            **({"SEARCH_URL": self.search_url} if self.search_url else {}),
        }

    def start(self, *arguments: str, module: str = "gongkai") -> subprocess.Popen[str]:
        """Start `python -m module arguments…`; standard input, output and error are pipes."""
        self.temporary.mkdir(parents=True, exist_ok=True)
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            env=self.environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
        )

    def run(self, *arguments: str, module: str = "gongkai", code: int = 0) -> str:
        """Run to the end and return standard output; any other exit code than `code` fails the test with what was said."""
        process = self.start(*arguments, module=module)
        out, error = process.communicate(timeout=PATIENCE)
        assert process.returncode == code, (
            f"{' '.join(arguments)} → {process.returncode}\n{out[-3000:]}\n{error[-3000:]}"
        )
        return out

    def run_failing(self, *arguments: str) -> str:
        """Run a command that has to refuse; return what it said."""
        process = self.start(*arguments)
        out, error = process.communicate(timeout=PATIENCE)
        assert process.returncode == 1, f"{' '.join(arguments)} → {process.returncode}\n{out[-3000:]}\n{error[-3000:]}"
        return error

    def work(self, name: str, **arguments: Any) -> Any:
        """Run one function of `tests.faults.work` in the helper process of this installation and return what it returned."""
        helper = _helpers.get(self.data)
        if helper is None:
            helper = _helpers[self.data] = self.start("serve", module="tests.faults.work")
        assert helper.stdin is not None
        assert helper.stdout is not None
        helper.stdin.write(json.dumps([name, arguments]) + "\n")
        helper.stdin.flush()
        said = json.loads(helper.stdout.readline() or json.dumps({"error": "the helper process died"}))
        assert "error" not in said, said["error"][-3000:]
        return said["answer"]

    def rest(self) -> None:
        """End the helper process, so that nothing has the database open."""
        helper = _helpers.pop(self.data, None)
        if helper is not None:
            helper.communicate(timeout=PATIENCE)

    def at_once(self, *works: tuple[str, dict[str, Any]]) -> list[Any]:
        """Run several functions of `tests.faults.work` in processes that begin together."""
        processes = [
            self.start(name, json.dumps({**given, "wait": True}), module="tests.faults.work") for name, given in works
        ]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n", process.communicate(timeout=PATIENCE)[1]
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        answers = []
        for process in processes:
            out, error = process.communicate(timeout=PATIENCE)
            assert process.returncode == 0, error[-3000:]
            answers.append(json.loads(out))
        return answers

    def doctor(self, *, files: bool = True) -> dict[str, list[str]]:
        """What `gongkai doctor` finds wrong, by check; empty when all is well. The exit code has to say the same."""
        process = self.start("doctor", "--json", *(["--files"] if files else []))
        out, error = process.communicate(timeout=PATIENCE)
        assert process.returncode in (0, 1), error[-3000:]
        problems = {check["name"]: check["problems"] for check in json.loads(out) if check["problems"]}
        assert (process.returncode == 1) == bool(problems)
        return problems

    def litter(self) -> list[str]:
        """Temporary files and directories that nobody removed. SQLite's own are none of ours: it takes their names away as soon as they
        are open, and one stays only when the process dies between the two."""
        found = self.temporary.iterdir() if self.temporary.exists() else ()
        return sorted(path.name for path in found if not path.name.startswith("etilqs_"))

    def make_litter_old(self) -> None:
        """Set the temporary files back by two days, so that the sweep sees that nobody uses them any more."""
        two_days_ago = time.time() - 2 * 86400
        for path in self.temporary.iterdir() if self.temporary.exists() else ():
            os.utime(path, (two_days_ago, two_days_ago))


def new_installation(directory: Path) -> Installation:
    """An empty installation with its tables."""
    installation = Installation(directory, _create_database() if server_url() else "")
    installation.data.mkdir(parents=True, exist_ok=True)
    installation.run("migrate", "--verbosity", "0")
    return installation


def copy_of(template: Installation, directory: Path) -> Installation:
    """The same installation again, to be changed at will."""
    template.rest()
    shutil.copytree(template.data, directory)
    return Installation(directory, _create_database(template.database_url) if template.database_url else "")


def remove(installation: Installation) -> None:
    """Drop the database and the directories."""
    installation.rest()
    if installation.database_url:
        with _maintenance() as run:
            run(f'DROP DATABASE IF EXISTS "{_name(installation.database_url)}" WITH (FORCE)')
    shutil.rmtree(installation.data, ignore_errors=True)
    shutil.rmtree(installation.temporary, ignore_errors=True)


def _create_database(template_url: str = "") -> str:
    name = f"gongkai_test_{uuid.uuid4().hex[:12]}"
    with _maintenance() as run:
        run(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{_name(template_url)}"' if template_url else ""))
    return urlunsplit(urlsplit(server_url())._replace(path=f"/{name}"))


def _name(url: str) -> str:
    return urlsplit(url).path.lstrip("/")


@contextlib.contextmanager
def _maintenance() -> Iterator[Any]:
    """A way to run statements on the server outside any transaction."""
    import psycopg

    with psycopg.connect(urlunsplit(urlsplit(server_url())._replace(path="/postgres")), autocommit=True) as connection:
        yield connection.execute
