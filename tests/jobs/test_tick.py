"""The tick: what time brings about happens once, and standstill is made up for."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests import factories

from gongkai.audit import generation
from gongkai.disclosure.models import Item
from gongkai.jobs.models import Heartbeat, Sweep
from gongkai.jobs.tick import reap, tick
from gongkai.rules.publication import State
from gongkai.search.models import OutboxEntry

pytestmark = pytest.mark.django_db


def test_scheduled_items_are_published_when_due_and_only_once():
    body = factories.body()
    reviewer = factories.user()
    life = {
        "approved_by_id": reviewer.pk,
        "secrecy_basis": "可以公开",
        "scheduled_for": timezone.now() - timedelta(minutes=1),
    }
    due = factories.published_many(body, 1, state=State.SCHEDULED, life=life)[0]
    later = factories.published_many(
        body, 1, state=State.SCHEDULED, life={**life, "scheduled_for": timezone.now() + timedelta(days=1)}
    )[0]
    assert tick().published == 1
    assert tick().idle
    states = dict(Item.objects.values_list("pk", "state"))
    assert (states[due.pk], states[later.pk]) == (State.PUBLISHED, State.SCHEDULED)
    assert Heartbeat.objects.filter(name="tick").exists()


def test_days_of_standstill_are_made_up_for_and_the_pages_are_renewed():
    body = factories.body()
    today = timezone.localdate()
    item = factories.published(body, expires_on=today - timedelta(days=3))
    tick()
    OutboxEntry.objects.all().delete()
    Sweep.objects.filter(name="validity").update(done_until=today - timedelta(days=5))
    before = generation.current()
    assert tick().validity_changed == 1
    assert list(OutboxEntry.objects.values_list("item_id", flat=True)) == [item.pk]
    generation.forget()
    assert generation.current() > before
    assert Sweep.objects.get(name="validity").done_until == today
    assert tick().validity_changed == 0


def test_a_task_whose_worker_died_is_given_back_but_a_running_one_is_left_alone():
    from django_tasks import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    def task(started):
        return DBTaskResult.objects.create(
            status=TaskResultStatus.RUNNING,
            started_at=started,
            args_kwargs={"args": [], "kwargs": {}},
            task_path="gongkai.files.tasks.read_text",
            backend_name="default",
            run_after=timezone.now(),
            exception_class_path="",
            traceback="",
        )

    now = timezone.now()
    dead, alive = task(now - timedelta(hours=2)), task(now - timedelta(minutes=2))
    assert reap(now) == 1
    dead.refresh_from_db()
    alive.refresh_from_db()
    assert (dead.status, alive.status) == (TaskResultStatus.READY, TaskResultStatus.RUNNING)


def test_the_first_sweep_of_a_new_installation_has_nothing_to_make_up_for():
    factories.published(factories.body(), expires_on=date(2020, 1, 1))
    assert tick().validity_changed == 0
