"""依申请转主动公开 (§44): what several people have asked for becomes a draft, which is public only after its own review."""

from datetime import date

import pytest

from gongkai.disclosure.models import Item
from gongkai.foi import answers, deciding, promotion
from gongkai.foi.models import CaseEvent, LoggedAnswer
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.reasons import Refused
from gongkai.rules.request_settings import number_setting
from tests.foi.makers import Desk, applicant, on

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)
NUMBERS = ("11010519000101001X", "110105190001010028", "110105190001010036", "110105190001010044")


@pytest.fixture
def desk() -> Desk:
    return Desk()


def answered(desk: Desk, number: str = NUMBERS[0]):
    case = desk.registered(DAY, applicant=applicant(id_number=number))
    desk.answered(case)
    return case


def test_it_is_suggested_once_so_many_different_people_have_asked(desk):
    with on(DAY):
        first = answered(desk)
        again = answered(desk)
        deciding.link_same(actor=desk.clerk, case_id=again.pk, same_id=first.pk)
        assert promotion.asked_for(first) == 1, "one person twice is one"
        for number in NUMBERS[1 : number_setting("promotion_threshold")]:
            assert not promotion.suggested(first)
            other = answered(desk, number)
            deciding.link_same(actor=desk.clerk, case_id=other.pk, same_id=first.pk)
            other.refresh_from_db()
        assert promotion.suggested(first) and promotion.suggested(other)


def test_the_answer_becomes_a_draft_that_nobody_sees_before_its_review(desk):
    with on(DAY):
        case = answered(desk)
        given = {
            "actor": desk.clerk,
            "case_id": case.pk,
            "kind": "notice",
            "title": "学区划分方案",
            "reason": "多人申请",
        }
        event, item_id = promotion.propose(**given, token="t" * 32)
        assert promotion.propose(**given, token="t" * 32) == (event, item_id), "the form sent twice is one draft"
    item = Item.objects.get()
    assert (item.pk, item.state, item.current_id) == (item_id, "draft", None)
    assert item.working.body == "<p>学区划分方案见附件。</p>"
    assert "示例申请人" not in item.working.body
    assert CaseEvent.objects.get(case=case, name=Event.PROPOSE_PROMOTION).data["item"] == item_id


def test_a_case_that_is_not_answered_makes_no_draft(desk):
    with on(DAY):
        case = desk.registered(DAY)
        with pytest.raises(Refused):
            promotion.propose(actor=desk.clerk, case_id=case.pk, kind="notice", title="某件", reason="多人申请")
    assert not Item.objects.exists()


@pytest.mark.parametrize(
    ("question", "answer", "code"),
    [
        ("示例申请人申请的学区划分方案", "已公开", "applicant"),
        ("学区划分方案", "请联系13800138000", "personal_data"),
        ("身份证11010519000101001X的档案", "已公开", "personal_data"),
    ],
)
def test_nothing_of_a_person_goes_into_the_public_log(desk, question, answer, code):
    with on(DAY):
        case = answered(desk)
        with pytest.raises(Refused) as refusal:
            answers.log_answer(actor=desk.signer, case_id=case.pk, question=question, answer=answer)
    assert code in refusal.value.codes
    assert not LoggedAnswer.objects.exists()
