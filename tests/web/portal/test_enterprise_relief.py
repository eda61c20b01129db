"""助企纾困: the last days to apply of every matter of its policies, on the page and in the calendar."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from gongkai.audit import generation
from gongkai.disclosure.models import Item
from gongkai.policies.integrated_topic import relief
from gongkai.policies.models import CardState, PolicyCard
from gongkai.rules.publication import State
from tests import factories


@pytest.fixture
def rewards(db, index):
    """A 惠企 policy with four matters: two that close in five days, one that is closed, one without a day."""
    item = factories.published(factories.body(), title="关于工业若干政策的通知")
    Item.objects.filter(pk=item.pk).update(tags=["benefit.enterprise"])
    today = timezone.localdate()
    for matter, (name, days) in enumerate([("入规奖励", 5), ("设备补助", 5), ("已过的", -1), ("常年的", None)], 1):
        PolicyCard.objects.create(
            item=item,
            matter=matter,
            matter_name=name,
            state=CardState.PUBLISHED,
            until=None if days is None else today + timedelta(days=days),
            what_is_given=f"给{matter}",
            prepared_at=timezone.now(),
        )
    index()
    generation.forget()
    return item


def test_each_matter_counts_and_has_its_own_last_day(rewards):
    found = relief()
    assert (found.policies, found.open_cards, found.closing) == (1, 3, 2)
    assert [(one.name, one.what_is_given, one.days) for one in found.deadlines] == [
        ("关于工业若干政策的通知（入规奖励）", "给1", 5),
        ("关于工业若干政策的通知（设备补助）", "给2", 5),
    ]


def test_the_calendar_has_an_event_for_each_and_tells_them_apart(client, rewards):
    text = client.get("/enterprise-relief/deadlines.ics").content.decode().replace("\r\n ", "")
    assert re.findall(r"SUMMARY:(.*)\r", text) == [
        "申报截止：关于工业若干政策的通知（入规奖励）",
        "申报截止：关于工业若干政策的通知（设备补助）",
    ]
    uids = re.findall(r"UID:(policy-card-[\d-]+)", text)
    assert uids == [f"policy-card-{rewards.pk}", f"policy-card-{rewards.pk}-2"], "the first keeps its former name"
    assert "设备补助）</a>" in client.get("/enterprise-relief/").text


def test_a_policy_that_is_withdrawn_takes_its_matters_along(rewards):
    type(rewards.current).objects.filter(item=rewards).update(state=State.WITHDRAWN.value)
    generation.forget()
    assert relief().deadlines == ()
