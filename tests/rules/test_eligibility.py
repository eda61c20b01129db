"""政策匹配: made-up applicants against made-up policies, the laws every judgement keeps, what to ask, and what is refused."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gongkai.rules.eligibility import (
    FEWEST_QUESTIONS,
    MOST_QUESTIONS,
    Clause,
    PolicyConditions,
    Standing,
    Verdict,
    judge,
    questions,
)
from gongkai.rules.eligibility_fields import FieldType, Operator, Party, eligibility_fields
from gongkai.rules.eligibility_reading import read_answers, read_conditions, to_json
from gongkai.rules.reasons import Refused
from gongkai.rules.vocabulary import VocabularyError, set_override_directory

FIELDS = eligibility_fields()
TABLE = json.loads((Path(__file__).parent / "data/eligibility_cases.json").read_text("utf-8"))
POLICIES = {one["policy"]: read_conditions(one, FIELDS) for one in TABLE["policies"]}
CASES = TABLE["cases"]


@pytest.mark.parametrize("case", CASES, ids=[f"{one['policy']}: {one['who']}" for one in CASES])
def test_an_applicant_is_judged_as_the_table_says(case):
    judgement = judge(POLICIES[case["policy"]], read_answers(case["answers"], FIELDS))
    near, opened = set(case.get("near", [])), set(case.get("open", []))
    failed = near | set(case.get("failed", []))
    keys = {one.clause.key for one in judgement.clauses}
    assert judgement.verdict == case["verdict"]
    assert judgement.deciding.clause.key == case["deciding"]
    assert {one.clause.key for one in judgement.clauses if one.standing is Standing.FAILED} == failed
    assert {one.clause.key for one in judgement.clauses if one.near} == near
    assert {one.clause.key for one in judgement.clauses if one.standing is Standing.OPEN} == opened
    assert {one.clause.key for one in judgement.clauses if one.standing is Standing.MET} == keys - failed - opened


def test_the_table_is_wide_enough():
    verdicts = Counter(one["verdict"] for one in CASES)
    assert len({one["policy"] for one in CASES}) == len(POLICIES) >= 12
    assert len(CASES) >= 50
    assert all(verdicts[verdict] >= 3 for verdict in Verdict), verdicts
    used = {clause.operator for one in POLICIES.values() for clause in one.clauses}
    assert used == set(Operator)


def test_a_policy_without_a_required_clause_cannot_be_judged():
    conditions = POLICIES["senior_allowance"]
    optional = replace(conditions, clauses=tuple(replace(one, required=False) for one in conditions.clauses))
    with pytest.raises(ValueError, match="senior_allowance"):
        judge(optional, {})


# Laws, for any conditions and any answers.

NUMBERS = st.integers(0, 12) | st.floats(0, 12).map(lambda number: round(number, 1))
DATES = st.integers(0, 12).map(lambda days: date(2025, 12, 28) + timedelta(days))


def value_of(field):
    match field.type:
        case FieldType.CHOICE:
            return st.sampled_from(sorted(field.choices))
        case FieldType.NUMBER:
            return NUMBERS
        case FieldType.DATE:
            return DATES
        case FieldType.FLAG:
            return st.booleans()


@st.composite
def clauses(draw, required=None):
    field = FIELDS[draw(st.sampled_from(sorted(code for code, one in FIELDS.items() if Party.PERSON in one.parties)))]
    operator = draw(st.sampled_from(field.operators))
    values = draw(st.lists(value_of(field), min_size=1, max_size=3 if operator.takes_several else 1, unique=True))
    margins = {FieldType.NUMBER: NUMBERS, FieldType.DATE: st.integers(0, 5)}.get(field.type, st.just(0))
    required = draw(st.booleans()) if required is None else required
    return Clause(field.code, operator, tuple(values), "原文。", required, draw(margins))


@st.composite
def conditions(draw):
    drawn = [draw(clauses(required=True)), *draw(st.lists(clauses(), max_size=7))]
    return PolicyConditions("p", Party.PERSON, tuple({one.key: one for one in reversed(drawn)}.values()))


@st.composite
def judged(draw):
    """Conditions and answers to some of their fields, and perhaps to others."""
    drawn = draw(conditions())
    answers = {}
    for code in sorted({one.field for one in drawn.clauses} | {"age", "household_here"}):
        if draw(st.integers(0, 3)):
            value = value_of(FIELDS[code])
            answers[code] = draw(st.frozensets(value) if FIELDS[code].multiple else value)
    return drawn, answers


@given(judged(), st.data())
def test_more_answers_change_no_judged_clause_and_neither_met_nor_not_met(drawn, data):
    policy, answers = drawn
    kept = data.draw(st.sets(st.sampled_from(sorted(answers)))) if answers else set()
    before, after = judge(policy, {code: answers[code] for code in kept}), judge(policy, answers)
    for earlier, later in zip(before.clauses, after.clauses, strict=True):
        if earlier.standing is not Standing.OPEN:
            assert later == earlier
    if before.verdict in (Verdict.MET, Verdict.NOT_MET):
        assert after.verdict is before.verdict


@given(judged(), st.data())
def test_the_order_of_clauses_does_not_matter(drawn, data):
    policy, answers = drawn
    shuffled = replace(policy, clauses=tuple(data.draw(st.permutations(policy.clauses))))
    one, other = judge(policy, answers), judge(shuffled, answers)
    assert (one.verdict, one.deciding, set(one.clauses)) == (other.verdict, other.deciding, set(other.clauses))
    assert tuple(judgement.clause for judgement in other.clauses) == shuffled.clauses


@given(judged())
def test_each_judgement_names_a_required_clause_that_stands_as_the_verdict_says(drawn):
    policy, answers = drawn
    judgement = judge(policy, answers)
    deciding = judgement.deciding
    assert deciding in judgement.clauses
    assert deciding.clause.required
    if judgement.verdict is Verdict.MET:
        assert all(one.standing is Standing.MET for one in judgement.clauses if one.clause.required)
    else:
        assert deciding.standing is not Standing.MET
    if judgement.verdict is Verdict.NOT_MET:
        assert deciding.standing is Standing.FAILED


@given(conditions())
def test_who_answers_nothing_is_never_told_not_met(policy):
    judgement = judge(policy, {})
    assert judgement.verdict in (Verdict.OPEN, Verdict.NEARLY)
    assert {one.standing for one in judgement.clauses} == {Standing.OPEN}


@given(judged())
def test_what_is_not_required_decides_nothing(drawn):
    policy, answers = drawn
    without = replace(policy, clauses=tuple(one for one in policy.clauses if one.required))
    assert judge(policy, answers).verdict is judge(without, answers).verdict
    assert judge(policy, answers).deciding == judge(without, answers).deciding


@given(conditions())
def test_conditions_survive_json(policy):
    try:
        again = read_conditions(json.loads(json.dumps(to_json(policy), ensure_ascii=False)), FIELDS)
    except Refused as refused:
        assert set(refused.codes) == {"contradiction"}
        assume(False)
    assert again == policy


# Questions.


@pytest.mark.parametrize(
    ("party", "expected", "reason"),
    [
        (
            Party.PERSON,
            "age study_stage situations household_here hardship months_insured months_registered",
            "age decides five; study_stage two others; situations the last; then by how many each decides; single ones are left",
        ),
        (
            Party.ENTERPRISE,
            "employees industry layoff_rate owes_wages qualifications months_registered registered_here dishonest",
            "employees decides three, industry two more, the next three one each; then what decides two; single ones are left",
        ),
    ],
)
def test_the_questions_that_part_the_policies_best_come_first(party, expected, reason):
    asked = questions((one for one in POLICIES.values() if one.party is party), FIELDS)
    assert [field.code for field in asked] == expected.split(), reason


def test_beyond_six_a_question_is_asked_for_a_policy_no_other_touches_but_never_an_eleventh():
    codes = [code for code, field in FIELDS.items() if field.type is FieldType.FLAG or field.type is FieldType.NUMBER]
    single = [
        PolicyConditions(code, Party.PERSON, (Clause(code, FIELDS[code].operators[0], (1,), "原文。"),))
        for code in codes
    ]
    assert [field.code for field in questions(single[:8], FIELDS)] == codes[:8]
    assert [field.code for field in questions(single[:12], FIELDS)] == codes[:MOST_QUESTIONS]


@given(st.lists(conditions(), max_size=14), st.data())
def test_questions_are_six_to_ten_stable_and_all_useful(policies, data):
    policies = [replace(one, policy=f"p{number}") for number, one in enumerate(policies)]
    asked = questions(policies, FIELDS)
    usable = {clause.field for one in policies for clause in one.clauses if clause.required}
    codes = [field.code for field in asked]
    assert min(FEWEST_QUESTIONS, len(usable)) <= len(codes) <= MOST_QUESTIONS
    assert len(set(codes)) == len(codes)
    assert set(codes) <= usable
    assert questions(data.draw(st.permutations(policies)), FIELDS) == asked


# What is refused.


def test_bounds_that_leave_one_value_are_no_contradiction():
    rows = [AGE, {**AGE, "operator": "at_most"}]
    sixty = read_conditions({"policy": "p", "party": "person", "clauses": rows}, FIELDS)
    assert [judge(sixty, {"age": age}).verdict for age in (59, 60, 61)] == ["not_met", "met", "not_met"]


AGE = {"field": "age", "operator": "at_least", "values": [60], "source": "年满60周岁。"}


@pytest.mark.parametrize(
    ("lower", "upper", "value", "possible", "why"),
    [
        ("at_least", "at_most", 60, True, "sixty is within both"),
        ("more_than", "at_most", 60, False, "above sixty and no more than sixty is nobody"),
        ("at_least", "less_than", 60, False, "from sixty on and below sixty is nobody"),
        ("more_than", "less_than", 60, False, "neither includes it"),
        ("more_than", "less_than", 61, True, "sixty and a half"),
    ],
)
def test_limits_that_leave_nothing_are_a_contradiction(lower, upper, value, possible, why):
    rows = [{**AGE, "operator": lower}, {**AGE, "operator": upper, "values": [value]}]
    given = {"policy": "p", "party": "person", "clauses": rows}
    if possible:
        assert read_conditions(given, FIELDS), why
    else:
        with pytest.raises(Refused) as refused:
            read_conditions(given, FIELDS)
        assert list(refused.value.codes) == ["contradiction"], why


@pytest.mark.parametrize(
    ("change", "at", "words"),
    [
        ({"field": "height"}, "clauses.0.field", "不在问题表中，请从表中选择"),
        ({"field": ["age"]}, "clauses.0.field", "请从表中选择"),
        ({"field": "size", "operator": "is", "values": ["micro"]}, "clauses.0.field", "“企业规模”不适用于个人"),
        ({"operator": "is"}, "clauses.0.operator", "“年龄”的比较方式只能是：不低于、不超过"),
        ({"operator": ["is"]}, "clauses.0.operator", "只能是"),
        ({"field": "hardship", "operator": "all", "values": ["none"]}, "clauses.0.operator", "是、是其中之一"),
        ({"values": []}, "clauses.0.values", "只填一个"),
        ({"values": [60, 70]}, "clauses.0.values", "只填一个"),
        ({"values": 60}, "clauses.0.values", "只填一个"),
        ({"values": ["60"]}, "clauses.0.values", "请填写不小于 0 的数字"),
        ({"values": [True]}, "clauses.0.values", "不小于 0"),
        ({"values": [-1]}, "clauses.0.values", "不小于 0"),
        ({"values": [float("nan")]}, "clauses.0.values", "不小于 0"),
        ({"values": [float("inf")]}, "clauses.0.values", "不小于 0"),
        ({"values": [10**400]}, "clauses.0.values", "不小于 0"),
        ({"field": "hardship", "operator": "is_one_of", "values": ["rich"]}, "clauses.0.values", "从所列选项中选择"),
        ({"field": "hardship", "operator": "is_one_of", "values": ["none", "none"]}, "clauses.0.values", "不得重复"),
        ({"field": "graduated_on", "operator": "after", "values": ["2025-02-30"]}, "clauses.0.values", "填写日期"),
        ({"field": "graduated_on", "operator": "after", "values": ["2025-W01-1"]}, "clauses.0.values", "填写日期"),
        ({"field": "graduated_on", "operator": "after", "values": ["0001-01-01"]}, "clauses.0.values", "填写日期"),
        ({"field": "household_here", "operator": "is", "values": [1]}, "clauses.0.values", "“是”或者“否”"),
        ({"source": " "}, "clauses.0.source", "请摘录政策中的原句"),
        ({"required": "yes"}, "clauses.0.required", "请选择"),
        ({"margin": -1}, "clauses.0.margin", "不小于 0"),
        ({"margin": None}, "clauses.0.margin", "不小于 0"),
        (
            {"field": "household_here", "operator": "is", "values": [True], "margin": 1},
            "clauses.0.margin",
            "请留空",
        ),
        (
            {"field": "graduated_on", "operator": "after", "values": ["2025-01-01"], "margin": 1.5},
            "clauses.0.margin",
            "以日计",
        ),
        ({"colour": "red"}, "clauses.0.colour", "请删去"),
        ({"required": False}, "clauses", "至少一项条件设为必备"),
    ],
)
def test_a_faulty_clause_is_refused_naming_field_and_remedy(change, at, words):
    with pytest.raises(Refused) as refused:
        read_conditions({"policy": "p", "party": "person", "clauses": [{**AGE, **change}]}, FIELDS)
    assert [one.field for one in refused.value.reasons] == [at]
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        ([], ["unreadable"]),
        ({}, ["missing_policy", "bad_party", "no_clauses"]),
        ({"policy": "p", "party": "person", "clauses": {}}, ["no_clauses"]),
        ({"policy": "p", "party": "person", "clauses": ["年满60周岁"]}, ["unreadable"]),
        ({"policy": "p", "party": "everybody", "clauses": [AGE], "more": 1}, ["unknown_name", "bad_party"]),
        ({"policy": "p", "party": "person", "clauses": [AGE, AGE]}, ["repeated"]),
        (
            {"policy": "p", "party": "person", "clauses": [AGE, {**AGE, "operator": "at_most", "values": [59]}]},
            ["contradiction"],
        ),
        (
            {"policy": "p", "party": "person", "clauses": [{**AGE, "source": ""}, {**AGE, "values": []}]},
            ["missing_source", "bad_values"],
        ),
    ],
)
def test_all_faults_of_conditions_are_told_at_once(data, codes):
    with pytest.raises(Refused) as refused:
        read_conditions(data, FIELDS)
    assert list(refused.value.codes) == codes


@pytest.mark.parametrize(
    ("answers", "at", "words"),
    [
        ({"age": "六十"}, "age", "“年龄”的回答不能识别，请填写不小于 0 的数字"),
        ({"household_here": "true"}, "household_here", "“是”或者“否”"),
        ({"hardship": "rich"}, "hardship", "从所列选项中选择"),
        ({"situations": "graduate"}, "situations", "从所列选项中选择"),
        ({"situations": ["graduate", "astronaut"]}, "situations", "从所列选项中选择"),
        ({"graduated_on": "2025/7/1"}, "graduated_on", "2026-11-26"),
        ({"height": 180}, "height", "没有名为“height”的问题"),
    ],
)
def test_an_answer_that_cannot_be_read_is_refused_and_not_taken_as_unanswered(answers, at, words):
    with pytest.raises(Refused) as refused:
        read_answers(answers, FIELDS)
    assert [one.field for one in refused.value.reasons] == [at]
    assert words in str(refused.value)


def test_null_is_not_an_answer_but_an_empty_choice_is():
    assert read_answers({"age": None, "situations": []}, FIELDS) == {"situations": frozenset()}


# The data file.

FIELD = '[[fields]]\ncode = "age"\nlabel = "年龄"\nquestion = "多少周岁？"\ntype = "number"\nparties = ["person"]\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "没有任何"),
        ("fields = [1]", "第1个"),
        (FIELD + FIELD, "重复"),
        (FIELD.replace("多少周岁？", ""), "缺少 question"),
        (FIELD.replace("number", "text"), "type 可选"),
        (FIELD.replace('"person"', '"dog"'), "parties 可选"),
        (FIELD.replace('"person"', ""), "缺少 parties"),
        (FIELD.replace("number", "choice"), "至少两个 choices"),
        (FIELD + 'choices = { a = "甲", b = "乙" }', "其他的不写"),
        (FIELD + "choices = { a = 1 }", "代码 = 名称"),
        (FIELD + "multiple = true", "只用于 choice"),
    ],
)
def test_a_faulty_file_of_fields_is_refused(tmp_path, text, words):
    (tmp_path / "eligibility_fields.toml").write_text(text, encoding="utf-8")
    set_override_directory(tmp_path)
    try:
        with pytest.raises(VocabularyError, match=words):
            eligibility_fields()
    finally:
        set_override_directory(None)


def test_the_shipped_fields_ask_in_whole_sentences_and_numbers_have_units():
    for field in FIELDS.values():
        assert "？" in field.question, field.code
        assert bool(field.unit) == (field.type is FieldType.NUMBER), field.code
    assert {party for field in FIELDS.values() for party in field.parties} == set(Party)
