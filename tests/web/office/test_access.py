"""Roles at bodies, through the pages: who gives what to whom; 岗位权限一览 and its export; dormant accounts."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from gongkai.audit.models import AuditRecord
from gongkai.organisations import access_overview, actions
from gongkai.organisations.actors import NotVisible, actor_for
from gongkai.organisations.models import Membership, User
from gongkai.rules.access import Action, Role, Subject, can
from gongkai.rules.reasons import Refused
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return factories.body("测试区人民政府", kind="district_government")


@pytest.fixture
def town(district):
    return factories.body("测试镇人民政府", kind="town", parent=district)


@pytest.fixture
def desk(district):
    client = Client()
    client.force_login(factories.member(district, Role.ADMINISTRATOR, name="boss"))
    return client


def local(town) -> Client:
    """The town's own administrator at work."""
    client = Client()
    client.force_login(factories.member(town, Role.ADMINISTRATOR))
    return client


def test_a_role_is_given_for_some_days_changed_and_taken(desk, town):
    person, today = factories.member(town, Role.CLERK), timezone.localdate()
    base = f"/office/people/{person.pk}/"
    days = {"starts_on": today.isoformat(), "ends_on": (today + timedelta(days=30)).isoformat()}
    wanted = {"organisation": town.pk, "role": "reviewer"}
    assert desk.post(f"{base}roles/grant/", {**wanted, **days}).status_code == 302
    assert desk.post(f"{base}roles/grant/", wanted).status_code == 302
    assert Membership.objects.get(user=person, role="reviewer").ends_on is None
    desk.post(f"{base}roles/revoke/", wanted)
    done = AuditRecord.objects.filter(object_id=str(person.pk), object_type="user").order_by("sequence")
    assert list(done.values_list("action", flat=True)) == [
        "user.grant_role",
        "user.change_role_days",
        "user.revoke_role",
    ]
    assert done[0].detail["ends_on"] == days["ends_on"]


@pytest.mark.parametrize(
    ("starts", "ends", "said", "reason"),
    [
        (5, 2, "早于开始日期", "the wrong way round"),
        (None, -1, "已过", "over before it is written"),
        ("2026-13-40", None, "格式", "no day"),
    ],
)
def test_days_that_cannot_be_are_refused_at_their_field_and_kept(desk, town, starts, ends, said, reason):
    person, today = factories.member(town, Role.CLERK), timezone.localdate()

    def day(value):
        return value if isinstance(value, str) else "" if value is None else (today + timedelta(days=value)).isoformat()

    form = {"organisation": town.pk, "role": "reviewer", "starts_on": day(starts), "ends_on": day(ends)}
    answer = desk.post(f"/office/people/{person.pk}/roles/grant/", form)
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page, reason
    assert not isinstance(ends, int) or day(ends) in page, "what was typed is still there"
    assert Membership.objects.filter(user=person).count() == 1


def test_nobody_raises_himself(desk, district):
    boss = User.objects.get(username="boss")
    answer = desk.post(f"/office/people/{boss.pk}/roles/grant/", {"organisation": district.pk, "role": "signer"})
    assert answer.status_code == 422 and "不能给自己增加角色" in answer.content.decode()
    assert boss.memberships.count() == 1


def test_an_administrator_of_a_town_reaches_no_further_than_his_town(district, town):
    client, below = local(town), factories.body(parent=town)
    mine, above = factories.member(below, Role.CLERK), factories.member(district, Role.CLERK)
    grant = f"/office/people/{mine.pk}/roles/grant/"
    assert client.post(grant, {"organisation": town.pk, "role": "head"}).status_code == 302
    assert client.post(grant, {"organisation": district.pk, "role": "head"}).status_code == 422, "not among the choices"
    assert "及于全部机构" in client.post(grant, {"organisation": town.pk, "role": "district_office"}).content.decode()
    for address in ("", "password/", "second-factor/reset/", "activate/", "unlock/", "sign-ins/"):
        path = f"/office/people/{above.pk}/{address}"
        assert (client.get(path) if address in ("", "sign-ins/") else client.post(path)).status_code == 404, address
    assert set(mine.memberships.values_list("organisation_id", flat=True)) == {below.pk, town.pk}


def test_who_loses_his_last_role_in_a_town_leaves_the_list_of_its_administrator(town):
    client, person = local(town), factories.member(town, Role.CLERK)
    taken = {"organisation": town.pk, "role": "clerk"}
    answer = client.post(f"/office/people/{person.pk}/roles/revoke/", taken, follow=True)
    assert answer.status_code == 200 and "已没有角色" in answer.content.decode()


def test_an_administrator_of_a_town_takes_no_body_over(district, town):
    admin, beside = actor_for(factories.member(town, Role.ADMINISTRATOR)), factories.body(parent=district)
    with pytest.raises(Refused):
        actions.update_organisation(actor=admin, organisation_id=beside.pk, values={"parent_id": town.pk})
    with pytest.raises(Refused):
        actions.update_organisation(actor=admin, organisation_id=town.pk, values={"parent_id": None})
    with pytest.raises(Refused):
        actions.update_organisation(actor=admin, organisation_id=town.pk, values={"parent_id": beside.pk})


def test_one_administrator_of_the_district_always_stays(district, town):
    only = factories.member(district, Role.ADMINISTRATOR)
    factories.member(town, Role.ADMINISTRATOR)
    second = factories.member(district, Role.ADMINISTRATOR)
    membership = Membership.objects.get(user=second)
    membership.ends_on = timezone.localdate() + timedelta(days=5)
    membership.save()
    actor = actor_for(second)
    with pytest.raises(Refused, match="唯一"):
        actions.revoke_role(actor=actor, user_id=only.pk, organisation_id=district.pk, role=Role.ADMINISTRATOR)
    with pytest.raises(Refused, match="唯一"):
        actions.set_user_active(actor=actor, user_id=only.pk, active=False)
    with pytest.raises(Refused, match="期限"):
        actions.grant_role(
            actor=actor,
            user_id=only.pk,
            organisation_id=district.pk,
            role=Role.ADMINISTRATOR,
            ends_on=membership.ends_on,
        )


def test_the_overview_shows_who_holds_what_and_whether_it_counts_today(desk, town):
    person = factories.member(town, Role.HEAD)
    Membership.objects.filter(user=person).update(ends_on=timezone.localdate() - timedelta(days=1))
    page = desk.get("/office/access/").content.decode()
    assert person.display_name in page and "已结束" in page
    assert person.display_name not in desk.get("/office/access/?q=nobody").content.decode()
    assert "没有符合条件" in local(town).get(f"/office/access/?organisation={factories.body().pk}").content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_the_table_of_the_overview_says_what_the_rules_do(role, district, town):
    for body, elsewhere in ((district, town), (town, district)):
        actor = actor_for(factories.member(body, role))
        for action in Action:
            own, other = bool(can(actor, action, Subject(body.pk))), bool(can(actor, action, Subject(elsewhere.pk)))
            reach = access_overview.reach_of(role, action)
            assert own == bool(reach), (action, "own")
            below = body is district
            assert other == (reach == access_overview.EVERY or (reach == access_overview.AND_BELOW and below)), action


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_the_export_holds_every_line_and_no_formula(desk, town, extension):
    person = factories.member(town, Role.CLERK)
    User.objects.filter(pk=person.pk).update(display_name='=HYPERLINK("http://x")', staff_number="+123")
    answer = desk.get(f"/office/access.{extension}")
    content = b"".join(answer)
    if extension == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    else:
        book = load_workbook(io.BytesIO(content))
        kinds = {cell.data_type for sheet in book for row in sheet for cell in row if cell.value is not None}
        assert kinds <= {"s", "inlineStr"}, "text only, no formula and no number"
        assert [row[0].value for row in book["角色权限"]][1:] == [action.label for action in Action]
        rows = [[cell.value or "" for cell in row] for row in book["岗位权限一览"]]
    assert rows[0] == list(access_overview.HEAD) and len(rows) == 1 + Membership.objects.count()
    wild = next(row for row in rows if person.username in row)
    assert wild[1] == '\'=HYPERLINK("http://x")' and wild[3] == "'+123" and "新建（本机构）" in wild[-1]


def test_an_export_of_another_kind_or_by_somebody_else_is_not_there(desk, town):
    assert desk.get("/office/access.docx").status_code == 404
    head = Client()
    head.force_login(factories.member(town, Role.HEAD))
    assert head.get("/office/access.csv").status_code == 403


def test_dormant_accounts_are_listed_and_closed_together(desk, town, settings):
    old = timezone.now() - timedelta(days=settings.GONGKAI_DORMANT_DAYS + 1)
    asleep, never, awake, new = (
        factories.member(town, Role.CLERK, name=name) for name in ("asleep", "never", "awake", "new")
    )
    User.objects.filter(pk=asleep.pk).update(last_login=old, date_joined=old)
    User.objects.filter(pk=never.pk).update(date_joined=old)
    User.objects.filter(pk=awake.pk).update(last_login=timezone.now(), date_joined=old)
    page = desk.get("/office/people/dormant/").content.decode()
    assert [name for name in ("asleep", "never", "awake", "new") if f">{name}<" in page] == ["asleep", "never"]
    session = Client()
    session.force_login(never)  # he comes back meanwhile
    desk.post("/office/people/dormant/", {"person": [asleep.pk, never.pk, new.pk]})
    closed = set(User.objects.filter(is_active=False).values_list("username", flat=True))
    assert closed == {"asleep"}, "who signed in meanwhile, and who is new, stays"
    assert "请先勾选" in desk.post("/office/people/dormant/", follow=True).content.decode()
    stranger = factories.member(factories.body(), Role.CLERK)
    assert local(town).post("/office/people/dormant/", {"person": [stranger.pk]}).status_code == 404


def test_an_account_action_on_somebody_elses_person_is_not_visible(town):
    from gongkai.organisations import account_actions
    from gongkai.organisations.logins import Origin

    admin, stranger = (
        actor_for(factories.member(town, Role.ADMINISTRATOR)),
        factories.member(factories.body(), Role.CLERK),
    )
    for act in (
        lambda: account_actions.reset_second_factor(actor=admin, user_id=stranger.pk, reason="手机丢失"),
        lambda: account_actions.lift_lock(actor=admin, user_id=stranger.pk, origin=Origin()),
        lambda: account_actions.unlink_identity(actor=admin, user_id=stranger.pk),
        lambda: actions.reset_password(actor=admin, user_id=stranger.pk, password="kT9-mourned-vale"),
        lambda: actions.grant_role(actor=admin, user_id=stranger.pk, organisation_id=town.pk, role=Role.CLERK),
    ):
        with pytest.raises(NotVisible):
            act()
