"""`python -m bench --items 30000`: one run, one table, each figure beside its budget; exit status 1 when one is over.

Examples:
  python -m bench --items 2000                          a quick look
  python -m bench --items 300000 --data /srv/bench      the big one; the second run uses the same district again
  python -m bench --only pages memory --data /srv/bench
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench import importing, pages
from bench.measurement import Measurement, table, write_json
from bench.scratch import ROOT, Scratch

SEARCH_RATIO = ((300_000, 1 / 8), (0, 1 / 3))
"""Most that search may take of the CPU of FTS5, from this number of documents on."""


def main() -> int:
    """Fill, measure, print."""
    options = _options()
    data = options.data or options.keep or Path(tempfile.mkdtemp(prefix="gongkai-bench-"))
    work = Path(tempfile.mkdtemp(prefix="gongkai-bench-import-"))
    try:
        measurements = _measure(options, Scratch(data.resolve()), work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if not (options.data or options.keep):
            shutil.rmtree(data, ignore_errors=True)
    print(table(measurements))
    if options.json:
        write_json(measurements, options.json)
    return 0 if all(measurement.within for measurement in measurements) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=30_000, help="items of the sample district (default 30000)")
    parser.add_argument("--documents", type=int, default=3_000, help="documents to import (default 3000)")
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="use this data directory again; filled when it is empty"
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="make the data directory here and keep it")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="parts to run (default: all)")
    return parser.parse_args()


Part = Callable[[argparse.Namespace, Scratch, Path], list[Measurement]]
PARTS: dict[str, Part] = {
    "import": lambda options, scratch, work: importing.import_rates(work, options.documents),
    "pages": lambda options, scratch, work: pages.uncached_pages(scratch),
    "cached": lambda options, scratch, work: pages.cached_pages(scratch),
    "memory": lambda options, scratch, work: pages.memory(scratch),
    "visible": lambda options, scratch, work: importing.seconds_until_found(scratch),
    "search": lambda options, scratch, work: _search(options.items),
}


def _measure(options: argparse.Namespace, scratch: Scratch, work: Path) -> list[Measurement]:
    if set(options.only) - {"import", "search"}:
        _note(f"filling {scratch.data} with {options.items} items")
        scratch.fill(options.items)
    measurements: list[Measurement] = []
    for name in options.only:
        _note(name)
        try:
            measurements += PARTS[name](options, scratch, work)
        except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
            # one part that fails must not cost the figures of the others; a budget of nothing makes the run fail
            measurements.append(Measurement(f"{name}: FAILED", 1, "failure", 0, peer=str(error)[:120]))
    return measurements


def _search(items: int) -> list[Measurement]:
    """Search against FTS5, by `bench.search_embedded` in a process of its own; it prints its ratio of median CPU."""
    said = subprocess.run(
        [sys.executable, "-m", "bench.search_embedded", "--items", str(items)],
        check=True,
        text=True,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    ).stdout
    rows = {line.split("  ")[0].strip(): line.split()[-3:] for line in said.splitlines() if line[:24].strip()}
    budget = next(ratio for least, ratio in SEARCH_RATIO if items >= least)
    ours, peer = float(rows["embedded"][0]), float(rows["SQLite FTS5"][0])
    return [
        Measurement(
            "search page, share of FTS5's CPU",
            ours / peer,
            "ratio",
            budget,
            "at most",
            f"{ours:.2f} ms, FTS5 {peer:.2f} ms",
        )
    ]


def _note(text: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
