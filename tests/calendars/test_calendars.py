"""Working days that are brought in: proposed by one, approved by another, in force everywhere, withdrawn again."""

from datetime import date

import pytest

from gongkai.audit.models import AuditRecord
from gongkai.calendars import selectors
from gongkai.calendars.actions import approve, propose, withdraw
from gongkai.calendars.models import CalendarChange, CalendarYear
from gongkai.organisations.actors import NotVisible
from gongkai.rules.access import Role
from gongkai.rules.calendar import working_days
from gongkai.rules.reasons import Refused
from tests import factories
from tests.calendars.makers import in_force, year_2027
from tests.foi.makers import on

pytestmark = pytest.mark.django_db
SPRING_FESTIVAL = date(2027, 2, 8)


@pytest.fixture
def office():
    return factories.body(kind="district_government")


def test_without_anything_brought_in_the_shipped_days_count():
    assert selectors.current() is working_days()
    assert selectors.version() == 0


def test_a_year_counts_when_a_second_person_has_approved_it(office):
    proposer, approver = factories.actor(office, Role.ADMINISTRATOR), factories.actor(office, Role.DISTRICT_OFFICE)
    row = propose(actor=proposer, year=year_2027())
    assert selectors.current().is_working_day(SPRING_FESTIVAL)
    with pytest.raises(Refused) as refusal:
        approve(actor=proposer, pk=row.pk)
    assert refusal.value.codes == ("self_approval",)
    approve(actor=approver, pk=row.pk)
    selectors.forget()
    assert not selectors.current().is_working_day(SPRING_FESTIVAL)
    assert selectors.current().covers(SPRING_FESTIVAL)
    assert selectors.current().add(date(2026, 12, 15), 20).provisional is False
    assert [*AuditRecord.objects.order_by("sequence").values_list("action", flat=True)] == [
        "calendar.propose",
        "calendar.approve",
    ]


def test_the_newest_active_version_counts_and_withdrawing_it_brings_back_the_older(office):
    in_force()
    newer = in_force(year_2027(抗战胜利纪念日=[date(2027, 9, 3)]))
    selectors.forget()
    assert (newer.version, selectors.current().is_working_day(date(2027, 9, 3))) == (2, False)
    withdraw(actor=factories.actor(office, Role.DISTRICT_OFFICE), pk=newer.pk, reason="通知已经更正")
    selectors.forget()
    assert selectors.current().is_working_day(date(2027, 9, 3))
    assert not selectors.current().is_working_day(SPRING_FESTIVAL)


def test_an_older_version_that_is_approved_later_does_not_displace_the_newer(office):
    proposer, approver = factories.actor(office, Role.ADMINISTRATOR), factories.actor(office, Role.DISTRICT_OFFICE)
    older = propose(actor=proposer, year=year_2027())
    newer = propose(actor=proposer, year=year_2027(抗战胜利纪念日=[date(2027, 9, 3)]))
    approve(actor=approver, pk=newer.pk)
    approve(actor=approver, pk=older.pk)
    selectors.forget()
    assert not selectors.current().is_working_day(date(2027, 9, 3))
    assert CalendarChange.objects.order_by("pk").values_list("first_day", flat=True)[1] is None


def test_a_version_withdrawn_before_it_was_approved_changes_nothing(office):
    proposer = factories.actor(office, Role.ADMINISTRATOR)
    row = propose(actor=proposer, year=year_2027())
    withdraw(actor=proposer, pk=row.pk, reason="文件有误")
    assert not CalendarChange.objects.exists()
    with pytest.raises(Refused) as refusal:
        approve(actor=factories.actor(office, Role.DISTRICT_OFFICE), pk=row.pk)
    assert refusal.value.codes == ("state",)


REFUSED = [
    (lambda office: factories.actor(office, Role.HEAD), "role", "heads of bodies do not keep the calendar"),
    (lambda office: factories.actor(office, Role.CLERK), "role", "nor do clerks"),
]


@pytest.mark.parametrize(("who", "code", "reason"), REFUSED, ids=[row[2] for row in REFUSED])
def test_who_may_not_is_refused_every_step(office, who, code, reason):
    row = in_force()
    actor = who(office)
    for act in (
        lambda: propose(actor=actor, year=year_2027()),
        lambda: approve(actor=actor, pk=row.pk),
        lambda: withdraw(actor=actor, pk=row.pk, reason="不需要"),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.codes == (code,), reason


def test_the_same_days_are_not_proposed_twice(office):
    in_force()
    with pytest.raises(Refused) as refusal:
        propose(actor=factories.actor(office, Role.ADMINISTRATOR), year=year_2027())
    assert refusal.value.codes == ("same",)
    assert CalendarYear.objects.count() == 1


def test_withdrawing_needs_a_reason_and_is_done_once(office):
    row = in_force()
    actor = factories.actor(office, Role.DISTRICT_OFFICE)
    with pytest.raises(Refused) as refusal:
        withdraw(actor=actor, pk=row.pk, reason=" ")
    assert refusal.value.codes == ("reason",)
    withdraw(actor=actor, pk=row.pk, reason="通知已经更正")
    with pytest.raises(Refused):
        withdraw(actor=actor, pk=row.pk, reason="再撤一次")
    with pytest.raises(NotVisible):
        withdraw(actor=actor, pk=10**9, reason="没有这一版")


def test_another_process_learns_of_a_change_by_the_generation():
    """What a process remembers is dropped when the generation has moved, not before its half second is over."""
    from gongkai.audit import generation

    assert selectors.current().covers(SPRING_FESTIVAL) is False
    remembered = selectors._known
    in_force()
    selectors._known = remembered  # as another process has it
    generation.forget()
    assert selectors.current().covers(SPRING_FESTIVAL) is True


MISSING = [
    (date(2026, 10, 31), None, "before November nobody is reminded"),
    (date(2026, 11, 1), 2027, "from the first of November on"),
    (date(2027, 3, 1), 2027, "the year has come and there is still no notice"),
    (date(2026, 5, 1), None, "this year's is there"),
]


@pytest.mark.parametrize(("day", "year", "reason"), MISSING, ids=[row[2] for row in MISSING])
def test_the_office_is_told_when_the_notice_of_a_year_is_missing(day, year, reason):
    with on(day):
        assert selectors.missing_notice() == year


def test_nobody_is_told_when_it_has_been_brought_in():
    in_force()
    selectors.forget()
    with on(date(2026, 12, 1)):
        assert selectors.missing_notice() is None
