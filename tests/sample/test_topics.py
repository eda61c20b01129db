"""The sample district has a public topic and good interpretations of its own, made of what its register holds."""

import pytest

from gongkai.policies.exemplary import exemplary
from gongkai.policies.models import TopicState
from gongkai.policies.topics import public_topics
from gongkai.rules.access import Role
from gongkai.rules.exemplary import Level
from gongkai.sample.topics import load_topics
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


def test_a_district_without_that_bureau_has_none():
    assert load_topics() == 0
