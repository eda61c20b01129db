"""How often the facts are right on real documents, with the metadata withheld.

What counts as right, and on which documents, is defined in :mod:`bench.facts_accuracy`; ``python -m
bench.facts_accuracy --errors`` prints every row behind these figures.
"""

from pathlib import Path

import pytest
from bench.facts_accuracy import Tally, evaluate, evaluate_laws, rows, tianhe_rows

NUMBER, AGENCY, DATE, TITLE, SUBJECT = "文号 number", "机关 agency", "日期 date", "标题 title", "主题 subject"


@pytest.fixture(scope="module")
def from_text(shared_data: Path) -> dict[str, Tally]:
    return evaluate(rows(shared_data / "policy_docs" / "policies.dev.jsonl"), with_title=False, only_with_text=True)


@pytest.fixture(scope="module")
def from_title_and_text(shared_data: Path) -> dict[str, Tally]:
    return evaluate(rows(shared_data / "policy_docs" / "policies.dev.jsonl"), with_title=True, only_with_text=False)


THRESHOLDS = [
    (NUMBER, 0.97, "own numbers found, none invented"),
    (AGENCY, 0.90, "the body that issued it"),
    (DATE, 0.97, "the date of the signature"),
]


@pytest.mark.parametrize(("fact", "least", "reason"), THRESHOLDS, ids=[case[0] for case in THRESHOLDS])
def test_facts_the_text_holds_are_found_in_it(
    from_text: dict[str, Tally], fact: str, least: float, reason: str
) -> None:
    right, whole = from_text[fact].determinable()
    assert whole > 60
    assert right / whole >= least, "\n".join([reason, *from_text[fact].errors])


@pytest.mark.parametrize(("fact", "least", "reason"), THRESHOLDS, ids=[case[0] for case in THRESHOLDS])
def test_facts_title_and_text_hold_are_found_in_them(
    from_title_and_text: dict[str, Tally], fact: str, least: float, reason: str
) -> None:
    right, whole = from_title_and_text[fact].determinable()
    assert whole > 60
    assert right / whole >= least, "\n".join([reason, *from_title_and_text[fact].errors])


def test_no_number_is_invented_where_the_text_has_none(from_text: dict[str, Tally]) -> None:
    outcomes = from_text[NUMBER].outcomes
    assert outcomes["invented"] == 0
    assert outcomes["other number, not in material"] == 0


def test_titles_printed_in_the_text_are_read_from_it(from_text: dict[str, Tally]) -> None:
    right, whole = from_text[TITLE].determinable()
    assert right / whole >= 0.9, "\n".join(from_text[TITLE].errors)


def test_most_subjects_agree_with_the_portals_own(from_title_and_text: dict[str, Tally]) -> None:
    tally = from_title_and_text[SUBJECT]
    assert tally.right() / tally.total() >= 0.7, "\n".join(tally.errors)


@pytest.mark.parametrize("fact", [NUMBER, AGENCY, DATE, TITLE])
def test_facts_of_high_confidence_are_nearly_always_right(from_text: dict[str, Tally], fact: str) -> None:
    tally = from_text[fact]
    assert tally.confident > 30
    assert tally.confident_right / tally.confident >= 0.97, "\n".join(tally.errors)


def test_no_number_is_invented_from_pages_with_portal_furniture(shared_data: Path) -> None:
    tallies = evaluate(
        tianhe_rows(shared_data / "tianhe_policies" / "policies.dev.jsonl"), with_title=False, only_with_text=True
    )
    right, whole = tallies[NUMBER].determinable()
    assert (right, tallies[NUMBER].outcomes["invented"]) == (whole, 0), "\n".join(tallies[NUMBER].errors)


@pytest.mark.parametrize(
    ("name", "least"), [("xingzhengfagui", 0.97), ("bumenguizhang", 0.97), ("zhejiang_local", 0.97)]
)
def test_days_of_force_of_whole_regulations_are_read_from_their_last_article(
    shared_data: Path, name: str, least: float
) -> None:
    figures = evaluate_laws(rows(shared_data / "laws_docs" / f"{name}.jsonl"))
    determinable = int(figures["truth"]) - int(figures.get("truth not in text", "0"))
    assert int(figures["right"]) / determinable >= least, figures["errors"]
    assert figures["number invented"] == "0"
