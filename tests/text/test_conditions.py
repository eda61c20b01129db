"""Conditions proposed from the text: what each way of saying states, and how much of real policies is found."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.rules import real_policies

from gongkai.rules.eligibility_fields import Operator, Party, eligibility_fields
from gongkai.text.conditions import LONGEST, MOST_OF_FIELD, MOST_PLACES, proposals

LEAST, MOST, IS, ONE_OF = Operator.AT_LEAST, Operator.AT_MOST, Operator.IS, Operator.IS_ONE_OF
STATED: list[tuple[str, str, list[tuple[Operator, tuple[Any, ...]]], str]] = [
    ("年满60周岁的老年人", "age", [(LEAST, (60,))], "满"),
    ("六十五周岁以上老年人", "age", [(LEAST, (65,))], "a numeral"),
    ("年龄在18至45周岁（含本数）", "age", [(LEAST, (18,)), (MOST, (45,))], "a range"),
    ("未满18周岁", "age", [(Operator.LESS_THAN, (18,))], "未满 is no 满"),
    ("超过100人的企业", "employees", [(Operator.MORE_THAN, (100,))], "超过 leaves the number out"),
    ("资产负债率不得超过60%", "debt_ratio", [(MOST, (60,))], "不得超过 is no 超过"),
    ("资产负债率低于60%", "debt_ratio", [(Operator.LESS_THAN, (60,))], "低于"),
    ("注册资本不低于500万元", "registered_capital", [(LEAST, (500,))], "不低于 is no 低于"),
    ("45周岁以下", "age", [(MOST, (45,))], "以下"),
    ("发放时30周岁生日蛋糕", "age", [], "a number that compares nothing"),
    ("注册登记满半年的企业", "months_registered", [(LEAST, (6,))], "half a year in months"),
    ("注册登记时间在3年内", "months_registered", [(MOST, (36,))], "within three years"),
    ("办理居住登记满1年", "months_registered", [], "of a person who lives here"),
    ("上年度营业收入2亿元以上", "revenue", [(LEAST, (20000,))], "in the unit of the field"),
    ("注册资本1,000万元及以上", "registered_capital", [(LEAST, (1000,))], "with a comma"),
    ("资产负债率不超过60.5%", "debt_ratio", [(MOST, (60.5,))], "a fraction"),
    ("残疾人职工，应当占职工总数的25%以上", "disabled_share", [(LEAST, (25,))], "named before the comma"),
    (
        "新招用重点群体达到企业现有在职职工人数10%",
        "new_hires_share",
        [(LEAST, (10,))],
        "words between 达到 and the number",
    ),
    ("本区小微企业", "size", [(ONE_OF, ("micro", "small"))], "one word for two"),
    ("高新技术企业、科技型中小企业", "qualifications", [(ONE_OF, ("high_tech", "tech_sme"))], "two words"),
    ("持有居住证的", "residence_permit", [(IS, (True,))], "yes"),
    ("无拖欠职工工资行为", "owes_wages", [(IS, (False,))], "no"),
    ("2023年1月1日以后认定的", "certified_on", [(Operator.AFTER, (date(2023, 1, 1),))], "a day"),
    ("2023年2月30日以后认定的", "certified_on", [], "a day that does not exist"),
]


@pytest.mark.parametrize(("text", "field", "expected", "why"), STATED, ids=[row[-1] for row in STATED])
def test_what_a_sentence_states(text, field, expected, why):
    assert [(one.operator, one.values) for one in proposals(text) if one.field == field] == expected


def test_a_source_is_cut_out_of_the_text_as_it_stands_there():
    text = (
        "第一条　为了老年人。\n第二条　年满60周岁的，\n可以免费乘车；年满80周岁的，发放津贴。"
        + "很长的，" * 200
        + "年满90周岁。"
    )
    found = proposals(text)
    assert len(found) == 3
    for one in found:
        assert text[one.start : one.start + len(one.source)] == one.source
        assert len(one.source) <= LONGEST
        assert str(one.values[0]) in one.source


def test_only_what_the_party_is_asked_is_proposed_and_no_fact_floods_the_page():
    text = "".join(f"年满{age}周岁的可以申请。注册满{age}个月的企业可以申请。" for age in range(20, 60))
    for party in Party:
        found = proposals(text, party)
        assert found
        assert all(party in eligibility_fields()[one.field].parties for one in found)
    ages = [one for one in proposals(text) if one.field == "age"]
    assert 0 < len(ages) <= MOST_OF_FIELD * MOST_PLACES


@pytest.mark.parametrize(
    "text", ["", "\x00", "岁" * 1000, "满" * 1000 + "周岁", "１８周岁以上", "9" * 5000 + "周岁以上", "零岁以上"]
)
def test_odd_texts_are_read_without_harm(text):
    assert all(len(one.values) == 1 for one in proposals(text))


def test_most_conditions_entered_from_real_policies_had_been_proposed(shared_data: Path):
    """The phrases were written with these policies at hand, so this says that they hold, not how they do on others."""
    entered = stated = placed = 0
    for entry in real_policies.ENTRIES:
        text = real_policies.texts(shared_data)[entry["set"], entry["document"]]
        found = proposals(text, Party(entry["party"]))
        conditions = real_policies.conditions(shared_data)[entry["key"]]
        for clause, row in zip(conditions.clauses, entry["clauses"], strict=True):
            start, end = row["source"]["start"], row["source"]["start"] + row["source"]["length"]
            mine = [one for one in found if one.field == clause.field]
            entered += 1
            stated += any(
                set(one.values) == set(clause.values) and _alike(one.operator, clause.operator) for one in mine
            )
            placed += any(one.start < end and start < one.start + len(one.source) for one in mine)
    print(f"{entered} conditions entered: {stated} proposed with the same values, {placed} at the same sentence")
    assert entered >= 90
    assert stated / entered >= 0.85
    assert placed / entered >= 0.8


def _alike(one: Operator, other: Operator) -> bool:
    return one == other or {one, other} <= {IS, ONE_OF}
