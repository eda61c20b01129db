"""Write, submit, review, sign, publish, correct, withdraw: by the right people, in order, with reasons when not."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import factories

from gongkai.audit.log import history, verify
from gongkai.disclosure import actions
from gongkai.disclosure.actions import NotVisible
from gongkai.disclosure.models import ChangeNote, Edition, EditionFrozen, Item
from gongkai.rules.access import Role
from gongkai.rules.publication import State
from gongkai.rules.reasons import Refused
from gongkai.search.models import OutboxEntry

pytestmark = pytest.mark.django_db


class Desk:
    """One body with a clerk, a reviewer and a signer."""

    def __init__(self):
        self.body = factories.body()
        self.clerk = factories.actor(self.body, Role.CLERK)
        self.reviewer = factories.actor(self.body, Role.REVIEWER)
        self.signer = factories.actor(self.body, Role.SIGNER)

    def draft(self, **values):
        return actions.create_item(
            actor=self.clerk, organisation_id=self.body.pk, kind="policy_document", values=factories.values(**values)
        )

    def signed_off(self, **values):
        item = self.draft(**values)
        actions.submit(actor=self.clerk, item_id=item.pk)
        actions.approve(actor=self.reviewer, item_id=item.pk, secrecy_basis="不涉密，可以公开")
        return item

    def published(self, **values):
        item = self.signed_off(**values)
        actions.sign(actor=self.signer, item_id=item.pk)
        item.refresh_from_db()
        return item


@pytest.fixture
def desk():
    return Desk()


def state_of(item: Item) -> str:
    return Item.objects.get(pk=item.pk).state


def test_the_whole_chain_leads_to_the_public_and_every_step_is_audited(desk):
    item = desk.published()
    edition = item.current
    assert (item.state, item.working, edition.state) == (State.PUBLISHED, None, State.PUBLISHED)
    assert timezone.now() - edition.published_at < timedelta(seconds=30)
    assert edition.secrecy_basis
    actions_done = list(history("item", item.pk).order_by("sequence").values_list("action", flat=True))
    assert actions_done == ["item.create", "item.submit", "item.approve", "item.sign", "item.publish"]
    assert OutboxEntry.objects.filter(item_id=item.pk).exists()
    assert verify().broken_at is None


def test_a_writer_may_not_review_what_he_wrote(desk):
    both = factories.actor(desk.body, Role.CLERK, Role.REVIEWER)
    item = actions.create_item(
        actor=both, organisation_id=desk.body.pk, kind="policy_document", values=factories.values()
    )
    actions.submit(actor=both, item_id=item.pk)
    with pytest.raises(Refused) as refusal:
        actions.approve(actor=both, item_id=item.pk, secrecy_basis="可以公开")
    assert refusal.value.codes == ("self_approval",)
    assert state_of(item) == State.REVIEW


def test_without_a_secrecy_review_nothing_passes(desk):
    item = desk.draft()
    actions.submit(actor=desk.clerk, item_id=item.pk)
    with pytest.raises(Refused) as refusal:
        actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis="  ")
    assert "secrecy_review" in refusal.value.codes


def test_an_incomplete_draft_is_refused_with_every_reason_at_once(desk):
    item = desk.draft(title="", body="", subjects=[], enquiry_phone="")
    with pytest.raises(Refused) as refusal:
        actions.submit(actor=desk.clerk, item_id=item.pk)
    fields = {reason.field for reason in refusal.value.reasons}
    assert {"title", "body|attachments", "subject_category", "enquiry_phone"} <= fields
    assert state_of(item) == State.DRAFT


def test_what_is_sent_back_must_be_reviewed_anew(desk):
    item = desk.signed_off()
    actions.send_back(actor=desk.signer, item_id=item.pk, remark="第二段数据有误")
    edition = Item.objects.get(pk=item.pk).working
    assert (edition.state, edition.approved_by, edition.secrecy_basis) == (State.DRAFT, None, "")
    assert edition.send_back_remark == "第二段数据有误"


def test_a_send_back_without_a_remark_is_refused(desk):
    item = desk.signed_off()
    with pytest.raises(Refused):
        actions.send_back(actor=desk.signer, item_id=item.pk, remark="")


def test_what_is_scheduled_waits_for_its_time_and_is_then_published_once(desk):
    item = desk.signed_off()
    later = timezone.now() + timedelta(hours=2)
    actions.sign(actor=desk.signer, item_id=item.pk, scheduled_for=later)
    assert state_of(item) == State.SCHEDULED
    with pytest.raises(Refused) as refusal:
        actions.publish(actor=desk.clerk, item_id=item.pk)
    assert refusal.value.codes == ("too_early",)
    assert actions.publish_due(actor=desk.signer, now=timezone.now()) == (0, [])
    edition = Item.objects.get(pk=item.pk).working
    edition.scheduled_for = timezone.now() - timedelta(seconds=1)
    edition.save()
    published, refused = actions.publish_due(actor=desk.signer, now=timezone.now())
    assert (published, refused) == (1, [])
    assert actions.publish_due(actor=desk.signer, now=timezone.now()) == (0, [])
    assert state_of(item) == State.PUBLISHED


def test_a_correction_leaves_the_old_edition_readable_and_says_why(desk):
    item = desk.published()
    first = item.current
    actions.correct(actor=desk.clerk, item_id=item.pk, change_note="更正第二条中的金额")
    assert Item.objects.get(pk=item.pk).current == first, "the public goes on reading the first edition"
    actions.save_draft(actor=desk.clerk, item_id=item.pk, values={"body": "<p>更正后的正文。</p>"})
    actions.submit(actor=desk.clerk, item_id=item.pk)
    actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis="可以公开")
    actions.sign(actor=desk.signer, item_id=item.pk)
    item.refresh_from_db()
    first.refresh_from_db()
    assert (item.current.number, first.state) == (2, State.SUPERSEDED)
    assert "更正后" not in first.body and "更正后" in item.current.body
    notes = ChangeNote.objects.filter(item=item).values_list("what", "note")
    assert ("更正", "更正第二条中的金额") in notes


@pytest.mark.django_db(transaction=True)
def test_a_correction_for_personal_data_takes_the_old_text_off_the_site(desk, client):
    item = desk.published(body="<p>某人身份证号码。</p>")
    actions.correct(
        actor=desk.clerk, item_id=item.pk, change_note="个人信息作去标识化处理", closes_earlier="personal_privacy"
    )
    actions.save_draft(actor=desk.clerk, item_id=item.pk, values={"body": "<p>已处理。</p>"})
    actions.submit(actor=desk.clerk, item_id=item.pk)
    actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis="可以公开")
    assert "某人身份证号码" in client.get(f"/items/{item.pk}/").content.decode(), "until the correction is out"
    actions.sign(actor=desk.signer, item_id=item.pk)
    old = item.editions.get(number=1)
    assert (old.state, old.withdrawal_reason) == (State.WITHDRAWN, "personal_privacy")
    for address in (f"/items/{item.pk}/", f"/items/{item.pk}/editions/1/"):
        assert "某人身份证号码" not in client.get(address).content.decode()


def test_a_published_edition_cannot_be_changed_by_any_path(desk):
    edition = desk.published().current
    edition.title = "另一个标题"
    with pytest.raises(EditionFrozen):
        edition.save()
    with pytest.raises(EditionFrozen):
        edition.save(update_fields=["title"])
    with pytest.raises(EditionFrozen):
        Edition.objects.filter(pk=edition.pk).update(published_at=timezone.now())
    with pytest.raises(Refused):
        actions.save_draft(actor=desk.clerk, item_id=edition.item_id, values={"title": "另一个标题"})


@pytest.mark.parametrize("name", ["published_at", "state", "signed_by", "item", "number", "secrecy_basis"])
def test_what_the_server_sets_cannot_be_written_as_content(desk, name):
    item = desk.draft()
    with pytest.raises(KeyError):
        actions.save_draft(actor=desk.clerk, item_id=item.pk, values={name: "x"})


def test_a_withdrawal_needs_a_stated_reason_and_keeps_the_page(desk):
    item = desk.published()
    with pytest.raises(Refused) as refusal:
        actions.withdraw(actor=desk.reviewer, item_id=item.pk, reason="", note="")
    assert refusal.value.codes == ("withdrawal_reason",)
    from gongkai.rules.vocabulary import vocabulary

    reason = vocabulary("withdrawal_reasons").terms[0].code
    actions.withdraw(actor=desk.reviewer, item_id=item.pk, reason=reason, note="与另一条重复")
    item.refresh_from_db()
    assert (item.state, item.current.state, item.current.withdrawal_reason) == (
        State.WITHDRAWN,
        State.WITHDRAWN,
        reason,
    )


def test_a_discarded_draft_takes_its_index_number_with_it(desk):
    first = desk.draft()
    actions.discard(actor=desk.clerk, item_id=first.pk)
    second = desk.draft()
    assert not Item.objects.filter(pk=first.pk).exists()
    assert second.index_number > first.index_number


def test_two_people_saving_the_same_draft_are_told_apart(desk):
    item = desk.draft()
    other = factories.actor(desk.body, Role.CLERK)
    revision = item.working.revision
    actions.save_draft(actor=other, item_id=item.pk, values={"title": "先保存的标题"}, revision=revision)
    with pytest.raises(Refused) as refusal:
        actions.save_draft(actor=desk.clerk, item_id=item.pk, values={"title": "后保存的标题"}, revision=revision)
    assert refusal.value.codes == ("conflict",)
    assert Item.objects.get(pk=item.pk).working.title == "先保存的标题"


STEPS = {
    "save_draft": lambda actor, pk: actions.save_draft(actor=actor, item_id=pk, values={"title": "x"}),
    "submit": lambda actor, pk: actions.submit(actor=actor, item_id=pk),
    "approve": lambda actor, pk: actions.approve(actor=actor, item_id=pk, secrecy_basis="可以"),
    "send_back": lambda actor, pk: actions.send_back(actor=actor, item_id=pk, remark="x"),
    "sign": lambda actor, pk: actions.sign(actor=actor, item_id=pk),
    "return_to_draft": lambda actor, pk: actions.return_to_draft(actor=actor, item_id=pk),
    "publish": lambda actor, pk: actions.publish(actor=actor, item_id=pk),
    "correct": lambda actor, pk: actions.correct(actor=actor, item_id=pk, change_note="x"),
    "withdraw": lambda actor, pk: actions.withdraw(actor=actor, item_id=pk, reason="x"),
    "discard": lambda actor, pk: actions.discard(actor=actor, item_id=pk),
    "reclassify": lambda actor, pk: actions.reclassify(actor=actor, item_id=pk, row_ids=[]),
}


@pytest.mark.parametrize("step", STEPS)
def test_an_item_of_another_body_is_not_there_whatever_is_tried(desk, step):
    other = factories.body()
    stranger = factories.actor(other, Role.CLERK, Role.REVIEWER, Role.SIGNER, Role.HEAD)
    for item in (desk.draft(), desk.published()):
        with pytest.raises(NotVisible):
            STEPS[step](stranger, item.pk)
        with pytest.raises(NotVisible):
            STEPS[step](stranger, 10**9)


def test_attaching_to_another_bodys_item_is_not_there_either(desk):
    import io

    stranger = factories.actor(factories.body(), Role.CLERK)
    with pytest.raises(NotVisible):
        actions.attach(actor=stranger, item_id=desk.draft().pk, name="a.txt", stream=io.BytesIO(b"text"))


def test_a_bad_attachment_is_refused_with_its_name_and_the_draft_is_untouched(desk):
    import io

    item = desk.draft()
    with pytest.raises(Refused) as refusal:
        actions.attach(actor=desk.clerk, item_id=item.pk, name="报表.xlsx", stream=io.BytesIO(b""))
    assert "报表.xlsx" in str(refusal.value)
    assert item.working.attachments.count() == 0


def test_hostile_markup_does_not_survive_saving(desk):
    item = desk.draft(
        body='<p onclick="x()">正文<script>alert(1)</script><a href="javascript:x()">链接</a><img src=x onerror=y></p>'
    )
    body = item.working.body
    assert "script" not in body and "onclick" not in body and "javascript" not in body and "onerror" not in body
    assert "正文" in body and "链接" in body
