"""三审三校: several reviews in order, by different people, by people who act for others, with remarks at places of the text."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import factories

from gongkai.audit.log import history
from gongkai.disclosure import actions, remarks
from gongkai.disclosure.actions import NotVisible
from gongkai.disclosure.models import Edition, Item
from gongkai.organisations import delegations
from gongkai.organisations.actors import actor_for
from gongkai.organisations.models import Delegation, Membership
from gongkai.review import chains
from gongkai.review.models import Remark, ReviewRecord
from gongkai.review.selectors import records_of
from gongkai.rules.access import Role
from gongkai.rules.publication import State
from gongkai.rules.reasons import Refused

pytestmark = pytest.mark.django_db
THREE = ("review", "second_review", "final_review")
BASIS = "不涉密，可以公开"


class Desk:
    """A body with everybody a chain may need; the administrator is of another body."""

    def __init__(self):
        self.body = factories.body()
        self.clerk, self.reviewer, self.second, self.lawyer, self.signer, self.head = (
            self.actor(role)
            for role in (
                Role.CLERK,
                Role.REVIEWER,
                Role.REVIEWER,
                Role.LEGALITY_REVIEWER,
                Role.SIGNER,
                Role.HEAD,
            )
        )
        self.administrator = factories.actor(factories.body(kind="district_government"), Role.ADMINISTRATOR)

    def actor(self, *roles):
        return actor_for(factories.member(self.body, *roles))

    def set(self, *steps, distinct=True, kind="", everywhere=False):
        body = None if everywhere else self.body.pk
        return chains.set_chain(
            actor=self.administrator, organisation_id=body, kind=kind, steps=steps, distinct=distinct
        )

    def handed_in(self, **values):
        item = actions.create_item(
            actor=self.clerk, organisation_id=self.body.pk, kind="policy_document", values=factories.values(**values)
        )
        actions.submit(actor=self.clerk, item_id=item.pk)
        return item

    def delegate(self, principal, to, *roles, days=(0, 0)):
        today = timezone.localdate()
        return delegations.delegate(
            actor=principal,
            organisation_id=self.body.pk,
            principal_id=principal.user_id,
            delegate_id=to.user_id,
            roles=roles,
            starts_on=today + timedelta(days[0]),
            ends_on=today + timedelta(days[1]),
            reason="出差",
        )


@pytest.fixture
def desk():
    return Desk()


def fresh(actor):
    """The actor as he is on his next request."""
    return actor_for(Membership.objects.filter(user_id=actor.user_id).select_related("user").first().user)


def where(item):
    edition = Item.objects.get(pk=item.pk).working
    return (State(edition.state), edition.review_step) if edition else (State(Item.objects.get(pk=item.pk).state), "")


def codes(call, **arguments):
    with pytest.raises(Refused) as refused:
        call(**arguments)
    return refused.value.codes


# --- the chain ---------------------------------------------------------------------------------------------------------
def test_three_reviews_are_passed_in_order_and_each_is_on_record(desk):
    desk.set(*THREE)
    item = desk.handed_in()
    assert where(item) == (State.REVIEW, "review")
    actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis=BASIS)
    assert where(item) == (State.REVIEW, "second_review")
    actions.approve(actor=desk.second, item_id=item.pk, opinion="口径一致")
    assert where(item) == (State.REVIEW, "final_review")
    actions.approve(actor=desk.head, item_id=item.pk)
    assert where(item) == (State.SIGN_OFF, "")
    actions.sign(actor=desk.signer, item_id=item.pk)
    edition = Item.objects.get(pk=item.pk).current
    assert edition.state == State.PUBLISHED
    assert edition.approved_by_id == desk.reviewer.user_id, "the public page names who reviewed"
    lines = [(one.label, one.result, one.opinion, one.proof, one.gates) for one in records_of(edition.pk)]
    assert lines == [
        ("提交审核", "submitted", "", "", []),
        ("审核", "passed", "", "一校", ["保密关", "文字关"]),
        ("复审", "passed", "口径一致", "二校", ["政策关"]),
        ("终审", "passed", "", "三校", ["政治关", "法律关"]),
        ("签发", "signed", "", "", []),
    ]
    assert len({one.digest for one in records_of(edition.pk)}) == 1, "all of them saw the same text"


def test_who_passed_one_step_cannot_pass_the_next_where_the_chain_says_so(desk):
    desk.set("review", "second_review")
    item = desk.handed_in()
    actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis=BASIS)
    assert codes(actions.approve, actor=desk.reviewer, item_id=item.pk) == ("same_reviewer",)
    desk.set("review", "second_review", distinct=False)
    other = desk.handed_in()
    actions.approve(actor=desk.reviewer, item_id=other.pk, secrecy_basis=BASIS)
    actions.approve(actor=desk.reviewer, item_id=other.pk)
    assert where(other) == (State.SIGN_OFF, "")


def test_only_the_roles_of_the_step_pass_it(desk):
    desk.set(*THREE, distinct=False)
    item = desk.handed_in()
    assert codes(actions.approve, actor=desk.lawyer, item_id=item.pk, secrecy_basis=BASIS) == ("role",)
    actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis=BASIS)
    actions.approve(actor=desk.second, item_id=item.pk)
    assert codes(actions.approve, actor=desk.second, item_id=item.pk) == ("role",), "终审 is the head's"


def test_a_normative_document_is_reviewed_for_legality(desk):
    item = desk.handed_in(normative=True)
    actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis=BASIS)
    assert where(item) == (State.REVIEW, "legality_review")
    assert codes(actions.approve, actor=desk.head, item_id=item.pk) == ("role",)
    actions.approve(actor=desk.lawyer, item_id=item.pk)
    assert where(item) == (State.SIGN_OFF, "")


def test_nothing_is_handed_in_that_nobody_could_review(desk):
    Membership.objects.filter(role=Role.LEGALITY_REVIEWER.value).delete()
    item = actions.create_item(
        actor=desk.clerk,
        organisation_id=desk.body.pk,
        kind="policy_document",
        values=factories.values(normative=True),
    )
    with pytest.raises(Refused) as refused:
        actions.submit(actor=desk.clerk, item_id=item.pk)
    assert refused.value.codes == ("nobody_reviews",)
    assert "合法性审核" in str(refused.value)
    assert where(item) == (State.DRAFT, "")


def test_the_writer_is_not_counted_among_those_who_could_review(desk):
    alone = factories.body()
    writer = actor_for(factories.member(alone, Role.HEAD))
    item = actions.create_item(
        actor=writer, organisation_id=alone.pk, kind="policy_document", values=factories.values()
    )
    assert codes(actions.submit, actor=writer, item_id=item.pk) == ("nobody_reviews",)


def test_a_changed_setting_moves_nothing_that_is_under_way(desk):
    chain = desk.set(*THREE)
    item = desk.handed_in()
    chains.drop_chain(actor=desk.administrator, chain_id=chain.pk)
    actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis=BASIS)
    assert where(item) == (State.REVIEW, "second_review")
    later = desk.handed_in()
    actions.approve(actor=desk.reviewer, item_id=later.pk, secrecy_basis=BASIS)
    assert where(later) == (State.SIGN_OFF, "")


def test_what_was_sent_back_begins_anew_and_earlier_reviewers_may_review_again(desk):
    desk.set("review", "second_review")
    item = desk.handed_in()
    actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis=BASIS)
    actions.send_back(actor=desk.second, item_id=item.pk, remark="请补充依据")
    edition = Item.objects.get(pk=item.pk).working
    assert (edition.review_step, edition.review_steps, edition.secrecy_basis) == ("", [], "")
    actions.submit(actor=desk.clerk, item_id=item.pk)
    assert where(item) == (State.REVIEW, "review")
    actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis=BASIS)
    assert where(item) == (State.REVIEW, "second_review")


def test_what_was_in_review_before_there_were_chains_goes_on(desk):
    item = desk.handed_in()
    edition = Edition.objects.get(item=item)
    edition.review_step, edition.review_steps = "", []
    edition.save()
    actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis=BASIS)
    assert where(item) == (State.SIGN_OFF, "")


def test_chains_are_set_by_those_who_run_the_district_alone(desk):
    wanted = {"organisation_id": desk.body.pk, "kind": "", "steps": THREE, "distinct": True}
    assert codes(chains.set_chain, actor=desk.head, **wanted) == ("role",)
    assert codes(chains.set_chain, actor=desk.administrator, **{**wanted, "steps": ["final_review"]}) == (
        "review_missing",
    )
    chain = chains.set_chain(actor=desk.administrator, **wanted)
    again = chains.set_chain(actor=desk.administrator, **{**wanted, "steps": ["review"]})
    assert again.pk == chain.pk, "one setting for a body and kind"
    chains.set_chain(actor=desk.administrator, **{**wanted, "organisation_id": None})
    chains.set_chain(actor=desk.administrator, **{**wanted, "organisation_id": None, "steps": ["review"]})
    assert [entry.action for entry in history("review_chain", chain.pk)] == ["review_chain.set"] * 2


# --- delegation --------------------------------------------------------------------------------------------------------
def test_who_is_away_lets_a_colleague_sign_and_it_is_written_down_for_whom(desk):
    item = desk.handed_in()
    actions.approve(actor=desk.reviewer, item_id=item.pk, secrecy_basis=BASIS)
    assert codes(actions.sign, actor=desk.second, item_id=item.pk) == ("role",)
    desk.delegate(desk.signer, desk.second, Role.SIGNER)
    acting = fresh(desk.second)
    actions.sign(actor=acting, item_id=item.pk)
    edition = Item.objects.get(pk=item.pk).current
    assert edition.signed_by_id == desk.second.user_id
    signed = records_of(edition.pk)[-1]
    assert (signed.person_name, signed.for_name) == (desk.second.name, desk.signer.name)
    assert next(e for e in history("item", item.pk) if e.action == "item.sign").detail["acting_for"] == desk.signer.name


def test_nobody_signs_for_the_writer_what_the_writer_wrote(desk):
    desk.delegate(desk.head, desk.clerk, Role.HEAD)
    item = actions.create_item(
        actor=desk.head, organisation_id=desk.body.pk, kind="policy_document", values=factories.values()
    )
    actions.submit(actor=desk.head, item_id=item.pk)
    acting = fresh(desk.clerk)
    assert codes(actions.approve, actor=acting, item_id=item.pk, secrecy_basis=BASIS) == ("approval_for_writer",)


DAYS = [((0, 0), True, "today alone"), ((1, 5), False, "from tomorrow"), ((-5, 3), True, "under way")]


@pytest.mark.parametrize(("days", "counts", "why"), DAYS, ids=[row[2] for row in DAYS])
def test_it_counts_on_its_days(desk, days, counts, why):
    desk.delegate(desk.signer, desk.clerk, Role.SIGNER, days=days)
    assert (Role.SIGNER in fresh(desk.clerk).roles_in(desk.body.pk)) is counts, why


def test_it_ends_with_its_last_day_when_it_is_ended_and_when_the_principal_loses_the_role(desk):
    made = desk.delegate(desk.signer, desk.clerk, Role.SIGNER)
    Delegation.objects.filter(pk=made.pk).update(
        starts_on=timezone.localdate() - timedelta(3), ends_on=timezone.localdate() - timedelta(1)
    )
    assert Role.SIGNER not in fresh(desk.clerk).roles_in(desk.body.pk)
    ended = desk.delegate(desk.signer, desk.clerk, Role.SIGNER)
    delegations.end(actor=desk.signer, delegation_id=ended.pk)
    assert Role.SIGNER not in fresh(desk.clerk).roles_in(desk.body.pk)
    desk.delegate(desk.signer, desk.clerk, Role.SIGNER)
    assert Role.SIGNER in fresh(desk.clerk).roles_in(desk.body.pk)
    Membership.objects.filter(user_id=desk.signer.user_id).delete()
    assert Role.SIGNER not in fresh(desk.clerk).roles_in(desk.body.pk)


def test_what_was_received_is_not_passed_on_and_nobody_passes_on_what_he_has_not(desk):
    desk.delegate(desk.signer, desk.clerk, Role.SIGNER)
    with pytest.raises(Refused) as refused:
        desk.delegate(fresh(desk.clerk), desk.second, Role.SIGNER)
    assert refused.value.codes == ("roles",)
    with pytest.raises(Refused) as refused:
        desk.delegate(desk.signer, desk.second, Role.CLERK)
    assert "“信息员”不能委托代理" in str(refused.value)


WRONG = [
    ({"roles": []}, ("roles",), "no role"),
    ({"days": (3, 1)}, ("ends_on",), "ends before it begins"),
    ({"days": (-9, -1)}, ("ends_on",), "over already"),
    ({"days": (0, 90)}, ("ends_on",), "longer than ninety days"),
    ({"reason": " "}, ("reason",), "no reason"),
    ({"to": "self"}, ("delegate_self",), "to himself"),
    ({"to": "stranger"}, ("delegate",), "to somebody of another body"),
]


@pytest.mark.parametrize(("change", "expected", "why"), WRONG, ids=[row[2] for row in WRONG])
def test_a_delegation_that_cannot_be_is_refused_at_its_field(desk, change, expected, why):
    today = timezone.localdate()
    first, last = change.get("days", (0, 5))
    to = {"self": desk.signer, "stranger": desk.administrator}.get(change.get("to"), desk.clerk)
    assert (
        codes(
            delegations.delegate,
            actor=desk.signer,
            organisation_id=desk.body.pk,
            principal_id=desk.signer.user_id,
            delegate_id=to.user_id,
            roles=change.get("roles", [Role.SIGNER]),
            starts_on=today + timedelta(first),
            ends_on=today + timedelta(last),
            reason=change.get("reason", "出差"),
        )
        == expected
    ), why


def test_only_the_two_and_those_who_manage_the_body_can_end_it_and_others_cannot_give_it(desk):
    made = desk.delegate(desk.signer, desk.clerk, Role.SIGNER)
    with pytest.raises(NotVisible):
        delegations.end(actor=desk.reviewer, delegation_id=made.pk)
    with pytest.raises(NotVisible):
        delegations.delegate(
            actor=desk.reviewer,
            organisation_id=desk.body.pk,
            principal_id=desk.signer.user_id,
            delegate_id=desk.reviewer.user_id,
            roles=[Role.SIGNER],
            starts_on=timezone.localdate(),
            ends_on=timezone.localdate(),
            reason="出差",
        )
    delegations.end(actor=desk.administrator, delegation_id=made.pk)
    assert codes(delegations.end, actor=desk.signer, delegation_id=made.pk) == ("ended",)


# --- remarks -----------------------------------------------------------------------------------------------------------
BODY = "<p>申报时间为9月1日。</p><p>补贴对象为<strong>种粮</strong>大户，申报时间以通知为准。</p>"


def test_a_remark_stands_at_its_words_and_goes_back_with_the_draft(desk):
    item = desk.handed_in(body=BODY)
    made = remarks.remark(
        actor=desk.reviewer, item_id=item.pk, part="body", quote="种粮大户", text="应为“适度规模经营主体”"
    )
    text = remarks.text_of(Item.objects.get(pk=item.pk).working, "body")
    assert text[made.start : made.start + 4] == "种粮大户", "over the border of a tag"
    actions.send_back(actor=desk.reviewer, item_id=item.pk, remark="")
    assert codes(actions.submit, actor=desk.clerk, item_id=item.pk) == ("open_remarks",)
    remarks.answer(actor=desk.clerk, item_id=item.pk, remark_id=made.pk)
    assert Remark.objects.get(pk=made.pk).answer == "已修改"
    actions.submit(actor=desk.clerk, item_id=item.pk)
    assert [e.action for e in history("item", item.pk)][:4] == [
        "item.submit",
        "item.remark-answer",
        "item.send_back",
        "item.remark",
    ]


def test_the_second_of_two_like_places_can_be_meant(desk):
    item = desk.handed_in(body=BODY)
    text = remarks.text_of(Item.objects.get(pk=item.pk).working, "body")
    second = text.rindex("申报时间")
    made = remarks.remark(
        actor=desk.reviewer, item_id=item.pk, part="body", quote="申报时间", near=second, text="与前文不一致"
    )
    assert made.start == second


REFUSED = [
    ({"text": " "}, ("text",), "no words"),
    ({"part": "elsewhere"}, ("part",), "no such part"),
    ({"quote": "没有这句话"}, ("quote",), "words that do not stand there"),
    ({"quote": "字" * 301}, ("quote",), "half the document"),
]


@pytest.mark.parametrize(("change", "expected", "why"), REFUSED, ids=[row[2] for row in REFUSED])
def test_a_remark_that_means_nothing_is_refused_at_its_field(desk, change, expected, why):
    item = desk.handed_in(body=BODY)
    arguments = {"part": "body", "quote": "种粮", "text": "请核对", **change}
    assert codes(remarks.remark, actor=desk.reviewer, item_id=item.pk, **arguments) == expected, why


def test_writers_make_no_remarks_strangers_find_nothing_and_drafts_have_none(desk):
    item = desk.handed_in()
    assert "role" in codes(remarks.remark, actor=desk.clerk, item_id=item.pk, part="body", text="请核对")
    stranger = factories.actor(factories.body(), Role.REVIEWER)
    with pytest.raises(NotVisible):
        remarks.remark(actor=stranger, item_id=item.pk, part="body", text="请核对")
    actions.send_back(actor=desk.reviewer, item_id=item.pk, remark="请核对")
    assert codes(remarks.remark, actor=desk.reviewer, item_id=item.pk, part="body", text="请核对") == ("state",)


def test_one_takes_back_only_what_one_said_oneself_and_only_unanswered(desk):
    item = desk.handed_in()
    made = remarks.remark(actor=desk.reviewer, item_id=item.pk, part="title", text="标题过长")
    assert codes(remarks.take_back, actor=desk.second, item_id=item.pk, remark_id=made.pk) == ("not_own",)
    remarks.take_back(actor=desk.reviewer, item_id=item.pk, remark_id=made.pk)
    assert not Remark.objects.exists()


def test_a_draft_thrown_away_takes_its_records_and_remarks_along(desk):
    item = desk.handed_in()
    remarks.remark(actor=desk.reviewer, item_id=item.pk, part="title", text="标题过长")
    actions.send_back(actor=desk.reviewer, item_id=item.pk, remark="请改")
    actions.discard(actor=desk.clerk, item_id=item.pk)
    assert not Remark.objects.exists()
    assert not ReviewRecord.objects.exists()
