"""What the clock brings about in cases: recorded once, on the last day, one case not hindering another."""

import logging
from datetime import date
from unittest import mock

import pytest

from gongkai.foi import chain, sweep
from gongkai.foi.models import Case
from gongkai.foi.recording import rebuild
from gongkai.foi.selectors import facts_of
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.case_states import CaseState
from tests.foi.makers import Desk, on

pytestmark = pytest.mark.django_db
START = date(2026, 3, 2)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def corrected(desk: Desk) -> Case:
    case = desk.registered(START)
    desk.do(case, Event.SEND_CORRECTION_NOTICE, items="请写明年份", reply_by="2026-03-13")
    return case


def consulted(desk: Desk, party: str = "third_party") -> Case:
    case = desk.registered(START)
    sent = desk.do(case, Event.SEND_CONSULTATION, party=party, name="甲公司", asked="是否同意公开")
    desk.do(case, Event.SERVE_CONSULTATION, consultation=sent.seq)
    return case


def last(case: Case) -> tuple[str, date]:
    case.refresh_from_db()
    event = case.events.order_by("-seq")[0]
    return event.name, event.effective_on


def test_a_correction_that_did_not_come_lapses_on_its_last_day(desk):
    with on(START):
        case = corrected(desk)
    with on(date(2026, 3, 13)):
        assert sweep.sweep().lapsed == 0
    with on(date(2026, 3, 16)):
        assert sweep.sweep().lapsed == 1
    assert last(case) == ("correction_lapsed", date(2026, 3, 13))
    assert (case.state, case.next_on, case.stopped) == ("in_progress", None, False)


def test_a_silent_third_party_starts_the_clock_again_and_the_body_decides(desk):
    with on(START):
        case = consulted(desk)
        assert (case.due_on, case.stopped, case.next_on) == (None, True, date(2026, 3, 23))
    with on(date(2026, 3, 24)):
        report = sweep.sweep()
    assert (report.lapsed, report.failed) == (1, ())
    assert last(case) == ("opinion_lapsed", date(2026, 3, 23))
    assert case.events.order_by("-seq")[0].data["effect"] == "body_decides"
    assert (case.due_on, case.stopped) == (date(2026, 4, 21), False)


def test_a_silent_co_producer_is_deemed_to_consent(desk):
    with on(START):
        case = consulted(desk, "co_producer")
    with on(date(2026, 3, 24)):
        sweep.sweep()
    assert case.events.order_by("-seq")[0].data["effect"] == "deemed_consent"


def test_a_sweep_that_comes_again_finds_nothing(desk):
    with on(START):
        case = corrected(desk)
    with on(date(2026, 3, 16)):
        sweep.sweep()
        assert sweep.sweep() == sweep.SweepReport()
    assert chain.broken_at(case.events.order_by("seq"), Case.objects.get().last_seq) is None


def test_a_case_that_fails_does_not_stop_the_others_and_is_logged_with_a_reference(desk, caplog):
    with on(START):
        bad, good = corrected(desk), corrected(desk)
    real = sweep.lapse

    def fails_for_one(pk: int) -> int:
        if pk == bad.pk:
            raise RuntimeError("disk")
        return real(pk)

    with on(date(2026, 3, 16)), mock.patch.object(sweep, "lapse", fails_for_one), caplog.at_level(logging.ERROR):
        report = sweep.sweep()
    assert (report.lapsed, report.failed) == (1, (bad.pk,))
    assert f"case {bad.pk}" in caplog.text and "reference" in caplog.text
    assert last(good)[0] == "correction_lapsed"
    with on(date(2026, 3, 17)):
        assert sweep.sweep().lapsed == 1


def test_what_failed_half_way_in_a_case_is_not_written_at_all(desk):
    """Two consultations lapse in one transaction."""
    with on(START):
        case = consulted(desk)
        second = desk.do(case, Event.SEND_CONSULTATION, party="other_agency", name="区发改委", asked="是否同意公开")
        desk.do(case, Event.SERVE_CONSULTATION, consultation=second.seq)
        before = case.events.count()
    real, calls = sweep.act, []

    def second_fails(**given):
        calls.append(given)
        if len(calls) == 2:
            raise RuntimeError("disk")
        return real(**given)

    with on(date(2026, 3, 24)), mock.patch.object(sweep, "act", second_fails):
        assert sweep.sweep().failed == (case.pk,)
    assert case.events.count() == before
    with on(date(2026, 3, 24)):
        assert sweep.sweep().lapsed == 2
    assert facts_of(case).open_consultations == ()


def test_columns_that_move_with_the_days_alone_are_brought_to_date(desk):
    with on(START):
        case = consulted(desk)
    Case.objects.filter(pk=case.pk).update(next_on=None)  # so that only the second half of the sweep sees it
    with on(date(2026, 3, 24)):
        assert sweep.refresh_moving() == 1
        case.refresh_from_db()
        assert (case.due_on, case.stopped) == (date(2026, 4, 21), False)
        assert sweep.refresh_moving() == 0


def test_after_a_sweep_the_columns_are_what_the_events_say(desk):
    with on(START):
        corrected(desk), consulted(desk)
    with on(date(2026, 3, 24)):
        sweep.sweep()
        assert rebuild() == 0


def test_a_column_that_names_a_day_without_cause_is_mended(desk):
    with on(START):
        case = desk.registered(START)
        Case.objects.filter(pk=case.pk).update(next_on=date(2026, 1, 1))
        assert sweep.sweep().lapsed == 0
        case.refresh_from_db()
        assert (case.next_on, case.state) == (None, CaseState.IN_PROGRESS.value)


def test_the_tick_sweeps_once_a_day(desk):
    from django.utils import timezone

    from gongkai.jobs.tick import sweep_daily

    with on(START):
        case = corrected(desk)
    with on(date(2026, 3, 16)):
        with mock.patch("gongkai.foi.sweep.sweep", wraps=sweep.sweep) as swept:
            sweep_daily(timezone.now())
            sweep_daily(timezone.now())
        assert swept.call_count == 1
    assert last(case)[0] == "correction_lapsed"
