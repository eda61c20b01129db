"""办理结果: the leaves of table three of the annual report, and what a case and its decision must have for each.

One case has one outcome, which is one row of the table (国办公开办函〔2021〕30号); a letter may have more variants than there are rows. The
leaves stand as data in ``data/outcomes.toml``. 《条例》§14–16, §30, §35–39, §42.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gongkai.rules.vocabulary import VocabularyError, cached_data, data_file, read_toml

FIRST_ROW, LAST_ROW = 3, 23
"""The rows of table three that are outcomes: r03 to r23."""


class CaseFact(StrEnum):
    """What must be on file before an outcome may be chosen."""

    CORRECTION_ANSWERED = "correction_answered"
    """The applicant answered the one correction notice (§30)."""
    STILL_UNCLEAR = "still_unclear"
    """The office found the request unclear after that."""
    CORRECTION_LAPSED = "correction_lapsed"
    """The period of the correction notice ran out without an answer (§30)."""
    PAYMENT_LAPSED = "payment_lapsed"
    """The period of the fee notice ran out without payment (国办函〔2020〕109号 §6)."""
    REASONS_ASKED = "reasons_asked"
    """The applicant was asked for his reasons (§35)."""
    REASONS_TERM_OVER = "reasons_term_over"
    """He gave them, or the time for it is over."""
    EARLIER_REPLY = "earlier_reply"
    """The same request was answered before (§36(6))."""
    THIRD_PARTY_HEARD = "third_party_heard"
    """The third party was asked in writing, or the decision says why not (§32)."""


class RemedyRule(StrEnum):
    """Which rule of ``remedies.toml`` an outcome comes under."""

    NONE = "none"
    """No remedy clause: an act of procedure."""
    DIRECT = "direct"
    """Reconsideration or suit, as the applicant likes."""
    WITHHOLDING = "withholding"
    """Withheld under §14, §15 or §16."""
    SEVERANCE = "severance"
    """Withheld in part: as `WITHHOLDING` for what §14–16 withhold, as `DIRECT` for the rest."""
    SPECIAL_RULE = "special_rule"
    """§36(7): a named setting decides (`special_rule_remedy`)."""


@dataclass(frozen=True, slots=True)
class OutcomeGroup:
    """A heading of the third part of the table: 予以公开 … 其他处理."""

    code: str
    label: str
    number: str
    """（一） to （六）."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One leaf."""

    code: str
    label: str
    """The words of the table."""
    group: OutcomeGroup
    row: str
    """r03 to r23."""
    articles: tuple[str, ...]
    letters: tuple[str, ...]
    """Codes of the letters it may be told by, the usual one first."""
    remedy: RemedyRule
    needs: tuple[CaseFact, ...]
    fields: tuple[str, ...]
    """Fields of the decision that must be filled in, whichever letter is chosen."""

    @property
    def letter(self) -> str:
        """The usual letter."""
        return self.letters[0]

    @property
    def discloses(self) -> bool:
        """Whether the applicant gets the information, or a part of it."""
        return self.group.code in ("disclosed", "partially_disclosed")


def outcomes() -> Mapping[str, Outcome]:
    """All outcomes by code, in the order of the table. Raises `VocabularyError` when the data file is faulty."""
    return _load("outcomes")


def outcome_of_row(row: str) -> Outcome:
    """The outcome that is row `row` (r03 … r23). Raises `KeyError` for any other."""
    return next((one for one in outcomes().values() if one.row == row), None) or _no_row(row)


def outcomes_of_letter(letter: str) -> tuple[Outcome, ...]:
    """The outcomes that the letter with this code may tell; empty for a letter that closes nothing."""
    return tuple(one for one in outcomes().values() if letter in one.letters)


def _no_row(row: str) -> Outcome:
    raise KeyError(row)


@cached_data
def _load(name: str) -> Mapping[str, Outcome]:
    path = data_file(name)
    data = read_toml(path)
    rows, heads = data.get("outcomes"), data.get("groups")
    if not isinstance(rows, list) or not isinstance(heads, list):
        raise VocabularyError(f"{path.name}：缺少 groups 或者 [[outcomes]]。")
    try:
        groups = {head["code"]: OutcomeGroup(head["code"], head["label"], head["number"]) for head in heads}
    except (KeyError, TypeError) as error:
        raise VocabularyError(f"{path.name}：groups 有误：{error}。") from error
    found: dict[str, Outcome] = {}
    for position, row in enumerate(rows, start=1):
        where = f"{path.name}：第{position}项"
        try:
            outcome = _outcome(row, groups)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise VocabularyError(f"{where}有误：{error}。") from error
        if outcome.code in found or not (outcome.letters and outcome.articles and outcome.label):
            raise VocabularyError(f"{where}“{outcome.code}”重复，或者没有名称、依据、文书。")
        found[outcome.code] = outcome
    expected = [f"r{number:02}" for number in range(FIRST_ROW, LAST_ROW + 1)]
    if [one.row for one in found.values()] != expected:
        raise VocabularyError(f"{path.name}：row 应当依次为 {expected[0]} 至 {expected[-1]}，每行一项。")
    return found


def _outcome(row: Mapping[str, object], groups: Mapping[str, OutcomeGroup]) -> Outcome:
    """One row of the file. Raises `KeyError`, `TypeError` or `ValueError` for what cannot be."""
    return Outcome(
        _word(row, "code"),
        _word(row, "label"),
        groups[_word(row, "group")],
        _word(row, "row"),
        _words(row, "articles"),
        _words(row, "letters"),
        RemedyRule(_word(row, "remedy")),
        tuple(CaseFact(fact) for fact in _words(row, "needs")),
        _words(row, "fields"),
    )


def _word(row: Mapping[str, object], key: str) -> str:
    value = row[key]
    if not isinstance(value, str):
        raise TypeError(f"{key} 应当是文字")
    return value


def _words(row: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = row[key]
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise TypeError(f"{key} 应当是文字的列表")
    return tuple(value)
