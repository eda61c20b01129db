"""Messages to the applicant by mail and text: an outbox. A row is written in the transaction of its event and sent afterwards.

A message names the tracking number and what has happened, never a person, a title or what anybody wrote (《个人信息保护法》§6). A message is
claimed before it is handed over: a process that dies in between leaves a claim, and such a message is handed over again only where the
receiver knows it by its id; otherwise it is marked as of unknown fate for staff to see. So none goes twice and none is lost unseen.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from gongkai.foi import sms
from gongkai.foi.models import Case, CaseEvent, Notice
from gongkai.foi.telling import mentioned
from gongkai.rules.case_events import TRANSITIONS
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.days import chinese_date

MOST_ATTEMPTS = 5
AGAIN_AFTER = timedelta(minutes=10)
"""How long after a refusal a message is tried again."""
LOST_AFTER = timedelta(minutes=15)
"""A claim older than this belongs to a process that died."""
AT_ONCE = 50
QUIET_FROM, QUIET_UNTIL = 21, 8
"""Hours of the day between which no text message goes out (防打扰)."""
UNKNOWN_FATE = "发送中断，情况不明"
_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
_SHORT = {
    Event.VOID: "未作为政府信息公开申请受理",
    Event.TRANSFER: "已转送其他机关办理",
    Event.SEND_CORRECTION_NOTICE: "需要您在{reply_by}前补正",
    Event.REQUEST_REASONS: "需要您在{reply_by}前说明理由",
    Event.SERVE_EXTENSION: "答复期限延长{days}个工作日",
    Event.DEFER: "将在{until}前答复",
    Event.SUBMIT: "已提交，等待工作人员与您确认",
}
"""Where the sentence of the table has particulars that are not for a message."""
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NoticeReport:
    """What a run did."""

    sent: int = 0
    failed: int = 0
    unknown: int = 0


def write(case: Case, event: CaseEvent) -> int:
    """Write the messages of an event, one for each way the applicant can be reached; returns how many. In the event's transaction."""
    if not TRANSITIONS[Event(event.name)].told:
        return 0
    applicant = case.applicant
    text = text_of(case, event)
    rows = []
    if applicant.email:
        subject = f"【政府信息公开】申请 {case.submission.tracking_number} 有新的进展"
        rows.append(Notice(case=case, seq=event.seq, kind="mail", address=applicant.email, subject=subject, text=text))
    if mobile := mobile_of(applicant.phone):
        rows.append(Notice(case=case, seq=event.seq, kind="sms", address=mobile, text=text))
    Notice.objects.bulk_create(rows)
    return len(rows)


def mobile_of(phone: str) -> str:
    """The mobile number as gateways want it; empty where it is none."""
    found = _MOBILE.fullmatch(re.sub(r"[\s\-—()（）]", "", phone))
    return found[1] if found else ""


def text_of(case: Case, event: CaseEvent) -> str:
    """What a message says: the tracking number, what has happened, where to look."""
    address = settings.ENVIRONMENT.site_url.rstrip("/") + reverse("portal:request-tracking")
    number = case.submission.tracking_number
    return f"您的政府信息公开申请（编号{number}）：{_happened(event)}。详情请凭申请编号和查询码查询：{address}"


def _happened(event: CaseEvent) -> str:
    name = Event(event.name)
    sentence = _SHORT.get(name) or TRANSITIONS[name].told.split("：")[0].rstrip("。")
    kinds = {field.name: field for field in TRANSITIONS[name].fields}
    words = {"day": chinese_date(event.effective_on)}
    for wanted in mentioned(sentence):
        value = event.data.get(wanted)
        if wanted == "day":
            continue
        if wanted in ("reply_by", "until", "pay_by") and value:
            words[wanted] = chinese_date(date.fromisoformat(str(value)))
        elif wanted in ("days", "amount") and isinstance(value, int):
            words[wanted] = str(value)
        elif wanted in kinds and kinds[wanted].kind == "choice":
            words[wanted] = dict(kinds[wanted].choices).get(str(value), "")
        else:
            return "有新的进展"
    return sentence.format_map(words)


def send_waiting(now: datetime) -> NoticeReport:
    """Hand over what waits, at most `AT_ONCE`; what one receiver refuses stops no other."""
    unknown = _settle_lost(now)
    sent = failed = 0
    refused = ~Q(failed="") & Q(claimed_at__lt=now - AGAIN_AFTER)
    waiting = Notice.objects.filter(Q(claimed_at=None) | refused, sent_at=None, attempts__lt=MOST_ATTEMPTS)
    waiting = waiting.exclude(failed=UNKNOWN_FATE)
    if is_quiet(now):
        waiting = waiting.exclude(kind="sms")
    for notice in list(waiting.order_by("pk")[:AT_ONCE]):
        if not _claim(notice, now):
            continue
        try:
            _hand_over(notice)
        except (SMTPException, OSError, ValueError, sms.NotSent) as error:  # ValueError: an address no header can hold
            failed += 1
            logger.warning("notice %s refused: %s", notice.pk, type(error).__name__)
            Notice.objects.filter(pk=notice.pk).update(failed=type(error).__name__[:200])
        else:
            sent += 1
            Notice.objects.filter(pk=notice.pk).update(sent_at=timezone.now(), failed="")
    return NoticeReport(sent, failed, unknown)


def is_quiet(now: datetime) -> bool:
    """Whether text messages have to wait for the morning."""
    return not QUIET_UNTIL <= timezone.localtime(now).hour < QUIET_FROM


def _claim(notice: Notice, now: datetime) -> bool:
    """Mark the message as being handed over; False when another process was first."""
    free = Notice.objects.filter(pk=notice.pk, sent_at=None, claimed_at=notice.claimed_at)
    return bool(free.update(claimed_at=now, failed="", attempts=F("attempts") + 1))


def _settle_lost(now: datetime) -> int:
    """What a process that died left claimed: text messages go again under their id; of mails nobody knows. Returns how many of those."""
    lost = Notice.objects.filter(sent_at=None, failed="", claimed_at__lt=now - LOST_AFTER)
    lost.filter(kind="sms").update(claimed_at=None)
    return lost.exclude(kind="sms").update(failed=UNKNOWN_FATE)


def _hand_over(notice: Notice) -> None:
    if notice.kind == "sms":
        sms.backend().send(f"notice-{notice.pk}", notice.address, notice.text)
        return
    EmailMessage(notice.subject, notice.text, None, [notice.address], connection=get_connection()).send()
