"""The letters to subscribers, as text and as simple HTML: confirmation, link, and the new items of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django.utils.html import escape

from gongkai.disclosure.public_cards import Card
from gongkai.files.field_seal import unseal
from gongkai.participation import links
from gongkai.participation.models import Subscription
from gongkai.rules.days import chinese_date
from gongkai.rules.subscriptions import Frequency, parameters

_AUTOMATIC = "本邮件由系统自动发送，请勿回复。"


@dataclass(frozen=True, slots=True)
class News:
    """What is new in a list: the lines of all letters about it, put together once."""

    total: int
    text: str
    html: str


def news_of(cards: Sequence[Card], total: int) -> News:
    """The lines of these items; `total` is how many there are in all."""
    text, html = [], []
    for number, card in enumerate(cards, start=1):
        where = links.address("item", str(card.id))
        facts = "　".join(filter(None, (card.organisation, card.document_number, card.shown_on and chinese_date(card.shown_on))))  # fmt: skip
        text.append(f"{number}. {card.title}\n   {facts}\n   {where}")
        html.append(f'<li><a href="{escape(where)}">{escape(card.title)}</a><br>{escape(facts)}</li>')
    return News(total, "\n".join(text), "\n".join(("<ol>", *html, "</ol>")))


def digest(subscription: Subscription, news: News, shown: int, until: datetime, connection: BaseEmailBackend) -> EmailMultiAlternatives:  # fmt: skip
    """The letter about what is new in a followed list. Its Message-ID is the same whenever it is made."""
    one, base = subscription, settings.ENVIRONMENT.site_url.rstrip("/")
    page, leave, all_lists = base + one.path, links.to_leave(one.pk), links.address("subscriptions")
    rest = f"其余 {news.total - shown} 条，请在网站查看。" if news.total > shown else ""
    since = f"（{chinese_date(timezone.localdate(one.confirmed_at))}确认，{Frequency(one.frequency).label}接收）" if one.confirmed_at else ""  # fmt: skip
    opening, why = (
        f"您订阅的“{one.title}”新发布 {news.total} 条信息：",
        f"您收到本邮件，是因为本邮箱订阅了该列表{since}。",
    )
    text = "\n".join(
        (
            opening, "", news.text, *(["", rest] if rest else []), "", f"完整列表：{page}", "", why,
            f"退订：{leave}", f"查看和调整全部订阅：{all_lists}", "", _AUTOMATIC,
        )
    )  # fmt: skip
    html = _html(
        f"<p>{escape(opening)}</p>\n{news.html}\n<p>{rest}{_link(page, '查看完整列表')}</p>\n<hr>\n"
        f"<p>{escape(why)}<br>{_link(leave, '退订')}　{_link(all_lists, '查看和调整全部订阅')}</p>\n<p>{_AUTOMATIC}</p>"
    )
    headers = {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}  # RFC 8058
    mark = f"subscription-{one.pk}-{int(until.timestamp())}"
    subject = f"【政务公开】{one.title[:60]}：新发布 {news.total} 条"
    return _letter(one, subject, text, html, mark, headers, connection)


def send_confirmation(subscription_id: int, frequency: str) -> None:
    """Ask whether it was the owner of the address who asked; nothing when the subscription is gone by now."""
    if found := Subscription.objects.filter(pk=subscription_id).first():
        chosen, hours = Frequency(frequency), parameters().confirm_hours
        link = links.to_confirm(found.pk, chosen)
        asked = f"有人用本邮箱在{settings.ENVIRONMENT.site_name}申请订阅“{found.title}”（{chosen.label}接收）。"
        how = f"如果是您本人申请，请在 {hours} 小时内打开以下链接，并按页面上的“确认订阅”："
        otherwise = f"如果不是您本人申请，不必理会：此后不会收到邮件，本邮箱将在 {hours} 小时后自动删除。"
        if found.state != Subscription.State.PENDING:
            otherwise = "如果不是您本人申请，不必理会，现有订阅不变。"
        mark = f"subscription-{found.pk}-confirm-{int(found.asked_at.timestamp())}-{frequency}"
        _send_link(
            found, f"【政务公开】请确认订阅：{found.title[:60]}", (asked, how), link, "确认订阅", otherwise, mark
        )


def send_link(subscription_id: int) -> None:
    """The link to all that the address follows; nothing when the subscription is gone by now."""
    if found := Subscription.objects.filter(pk=subscription_id).first():
        how = f"请打开以下链接查看、调整或者退订本邮箱的订阅，链接 {parameters().confirm_hours} 小时内有效："
        link = links.to_manage(found.address_digest)
        mark = f"subscription-{found.pk}-link-{int(timezone.now().timestamp())}"
        otherwise = "如果不是您本人申请，不必理会。请勿把链接转发他人。"
        _send_link(found, "【政务公开】管理邮件订阅的链接", (how,), link, "管理订阅", otherwise, mark)


def _send_link(to: Subscription, subject: str, lines: Sequence[str], link: str, name: str, otherwise: str, mark: str) -> None:  # fmt: skip
    text = "\n".join(("您好！", "", *lines, "", link, "", otherwise, "", _AUTOMATIC))
    paragraphs = "\n".join(f"<p>{escape(line)}</p>" for line in ("您好！", *lines))
    html = _html(f"{paragraphs}\n<p>{_link(link, name)}</p>\n<p>{escape(otherwise)}</p>\n<p>{_AUTOMATIC}</p>")
    _letter(to, subject, text, html, mark, {}, None).send()


def _letter(
    to: Subscription, subject: str, text: str, html: str, mark: str, headers: Mapping[str, str], connection: BaseEmailBackend | None
) -> EmailMultiAlternatives:  # fmt: skip
    domain = urlsplit(settings.ENVIRONMENT.site_url).hostname or "localhost"
    every = {"Message-ID": f"<{mark}@{domain}>", "Auto-Submitted": "auto-generated", **headers}
    address = unseal(to.address_sealed, "订阅邮箱")
    letter = EmailMultiAlternatives(" ".join(subject.split()), text, None, [address], headers=every, connection=connection)  # fmt: skip
    letter.attach_alternative(html, "text/html")
    return letter


def _link(where: str, text: str) -> str:
    return f'<a href="{escape(where)}">{text}</a>'


def _html(inner: str) -> str:
    return f'<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8"></head><body>\n{inner}\n</body></html>'
