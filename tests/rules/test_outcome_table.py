"""The tables in the documentation are the rules."""

from __future__ import annotations

from pathlib import Path

from gongkai.rules.outcome_table import letter_table_markdown, outcome_table_markdown

PAGE = Path(__file__).parents[2] / "docs" / "domain" / "outcomes.md"


def test_the_page_shows_outcomes_and_letters_as_the_rules_have_them() -> None:
    page = PAGE.read_text("utf-8")
    assert outcome_table_markdown() in page
    assert letter_table_markdown() in page


def test_the_table_tells_the_remedies_of_the_three_periods() -> None:
    rows = {line.split(" | ")[2]: line for line in outcome_table_markdown().splitlines()[2:]}
    assert rows["r08"].endswith("| A / B / B |")
    assert rows["r04"].endswith("| A / B + A / B + A |")
    assert rows["r12"].endswith("| A / A / A |")
    assert rows["r13"].endswith("| A / A / A |")
