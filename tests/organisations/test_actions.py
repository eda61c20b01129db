"""Bodies, people and roles: every write is checked, refused with all reasons, and audited."""

import pytest
from django.db import transaction

from gongkai.audit.log import verify
from gongkai.audit.models import AuditRecord
from gongkai.organisations import actions
from gongkai.organisations.actors import NotVisible
from gongkai.organisations.models import Membership, Organisation, User
from gongkai.rules.access import Role
from gongkai.rules.reasons import Refused
from gongkai.rules.uscc import make_uscc
from tests import factories

pytestmark = pytest.mark.django_db

PASSWORD = "Huangshan-Songke-9"


@pytest.fixture
def office():
    return factories.body("测试区政府", kind="district_government")


@pytest.fixture
def administrator(office):
    return factories.actor(office, Role.ADMINISTRATOR)


def _identity(**more):
    return {
        "code": "swj",
        "name": "测试区商务局",
        "short_name": "区商务局",
        "kind": "department",
        "uscc": make_uscc("11341602999999999"),
        **more,
    }


def test_a_new_body_is_stored_and_recorded(administrator):
    made = actions.create_organisation(actor=administrator, values=_identity())
    entry = AuditRecord.objects.latest("sequence")
    assert (entry.action, entry.object_id, entry.organisation_id) == ("organisation.create", str(made.pk), made.pk)
    assert verify().broken_at is None


@pytest.mark.parametrize(
    ("wrong", "field", "reason"),
    [
        ({"uscc": "11341602999999999A"}, "uscc", "the check digit is wrong (GB 32100)"),
        ({"uscc": "123"}, "uscc", "18 characters are needed"),
        ({"kind": "ministry"}, "kind", "no such kind of body"),
        ({"name": "测试区政府"}, "name", "the name is taken"),
        ({"code": ""}, "code", "an address needs a code"),
    ],
)
def test_a_body_with_a_wrong_identity_is_refused(administrator, wrong, field, reason):
    with pytest.raises(Refused) as refusal:
        actions.create_organisation(actor=administrator, values=_identity(**wrong))
    assert field in {one.field for one in refusal.value.reasons}, reason
    assert not Organisation.objects.filter(short_name="区商务局").exists()


def test_everything_wrong_is_said_at_once(administrator, office):
    with pytest.raises(Refused) as refusal:
        actions.create_organisation(
            actor=administrator, values=_identity(uscc="1", kind="", name=office.name, code=office.code)
        )
    assert {one.field for one in refusal.value.reasons} >= {"uscc", "kind", "name", "code"}


def test_a_body_cannot_stand_under_itself(administrator, office):
    child = factories.body(parent=office)
    with pytest.raises(Refused, match="下级"):
        actions.update_organisation(actor=administrator, organisation_id=office.pk, values={"parent_id": child.pk})


def test_a_clerk_keeps_the_guide_but_not_the_name_of_his_body():
    body = factories.body()
    clerk = factories.actor(body, Role.CLERK)
    actions.update_organisation(actor=clerk, organisation_id=body.pk, values={"phone": "0558-0000000"})
    body.refresh_from_db()
    assert body.phone == "0558-0000000"
    with pytest.raises(Refused):
        actions.update_organisation(actor=clerk, organisation_id=body.pk, values={"name": "另一个名字"})
    with pytest.raises(NotVisible):
        actions.update_organisation(actor=clerk, organisation_id=factories.body().pk, values={"phone": "1"})


def test_saving_without_a_change_records_nothing(administrator, office):
    before = AuditRecord.objects.count()
    actions.update_organisation(actor=administrator, organisation_id=office.pk, values={"name": office.name})
    assert AuditRecord.objects.count() == before


def test_an_account_is_opened_with_its_first_role(administrator, office):
    made = actions.create_user(
        actor=administrator, username="zhang", display_name="测试甲", password=PASSWORD, roles=[(office.pk, Role.CLERK)]
    )
    assert made.check_password(PASSWORD)
    assert list(made.memberships.values_list("organisation_id", "role")) == [(office.pk, "clerk")]
    entry = AuditRecord.objects.latest("sequence")
    assert entry.action == "user.create" and PASSWORD not in str(entry.detail)


@pytest.mark.parametrize(
    ("more", "field", "reason"),
    [
        ({"password": "12345678901"}, "password", "digits only"),
        ({"password": "short"}, "password", "under ten characters"),
        ({"username": "有 空格"}, "username", "a user name has no blanks"),
        ({"display_name": " "}, "display_name", "a person has a name"),
        ({"roles": []}, "role", "an account without a role is of no use"),
    ],
)
def test_an_account_that_is_wrong_is_refused(administrator, office, more, field, reason):
    wanted = {
        "username": "li",
        "display_name": "测试乙",
        "password": PASSWORD,
        "roles": [(office.pk, Role.CLERK)],
        **more,
    }
    with pytest.raises(Refused) as refusal:
        actions.create_user(actor=administrator, **wanted)
    assert field in {one.field for one in refusal.value.reasons}, reason
    assert not User.objects.filter(username="li").exists()


def test_user_names_differ_by_more_than_case(administrator, office):
    factories.user("wang")
    with pytest.raises(Refused, match="已被使用"):
        actions.create_user(
            actor=administrator,
            username="Wang",
            display_name="测试丙",
            password=PASSWORD,
            roles=[(office.pk, Role.CLERK)],
        )


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_nobody_but_an_administrator_touches_people(role):
    body = factories.body()
    actor, person = factories.actor(body, role), factories.member(body, Role.CLERK)
    with pytest.raises((Refused, NotVisible)):
        actions.grant_role(actor=actor, user_id=person.pk, organisation_id=body.pk, role=Role.HEAD)
    with pytest.raises(NotVisible):
        actions.reset_password(actor=actor, user_id=person.pk, password=PASSWORD)
    with pytest.raises(NotVisible):
        actions.set_user_active(actor=actor, user_id=person.pk, active=False)
    assert Membership.objects.filter(user=person).count() == 1


def test_granting_twice_is_once_and_revoking_ends_it(administrator, office):
    person = factories.member(office, Role.CLERK)
    for _ in range(2):
        actions.grant_role(actor=administrator, user_id=person.pk, organisation_id=office.pk, role=Role.REVIEWER)
    assert AuditRecord.objects.filter(action="user.grant_role").count() == 1
    actions.revoke_role(actor=administrator, user_id=person.pk, organisation_id=office.pk, role=Role.REVIEWER)
    with pytest.raises(NotVisible):
        actions.revoke_role(actor=administrator, user_id=person.pk, organisation_id=office.pk, role=Role.REVIEWER)


def test_the_last_administrator_stays(administrator, office):
    only = administrator.user_id
    with pytest.raises(Refused, match="唯一"), transaction.atomic():
        actions.revoke_role(actor=administrator, user_id=only, organisation_id=office.pk, role=Role.ADMINISTRATOR)
    with pytest.raises(Refused):
        actions.set_user_active(actor=administrator, user_id=only, active=False)
    with pytest.raises(Refused, match="唯一"):
        actions.set_organisation_active(actor=administrator, organisation_id=office.pk, active=False)
    second = factories.member(office, Role.ADMINISTRATOR)
    actions.set_user_active(actor=administrator, user_id=second.pk, active=False)
    with pytest.raises(Refused, match="唯一"):
        actions.revoke_role(actor=administrator, user_id=only, organisation_id=office.pk, role=Role.ADMINISTRATOR)


def test_a_new_password_works_and_the_old_one_does_not(administrator, office):
    person = factories.member(office, Role.CLERK)
    actions.reset_password(actor=administrator, user_id=person.pk, password=PASSWORD)
    person.refresh_from_db()
    assert person.check_password(PASSWORD) and not person.check_password(factories.PASSWORD)
    assert PASSWORD not in str(AuditRecord.objects.latest("sequence").detail)
