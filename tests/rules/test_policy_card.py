"""政策卡片: what is missing, too long or wrong of a card."""

from datetime import date
from typing import Any

import pytest

from gongkai.rules.policy_card import (
    LONGEST,
    LONGEST_ADDRESS,
    LONGEST_NAME,
    MOST_MATTERS,
    check_card,
    check_matters,
    check_number,
)

ANSWERS = {
    "who_may_benefit": "六十周岁以上老年人",
    "what_is_given": "免费乘车",
    "how_to_apply": "带身份证办卡",
    "until_note": "长期有效",
    "contact": "区交通局",
    "phone": "0558-0000000",
}
FULL = "https://zwfw.example.gov.cn/" + "a" * (LONGEST_ADDRESS - 28)
CASES: list[tuple[dict[str, Any], list[tuple[str, str]], str]] = [
    ({}, [], "complete without a link"),
    ({"phone": " "}, [("card_missing", "phone")], "nobody to call"),
    ({"what_is_given": "多" * (LONGEST + 1)}, [("card_long", "what_is_given")], "no half minute"),
    ({"until_note": ""}, [("card_until", "until")], "until when"),
    ({"matter_name": "奖" * LONGEST_NAME}, [], "a name just short enough"),
    ({"matter_name": "奖" * (LONGEST_NAME + 1)}, [("card_long", "matter_name")], "no name for a list"),
    ({"service_url": "https://www.ahzwfw.gov.cn/guide?id=1#top"}, [], "a page of another site"),
    ({"service_url": "http://zwfw.example.gov.cn:8080/"}, [], "without encryption: the site's own matter"),
    ({"service_url": FULL}, [], "just short enough"),
    ({"service_url": FULL + "a"}, [("card_address", "service_url")], "one character too many"),
    ({"service_url": "www.ahzwfw.gov.cn"}, [("card_address", "service_url")], "no scheme: would lead into this site"),
    ({"service_url": "/items/1/"}, [("card_address", "service_url")], "no complete address"),
    ({"service_url": "javascript:alert(1)"}, [("card_address", "service_url")], "a script"),
    ({"service_url": "data:text/html,x"}, [("card_address", "service_url")], "a page in the link"),
    ({"service_url": "ftp://example.gov.cn/"}, [("card_address", "service_url")], "no web page"),
    ({"service_url": "https://"}, [("card_address", "service_url")], "no host"),
    ({"service_url": "https://a.gov.cn@evil.example/"}, [("card_address", "service_url")], "looks like another site"),
    ({"service_url": "https://a.gov.cn\\@evil.example/"}, [("card_address", "service_url")], "read in two ways"),
    ({"service_url": "https://a.gov.cn/ 办理"}, [("card_address", "service_url")], "words behind it"),
    ({"service_url": "https://a.gov.cn/\x01"}, [("card_address", "service_url")], "an unseen character"),
    ({"service_url": "https://[1/"}, [("card_address", "service_url")], "cannot be read at all"),
]


@pytest.mark.parametrize(("changed", "found", "why"), CASES, ids=[row[2] for row in CASES])
def test_a_card_is_refused_or_not(changed: dict[str, Any], found: list[tuple[str, str]], why: str) -> None:
    reasons = check_card({**ANSWERS, **changed}, None)
    assert [(reason.code, reason.field) for reason in reasons] == found, why


def test_a_last_day_needs_no_words() -> None:
    assert check_card({**ANSWERS, "until_note": ""}, date(2026, 12, 31)) == []


@pytest.mark.parametrize(
    ("matter", "last", "said"),
    [
        (1, 0, ""),
        (3, 2, ""),
        (1, 5, ""),
        (MOST_MATTERS, MOST_MATTERS - 1, ""),
        (0, 2, "请先填写第3项"),
        (4, 2, "请先填写第3项"),
        (MOST_MATTERS + 1, MOST_MATTERS, f"最多 {MOST_MATTERS} 项"),
    ],
)
def test_matters_follow_on_each_other(matter: int, last: int, said: str) -> None:
    reasons = check_number(matter, last)
    assert bool(reasons) is bool(said)
    assert all(said in reason.message for reason in reasons)


@pytest.mark.parametrize(
    ("name", "others", "said"),
    [
        ("", {}, []),
        ("设备补助", {1: "入规奖励"}, []),
        (" ", {1: "入规奖励"}, ["请填写事项名称"]),
        ("设备补助", {1: ""}, ["第1项政策卡片还没有事项名称"]),
        (" 入规奖励 ", {1: "入规奖励", 3: "别的"}, ["与第1项相同"]),
        ("", {1: "", 3: "别的"}, ["请填写事项名称", "第1项政策卡片还没有事项名称"]),
    ],
)
def test_several_matters_are_told_apart_by_their_names(name: str, others: dict[int, str], said: list[str]) -> None:
    found = check_matters(2, name, others)
    assert [reason.field for reason in found] == ["matter_name"] * len(said)
    assert all(words in reason.message for words, reason in zip(said, found, strict=True))
