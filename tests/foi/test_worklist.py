"""What of the cases waits for whom: each task at whose turn it is, with its day, and at nobody else's."""

from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.foi import messages, worklist
from gongkai.foi.desk import Days, Light
from gongkai.foi.sweep import sweep
from gongkai.organisations.models import Membership
from gongkai.rules.access import Role
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.tasks import Standing, task_types
from gongkai.worklist import selectors
from tests import factories
from tests.foi.makers import SHANGHAI, Desk, on

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def found(actor, day: date):
    """(type, case, last day) of everything that waits for somebody on a day."""
    groups = worklist.worklist(actor, datetime.combine(day, time(10), SHANGHAI))
    return {(group.type.code, task.item_id, task.deadline.day) for group in groups for task in group.tasks}


def test_every_type_about_cases_comes_up_from_a_real_case(desk):
    office = factories.actor(factories.body(kind="district_government"), Role.DISTRICT_OFFICE)
    unit = factories.body()
    helper = factories.actor(unit, Role.CLERK)
    seen = set()

    def look(day: date = DAY, *actors) -> None:
        for actor in actors or (desk.clerk, desk.reviewer, desk.signer, desk.head, helper):
            seen.update(code for code, *_ in found(actor, day))

    with on(DAY):
        desk.online()
        look()  # confirm
        case = desk.online()
        desk.do(case, Event.CONFIRM_RECEIPT, on=DAY, how="phone")
        look()  # register
        desk.do(case, Event.REGISTER)
        look()  # claim
        desk.do(case, Event.ASSIGN, body=unit.pk, lead="lead", due_on="2026-03-06")
        desk.do(case, Event.SUPERVISE, by=office, content="请尽快办理", reply_by="2026-03-06")
        desk.do(case, Event.CLAIM)
        sent = desk.do(case, Event.SEND_CONSULTATION, party="third_party", name="示例公司", asked="能否公开")
        look()  # unit, supervision, handle, consultation
        desk.do(case, Event.SERVE_CONSULTATION, on=DAY, consultation=sent.seq)
        desk.do(case, Event.RECEIVE_OPINION, on=DAY, consultation=sent.seq, opinion="agrees")
        desk.do(case, Event.REQUEST_EXTENSION, days=10, reason="需要检索多个部门的档案")
        look()  # extension
        desk.do(case, Event.APPROVE_EXTENSION, by=desk.head)
        look()  # extension_serve
        asleep = desk.registered(DAY)
        desk.do(asleep, Event.SEND_CORRECTION_NOTICE, items="请写明学校名称", reply_by="2026-03-20")
        messages.send(case_id=asleep.pk, text="谯城区第一小学", token="a" * 32)
        look()  # answer
        answer = desk.registered(DAY)
        desk.drafted(answer)
        desk.do(answer, Event.SEND_FOR_REVIEW)
        look()  # review
        desk.do(answer, Event.APPROVE, by=desk.reviewer)
        look()  # sign
        desk.do(answer, Event.SIGN, by=desk.signer)
        look()  # serve
        ended = desk.registered(DAY)
        desk.answered(ended)
        what = {"kind": "reconsideration", "authority": "亳州市人民政府", "copy_received_on": "2026-03-02"}
        desk.do(ended, Event.FILE_REMEDY, on=DAY, **what)
        look()  # remedy
        remedy = ended.remedies.get()
        desk.do(ended, Event.DECIDE_REMEDY, on=DAY, remedy=remedy.pk, result="corrected", rehandle_by="2026-03-27")
        look()  # rehandle
        late = desk.registered(DAY)
        desk.do(late, Event.CLAIM)
    look(date(2026, 3, 31), desk.head)  # overdue
    assert seen == {code for code, known in task_types().items() if known.about == "case"}


def test_a_case_waits_for_one_after_the_other(desk):
    with on(DAY):
        case = desk.online()
        assert found(desk.clerk, DAY) == {("case_confirm", case.pk, date(2026, 3, 3))}
        assert found(desk.reviewer, DAY) == {("case_confirm", case.pk, date(2026, 3, 3))}, "whoever may do it sees it"
        desk.do(case, Event.CONFIRM_RECEIPT, on=DAY, how="phone")
        assert found(desk.clerk, DAY) == {("case_register", case.pk, date(2026, 3, 3))}
        desk.do(case, Event.REGISTER)
        assert found(desk.clerk, DAY) == {("case_claim", case.pk, date(2026, 3, 30))}
        desk.do(case, Event.CLAIM)
        assert found(desk.clerk, DAY) == {("case_handle", case.pk, date(2026, 3, 30))}
        desk.drafted(case)
        desk.do(case, Event.SEND_FOR_REVIEW)
        assert found(desk.clerk, DAY) == set(), "nobody reviews what he drafted"
        assert found(desk.reviewer, DAY) == {("case_review", case.pk, date(2026, 3, 30))}
        desk.do(case, Event.APPROVE, by=desk.reviewer)
        assert found(desk.signer, DAY) == {("case_sign", case.pk, date(2026, 3, 30))}
        assert found(desk.reviewer, DAY) == set()
        desk.do(case, Event.SIGN, by=desk.signer)
        assert found(desk.clerk, DAY) == {("case_serve", case.pk, date(2026, 3, 4))}
        desk.do(case, Event.SERVE, way="online", proof="示例凭证")
        assert found(desk.clerk, DAY) == set()


def test_a_case_that_somebody_has_taken_is_that_persons(desk):
    with on(DAY):
        case = desk.registered(DAY)
        desk.do(case, Event.CLAIM)
        assert {code for code, *_ in found(desk.clerk, DAY)} == {"case_handle"}
        assert found(desk.reviewer, DAY) == set()


def test_what_the_applicant_must_do_waits_for_nobody_here_until_it_is_done(desk):
    with on(DAY):
        case = desk.registered(DAY)
        desk.do(case, Event.SEND_CORRECTION_NOTICE, items="请写明学校名称", reply_by="2026-03-20")
        assert found(desk.clerk, DAY) == set()
    with on(date(2026, 3, 10)):
        messages.send(case_id=case.pk, text="谯城区第一小学", token="a" * 32)
        assert found(desk.clerk, date(2026, 3, 10)) == {("case_answer", case.pk, date(2026, 3, 11))}


def test_an_extension_waits_for_a_head_who_did_not_ask_for_it(desk):
    with on(DAY):
        case = desk.registered(DAY)
        desk.do(case, Event.REQUEST_EXTENSION, by=desk.signer, days=10, reason="需要检索多个部门的档案")
        assert "case_extension" not in {code for code, *_ in found(desk.signer, DAY)}
        assert ("case_extension", case.pk, date(2026, 3, 30)) in found(desk.head, DAY)
        desk.do(case, Event.APPROVE_EXTENSION, by=desk.head)
        assert "case_extension" not in {code for code, *_ in found(desk.head, DAY)}


def test_a_supervision_notice_waits_until_it_is_replied_to(desk):
    office = factories.actor(factories.body(kind="district_government"), Role.DISTRICT_OFFICE)
    with on(DAY):
        case = desk.registered(DAY)
        desk.do(case, Event.SUPERVISE, by=office, content="请尽快办理", reply_by="2026-03-06")
        assert ("case_supervision", case.pk, date(2026, 3, 6)) in found(desk.clerk, DAY)
        assert found(office, DAY) == set(), "who supervises does not handle the case"
        desk.do(case, Event.REPLY_SUPERVISION, content="正在检索，3月10日前答复")
        assert {code for code, *_ in found(desk.clerk, DAY)} == {"case_claim"}


def test_an_answer_does_not_end_what_a_supervision_notice_asks_for(desk):
    office = factories.actor(factories.body(kind="district_government"), Role.DISTRICT_OFFICE)
    with on(DAY):
        case, other = desk.registered(DAY), desk.registered(DAY)
        for one in (case, other):
            desk.do(one, Event.SUPERVISE, by=office, content="请说明办理情况", reply_by="2026-03-06")
        desk.do(other, Event.REPLY_SUPERVISION, content="已检索")
        desk.answered(case)
        desk.answered(other)
        assert found(desk.clerk, DAY) == {("case_supervision", case.pk, date(2026, 3, 6))}
    long_after = DAY + worklist.REPLY_OWED + timedelta(days=1)
    assert found(desk.clerk, long_after) == set()
    with on(DAY):
        desk.do(case, Event.REPLY_SUPERVISION, content="已于3月2日答复")
        assert found(desk.clerk, DAY) == set()


def test_a_case_whose_handler_does_not_work_at_the_desk_any_more_is_to_be_taken_again(desk):
    unit = factories.body()
    helper = factories.actor(unit, Role.CLERK)
    with on(DAY):
        left, lent = desk.registered(DAY), desk.registered(DAY)
        desk.do(left, Event.CLAIM)
        desk.do(lent, Event.ASSIGN, body=unit.pk, lead="lead", due_on="2026-03-06")
        desk.do(lent, Event.CLAIM, by=helper)
        assert found(desk.reviewer, DAY) == {("case_claim", lent.pk, date(2026, 3, 30))}
        Membership.objects.filter(user_id=desk.clerk.user_id).update(ends_on=DAY - timedelta(days=1))
        groups = worklist.worklist(desk.reviewer, timezone.now())
    (group,) = groups
    assert {task.item_id for task in group.tasks} == {left.pk, lent.pk}
    assert {task.note for task in group.tasks} == {"原领办人不在本机关办理岗位，请重新领办"}


def test_the_head_sees_what_is_overdue_in_other_hands(desk):
    with on(DAY):
        case, asleep = desk.registered(DAY), desk.registered(DAY)
        desk.do(case, Event.CLAIM)
        desk.do(asleep, Event.SEND_CORRECTION_NOTICE, items="请写明学校名称", reply_by="2026-06-30")
    assert found(desk.head, date(2026, 3, 30)) == set(), "the last day is in time"
    late = date(2026, 3, 31)
    assert found(desk.head, late) == {("case_overdue", case.pk, date(2026, 3, 30))}
    assert found(desk.clerk, late) == {("case_handle", case.pk, date(2026, 3, 30))}
    assert found(desk.reviewer, late) == set()


def test_a_letter_of_consultation_that_was_not_served_waits_for_the_desk_for_its_days_never_end(desk):
    with on(DAY):
        case = desk.registered(DAY)
        desk.do(case, Event.CLAIM)
        sent = desk.do(case, Event.SEND_CONSULTATION, party="third_party", name="示例公司", asked="能否公开")
        assert ("case_consultation", case.pk, date(2026, 3, 9)) in found(desk.clerk, DAY)
        desk.do(case, Event.SERVE_CONSULTATION, on=DAY, consultation=sent.seq)
        assert {code for code, *_ in found(desk.clerk, DAY)} == {"case_handle"}


def test_an_extension_that_was_approved_is_to_be_told_before_the_old_day(desk):
    with on(DAY):
        case = desk.registered(DAY)
        desk.do(case, Event.CLAIM)
        desk.do(case, Event.REQUEST_EXTENSION, days=10, reason="需要检索多个部门的档案")
        desk.do(case, Event.APPROVE_EXTENSION, by=desk.head)
        assert ("case_extension_serve", case.pk, date(2026, 3, 30)) in found(desk.clerk, DAY)
        desk.do(case, Event.SERVE_EXTENSION, on=DAY)
        assert {code for code, *_ in found(desk.clerk, DAY)} == {"case_handle"}


def test_what_has_run_out_is_told_with_the_case_it_leaves_to_be_decided(desk):
    with on(DAY):
        case = desk.registered(DAY)
        desk.do(case, Event.CLAIM)
        desk.do(case, Event.SEND_CORRECTION_NOTICE, items="请写明学校名称", reply_by="2026-03-20")
    with on(date(2026, 3, 23)):
        sweep()
        (group,) = worklist.worklist(desk.clerk, timezone.now())
    assert group.type.code == "case_handle"
    assert group.tasks[0].note == "申请人逾期未补正（《条例》§30）"


def test_an_order_to_handle_again_waits_until_it_is_begun(desk):
    with on(DAY):
        case = desk.registered(DAY)
        desk.answered(case)
        desk.do(case, Event.FILE_REMEDY, on=DAY, kind="reconsideration", authority="亳州市人民政府")
        remedy = case.remedies.get()
        desk.do(case, Event.DECIDE_REMEDY, on=DAY, remedy=remedy.pk, result="corrected", rehandle_by="2026-03-27")
        assert found(desk.clerk, DAY) == {("case_rehandle", case.pk, date(2026, 3, 27))}
        desk.do(case, Event.REHANDLE, on=DAY, order="行政复议决定书（示例）", due_on="2026-03-27")
        assert {code for code, *_ in found(desk.clerk, DAY)} == {"case_claim"}


def test_a_unit_sees_what_it_was_given_and_nothing_more(desk):
    unit = factories.body()
    helper = factories.actor(unit, Role.CLERK)
    with on(DAY):
        case, other = desk.registered(DAY), desk.registered(DAY)
        desk.do(case, Event.ASSIGN, body=unit.pk, lead="assist", due_on="2026-03-06")
        assert found(helper, DAY) == {("case_unit", case.pk, date(2026, 3, 6))}
        desk.do(case, Event.GIVE_OPINION, by=helper, opinion="经检索，不掌握该信息。")
        assert found(helper, DAY) == set()
    assert other.pk


def test_a_reconsideration_is_to_be_answered_though_the_case_has_ended(desk):
    with on(DAY):
        case = desk.registered(DAY)
        desk.answered(case)
        desk.do(
            case,
            Event.FILE_REMEDY,
            on=DAY,
            kind="reconsideration",
            authority="亳州市人民政府",
            copy_received_on="2026-03-02",
        )
        ((code, pk, day),) = found(desk.clerk, DAY)
        assert (code, pk) == ("case_remedy", case.pk) and day == case.remedies.get().reply_due_on


def test_a_clock_that_stands_still_says_so_and_what_is_late_says_that(desk):
    with on(DAY):
        case = desk.registered(DAY)
        late = desk.registered(DAY)
        desk.do(case, Event.SEND_CONSULTATION, party="third_party", name="示例公司", asked="能否公开")
    with on(date(2026, 4, 2)):
        group = next(one for one in worklist.worklist(desk.clerk, timezone.now()) if one.type.code == "case_claim")
    standing = {task.item_id: (task.deadline.standing, task.deadline.words) for task in group.tasks}
    assert standing[case.pk] == (Standing.OPEN, "期限暂停计算")
    assert standing[late.pk][0] is Standing.OVERDUE and "超期 3 个工作日" in standing[late.pk][1]
    assert group.overdue == 1


def test_another_body_and_the_administrator_see_nothing(desk):
    with on(DAY):
        desk.online()
        for actor in (factories.actor(factories.body(), Role.CLERK), factories.actor(desk.body, Role.ADMINISTRATOR)):
            assert found(actor, DAY) == set()


def test_more_cases_cost_no_more_queries(desk, django_assert_num_queries):
    with on(DAY):
        for _ in range(2):
            desk.registered(DAY)
        actor = desk.clerk
        worklist.worklist(actor, timezone.now())
        with django_assert_num_queries(5):
            worklist.worklist(actor, timezone.now())
        for _ in range(4):
            desk.registered(DAY)
        with django_assert_num_queries(5):
            assert len(worklist.worklist(actor, timezone.now())[0].tasks) == 6


def test_bodies_are_counted_with_their_cases(desk):
    office = factories.actor(factories.body(kind="district_government"), Role.DISTRICT_OFFICE)
    with on(DAY):
        desk.registered(DAY)
    with on(date(2026, 4, 2)):
        desk.online()
        load = selectors.loads(office, timezone.now())[desk.body.pk]
    assert (load.counts["cases"], load.overdue["cases"]) == (2, 1)


def test_the_first_page_leads_to_the_case_with_its_next_step(desk):
    client = Client()
    client.force_login(
        factories.member(desk.body, Role.CLERK), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    with on(DAY):
        case = desk.online()
        page = client.get(reverse("office:home")).content.decode()
    assert "申请待确认收到" in page and reverse("office:case", args=[case.pk]) in page
    with on(DAY):
        assert "《条例》§31" in client.get(reverse("office:tasks", args=["case_confirm"])).content.decode()


def test_the_worklist_and_the_list_of_cases_call_the_same_days_pressing(desk):
    with on(DAY):
        case = desk.registered(DAY)
    for day in (
        date(2026, 3, 24),
        date(2026, 3, 25),
        date(2026, 3, 27),
    ):  # four, three and one working days before March 30
        (group,) = worklist.worklist(desk.clerk, datetime.combine(day, time(10), SHANGHAI))
        pressing = Days.of(day).light("in_progress", date(2026, 3, 30)) is Light.RED
        assert group.tasks[0].item_id == case.pk
        assert (group.tasks[0].deadline.standing is Standing.SOON) == pressing == (day >= date(2026, 3, 25)), day
