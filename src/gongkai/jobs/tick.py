"""The tick: what time alone brings about. Run every half minute by the worker, or by cron as `gongkai tick`."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from gongkai.audit import generation
from gongkai.disclosure.actions import publish_due
from gongkai.files import leftovers
from gongkai.jobs.models import Heartbeat, Sweep
from gongkai.policies.validity import changing_between
from gongkai.rules.access import Actor
from gongkai.search import enqueue

STRANDED_AFTER = timedelta(minutes=30)
SYSTEM = Actor(0, "系统（定时）")
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TickReport:
    """What one tick did, in numbers of items or tasks."""

    published: int
    refused: int
    validity_changed: int
    reaped: int

    @property
    def idle(self) -> bool:
        """Nothing was due."""
        return not (self.published or self.refused or self.validity_changed or self.reaped)


def tick(now: datetime | None = None) -> TickReport:
    """Publish what is due, mark changed validity for the index, take up stranded tasks. Doing it twice does no harm."""
    moment = now or timezone.now()
    published, refused = publish_due(actor=SYSTEM, now=moment)
    for item_id, refusal in refused:
        logger.warning("item %s scheduled but refused: %s", item_id, refusal)
    report = TickReport(published, len(refused), sweep_validity(moment), reap(moment))
    leftovers.remove()
    beat("tick", moment)
    return report


def sweep_validity(moment: datetime) -> int:
    """Re-index items whose validity changed on the days since the last sweep; returns how many."""
    today = timezone.localdate(moment)
    with transaction.atomic():
        sweep = Sweep.objects.select_for_update().filter(name="validity").first()
        if sweep is None:
            Sweep.objects.bulk_create([Sweep(name="validity", done_until=today)], ignore_conflicts=True)
            return 0
        if sweep.done_until >= today:
            return 0
        changed = changing_between(sweep.done_until, today)
        enqueue(changed)
        sweep.done_until = today
        sweep.save()
    generation.bump()
    return len(changed)


def reap(moment: datetime) -> int:
    """Give back tasks whose worker died: all tasks are idempotent, so running one again is safe."""
    stranded = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=moment - STRANDED_AFTER)
    return stranded.update(status=TaskResultStatus.READY, started_at=None)


def beat(name: str, moment: datetime | None = None) -> None:
    """Record that a background process is at work; the health page reads it."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": moment or timezone.now()})
