"""A body owes a row only when the row says so with certainty."""

import pytest

from gongkai.catalogues.duties import Owners, kinds_of
from gongkai.organisations.models import Organisation

BODIES = [
    Organisation(
        pk=1, name="示例区人民政府", short_name="区政府办", kind="district_government", aliases=["区政府办公室"]
    ),
    Organisation(pk=2, name="示例区教育局", short_name="区教育局", kind="department", aliases=["区教体局"]),
    Organisation(pk=3, name="示例区发展和改革委员会", short_name="区发改委", kind="department", aliases=["区经委"]),
    Organisation(pk=4, name="示例区工业局", short_name="区工业局", kind="department", aliases=["区经委"]),
    Organisation(pk=5, name="东镇人民政府", short_name="东镇", kind="township", aliases=[]),
    Organisation(pk=6, name="西街道办事处", short_name="西街道", kind="township", aliases=[]),
]


@pytest.mark.parametrize(
    ("publisher", "tier", "owing", "reason"),
    [
        ("区教育局", "县级", {2}, "the short name"),
        ("示例区教育局", "", {2}, "the full name; no tier contradicts it"),
        ("区教体局", "县级", {2}, "a former name"),
        ("区发改委、区教育局等审批部门", "县级", {2, 3}, "several bodies"),
        ("示例区发展和改革委员会和区教育局", "县级", {2, 3}, "和 within a name does not part it"),
        ("区经委", "县级", set(), "a former name of two bodies says nothing"),
        ("区教育局直属学校", "县级", set(), "part of another name"),
        ("县级政府民政部门", "县级", set(), "a function, not a body"),
        ("相关审批部门", "", set(), "anybody"),
        ("区人民政府", "县级", {1}, "there is one district government"),
        ("区政府各部门", "县级", set(), "not the government itself"),
        ("乡镇人民政府", "乡级", {5, 6}, "all towns"),
        ("区教育局", "县级、乡级", {2, 5, 6}, "both tiers"),
        ("县级政府民政部门、乡镇政府(街道办事处)", "", {5, 6}, "no tier, but all towns are named"),
        ("东镇人民政府", "乡级", {5}, "one town is named"),
        ("区教育局", "乡级", {5, 6}, "a department does not owe what the tier gives to towns"),
        ("村（居）委会", "村级", set(), "villages are no publishing bodies"),
        ("", "", set(), "nothing is said"),
    ],
)
def test_who_owes_a_row(publisher, tier, owing, reason):
    assert {body.pk for body in Owners(BODIES).of(publisher, tier)} == owing, reason


@pytest.mark.parametrize(
    ("publisher", "tier", "department", "kinds", "reason"),
    [
        ("", "县级", False, ["district_government", "department"], "by tier"),
        ("", "乡、村级", False, ["township"], "by tier"),
        ("乡镇人民政府", "", False, ["township"], "by publisher"),
        ("相关审批部门", "", False, ["district_government", "department", "township"], "open: any government body"),
        ("办公室", "", True, ["department"], "a department's own catalogue"),
    ],
)
def test_what_kinds_of_body_a_row_is_meant_for(publisher, tier, department, kinds, reason):
    assert kinds_of(publisher, tier, department=department) == kinds, reason
