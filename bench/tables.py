"""`python -m bench.tables --rows 50000`: a subsidy list from upload to page: time, memory, page weight.

In an installation of its own: the list (`bench.subsidy_list`) is uploaded, read and checked by the background process as in production, put
into the draft, published; then the pages of the table are asked for in one process, uncached. Wall times depend on what else the
machine does; CPU times less so.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench import subsidy_list
from bench.measurement import Measurement, table, write_json
from bench.scratch import ROOT, Scratch

CHECK_SECONDS, TASK_MB = 40.0, 200.0
WORKER = ("gongkai", "db_worker", "--batch", "--no-startup-delay", "--no-reload")


@dataclass(frozen=True, slots=True)
class Used:
    """What a process used: wall seconds, CPU seconds, resident MB at most."""

    wall: float
    cpu: float
    memory: float
    said: str


def main() -> int:
    """Make the list, bring it in, look at it."""
    parser = argparse.ArgumentParser(prog="bench.tables", description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    parser.add_argument("--items", type=int, help="not used; the runner gives it to every part")
    options, _ = parser.parse_known_args()
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as directory:
        measurements = _measure(Path(directory), options.rows)
    print(table(measurements))
    if options.json:
        write_json(measurements, options.json)
    return 0 if all(measurement.within for measurement in measurements) else 1


def _measure(directory: Path, rows: int) -> list[Measurement]:
    file = directory / "list.xlsx"
    size = subsidy_list.write(file, rows)
    scratch = Scratch(directory / "data")
    scratch.data.mkdir()
    scratch.run("migrate", "--verbosity", "0")
    uploaded = _run(scratch, "bench.table_steps", "upload", str(file))
    read = _run(scratch, *WORKER)
    scratch.run("columns", module="bench.table_steps")
    checked = _run(scratch, *WORKER)
    accepted = _run(scratch, "bench.table_steps", "accept")
    found = json.loads(accepted.said)
    total = uploaded.wall + read.wall + checked.wall + accepted.wall
    about = f"{rows:,} rows, {size / 1e6:.1f} MB xlsx"
    return [
        Measurement("table: upload", uploaded.wall, "s", peer=f"{uploaded.cpu:.1f} s CPU with the start of the process"),
        Measurement("table: sheets and heads read", read.wall, "s", peer=f"{read.cpu:.1f} s CPU, {read.memory:.0f} MB"),
        Measurement("table: checked, masked, written", checked.cpu, "s CPU", CHECK_SECONDS, peer=f"{checked.wall:.1f} s wall"),
        Measurement("table: memory of the check", checked.memory, "MB", TASK_MB),
        Measurement("table: accepted and published", found["seconds"], "s"),
        Measurement("table: upload to public page", total, "s", peer=about),
        Measurement("table: in the database", found["database"] / 1e6, "MB"),
        *(Measurement(f"table: download {name}", bytes_ / 1e6, "MB") for name, bytes_ in found["downloads"].items()),
        *(Measurement(**row) for row in json.loads(scratch.run("pages", module="bench.table_steps"))),
    ]  # fmt: skip


def _run(scratch: Scratch, module: str, *arguments: str) -> Used:
    """Run to its end and see what it used."""
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments], env=scratch.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    said = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments)} ended with {process.returncode}")
    return Used(time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said)


if __name__ == "__main__":
    sys.exit(main())
