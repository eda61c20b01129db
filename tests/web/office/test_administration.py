"""Bodies, people, the log and the vocabularies, through the pages."""

import pytest

from gongkai.organisations.models import Organisation, User
from gongkai.rules.access import Role
from gongkai.rules.uscc import make_uscc
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_administrator_adds_a_body_and_the_errors_come_at_once(bureau):
    Organisation.objects.filter(pk=bureau.body.pk).update(kind="district_government")
    wanted = {
        "name": "测试区商务局",
        "short_name": "区商务局",
        "code": "swj",
        "kind": "department",
        "position": "3",
        "postcode": "12",
    }
    client = bureau[Role.ADMINISTRATOR]
    answer = client.post("/office/organisations/create/", {**wanted, "uscc": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'href="#id_postcode"' in page and "测试区商务局" in page
    answer = client.post("/office/organisations/create/", {**wanted, "uscc": "1", "postcode": "236800"})
    assert answer.status_code == 422 and 'href="#id_uscc"' in answer.content.decode()
    uscc = make_uscc("11341602888888888")
    answer = client.post("/office/organisations/create/", {**wanted, "uscc": uscc.lower(), "postcode": "236800"})
    assert answer.status_code == 302
    assert Organisation.objects.get(code="swj").uscc == uscc


def test_a_clerk_edits_the_guide_and_cannot_smuggle_in_a_new_name(bureau):
    address = f"/office/organisations/{bureau.body.pk}/edit/"
    assert 'name="uscc"' not in bureau[Role.CLERK].get(address).content.decode()
    assert bureau[Role.CLERK].post(address, {"phone": "0558-0000009", "name": "冒名单位"}).status_code == 302
    bureau.body.refresh_from_db()
    assert (bureau.body.phone, bureau.body.name) == ("0558-0000009", "测试区教育局")


def test_an_account_is_opened_changed_and_closed(bureau):
    client = bureau[Role.ADMINISTRATOR]
    wanted = {
        "username": "newclerk",
        "display_name": "测试新人",
        "organisation": bureau.body.pk,
        "role": "clerk",
        "password": "Huangshan-Songke-9",
    }
    answer = client.post("/office/people/create/", {**wanted, "password": "123"})
    assert (
        answer.status_code == 422
        and 'href="#id_password"' in answer.content.decode()
        and "123" not in answer.content.decode().split('name="password"')[1][:80]
    )
    made = client.post("/office/people/create/", wanted)
    assert made.status_code == 200 and wanted["password"] in made.content.decode(), "shown once, to be told the person"
    person = User.objects.get(username="newclerk")
    base = f"/office/people/{person.pk}/"
    client.post(base, {"display_name": "测试改名"})
    client.post(f"{base}roles/grant/", {"organisation": bureau.body.pk, "role": "reviewer"})
    client.post(f"{base}roles/revoke/", {"organisation": bureau.body.pk, "role": "clerk"})
    client.post(f"{base}activate/", {"active": "no"})
    person.refresh_from_db()
    assert (person.display_name, person.is_active) == ("测试改名", False)
    assert list(person.memberships.values_list("role", flat=True)) == ["reviewer"]


def test_the_log_is_read_in_words_and_page_by_page(bureau):
    for _ in range(60):
        bureau[Role.CLERK].post(f"/office/organisations/{bureau.body.pk}/edit/", {"phone": f"0558-{_:07d}"})
    page = bureau[Role.HEAD].get("/office/audit/").content.decode()
    assert "修改机构" in page and "organisation.edit" not in page and 'rel="next"' in page


def test_catalogues_and_vocabularies_are_there_to_read(bureau):
    field = factories.row("教育领域")
    row = factories.row(
        "招生计划", parent=field, content_elements="招生人数、范围", disclosure_time_limit="形成之日起20个工作日内"
    )
    client = bureau[Role.CLERK]
    assert "招生计划" in client.get(f"/office/catalogues/{row.catalogue_id}/").content.decode()
    assert "招生人数、范围" in client.get(f"/office/catalogue-rows/{row.pk}/").content.decode()
    assert "政务督查" in client.get("/office/vocabularies/subjects/").content.decode()
    assert client.get("/office/vocabularies/no-such/").status_code == 404


def test_a_menu_shows_only_what_one_may_use(bureau):
    clerk, administrator = (bureau[role].get("/office/").content.decode() for role in (Role.CLERK, Role.ADMINISTRATOR))
    assert "新建信息" in clerk and "操作日志" not in clerk and ">人员<" not in clerk
    assert ">人员<" in administrator and "操作日志" in administrator and "新建信息" not in administrator


@pytest.mark.parametrize(
    "query",
    ["after=xxx", "after=WzFd", "organisation=abc", "state=nonsense", "kind=nonsense", "q=%00", "q=" + "字" * 300],
)
def test_a_nonsense_address_is_answered_politely(bureau, query):
    assert bureau[Role.CLERK].get(f"/office/items/?{query}").status_code in (200, 400)
