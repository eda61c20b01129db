"""The day of receipt of an application: derived from how it came, never the moment somebody typed it in (《条例》§31).

当面提交 — the day it was handed over; 邮寄 — the day it was signed for; 平常信函 — the day the body confirmed with the applicant that it had
it; 互联网、工作机构的传真 — the day both confirmed. 口头 (§29) counts as handed over on the day it was written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gongkai.rules.reasons import Reason


class Channel(StrEnum):
    """提交渠道."""

    COUNTER = "counter"
    ORAL = "oral"
    POST = "post"
    PLAIN_LETTER = "plain_letter"
    ONLINE = "online"
    FAX = "fax"

    @property
    def label(self) -> str:
        """The name for people."""
        return _RULES[self].label

    @property
    def rule(self) -> ReceiptRule:
        """How its day of receipt is found."""
        return _RULES[self]


@dataclass(frozen=True, slots=True)
class ReceiptRule:
    """Which day counts for a channel."""

    label: str
    day: str
    """What day it is, for the form."""
    needs_confirmation: bool
    """Whether the body and the applicant first have to confirm; until then the clock does not run."""
    article: str


_RULES = {
    Channel.COUNTER: ReceiptRule("当面提交", "提交之日", False, "《条例》§31（一）"),
    Channel.ORAL: ReceiptRule("口头申请（工作人员代填）", "代填并经申请人确认之日", False, "《条例》§29、§31（一）"),
    Channel.POST: ReceiptRule("邮寄（挂号、特快等需签收）", "签收之日", False, "《条例》§31（二）"),
    Channel.PLAIN_LETTER: ReceiptRule("平常信函（无需签收）", "与申请人确认之日", True, "《条例》§31（二）"),
    Channel.ONLINE: ReceiptRule("互联网", "双方确认之日", True, "《条例》§31（三）"),
    Channel.FAX: ReceiptRule("传真", "双方确认之日", True, "《条例》§31（三）"),
}


def day_of_receipt(channel: Channel, submitted_on: date | None, signed_on: date | None) -> date | None:
    """The day of receipt as it follows from the days on the paper (《条例》§31); None: it is not received before both sides confirm.

    `submitted_on`: handed over, written down and read back, posted, or sent by fax; `signed_on`: a letter that had to be signed for was.
    """
    if channel.rule.needs_confirmation:
        return None
    return signed_on if channel is Channel.POST else submitted_on


def receipt_reasons(channel: Channel, received_on: date | None, submitted_on: date, today: date) -> list[Reason]:
    """Why this day cannot be the day of receipt.

    `submitted_on` is the day on which the application left the applicant as far as is known (for what staff enter: the day on the
    paper or postmark; for the form: the day it was sent). A day of receipt before that or after today is refused.
    """
    rule = channel.rule
    if received_on is None:
        return [Reason("received_on", f"请填写收到日期（{rule.day}）。", rule.article, "received_on")]
    if received_on > today:
        return [Reason("received_on", "收到日期晚于今天，请核对。", rule.article, "received_on")]
    if received_on < submitted_on:
        message = f"收到日期（{received_on:%Y-%m-%d}）早于申请人提交的日期（{submitted_on:%Y-%m-%d}），请核对。"
        return [Reason("received_before_submitted", message, rule.article, "received_on")]
    return []
