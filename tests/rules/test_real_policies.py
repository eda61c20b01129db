"""政策匹配 on real policies of the material: that what was entered stands in their texts, and how applicants are judged by it."""

import re
from collections import Counter
from pathlib import Path

import pytest
from tests.rules.real_policies import APPLICANTS, ENTRIES, conditions, sentence, texts

from gongkai.rules.eligibility import Verdict, judge, questions
from gongkai.rules.eligibility_fields import FieldType, Party, eligibility_fields
from gongkai.rules.eligibility_reading import read_answers

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


# The applicants.


@pytest.mark.parametrize("applicant", APPLICANTS, ids=[one["note"] for one in APPLICANTS])
def test_an_applicant_is_told_what_the_table_says(policies, applicant):
    answers = read_answers(applicant["answers"], FIELDS)
    told = {key: judge(policies[key], answers) for key in applicant["expected"]}
    assert {key: [one.verdict, one.deciding.clause.key] for key, one in told.items()} == applicant["expected"]
    assert {policies[key].party for key in told} == {applicant["party"]}


RANKS = ("failed", "near", "open", "met")


def standing_of(clause, answers):
    """How one clause of the data file stands: rule 1, by how much is lacking and not by a moved value."""
    answer, wanted = answers.get(clause["field"]), clause["values"]
    if answer is None:
        return "open"
    if clause["operator"] in ("at_least", "at_most"):
        lacking = (wanted[0] - answer) * (1 if clause["operator"] == "at_least" else -1)
        return "met" if lacking <= 0 else "near" if lacking <= clause.get("margin", 0) else "failed"
    shared = [one for one in wanted if one in (answer if isinstance(answer, list) else [answer])]
    enough = {"is": 1, "is_one_of": 1, "all": len(wanted)}[clause["operator"]]
    return "met" if len(shared) >= enough else "failed"


def recount(entry, answers):
    """Verdict and deciding clause of a policy of the data file by rules 2 and 3, written a second time."""
    ranked = sorted(
        (RANKS.index(standing_of(clause, answers)), clause["field"], clause["operator"])
        for clause in entry["clauses"]
        if clause.get("required", True)
    )
    worst = {}
    for rank, field, _ in reversed(ranked):
        worst[field] = RANKS[rank]
    tally = Counter(worst.values())
    if tally["failed"] or tally["near"] >= 2:
        verdict = "not_met"
    else:
        verdict = "open" if tally["open"] else "nearly" if tally["near"] else "met"
    return verdict, " ".join(ranked[0][1:])


PAIRS = [(who, entry) for who in APPLICANTS for entry in ENTRIES if who["party"] == entry["party"]]


def test_every_applicant_and_policy_is_judged_as_a_recount_says_and_names_a_clause_with_its_sentence(
    policies, shared_data: Path
):
    for who, entry in PAIRS:
        judgement = judge(policies[entry["key"]], read_answers(who["answers"], FIELDS))
        where = (who["note"], entry["key"])
        assert (judgement.verdict, judgement.deciding.clause.key) == recount(entry, who["answers"]), where
        assert judgement.deciding.clause in policies[entry["key"]].clauses, where
        assert judgement.deciding.clause.source in texts(shared_data)[entry["set"], entry["document"]], where
        entered = next(
            one for one in entry["clauses"] if f"{one['field']} {one['operator']}" == judgement.deciding.clause.key
        )
        assert entered["source"]["says"] in judgement.deciding.clause.source, where


def test_who_answers_nothing_is_told_not_met_by_no_real_policy(policies):
    for one in policies.values():
        assert judge(one, {}).verdict in (Verdict.OPEN, Verdict.NEARLY), one.policy


def test_the_applicants_are_fifty_with_two_hundred_expected_answers_and_somebody_meets_every_policy():
    assert len(APPLICANTS) == 50 == len({one["note"] for one in APPLICANTS})
    assert all(len(one["expected"]) >= 4 for one in APPLICANTS)
    verdicts = Counter(verdict for one in APPLICANTS for verdict, _ in one["expected"].values())
    assert sum(verdicts.values()) >= 200
    assert all(verdicts[verdict] >= 20 for verdict in Verdict), verdicts
    met = {key for one in APPLICANTS for key, (verdict, _) in one["expected"].items() if verdict == Verdict.MET}
    assert met == {one["key"] for one in ENTRIES}
    assert len(PAIRS) == 30 * 18 + 20 * 12
