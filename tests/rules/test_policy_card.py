"""政策卡片: what is missing, too long or wrong of a card."""

from datetime import date
from typing import Any

import pytest

from gongkai.rules.policy_card import LONGEST, LONGEST_ADDRESS, check_card

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
