"""`kill -9` while answers are signed and served, applications come in and copies are made: nothing is lost, nothing is there twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.documents.redaction.makers import one_page
from tests.faults.installation import Installation
from tests.faults.killing import ROUNDS, kill_after, moments, watch
from tests.faults.test_kill import writes

pytestmark = [pytest.mark.xdist_group("processes"), pytest.mark.slow]
CASES, APPLICATIONS = 12, 40
Install = Callable[..., Installation]


def test_a_crash_between_decision_and_service_leaves_every_answer_with_one_letter_and_one_service(
    install: Install,
) -> None:
    prepared = install()
    prepared.work("cases", count=CASES)
    trial = install(prepared)
    undisturbed = watch(lambda: trial.start("sign_and_serve", "{}", module="tests.faults.work"), writing=writes(trial))
    assert trial.work("case_facts")["states"] == {"closed": CASES}
    installation, killed, pace = install(prepared), 0, 0.5
    for seconds in moments(undisturbed, seed=5, rounds=3 * ROUNDS):
        process = installation.start("sign_and_serve", "{}", module="tests.faults.work")
        hit = kill_after(process, seconds * pace, writing=writes(installation))
        killed, pace = killed + hit, pace if hit else pace / 2
        facts = installation.work("case_facts")
        signed = sum(n for state, n in facts["states"].items() if state in ("awaiting_service", "closed"))
        assert facts["letters"].get("disclosed", 0) == signed, "an answer without its letter, or the other way round"
        assert facts["letters"].get("service_receipt", 0) == facts["states"].get("closed", 0)
        assert facts["twice"] == []
        if facts["states"] == {"closed": CASES}:
            installation = install(prepared)
        if killed == ROUNDS:
            break
    assert killed >= ROUNDS * 0.6, "the kills came too late to prove anything"
    assert installation.work("sign_and_serve") == CASES
    facts = installation.work("case_facts")
    assert facts["letters"] == {"receipt_notice": CASES, "disclosed": CASES, "service_receipt": CASES}
    assert facts["numbers"] == facts["numbered"], "two letters have one number"
    assert installation.doctor() == {}


def test_applications_killed_on_their_way_in_are_there_once_with_their_files(install: Install) -> None:
    trial = install()
    given = f'{{"count": {APPLICATIONS}}}'
    undisturbed = watch(
        lambda: trial.start("apply_with_files", given, module="tests.faults.work"), writing=writes(trial)
    )
    installation, killed, pace = install(), 0, 0.5
    for seconds in moments(undisturbed, seed=6, rounds=3 * ROUNDS):
        process = installation.start("apply_with_files", given, module="tests.faults.work")
        hit = kill_after(process, seconds * pace, writing=writes(installation))
        killed, pace = killed + hit, pace if hit else pace / 2
        facts = installation.work("case_facts")
        assert facts["submissions"] == facts["cases"] == facts["application_files"]
        if facts["submissions"] == APPLICATIONS:
            installation = install()
        if killed == ROUNDS:
            break
    assert killed >= ROUNDS * 0.6, "the kills came too late to prove anything"
    assert installation.work("apply_with_files", count=APPLICATIONS) == APPLICATIONS
    facts = installation.work("case_facts")
    assert (facts["cases"], facts["application_files"]) == (APPLICATIONS, APPLICATIONS)
    assert installation.doctor() == {}
    installation.make_litter_old()
    installation.run("tick")
    assert installation.litter() == []


def test_a_redaction_killed_while_it_is_burnt_is_made_once(install: Install, tmp_path: Path) -> None:
    drawn = b"".join(b"BT /H 14 Tf 40 %d Td (13900001234) Tj ET\n" % y for y in (240, 200))
    paper = one_page(tmp_path / "paper.pdf", drawn, {})
    prepared = install()
    prepared.work("cases", count=1)
    prepared.work("redaction", path=str(paper))
    trial = install(prepared)
    undisturbed = watch(lambda: trial.start("burn", "{}", module="tests.faults.work"), writing=writes(trial))
    assert trial.work("case_facts")["copies"] == 1
    installation = install(prepared)
    for seconds in moments(undisturbed, seed=7):
        kill_after(installation.start("burn", "{}", module="tests.faults.work"), seconds, writing=lambda: True)
        assert installation.work("case_facts")["copies"] in (0, 1)
        assert installation.doctor() == {}
    assert installation.work("burn") == 1
    assert installation.work("burn") == 1, "once more changes nothing"
    assert installation.doctor() == {}
