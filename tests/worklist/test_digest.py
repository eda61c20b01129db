"""The worklist by mail: to whom, what it says, once a day, whatever refuses or dies half-way."""

from datetime import datetime, timedelta
from smtplib import SMTPServerDisconnected
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.test import Client
from django_tasks_db.models import DBTaskResult

from gongkai.disclosure import actions
from gongkai.jobs.tick import tick
from gongkai.organisations.actors import actor_for
from gongkai.rules.access import Role
from gongkai.worklist import digest
from gongkai.worklist.models import Digest, DigestPreference
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 26, 8, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Thursday morning."""


@pytest.fixture
def body():
    return factories.body("测试区教育局")


@pytest.fixture
def clerk(body):
    person = factories.member(body, Role.CLERK)
    person.email = "clerk@example.org"
    person.save()
    return person


@pytest.fixture
def drafts(body, clerk):
    """One that is late and one that is not."""
    return [
        actions.create_item(
            actor=actor_for(clerk),
            organisation_id=body.pk,
            kind="notice",
            values=factories.values(title=title, formed_on=day),
        )
        for title, day in (("迟了的通知", NOW.date() - timedelta(60)), ("不急的通知", NOW.date()))
    ]


def test_it_names_what_waits_the_late_first_with_links_and_nothing_of_what_checks_found(clerk, drafts, settings):
    report = digest.send(NOW)
    assert (report.sent, report.failed) == (1, 0)
    [letter] = mail.outbox
    assert letter.to == ["clerk@example.org"]
    assert letter.subject == "【政务公开】待办 2 项，其中已超期 1 项"
    assert letter.body.index("迟了的通知") < letter.body.index("不急的通知")
    assert f"{settings.ENVIRONMENT.site_url}/office/items/{drafts[0].pk}/" in letter.body
    assert "/office/digest/" in letter.body, "how to switch it off"


def test_it_is_sent_once_a_day_and_again_on_the_next(clerk, drafts):
    for _ in range(3):
        digest.send(NOW)
    assert len(mail.outbox) == 1
    digest.send(NOW + timedelta(days=1))
    assert len(mail.outbox) == 2


def test_nobody_gets_a_letter_about_nothing(clerk, body):
    factories.member(body, Role.REVIEWER)  # no address
    assert digest.send(NOW).sent == 0
    assert mail.outbox == []


WISHES = [("daily", 1), ("overdue", 1), ("never", 0)]


@pytest.mark.parametrize(("frequency", "letters"), WISHES)
def test_people_choose_how_often(clerk, drafts, frequency, letters):
    DigestPreference.objects.create(user=clerk, frequency=frequency)
    assert digest.send(NOW).sent == letters


def test_who_wants_only_what_is_late_is_left_alone_otherwise(clerk, drafts):
    DigestPreference.objects.create(user=clerk, frequency="overdue")
    actions.discard(actor=actor_for(clerk), item_id=drafts[0].pk)
    assert digest.send(NOW).sent == 0


def test_a_closed_account_gets_none(clerk, drafts):
    clerk.is_active = False
    clerk.save()
    assert digest.send(NOW).sent == 0


def test_an_address_that_is_refused_stops_no_other_and_is_tried_three_times(clerk, drafts, body, monkeypatch):
    other = factories.member(body, Role.CLERK)
    other.email = "other@example.org"
    other.save()
    actions.create_item(actor=actor_for(other), organisation_id=body.pk, kind="notice", values=factories.values())
    plain = EmailMessage.send

    def send(self, *arguments, **more):
        if self.to == ["clerk@example.org"]:
            raise SMTPServerDisconnected("no")
        return plain(self, *arguments, **more)

    monkeypatch.setattr(EmailMessage, "send", send)
    assert (report := digest.send(NOW)).failed == 1
    assert report.sent == 1
    assert digest.left_to_send(NOW)
    for _ in range(5):
        digest.send(NOW)
    assert Digest.objects.get(user=clerk).attempts == digest.MOST_ATTEMPTS
    assert not digest.left_to_send(NOW)
    assert [letter.to for letter in mail.outbox] == [["other@example.org"]]


def test_a_run_that_dies_while_sending_never_sends_twice(clerk, drafts, monkeypatch):
    class Killed(BaseException):
        pass

    def die(self, *arguments, **more):
        mail.outbox.append(self)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", die)
        with pytest.raises(Killed):
            digest.send(NOW)
    digest.send(NOW)
    assert len(mail.outbox) == 1


MORNINGS = [
    (NOW, 8, 1, "a working morning"),
    (NOW.replace(hour=7), 8, 0, "before the hour"),
    (datetime(2026, 11, 28, 9, tzinfo=NOW.tzinfo), 8, 0, "a Saturday"),
    (datetime(2026, 10, 10, 9, tzinfo=NOW.tzinfo), 8, 1, "a Saturday that is worked"),
    (datetime(2026, 10, 1, 9, tzinfo=NOW.tzinfo), 8, 0, "the national day"),
    (NOW, None, 0, "no mail server"),
]


@pytest.mark.parametrize(("moment", "hour", "runs", "why"), MORNINGS, ids=[row[3] for row in MORNINGS])
def test_the_tick_has_it_sent_on_working_mornings_once(settings, moment, hour, runs, why):
    settings.GONGKAI_DIGEST_HOUR = hour
    for minutes in (0, 1, 2):
        tick(moment + timedelta(minutes=minutes))
    assert DBTaskResult.objects.filter(task_path__endswith=".send_digests").count() == runs, why


def test_the_command_shows_without_sending(clerk, drafts, capsys):
    call_command("digest", "--dry-run")
    said = capsys.readouterr().out
    assert "收件人：clerk@example.org" in said
    assert mail.outbox == []
    call_command("digest")
    assert "已发送 1 封" in capsys.readouterr().out


def test_the_choice_is_made_on_a_page(clerk):
    client = Client()
    client.force_login(clerk)
    assert "clerk@example.org" in client.get("/office/digest/").content.decode()
    assert client.post("/office/digest/", {"frequency": "hourly"}).status_code == 422
    assert client.post("/office/digest/", {"frequency": "never"}).status_code == 302
    assert DigestPreference.objects.get(user=clerk).frequency == "never"
