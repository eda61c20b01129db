"""What waits for whom: each type of task for the right people, with its deadline, bounded; and counted by body."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests import factories

from gongkai.disclosure import actions, remarks, working_copies, worklist
from gongkai.disclosure.models import Item, WorkingCopy
from gongkai.organisations.actors import actor_for
from gongkai.review.models import RecordedFinding, ReviewRecord
from gongkai.rules.access import Role
from gongkai.rules.publication import State
from gongkai.rules.relations import RelationKind
from gongkai.rules.tasks import Standing

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 26, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Thursday."""


class Desk:
    """One body with its people."""

    def __init__(self):
        self.body = factories.body()
        self.clerk, self.reviewer, self.signer, self.head = (
            actor_for(factories.member(self.body, role)) for role in (Role.CLERK, Role.REVIEWER, Role.SIGNER, Role.HEAD)
        )

    def draft(self, **values):
        return actions.create_item(
            actor=self.clerk,
            organisation_id=self.body.pk,
            kind=values.pop("kind", "notice"),
            row_ids=values.pop("row_ids", ()),
            values=factories.values(**values),
        )


@pytest.fixture
def desk():
    return Desk()


def _set(item, **values):
    edition = Item.objects.get(pk=item.pk).working
    for name, value in values.items():
        setattr(edition, name, value)
    edition.save()


def found(actor, now=NOW):
    return {group.type.code: group.tasks for group in worklist.worklist(actor, now)}


def test_a_draft_is_due_twenty_working_days_after_the_information_was_formed(desk):
    item = desk.draft(formed_on=date(2026, 11, 2), document_date=None)
    [task] = found(desk.clerk)["drafts"]
    assert (task.item_id, task.deadline.day) == (item.pk, date(2026, 11, 30))
    assert task.deadline.words == "还剩 2 个工作日（11月30日到期）"
    assert found(desk.reviewer) == {}, "a draft is its writer's"


TERMS = [
    ("3个工作日内", date(2026, 11, 5), "the row is stricter than the law"),
    ("信息形成或者变更之日起20个工作日内", date(2026, 11, 30), "as the law"),
    ("30个工作日内", date(2026, 11, 30), "a row cannot be laxer"),
    ("及时公开", date(2026, 11, 30), "no number"),
]


@pytest.mark.parametrize(("limit", "day", "why"), TERMS, ids=[row[2] for row in TERMS])
def test_a_shorter_term_of_the_catalogue_row_counts(desk, limit, day, why):
    row = factories.row("政策文件", disclosure_time_limit=limit)
    desk.draft(formed_on=date(2026, 11, 2), row_ids=[row.pk])
    [task] = found(desk.clerk)["drafts"]
    assert task.deadline.day == day, why


def test_a_draft_that_was_sent_back_is_no_longer_among_the_drafts(desk):
    item = desk.draft()
    actions.submit(actor=desk.clerk, item_id=item.pk)
    remarks.remark(actor=desk.reviewer, item_id=item.pk, part="title", text="请写明年度")
    actions.send_back(actor=desk.reviewer, item_id=item.pk, remark="")
    ReviewRecord.objects.filter(result="sent_back").update(at=NOW - timedelta(days=7))
    actions.save_draft(actor=desk.clerk, item_id=item.pk, values=factories.values(title="改了一半的通知"))
    _set(item, updated_at=NOW)  # saving half of it does not begin the term anew
    groups = found(desk.clerk)
    [task] = groups["returned"]
    assert "drafts" not in groups
    assert task.note == "正文中有 1 条修改意见待办理"
    assert (task.deadline.standing, task.deadline.words) == (Standing.OVERDUE, "已超期 2 个工作日（11月24日到期）")


def test_each_step_waits_for_those_who_may_take_it_and_never_for_the_writer(desk):
    item = desk.draft()
    actions.submit(actor=desk.clerk, item_id=item.pk)
    assert [task.item_id for task in found(desk.reviewer)["review"]] == [item.pk]
    assert "review" not in found(desk.clerk)
    actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis="不涉密")
    assert [task.item_id for task in found(desk.signer)["sign"]] == [item.pk]
    assert "review" not in found(desk.reviewer)
    own = actions.create_item(actor=desk.head, organisation_id=desk.body.pk, kind="notice", values=factories.values())
    actions.submit(actor=desk.head, item_id=own.pk)
    assert [task.item_id for task in found(desk.reviewer)["review"]] == [own.pk]
    assert own.pk not in [task.item_id for task in found(desk.head).get("review", ())], "nobody reviews his own"


def test_another_body_s_work_is_on_nobody_s_list(desk):
    item = desk.draft()
    actions.submit(actor=desk.clerk, item_id=item.pk)
    stranger = actor_for(factories.member(factories.body(), *Role))
    assert found(stranger) == {}


def test_what_is_set_for_later_is_told_and_what_missed_its_time_is_late(desk):
    item = desk.draft()
    actions.submit(actor=desk.clerk, item_id=item.pk)
    actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis="不涉密")
    actions.sign(actor=desk.signer, item_id=item.pk, scheduled_for=datetime(2099, 1, 4, 9, tzinfo=NOW.tzinfo))
    assert set(found(desk.clerk)) == {"scheduled"}
    _set(item, scheduled_for=NOW - timedelta(days=1))
    [task] = found(desk.clerk)["refused"]
    assert task.deadline.standing is Standing.OVERDUE


def test_serious_findings_of_what_is_public_are_due_three_days_after_they_were_found(desk):
    item = factories.published(desk.body)
    one = RecordedFinding.objects.create(
        edition_id=item.current_id, part="body", part_label="正文", key="k", rule="personal-data.mobile",
        message="手机号码。", serious=True, found_at=NOW - timedelta(days=1),
    )  # fmt: skip
    [task] = found(desk.clerk)["findings"]
    assert (task.item_id, task.deadline.day) == (item.pk, date(2026, 11, 30))
    one.state = "set_aside"
    one.save()
    assert "findings" not in found(desk.clerk)


def test_a_normative_document_waits_for_its_interpretation(desk):
    item = factories.published(desk.body, kind="policy_document", normative=True)
    later = item.current.published_at + timedelta(days=10)
    [task] = found(desk.clerk, later)["uninterpreted"]
    assert task.deadline.standing is Standing.OVERDUE
    other = factories.published(desk.body, kind="interpretation")
    factories.relation(other, RelationKind.INTERPRETS, item, None)
    assert "uninterpreted" not in found(desk.clerk, later)


def test_what_was_typed_and_never_saved_is_remembered(desk):
    item = desk.draft()
    working_copies.keep(actor=desk.clerk, item_id=item.pk, revision=0, fields={"title": ["新标题"]})
    assert "unsaved" not in found(desk.clerk, NOW)
    WorkingCopy.objects.update(saved_at=NOW - timedelta(days=2))
    assert [task.item_id for task in found(desk.clerk)["unsaved"]] == [item.pk]
    assert "unsaved" not in found(desk.head), "nobody sees another's copy"


def test_a_long_list_is_bounded_and_its_oldest_are_shown(desk):
    made = factories.published_many(desk.body, worklist.COUNT_LIMIT + 5, kind="notice", state=State.REVIEW)
    Item.objects.filter(pk__in=[item.pk for item in made]).update(state="review")
    [group] = [group for group in worklist.worklist(desk.reviewer, NOW) if group.type.code == "review"]
    assert (len(group.tasks), group.count_label) == (worklist.COUNT_LIMIT, "99+")


def test_each_body_s_load_is_counted_for_those_who_oversee_it(desk):
    item = desk.draft()
    actions.submit(actor=desk.clerk, item_id=item.pk)
    _set(item, updated_at=NOW - timedelta(days=9))
    desk.draft(formed_on=date(2026, 9, 1))
    desk.draft(formed_on=NOW.date())
    other = Desk()
    other.draft(formed_on=NOW.date())
    office = actor_for(factories.member(factories.body(), Role.DISTRICT_OFFICE))
    loads = worklist.loads(office, NOW)
    mine = loads[desk.body.pk]
    assert (mine.counts, mine.overdue) == ({"review": 1, "drafts": 2}, {"review": 1, "drafts": 1})
    assert loads[other.body.pk].counts == {"drafts": 1}
    assert set(worklist.loads(desk.head, NOW)) == {desk.body.pk}, "a head sees his own body"
