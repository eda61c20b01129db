"""The sample district has a public topic and good interpretations of its own, made of what its register holds."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gongkai.policies.exemplary import exemplary
from gongkai.policies.models import PolicyGroup, TopicState
from gongkai.policies.topics import public_topics
from gongkai.rules.access import Role
from gongkai.rules.exemplary import Level
from gongkai.rules.relations import RelationKind
from gongkai.sample.topics import load_groups, load_topics
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_topic_is_written_by_one_person_and_published_by_another():
    bureau = factories.body("谯城区教育局", code="jyj")
    clerk = factories.member(bureau, Role.CLERK)
    factories.member(bureau, Role.REVIEWER)
    factories.member(factories.body(), Role.DISTRICT_OFFICE)
    factories.published(bureau, title="关于做好招生入学工作的通知")
    factories.published_many(bureau, 5, kind="interpretation")
    assert load_topics() == 1
    [topic] = public_topics()
    assert (topic.state, topic.edited_by_id, topic.changed) == (TopicState.PUBLISHED, clerk.pk, False)
    assert exemplary(Level.DISTRICT).count() == 3


def test_the_best_explained_policy_in_force_is_a_series_and_is_tracked():
    bureau = factories.body("谯城区教育局", code="jyj")
    clerk, signer = factories.member(bureau, Role.CLERK), factories.member(bureau, Role.SIGNER)
    today = timezone.localdate()
    first, best, future = (
        factories.published(bureau, effective_from=today + timedelta(days=days)) for days in (-400, -200, 30)
    )
    for policy, count in ((first, 1), (best, 2), (future, 3)):
        for _ in range(count):
            factories.relation(factories.published(bureau, kind="interpretation"), RelationKind.INTERPRETS, policy)
    assert load_groups() == 2
    series, tracking = PolicyGroup.objects.order_by("kind")
    assert [one.members.first().item_id for one in (series, tracking)] == [best.pk, best.pk]
    assert (series.members.count(), tracking.milestones.count()) == (3, 3)
    assert {(one.state, one.saved_by_id) for one in (series, tracking)} == {("published", clerk.pk)}
    assert signer.pk != clerk.pk


def test_a_district_without_that_bureau_has_none():
    assert (load_topics(), load_groups()) == (0, 0)
