"""`kill -9` while the background checks a subsidy list: what is half made is never accepted, and the next run makes the whole once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.installation import Installation
from tests.faults.killing import ROUNDS, kill_after, moments, watch

pytestmark = [pytest.mark.xdist_group("processes"), pytest.mark.slow]
ROWS = 12_000
Install = Callable[..., Installation]


def writes(installation: Installation) -> Callable[[], bool]:
    """Tells when the first rows of the masked table have been committed."""
    return lambda: installation.work("table_facts")["rows"] > 0


def check(installation: Installation):
    return installation.start("check_table", "{}", module="tests.faults.work")


def test_a_check_killed_again_and_again_makes_the_table_once(install: Install, tmp_path: Path) -> None:
    prepared = install()
    prepared.work("table_draft", rows=ROWS)
    trial = install(prepared)
    undisturbed = watch(lambda: check(trial), writing=writes(trial))
    assert trial.work("table_facts")["rows"] == ROWS
    installation, killed, half = install(prepared), 0, 0
    for seconds in moments(undisturbed, seed=4, rounds=3 * ROUNDS):
        hit = kill_after(check(installation), seconds * 0.8, writing=writes(installation))
        facts = installation.work("table_facts")
        assert facts["tables"] <= 1 and facts["in_order"]
        if facts["state"] == "checking":
            half += facts["rows"] > 0
            assert installation.work("accept_table") == ["table_unchecked"]
        else:  # all done before the kill: the next one needs something to do
            assert facts["rows"] == ROWS
            installation = install(prepared)
        killed += hit
        if killed >= ROUNDS:
            break
    assert killed >= ROUNDS * 0.6 and half, "the kills came too late to prove anything"
    check(installation).communicate(timeout=120)
    facts = installation.work("table_facts")
    assert (facts["state"], facts["rows"], facts["tables"], facts["accepted"]) == ("checked", ROWS, 1, 0)
    assert facts["in_order"] and facts["downloads"] == 2, "the files of tables that were thrown away went with them"
    assert installation.work("accept_table") == []
    assert installation.work("table_facts")["accepted"] == 1
    installation.make_litter_old()
    installation.run("tick")
    assert installation.litter() == []
