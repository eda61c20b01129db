"""The digest: an address nobody can write to stops nobody else's letter; what the doctor says of mail; the HTML part."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone

from gongkai.disclosure import actions
from gongkai.jobs import doctor
from gongkai.organisations.actors import actor_for
from gongkai.rules.access import Role
from gongkai.worklist import digest
from gongkai.worklist.models import Digest
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 26, 8, 30, tzinfo=ZoneInfo("Asia/Shanghai"))

ADDRESSES = [
    ("clerk@example.org\nBcc: all@example.org", "a second header"),
    ("信息员@", "no host"),
]


def _person(body, address):
    person = factories.member(body, Role.CLERK)
    person.email = address
    person.save()
    actions.create_item(
        actor=actor_for(person),
        organisation_id=body.pk,
        kind="notice",
        values=factories.values(formed_on=NOW.date() - timedelta(60)),
    )
    return person


@pytest.mark.parametrize(("address", "why"), ADDRESSES, ids=[row[1] for row in ADDRESSES])
def test_a_malformed_address_is_counted_as_refused_and_the_others_get_theirs(address, why):
    body = factories.body()
    bad = _person(body, address)
    _person(body, "other@example.org")
    report = digest.send(NOW)
    assert (report.sent, report.failed) == (1, 1), why
    assert [letter.to for letter in mail.outbox] == [["other@example.org"]]
    assert Digest.objects.get(user=bad).sent_at is None


def _mail_check():
    return next(check for check in doctor.examine() if check.name.startswith("邮件"))


def test_the_doctor_says_that_there_is_no_mail_and_names_no_address_when_some_is_refused(settings):
    assert "未配置" in _mail_check().name
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, email_url="smtp://mail.example.org")
    assert (_mail_check().name, _mail_check().problems) == ("邮件", ())
    person = _person(factories.body(), "clerk@example.org\nBcc: all@example.org")
    for _ in range(digest.MOST_ATTEMPTS):
        digest.send(timezone.now())
    assert Digest.objects.get(user=person).attempts == digest.MOST_ATTEMPTS
    [problem] = _mail_check().problems
    assert problem.startswith("今天有 1 封")
    assert "example.org" not in problem


def test_the_html_part_has_links_and_no_tag_of_a_title():
    person = _person(factories.body(), "clerk@example.org")
    actions.create_item(
        actor=actor_for(person),
        organisation_id=next(iter(actor_for(person).roles)),
        kind="notice",
        values=factories.values(title="关于<b>粗</b>的通知", formed_on=NOW.date()),
    )
    digest.send(NOW)
    [(html, kind)] = mail.outbox[0].alternatives
    assert kind == "text/html"
    assert "&lt;b&gt;粗" in html
    assert "<b>" not in html
    assert '/office/digest/"' in html, "the way to switch it off is a link"
