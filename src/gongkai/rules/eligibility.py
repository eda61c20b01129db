"""政策匹配: whether a person or an enterprise meets the conditions of a policy, clause by clause, and what to ask first.

A convention of the product, not a decision: what is told is a hint and says on which sentence of the policy it rests; the agency
decides. The rules, simple enough to be written again for the browser (``tests/rules/data/eligibility_cases.json`` is for both):

1. A clause is *open* when its field is not answered, else *met* or *failed*. It is *near* when it failed, but would be met if its
   value were moved by its margin.
2. Only required clauses count, those on one field (from 18 to 60 years) as one condition. A policy is *not met* when a clause
   failed that is not near, or when two or more conditions failed; otherwise *open* when one is open, *nearly* met when one is near,
   and *met* when none is.
3. The required clauses are ranked: failed and not near, near, open, met; among equals by the code of the field, then of the
   operator. The first decides.

So an unanswered question never speaks against anybody, and no further answer changes *met* or *not met*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from gongkai.rules.eligibility_fields import Field, Operator, Party

Answer = str | bool | int | float | date | frozenset[str]
"""A code, yes or no, a number in the unit of the field, a date; of a field with multiple choices the set of codes."""
Answers = Mapping[str, Answer]
"""By code of the field; what is not answered is not there."""

FEWEST_QUESTIONS = 6
MOST_QUESTIONS = 10


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition: the answer to `field` compared by `operator` with `values`."""

    field: str
    operator: Operator
    values: tuple[str | bool | int | float | date, ...]
    """One, or several when the operator takes several."""
    source: str
    """The sentence of the policy it is taken from."""
    required: bool = True
    """False: it gives precedence (优先) and is told, but decides nothing."""
    margin: float = 0
    """By how much the answer may miss the value and be near: in the unit of the field, for dates in whole days; 0: by nothing."""

    @property
    def key(self) -> str:
        """What tells it from the other clauses of its policy: ``age at_least``."""
        return f"{self.field} {self.operator}"


@dataclass(frozen=True, slots=True)
class PolicyConditions:
    """All conditions of one policy, which must all be met."""

    policy: str
    """What the caller knows the policy by."""
    party: Party
    clauses: tuple[Clause, ...]
    """In the order of the policy, no two with the same key, at least one of them required."""


class Standing(StrEnum):
    """How a clause stands."""

    MET = "met"
    FAILED = "failed"
    OPEN = "open"


class Verdict(StrEnum):
    """How a policy stands."""

    MET = "met"
    NEARLY = "nearly"
    OPEN = "open"
    NOT_MET = "not_met"

    @property
    def label(self) -> str:
        """What the applicant reads."""
        return _VERDICT_LABELS[self]


_VERDICT_LABELS = {
    Verdict.MET: "初步符合",
    Verdict.NEARLY: "接近符合",
    Verdict.OPEN: "还需回答",
    Verdict.NOT_MET: "暂不符合",
}


@dataclass(frozen=True, slots=True)
class JudgedClause:
    """A clause with how it stands."""

    clause: Clause
    standing: Standing
    near: bool = False
    """It failed, but by no more than its margin."""

    @property
    def rank(self) -> tuple[int, str, str]:
        """The lower, the more it decides."""
        order = {Standing.FAILED: 1 if self.near else 0, Standing.OPEN: 2, Standing.MET: 3}
        return order[self.standing], self.clause.field, self.clause.operator


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a policy stands, why, and each clause in the order of the policy."""

    verdict: Verdict
    deciding: JudgedClause
    clauses: tuple[JudgedClause, ...]


def judge(conditions: PolicyConditions, answers: Answers) -> Judgement:
    """Judge `answers` by the conditions of one policy.

    Answers are of the type of their field (`eligibility_reading.read_answers`); those the policy does not ask for do not matter.
    Raises `ValueError` when no clause is required, for then nothing could decide.
    """
    clauses = tuple(_judge_clause(clause, answers.get(clause.field)) for clause in conditions.clauses)
    required = [one for one in clauses if one.clause.required]
    if not required:
        raise ValueError(f"no clause of {conditions.policy} is required")
    failed = [one for one in required if one.standing is Standing.FAILED]
    if len({one.clause.field for one in failed}) > 1 or any(not one.near for one in failed):
        verdict = Verdict.NOT_MET
    elif any(one.standing is Standing.OPEN for one in required):
        verdict = Verdict.OPEN
    else:
        verdict = Verdict.NEARLY if failed else Verdict.MET
    return Judgement(verdict, min(required, key=lambda one: one.rank), clauses)


def _judge_clause(clause: Clause, answer: Answer | None) -> JudgedClause:
    if answer is None:
        return JudgedClause(clause, Standing.OPEN)
    if _holds(clause, answer):
        return JudgedClause(clause, Standing.MET)
    return JudgedClause(clause, Standing.FAILED, bool(clause.margin) and _holds(_relaxed(clause), answer))


def _holds(clause: Clause, answer: Answer) -> bool:
    chosen = answer if isinstance(answer, frozenset) else frozenset([answer])
    match clause.operator:
        case Operator.IS | Operator.IS_ONE_OF:
            return any(value in chosen for value in clause.values)
        case Operator.ALL:
            return all(value in chosen for value in clause.values)
        case Operator.AT_LEAST | Operator.AFTER:
            return answer >= clause.values[0]  # type: ignore[operator]  # both are of the type of the field
        case Operator.AT_MOST | Operator.BEFORE:
            return answer <= clause.values[0]  # type: ignore[operator]
        case Operator.MORE_THAN:
            return answer > clause.values[0]  # type: ignore[operator]
        case Operator.LESS_THAN:
            return answer < clause.values[0]  # type: ignore[operator]


def _relaxed(clause: Clause) -> Clause:
    """The clause with its value moved by its margin."""
    value = clause.values[0]
    lower = clause.operator in (Operator.AT_LEAST, Operator.AFTER, Operator.MORE_THAN)
    margin = -clause.margin if lower else clause.margin
    if isinstance(value, date):
        return replace(clause, values=(value + timedelta(days=margin),))
    assert isinstance(value, int | float)  # only numbers and dates have a margin
    return replace(clause, values=(value + margin,))


def questions(policies: Iterable[PolicyConditions], fields: Mapping[str, Field]) -> tuple[Field, ...]:
    """The questions that part `policies` best, best first: six to ten of them, fewer only when fewer fields are used.

    Greedy: always the field that decides most policies no question has touched yet, then most policies at all, then the
    first in the order of `fields`. Beyond six, only what decides an untouched policy or more than one. The order of `policies`
    does not matter. Raises `KeyError` for a field that is not among `fields`.
    """
    deciding: dict[str, set[str]] = {code: set() for code in fields}
    for conditions in policies:
        for clause in conditions.clauses:
            if clause.required:
                deciding[clause.field].add(conditions.policy)
    left = [code for code, decided in deciding.items() if decided]
    touched: set[str] = set()
    chosen: list[Field] = []
    while left and len(chosen) < MOST_QUESTIONS:
        best = max(left, key=lambda code: (len(deciding[code] - touched), len(deciding[code])))
        if len(chosen) >= FEWEST_QUESTIONS and deciding[best] <= touched and len(deciding[best]) < 2:
            break
        chosen.append(fields[best])
        touched |= deciding[best]
        left.remove(best)
    return tuple(chosen)
