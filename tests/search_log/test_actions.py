"""What the office writes: steps and exclusions, with reasons, audited, and none of it a private word."""

import pytest
from django.utils import timezone

from gongkai.audit.models import AuditRecord
from gongkai.organisations.actors import NotVisible
from gongkai.rules.access import Role
from gongkai.rules.reasons import Refused
from gongkai.search_log import actions, popular
from gongkai.search_log.models import ExcludedSearch, Treatment
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return factories.actor(factories.body(), Role.DISTRICT_OFFICE)


def shown() -> list[str]:
    return [one.text for one in popular.popular_list().entries]


def test_a_step_is_noted_and_audited_and_the_latest_counts(office):
    one = factories.searched("老年食堂", networks=5)
    actions.treat_search(actor=office, searched_id=one.pk, step="publish", note="已转民政局")
    actions.treat_search(actor=office, searched_id=one.pk, step="no_action", note="不属本区事权")
    assert [(t.step, t.note, t.by_name) for t in Treatment.objects.all()] == [
        ("no_action", "不属本区事权", office.name)
    ]
    details = [record.detail for record in AuditRecord.objects.filter(action="search.treat").order_by("sequence")]
    assert [(d["text"], d["step"]) for d in details] == [("老年食堂", "发布相关信息"), ("老年食堂", "标记无需处理")]


def test_marking_without_a_reason_and_an_unknown_step_are_refused_with_all_reasons(office):
    one = factories.searched("老年食堂", networks=5)
    with pytest.raises(Refused) as refusal:
        actions.treat_search(actor=office, searched_id=one.pk, step="no_action", note=" ")
    assert refusal.value.codes == ("note_missing",)
    with pytest.raises(Refused) as refusal:
        actions.treat_search(actor=office, searched_id=one.pk, step="rewrite", note="长" * 201)
    assert refusal.value.codes == ("step", "note_long")


@pytest.mark.parametrize(("text", "networks"), [("少数人的词", 2), ("13800000001", 50)])
def test_words_that_are_not_told_cannot_be_treated_either(office, text, networks):
    one = factories.searched(text, networks=networks)
    with pytest.raises(NotVisible):
        actions.treat_search(actor=office, searched_id=one.pk, step="publish")
    assert not AuditRecord.objects.exists()


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.DISTRICT_OFFICE, Role.ADMINISTRATOR)], ids=str
)
def test_nobody_else_may(role):
    other = factories.actor(factories.body(), role)
    one = factories.searched("老年食堂", networks=5)
    with pytest.raises(Refused):
        actions.treat_search(actor=other, searched_id=one.pk, step="publish")
    with pytest.raises(Refused):
        actions.exclude_popular_search(actor=other, term="老年食堂", whole=True, reason="misleading", note="理由")


def test_an_exclusion_works_at_once_is_audited_with_its_reasons_and_can_be_lifted(office):
    for text in ("网传某厂爆炸", "医保缴费"):
        factories.searched(text, networks=9)
    popular.compute(timezone.now())
    assert set(shown()) == {"网传某厂爆炸", "医保缴费"}
    made = actions.exclude_popular_search(
        actor=office, term="网传", whole=False, reason="misleading", note="未经核实的传言"
    )
    assert shown() == ["医保缴费"]
    assert popular.popular_list().withheld == (("容易引起误解", 1),)
    detail = AuditRecord.objects.get(action="popular_search.exclude").detail
    assert (detail["term"], detail["public_reason"], detail["note"]) == ("网传", "容易引起误解", "未经核实的传言")
    actions.restore_popular_search(actor=office, exclusion_id=made.pk)
    assert set(shown()) == {"网传某厂爆炸", "医保缴费"}
    assert AuditRecord.objects.filter(action="popular_search.restore").count() == 1
    with pytest.raises(NotVisible):
        actions.restore_popular_search(actor=office, exclusion_id=made.pk)


def test_the_log_that_is_kept_for_good_does_not_hold_what_was_excluded_as_private(office):
    actions.exclude_popular_search(actor=office, term="张某某", whole=True, reason="personal", note="涉及个人")
    actions.exclude_popular_search(actor=office, term="13800000001", whole=True, reason="misleading", note="误")
    written = [str(record.detail) for record in AuditRecord.objects.all()]
    assert len(written) == 2
    assert not any("张某某" in text or "13800000001" in text for text in written)


def test_every_reason_of_a_refusal_comes_at_once(office):
    with pytest.raises(Refused) as refusal:
        actions.exclude_popular_search(actor=office, term="？", whole=False, reason="because", note="")
    assert refusal.value.codes == ("term", "reason", "note")
    with pytest.raises(Refused) as refusal:
        actions.exclude_popular_search(actor=office, term="的", whole=False, reason="misleading", note="理由")
    assert refusal.value.codes == ("term_short",)
    factories.excluded_search("网传")
    with pytest.raises(Refused) as refusal:
        actions.exclude_popular_search(actor=office, term=" 网传 ", whole=True, reason="misleading", note="理由")
    assert refusal.value.codes == ("term_known",)
    assert ExcludedSearch.objects.count() == 1
