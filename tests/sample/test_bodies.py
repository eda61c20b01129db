"""The publishing bodies, people and catalogues of the sample district."""

from collections import Counter

import pytest

from gongkai.rules.access import Role
from gongkai.rules.vocabulary import vocabulary
from gongkai.sample.bodies import bodies, by_code, uscc
from gongkai.sample.catalogue import GRASSROOTS, catalogue, rows_by_code
from gongkai.sample.people import STAFFED, people


def _gb32100_valid(code: str) -> bool:
    """Check a 统一社会信用代码 by the rule as printed in GB 32100, independently of how the sample makes it."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    total = sum(alphabet.index(c) * w for c, w in zip(code[:17], weights, strict=True))
    return alphabet[(31 - total % 31) % 31] == code[17]


@pytest.mark.parametrize(
    ("kind", "number", "reason"),
    [
        ("district_government", 1, "one government with its office"),
        ("department", 28, "departments of a county"),
        ("township", 25, "3 街道, 20 镇, 2 乡"),
        ("park", 3, "the three parks of the gazetteer"),
        ("public_enterprise_institution", 8, "one for every sector of 《条例》§55"),
    ],
)
def test_there_are_as_many_bodies_of_a_kind_as_the_district_has(kind: str, number: int, reason: str) -> None:
    assert sum(body.kind == kind for body in bodies()) == number, reason


def test_every_credit_code_is_unique_and_checks_by_the_printed_weights() -> None:
    codes = [body.uscc for body in bodies()]
    assert len(set(codes)) == len(codes)
    assert [code for code in codes if not _gb32100_valid(code)] == []
    assert all("DEMA" in code for code in codes), "the base says that the code is artificial"


def test_the_check_accepts_a_published_code_and_the_generator_varies_with_its_serial() -> None:
    assert _gb32100_valid("11341602003166647K"), "published by the model district, so the check itself is right"
    assert uscc("11", "341602", 1) != uscc("11", "341602", 2)


def test_parents_come_first_and_contacts_are_reserved_numbers() -> None:
    seen: set[str] = set()
    for body in bodies():
        assert body.parent_code is None or body.parent_code in seen
        assert body.phone.startswith("0558-000"), "reserved sample numbers only"
        assert body.email.endswith(".example")
        assert vocabulary("organisation_kinds").get(body.kind)
        seen.add(body.code)


def test_every_agency_mark_belongs_to_one_body() -> None:
    marks = Counter(body.agency_mark for body in bodies() if body.agency_mark)
    assert [mark for mark, number in marks.items() if number > 1] == []


def test_people_are_marked_as_examples_and_hold_known_roles() -> None:
    assert len({person.username for person in people()}) == len(people())
    for person in people():
        assert person.display_name.startswith("示例·")
        assert person.body_code in by_code()
        assert {Role(role) for role in person.roles}
    for code in STAFFED:
        assert {role for person in people() if person.body_code == code for role in person.roles} >= {
            "clerk",
            "reviewer",
            "signer",
        }


def test_the_catalogue_is_a_tree_with_every_leaf_filled() -> None:
    seen: set[str] = set()
    for row in catalogue():
        assert row.code not in seen
        assert row.parent_code is None or row.parent_code in seen
        seen.add(row.code)
        if row.is_leaf:
            columns = (
                row.sequence, row.level1_matter, row.level2_matter, row.disclosure_basis, row.disclosure_time_limit,
                row.disclosing_body, row.disclosure_channels, row.disclosure_target, row.disclosure_method,
                row.disclosure_tier,
            )  # fmt: skip
            assert all(columns), row.code
    assert 200 <= len(seen) <= 260


def test_every_pilot_field_has_between_two_and_four_matters() -> None:
    leaves = Counter(row.disclosure_field for row in catalogue() if row.catalogue == GRASSROOTS and row.is_leaf)
    assert set(leaves) == {term.code for term in vocabulary("disclosure_fields").terms}
    assert all(2 <= number <= 4 for number in leaves.values())


def test_all_fifteen_items_of_article_20_have_a_column() -> None:
    classes = {row.statutory_class for row in rows_by_code().values() if row.is_leaf} - {""}
    assert classes == {term.code for term in vocabulary("statutory_classes").terms}
