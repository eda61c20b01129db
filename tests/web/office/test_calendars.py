"""工作日历 in the office: bringing in a year, the second person, what it would and did move."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongkai.audit import generation
from gongkai.calendars import selectors
from gongkai.calendars.models import CalendarYear
from gongkai.foi import recompute
from gongkai.rules.access import Role
from tests import factories
from tests.calendars.makers import NOTICE, in_force, json_2027
from tests.foi.makers import Desk, on

pytestmark = pytest.mark.django_db
GIVEN = {"title": NOTICE.title, "number": NOTICE.number, "published_on": "2026-11-20", "url": NOTICE.url}


@pytest.fixture
def office():
    return factories.body(kind="district_government")


def signed_in(body, *roles) -> Client:
    client = Client()
    client.force_login(factories.member(body, *roles))
    return client


def test_a_year_is_previewed_proposed_by_one_and_approved_by_another(office):
    propose = reverse("office:calendar-propose")
    with on(date(2026, 12, 15)):
        proposer, approver = signed_in(office, Role.ADMINISTRATOR), signed_in(office, Role.DISTRICT_OFFICE)
        case = Desk().registered(date(2026, 12, 15))
        file = SimpleUploadedFile("2027.json", json_2027().encode())
        preview = proposer.post(propose, {**GIVEN, "file": file, "do": "preview"}).content.decode()
        assert "未办结的办件中有 1 件" in preview and case.number in preview
        assert "2027-02-08" in preview and "春节" in preview
        assert "isOffDay" in preview, "the file stays in the form"
        assert not CalendarYear.objects.exists()
        answer = proposer.post(propose, {**GIVEN, "text": json_2027(), "do": "propose"})
        row = CalendarYear.objects.get()
        assert answer.headers["Location"] == reverse("office:calendar", args=[row.pk])
        own = proposer.post(reverse("office:calendar-approve", args=[row.pk]), follow=True).content.decode()
        assert "不能复核自己提出的" in own and "复核无误，启用" not in own
        assert "复核无误，启用" in approver.get(reverse("office:calendar", args=[row.pk])).content.decode()
        approver.post(reverse("office:calendar-approve", args=[row.pk]))
        selectors.forget()  # as the commit does
        generation.forget()
        assert selectors.current().covers(date(2027, 1, 1))
        page = approver.get(reverse("office:calendars")).content.decode()
    assert "导入，第1版" in page and "等待后台重新计算期限" in page


def test_what_was_moved_is_shown_and_taken_away_without_applicants(office, monkeypatch):
    monkeypatch.setattr(recompute, "SETTLED_AFTER", timedelta(0))
    with on(date(2026, 12, 15)):
        client = signed_in(office, Role.ADMINISTRATOR)
        case = Desk().registered(date(2026, 12, 15))
        in_force()
        selectors.forget()
        recompute.run()
        page = client.get(reverse("office:calendar-change", args=[selectors.last_change()])).content.decode()
        table = b"".join(client.get(reverse("office:calendar-change-csv", args=[selectors.last_change()]))).decode(
            "utf-8-sig"
        )
    assert case.number in page and "2027-01-13" in page and "（暂定）" in page
    assert table.splitlines()[1].split(",")[0] == case.number
    for text in (page, table):
        assert case.applicant.name not in text and case.title not in text


BROKEN = [
    ({}, "请选择文件，或者粘贴文件内容", "nothing given"),
    ({"text": "{"}, "不是有效的 JSON", "half a file"),
    ({"text": json_2027()}, "请填写通知的名称、文号和公布日期", "no notice"),
    ({**GIVEN, "text": json_2027(元旦=[])}, "没有元旦当日", "New Year is missing"),
    ({**GIVEN, "published_on": "昨天", "text": json_2027()}, "昨天", "no day"),
]


@pytest.mark.parametrize(("given", "message", "reason"), BROKEN, ids=[row[2] for row in BROKEN])
def test_what_cannot_be_brought_in_is_told_and_stays_in_the_form(office, given, message, reason):
    answer = signed_in(office, Role.ADMINISTRATOR).post(reverse("office:calendar-propose"), {**given, "do": "propose"})
    assert answer.status_code == 422
    assert message in answer.content.decode(), reason
    assert not CalendarYear.objects.exists()


def test_withdrawing_without_a_reason_is_refused_on_the_page(office):
    row = in_force()
    client = signed_in(office, Role.DISTRICT_OFFICE)
    answer = client.post(reverse("office:calendar-withdraw", args=[row.pk]), {"reason": ""})
    assert (answer.status_code, "请填写撤销理由" in answer.content.decode()) == (422, True)
    client.post(reverse("office:calendar-withdraw", args=[row.pk]), {"reason": "通知已经更正"})
    row.refresh_from_db()
    assert row.state == "withdrawn"


REMINDED = [
    (Role.ADMINISTRATOR, date(2026, 11, 2), True, "administrators of the system"),
    (Role.DISTRICT_OFFICE, date(2026, 11, 2), True, "the district office"),
    (Role.CLERK, date(2026, 11, 2), False, "clerks cannot do anything about it"),
    (Role.ADMINISTRATOR, date(2026, 10, 30), False, "not before November"),
]


@pytest.mark.parametrize(("role", "day", "told", "reason"), REMINDED, ids=[row[3] for row in REMINDED])
def test_the_worklist_reminds_those_who_can_bring_in_next_year(office, role, day, told, reason):
    with on(day):
        page = signed_in(office, role).get(reverse("office:home")).content.decode()
    assert ("2027年的放假安排尚未导入" in page) is told, reason
