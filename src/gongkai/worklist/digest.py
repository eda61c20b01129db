"""Writing and sending the daily digest.

A letter holds titles and deadlines only, never what a check found. It is claimed in the database before it is sent: a run that dies, or two
at once, may lose one, but never send one twice. What the mail server refuses is tried again, at most `MOST_ATTEMPTS` times a day.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from gongkai.organisations.actors import actor_for
from gongkai.organisations.models import User
from gongkai.rules.tasks import COUNT_LIMIT, Standing, Task
from gongkai.worklist.models import Digest, DigestPreference
from gongkai.worklist.selectors import worklist

MOST_ATTEMPTS = 3
SHOWN = 30
"""Tasks that are named in a letter; the others are counted."""
KEPT_DAYS = 30
_ORDER = (Standing.OVERDUE, Standing.TODAY, Standing.SOON, Standing.IN_TIME, Standing.OPEN)
_NOT_TOLD = frozenset({"scheduled"})
"""What needs nobody to do anything."""
_Frequency = DigestPreference.Frequency
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """One digest, ready to be sent."""

    user: User
    subject: str
    text: str
    tasks: int


@dataclass(frozen=True, slots=True)
class DigestReport:
    """What a run did."""

    sent: int = 0
    failed: int = 0
    nothing: int = 0
    """People for whom nothing waits, or who want no letter."""


def letters(now: datetime) -> Iterator[Letter | None]:
    """The letter of everybody who has an address and may sign in, one after the other; None for whom there is none today."""
    people = User.objects.filter(is_active=True, memberships__isnull=False).exclude(email="").distinct()
    wishes = dict(DigestPreference.objects.values_list("user_id", "frequency"))
    for user in people.order_by("pk"):
        yield letter_for(user, wishes.get(user.pk, _Frequency.DAILY), now)


def letter_for(user: User, frequency: str, now: datetime) -> Letter | None:
    """What waits for `user`, if it is to be told."""
    if frequency == _Frequency.NEVER:
        return None
    found = [
        task for group in worklist(actor_for(user), now) if group.type.code not in _NOT_TOLD for task in group.tasks
    ]
    late = [task for task in found if task.deadline.standing is Standing.OVERDUE]
    if not found or (frequency == _Frequency.OVERDUE and not late):
        return None
    count = f"{len(found)}" if len(found) < COUNT_LIMIT else f"{len(found)} 项以上"
    subject = f"【政务公开】待办 {count} 项" + (f"，其中已超期 {len(late)} 项" if late else "")
    return Letter(user, subject, _text(user, found, now), len(found))


def _text(user: User, found: list[Task], now: datetime) -> str:
    base, today = settings.ENVIRONMENT.site_url.rstrip("/"), timezone.localdate(now)
    ordered = sorted(found, key=lambda task: _ORDER.index(task.deadline.standing))
    lines = [f"{user}：", "", f"截至{today.month}月{today.day}日，以下事项等您办理：", ""]
    number = 0
    for standing in _ORDER:
        here = [task for task in ordered[:SHOWN] if task.deadline.standing is standing]
        if not here:
            continue
        lines.append(f"{standing.label}")
        for task in here:
            number += 1
            term = f"，{task.deadline.words}" if task.deadline.words else ""
            lines.append(f"{number}. {task.title}（{task.organisation}，{task.type.label}{term}）")
            lines.append(f"   {base}{reverse(f'office:{task.type.about}', args=[task.item_id])}")
        lines.append("")
    if len(found) > SHOWN:
        lines += [f"另有 {len(found) - SHOWN} 项，请在工作台查看。", ""]
    lines += [
        f"工作台：{base}{reverse('office:home')}",
        f"调整或者停止接收本邮件：{base}{reverse('office:digest')}",
        "",
        "本邮件由系统自动发送，请勿回复。",
    ]
    return "\n".join(lines)


def _html(text: str) -> str:
    """The same lines for programs that show HTML: escaped, our own addresses as links, nothing fetched from anywhere."""
    ours = re.escape(escape(settings.ENVIRONMENT.site_url.rstrip("/"))) + r"/office/[a-z0-9/]*"
    lines = re.sub(ours, r'<a href="\g<0>">\g<0></a>', escape(text)).replace("\n", "<br>\n")
    return f'<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8"></head><body>\n{lines}\n</body></html>'


def send(now: datetime) -> DigestReport:
    """Send what has not been sent today. Errors of one address do not stop the others."""
    sent = failed = nothing = 0
    today = timezone.localdate(now)
    connection = get_connection()
    for letter in letters(now):
        if letter is None:
            nothing += 1
            continue
        claimed = _claim(letter, today, now)
        if claimed is None:
            continue
        message = EmailMultiAlternatives(letter.subject, letter.text, None, [letter.user.email], connection=connection)
        message.attach_alternative(_html(letter.text), "text/html")
        try:
            message.send()
            sent += 1
        except (SMTPException, OSError, ValueError) as error:  # ValueError: an address no header can hold
            failed += 1
            logger.warning("digest to user %s refused: %s", letter.user.pk, error)
            Digest.objects.filter(pk=claimed.pk).update(sent_at=None, error=f"{type(error).__name__}"[:200])
    Digest.objects.filter(day__lt=timezone.localdate(now - timedelta(days=KEPT_DAYS))).delete()
    return DigestReport(sent, failed, nothing)


def _claim(letter: Letter, today: date, now: datetime) -> Digest | None:
    """Mark the letter as sent; None when it was, or was refused too often."""
    try:
        with transaction.atomic():
            return Digest.objects.create(user=letter.user, day=today, tasks=letter.tasks, sent_at=now, attempts=1)
    except IntegrityError:
        again = Digest.objects.filter(user=letter.user, day=today, sent_at=None, attempts__lt=MOST_ATTEMPTS)
        if again.update(sent_at=now, attempts=F("attempts") + 1, error="", tasks=letter.tasks):
            return Digest.objects.get(user=letter.user, day=today)
        return None


def left_to_send(now: datetime) -> bool:
    """Whether a letter of today was refused and may be tried again."""
    return Digest.objects.filter(day=timezone.localdate(now), sent_at=None, attempts__lt=MOST_ATTEMPTS).exists()
