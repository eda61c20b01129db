"""The case desk as people use it: every event has its form, what is refused is kept, two who act at once do not run over each other."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.foi import messages
from gongkai.foi.desk import Days, Filters, Light, case_list
from gongkai.foi.models import BodySettings, CaseDocument
from gongkai.foi.selectors import facts_of
from gongkai.rules.access import Role
from gongkai.rules.case_events import TRANSITIONS
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.reasons import Refused
from gongkai.web.office.case_forms import EventForm
from tests import factories
from tests.foi.makers import Desk, content, on

pytestmark = pytest.mark.django_db

GENERAL = [row for row in TRANSITIONS.values() if not row.own_page and not row.by_system]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def signed_in(desk: Desk, *roles: Role) -> Client:
    client = Client()
    client.force_login(
        factories.member(desk.body, *(roles or (Role.CLERK,))),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


def form_values(page: str, event: str) -> dict[str, str]:
    """The hidden values of an event's form on the page."""
    part = page.split(f"/do/{event}/", 1)[1].split("</form>", 1)[0]
    return {name: part.split(f'name="{name}" value="', 1)[1].split('"', 1)[0] for name in ("token", "expected_seq")}


@pytest.mark.parametrize("row", GENERAL, ids=lambda row: row.event.value)
def test_every_event_has_a_form_with_all_its_particulars_and_says_which_are_missing(desk, row):
    with on(date(2026, 3, 2)):
        case = desk.online()
        form = EventForm(row.event, case, facts_of(case), {})
        assert {known.name for known in row.fields} <= set(form.fields)
        assert ("effective_on" in form.fields) == bool(row.day)
        assert not form.is_valid()
        assert {known.name for known in row.fields if known.required} <= set(form.errors)


def test_a_case_goes_from_the_form_to_the_next_state(desk):
    with on(date(2026, 3, 2)):
        case = desk.online()
        client = signed_in(desk)
        page = client.get(reverse("office:case", args=[case.pk])).content.decode()
        assert "确认收到" in page
        values = form_values(page, "confirm_receipt") | {"effective_on": "2026-03-02", "how": "phone"}
        answer = client.post(reverse("office:case-do", args=[case.pk, "confirm_receipt"]), values)
        assert answer.status_code == 302
        case.refresh_from_db()
        assert case.state == "awaiting_registration"


def test_what_is_refused_stays_in_the_form_with_its_reason(desk):
    with on(date(2026, 3, 12)):
        case = desk.registered(date(2026, 3, 12))
    with on(date(2026, 3, 24)):
        client = signed_in(desk)
        page = client.get(reverse("office:case", args=[case.pk])).content.decode()
        assert "您的角色不能办理“发收费通知”，请联系签发、单位负责人" in page, "an impossible action says why"
        values = {"token": "x" * 32, "expected_seq": "3", "days": "30", "reason": "需要检索多个部门的档案"}
        answer = client.post(reverse("office:case-do", args=[case.pk, "request_extension"]), values)
        assert answer.status_code == 422
        assert "延长的期限最长不得超过 20 个工作日" in answer.content.decode()
        assert "需要检索多个部门的档案" in answer.content.decode()


def test_who_comes_second_is_told_what_the_first_did_and_keeps_what_was_typed(desk):
    with on(date(2026, 3, 2)):
        case = desk.registered(date(2026, 3, 2))
        client = signed_in(desk)
        values = form_values(client.get(reverse("office:case", args=[case.pk])).content.decode(), "request_extension")
        desk.do(case, Event.NOTE, by=desk.reviewer, text="先查档案")
        answer = client.post(
            reverse("office:case-do", args=[case.pk, "request_extension"]),
            values | {"days": "10", "reason": "档案较多"},
        )
        assert answer.status_code == 409
        text = answer.content.decode()
        assert desk.reviewer.name in text
        assert "档案较多" in text
        again = form_values(text, "request_extension") | {"days": "10", "reason": "档案较多"}
        assert client.post(reverse("office:case-do", args=[case.pk, "request_extension"]), again).status_code == 302


def test_a_form_sent_twice_is_one_event(desk):
    with on(date(2026, 3, 2)):
        case = desk.registered(date(2026, 3, 2))
        client = signed_in(desk)
        values = form_values(client.get(reverse("office:case", args=[case.pk])).content.decode(), "note") | {
            "text": "备注"
        }
        for _ in range(2):
            assert client.post(reverse("office:case-do", args=[case.pk, "note"]), values).status_code == 302
    assert case.events.filter(name="note").count() == 1


def test_files_of_a_refused_form_need_not_be_chosen_again(desk):
    from django.core.files.uploadedfile import SimpleUploadedFile

    picture = factories.picture()
    with on(date(2026, 3, 2)):
        case = desk.registered(date(2026, 3, 2))
        client = signed_in(desk)
        values = {"token": "y" * 32, "expected_seq": "3", "effective_on": "2026-03-09", "statement": "本人撤回"}
        first = client.post(
            reverse("office:case-do", args=[case.pk, "withdraw"]),
            values | {"files": SimpleUploadedFile("撤回书.png", picture)},
        )
        assert first.status_code == 422, "the day lies ahead"
        text = first.content.decode()
        assert "撤回书.png" in text
        kept = text.split("/do/withdraw/")[1].split('name="kept" value="')[1].split('"')[0]
        second = client.post(
            reverse("office:case-do", args=[case.pk, "withdraw"]), values | {"effective_on": "2026-03-02", "kept": kept}
        )
        assert second.status_code == 302
    document = CaseDocument.objects.get(case=case)
    assert (document.name, document.kind) == ("撤回书.png", "other")
    assert case.events.get(name="withdraw").data["documents"] == [document.pk]


@pytest.mark.parametrize(
    ("today", "light"),
    [
        (date(2026, 3, 20), Light.GREEN), (date(2026, 3, 23), Light.AMBER), (date(2026, 3, 26), Light.RED),
        (date(2026, 3, 27), Light.RED), (date(2026, 3, 30), Light.RED), (date(2026, 3, 31), Light.OVERDUE),
    ],
)  # fmt: skip
def test_the_light_is_a_question_of_days_the_same_in_list_and_filter(desk, today, light):
    with on(date(2026, 3, 2)):
        case = desk.registered(date(2026, 3, 2))
    with on(today):
        days = Days.of(today)
        assert days.light(case.state, case.due_on) is light
        for one in Light:
            found = case_list(desk.clerk, Filters(light=one.value), days)
            assert found.filter(pk=case.pk).exists() is (one is light)


def test_the_list_finds_by_what_people_have_in_hand(desk):
    with on(date(2026, 3, 2)):
        case = desk.registered(date(2026, 3, 2), content=content(title="学校食堂采购合同"))
        desk.registered(date(2026, 3, 2))
        days = Days.of(date(2026, 3, 2))
        for text in ("食堂", case.number, case.submission.tracking_number):
            assert list(case_list(desk.clerk, Filters(text=text), days)) == [case], text
        assert case_list(desk.clerk, Filters(text="示例申请人"), days).count() == 2
        assert not case_list(factories.actor(factories.body(), Role.HEAD), Filters(), days).exists()


def test_letters_come_with_their_events_and_are_read_on_screen_and_paper(desk):
    with on(date(2026, 3, 2)):
        case = desk.registered(date(2026, 3, 2))
        letter = case.letters.get(type="receipt_notice")
        client = signed_in(desk)
        page = client.get(reverse("office:case-letter", args=[case.pk, letter.pk])).content.decode()
        assert "2026年3月30日" in page
        pdf = client.get(reverse("office:case-letter-file", args=[case.pk, letter.pk, "pdf"]))
        assert pdf.content[:5] == b"%PDF-"
    assert letter.number == "谯测公告知〔2026〕1号"


def test_an_administrator_of_the_system_has_no_cases(desk):
    client = signed_in(desk, Role.ADMINISTRATOR)
    assert client.get(reverse("office:cases")).status_code == 403
    case = desk.online()
    assert client.get(reverse("office:case", args=[case.pk])).status_code == 404


def test_the_export_masks_the_names_of_persons(desk):
    desk.online()
    text = b"".join(signed_in(desk).get(reverse("office:cases-csv")).streaming_content)
    assert "示****" in text.decode()
    assert "示例申请人" not in text.decode()


def test_what_the_letter_will_lack_is_said_while_it_is_drafted(desk):
    with on(date(2026, 3, 2)):
        case = desk.registered(date(2026, 3, 2))
        BodySettings.objects.update(online_reconsideration="")
        desk.drafted(case)
        page = signed_in(desk).get(reverse("office:case-draft", args=[case.pk])).content.decode()
        assert "应当同时告知提交行政复议申请书的互联网渠道" in page
        with pytest.raises(Refused) as refusal:
            desk.do(case, Event.SEND_FOR_REVIEW)
        assert refusal.value.codes == ("online_channel",)


def test_an_answer_that_waits_is_filled_in_and_taken_by_the_event_that_receives_it(desk):
    with on(date(2026, 3, 2)):
        case = desk.registered(date(2026, 3, 2))
        desk.do(case, Event.SEND_CORRECTION_NOTICE, items="请写明学校名称", reply_by="2026-03-20")
    with on(date(2026, 3, 10)):
        messages.send(case_id=case.pk, text="谯城区第一小学", token="a" * 32)
        page = signed_in(desk).get(reverse("office:case", args=[case.pk])).content.decode()
        assert "网上提交了补正，请与申请人确认后办理" in page
        assert ">谯城区第一小学</textarea>" in page.replace("\n", "")
    with on(date(2026, 3, 12)):
        with pytest.raises(Refused) as refusal:
            desk.do(case, Event.RECEIVE_CORRECTION, on=date(2026, 3, 9), content="谯城区第一小学")
        assert refusal.value.codes == ("before_sent",)
        assert case.incoming.get().taken_seq is None
        done = desk.do(case, Event.RECEIVE_CORRECTION, on=date(2026, 3, 11), content="谯城区第一小学")
        assert case.incoming.get().taken_seq == done.seq
