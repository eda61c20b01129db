"""Information requests under load: applications at the same moment, then clerks who all work on the same cases.

    python -m bench.case_rush                                     on SQLite
    DATABASE_URL=postgresql://… python -m bench.case_rush         on PostgreSQL (needs a connection for each applicant: `max_connections`)

Whatever the speed, nothing may be lost or doubled: every application has one case and a tracking number of its own, every step that was
said to be taken is one event, chains are whole, registration numbers run without gap. Each such fault counts against a budget of none.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.measurement import Measurement, quantile, table, write_json

if TYPE_CHECKING:
    from tests.faults.installation import Installation

PROCESSES = 4
WAIT_SECONDS = 15.0
"""At most so long 95 of 100 applicants may wait who all send in the same moment; SQLite gives up after 30."""


def applications(installation: Installation, count: int, processes: int = PROCESSES) -> tuple[list[float], list[str]]:
    """`count` applications at once, then the same forms again: the seconds of the first, and what went wrong."""
    for repeated in (False, True):
        answers = [tuple(one) for part in _spread(installation, "apply_at_once", count, processes) for one in part]
        if not repeated:
            seconds = [taken for _, _, taken in answers]
    facts = installation.work("case_facts")
    wrong = []
    if any(not again for _, again, _ in answers):
        wrong.append("a form that was sent again was taken in again")
    if {number for number, _, _ in answers} != set(facts["tracking"]) or len(set(facts["tracking"])) != count:
        wrong.append("tracking numbers are not one for each application")
    if (facts["cases"], facts["events"]) != (count, {"submit": count}):
        wrong.append(f"{facts['cases']} cases, {facts['events']} for {count} applications")
    return seconds, wrong


def clerks(installation: Installation, count: int, processes: int = PROCESSES) -> tuple[list[float], list[str]]:
    """`count` clerks work through all cases at once: the seconds of each act, and what went wrong."""
    installation.work("many_clerks", count=count)
    cases = installation.work("case_facts")["cases"]
    answers = _spread(installation, "work_on_shared", count, processes)
    said = {name: sum(part["said"].get(name, 0) for part in answers) for part in answers for name in part["said"]}
    facts = installation.work("case_facts")
    wrong = list(_lost_or_doubled(said, facts, cases, count))
    wrong += [problem for problems in installation.doctor(files=False).values() for problem in problems]
    return [second for part in answers for second in part["seconds"]], wrong


def _lost_or_doubled(said: dict[str, int], facts: dict[str, Any], cases: int, count: int) -> Iterator[str]:
    events = facts["events"]
    if said["note"] != 2 * events["note"] or events["note"] != cases * count:
        yield f"{said['note']} notes acknowledged (each twice), {events['note']} written, {cases * count} sent"
    for step in ("confirm_receipt", "register", "claim"):
        if said.get(step, 0) != events.get(step, 0):
            yield f"{step}: {said.get(step, 0)} acknowledged, {events.get(step, 0)} written"
    for step in ("confirm_receipt", "register"):
        if events.get(step) != cases:
            yield f"{step}: {events.get(step)} times for {cases} cases"
    year = facts["registered"][0].split("年")[0]
    if set(facts["registered"]) != {f"{year}年第{number}号" for number in range(1, cases + 1)}:
        yield "registration numbers are not 1 and on without gap"
    if facts["audited"] != sum(events.values()):
        yield f"{facts['audited']} audit records for {sum(events.values())} events"


def _spread(installation: Installation, name: str, count: int, processes: int) -> list[Any]:
    """The work in several processes begun together, its `count` threads spread over them."""
    share = -(-count // processes)
    parts = [(start, min(share, count - start + 1)) for start in range(1, count + 1, share)]
    return installation.at_once(*((name, {"first": first, "count": number}) for first, number in parts))


def figures(submissions: int, people: int) -> list[Measurement]:
    """All figures, in an installation made for it and thrown away."""
    from tests.faults.installation import new_installation, remove, server_url

    with tempfile.TemporaryDirectory(prefix="gongkai-bench-cases-") as directory:
        installation = new_installation(Path(directory) / "data")
        try:
            installation.work("staff")
            began = time.monotonic()
            sent, wrong = applications(installation, submissions)
            took = time.monotonic() - began
            acts, more = clerks(installation, people)
        finally:
            remove(installation)
    for problem in (*wrong, *more):
        print(problem, file=sys.stderr)
    database = "PostgreSQL" if server_url() else "SQLite"
    name = f"{submissions} applications at once, {database}"
    return [
        Measurement(f"{name}, p50", quantile(sent, 0.5), "s"),
        Measurement(f"{name}, p95", quantile(sent, 0.95), "s", WAIT_SECONDS),
        Measurement(f"{name}, sent twice, processes included", took, "s"),
        Measurement(f"{people} clerks on shared cases, {len(acts)} acts, p50", quantile(acts, 0.5) * 1000, "ms"),
        Measurement(f"{people} clerks on shared cases, p95", quantile(acts, 0.95), "s", WAIT_SECONDS),
        Measurement("lost, doubled or inconsistent", len(wrong) + len(more), "faults", 0),
    ]


def main() -> int:
    """Measure, print; 1 when a budget is exceeded or anything was lost or doubled."""
    parser = argparse.ArgumentParser(
        prog="bench.case_rush", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--submissions", type=int, default=200, help="applications at once (default 200)")
    parser.add_argument("--clerks", type=int, default=50, help="clerks at once (default 50)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    parser.add_argument("--items", type=int, help="not used here; taken so that all benchmarks are called alike")
    options = parser.parse_args()
    found = figures(options.submissions, options.clerks)
    print(table(found))
    if options.json:
        write_json(found, options.json)
    return 0 if all(one.within for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
