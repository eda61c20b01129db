"""登记申请 in the office: the day of receipt of each channel, nothing typed is lost, sent twice is once, and the code given out anew."""

import re
from datetime import date, timedelta
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.audit.models import AuditRecord
from gongkai.foi import intake
from gongkai.foi.models import Case, CaseDocument, DraftFile, RenewedCode, Submission
from gongkai.rules.access import Role
from gongkai.rules.case_events import CaseEvent as Event
from tests import factories
from tests.foi.makers import Desk, on

pytestmark = pytest.mark.django_db
CREATE = reverse("office:case-create")


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def client(desk) -> Client:
    return signed_in(desk.body, Role.CLERK)


def signed_in(body, *roles: Role) -> Client:
    client = Client()
    client.force_login(factories.member(body, *roles), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def filled(client: Client, desk: Desk, **more):
    page = client.get(CREATE).content.decode()
    token = re.search(r'name="form" value="([^"]+)"', page)[1]
    given = {
        "form": token, "organisation": str(desk.body.pk), "channel": "counter", "submitted_on": "2026-03-02",
        "title": "2025年度全区义务教育学区划分方案", "description": "2025年秋季学期适用的方案", "category": "natural",
        "name": "示例申请人", "id_kind": "identity_card", "id_number": "11010519000101001X", "phone": "13800138000",
        "medium": "paper", "delivery": "post", "address": "亳州市谯城区示例路1号", "step": "send",
    }  # fmt: skip
    return {**given, **more}


def scan(name: str = "申请书.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, factories.picture())


@pytest.mark.parametrize(
    ("more", "received", "state"),
    [
        ({"channel": "counter"}, date(2026, 3, 2), "awaiting_registration"),
        ({"channel": "oral", "read_back": "on"}, date(2026, 3, 2), "awaiting_registration"),
        ({"channel": "post", "signed_on": "2026-03-04"}, date(2026, 3, 4), "awaiting_registration"),
        ({"channel": "plain_letter"}, None, "awaiting_confirmation"),
        ({"channel": "fax"}, None, "awaiting_confirmation"),
    ],
    ids=lambda value: value.get("channel") if isinstance(value, dict) else None,
)
def test_each_channel_has_its_day_of_receipt_and_says_why(client, desk, more, received, state):
    with on(date(2026, 3, 5)):
        answer = client.post(CREATE, filled(client, desk, **more))
        assert answer.status_code == 302
        text = client.get(answer["Location"]).content.decode()
    case = Case.objects.get()
    assert (case.received_on, case.state, case.channel) == (received, state, more["channel"])
    sent = case.submission
    assert sent.entered_by_id and sent.tracking_number in text and intake.query_code_of(sent.client_token) in text
    assert "§31" in text and ("尚未确定" in text) == (received is None)


WRONG = [
    ({"channel": "post"}, "请填写收到日期（签收之日）", "a letter that is signed for has a day of signing"),
    ({"channel": "post", "signed_on": "2026-03-01"}, "早于申请人提交的日期", "no letter comes before it was posted"),
    ({"submitted_on": "2026-03-06"}, "晚于今天", "nothing comes tomorrow"),
    ({"submitted_on": "三月"}, "请填写日期", "a day is a day"),
    ({"channel": "oral"}, "应当向申请人宣读", "§29: what was written down is agreed to"),
    ({"channel": "online"}, "不在可选范围内", "the public form has its own way in"),
    ({"title": ""}, "请填写所需信息的名称", "§29"),
    ({"id_number": "110105190001010011"}, "居民身份证号码有误", "what is given must be possible"),
]


@pytest.mark.parametrize(("more", "said", "reason"), WRONG, ids=[row[1] for row in WRONG])
def test_what_is_wrong_is_said_and_nothing_that_was_typed_is_lost(client, desk, more, said, reason):
    with on(date(2026, 3, 5)):
        answer = client.post(CREATE, filled(client, desk, assist_need="需要大字版", **more))
    text = answer.content.decode()
    assert answer.status_code == 422 and said in text, reason
    assert "需要大字版" in text
    assert not Case.objects.exists()


def test_what_the_paper_lacks_is_no_reason_not_to_register_it(client, desk):
    lacking = {"id_kind": "", "id_number": "", "description": "", "phone": "", "medium": "", "delivery": ""}
    with on(date(2026, 3, 5)):
        assert client.post(CREATE, filled(client, desk, **lacking)).status_code == 302
    assert Case.objects.get().applicant.id_masked == ""


def test_scans_go_through_the_gate_and_are_kept_while_a_field_is_mended(client, desk):
    with on(date(2026, 3, 5)):
        bad = filled(client, desk, title="", files=[scan()], identity=[scan("证件.png")])
        text = client.post(CREATE, bad).content.decode()
        assert "申请书.png" in text and "证件.png" in text
        program = SimpleUploadedFile("申请书.pdf", b"MZ\x90\x00 no paper")
        refused = client.post(CREATE, {**bad, "title": "学区划分方案", "files": [program], "identity": []})
        assert refused.status_code == 422
        good = {**bad, "title": "学区划分方案", "files": [], "identity": []}
        assert client.post(CREATE, good).status_code == 302
    assert {one.kind for one in CaseDocument.objects.all()} == {"application", "identity"}
    assert not DraftFile.objects.exists()


def test_the_form_sent_twice_is_one_case(client, desk):
    with on(date(2026, 3, 5)):
        sent = filled(client, desk)
        one, two = client.post(CREATE, sent), client.post(CREATE, sent)
    assert one["Location"] == two["Location"]
    assert Submission.objects.count() == Case.objects.count() == 1


def test_what_may_be_there_already_is_shown_before_it_is_registered_again(client, desk):
    with on(date(2026, 3, 4)):
        before = desk.online()
        other = Desk().online()
    with on(date(2026, 3, 5)):
        sent = filled(client, desk)
        warned = client.post(CREATE, sent)
        text = warned.content.decode()
        assert warned.status_code == 422 and before.submission.tracking_number in text
        assert other.submission.tracking_number not in text, "cases of other bodies are not told"
        assert client.post(CREATE, {**sent, "checked": "on"}).status_code == 302
        somebody = filled(client, desk, id_number="11010519491231002X")
        assert client.post(CREATE, somebody).status_code == 302, "another applicant with the same wish is no duplicate"


def test_nobody_registers_for_a_body_that_is_not_theirs(client, desk):
    with on(date(2026, 3, 5)):
        answer = client.post(CREATE, filled(client, desk, organisation=str(factories.body().pk)))
    assert answer.status_code == 422 and not Case.objects.exists()


def test_the_receipt_keeps_the_code_for_two_hours_and_never_tells_that_of_an_applicant_who_came_online(client, desk):
    with on(date(2026, 3, 5)):
        address = client.post(CREATE, filled(client, desk))["Location"]
        code = intake.query_code_of(Case.objects.get().submission.client_token)
        assert code in client.get(address).content.decode()
    later = timezone.make_aware(timezone.datetime(2026, 3, 5, 10)) + timedelta(hours=2, minutes=1)
    with mock.patch.object(timezone, "now", lambda: later):
        assert code not in client.get(address).content.decode()
        online = desk.online()
        text = client.get(reverse("office:case-receipt", args=[online.pk])).content.decode()
    assert online.submission.tracking_number in text
    assert intake.query_code_of(online.submission.client_token) not in text


def test_a_lost_code_is_given_out_anew_once_it_is_said_how_the_applicant_was_checked(client, desk):
    case = desk.online()
    address = reverse("office:case-renew-code", args=[case.pk])
    refused = client.post(address, {"checked": " "})
    assert refused.status_code == 422 and "请填写核验方式" in refused.content.decode()
    shown = client.post(address, {"checked": "当面核对身份证件"}).content.decode()
    code = re.search(r"新的查询码</dt><dd>([2-9A-Z]{8})</dd>", shown)[1]
    assert intake.find(case.submission.tracking_number, code) == case.submission
    assert intake.find(case.submission.tracking_number, intake.query_code_of(case.submission.client_token)) is None
    assert RenewedCode.objects.get().checked == "当面核对身份证件"
    assert AuditRecord.objects.filter(action="case.code_renewed", object_id=str(case.pk)).exists()
    assert code not in client.get(address).content.decode()


def test_who_may_not_register_finds_no_button_and_no_form(desk):
    legal = signed_in(desk.body, Role.LEGALITY_REVIEWER)
    assert "登记申请" not in legal.get(reverse("office:cases")).content.decode()
    assert legal.get(CREATE).status_code == 403


def test_the_letter_of_receipt_tells_no_code_that_is_void(client, desk):
    with on(date(2026, 3, 5)):
        client.post(CREATE, filled(client, desk))
        client.post(CREATE, filled(client, desk, id_number="11010519491231002X"))
        kept, renewed = Case.objects.order_by("pk")
        intake.renew_code(actor=desk.clerk, case_id=renewed.pk, checked="当面核对身份证件")
        for case in (kept, renewed):
            desk.do(case, Event.REGISTER)
    told = [
        intake.query_code_of(case.submission.client_token) in str(case.letters.get(type="receipt_notice").content)
        for case in (kept, renewed)
    ]
    assert told == [True, False]
