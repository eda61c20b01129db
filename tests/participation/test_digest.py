"""Telling subscribers what is new: who is told what and when, never twice, and what becomes of letters that come to nothing."""

from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected
from unittest import mock

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from gongkai.jobs.doctor import _subscriptions
from gongkai.participation import digest
from gongkai.participation.models import Subscription
from gongkai.search import SearchQuery, Sort
from gongkai.search.indexer import reindex
from gongkai.search.models import OutboxEntry
from tests import factories
from tests.participation.makers import subscriber

NOW = timezone.make_aware(datetime(2026, 11, 25, 8, 5))
"""A Wednesday."""
YESTERDAY = NOW - timedelta(days=1, minutes=5)


def publish(body, at: datetime, count: int = 1, **values) -> list[int]:
    made = factories.published_many(body, count, at=at, **values)
    OutboxEntry.objects.all().delete()
    reindex()
    return [item.pk for item in made]


def refusing(error: Exception):
    return mock.patch.object(EmailBackend, "send_messages", side_effect=error)


def test_a_letter_names_what_was_published_since_the_last_one(body):
    publish(body, YESTERDAY - timedelta(hours=1))
    (new,) = publish(body, NOW - timedelta(hours=3))
    publish(body, NOW - timedelta(minutes=2))  # after eight o'clock: for tomorrow
    one = subscriber("a@example.cn", YESTERDAY)
    assert digest.run(NOW).sent == 1
    (letter,) = mail.outbox
    html = letter.alternatives[0][0]
    assert letter.to == ["a@example.cn"] and letter.subject == "【政务公开】最新公开：新发布 1 条"
    for text in (letter.body, html):
        assert text.count("/items/") == 1 and f"/items/{new}/" in text and body.name in text
        assert "退订" in text and "您收到本邮件" in text
    headers = letter.message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].strip("<>") in letter.body
    assert headers["Message-ID"].startswith(f"<subscription-{one.pk}-")
    assert digest.run(NOW).sent == 0 and len(mail.outbox) == 1


def test_nothing_is_sent_when_nothing_is_new(body):
    one = subscriber("a@example.cn", YESTERDAY)
    assert digest.run(NOW).quiet == 1
    one.refresh_from_db()
    assert mail.outbox == [] and one.last_at == NOW.replace(minute=0)


def test_near_misses_of_a_search_are_not_told(body):
    publish(body, NOW - timedelta(hours=3), title="关于开展养老服务工作的通知")
    subscriber("a@example.cn", YESTERDAY, query=SearchQuery("养老服务 飞行器适航", sort=Sort.NEWEST))
    assert digest.run(NOW).sent == 0


def test_a_long_list_is_cut_and_says_how_much_is_left(body):
    publish(body, NOW - timedelta(hours=3), 53)
    subscriber("a@example.cn", YESTERDAY)
    digest.run(NOW)
    assert mail.outbox[0].body.count("/items/") == 50 and "其余 3 条" in mail.outbox[0].body


def test_each_list_is_asked_once_for_all_who_follow_it(body):
    publish(body, NOW - timedelta(hours=3))
    for number in range(20):
        subscriber(f"{number}@example.cn", YESTERDAY)
    with mock.patch.object(digest, "search", wraps=digest.search) as asked:
        assert digest.run(NOW).sent == 20
    assert asked.call_count == 1
    assert len({letter.to[0] for letter in mail.outbox}) == 20


@pytest.mark.parametrize(
    ("frequency", "at", "sent", "reason"),
    [
        ("daily", NOW, 1, "after eight"),
        ("daily", NOW.replace(hour=7), 0, "before eight, and yesterday's letter is out"),
        ("weekly", NOW, 0, "a Wednesday"),
        ("weekly", NOW + timedelta(days=5), 1, "the next Monday"),
        ("immediate", NOW.replace(hour=7), 1, "any time"),
    ],
)
def test_letters_go_out_when_they_are_due(body, frequency, at, sent, reason):
    publish(body, NOW.replace(hour=6))
    subscriber("a@example.cn", YESTERDAY, frequency=frequency)
    assert digest.run(at).sent == sent, reason


def test_letters_wait_for_an_index_that_is_behind(body):
    (item,) = publish(body, NOW - timedelta(hours=3))
    subscriber("a@example.cn", YESTERDAY)
    entry = OutboxEntry.objects.create(item_id=item)
    OutboxEntry.objects.filter(pk=entry.pk).update(created_at=NOW - timedelta(minutes=6))
    assert digest.run(NOW).sent == 0
    entry.delete()
    assert digest.run(NOW).sent == 1


def test_an_address_that_refuses_is_tried_with_growing_waits_and_put_to_rest(body):
    publish(body, NOW - timedelta(hours=3))
    one = subscriber("a@example.cn", YESTERDAY)
    other = subscriber("b@example.cn", YESTERDAY)
    refused = SMTPRecipientsRefused({"a@example.cn": (550, b"no such user")})
    deliver = EmailBackend.send_messages
    waits = []

    def hand_over(self, messages):
        if messages[0].to == ["a@example.cn"]:
            raise refused
        return deliver(self, messages)

    with mock.patch.object(EmailBackend, "send_messages", hand_over):
        for _ in range(5):
            assert digest.run(NOW).refused == 1
            one.refresh_from_db()
            waits.append(round((one.retry_at - timezone.now()).total_seconds() / 60))
            assert digest.run(min(NOW, one.retry_at - timedelta(seconds=1))).refused == 0
            Subscription.objects.filter(pk=one.pk).update(retry_at=NOW)
    other.refresh_from_db()
    one.refresh_from_db()
    assert (one.state, one.refusals, other.refusals) == ("resting", 5, 0)
    assert waits == [10, 60, 360, 1440, 1440]
    assert [letter.to for letter in mail.outbox] == [["b@example.cn"]]
    assert digest.run(NOW + timedelta(days=3)).refused == 0


def test_a_server_in_trouble_is_left_alone_and_no_address_is_put_to_rest(body):
    publish(body, NOW - timedelta(hours=3))
    for number in range(20):
        subscriber(f"{number}@example.cn", YESTERDAY)
    with refusing(SMTPDataError(451, b"try again later")) as server:
        for _ in range(8):
            digest.run(NOW)
            Subscription.objects.update(retry_at=None)
    assert server.call_count == 8 * digest.TROUBLE
    assert Subscription.objects.filter(state="active", claimed_at=None).count() == 20
    assert digest.run(NOW).sent == 20


def test_a_server_that_does_not_answer_leaves_everything_as_it_was(body):
    publish(body, NOW - timedelta(hours=3))
    one = subscriber("a@example.cn", YESTERDAY)
    with mock.patch.object(EmailBackend, "open", side_effect=ConnectionRefusedError):
        assert digest.run(NOW).sent == 0
    one.refresh_from_db()
    assert (one.claimed_at, one.last_at, one.refusals) == (None, YESTERDAY, 0)
    assert digest.run(NOW).sent == 1


def test_a_letter_interrupted_half_way_is_not_sent_again_and_the_doctor_tells_of_it(body):
    publish(body, NOW - timedelta(hours=3))
    one = subscriber("a@example.cn", YESTERDAY)
    with refusing(SMTPServerDisconnected("gone")):
        assert digest.run(NOW).lost == 1
    assert digest.run(NOW).sent == 0
    assert _subscriptions().problems == (f"第 {one.pk} 号订阅的一封邮件发送中断，情况不明，没有重发",)


def test_a_claim_of_a_process_that_died_is_settled_after_a_while(body):
    publish(body, NOW - timedelta(hours=3))
    until = NOW.replace(minute=0)
    one = subscriber("a@example.cn", YESTERDAY, claimed_at=NOW - timedelta(minutes=2), claimed_until=until)
    assert (digest.run(NOW).lost, len(mail.outbox)) == (0, 0), "somebody may be at it"
    assert (digest.run(NOW + timedelta(minutes=20)).lost, len(mail.outbox)) == (1, 0)
    one.refresh_from_db()
    assert (one.claimed_at, one.last_at) == (None, until)


def test_two_runs_at_once_send_one_letter(body):
    publish(body, NOW - timedelta(hours=3))
    subscriber("a@example.cn", YESTERDAY)
    deliver = EmailBackend.send_messages

    def hand_over(self, messages):
        with mock.patch.object(EmailBackend, "send_messages", deliver):
            assert digest.run(NOW).sent == 0
        return deliver(self, messages)

    with mock.patch.object(EmailBackend, "send_messages", hand_over):
        assert digest.run(NOW).sent == 1
    assert len(mail.outbox) == 1


def test_requests_nobody_confirmed_are_forgotten(body):
    subscriber("a@example.cn", NOW - timedelta(hours=49))
    Subscription.objects.update(state="pending")
    digest.run(NOW - timedelta(hours=2))
    assert Subscription.objects.count() == 1
    digest.run(NOW)
    assert Subscription.objects.count() == 0
