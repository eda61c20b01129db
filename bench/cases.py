"""`python -m bench.cases --cases 20000`: the desk of information requests with five years of cases (`bench.case_load`).

In an installation of its own: the list and its filters, a case, the worklist, tables three and four, and the sweep of the deadlines. The
tables are measured against the same counting as one plain SQL statement, the sweep against what it must read at least.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from bench.measurement import Measurement, quantile, table, write_json
from bench.scratch import Scratch

PAGE_MS, REPORT_MS, LIST_QUERIES, WORKLIST_QUERIES, REPORT_QUERIES, CASE_QUERIES = 60.0, 180.0, 12, 20, 14, 40
"""The page of tables three and four is no list: it counts two years of cases anew and checks them against each other."""
FIGURES_TIMES, SWEEP_TIMES, LAPSE_TIMES = 4.0, 4.0, 2.5
"""Tables against plain SQL; a sweep that finds nothing, which reckons each case day by day, against reading them alone; one event that lapses
against one that a clerk enters."""
REPEATED = 20
LISTS = {
    "as it opens": "",
    "open, by day": "?open=1&sort=day",
    "overdue": "?light=overdue",
    "of a state": "?state=closed",
    "of an outcome": "?outcome=state_secret",
    "by text": "?q=%E5%AD%A6%E5%8C%BA",
    "by day of receipt": "?from=2024-01-01&to=2024-03-31",
}


def main() -> int:
    """Write the cases, measure, print."""
    parser = argparse.ArgumentParser(prog="bench.cases", description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    parser.add_argument("--data", type=Path, metavar="DIR", help="use the cases of this data directory again")
    parser.add_argument("--items", type=int, help="not used; the runner gives it to every part")
    parser.add_argument("--steps", action="store_true", help=argparse.SUPPRESS)
    options, _ = parser.parse_known_args()
    if options.steps:
        _steps()
        return 0
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as directory:
        measurements = _measure(Scratch((options.data or Path(directory) / "data").resolve()), options.cases)
    print(table(measurements))
    if options.json:
        write_json(measurements, options.json)
    return 0 if all(measurement.within for measurement in measurements) else 1


def _measure(scratch: Scratch, cases: int) -> list[Measurement]:
    scratch.data.mkdir(parents=True, exist_ok=True)
    if not (scratch.data / "bench-cases").exists():
        scratch.run("migrate", "--verbosity", "0")
        started = time.monotonic()
        events = scratch.run(str(cases), module="bench.case_load").strip()
        (scratch.data / "bench-cases").write_text(f"{cases} {events} {time.monotonic() - started:.1f}")
    count, events, seconds = (scratch.data / "bench-cases").read_text().split()
    written = Measurement("cases: written", float(seconds), "s", peer=f"{count} cases, {events} events")
    return [written, *(Measurement(**row) for row in json.loads(scratch.run("--steps", module="bench.cases")))]


# --- in the measured process ----------------------------------------------------------------------------------------------
def _steps() -> None:
    import django

    django.setup()
    found = [*_pages(), *_figures(), *_sweep(), *_doctor()]
    print(json.dumps([asdict(one) for one in found]))


def _pages() -> Iterator[Measurement]:
    from bench.pages import measure, signed_in
    from gongkai.foi.models import Case
    from gongkai.organisations.models import User

    for role, name in (("district office", "district_office0"), ("clerk", "clerk1")):
        user = User.objects.get(username=name)
        cookie = signed_in(user)
        body = user.memberships.get().organisation_id
        case = Case.objects.filter(organisation_id=body, state="closed").latest("pk").pk
        asked = {f"list {name}": (f"/office/cases/{query}", LIST_QUERIES) for name, query in LISTS.items()} | {
            "case": (f"/office/cases/{case}/", CASE_QUERIES),
            "worklist": ("/office/", WORKLIST_QUERIES),
            "figures page": ("/office/cases/figures/", REPORT_QUERIES),
        }
        for page, (path, queries) in asked.items():
            most = REPORT_MS if page == "figures page" else PAGE_MS
            yield from measure(f"cases: {page}, {role}", [path] * REPEATED, budget=most, queries=queries, cookie=cookie)


def _best(work: Callable[[], object], times: int = 7) -> float:
    """CPU and waiting together, milliseconds: the median of several runs."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return quantile(taken, 0.5)


def _figures() -> Iterator[Measurement]:
    from gongkai.foi import figures

    today = date.today()
    for year in (today.year - 2, today.year):
        span = figures.Span(year, min(today, date(year, 12, 31)))
        plain = _best(lambda span=span: _counted_plainly(span))  # type: ignore[misc]
        ours = _best(lambda span=span: figures.tables(span))  # type: ignore[misc]
        yield Measurement(
            f"cases: table three of {year}", ours / plain, "times", FIGURES_TIMES, peer=f"{ours:.0f} ms, plain SQL {plain:.0f} ms"
        )  # fmt: skip
        every = _best(lambda span=span: (figures.checked(span), figures.remedies(span), figures.promptness(span)), 3)  # type: ignore[misc]
        yield Measurement(f"cases: all figures of {year}, checked", every, "ms")


def _counted_plainly(span: Any) -> list[tuple[Any, ...]]:
    from django.db import connection

    first, last = span.first, span.last
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organisation_id, category, outcome, SUM(CASE WHEN received_on >= %s THEN 1 ELSE 0 END),"
            " SUM(CASE WHEN received_on < %s THEN 1 ELSE 0 END), SUM(CASE WHEN decided_on BETWEEN %s AND %s THEN 1 ELSE 0 END),"
            " SUM(CASE WHEN decided_on IS NULL OR decided_on > %s THEN 1 ELSE 0 END) FROM foi_case"
            " WHERE received_on <= %s AND (decided_on IS NULL OR decided_on >= %s) AND state <> 'void' AND origin <> 'rehandling'"
            " GROUP BY organisation_id, category, outcome",
            [first, first, first, last, last, last, first],
        )
        return list(cursor.fetchall())


def _sweep() -> Iterator[Measurement]:
    from django.db.models import Q

    from gongkai.foi.batches import facts_by_case
    from gongkai.foi.models import Case
    from gongkai.foi.sweep import sweep

    note = _note()
    started = time.perf_counter()
    done = sweep()
    first = (time.perf_counter() - started) * 1000
    if done.failed or not done.lapsed:
        raise RuntimeError(f"the sweep recorded {done.lapsed} and failed at {done.failed[:10]}")
    about = f"{first:.0f} ms, {done.lapsed} lapsed, {done.refreshed} brought to date; an event by a clerk {note:.1f} ms"
    yield Measurement(
        "cases: one event that lapses, in the sweep", first / done.lapsed / note, "times", LAPSE_TIMES, peer=about
    )
    moving = list(
        Case.objects.filter(Q(stopped=True) | Q(due_provisional=True), closed_on=None).values_list("pk", flat=True)
    )
    read = _best(lambda: list(facts_by_case(sorted(moving))), 5)
    again = _best(sweep, 5)
    yield Measurement(
        "cases: sweep that finds nothing", again / read, "times", SWEEP_TIMES,
        peer=f"{again:.0f} ms; reading {len(moving)} cases {read:.0f} ms",
    )  # fmt: skip


def _note() -> float:
    """Milliseconds of an event that a clerk enters: the peer of one that the clock brings about."""
    from gongkai.foi.models import Case
    from gongkai.foi.recording import Wanted, act
    from gongkai.organisations.actors import actor_for
    from gongkai.organisations.models import User
    from gongkai.rules.case_events import CaseEvent as Event

    user = User.objects.get(username="clerk1")
    clerk = actor_for(user)
    keys = iter(
        Case.objects.filter(organisation_id=user.memberships.get().organisation_id).values_list("pk", flat=True)[:30]
    )
    return _best(lambda: act(actor=clerk, case_id=next(keys), wanted=Wanted(Event.NOTE, {"text": "示例"})), 30)


def _doctor() -> Iterator[Measurement]:
    from gongkai.foi.soundness import faults

    started = time.perf_counter()
    if wrong := list(faults()):
        raise RuntimeError(f"the cases are not sound: {wrong[:3]}")
    yield Measurement("cases: looked through by the doctor", time.perf_counter() - started, "s")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings")
    sys.exit(main())
