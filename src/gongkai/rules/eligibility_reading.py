"""Conditions and answers of 政策匹配 as JSON, read with every fault named: the form in which they are kept and sent to the browser.

Conditions: ``{"policy", "party", "clauses": [{"field", "operator", "values": […], "source", "required", "margin"}]}``; ``required``
is true and ``margin`` 0 when left out. Answers: an object of values by field, null for what is not answered. Dates are
``2026-11-26``, flags true or false, answers to multiple choices lists of codes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, TypeGuard

from gongkai.rules.eligibility import Answer, Clause, PolicyConditions
from gongkai.rules.eligibility_fields import Field, FieldType, Operator, Party
from gongkai.rules.reasons import Reason, Refused

JsonObject = dict[str, Any]

LARGEST = 10**12
"""No number of a policy or an answer is above it, so that Python and the browser compare alike."""
_DATE = re.compile(r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")
"""Years in which a margin leads to no day that does not exist."""
_CONDITION_NAMES = frozenset({"policy", "party", "clauses"})
_CLAUSE_NAMES = frozenset({"field", "operator", "values", "source", "required", "margin"})
_WANTED = {
    FieldType.CHOICE: "请从所列选项中选择",
    FieldType.NUMBER: "请填写不小于 0 的数字",
    FieldType.DATE: "请按“2026-11-26”的格式填写日期",
    FieldType.FLAG: "请选择“是”或者“否”",
}


class _Unreadable(ValueError):
    """A value is not of the type of its field."""


def to_json(conditions: PolicyConditions) -> JsonObject:
    """The conditions as values a JSON field can hold; `read_conditions` reads them back."""
    return {
        "policy": conditions.policy,
        "party": conditions.party.value,
        "clauses": [
            {
                "field": clause.field,
                "operator": clause.operator.value,
                "values": [value.isoformat() if isinstance(value, date) else value for value in clause.values],
                "source": clause.source,
                "required": clause.required,
                "margin": clause.margin,
            }
            for clause in conditions.clauses
        ],
    }


def read_conditions(data: object, fields: Mapping[str, Field]) -> PolicyConditions:
    """The conditions that `to_json` wrote or a clerk put together.

    Raises `Refused` with a reason for every fault; `Reason.field` is ``clauses.<n>.<name>``, n from 0.
    """
    if not isinstance(data, dict):
        raise Refused([Reason("unreadable", "申报条件应为一个对象，请重新填写。")])
    reasons = _unknown(data, _CONDITION_NAMES, "", "申报条件")
    policy = data.get("policy")
    party = next((one for one in Party if one == data.get("party")), None)
    if not isinstance(policy, str) or not policy.strip():
        reasons.append(Reason("missing_policy", "缺少政策，请选择这些条件所属的政策。", field="policy"))
    if party is None:
        reasons.append(Reason("bad_party", "“适用对象”应为个人或者企业，请选择其一。", field="party"))
    rows = data.get("clauses")
    clauses: list[Clause] = []
    for number, row in enumerate(rows if isinstance(rows, list) else []):
        try:
            clauses.append(_clause(number, row, fields, party))
        except Refused as refused:
            reasons += refused.reasons
    if not isinstance(rows, list) or not rows:
        reasons.append(Reason("no_clauses", "没有填写条件，请至少填写一项必备条件。", field="clauses"))
    elif len(clauses) == len(rows):
        reasons += _together(clauses, fields)
    if reasons or party is None:
        raise Refused(reasons)
    return PolicyConditions(str(policy).strip(), party, tuple(clauses))


def read_answers(data: object, fields: Mapping[str, Field]) -> dict[str, Answer]:
    """Answers of the types of their fields, without those that are null.

    Raises `Refused` with a reason for every answer that cannot be read; `Reason.field` is the code of the field.
    """
    if not isinstance(data, dict):
        raise Refused([Reason("unreadable", "回答应为一个对象，请重新填写。")])
    found: dict[str, Answer] = {}
    reasons: list[Reason] = []
    for code, value in data.items():
        field = fields.get(code)
        if field is None:
            reasons.append(Reason("unknown_field", f"没有名为“{code}”的问题，请删去这项回答。", field=str(code)))
        elif value is not None:
            try:
                found[code] = _answer(value, field)
            except _Unreadable:
                reasons.append(
                    Reason("bad_answer", f"“{field.label}”的回答不能识别，{_WANTED[field.type]}。", field=code)
                )
    if reasons:
        raise Refused(reasons)
    return found


def _answer(value: object, field: Field) -> Answer:
    if not field.multiple:
        return _value(value, field)
    if not isinstance(value, list):
        raise _Unreadable
    return frozenset(str(_value(one, field)) for one in value)


def _value(value: object, field: Field) -> str | bool | int | float | date:
    match field.type:
        case FieldType.CHOICE if isinstance(value, str) and value in field.choices:
            return value
        case FieldType.FLAG if isinstance(value, bool):
            return value
        case FieldType.NUMBER if _is_number(value):
            return value
        case FieldType.DATE if isinstance(value, str) and _DATE.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError as error:
                raise _Unreadable from error
    raise _Unreadable


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LARGEST


def _clause(number: int, row: object, fields: Mapping[str, Field], party: Party | None) -> Clause:
    """One clause. Raises `Refused`."""
    at, name = f"clauses.{number}", f"第{number + 1}项条件"
    if not isinstance(row, dict):
        raise Refused([Reason("unreadable", f"{name}应为一个对象，请重新填写。", field=at)])
    field = fields.get(row["field"]) if isinstance(row.get("field"), str) else None
    if field is None:
        raise Refused([Reason("unknown_field", f"{name}的事项不在问题表中，请从表中选择。", field=f"{at}.field")])
    name = f"{name}“{field.label}”"
    reasons = _unknown(row, _CLAUSE_NAMES, f"{at}.", name)
    if party and party not in field.parties:
        message = f"{name}不适用于{party.label}，请改选{party.label}的事项或者更改适用对象。"
        reasons.append(Reason("wrong_party", message, field=f"{at}.field"))
    source, required, margin = row.get("source"), row.get("required", True), row.get("margin", 0)
    if not isinstance(source, str) or not source.strip():
        reasons.append(Reason("missing_source", f"{name}缺少原文，请摘录政策中的原句。", field=f"{at}.source"))
    if not isinstance(required, bool):
        reasons.append(Reason("bad_required", f"{name}的“必备”应为是或者否，请选择。", field=f"{at}.required"))
    reasons += _margin_faults(margin, field, at, name)
    operator = row.get("operator")
    if operator not in list(field.operators):
        allowed = "、".join(one.label for one in field.operators)
        reasons.append(Reason("bad_operator", f"{name}的比较方式只能是：{allowed}，请改选。", field=f"{at}.operator"))
        raise Refused(reasons)
    operator = Operator(operator)
    try:
        values = _values(row.get("values"), field, operator)
    except _Unreadable:
        count = "至少一个，不得重复" if operator.takes_several else "只填一个"
        message = f"{name}的值不能识别，{_WANTED[field.type]}（{count}）。"
        reasons.append(Reason("bad_values", message, field=f"{at}.values"))
    if reasons:
        raise Refused(reasons)
    return Clause(field.code, operator, values, str(source).strip(), required, margin)


def _values(rows: object, field: Field, operator: Operator) -> tuple[str | bool | int | float | date, ...]:
    if not isinstance(rows, list) or not rows or (len(rows) > 1 and not operator.takes_several):
        raise _Unreadable
    values = tuple(_value(one, field) for one in rows)
    if len(set(values)) < len(values):
        raise _Unreadable
    return values


def _margin_faults(margin: object, field: Field, at: str, name: str) -> list[Reason]:
    where = f"{at}.margin"
    if not _is_number(margin):
        return [Reason("bad_margin", f"{name}的“相差不超过”应为不小于 0 的数字，请改正。", field=where)]
    if margin and field.type not in (FieldType.NUMBER, FieldType.DATE):
        return [Reason("bad_margin", f"{name}不是数字或者日期，“相差不超过”请留空。", field=where)]
    if field.type is FieldType.DATE and (margin != int(margin) or margin > 3660):
        return [Reason("bad_margin", f"{name}的“相差不超过”以日计，请填写 0 至 3660 的整数。", field=where)]
    return []


def _together(clauses: list[Clause], fields: Mapping[str, Field]) -> list[Reason]:
    """What is wrong with clauses that are each right."""
    reasons: list[Reason] = []
    by_key: dict[str, Clause] = {}
    for number, clause in enumerate(clauses):
        name = f"第{number + 1}项条件“{fields[clause.field].label}”"
        if clause.key in by_key:
            message = f"{name}与前面的条件重复（同为“{clause.operator.label}”），请合并为一项。"
            reasons.append(Reason("repeated", message, field=f"clauses.{number}.operator"))
        by_key[clause.key] = clause
    for number, clause in enumerate(clauses):
        for upper in _UPPERS.get(clause.operator, ()):
            other = by_key.get(f"{clause.field} {upper}")
            if other and _leaves_nothing(clause, other):
                name = f"“{fields[clause.field].label}”"
                message = f"{name}的下限大于上限，谁都不能符合，请核对两项条件的值。"
                reasons.append(Reason("contradiction", message, field=f"clauses.{number}.values"))
    if not any(clause.required for clause in clauses):
        reasons.append(Reason("none_required", "没有必备条件，请把至少一项条件设为必备。", field="clauses"))
    return reasons


_UPPERS = {
    Operator.AT_LEAST: (Operator.AT_MOST, Operator.LESS_THAN),
    Operator.MORE_THAN: (Operator.AT_MOST, Operator.LESS_THAN),
    Operator.AFTER: (Operator.BEFORE,),
}
"""By each lower limit the upper limits it may contradict."""


def _leaves_nothing(lower: Clause, upper: Clause) -> bool:
    """Whether no answer is within both limits."""
    strict = lower.operator is Operator.MORE_THAN or upper.operator is Operator.LESS_THAN
    least, most = lower.values[0], upper.values[0]
    return least >= most if strict else least > most  # type: ignore[operator]  # both are of the type of the field


def _unknown(row: Mapping[str, object], known: frozenset[str], at: str, name: str) -> list[Reason]:
    return [
        Reason("unknown_name", f"{name}中没有名为“{one}”的内容，请删去。", field=f"{at}{one}")
        for one in row
        if one not in known
    ]
