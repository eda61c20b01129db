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
from dataclasses import replace
from pathlib import Path

from bench import changing, importing, office, pages, search_embedded
from bench.measurement import Measurement, read_json, table, write_json
from bench.scratch import ROOT, Scratch


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
    parser.add_argument(
        "--length", type=int, help="characters of a document of the search part (default 3000, from 100000 on 600)"
    )
    parser.add_argument("--documents", type=int, default=6_000, help="documents to import (default 6000)")
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="use this data directory again; filled when it is empty"
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="make the data directory here and keep it")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="parts to run (default: all)")
    options = parser.parse_args()
    options.length = options.length or (600 if options.items >= 100_000 else 3_000)
    return options


Part = Callable[[argparse.Namespace, Scratch, Path], list[Measurement]]
PARTS: dict[str, Part] = {
    "import": lambda options, scratch, work: importing.import_rates(work, options.documents),
    "pages": lambda options, scratch, work: pages.uncached_pages(scratch),
    "office": lambda options, scratch, work: office.office_pages(scratch),
    "cached": lambda options, scratch, work: pages.cached_pages(scratch),
    "memory": lambda options, scratch, work: pages.memory(scratch),
    "visible": lambda options, scratch, work: changing.seconds_until_found(scratch),
    "changing": lambda options, scratch, work: changing.reading_while_writing(scratch),
    "comparison": lambda options, scratch, work: _apart("bench.comparison", options, work),
    "tables": lambda options, scratch, work: _apart("bench.tables", options, work),
    "cases": lambda options, scratch, work: _apart("bench.cases", options, work),
    "case-rush": lambda options, scratch, work: _apart("bench.case_rush", options, work),
    "suggestions": lambda options, scratch, work: _apart("bench.suggestions", options, work),
    "search": lambda options, scratch, work: _apart(
        "bench.search_embedded", options, work, "--length", str(options.length)
    ),
}


def _measure(options: argparse.Namespace, scratch: Scratch, work: Path) -> list[Measurement]:
    if set(options.only) - {"import", "comparison", "tables", "cases", "case-rush", "suggestions", "search"}:
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
    return _results_pages(measurements, options.items)


def _results_pages(measurements: list[Measurement], items: int) -> list[Measurement]:
    """Put the budget of search beside the whole results pages too: their share of what FTS5 took for its part alone in this run."""
    peer = next((m.value for m in measurements if m.name == search_embedded.PEER), None)
    ratio = search_embedded.budget(items)
    if peer is None or ratio is None:
        return measurements
    names = {f"portal {name}, uncached, CPU p50" for name in pages.RESULTS}
    return [
        replace(m, budget=peer * ratio, peer=f"FTS5, search alone: {peer:.1f} ms") if m.name in names else m
        for m in measurements
    ]


def _apart(module: str, options: argparse.Namespace, work: Path, *arguments: str) -> list[Measurement]:
    """The figures of a module that makes its own documents, run in a process of its own."""
    figures = work / f"{module}.json"
    command = [sys.executable, "-m", module, "--items", str(options.items), "--json", str(figures), *arguments]
    subprocess.run(command, stdout=subprocess.DEVNULL, cwd=ROOT)  # its status says what the table will say too
    return read_json(figures)


def _note(text: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
