"""Numbers of identity papers: shown to who handles the case, for a reason that is written down, and listed for those who answer for it."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.audit.models import AuditRecord
from gongkai.foi.models import IdentityReading, Unchangeable
from gongkai.rules.access import Role
from gongkai.rules.case_events import CaseEvent as Event
from tests import factories
from tests.foi.makers import Desk, applicant, on

pytestmark = pytest.mark.django_db
NUMBER, MASKED = "11010519000101001X", "110***********001X"
AGENT = "110105190001010028"


@pytest.fixture
def desk() -> Desk:
    return Desk()


def signed_in(body, *roles: Role) -> Client:
    client = Client()
    client.force_login(factories.member(body, *roles))
    return client


def ask(client: Client, case, **values: str):
    given = {"whose": "applicant", "reason": "当面核验申请人身份"} | values
    return client.post(reverse("office:case-identity", args=[case.pk]), given)


def test_the_number_is_shown_once_with_its_reason_noted_on_a_page_no_browser_keeps(desk):
    case = desk.online()
    client = signed_in(desk.body, Role.CLERK)
    page = client.get(reverse("office:case", args=[case.pk])).content.decode()
    assert NUMBER not in page and case.applicant.id_masked in page and NUMBER not in case.applicant.id_encrypted
    answer = ask(client, case)
    assert answer.status_code == 200 and NUMBER in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert NUMBER not in client.get(reverse("office:case-identity", args=[case.pk])).content.decode()
    reading = IdentityReading.objects.get()
    assert (reading.case, reading.organisation, reading.whose) == (case, desk.body, "applicant")
    assert reading.reason == "当面核验申请人身份"
    record = AuditRecord.objects.get(action="case.identity_read")
    assert record.detail == {"whose": "申请人", "occasion": "当面核验申请人身份"}
    assert not AuditRecord.objects.filter(detail__icontains=NUMBER).exists()


REFUSED = [
    ({"reason": "  "}, "请填写查看证件号码的事由", "no reason"),
    ({"reason": "核" * 201}, "事由不能超过 200 字，请删减", "a reason too long to keep"),
    ({"whose": "agent"}, "所选内容不在可选范围内", "there is no agent"),
]


@pytest.mark.parametrize(("values", "message", "why"), REFUSED, ids=[row[2] for row in REFUSED])
def test_without_a_proper_reason_nothing_is_shown_and_what_was_typed_stays(desk, values, message, why):
    answer = ask(signed_in(desk.body, Role.CLERK), desk.online(), **values)
    page = answer.content.decode()
    assert answer.status_code == 422 and message in page and NUMBER not in page
    assert values.get("reason", "当面核验申请人身份").strip() in page
    assert not IdentityReading.objects.exists()


def test_the_number_of_an_agent_is_another_number(desk):
    case = desk.online(applicant=applicant(agent_name="示例代理人", agent_phone="13800138001", agent_id_number=AGENT))
    client = signed_in(desk.body, Role.CLERK)
    page = client.get(reverse("office:case", args=[case.pk])).content.decode()
    assert case.applicant.agent_id_masked in page and AGENT not in page
    page = ask(client, case, whose="agent").content.decode()
    assert AGENT in page and NUMBER not in page and "示例代理人" in page


@pytest.mark.parametrize(
    ("role", "status"), [(Role.LEGALITY_REVIEWER, 403), (Role.ADMINISTRATOR, 404), (Role.CLERK, 200)], ids=str
)
def test_who_does_not_handle_the_case_is_not_offered_it(desk, role, status):
    case = desk.online()
    client = signed_in(desk.body, role)
    assert ask(client, case).status_code == status
    if status == 403:
        page = client.get(reverse("office:case", args=[case.pk])).content.decode()
        assert reverse("office:case-identity", args=[case.pk]) not in page


def test_neither_the_district_office_nor_a_unit_that_works_on_the_case_reads_the_number(desk):
    unit, district = factories.body(), factories.body(kind="district_government")
    with on(date(2026, 3, 2)):
        case = desk.registered(date(2026, 3, 2))
        desk.do(case, Event.ASSIGN, body=unit.pk, lead="lead", due_on="2026-03-09")
    assert ask(signed_in(unit, Role.CLERK), case).status_code == 403
    assert ask(signed_in(district, Role.DISTRICT_OFFICE), case).status_code == 403
    assert ask(signed_in(factories.body(), Role.HEAD), case).status_code == 404
    assert not IdentityReading.objects.exists()


def test_the_head_reads_who_had_numbers_shown_in_his_body_and_the_district_office_in_all(desk):
    other = Desk(factories.body(name="示例另一单位", short_name="另一单位"))
    ask(signed_in(desk.body, Role.CLERK), desk.online())
    ask(signed_in(other.body, Role.CLERK), other.online(), reason="邮寄前核对身份")
    address = reverse("office:identity-readings")
    own = signed_in(desk.body, Role.HEAD).get(address).content.decode()
    assert "当面核验申请人身份" in own and "邮寄前核对身份" not in own and "另一单位" not in own and NUMBER not in own
    client = signed_in(factories.body(kind="district_government"), Role.DISTRICT_OFFICE)
    everything = client.get(address).content.decode()
    assert "当面核验申请人身份" in everything and "邮寄前核对身份" in everything
    of_one = client.get(address, {"organisation": other.body.pk}).content.decode()
    assert "当面核验申请人身份" not in of_one and "邮寄前核对身份" in of_one


@pytest.mark.parametrize("role", [Role.CLERK, Role.SIGNER, Role.ADMINISTRATOR])
def test_others_do_not_read_the_list(desk, role):
    answer = signed_in(desk.body, role).get(reverse("office:identity-readings"))
    assert answer.status_code == 403 and "请联系单位负责人、区公开办" in answer.content.decode()


def test_a_reading_stays_with_the_body_in_which_it_was_made(desk):
    target = Desk(factories.body())
    with on(date(2026, 3, 2)):
        case = desk.registered(date(2026, 3, 2))
        ask(signed_in(desk.body, Role.CLERK), case)
        desk.do(case, Event.TRANSFER, by=desk.head, body=target.body.pk, reason="不属于本机关", consent="电话同意")
    address = reverse("office:identity-readings")
    assert "当面核验申请人身份" not in signed_in(target.body, Role.HEAD).get(address).content.decode()
    own = signed_in(desk.body, Role.HEAD).get(address).content.decode()
    assert "当面核验申请人身份" in own


def test_a_reading_cannot_be_taken_back(desk):
    ask(signed_in(desk.body, Role.CLERK), desk.online())
    with pytest.raises(Unchangeable):
        IdentityReading.objects.all().delete()
    with pytest.raises(Unchangeable):
        IdentityReading.objects.update(reason="另一事由")
