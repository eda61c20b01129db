"""The tick: what time alone brings about. Run every half minute by the worker, or by cron as `gongkai tick`."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from gongkai.audit import generation
from gongkai.calendars import selectors as calendars
from gongkai.disclosure.actions import publish_due, withdraw_due
from gongkai.disclosure.tables import abandon_stale
from gongkai.disclosure.tasks import visit_links
from gongkai.files import leftovers
from gongkai.foi import recompute
from gongkai.foi import sweep as cases
from gongkai.foi.drafts import sweep as sweep_drafts
from gongkai.foi.notices import send_waiting
from gongkai.foi.tallies import sweep as sweep_tallies
from gongkai.jobs.models import Heartbeat, Sweep
from gongkai.organisations.logins import sweep as sweep_sign_ins
from gongkai.policies.validity import changing_between
from gongkai.rules.access import Actor
from gongkai.search import enqueue
from gongkai.search_log.sweep import sweep as sweep_searches
from gongkai.tables.leftovers import remove_unreferenced
from gongkai.worklist.digest import left_to_send
from gongkai.worklist.tasks import send_digests

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
    searches: int = 0
    """Lines of the search log that were counted."""
    withdrawn: int = 0
    """Items whose last public day has passed."""

    @property
    def idle(self) -> bool:
        """Nothing was due."""
        return not (self.published or self.withdrawn or self.refused or self.validity_changed or self.reaped)


def tick(now: datetime | None = None) -> TickReport:
    """Publish and withdraw what is due, mark changed validity for the index, take up stranded tasks. Doing it twice does no harm."""
    moment = now or timezone.now()
    published, refused = publish_due(actor=SYSTEM, now=moment)
    for item_id, refusal in refused:
        logger.warning("item %s scheduled but refused: %s", item_id, refusal)
    withdrawn = withdraw_due(actor=SYSTEM, now=moment)
    report = TickReport(
        published, len(refused), sweep_validity(moment), reap(moment), sweep_searches(moment), withdrawn
    )
    leftovers.remove()
    sweep_tables(moment)
    sweep_logins(moment)
    sweep_cases(moment)
    sweep_links(moment)
    send_digest(moment)
    send_notices(moment)
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


def sweep_tables(moment: datetime) -> None:
    """Once a day: uploads of subsidy tables that nobody went on with, and files that belong to nothing."""
    today = timezone.localdate(moment)
    sweep, created = Sweep.objects.get_or_create(name="tables", defaults={"done_until": today})
    if created or sweep.done_until < today:
        abandon_stale(actor=SYSTEM, now=moment)
        remove_unreferenced(moment)
        Sweep.objects.filter(name="tables").update(done_until=today)


def sweep_logins(moment: datetime) -> None:
    """Once a day: the history of sign-ins that was kept long enough, and sessions that are over."""
    today = timezone.localdate(moment)
    sweep, created = Sweep.objects.get_or_create(name="sign-ins", defaults={"done_until": today})
    if created or sweep.done_until < today:
        sweep_sign_ins(moment)
        Sweep.objects.filter(name="sign-ins").update(done_until=today)


def sweep_cases(moment: datetime) -> None:
    """Once a day what has lapsed in cases; whenever the working days have changed, the open cases are reckoned anew."""
    today = timezone.localdate(moment)
    sweep, created = Sweep.objects.get_or_create(name="cases", defaults={"done_until": today - timedelta(days=1)})
    if created or sweep.done_until < today:
        cases.sweep(moment)
        Sweep.objects.filter(name="cases").update(done_until=today)
    recompute.run(moment)


def sweep_links(moment: datetime) -> None:
    """Once a day, where it is wished: a background task visits the links of what is public."""
    today = timezone.localdate(moment)
    if not settings.GONGKAI_CHECK_LINKS:
        return
    sweep, created = Sweep.objects.get_or_create(name="links", defaults={"done_until": today})
    if created or sweep.done_until < today:
        visit_links.enqueue()
        Sweep.objects.filter(name="links").update(done_until=today)


def send_digest(moment: datetime) -> None:
    """Each working morning the worklists go out by mail; what was refused is tried again with a later tick, ten minutes on."""
    local = timezone.localtime(moment)
    hour = settings.GONGKAI_DIGEST_HOUR
    if hour is None or local.hour < hour or not calendars.current().is_working_day(local.date()):
        return
    sweep, created = Sweep.objects.get_or_create(name="digest", defaults={"done_until": local.date()})
    if created or sweep.done_until < local.date():
        send_digests.enqueue()
        Sweep.objects.filter(name="digest").update(done_until=local.date())
    elif local.minute % 10 == 0 and left_to_send(moment):
        send_digests.enqueue()


def send_notices(moment: datetime) -> None:
    """Messages to applicants; and what the public forms of 依申请公开 need no longer: counts, files of forms never sent in."""
    report = send_waiting(moment)
    if report.failed or report.unknown:
        logger.warning("notices to applicants: %s refused, %s of unknown fate", report.failed, report.unknown)
    sweep_tallies(moment)
    sweep_drafts(moment)


def reap(moment: datetime) -> int:
    """Give back tasks whose worker died: all tasks are idempotent, so running one again is safe."""
    stranded = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=moment - STRANDED_AFTER)
    return stranded.update(status=TaskResultStatus.READY, started_at=None)


def beat(name: str, moment: datetime | None = None) -> None:
    """Record that a background process is at work; the health page reads it."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": moment or timezone.now()})
