"""What 政策匹配 asks: the facts of a person or an enterprise that the conditions of policies may speak of.

The fields are data (``data/eligibility_fields.toml``). Nothing that names somebody is among them: no name, number of an identity
paper, telephone or address (《个人信息保护法》§6: 限于实现处理目的的最小范围).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gongkai.rules.vocabulary import VocabularyError, cached_data, data_file, read_toml


class Party(StrEnum):
    """Whom a policy benefits."""

    PERSON = "person"
    ENTERPRISE = "enterprise"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {Party.PERSON: "个人", Party.ENTERPRISE: "企业"}[self]


class Operator(StrEnum):
    """How the answer is compared with the values of a clause. 以上、以下、以内、届满 include the value itself, 不满、低于、超过 do not
    (《民法典》§1259)."""

    IS = "is"
    IS_ONE_OF = "is_one_of"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    BEFORE = "before"
    AFTER = "after"
    ALL = "all"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _OPERATOR_LABELS[self]

    @property
    def takes_several(self) -> bool:
        """Whether it compares with several values and not with one."""
        return self in (Operator.IS_ONE_OF, Operator.ALL)


_OPERATOR_LABELS = {
    Operator.IS: "是",
    Operator.IS_ONE_OF: "是其中之一",
    Operator.AT_LEAST: "不低于",
    Operator.AT_MOST: "不超过",
    Operator.MORE_THAN: "高于",
    Operator.LESS_THAN: "低于",
    Operator.BEFORE: "不晚于",
    Operator.AFTER: "不早于",
    Operator.ALL: "同时具备",
}


class FieldType(StrEnum):
    """What an answer is."""

    CHOICE = "choice"
    """One code of `choices`; of a field that is `multiple` any number of them, none included."""
    NUMBER = "number"
    DATE = "date"
    FLAG = "flag"
    """Yes or no."""


@dataclass(frozen=True, slots=True)
class Field:
    """One fact that can be asked for."""

    code: str
    label: str
    question: str
    type: FieldType
    parties: tuple[Party, ...]
    """Who is asked."""
    choices: Mapping[str, str]
    """Labels by code, in order; empty unless it is a choice."""
    multiple: bool = False
    unit: str = ""
    """Of a number, and of the margin of its clauses; the margin of a date is in days."""

    @property
    def operators(self) -> tuple[Operator, ...]:
        """What a clause on it may use."""
        if self.type is FieldType.CHOICE and self.multiple:
            return (Operator.IS, Operator.IS_ONE_OF, Operator.ALL)
        return _OPERATORS[self.type]


_OPERATORS = {
    FieldType.CHOICE: (Operator.IS, Operator.IS_ONE_OF),
    FieldType.NUMBER: (Operator.AT_LEAST, Operator.AT_MOST, Operator.MORE_THAN, Operator.LESS_THAN),
    FieldType.DATE: (Operator.BEFORE, Operator.AFTER),
    FieldType.FLAG: (Operator.IS,),
}


def eligibility_fields() -> Mapping[str, Field]:
    """All fields by code, in the order of the file. Raises `VocabularyError` when the file is faulty."""
    return _load("eligibility_fields")


@cached_data
def _load(name: str) -> dict[str, Field]:
    path = data_file(name)
    rows = read_toml(path).get("fields")
    if not isinstance(rows, list) or not rows:
        raise VocabularyError(f"{path.name}：没有任何 [[fields]] 条目。")
    found: dict[str, Field] = {}
    for position, row in enumerate(rows, start=1):
        field = _field(f"{path.name}：第{position}个 fields 条目", row)
        if field.code in found:
            raise VocabularyError(f"{path.name}：code“{field.code}”重复，请改用别的代码。")
        found[field.code] = field
    return found


def _field(where: str, row: object) -> Field:
    if not isinstance(row, dict):
        raise VocabularyError(f"{where}应写成 [[fields]] 下的若干列。")
    texts = {key: str(row.get(key, "")).strip() for key in ("code", "label", "question", "unit")}
    for key in ("code", "label", "question"):
        if not texts[key]:
            raise VocabularyError(f"{where}缺少 {key}。")
    try:
        kind = FieldType(row.get("type", ""))
        parties = tuple(Party(one) for one in row.get("parties", []))
    except (TypeError, ValueError) as error:
        raise VocabularyError(
            f"{where}（{texts['code']}）：type 可选 {'、'.join(FieldType)}，parties 可选 {'、'.join(Party)}。"
        ) from error
    choices, multiple = row.get("choices", {}), row.get("multiple", False)
    where = f"{where}（{texts['code']}）"
    if not parties:
        raise VocabularyError(f"{where}缺少 parties。")
    if not isinstance(choices, dict) or not all(isinstance(label, str) and label for label in choices.values()):
        raise VocabularyError(f"{where}：choices 应写成“代码 = 名称”。")
    if (kind is FieldType.CHOICE) != (len(choices) > 1):
        raise VocabularyError(f"{where}：type 为 choice 的应有至少两个 choices，其他的不写。")
    if not isinstance(multiple, bool) or (multiple and kind is not FieldType.CHOICE):
        raise VocabularyError(f"{where}：multiple 应为 true 或 false，只用于 choice。")
    return Field(type=kind, parties=parties, choices=choices, multiple=multiple, **texts)
