"""Many applicants and many clerks at the same moment; the full size is `python -m bench.case_rush`."""

from __future__ import annotations

import pytest
from bench.case_rush import applications, clerks

from tests.faults.installation import Installation

pytestmark = pytest.mark.xdist_group("processes")


def test_many_applications_at_once_and_many_clerks_on_the_same_cases_lose_and_double_nothing(
    installation: Installation,
) -> None:
    _, wrong = applications(installation, 12, processes=2)
    assert wrong == []
    _, wrong = clerks(installation, 4, processes=2)
    assert wrong == []


def test_one_form_sent_by_two_processes_at_once_is_one_application(installation: Installation) -> None:
    given = {"first": 1, "count": 8}
    answers = installation.at_once(("apply_at_once", given), ("apply_at_once", given))
    numbers = [sorted(number for number, _, _ in answer) for answer in answers]
    facts = installation.work("case_facts")
    assert numbers == [facts["tracking"], facts["tracking"]], "both are told the same numbers"
    assert (facts["submissions"], facts["cases"], facts["events"]) == (8, 8, {"submit": 8})
