"""Events of cases: written once, in one transaction, by whom may, in order."""

from datetime import date

import pytest
from django.db import IntegrityError

from gongkai.audit.models import AuditRecord
from gongkai.foi import chain
from gongkai.foi.models import Case, CaseEvent, Submission, Unchangeable
from gongkai.foi.recording import Wanted, act, rebuild
from gongkai.organisations.actors import NotVisible
from gongkai.rules.access import Role
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.reasons import Refused
from tests import factories
from tests.foi.makers import Desk, on, taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_an_online_application_is_received_on_the_day_both_confirm(desk):
    with on(date(2026, 2, 9)):
        case = desk.online()
    assert (case.state, case.received_on, case.due_on) == ("awaiting_confirmation", None, None)
    with on(date(2026, 2, 10)):
        desk.do(case, Event.CONFIRM_RECEIPT, how="phone")
        desk.do(case, Event.REGISTER)
    assert (case.state, case.received_on, case.due_on) == ("in_progress", date(2026, 2, 10), date(2026, 3, 16))
    assert case.number == "2026年第1号"


def test_a_receipt_before_the_submission_is_refused_and_nothing_is_written(desk):
    with on(date(2026, 2, 10)):
        case = desk.online()
        with pytest.raises(Refused) as refusal:
            desk.do(case, Event.CONFIRM_RECEIPT, on=date(2026, 2, 9), how="phone")
    assert refusal.value.codes == ("received_before_submitted",)
    assert case.events.count() == 1


def test_consultations_that_overlap_stop_the_clock_once(desk):
    with on(date(2026, 3, 2)):
        case = desk.registered(date(2026, 3, 2))
        assert case.due_on == date(2026, 3, 30)
    with on(date(2026, 3, 5)):
        first = desk.do(case, Event.SEND_CONSULTATION, party="third_party", name="甲公司", asked="是否同意公开")
    with on(date(2026, 3, 10)):
        second = desk.do(case, Event.SEND_CONSULTATION, party="other_agency", name="区发改委", asked="是否同意公开")
    assert (case.due_on, case.stopped, case.open_consultations) == (None, True, 2)
    with on(date(2026, 3, 20)):
        desk.do(case, Event.RECEIVE_OPINION, consultation=first.seq, opinion="objects", content="商业秘密")
    with on(date(2026, 3, 26)):
        desk.do(case, Event.RECEIVE_OPINION, consultation=second.seq, opinion="agrees")
    assert (case.due_on, case.stopped, case.open_consultations) == (date(2026, 4, 21), False, 0)


def test_the_same_form_sent_twice_is_one_event(desk):
    with on(date(2026, 3, 2)):
        case = desk.online()
        wanted = Wanted(Event.CONFIRM_RECEIPT, {"how": "phone"}, token="t" * 32)
        first = act(actor=desk.clerk, case_id=case.pk, wanted=wanted)
        again = act(actor=desk.clerk, case_id=case.pk, wanted=wanted)
    assert first.pk == again.pk
    assert case.events.count() == 2


def test_who_opened_the_page_before_another_acted_is_told_so(desk):
    with on(date(2026, 3, 2)):
        case = desk.online()
        act(actor=desk.clerk, case_id=case.pk, wanted=Wanted(Event.CONFIRM_RECEIPT, {"how": "phone"}, expected_seq=1))
        with pytest.raises(Refused) as refusal:
            act(actor=desk.reviewer, case_id=case.pk, wanted=Wanted(Event.REGISTER, expected_seq=1))
    assert refusal.value.codes == ("changed",)
    assert desk.clerk.name in str(refusal.value)


def test_a_case_of_another_body_is_not_there(desk):
    case = desk.online()
    stranger = factories.actor(factories.body(), Role.HEAD)
    administrator = factories.actor(desk.body, Role.ADMINISTRATOR)
    for actor in (stranger, administrator):
        with pytest.raises(NotVisible):
            act(actor=actor, case_id=case.pk, wanted=Wanted(Event.CONFIRM_RECEIPT, {"how": "phone"}))


def test_a_unit_sees_a_case_while_it_has_it_and_its_opinion_ends_that(desk):
    unit = Desk()
    with on(date(2026, 3, 2)):
        case = desk.registered(date(2026, 3, 2))
        with pytest.raises(NotVisible):
            desk.do(case, Event.GIVE_OPINION, by=unit.clerk, opinion="可以公开")
        desk.do(case, Event.ASSIGN, body=unit.body.pk, lead="lead")
        assert case.assignments.get().due_on == date(2026, 3, 9)
        with pytest.raises(Refused):
            desk.do(case, Event.SEND_FOR_REVIEW, by=unit.clerk)
        desk.do(case, Event.GIVE_OPINION, by=unit.clerk, opinion="可以公开")
        with pytest.raises(Refused):
            desk.do(case, Event.GIVE_OPINION, by=unit.clerk, opinion="再说一次")


def test_events_and_submissions_cannot_be_changed(desk):
    case = desk.online()
    event = case.events.get()
    for change in (event.save, event.delete, CaseEvent.objects.all().delete, Submission.objects.all().delete):
        with pytest.raises(Unchangeable):
            change()
    with pytest.raises(Unchangeable):
        CaseEvent.objects.update(name="sign")


def test_the_chain_of_events_shows_what_was_changed_behind_its_back(desk):
    from django.db import connection

    with on(date(2026, 3, 2)):
        case = desk.registered(date(2026, 3, 2))
    events = list(case.events.order_by("seq"))
    assert chain.broken_at(events, case.last_seq) is None
    assert chain.broken_at(events[:-1], case.last_seq) == 3
    with connection.cursor() as cursor:
        cursor.execute("UPDATE foi_caseevent SET actor_name = 'x' WHERE seq = 2")
    assert chain.broken_at(case.events.order_by("seq"), case.last_seq) == 2


def test_the_columns_are_what_the_events_say(desk):
    with on(date(2026, 3, 2)):
        case = desk.registered(date(2026, 3, 2))
        Case.objects.filter(pk=case.pk).update(due_on=date(2030, 1, 1), state="closed")
        assert rebuild() == 1
        case.refresh_from_db()
        assert (case.due_on, case.state) == (date(2026, 3, 30), "in_progress")
        assert rebuild() == 0


def test_each_event_stands_in_the_log(desk):
    case = desk.online()
    assert AuditRecord.objects.get(object_type="case", object_id=str(case.pk)).action == "case.submit"


def test_numbers_are_given_once(desk):
    with on(date(2026, 3, 2)):
        one, two = desk.registered(date(2026, 3, 2)), desk.registered(date(2026, 3, 2))
    assert {one.number, two.number} == {"2026年第1号", "2026年第2号"}
    with pytest.raises(IntegrityError):
        Case.objects.filter(pk=two.pk).update(number=one.number)


def test_the_same_application_sent_twice_is_taken_in_once_and_told_the_same_code(desk):
    first = taken(desk.body, client_token="k" * 32)
    again = taken(desk.body, client_token="k" * 32)
    assert (again.tracking_number, again.query_code, again.repeated) == (first.tracking_number, first.query_code, True)
    assert Submission.objects.count() == Case.objects.count() == 1
