"""From a signed-in user to what he may see."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from gongkai.organisations import selectors
from gongkai.organisations.actors import SYSTEM, NotVisible, actor_for
from gongkai.organisations.models import User
from gongkai.rules.access import Action, Role
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_actor_holds_the_roles_of_all_memberships_by_body():
    one, two = factories.body(), factories.body()
    person = factories.member(one, Role.CLERK, Role.REVIEWER)
    person.memberships.create(organisation=two, role=Role.SIGNER.value)
    actor = actor_for(person)
    assert actor.roles == {one.pk: {Role.CLERK, Role.REVIEWER}, two.pk: {Role.SIGNER}}
    assert (actor.user_id, actor.name) == (person.pk, person.display_name)


def test_the_actor_is_asked_of_the_database_by_two_queries_and_once(django_assert_num_queries):
    person = factories.member(factories.body(), Role.CLERK)
    with django_assert_num_queries(2):
        assert actor_for(person) is actor_for(person)


def test_a_role_in_a_body_out_of_use_gives_nothing():
    person = factories.member(factories.body(is_active=False), Role.HEAD)
    assert actor_for(person).roles == {}


def test_nobody_acts_as_nobody():
    with pytest.raises(ValueError, match="active"):
        actor_for(AnonymousUser())  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="active"):
        actor_for(User(username="未保存"))
    closed = factories.user(is_active=False)
    with pytest.raises(ValueError, match="active"):
        actor_for(closed)


def test_the_system_holds_no_role_anywhere():
    assert SYSTEM.roles == {} and selectors.visible_to(SYSTEM).count() == 0


@pytest.mark.parametrize(
    ("role", "sees_all", "reason"),
    [
        (Role.CLERK, False, "a clerk works in one body"),
        (Role.HEAD, False, "a head answers for one body"),
        (Role.DISTRICT_OFFICE, True, "the district office supervises all bodies (《条例》§3)"),
        (Role.ADMINISTRATOR, True, "an administrator manages all bodies"),
    ],
)
def test_who_sees_which_bodies(role, sees_all, reason):
    own, other = factories.body(), factories.body()
    actor = factories.actor(own, role)
    assert set(selectors.visible_to(actor)) == ({own, other} if sees_all else {own}), reason
    if sees_all:
        assert selectors.organisation_for(actor, other.pk) == other
    else:
        with pytest.raises(NotVisible):
            selectors.organisation_for(actor, other.pk)


def test_only_administrators_manage_people():
    own = factories.body()
    person = factories.member(own, Role.CLERK)
    assert person in selectors.people_managed_by(factories.actor(own, Role.ADMINISTRATOR))
    for role in set(Role) - {Role.ADMINISTRATOR}:
        assert not selectors.people_managed_by(factories.actor(own, role)).exists(), role


def test_an_administrator_manages_people_of_his_tree_who_have_no_role_outside_it():
    district = factories.body(kind="district_government")
    top = factories.body(parent=district)
    under = factories.body(parent=factories.body(parent=top))
    below, beside = factories.member(under, Role.CLERK), factories.member(factories.body(parent=district), Role.CLERK)
    both = factories.member(under, Role.CLERK)
    factories.Membership.objects.create(user=both, organisation=district, role=Role.CLERK.value)
    managed = set(selectors.people_managed_by(factories.actor(top, Role.ADMINISTRATOR)))
    assert below in managed and beside not in managed
    assert both not in managed, "with his password reset, somebody would act in a body above"
    everybody = set(selectors.people_managed_by(factories.actor(district, Role.ADMINISTRATOR)))
    assert {below, beside, both} <= everybody


@pytest.mark.parametrize(
    ("starts", "ends", "held", "reason"),
    [
        (None, None, True, "for good"),
        (0, 0, True, "first and last day are included"),
        (1, None, False, "begins tomorrow"),
        (None, -1, False, "ended yesterday"),
        (-9, 9, True, "within its days"),
    ],
)
def test_a_role_counts_on_its_days_only(starts, ends, held, reason):
    body = factories.body()
    person, today = factories.user(), timezone.localdate()
    days = {
        name: None if n is None else today + timedelta(days=n) for name, n in (("starts_on", starts), ("ends_on", ends))
    }
    factories.Membership.objects.create(user=person, organisation=body, role=Role.HEAD.value, **days)
    assert bool(actor_for(person).roles) == held, reason


def test_bodies_where_one_may_write_leave_out_bodies_out_of_use():
    used = factories.body()
    factories.body(is_active=False)
    assert list(selectors.organisations_where(factories.actor(used, Role.CLERK), Action.CREATE)) == [used]
