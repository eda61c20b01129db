"""Documents whose basis has ended are flagged within one sweep, and the finding closes when the basis binds again."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests import factories

from gongkai.disclosure import actions, ended_bases, findings
from gongkai.disclosure.models import Relation
from gongkai.disclosure.worklist import worklist
from gongkai.jobs.tick import tick
from gongkai.review.models import RecordedFinding
from gongkai.rules.access import Role
from gongkai.rules.relations import RelationKind

pytestmark = pytest.mark.django_db
NUMBER = "谯政〔2020〕7号"


def flagged(item):
    found = RecordedFinding.objects.filter(edition_id=item.current_id, rule=ended_bases.RULE, state="open")
    return [one.message for one in found]


def sweep():
    return ended_bases.sweep(timezone.now())


@pytest.fixture
def body():
    return factories.body()


@pytest.fixture
def basis(body):
    return factories.published(body, title="谯城区某事办法", document_number=NUMBER)


@pytest.fixture
def resting(body, basis):
    """Two documents that rest on the basis, by a tie and by a citation, and three that do not."""
    tied = factories.published(body)
    factories.relation(tied, RelationKind.IMPLEMENTS, basis)
    cited = factories.published(body, body=f"<p>根据《谯城区某事办法》（{NUMBER}），制定本细则。</p>")
    factories.published(body, kind="interpretation", body=f"<p>{NUMBER}已经不用了。</p>")
    factories.published(body)
    expired = factories.published(body, expires_on=timezone.localdate() - timedelta(days=1))
    factories.relation(expired, RelationKind.IMPLEMENTS, basis)
    return tied, cited


def repeal(body, basis, on=None):
    act = factories.published(body, body=f"<p>{NUMBER}予以废止。</p>")
    factories.relation(act, RelationKind.REPEALS, basis, on or timezone.localdate())
    return act


def test_what_rests_on_a_document_in_force_is_not_flagged(body, basis, resting):
    repeal(body, basis, timezone.localdate() + timedelta(days=1))
    assert sweep() == 0
    assert not RecordedFinding.objects.filter(rule=ended_bases.RULE).exists()


def test_a_repeal_is_told_within_one_sweep_and_to_nobody_else(body, basis, resting):
    tied, cited = resting
    repeal(body, basis)
    assert sweep() == 2
    assert [message.startswith("上级依据《谯城区某事办法》") for message in flagged(tied)] == [True]
    assert [message.startswith("引用的《谯城区某事办法》") for message in flagged(cited)] == [True]
    assert all("废止" in message for message in flagged(tied))
    assert RecordedFinding.objects.filter(rule=ended_bases.RULE).count() == 2, "not the act, not what is past itself"
    assert sweep() == 0, "a second sweep finds nothing new"


def test_the_finding_closes_when_the_repeal_is_undone(body, basis, resting):
    act = repeal(body, basis)
    sweep()
    actions.withdraw(actor=factories.actor(body, Role.HEAD), item_id=act.pk, reason="published_in_error", note="误发")
    assert sweep() == 2
    assert [flagged(one) for one in resting] == [[], []]
    Relation.objects.filter(kind=RelationKind.REPEALS.value).delete()
    assert sweep() == 0


def test_a_term_that_runs_out_ends_a_basis_like_an_act(body):
    today = timezone.localdate()
    basis = factories.published(body, expires_on=today)
    tied = factories.published(body)
    factories.relation(tied, RelationKind.IMPLEMENTS, basis)
    assert ended_bases.resting_on_ended(today) == set()
    assert {item for item, _ in ended_bases.resting_on_ended(today + timedelta(days=1))} == {tied.pk}


def test_what_was_set_aside_with_a_reason_stays_so(body, basis, resting):
    tied, _ = resting
    repeal(body, basis)
    sweep()
    one = RecordedFinding.objects.get(edition_id=tied.current_id, rule=ended_bases.RULE)
    reviewer = factories.actor(body, Role.REVIEWER)
    findings.set_aside(actor=reviewer, item_id=tied.pk, finding_id=one.pk, reason="只是提及历史文件")
    assert sweep() == 0
    assert flagged(tied) == []


def test_the_tick_sweeps_once_a_day_and_the_body_finds_it_on_its_worklist(body, basis, resting):
    repeal(body, basis)
    tick()
    actor, other = factories.actor(body, Role.CLERK), factories.actor(factories.body(), Role.CLERK)
    now = timezone.now()
    [group] = worklist(actor, now, only="ended_basis")
    assert {task.item_id for task in group.tasks} == {one.pk for one in resting}
    assert worklist(other, now, only="ended_basis") == ()


def test_the_query_agrees_with_the_rule_of_validity(body, basis):
    """An act without a day of its own counts from the effective date, or else the date of its source."""
    tied = factories.published(body)
    factories.relation(tied, RelationKind.IMPLEMENTS, basis)
    act = factories.published(body, document_date=date(2026, 1, 1), effective_from=date(2026, 2, 1))
    factories.relation(act, RelationKind.DECLARES_INVALID, basis)
    days = {date(2026, 1, 15): 0, date(2026, 1, 31): 0, date(2026, 2, 1): 1}
    assert {day: len(ended_bases.resting_on_ended(day)) for day in days} == days
