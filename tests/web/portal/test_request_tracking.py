"""进度查询: the two numbers open it, a guesser is stopped, and the applicant answers and withdraws there."""

import io
import re
from datetime import date, timedelta
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone

from gongkai.audit.models import AuditRecord
from gongkai.calendars import selectors as calendars
from gongkai.foi import documents, intake, messages
from gongkai.foi.models import ApplicantMessage, CaseDocument, Letter, RenewedCode
from gongkai.foi.recording import Wanted, act
from gongkai.organisations.actors import NotVisible
from gongkai.rules.access import Role
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.days import chinese_date
from gongkai.rules.reasons import Refused
from gongkai.rules.request_settings import number_setting
from gongkai.web.portal import request_tracking as tracking
from tests import factories
from tests.foi.makers import DISCLOSED, Desk, on, taken
from tests.web.portal.request_pages import TRACK
from tests.web.portal.test_request_apply import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def client():
    return Client()


def numbers(case):
    return {"number": case.submission.tracking_number, "code": intake.query_code_of(case.submission.client_token)}


def opened(client, case):
    """The page of the case, as its applicant opens it: (address, text)."""
    answer = client.post(TRACK, numbers(case))
    assert answer.status_code == 302
    return answer["Location"], client.get(answer["Location"]).content.decode()


def form_of(text):
    return re.search(r'name="form" value="([^"]+)"', text)[1]


def test_the_two_numbers_open_the_page_and_nothing_else_is_needed(client, desk):
    with on(date(2026, 2, 9)):
        case = desk.online()
        address, text = opened(client, case)
    assert case.title in text and desk.body.name in text
    confirm_by = calendars.current().add(date(2026, 2, 9), number_setting("receipt_confirmation_max_days")).day
    assert "已提交，等待工作人员与您确认" in text and f"{chinese_date(confirm_by)}前" in text
    assert "no-store" in client.get(address)["Cache-Control"]
    for hidden in ("示例申请人", "13800138000", "11010519000101001X", "110105"):
        assert hidden not in text


def test_codes_are_read_in_either_case_and_with_spaces(client, desk):
    case = desk.online()
    given = numbers(case)
    assert (
        client.post(TRACK, {"number": f" {given['number']} ", "code": given["code"].lower() + " "}).status_code == 302
    )


def test_a_wrong_number_and_a_wrong_code_are_answered_alike(client, desk):
    case = desk.online()
    given = numbers(case)
    one = client.post(TRACK, {**given, "code": "AAAAAAAA"})
    two = client.post(TRACK, {**given, "number": "20000101000000"})
    assert one.status_code == two.status_code == 422
    clean = [re.sub(r'value="[^"]*"', "", answer.content.decode()) for answer in (one, two)]
    assert clean[0] == clean[1]


def test_five_wrong_tries_bring_a_pause_for_that_number_from_that_address_only(client, desk):
    case, other = desk.online(), desk.online()
    for _ in range(tracking.MOST_WRONG):
        assert client.post(TRACK, {**numbers(case), "code": "AAAAAAAA"}).status_code == 422
    paused = client.post(TRACK, numbers(case))
    assert (
        paused.status_code == 429
        and "后再试" not in paused.content.decode()[:0]
        and "多次有误" in paused.content.decode()
    )
    assert client.post(TRACK, numbers(other)).status_code == 302
    assert client.post(TRACK, numbers(case), REMOTE_ADDR="192.0.2.8").status_code == 302
    later = timezone.now() + timedelta(seconds=tracking.PAUSE_SECONDS + 1)
    with mock.patch.object(timezone, "now", lambda: later):
        assert client.post(TRACK, numbers(case)).status_code == 302


def test_whoever_tries_many_numbers_is_stopped_too(client, desk):
    case = desk.online()
    for number in range(tracking.MOST_WRONG_IN_ALL):
        client.post(TRACK, {"number": f"2026010100{number:04d}", "code": "AAAAAAAA"})
    assert client.post(TRACK, numbers(case)).status_code == 429


def test_an_address_that_lapsed_or_was_made_up_opens_nothing(client, desk):
    case = desk.online()
    address, _ = opened(client, case)
    with mock.patch("time.time", lambda: timezone.now().timestamp() + 3600):
        lapsed = client.get(address)
    assert lapsed.status_code == 403 and case.title not in lapsed.content.decode()
    assert client.get(f"{TRACK}x:y/").status_code == 404


def test_a_running_case_shows_its_last_day_and_why(client, desk):
    with on(date(2026, 2, 10)):
        case = desk.registered(date(2026, 2, 10))
        _, text = opened(client, case)
    for words in ("2026年3月16日", "2026年第1号", "收到日期为2026年2月10日", "《条例》§33", "逐日推算", "第几个工作日"):
        assert words in text


def corrected(desk):
    case = desk.registered(date(2026, 3, 2))
    desk.do(case, Event.SEND_CORRECTION_NOTICE, items="请写明学校名称", reply_by="2026-03-20")
    return case


def test_an_answer_waits_until_both_confirm_and_only_then_does_the_period_begin_anew(client, desk):
    with on(date(2026, 3, 2)):
        case = corrected(desk)
    with on(date(2026, 3, 10)):
        address, text = opened(client, case)
        assert "请写明学校名称" in text and "2026年3月20日" in text and "在线补正" in text
        sent = {"form": form_of(text), "text": "谯城区第一小学", "files": [picture()], "step": "send"}
        answer = client.post(f"{address}{case.pk}/answer/", sent)
        assert answer.status_code == 302
        again = client.get(answer["Location"]).content.decode()
        assert "等待工作人员与您确认收到" in again and "在线补正</h3>" not in again
    case.refresh_from_db()
    assert case.state == "awaiting_correction"
    message = ApplicantMessage.objects.get()
    assert message.documents.get().kind == "correction"
    with on(date(2026, 3, 12)):
        event = messages.receive(
            actor=desk.clerk, case_id=case.pk, message_id=message.pk, on=date(2026, 3, 11), more={}
        )
    case.refresh_from_db()
    message.refresh_from_db()
    assert (case.state, case.due_on, message.taken_seq) == ("in_progress", date(2026, 4, 9), event.seq)


def test_the_answer_sent_twice_is_one(client, desk):
    with on(date(2026, 3, 2)):
        case = corrected(desk)
        address, text = opened(client, case)
        for _ in range(2):
            assert (
                client.post(
                    f"{address}{case.pk}/answer/", {"form": form_of(text), "text": "谯城区第一小学"}
                ).status_code
                == 302
            )
    assert ApplicantMessage.objects.count() == 1


def test_an_empty_answer_is_refused_and_its_file_is_kept(client, desk):
    with on(date(2026, 3, 2)):
        case = corrected(desk)
        address, text = opened(client, case)
        answer = client.post(f"{address}{case.pk}/answer/", {"form": form_of(text), "text": " ", "files": [picture()]})
    shown = answer.content.decode()
    assert answer.status_code == 422 and "请填写补正的内容" in shown and "扫描件.png" in shown
    assert CaseDocument.objects.count() == 0


def test_a_second_answer_waits_for_the_first(desk):
    with on(date(2026, 3, 2)):
        case = corrected(desk)
        messages.send(case_id=case.pk, text="一", token="a" * 32)
        with pytest.raises(Refused) as refusal:
            messages.send(case_id=case.pk, text="二", token="b" * 32)
    assert refusal.value.codes == ("waiting",)


def test_what_was_answered_in_time_does_not_lapse_while_it_waits_to_be_confirmed(desk):
    with on(date(2026, 3, 2)):
        case, silent = corrected(desk), corrected(desk)
    with on(date(2026, 3, 20)):
        messages.send(case_id=case.pk, text="谯城区第一小学", token="a" * 32)
    with on(date(2026, 3, 21)):
        act(actor=desk.clerk, case_id=silent.pk, wanted=Wanted(Event.CORRECTION_LAPSED), system=True)
        with pytest.raises(Refused) as refusal:
            act(actor=desk.clerk, case_id=case.pk, wanted=Wanted(Event.CORRECTION_LAPSED), system=True)
    assert refusal.value.codes == ("answer_waiting",)
    with on(date(2026, 3, 24)):
        messages.receive(
            actor=desk.clerk, case_id=case.pk, message_id=case.incoming.get().pk, on=date(2026, 3, 23), more={}
        )
    case.refresh_from_db()
    assert case.state == "in_progress"


def test_an_answer_cannot_be_confirmed_before_it_was_sent(desk):
    with on(date(2026, 3, 2)):
        case = corrected(desk)
    with on(date(2026, 3, 10)):
        messages.send(case_id=case.pk, text="谯城区第一小学", token="a" * 32)
        with pytest.raises(Refused) as refusal:
            messages.receive(
                actor=desk.clerk, case_id=case.pk, message_id=case.incoming.get().pk, on=date(2026, 3, 9), more={}
            )
    assert refusal.value.codes == ("before_sent",)


def test_a_message_of_another_bodys_case_is_not_there(desk):
    with on(date(2026, 3, 2)):
        case = corrected(desk)
        message = messages.send(case_id=case.pk, text="谯城区第一小学", token="a" * 32)
    with pytest.raises(NotVisible):
        messages.receive(actor=Desk().clerk, case_id=case.pk, message_id=message.pk, on=None, more={})


def test_the_applicant_withdraws_once_it_is_meant(client, desk):
    with on(date(2026, 3, 2)):
        case = desk.registered(date(2026, 3, 2))
        address, text = opened(client, case)
        client.post(f"{address}{case.pk}/withdraw/", {"form": form_of(text)})
        case.refresh_from_db()
        assert case.state == "in_progress"
        done = client.post(f"{address}{case.pk}/withdraw/", {"form": form_of(text), "sure": "yes"})
        assert "您已撤回申请" in client.get(done["Location"]).content.decode()
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("withdrawn", "other")


def test_nobody_answers_or_withdraws_the_case_of_another(client, desk):
    case, other = desk.online(), desk.online()
    address, text = opened(client, case)
    for what in ("answer", "withdraw"):
        assert client.post(f"{address}{other.pk}/{what}/", {"form": form_of(text), "sure": "yes"}).status_code == 404
    other.refresh_from_db()
    assert other.state == "awaiting_confirmation"


def test_letters_to_others_are_not_shown(client, desk):
    with on(date(2026, 3, 2)):
        case = desk.registered(date(2026, 3, 2))
        own = case.letters.get(type="receipt_notice", recipient="示例申请人")
        others = [
            Letter.objects.create(
                case=case, type=type_, recipient="示例申请人", content={}, digest="", seq=3, issued_on=date(2026, 3, 2)
            )
            for type_ in ("third_party_consultation", "assignment_notice")
        ]
        address, text = opened(client, case)
        assert f"{address}letters/{own.pk}.pdf" in text, "even where a third party has the name of the applicant"
        for one in others:
            assert f"letters/{one.pk}." not in text
            assert client.get(f"{address}letters/{one.pk}.pdf").status_code == 404


def answered(desk, **more):
    """A case whose answer names a document; the document's name is 方案.png."""
    case = desk.registered(date(2026, 3, 2))
    put(case, "方案.png", 1)
    desk.answered(case, {**DISCLOSED, "attachments": ["方案.png"]}, **more)
    return case


def put(case, name, number):
    kept = documents.keep(name, io.BytesIO(factories.picture(number)))
    return documents.attach(case, "responsive", [kept], None)[0]


def test_the_applicant_fetches_the_letters_and_what_was_given_with_the_answer(client, desk):
    with on(date(2026, 3, 2)):
        case = answered(desk)
        put(case, "内部材料.png", 2)
        address, text = opened(client, case)
        reply = case.letters.get(type="disclosed")
        given = CaseDocument.objects.get(name="方案.png")
        for extension, start in (("pdf", b"%PDF"), ("docx", b"PK")):
            assert f"letters/{reply.pk}.{extension}" in text
            file = client.get(f"{address}letters/{reply.pk}.{extension}")
            assert file.content.startswith(start) and "no-store" in file["Cache-Control"]
        assert "随答复提供的材料" in text and "内部材料" not in text
        file = client.get(f"{address}documents/{given.pk}/")
        assert b"".join(file) == factories.picture(1) and "no-store" in file["Cache-Control"]
        assert file["Content-Disposition"].startswith("attachment")
        assert client.get(f"{address}letters/{reply.pk}.txt").status_code == 404
    assert AuditRecord.objects.filter(action="case.document_read", object_id=str(case.pk)).count() == 1


def test_nothing_of_the_answer_is_given_before_it_was_served(client, desk):
    with on(date(2026, 3, 2)):
        case = desk.registered(date(2026, 3, 2))
        given = put(case, "方案.png", 1)
        desk.drafted(case, {**DISCLOSED, "attachments": ["方案.png"]})
        desk.do(case, Event.SEND_FOR_REVIEW)
        desk.do(case, Event.APPROVE, by=desk.reviewer)
        desk.do(case, Event.SIGN, by=desk.signer)
        address, text = opened(client, case)
        reply = case.letters.get(type="disclosed")
        assert "方案.png" not in text and f"letters/{reply.pk}." not in text
        assert client.get(f"{address}documents/{given.pk}/").status_code == 404
        assert client.get(f"{address}letters/{reply.pk}.pdf").status_code == 404


def test_a_document_of_the_same_name_that_came_after_the_draft_is_not_given(desk):
    with on(date(2026, 3, 2)):
        case = desk.registered(date(2026, 3, 2))
        decided = put(case, "方案.png", 1)
        desk.drafted(case, {**DISCLOSED, "attachments": ["方案.png"]})
    with on(date(2026, 3, 3)):
        late = put(case, "方案.png", 2)
        desk.do(case, Event.SEND_FOR_REVIEW)
        desk.do(case, Event.APPROVE, by=desk.reviewer)
        desk.do(case, Event.SIGN, by=desk.signer)
    decided.refresh_from_db()
    late.refresh_from_db()
    assert (decided.release, late.release) == ("applicant", "internal")


def test_letters_and_documents_of_another_are_not_there(client, desk):
    with on(date(2026, 3, 2)):
        case, other = answered(desk), answered(Desk())
        address, _ = opened(client, other)
        for one in case.letters.all():
            assert client.get(f"{address}letters/{one.pk}.pdf").status_code == 404
        given = case.documents.get(release="applicant")
        assert client.get(f"{address}documents/{given.pk}/").status_code == 404


def test_a_code_given_out_anew_makes_the_old_one_void_and_is_written_down(client, desk):
    case = desk.online()
    old = numbers(case)
    code = intake.renew_code(actor=desk.clerk, case_id=case.pk, checked="当面核对身份证件")
    assert client.post(TRACK, old).status_code == 422
    assert client.post(TRACK, {**old, "code": code}).status_code == 302
    assert RenewedCode.objects.get().code_hash != code


def test_only_who_handles_the_case_gives_out_a_code_and_says_how_it_was_checked(desk):
    case = desk.online()
    with pytest.raises(NotVisible):
        intake.renew_code(actor=Desk().clerk, case_id=case.pk, checked="当面核对")
    with pytest.raises(Refused):
        intake.renew_code(
            actor=factories.actor(factories.body(), Role.DISTRICT_OFFICE), case_id=case.pk, checked="当面核对"
        )
    with pytest.raises(Refused) as refusal:
        intake.renew_code(actor=desk.clerk, case_id=case.pk, checked=" ")
    assert refusal.value.codes == ("checked",)


def test_the_page_of_an_application_that_was_split_shows_every_part(client, desk):
    with on(date(2026, 3, 2)):
        case = desk.registered(date(2026, 3, 2))
        desk.do(case, Event.SPLIT, parts="学区划分方案\n招生计划")
        _, text = opened(client, case)
    assert "招生计划" in text and "一事一申请" in text


def test_the_same_person_applying_twice_sees_one_at_a_time(client, desk):
    one, two = desk.online(), desk.online(content=None)
    _, text = opened(client, one)
    assert one.submission.tracking_number in text and two.submission.tracking_number not in text
    assert taken(desk.body).case_id not in (one.pk, two.pk)
