"""The outcomes and letters of 依申请公开 as tables for the documentation (``docs/domain/outcomes.md``); a test compares them with the rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from gongkai.rules.decisions import required_fields
from gongkai.rules.letter_types import LetterRemedy, letter_types, mark_kinds
from gongkai.rules.outcomes import Outcome, RemedyRule, outcomes
from gongkai.rules.remedies import RemedyPath, remedy_path

DAYS = (date(2023, 12, 31), date(2024, 1, 1), date(2025, 6, 1))
"""A day of each period of the remedies."""
_WITHHELD = ("personal_privacy",)
_SHORT = {
    RemedyPath.NONE: "–",
    RemedyPath.DIRECT: "A",
    RemedyPath.RECONSIDERATION_FIRST: "B",
    RemedyPath.MIXED: "B + A",
}


def outcome_table_markdown() -> str:
    """One row for each outcome: article, row of table three, letters, what it needs, remedy in the three periods."""
    rows = [
        [
            "、".join(one.articles),
            f"{one.label} `{one.code}`",
            one.row,
            "、".join(f"{letter_types()[code].label} `{code}`" for code in one.letters),
            ", ".join(f"`{fact.value}`" for fact in one.needs) or "–",
            _fields(one),
            " / ".join(_SHORT[remedy_path(one.remedy, day, _grounds(one))] for day in DAYS),
        ]
        for one in outcomes().values()
    ]
    heads = ["Article", "Outcome", "Row", "Letters", "Facts needed", "Fields needed", "Remedy"]
    return _table(heads, rows)


def letter_table_markdown() -> str:
    """One row for each letter: article, number, addressee, when, remedy."""
    rows = [
        [
            f"{one.label} `{one.code}`",
            "、".join(one.articles),
            mark_kinds().get(one.mark, "–"),
            one.to.label,
            one.stage,
            {
                LetterRemedy.NONE: "–",
                LetterRemedy.OUTCOME: "by outcome",
                LetterRemedy.CASE: "by outcome of the case",
                LetterRemedy.DIRECT: "A",
            }[one.remedy],
        ]
        for one in letter_types().values()
    ]
    return _table(["Letter", "Articles", "Number", "To", "When", "Remedy"], rows)


def _grounds(outcome: Outcome) -> Sequence[str]:
    return _WITHHELD if outcome.remedy is RemedyRule.SEVERANCE else ()


def _fields(outcome: Outcome) -> str:
    found = []
    for letter in outcome.letters:
        needed = ", ".join(f"`{name}`" for name in required_fields(outcome, letter)) or "–"
        found.append(f"{letter}: {needed}" if len(outcome.letters) > 1 else needed)
    return "; ".join(found)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
