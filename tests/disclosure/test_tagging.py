"""Tags are suggested with their phrases, confirmed by a person, found by search; nothing unconfirmed is public."""

import pytest
from tests import factories

from gongkai.audit.log import history
from gongkai.disclosure import actions, selectors
from gongkai.disclosure.bulk_steps import BulkStep, foresee, take
from gongkai.disclosure.models import Item
from gongkai.disclosure.selectors import Filters
from gongkai.disclosure.tagging import suggestions
from gongkai.policies.search_documents import load
from gongkai.rules.access import Role
from gongkai.rules.reasons import Refused
from gongkai.search.models import OutboxEntry

pytestmark = pytest.mark.django_db
ABOUT_OLD_AGE = {
    "title": "关于发放高龄津贴的通知",
    "body": "<p>对八十周岁以上老年人发放高龄津贴，鼓励居家养老服务。</p>",
}


@pytest.fixture
def clerk():
    return factories.actor(factories.body(), Role.CLERK)


def own_body(actor):
    return next(iter(actor.roles))


def a_draft(clerk, kind="policy_document", tags=(), **values):
    return actions.create_item(
        actor=clerk, organisation_id=own_body(clerk), kind=kind, values=factories.values(**values), tags=tags
    )


def test_a_new_policy_waits_for_its_tags_and_a_notice_does_not(clerk):
    assert a_draft(clerk).tags_open
    assert not a_draft(clerk, kind="notice").tags_open


def test_tags_given_in_the_editor_are_confirmed_and_none_given_decides_nothing(clerk):
    item = a_draft(clerk, tags=["person.birth"])
    assert (item.tags, item.tags_open) == (["person.birth"], False)
    bare = a_draft(clerk)
    actions.save_draft(actor=clerk, item_id=bare.pk, values={}, tags=[])
    assert Item.objects.get(pk=bare.pk).tags_open
    actions.save_draft(actor=clerk, item_id=bare.pk, values={}, tags=["enterprise.tax", "person.home"])
    bare.refresh_from_db()
    assert (bare.tags, bare.tags_open) == (["person.home", "enterprise.tax"], False)


def test_confirming_that_no_tag_fits_ends_the_waiting_and_is_audited(clerk):
    item = a_draft(clerk)
    actions.confirm_tags(actor=clerk, item_id=item.pk, tags=[])
    item.refresh_from_db()
    assert (item.tags, item.tags_open) == ([], False)
    last = history("item", item.pk)[0]
    assert (last.action, last.detail["before"], last.detail["after"]) == ("item.tag", [], [])


REFUSED = [
    ("policy_document", ["person.unknown"], "unknown_tag", "a code of no vocabulary"),
    ("policy_document", ["planet.mars"], "unknown_tag", "no such dimension"),
    ("policy_document", ["form.infographic"], "form_of_other", "a document explains nothing"),
    ("interpretation", ["form.infographic", "form.video"], "one_form", "two forms"),
]


@pytest.mark.parametrize(("kind", "tags", "code", "why"), REFUSED, ids=[row[-1] for row in REFUSED])
def test_tags_that_cannot_be_are_refused(clerk, kind, tags, code, why):
    item = a_draft(clerk, kind=kind)
    with pytest.raises(Refused) as refusal:
        actions.confirm_tags(actor=clerk, item_id=item.pk, tags=tags)
    assert code in refusal.value.codes


def test_a_tag_whose_code_was_given_up_may_stay_but_not_come_anew(clerk):
    item = a_draft(clerk)
    Item.objects.filter(pk=item.pk).update(tags=["person.war"])
    actions.confirm_tags(actor=clerk, item_id=item.pk, tags=["person.war", "person.home"])
    item.refresh_from_db()
    assert item.tags == ["person.home", "person.war"]
    with pytest.raises(Refused):
        actions.confirm_tags(actor=clerk, item_id=a_draft(clerk).pk, tags=["person.war"])


def test_a_stranger_cannot_even_see_the_item(clerk):
    item = a_draft(clerk)
    stranger = factories.actor(factories.body(), Role.CLERK)
    with pytest.raises(actions.NotVisible):
        actions.confirm_tags(actor=stranger, item_id=item.pk, tags=["person.home"])


def test_suggestions_name_their_phrases_and_a_policy_gets_no_form(clerk):
    item = a_draft(clerk, **ABOUT_OLD_AGE)
    found = {one.tag: {phrase.words for phrase in one.phrases} for one in suggestions(item.working, item.kind)}
    assert "高龄津贴" in found["person.old_age"]
    assert not any(tag.startswith("form.") for tag in found)


def test_a_published_item_is_indexed_anew_with_what_was_confirmed_and_not_with_what_was_suggested():
    body = factories.body()
    clerk = factories.actor(body, Role.CLERK)
    item = factories.published(body, kind="policy_document", **ABOUT_OLD_AGE)
    assert load([item.pk])[item.pk].life_stage_person == ()
    OutboxEntry.objects.all().delete()
    actions.confirm_suggested(actor=clerk, item_id=item.pk)
    assert OutboxEntry.objects.filter(item_id=item.pk).exists()
    assert load([item.pk])[item.pk].life_stage_person == ("old_age",)


def test_many_at_once_are_confirmed_as_suggested_and_what_has_no_suggestion_says_so():
    body = factories.body()
    clerk = factories.actor(body, Role.CLERK)
    speaking = factories.published(body, kind="policy_document", **ABOUT_OLD_AGE)
    silent = factories.published(body, kind="policy_document", title="甲乙丙", body="<p>丁戊己庚辛。</p>")
    before = foresee(clerk, BulkStep.TAG, [speaking, silent])
    assert [line.done for line in before] == [True, False]
    assert "高龄津贴" in before[0].note
    assert [line.done for line in take(clerk, BulkStep.TAG, [speaking, silent])] == [True, False]
    waiting = selectors.office_list(clerk, Filters(tags_open=True))
    assert [row["id"] for row in waiting] == [silent.pk]
