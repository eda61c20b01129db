"""政策卡片: who may get what of a policy, how, until when, and whom to ask — the answer before the text.

It explains a document and is no part of it: it has its own preparation and publication, and the text always goes before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from gongkai.rules.reasons import Reason

LONGEST = 200
"""Characters of an answer: a card is read in half a minute."""
LONGEST_NAME = 40
"""Characters of the name of a matter (事项名称): it stands in lists and calendars."""
MOST_MATTERS = 30
"""Matters of one document."""
LONGEST_ADDRESS = 500
"""Characters of the address where the matter is handled (办理入口)."""


@dataclass(frozen=True, slots=True)
class CardField:
    """One answer of the card."""

    name: str
    label: str
    help: str


CARD_FIELDS = (
    CardField("who_may_benefit", "谁能享受", "写明条件，不写“符合条件的”；如：在本区登记、成立满一年的小微企业。"),
    CardField("what_is_given", "给什么", "写明标准和金额，如：每招用一人补贴 1000 元，最高 20 万元。"),
    CardField("how_to_apply", "怎么办", "写明渠道、材料和时限；免申即享的写明无需申请。"),
    CardField("until_note", "截止", "没有固定日期的写明，如：长期有效；资金用完为止。"),
    CardField("contact", "找谁", "咨询机构（科室）名称。"),
    CardField("phone", "电话", "咨询电话，工作时间能够接通的固定电话。"),
)
REQUIRED = ("who_may_benefit", "what_is_given", "how_to_apply", "contact", "phone")


def check_card(values: Mapping[str, str], until: date | None) -> list[Reason]:
    """What is wrong with a card: answers by the names of `CARD_FIELDS`, ``matter_name`` that of its matter or empty,
    ``service_url`` the address of the 办理入口 or empty, ``until`` the last day to apply or None."""
    reasons = []
    if len(name := values.get("matter_name", "").strip()) > LONGEST_NAME:
        message = f"“事项名称”有 {len(name)} 字，请压缩到 {LONGEST_NAME} 字以内。"
        reasons.append(Reason("card_long", message, field="matter_name"))
    for one in CARD_FIELDS:
        text = values.get(one.name, "").strip()
        if not text and one.name in REQUIRED:
            reasons.append(Reason("card_missing", f"请填写“{one.label}”。", field=one.name))
        if len(text) > LONGEST:
            message = f"“{one.label}”有 {len(text)} 字，请压缩到 {LONGEST} 字以内，细节留在解读中。"
            reasons.append(Reason("card_long", message, field=one.name))
    if until is None and not values.get("until_note", "").strip():
        reasons.append(Reason("card_until", "请填写截止日期；没有固定日期的，在“截止”中说明。", field="until"))
    return reasons + _address_reasons(values.get("service_url", "").strip())


def check_number(matter: int, last: int) -> list[Reason]:
    """Why there can be no matter of this number in a document whose highest one is ``last`` (0: none): they follow on each other."""
    if 1 <= matter <= min(last + 1, MOST_MATTERS):
        return []
    if matter > MOST_MATTERS:
        return [Reason("no_matter", f"一件文件最多 {MOST_MATTERS} 项政策事项。")]
    return [Reason("no_matter", f"请先填写第{last + 1}项政策卡片。")]


def check_matters(own: int, name: str, others: Mapping[int, str]) -> list[Reason]:
    """Why the card of matter number ``own`` called ``name`` cannot stand beside the public cards of ``others`` (names by number).

    A document that gives several things (奖补、补贴、减免) has a card for each; who reads them tells them apart by their names.
    """
    if not others:
        return []
    reasons = []
    if not name.strip():
        reasons.append(Reason("card_matter", "本文件有多项政策事项，请填写事项名称。", field="matter_name"))
    for number, other in sorted(others.items()):
        if not other.strip():
            message = f"第{number}项政策卡片还没有事项名称，请先为它填写名称并发布，再发布本项。"
            reasons.append(Reason("card_matter", message, field="matter_name"))
        elif other.strip() == name.strip():
            message = f"事项名称与第{number}项相同，请分别命名。"
            reasons.append(Reason("card_matter", message, field="matter_name"))
    return reasons


def _address_reasons(address: str) -> list[Reason]:
    """A citizen follows this link to a form that asks for personal data: only a plain web address, without a name to log in."""
    if not address:
        return []
    reasons = []
    if len(address) > LONGEST_ADDRESS:
        message = f"办理入口有 {len(address)} 个字符，不得超过 {LONGEST_ADDRESS} 个字符，请核对。"
        reasons.append(Reason("card_address", message, field="service_url"))
    try:
        parts = urlsplit(address)
        plain = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        plain = False
    if not plain or not address.isprintable() or any(sign.isspace() or sign == "\\" for sign in address):
        message = "办理入口请填写以 http:// 或者 https:// 开头的完整网址，不含空格和登录信息。"
        reasons.append(Reason("card_address", message, field="service_url"))
    return reasons
