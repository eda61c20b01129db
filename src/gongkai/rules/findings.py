"""Findings: what a check says about something that is to be published, and which kinds of finding there are.

One type serves the gate before publication, `gongkai check` and later the sentinel and the assessment. What a rule is called, how
serious it is, on which article it rests and what is to be done stand as data in `data/review_rules.toml`, so that a district can
change them without a release; a check only says that the rule with this code is broken, where, and by what.
《保密法实施条例》§42 (先审查、后公开), 《个人信息保护法》§25, 国办秘函〔2019〕19号 (检查指标).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gongkai.rules.reasons import Reason
from gongkai.rules.vocabulary import VocabularyError, cached_data, data_file, read_toml

__all__ = [
    "Finding",
    "Fix",
    "FixKind",
    "ReviewRule",
    "Severity",
    "found",
    "refusals_to_set_aside",
    "review_rule",
    "review_rules",
]

LEAST_REASON = 4
"""Characters of a reason that says something."""


class Severity(StrEnum):
    """How much a finding weighs."""

    SERIOUS = "serious"
    """Nothing is published with it: it is mended, or a second person sets it aside with a reason."""
    WARNING = "warning"
    """Shown to everybody in the chain; it stops nothing."""

    @property
    def label(self) -> str:
        """The Chinese word."""
        return {"serious": "严重", "warning": "提醒"}[self.value]


class FixKind(StrEnum):
    """What one click may do about a finding without anybody having to think."""

    REPLACE = "replace"
    """Put `Fix.replacement` in the place of the evidence."""
    STRIP = "strip"
    """Take it out of the file that the public gets (properties, comments, hidden parts)."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A safe remedy."""

    kind: FixKind
    replacement: str = ""


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """One row of `review_rules.toml`."""

    code: str
    """`group.name`, e.g. `personal-data.mobile`."""
    label: str
    severity: Severity
    article: str
    remedy: str
    """Chinese sentence: what the writer is to do."""
    may_be_set_aside: bool = True
    """False: nobody has looked yet, so there is nothing to judge and no reason can stand in for looking."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or may be."""

    rule: str
    severity: Severity
    message: str
    """Chinese sentence: what is wrong here."""
    text: str = ""
    """The evidence as it stands there; empty when something is missing."""
    start: int | None = None
    end: int | None = None
    """Characters of the examined text (`text.checks.Material.text`); None when it has no place in it."""
    place: str = ""
    """Where that is, for people: 正文, 标题, 工作表“名单”B3, 批注, 文件属性 …"""
    suggestion: str = ""
    """What is to be done, or the text to put there."""
    fix: Fix | None = None


def found(
    code: str,
    *,
    message: str = "",
    text: str = "",
    start: int | None = None,
    end: int | None = None,
    place: str = "",
    suggestion: str = "",
    fix: Fix | None = None,
) -> Finding:
    """A finding of the rule `code`, with its severity, and with its label and remedy where no other words are given.

    Raises `KeyError` for an unknown code.
    """
    rule = review_rule(code)
    return Finding(
        code, rule.severity, message or f"{rule.label}。", text, start, end, place, suggestion or rule.remedy, fix
    )


def review_rule(code: str) -> ReviewRule:
    """The rule with this code. Raises `KeyError` when there is none."""
    return review_rules()[code]


def review_rules() -> dict[str, ReviewRule]:
    """All rules by code, in the order of the file. Raises `VocabularyError` when the file is faulty."""
    return _load("review_rules")


@cached_data
def _load(name: str) -> dict[str, ReviewRule]:
    path = data_file(name)
    rows = read_toml(path).get("rules")
    if not isinstance(rows, list) or not rows:
        raise VocabularyError(f"{path.name}：没有任何 rules 条目。")
    rules: dict[str, ReviewRule] = {}
    for position, row in enumerate(rows, start=1):
        where = f"{path.name}：第{position}个条目"
        if not isinstance(row, dict):
            raise VocabularyError(f"{where}不是一张表。")
        columns = {key: str(value).strip() for key, value in row.items()}
        for key in ("code", "label", "severity", "remedy"):
            if not columns.get(key):
                raise VocabularyError(f"{where}缺少 {key}。")
        if columns["severity"] not in set(Severity):
            raise VocabularyError(f"{where}的 severity 应当为 serious 或 warning，现为“{columns['severity']}”。")
        if columns["code"] in rules:
            raise VocabularyError(f"{where}的 code“{columns['code']}”重复。")
        rules[columns["code"]] = ReviewRule(
            columns["code"],
            columns["label"],
            Severity(columns["severity"]),
            columns.get("article", ""),
            columns["remedy"],
            row.get("set_aside", True) is not False,
        )
    return rules


def refusals_to_set_aside(
    severity: Severity, *, actor_id: int, author_id: int | None, reason: str, may_be_set_aside: bool = True
) -> list[Reason]:
    """Why a finding may not be left as it is: a serious one is set aside by somebody else than the writer; both need a reason.

    《保密法实施条例》§42 (审查责任); the reason is audited. Whether the actor's role allows it is asked of `rules.access.can`.
    """
    reasons = []
    if not may_be_set_aside:
        message = "尚未检查的内容不能放行，请等待检查完成。"
        reasons.append(Reason("not_examined", message, "《保密法实施条例》§42 先审查、后公开"))
    if severity is Severity.SERIOUS and actor_id == author_id:
        message = "严重问题不能由起草人自己放行，请改正，或者请审核、签发人员说明理由后放行。"
        reasons.append(Reason("second_person", message, "《保密法实施条例》§42"))
    if len(reason.strip()) < LEAST_REASON:
        message = f"请写明理由（不少于{LEAST_REASON}个字），例如法定公开依据、经何人核实。"
        reasons.append(Reason("reason", message, "《保密法实施条例》§42", "reason"))
    return reasons
