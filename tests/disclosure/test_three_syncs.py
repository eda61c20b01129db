"""三同步 at the signature and when it is taken back: a normative document goes out with its interpretation, or with the reason why not."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests import factories

from gongkai.audit.log import history
from gongkai.disclosure import actions, bulk_steps, selectors, three_syncs
from gongkai.disclosure.bulk_steps import BulkStep
from gongkai.disclosure.models import Edition, Item
from gongkai.organisations.actors import NotVisible, actor_for
from gongkai.rules.access import Role
from gongkai.rules.publication import State
from gongkai.rules.reasons import Refused
from gongkai.rules.relations import RelationKind

pytestmark = pytest.mark.django_db
BASIS = "不涉密，可以公开"
NOTE = "突发事件应对，解读于五个工作日内发布"


class Desk:
    """One body with everybody its chain of review needs."""

    def __init__(self):
        self.body = factories.body()
        roles = (Role.CLERK, Role.REVIEWER, Role.LEGALITY_REVIEWER, Role.SIGNER)
        self.clerk, self.reviewer, self.lawyer, self.signer = (factories.actor(self.body, role) for role in roles)

    def document(self, **values):
        """A normative document that waits for the sign-off."""
        item = self._draft(self.clerk, "policy_document", **{"normative": True, **values})
        return self._reviewed(item, legality=values.get("normative", True))

    def interpretation(self, *documents, author=None, reviewed=True, **values):
        """An interpretation of them that waits for the sign-off, or is still a draft."""
        item = self._draft(author or self.clerk, "interpretation", **values)
        actions.confirm_tags(actor=self.clerk, item_id=item.pk, tags=["form.department"])
        for one in documents:
            actions.relate(
                actor=self.clerk, source_id=item.pk, target_id=one.pk, kind=RelationKind.INTERPRETS, effective_on=None
            )
        return self._reviewed(item) if reviewed else item

    def _draft(self, author, kind, **values):
        return actions.create_item(
            actor=author, organisation_id=self.body.pk, kind=kind, values=factories.values(**values)
        )

    def _reviewed(self, item, *, legality=False):
        actions.submit(actor=self.clerk, item_id=item.pk)
        actions.approve(actor=self.reviewer, item_id=item.pk, secrecy_basis=BASIS)
        if legality:
            actions.approve(actor=self.lawyer, item_id=item.pk)
        assert state_of(item) == State.SIGN_OFF
        return item

    def sign(self, item, **more):
        actions.sign(actor=self.signer, item_id=item.pk, **more)

    def refused(self, item, **more):
        with pytest.raises(Refused) as refusal:
            self.sign(item, **more)
        return refusal.value

    def waiting(self, *documents, **values):
        """An interpretation of them that is signed and waits for its time."""
        made = self.interpretation(*documents, **values)
        self.sign(made, scheduled_for=timezone.now() + timedelta(days=30))
        return made

    def take_back(self, item, **more):
        actions.return_to_draft(actor=self.clerk, item_id=item.pk, **more)

    def not_taken_back(self, item, **more):
        with pytest.raises(Refused) as refusal:
            self.take_back(item, **more)
        assert state_of(item) == State.SCHEDULED
        return refusal.value


@pytest.fixture
def desk():
    return Desk()


def state_of(item):
    return State(Item.objects.get(pk=item.pk).state)


def told(item, action="item.sign"):
    return history("item", item.pk).filter(action=action).latest("sequence").detail


def test_without_interpretation_and_without_explanation_it_is_not_signed(desk):
    document = desk.document()
    refusal = desk.refused(document)
    assert refusal.codes == ("three_syncs",)
    assert state_of(document) == State.SIGN_OFF
    assert desk.refused(document, interpretation_note="  ").codes == ("three_syncs",)


def test_an_explanation_lets_it_through_and_stands_in_the_log(desk):
    document = desk.document()
    desk.sign(document, interpretation_note=f" {NOTE} ")
    edition = Item.objects.get(pk=document.pk).current
    assert (edition.state, edition.interpretation_note) == (State.PUBLISHED, NOTE)
    assert told(document)["interpretation_note"] == NOTE


def test_an_explanation_that_is_an_essay_is_refused(desk):
    assert desk.refused(desk.document(), interpretation_note="字" * 501).codes == ("interpretation_note_long",)


def test_a_public_interpretation_is_enough(desk):
    document = desk.document()
    desk.sign(desk.interpretation(document))
    desk.sign(document, interpretation_note="这一句已经没有意义")
    edition = Item.objects.get(pk=document.pk).current
    assert (edition.state, edition.interpretation_note) == (State.PUBLISHED, "")
    assert "interpretation_note" not in told(document)


def test_a_signed_interpretation_that_waits_for_its_time_is_enough(desk):
    document = desk.document()
    desk.sign(desk.interpretation(document), scheduled_for=timezone.now() + timedelta(hours=3))
    desk.sign(document)
    assert state_of(document) == State.PUBLISHED


@pytest.mark.parametrize("withdrawn", [False, True], ids=["a draft", "withdrawn"])
def test_an_interpretation_nobody_will_read_is_none(desk, withdrawn):
    document = desk.document()
    interpretation = desk.interpretation(document, reviewed=withdrawn)
    if withdrawn:
        desk.sign(interpretation)
        actions.withdraw(actor=desk.signer, item_id=interpretation.pk, reason="published_in_error")
    assert desk.refused(document).codes == ("three_syncs",)
    assert desk.refused(document, with_interpretations=True).codes == ("three_syncs",), "there is none to sign with it"


def test_an_interpretation_that_waits_is_no_answer_unless_it_is_signed_with_the_document(desk):
    document = desk.document()
    first, second = desk.interpretation(document), desk.interpretation(document)
    assert desk.refused(document).codes == ("three_syncs",)
    desk.sign(document, with_interpretations=True, interpretation_note="写了也不用")
    assert {state_of(one) for one in (document, first, second)} == {State.PUBLISHED}
    editions = [Item.objects.get(pk=one.pk).current for one in (document, first, second)]
    assert len({edition.signed_at for edition in editions}) == 1
    assert {edition.signed_by_id for edition in editions} == {desk.signer.user_id}
    assert editions[0].interpretation_note == ""
    assert told(document)["signed_with"] == [first.index_number, second.index_number]
    assert told(first)["with_document"] == document.index_number


def test_document_and_interpretation_wait_for_the_same_time(desk):
    document = desk.document()
    interpretation = desk.interpretation(document)
    later = timezone.now() + timedelta(hours=3)
    desk.sign(document, with_interpretations=True, scheduled_for=later)
    for one in (document, interpretation):
        assert Item.objects.get(pk=one.pk).working.scheduled_for == later
        assert state_of(one) == State.SCHEDULED


def test_what_refuses_one_interpretation_refuses_all(desk):
    document = desk.document()
    good = desk.interpretation(document)
    writer = actor_for(factories.member(desk.body, Role.CLERK, Role.SIGNER))
    own = desk.interpretation(document, author=writer, title="对文件的解读甲")
    with pytest.raises(Refused) as refusal:
        actions.sign(actor=writer, item_id=document.pk, with_interpretations=True)
    (reason,) = refusal.value.reasons
    assert (reason.code, reason.field) == ("self_sign_off", "with_interpretations")
    assert "《对文件的解读甲》" in reason.message
    assert {state_of(one) for one in (document, good, own)} == {State.SIGN_OFF}
    assert not history("item", good.pk).filter(action="item.sign").exists()
    assert not history("item", document.pk).filter(action="item.sign").exists()


def test_reasons_of_the_document_and_of_its_interpretation_come_at_once(desk):
    writer = actor_for(factories.member(desk.body, Role.CLERK, Role.SIGNER))
    document = desk._reviewed(desk._draft(writer, "policy_document", normative=True), legality=True)
    desk.interpretation(document, author=writer)
    with pytest.raises(Refused) as refusal:
        actions.sign(actor=writer, item_id=document.pk, with_interpretations=True)
    assert [(one.code, one.field) for one in refusal.value.reasons] == [
        ("self_sign_off", ""), ("self_sign_off", "with_interpretations"),
    ]  # fmt: skip


def test_only_interpretations_of_the_same_body_are_signed_with_it(desk):
    other, document = Desk(), desk.document()
    foreign = other.interpretation(other.document(normative=False))
    factories.relation(foreign, RelationKind.INTERPRETS, document)
    assert desk.refused(document, with_interpretations=True).codes == ("three_syncs",)
    assert state_of(foreign) == State.SIGN_OFF


def test_a_correction_is_not_asked_and_keeps_what_was_explained(desk):
    document = desk.document()
    desk.sign(document, interpretation_note=NOTE)
    actions.correct(actor=desk.clerk, item_id=document.pk, change_note="更正电话")
    desk._reviewed(document, legality=True)
    desk.sign(document)
    edition = Item.objects.get(pk=document.pk).current
    assert (edition.number, edition.state, edition.interpretation_note) == (2, State.PUBLISHED, NOTE)


def test_a_correction_of_what_was_imported_without_an_interpretation_is_not_asked(desk):
    document = factories.published(desk.body, normative=True)
    actions.correct(actor=desk.clerk, item_id=document.pk, change_note="更正电话")
    desk._reviewed(document, legality=True)
    desk.sign(document)
    assert Item.objects.get(pk=document.pk).current.number == 2


def test_a_document_that_is_not_normative_is_not_asked(desk):
    document = desk.document(normative=False)
    desk.sign(document, interpretation_note="不需要")
    assert Item.objects.get(pk=document.pk).current.interpretation_note == ""


def test_what_was_taken_back_is_asked_anew(desk):
    document = desk.document()
    desk.sign(document, interpretation_note=NOTE, scheduled_for=timezone.now() + timedelta(hours=3))
    actions.return_to_draft(actor=desk.signer, item_id=document.pk, remark="还要改")
    desk._reviewed(document, legality=True)
    assert desk.refused(document).codes == ("three_syncs",)


def test_no_step_for_many_items_signs(desk):
    """The signature is given one by one; in bulk only what is signed already is published, and this one is refused."""
    document = desk.document()
    assert "sign" not in set(BulkStep)
    items = bulk_steps.chosen_items(desk.signer, [document.pk])
    (line,) = bulk_steps.take(desk.signer, BulkStep.PUBLISH, items)
    assert not line.done and state_of(document) == State.SIGN_OFF


def test_only_a_signature_that_is_asked_costs_a_query_for_interpretations(desk):
    for one, asked in ((desk.document(normative=False), False), (desk.document(), True)):
        item = Item.objects.select_related("organisation", "current", "working").get(pk=one.pk)
        with CaptureQueriesContext(connection) as captured:
            actions.publication_facts(desk.signer, item, selectors.in_hand(item))
        assert sum("'interprets'" in query["sql"] for query in captured.captured_queries) == asked


# --- the interpretation is taken back -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Pair:
    """A document signed on the strength of an interpretation that waits for its time."""

    document: Item
    interpretation: Item


@pytest.fixture(params=[State.PUBLISHED, State.SCHEDULED], ids=str)
def state(request):
    """The state of the document when its interpretation is taken back."""
    return request.param


@pytest.fixture
def pair(desk, state):
    return pair_of(desk, state)


def pair_of(desk, state=State.PUBLISHED, **values):
    document = desk.document(title="关于夏季防汛的规定", **values)
    interpretation = desk.waiting(document)
    desk.sign(document, scheduled_for=timezone.now() + timedelta(days=3) if state == State.SCHEDULED else None)
    assert state_of(document) == state
    return Pair(document, interpretation)


def notes_of(item):
    """The explanation of each edition, the oldest first."""
    return list(Edition.objects.filter(item=item).order_by("number").values_list("interpretation_note", flat=True))


def explained(item):
    return history("item", item.pk).filter(action="item.explain").exists()


def test_the_only_interpretation_is_not_taken_back_without_an_explanation(desk, pair, state):
    public = state == State.PUBLISHED
    for words in ({}, {"interpretation_note": " \n　"}):
        (reason,) = desk.not_taken_back(pair.interpretation, remark="有错字", **words).reasons
        assert (reason.code, reason.field) == ("three_syncs", "interpretation_note")
        assert f"《关于夏季防汛的规定》{'已发布' if public else '已签发待发布'}，" in reason.message
        assert ("先撤回该文件的签发" in reason.message) is not public
    assert notes_of(pair.document) == [""] and not explained(pair.document)


def test_an_explanation_lets_it_go_and_is_kept_with_the_document(desk, pair, state):
    content = ("state", "title", "body", "document_number", "updated_at", "published_at", "revision")
    before = Edition.objects.values(*content).get(item=pair.document)
    desk.take_back(pair.interpretation, remark="有错字", interpretation_note=f" {NOTE} ")
    assert state_of(pair.interpretation) == State.DRAFT
    assert (notes_of(pair.document), notes_of(pair.interpretation)) == ([NOTE], [""])
    assert Edition.objects.values(*content).get(item=pair.document) == before
    assert told(pair.document, "item.explain") == {
        "interpretation": pair.interpretation.index_number, "interpretation_note": NOTE,
    }  # fmt: skip
    assert told(pair.interpretation, "item.return_to_draft")["interpretation_note"] == NOTE
    if state == State.SCHEDULED:
        edition = Item.objects.get(pk=pair.document.pk).working
        edition.scheduled_for = timezone.now() - timedelta(seconds=1)
        edition.save()
        assert actions.publish_due(actor=desk.signer, now=timezone.now()) == (1, [])
    assert Item.objects.get(pk=pair.document.pk).current.interpretation_note == NOTE


def test_what_has_been_explained_is_not_asked_again(desk, pair):
    desk.take_back(pair.interpretation, interpretation_note=NOTE)
    again = desk.waiting(pair.document)
    desk.take_back(again, interpretation_note="另一种说法")
    assert state_of(again) == State.DRAFT and notes_of(pair.document) == [NOTE]


@pytest.mark.parametrize("public", [True, False], ids=["public", "signed"])
def test_another_interpretation_is_enough(desk, pair, public):
    another = desk.interpretation(pair.document)
    desk.sign(another, scheduled_for=None if public else timezone.now() + timedelta(days=1))
    desk.take_back(pair.interpretation, interpretation_note="写了也不用")
    assert notes_of(pair.document) == [""] and not explained(pair.document)
    if not public:
        assert desk.not_taken_back(another).codes == ("three_syncs",), "now it is the last"


@pytest.mark.parametrize("state_of_it", [State.DRAFT, State.SIGN_OFF, State.WITHDRAWN], ids=str)
def test_an_interpretation_that_nobody_will_read_is_no_other(desk, pair, state_of_it):
    another = desk.interpretation(pair.document, reviewed=state_of_it != State.DRAFT)
    if state_of_it == State.WITHDRAWN:
        desk.sign(another)
        actions.withdraw(actor=desk.signer, item_id=another.pk, reason="published_in_error")
    assert desk.not_taken_back(pair.interpretation).codes == ("three_syncs",)


@pytest.mark.parametrize(("public", "asked"), [(True, False), (False, True)], ids=["public", "signed"])
def test_the_interpretation_of_another_body_counts_while_it_is_public(desk, pair, public, asked):
    """It may be taken back by people of whom nothing is asked about a document that is not theirs."""
    other = Desk()
    foreign = other.interpretation(other.document(normative=False))
    other.sign(foreign, scheduled_for=None if public else timezone.now() + timedelta(days=1))
    factories.relation(foreign, RelationKind.INTERPRETS, pair.document)
    assert [one.left for one in three_syncs.resting(Item.objects.get(pk=pair.interpretation.pk))] == [asked]
    if not public:
        other.take_back(foreign, interpretation_note="其他单位写的说明")
        assert notes_of(pair.document) == [""] and not explained(pair.document)


def test_nobody_else_takes_it_back_and_nothing_is_written(desk, pair):
    for stranger, error in ((Desk().signer, NotVisible), (factories.actor(desk.body, Role.LEGALITY_REVIEWER), Refused)):
        with pytest.raises(error):
            actions.return_to_draft(actor=stranger, item_id=pair.interpretation.pk, interpretation_note=NOTE)
    assert notes_of(pair.document) == [""] and not explained(pair.document)
    assert state_of(pair.interpretation) == State.SCHEDULED


def test_every_document_is_named_and_one_explanation_serves_them_all(desk):
    first, second = desk.document(title="规定甲"), desk.document(title="规定乙")
    before, plain = desk.document(title="规定丙"), desk.document(title="通知丁", normative=False)
    desk.sign(before, interpretation_note="早已说明")
    interpretation = desk.waiting(first, second, before, plain)
    for one in (first, second, plain):
        desk.sign(one)
    reasons = desk.not_taken_back(interpretation).reasons
    assert [reason.message.partition("》")[0] for reason in reasons] == ["规范性文件《规定甲", "规范性文件《规定乙"]
    desk.take_back(interpretation, interpretation_note=NOTE)
    assert [notes_of(one) for one in (first, second, before, plain)] == [[NOTE], [NOTE], ["早已说明"], [""]]
    assert [explained(one) for one in (first, second, before, plain)] == [True, True, False, False]


def test_an_explanation_that_is_an_essay_takes_nothing_back(desk, pair):
    refusal = desk.not_taken_back(pair.interpretation, interpretation_note="字" * 501)
    assert refusal.codes == ("interpretation_note_long",) and notes_of(pair.document) == [""]


@pytest.mark.parametrize("state_of_it", [State.DRAFT, State.SIGN_OFF, State.WITHDRAWN], ids=str)
def test_a_document_that_does_not_go_out_is_not_asked_about(desk, state_of_it):
    document = desk.document()
    interpretation = desk.waiting(document)
    if state_of_it == State.DRAFT:
        actions.send_back(actor=desk.signer, item_id=document.pk, remark="还要改")
    if state_of_it == State.WITHDRAWN:
        desk.sign(document)
        actions.withdraw(actor=desk.signer, item_id=document.pk, reason="published_in_error")
    desk.take_back(interpretation)
    assert state_of(document) == state_of_it and notes_of(document) == [""]


def test_a_correction_that_brings_a_withdrawn_document_back_is_not_asked_about(desk):
    """Its first publication is past, as it is at the signature of the correction."""
    pair = pair_of(desk)
    actions.correct(actor=desk.clerk, item_id=pair.document.pk, change_note="更正电话")
    desk._reviewed(pair.document, legality=True)
    desk.sign(pair.document, scheduled_for=timezone.now() + timedelta(days=1))
    actions.withdraw(actor=desk.signer, item_id=pair.document.pk, reason="published_in_error")
    desk.take_back(pair.interpretation)
    assert notes_of(pair.document) == ["", ""]


def test_a_document_signed_elsewhere_is_not_asked_about(desk):
    """An import, and a correction of one: neither was asked when it was signed."""
    document = factories.published(desk.body, normative=True)
    desk.take_back(desk.waiting(document))
    actions.correct(actor=desk.clerk, item_id=document.pk, change_note="更正电话")
    desk._reviewed(document, legality=True)
    desk.sign(document)
    desk.take_back(desk.waiting(document))
    assert notes_of(document) == ["", ""]


def test_a_correction_takes_the_explanation_over(desk):
    """Whether it is public when the interpretation is taken back, or under way."""
    pair = pair_of(desk)
    actions.correct(actor=desk.clerk, item_id=pair.document.pk, change_note="更正电话")
    desk._reviewed(pair.document, legality=True)
    desk.sign(pair.document)
    actions.correct(actor=desk.clerk, item_id=pair.document.pk, change_note="更正地址")
    desk.take_back(pair.interpretation, interpretation_note=NOTE)
    assert notes_of(pair.document) == ["", NOTE, NOTE]
    desk._reviewed(pair.document, legality=True)
    desk.sign(pair.document)
    assert Item.objects.get(pk=pair.document.pk).current.interpretation_note == NOTE


def test_of_a_public_interpretation_only_its_correction_is_taken_back(desk):
    document = desk.document()
    interpretation = desk.interpretation(document)
    desk.sign(interpretation)
    desk.sign(document)
    actions.correct(actor=desk.clerk, item_id=interpretation.pk, change_note="更正错字")
    desk._reviewed(interpretation)
    desk.sign(interpretation, scheduled_for=timezone.now() + timedelta(days=1))
    desk.take_back(interpretation)
    assert notes_of(document) == [""]


def test_a_public_interpretation_is_withdrawn_without_a_question(desk, pair):
    """What should not be public comes off at once, and its reason is public."""
    edition = Item.objects.get(pk=pair.interpretation.pk).working
    edition.scheduled_for = timezone.now() - timedelta(seconds=1)
    edition.save()
    actions.publish(actor=desk.signer, item_id=pair.interpretation.pk)
    actions.withdraw(actor=desk.signer, item_id=pair.interpretation.pk, reason="published_in_error")
    assert notes_of(pair.document) == [""]


def test_the_documents_are_found_with_one_query(desk):
    interpretation = desk.waiting(*(documents := [desk.document() for _ in range(3)]))
    for one in documents:
        desk.sign(one)
    item = Item.objects.select_related("current").get(pk=interpretation.pk)
    with CaptureQueriesContext(connection) as captured:
        found = three_syncs.resting(item)
    assert len(captured) == 1 and [one.left for one in found] == [True] * 3
