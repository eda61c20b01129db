"""政策匹配 on real policies of the material: that what was entered stands in their texts, and how applicants are judged by it."""

import re
from collections import Counter
from pathlib import Path

import pytest
from tests.rules.real_policies import ENTRIES, conditions, sentence, texts

from gongkai.rules.eligibility import questions
from gongkai.rules.eligibility_fields import FieldType, Party, eligibility_fields

FIELDS = eligibility_fields()
CLAUSES = [(entry, clause) for entry in ENTRIES for clause in entry["clauses"]]
CLAUSE_NAMES = [f"{entry['key']}: {clause['field']} {clause['operator']}" for entry, clause in CLAUSES]


@pytest.fixture(scope="session")
def policies(shared_data: Path):
    return conditions(shared_data)


# The policies.


@pytest.mark.parametrize(("entry", "clause"), CLAUSES, ids=CLAUSE_NAMES)
def test_a_clause_rests_on_a_whole_sentence_of_the_real_text(shared_data: Path, entry, clause):
    text, source = texts(shared_data)[entry["set"], entry["document"]], clause["source"]
    found = sentence(entry, clause, shared_data)
    before, after = text[: source["start"]].rstrip(" 　"), text[source["start"] + source["length"] :]
    assert found.startswith(source["first"])
    assert source["says"] in found
    assert 0 < len(found) <= 300
    assert not before or before[-1] in "\n。；：", before[-10:]
    assert found[-1] in "。；" or not after or after[0] == "\n", found[-10:]


NUMERALS = {sign: number for number, sign in enumerate("零一二三四五六七八九")}
WRITTEN_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?|[零一二三四五六七八九十百]+|半")


def number_of(written):
    """12, 1.5, 半, 八十, 一百."""
    if written[0].isdigit():
        return float(written)
    if written == "半":
        return 0.5
    total = digit = 0
    for sign in written:
        if sign in "十百":
            total, digit = total + (digit or 1) * {"十": 10, "百": 100}[sign], 0
        else:
            digit = NUMERALS[sign]
    return float(total + digit)


@pytest.mark.parametrize(
    ("written", "number"), [("12", 12), ("1.5", 1.5), ("半", 0.5), ("八十", 80), ("十八", 18), ("一百", 100)]
)
def test_numbers_of_policies_are_read_as_they_are_written(written, number):
    assert number_of(written) == number


NUMBER_CLAUSES = [pair for pair in CLAUSES if FIELDS[pair[1]["field"]].type is FieldType.NUMBER]


@pytest.mark.parametrize(
    ("entry", "clause"), NUMBER_CLAUSES, ids=[f"{one['key']}: {two['field']}" for one, two in NUMBER_CLAUSES]
)
def test_the_number_of_a_clause_stands_in_its_sentence(entry, clause):
    """In the unit of the field, or in years for months."""
    says, unit = clause["source"]["says"], FIELDS[clause["field"]].unit
    numbers = {number_of(one) for one in WRITTEN_NUMBER.findall(says)}
    if unit == "个月" and "年" in says:
        numbers = {12 * one for one in numbers}
    else:
        assert unit in says, (unit, says)
    assert clause["values"][0] in numbers


def test_nothing_but_places_and_single_words_of_the_material_is_kept():
    for _, clause in CLAUSES:
        assert set(clause["source"]) == {"start", "length", "first", "says"}
        assert 4 <= len(clause["source"]["first"]) <= 6
        assert len(clause["source"]["says"]) <= 12


def test_real_policies_are_accepted_as_they_were_entered(policies):
    assert [one.policy for one in policies.values()] == [one["key"] for one in ENTRIES]
    for entry in ENTRIES:
        assert len(policies[entry["key"]].clauses) == len(entry["clauses"])
        assert entry["name"], entry["key"]


def test_the_policies_are_thirty_of_many_documents_kinds_and_both_parties():
    parties = Counter(one["party"] for one in ENTRIES)
    assert len({one["key"] for one in ENTRIES}) == len(ENTRIES) == 30
    assert parties[Party.PERSON] == 18
    assert parties[Party.ENTERPRISE] == 12
    assert len({(one["set"], one["document"]) for one in ENTRIES}) == 18
    assert {FIELDS[clause["field"]].type for _, clause in CLAUSES} >= {
        FieldType.CHOICE,
        FieldType.NUMBER,
        FieldType.FLAG,
    }


@pytest.mark.parametrize(
    ("party", "expected", "reason"),
    [
        (
            Party.PERSON,
            "age situations runs_business study_stage city_household months_employed "
            "months_registered resident_of within_working_age housing_aid",
            "age decides seven, situations five others; runs_business, study_stage, city_household and months_employed "
            "the last six; then, in the order of the file, what decides three each",
        ),
        (
            Party.ENTERPRISE,
            "industry contract_years registered_here months_insured qualifications registered_capital disabled_share "
            "employees size taxable_income",
            "the first seven each decide a policy the others do not, disabled_share as the only question of its policy; "
            "employees decides three, then, in the order of the file, what decides two",
        ),
    ],
)
def test_ten_questions_touch_every_real_policy(policies, party, expected, reason):
    mine = [one for one in policies.values() if one.party is party]
    asked = [field.code for field in questions(mine, FIELDS)]
    assert asked == expected.split(), reason
    for one in mine:
        assert any(clause.field in asked for clause in one.clauses), one.policy
    assert questions(reversed(mine), FIELDS) == questions(mine, FIELDS)
