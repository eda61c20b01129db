"""政策组合: who may write and publish them, what is refused, and what the public sees."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests import factories

from gongkai.audit.models import AuditRecord
from gongkai.disclosure import actions
from gongkai.organisations.actors import NotVisible
from gongkai.policies import groups
from gongkai.policies.groups import MemberLine, MilestoneLine
from gongkai.policies.models import PolicyGroup
from gongkai.rules.access import Role
from gongkai.rules.publication import State
from gongkai.rules.reasons import Refused

pytestmark = pytest.mark.django_db


class Desk:
    def __init__(self):
        self.body = factories.body()
        self.clerk = factories.actor(self.body, Role.CLERK)
        self.signer = factories.actor(self.body, Role.SIGNER)
        self.items = factories.published_many(self.body, 3)

    def save(self, actor=None, **more):
        given = {
            "kind": "tracking",
            "title": "十件实事落实",
            "members": [MemberLine(item.index_number) for item in self.items],
            **more,
        }
        return groups.save_group(actor=actor or self.clerk, organisation_id=self.body.pk, **given)


@pytest.fixture
def desk():
    return Desk()


def reasons(call):
    with pytest.raises(Refused) as refused:
        call()
    return {one.code for one in refused.value.reasons}


def test_a_draft_is_not_public_and_its_writer_does_not_publish_it(desk, client, settings):
    settings.GONGKAI_PAGE_CACHE = False
    group = desk.save()
    address = reverse("portal:policy-group", args=[group.pk])
    assert client.get(address).status_code == 404
    own = desk.save(actor=desk.signer)
    assert reasons(lambda: groups.publish_group(actor=desk.signer, group_id=own.pk)) == {"same_person"}
    with pytest.raises(Refused):
        groups.publish_group(actor=desk.clerk, group_id=group.pk)
    groups.publish_group(actor=desk.signer, group_id=group.pk)
    assert client.get(address).status_code == 200
    assert reasons(lambda: groups.publish_group(actor=desk.signer, group_id=group.pk)) == {"state"}
    groups.withdraw_group(actor=desk.signer, group_id=group.pk)
    assert client.get(address).status_code == 404
    said = list(AuditRecord.objects.filter(object_type="policy_group", object_id=str(group.pk)).values_list("action"))
    assert sorted(said) == [("policy-group.publish",), ("policy-group.save",), ("policy-group.withdraw",)]


def test_another_body_has_no_way_to_it(desk):
    group, stranger = desk.save(), factories.actor(factories.body(), Role.HEAD)
    for step in (groups.publish_group, groups.withdraw_group):
        with pytest.raises(NotVisible):
            step(actor=stranger, group_id=group.pk)
    with pytest.raises(NotVisible):
        groups.save_group(
            actor=stranger, organisation_id=desk.body.pk, group_id=group.pk, kind="series", title="别人的"
        )
    with pytest.raises(NotVisible):
        groups.save_group(actor=stranger, organisation_id=desk.body.pk, kind="series", title="写到别的单位")


def test_a_change_of_what_is_public_waits_for_a_second_person_and_keeps_the_address(desk, client, settings):
    settings.GONGKAI_PAGE_CACHE = False
    group = desk.save()
    groups.publish_group(actor=desk.signer, group_id=group.pk)
    address = reverse("portal:policy-group", args=[group.pk])
    day = timezone.localdate()
    change = {"title": "改过的", "members": [MemberLine(desk.items[0].index_number)]}
    draft = desk.save(group_id=group.pk, milestones=[MilestoneLine("评估", day)], **change)
    assert draft.pk != group.pk
    assert "改过的" not in client.get(address).text, "the public reads on what was published"
    assert client.get(reverse("portal:policy-group", args=[draft.pk])).status_code == 404
    assert groups.groups_of(desk.items[0].pk) == [(group.pk, "执行跟踪", "十件实事落实")]
    assert reasons(lambda: desk.save(group_id=group.pk, title="又一份")) == {"revision"}
    groups.withdraw_group(actor=desk.signer, group_id=group.pk)
    assert reasons(lambda: desk.save(group_id=group.pk, title="又一份")) == {"revision"}, "nor while it is off the site"
    groups.publish_group(actor=desk.signer, group_id=group.pk)
    desk.save(group_id=draft.pk, milestones=[MilestoneLine("年底评估", day)], **change)
    with pytest.raises(Refused):
        groups.publish_group(actor=desk.clerk, group_id=draft.pk)
    assert groups.publish_group(actor=desk.signer, group_id=draft.pk) == group.pk
    page = client.get(address).text
    assert "改过的" in page
    assert "年底评估" in page
    assert desk.items[1].current.title not in page
    assert list(PolicyGroup.objects.values_list("pk", "state")) == [(group.pk, "published")]
    assert desk.save(group_id=group.pk).replaces_id == group.pk, "the next change begins a draft again"


def test_a_change_is_looked_through_before_it_is_public_and_the_office_leads_to_it(desk):
    group = desk.save()
    groups.publish_group(actor=desk.signer, group_id=group.pk)
    draft = desk.save(group_id=group.pk, summary="联系电话13800138000")
    assert reasons(lambda: groups.publish_group(actor=desk.signer, group_id=draft.pk)) == {"personal_data"}
    client = Client()
    client.force_login(factories.member(desk.body, Role.CLERK))
    public = client.get(reverse("office:policy-group", args=[group.pk])).content.decode()
    assert f'<a href="{reverse("office:policy-group", args=[draft.pk])}">修改稿</a>' in public
    assert "disabled" in public, "the change goes on in the draft"
    assert "发布后替换公开的内容" in client.get(reverse("office:policy-group", args=[draft.pk])).content.decode()
    assert "修改稿</td>" in client.get(reverse("office:policy-groups")).content.decode()


def test_all_that_is_wrong_is_said_at_once(desk):
    draft = factories.published(desk.body, state=State.DRAFT)
    twice = desk.items[0].index_number
    today = timezone.localdate()
    wrong = {
        "kind": "series",
        "title": " ",
        "members": [MemberLine(draft.index_number), MemberLine(twice), MemberLine(twice)],
        "milestones": [MilestoneLine("任务", today, today + timedelta(days=1), "没有的号")],
    }
    assert reasons(lambda: desk.save(**wrong)) == {
        "title_missing", "member", "member_twice", "evidence", "done_later", "milestones"
    }  # fmt: skip


def test_members_are_found_by_document_number_too_unless_several_bear_it(desk):
    number = "谯政〔2024〕88号"
    item = factories.published(desk.body, document_number=number)
    group = desk.save(members=[MemberLine("谯政[2024]88号", "说明")])
    assert [(one.item_id, one.note) for one in group.members.all()] == [(item.pk, "说明")]
    factories.published(desk.body, document_number=number)
    assert reasons(lambda: desk.save(members=[MemberLine(number)])) == {"member"}


def test_the_page_shows_what_is_late_and_by_how_many_days(desk, client):
    today = timezone.localdate()
    evidence = factories.published(desk.body, kind="notice", title="竣工公告")
    steps = [
        MilestoneLine("开工", today - timedelta(days=30), today - timedelta(days=30)),
        MilestoneLine("封顶", today - timedelta(days=20), today - timedelta(days=13), evidence.index_number),
        MilestoneLine("验收", today - timedelta(days=5)),
        MilestoneLine("交付", today),
    ]
    group = desk.save(milestones=steps)
    groups.publish_group(actor=desk.signer, group_id=group.pk)
    page = client.get(reverse("portal:policy-group", args=[group.pk])).text
    rows = re.findall(r'<th scope="row">(\w+).*?data-label="进展">(.*?)</td>', page, re.S)
    told = {title: re.sub(r"<[^>]+>", "", text).split("完成")[-1] for title, text in rows}
    assert told == {"开工": "", "封顶": "，逾期 7 天", "验收": "逾期 5 天", "交付": "进行中"}
    assert "竣工公告" in page


def test_a_withdrawn_member_leaves_the_page_and_each_member_leads_to_it(desk, client, settings):
    settings.GONGKAI_PAGE_CACHE = False
    group = desk.save()
    groups.publish_group(actor=desk.signer, group_id=group.pk)
    address = reverse("portal:policy-group", args=[group.pk])
    first, second, _ = desk.items
    with CaptureQueriesContext(connection) as queries:
        assert address in client.get(f"/items/{first.pk}/").text
    assert len(queries) <= 8
    actions.withdraw(
        actor=factories.actor(desk.body, Role.HEAD), item_id=second.pk, reason="published_in_error", note="误发"
    )
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address).text
    assert len(queries) <= 8 and f"/items/{first.pk}/" in page and f"/items/{second.pk}/" not in page


def test_the_office_keeps_what_was_typed_and_reads_it_back(desk):
    person = factories.member(desk.body, Role.CLERK)
    client = Client()
    client.force_login(person)
    number, evidence = desk.items[0].index_number, desk.items[1].index_number
    typed = {
        "organisation": desk.body.pk,
        "kind": "tracking",
        "title": "落实情况",
        "members": f"{number} ｜ 总体方案\n",
        "milestones": f"开工 | 2026-01-10 | | {evidence} | 已开工\n验收|下个月",
    }
    create = reverse("office:policy-group-create")
    answer = client.post(create, typed)
    assert answer.status_code == 422 and "第2行：请填写应当完成日期" in answer.text and "验收|下个月" in answer.text
    typed["milestones"] = typed["milestones"].replace("下个月", "2026-02-01")
    answer = client.post(create, typed)
    [group] = PolicyGroup.objects.all()
    assert answer.headers["Location"] == reverse("office:policy-group", args=[group.pk])
    page = client.get(answer.headers["Location"]).text
    assert f"开工 | 2026-01-10 |  | {evidence} | 已开工\n验收 | 2026-02-01" in page
    assert f"{number} | 总体方案" in page
