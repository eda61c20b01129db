"""Messages to applicants: written with the event, sent once, at decent hours, and saying nothing of anybody."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.core import mail
from django.db import transaction

from gongkai.foi import notices, sms
from gongkai.foi.models import Notice
from gongkai.rules.case_events import TRANSITIONS
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.reasons import Refused
from tests.foi.makers import SHANGHAI, Desk, applicant, on

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)
NIGHT = datetime(2026, 3, 2, 22, tzinfo=SHANGHAI)


@pytest.fixture
def desk(settings, tmp_path):
    settings.GONGKAI_DATA_DIR = tmp_path
    return Desk()


def texts(path: Path) -> list[dict]:
    return [json.loads(one.read_text()) for one in sorted((path / "sms").glob("*.json"))]


def test_each_event_that_is_told_writes_a_message_for_each_way(desk):
    with on(date(2026, 3, 2)):
        case = desk.registered(date(2026, 3, 2))
    found = list(Notice.objects.filter(case=case).order_by("pk").values_list("seq", "kind"))
    assert found == [(seq, kind) for seq in (1, 2, 3) for kind in ("mail", "sms")]


def test_an_event_that_is_refused_writes_no_message(desk):
    with on(date(2026, 3, 2)):
        case = desk.online()
        before = Notice.objects.count()
        with pytest.raises(Refused):
            desk.do(case, Event.CONFIRM_RECEIPT, on=date(2026, 3, 1), how="phone")
    assert Notice.objects.count() == before


def test_the_message_goes_with_its_event_or_not_at_all(desk):
    with on(date(2026, 3, 2)):
        case = desk.online()
        with pytest.raises(RuntimeError), transaction.atomic():
            desk.do(case, Event.CONFIRM_RECEIPT, how="phone")
            raise RuntimeError
    assert set(Notice.objects.values_list("seq", flat=True)) == {1}


@pytest.mark.parametrize(
    ("phone", "mobile"),
    [("13800138000", "13800138000"), ("138 0013 8000", "13800138000"), ("+86-13800138000", "13800138000"), ("0558-5115678", ""), ("12345", ""), ("", "")],
)  # fmt: skip
def test_texts_go_to_mobile_numbers_only(phone, mobile):
    assert notices.mobile_of(phone) == mobile


SECRETS = ("示例申请人", "13800138000", "学区", "甲公司", "商业秘密", "请写明学校")


def test_messages_name_the_number_and_nothing_of_anybody(desk):
    with on(date(2026, 3, 2)):
        case = desk.registered(date(2026, 3, 2))
        consulted = desk.do(case, Event.SEND_CONSULTATION, party="third_party", name="甲公司", asked="商业秘密")
        desk.do(case, Event.RECEIVE_OPINION, consultation=consulted.seq, opinion="objects", content="商业秘密")
        desk.do(case, Event.SEND_CORRECTION_NOTICE, items="请写明学校名称", reply_by="2026-03-20")
    for one in Notice.objects.all():
        assert case.submission.tracking_number in one.text
        assert not any(secret in one.text + one.subject for secret in SECRETS), one.text
    assert "需要您在2026年3月20日前补正" in Notice.objects.order_by("-pk")[0].text


@pytest.mark.parametrize("event", [one for one in Event if TRANSITIONS[one].told], ids=str)
def test_no_message_carries_what_somebody_wrote(event):
    sentence = notices._SHORT.get(event) or TRANSITIONS[event].told.split("：")[0]
    kinds = {field.name: field.kind for field in TRANSITIONS[event].fields}
    told = {name for name in notices.mentioned(sentence) if kinds.get(name) in ("text", "long", "body")}
    assert not told


def test_what_waits_is_sent_once(desk, tmp_path):
    with on(date(2026, 3, 2)):
        desk.online()
    assert notices.send_waiting(DAY).sent == 2
    assert notices.send_waiting(DAY + timedelta(hours=1)).sent == 0
    assert len(mail.outbox) == 1 and len(texts(tmp_path)) == 1
    assert texts(tmp_path)[0]["phone"] == "13800138000"


def test_no_text_goes_out_at_night_but_mail_does(desk, tmp_path):
    with on(date(2026, 3, 2)):
        desk.online()
    assert notices.send_waiting(NIGHT).sent == 1
    assert not (tmp_path / "sms").exists()
    assert notices.send_waiting(DAY + timedelta(days=1)).sent == 1


@pytest.mark.parametrize(("hour", "quiet"), [(7, True), (8, False), (20, False), (21, True), (0, True)])
def test_quiet_hours(hour, quiet):
    assert notices.is_quiet(datetime(2026, 3, 2, hour, tzinfo=SHANGHAI)) is quiet


def test_what_is_refused_is_tried_again_later_and_stops_no_other(desk, tmp_path):
    with on(date(2026, 3, 2)):
        desk.online()
    with mock.patch.object(sms.FileBackend, "send", side_effect=sms.NotSent("HTTP 503")):
        report = notices.send_waiting(DAY)
        assert (report.sent, report.failed) == (1, 1)
        assert notices.send_waiting(DAY + timedelta(minutes=5)) == notices.NoticeReport()
    assert notices.send_waiting(DAY + timedelta(minutes=11)).sent == 1
    assert len(texts(tmp_path)) == 1


def test_after_five_refusals_it_is_given_up(desk):
    with on(date(2026, 3, 2)):
        desk.online()
    with mock.patch.object(sms.FileBackend, "send", side_effect=sms.NotSent("HTTP 503")):
        for turn in range(8):
            notices.send_waiting(DAY + timedelta(minutes=15 * turn))
    assert Notice.objects.get(kind="sms").attempts == notices.MOST_ATTEMPTS


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_process_killed_while_it_sends_loses_nothing_unseen_and_sends_nothing_twice(desk, tmp_path, when):
    with on(date(2026, 3, 2)):
        desk.online(applicant=applicant(email=""))
    real = notices._hand_over

    def dies(notice):
        if when == "after":
            real(notice)
        raise Killed

    with mock.patch.object(notices, "_hand_over", dies), pytest.raises(Killed):
        notices.send_waiting(DAY)
    assert notices.send_waiting(DAY + timedelta(minutes=1)).sent == 0
    assert notices.send_waiting(DAY + timedelta(minutes=16)).sent == 1
    assert len(texts(tmp_path)) == 1


def test_a_mail_whose_process_was_killed_is_not_repeated_but_marked(desk):
    with on(date(2026, 3, 2)):
        desk.online(applicant=applicant(phone=""))
    with mock.patch.object(notices, "_hand_over", side_effect=Killed), pytest.raises(Killed):
        notices.send_waiting(DAY)
    assert notices.send_waiting(DAY + timedelta(minutes=16)).unknown == 1
    assert notices.send_waiting(DAY + timedelta(hours=2)).sent == 0
    assert Notice.objects.get().failed == notices.UNKNOWN_FATE and not mail.outbox


def test_two_runs_at_once_send_one(desk, tmp_path):
    with on(date(2026, 3, 2)):
        desk.online(applicant=applicant(email=""))
    real = notices._hand_over

    def meanwhile(notice):
        assert notices.send_waiting(DAY).sent == 0
        real(notice)

    with mock.patch.object(notices, "_hand_over", meanwhile):
        assert notices.send_waiting(DAY).sent == 1


def test_a_gateway_gets_json_with_the_secret(settings):
    settings.GONGKAI_SMS_BACKEND, settings.GONGKAI_SMS_URL, settings.GONGKAI_SMS_SECRET = (
        "http",
        "http://sms.invalid/send",
        "s3",
    )
    asked = {}

    def request(self, method, url, **more):
        asked.update(more, method=method, url=url)
        return mock.Mock(status=asked.get("status", 204))

    with mock.patch("urllib3.PoolManager.request", request):
        sms.backend().send("notice-1", "13800138000", "您好")
        assert asked["headers"]["Authorization"] == "Bearer s3" and asked["redirect"] is False
        assert json.loads(asked["body"]) == {"id": "notice-1", "phone": "13800138000", "text": "您好"}
        asked["status"] = 500
        with pytest.raises(sms.NotSent):
            sms.backend().send("notice-1", "13800138000", "您好")


def test_the_tick_sends(desk, tmp_path):
    from gongkai.jobs.tick import send_notices

    with on(date(2026, 3, 2)):
        desk.online()
    send_notices(DAY)
    assert len(texts(tmp_path)) == 1
