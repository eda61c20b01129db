"""依申请公开办理设置 as people use it: who may, what a letter does with it, what is refused, what the log keeps."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.audit.models import AuditRecord
from gongkai.foi.body_settings import change_settings, inherited
from gongkai.foi.models import BodySettings
from gongkai.organisations.actors import NotVisible
from gongkai.rules.access import Role
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.reasons import Refused
from tests import factories
from tests.foi.makers import Desk, on

pytestmark = pytest.mark.django_db

VALUES = {
    "mark": "谯试", "reconsideration_organ": "", "court": "示例市示例区人民法院", "online_reconsideration": "示例平台 https://fuyi.example.invalid",
    "fee_account": "凭缴款码到银行缴纳",
}  # fmt: skip


@pytest.fixture
def desk() -> Desk:
    return Desk()


def signed_in(desk: Desk, *roles: Role) -> Client:
    client = Client()
    client.force_login(factories.member(desk.body, *roles))
    return client


def address(desk: Desk) -> str:
    return reverse("office:case-settings", args=[desk.body.pk])


def test_the_page_shows_of_every_setting_what_it_does_what_it_rests_on_and_what_counts_without_it(desk):
    page = signed_in(desk, Role.HEAD).get(address(desk)).content.decode()
    for words in (
        "机关代字",
        "行政复议法》第二十二条第二款",
        "国办函〔2020〕109号第六条",
        desk.body.short_name,
        "谯城区人民政府",
        "有管辖权的人民法院",
    ):
        assert words in page


def test_what_is_saved_counts_for_the_next_letter_and_is_in_the_log(desk):
    with on(date(2026, 3, 2)):
        before = desk.registered(date(2026, 3, 2))
        assert signed_in(desk, Role.SIGNER).post(address(desk), VALUES).status_code == 302
        after = desk.registered(date(2026, 3, 2))
    assert before.letters.get(type="receipt_notice").number == "谯测公告知〔2026〕1号"
    assert after.letters.get(type="receipt_notice").number == "谯试公告知〔2026〕2号"
    record = AuditRecord.objects.get(action="request_settings.change")
    assert record.organisation_id == desk.body.pk
    assert "机关代字：谯测 → 谯试" in record.detail["changes"]
    log = signed_in(desk, Role.HEAD).get(reverse("office:audit")).content.decode()
    assert "修改依申请公开办理设置" in log and "谯测 → 谯试" in log


def test_saving_what_already_stands_leaves_no_trace(desk):
    for _ in range(2):
        signed_in(desk, Role.HEAD).post(address(desk), VALUES)
    assert AuditRecord.objects.filter(action="request_settings.change").count() == 1


def test_what_is_refused_is_said_at_its_field_and_stays_typed(desk):
    BodySettings.objects.create(organisation=factories.body(name="示例另一单位"), mark="谯占")
    answer = signed_in(desk, Role.HEAD).post(address(desk), VALUES | {"mark": "谯占", "court": "示例法院"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "已由示例另一单位使用，请另定代字" in page
    assert 'value="示例法院"' in page and "凭缴款码到银行缴纳" in page
    assert BodySettings.objects.get(organisation=desk.body).mark == "谯测"


def test_what_is_too_long_is_said_in_chinese(desk):
    answer = signed_in(desk, Role.HEAD).post(address(desk), VALUES | {"court": "长" * 99 + "法院"})
    assert answer.status_code == 422 and "管辖法院不能超过 100 字" in answer.content.decode()


def test_switching_fees_on_lets_a_notice_go_out_and_fills_in_how_to_pay(desk):
    with on(date(2026, 3, 2)):
        case = desk.registered(date(2026, 3, 2))
        with pytest.raises(Refused) as refusal:
            desk.do(case, Event.SEND_FEE_NOTICE, by=desk.head, basis="pages", quantity=68, account="凭缴款码")
        assert "fee_off" in refusal.value.codes
        client = signed_in(desk, Role.HEAD)
        page = client.get(reverse("office:case", args=[case.pk])).content.decode()
        assert f'href="{reverse("office:case-settings-own")}">依申请公开办理设置' in page, "the refusal leads there"
        client.post(address(desk), VALUES | {"fee_enabled": "on"})
        page = client.get(reverse("office:case", args=[case.pk])).content.decode()
        assert "凭缴款码到银行缴纳" in page.split("/do/send_fee_notice/", 1)[1].split("</form>", 1)[0]
        desk.do(case, Event.SEND_FEE_NOTICE, by=desk.head, basis="pages", quantity=68, account="凭缴款码")
    assert case.state == "awaiting_payment"


@pytest.mark.parametrize("role", [Role.CLERK, Role.REVIEWER, Role.LEGALITY_REVIEWER, Role.ADMINISTRATOR])
def test_others_may_not(desk, role):
    client = signed_in(desk, role)
    assert client.get(address(desk)).status_code == client.post(address(desk), VALUES).status_code == 403
    assert client.get(reverse("office:case-settings-own")).status_code == 403
    if role is not Role.ADMINISTRATOR:
        assert reverse("office:case-settings-own") not in client.get(reverse("office:cases")).content.decode()


def test_the_entry_leads_to_ones_own_body(desk):
    client = signed_in(desk, Role.HEAD)
    assert reverse("office:case-settings-own") in client.get(reverse("office:cases")).content.decode()
    assert client.get(reverse("office:case-settings-own")).headers["Location"] == address(desk)


def test_a_foreign_body_is_not_there(desk):
    head = factories.actor(factories.body(), Role.HEAD)
    with pytest.raises(NotVisible):
        change_settings(actor=head, organisation_id=desk.body.pk, values=VALUES | {"fee_enabled": False})


def test_where_no_reconsideration_organ_can_be_told_the_page_says_so():
    assert inherited(factories.body(kind=""))["reconsideration_organ"] == ""
    assert inherited(factories.body(kind="district_government"))["reconsideration_organ"] == "亳州市人民政府"
