"""The clauses and answers of 政策匹配 in words; ``policy_matching.js`` says them the same way (one table for both)."""

from __future__ import annotations

from datetime import date

from gongkai.rules.eligibility import Answer, Clause, JudgedClause, Standing
from gongkai.rules.eligibility_fields import Field, FieldType


def value_words(field: Field, value: object) -> str:
    """One value of a clause or an answer."""
    if field.type is FieldType.CHOICE:
        return field.choices.get(str(value), str(value))
    if field.type is FieldType.FLAG:
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    number = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return f"{number} {field.unit}".rstrip()


def clause_words(clause: Clause, field: Field) -> str:
    """What the clause asks for: ``年龄不低于 60 周岁``."""
    values = "、".join(value_words(field, value) for value in clause.values)
    if field.type is FieldType.FLAG:
        return f"{field.label}：{values}"
    return f"{field.label}{clause.operator.label} {values}"


def answer_words(field: Field, answer: Answer | None) -> str:
    """What was answered: ``您填写 58 周岁``; ``您没有回答`` for nothing."""
    if answer is None:
        return "您没有回答"
    if isinstance(answer, frozenset):
        chosen = "、".join(label for code, label in field.choices.items() if code in answer)
        return f"您选择“{chosen}”" if chosen else "您都没有选择"
    verb = "填写" if field.type in (FieldType.NUMBER, FieldType.DATE) else "选择"
    words = value_words(field, answer)
    return f"您填写 {words}" if verb == "填写" else f"您选择“{words}”"


def deciding_words(judged: JudgedClause, field: Field, answer: Answer | None) -> str:
    """Why a policy stands as it does: the clause that decides, and what was answered to it."""
    standing = {
        Standing.MET: "符合",
        Standing.OPEN: "还需回答",
        Standing.FAILED: "相差不多" if judged.near else "不符合",
    }
    return f"{standing[judged.standing]}：{clause_words(judged.clause, field)}（{answer_words(field, answer)}）"
