"""Open cases after the working days changed: those that move get an event, the others none, and a stopped run goes on."""

from datetime import date, timedelta
from unittest import mock

import pytest

from gongkai.calendars import selectors as calendars
from gongkai.calendars.actions import withdraw
from gongkai.calendars.models import CalendarChange
from gongkai.foi import chain, recompute
from gongkai.foi.models import Case, CaseEvent, Recomputation
from gongkai.foi.recording import rebuild
from gongkai.rules.access import Role
from gongkai.rules.calendar import WorkingDays, working_days
from gongkai.rules.case_events import CaseEvent as Event
from tests import factories
from tests.calendars.makers import in_force, year_2027
from tests.foi.makers import Desk, on

pytestmark = pytest.mark.django_db
RECEIVED = date(2026, 12, 15)
WITH_2027 = WorkingDays([*working_days().years.values(), year_2027()])


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture(autouse=True)
def settled(monkeypatch):
    monkeypatch.setattr(recompute, "SETTLED_AFTER", timedelta(0))


def activated():
    row = in_force()
    calendars.forget()
    return row


def test_a_provisional_day_becomes_firm_with_one_event_that_says_before_and_after(desk):
    with on(RECEIVED):
        case = desk.registered(RECEIVED)
        assert (case.due_on, case.due_provisional) == (date(2027, 1, 13), True), "vector 11"
        activated()
        progress = recompute.run()
    case.refresh_from_db()
    event = case.events.order_by("-seq")[0]
    assert (case.due_on, case.due_provisional) == (date(2027, 1, 13), False)
    assert (event.name, event.actor_id, event.data) == (
        "recompute",
        None,
        {
            "calendar": CalendarChange.objects.get().pk, "calendar_year": CalendarChange.objects.get().calendar_year_id,
            "due_before": "2027-01-13", "due_after": "2027-01-13", "provisional_before": True, "provisional_after": False,
        },
    )  # fmt: skip
    assert progress is not None and progress.finished_at is not None
    assert chain.broken_at(case.events.order_by("seq"), case.last_seq) is None


def test_a_case_whose_day_does_not_reach_the_changed_days_gets_no_event(desk):
    with on(date(2026, 12, 1)):
        case = desk.registered(date(2026, 12, 1))
        assert case.due_on == date(2026, 12, 29)
        activated()
        recompute.run()
        assert not case.events.filter(name="recompute").exists()
        assert rebuild() == 0


def test_cases_that_are_done_stay_as_they_were(desk):
    with on(RECEIVED):
        case = desk.registered(RECEIVED)
        desk.do(case, Event.WITHDRAW, statement="电话撤回")
        activated()
        recompute.run()
        assert not CaseEvent.objects.filter(name="recompute").exists()


def test_withdrawing_a_calendar_while_cases_run_moves_them_back(desk):
    with on(date(2027, 1, 11)):
        row = activated()
        case = desk.registered(date(2027, 1, 11))
        assert (case.due_on, case.due_provisional) == (date(2027, 2, 15), False), "Spring Festival lies between"
        withdraw(actor=factories.actor(factories.body(), Role.DISTRICT_OFFICE), pk=row.pk, reason="通知已经更正")
        calendars.forget()
        recompute.run()
    case.refresh_from_db()
    assert (case.due_on, case.due_provisional) == (date(2027, 2, 8), True)


def test_a_run_that_is_stopped_goes_on_and_writes_no_event_twice(desk, monkeypatch):
    monkeypatch.setattr(recompute, "CHUNK", 2)
    with on(RECEIVED):
        for _ in range(5):
            desk.registered(RECEIVED)
        activated()
        real, calls = recompute._anew, []

        def dies_at_the_fourth(pk, change):
            calls.append(pk)
            if len(calls) == 4:
                raise KeyboardInterrupt
            real(pk, change)

        with mock.patch.object(recompute, "_anew", dies_at_the_fourth), pytest.raises(KeyboardInterrupt):
            recompute.run()
        assert Recomputation.objects.get().finished_at is None
        assert CaseEvent.objects.filter(name="recompute").count() == 3
        progress = recompute.run()
    assert progress is not None and progress.finished_at is not None
    assert [*CaseEvent.objects.filter(name="recompute").values_list("case").distinct()].__len__() == 5
    assert CaseEvent.objects.filter(name="recompute").count() == 5


def test_a_run_that_is_overtaken_by_the_next_change_is_closed_with_it(desk, monkeypatch):
    with on(RECEIVED):
        case = desk.registered(RECEIVED)
        row = activated()
        Recomputation.objects.create(change_id=calendars.last_change())
        withdraw(actor=factories.actor(factories.body(), Role.DISTRICT_OFFICE), pk=row.pk, reason="通知已经更正")
        calendars.forget()
        recompute.run()
    first, second = Recomputation.objects.order_by("change_id")
    assert (first.superseded, second.superseded) == (True, False)
    assert first.finished_at and second.finished_at
    assert not case.events.filter(name="recompute").exists(), "the day came back to what it was"


def test_nothing_is_reckoned_before_every_process_knows_the_new_days(desk, monkeypatch):
    monkeypatch.setattr(recompute, "SETTLED_AFTER", timedelta(seconds=60))
    with on(RECEIVED):
        desk.registered(RECEIVED)
        activated()
        assert recompute.run().finished_at is None
        assert not CaseEvent.objects.filter(name="recompute").exists()


def test_the_preview_says_what_the_run_will_do(desk):
    with on(RECEIVED):
        early = desk.registered(date(2026, 12, 15))
        with on(date(2027, 1, 18)):
            late = desk.registered(date(2027, 1, 18))
            foreseen = recompute.preview(WITH_2027)
            activated()
            recompute.run()
    said = {one.case_id: (one.before, one.after) for one in foreseen}
    assert said == {early.pk: (date(2027, 1, 13), date(2027, 1, 13)), late.pk: (date(2027, 2, 15), date(2027, 2, 20))}
    done = {
        one.case_id: (one.before, one.after) for one in recompute.moved_by(recompute.events_of(calendars.last_change()))
    }
    assert done == said
    assert Case.objects.filter(due_provisional=True).count() == 0


def test_without_a_difference_nothing_moves(desk):
    with on(RECEIVED):
        desk.registered(RECEIVED)
        assert recompute.preview(working_days()) == []
        assert recompute.run() is None
