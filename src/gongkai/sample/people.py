"""Accounts of the sample office. Every display name says that it is an example."""

from __future__ import annotations

from gongkai.sample.bodies import DISTRICT, by_code
from gongkai.sample.records import SamplePerson

STAFFED = (DISTRICT, "jyj", "mzj", "gujing", "gongshui")
"""Bodies that have one clerk, one reviewer and one signer each."""

_POSTS = (("clerk", "信息员"), ("reviewer", "审核员"), ("signer", "签发人"))


def people() -> tuple[SamplePerson, ...]:
    """Return the accounts: three posts in each staffed body, legality reviewers where rules are made, one district office, one administrator."""
    staff = [
        SamplePerson(f"{code}-{role}", f"示例·{by_code()[code].short_name}{label}", code, (role,))
        for code in STAFFED
        for role, label in _POSTS
    ]
    return (
        *staff,
        *(
            SamplePerson(
                f"{code}-legal", f"示例·{by_code()[code].short_name}合法性审核员", code, ("legality_reviewer",)
            )
            for code in (DISTRICT, "jyj", "mzj")
        ),
        SamplePerson("jyj-head", "示例·区教育局负责人", "jyj", ("head",)),
        SamplePerson("district-office", "示例·区政务公开办", DISTRICT, ("district_office",)),
        SamplePerson("administrator", "示例·系统管理员", DISTRICT, ("administrator",)),
    )


PASSWORD = "Gongkai-Sample-2026"  # noqa: S105 - shown on the login page of a sample installation; `doctor` finds it elsewhere
"""The one password of all sample accounts."""
