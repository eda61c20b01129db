"""The tick: what time alone brings about. Run every half minute by the worker, or by cron as `gongkai tick`."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from gongkai.audit import generation
from gongkai.calendars import selectors as calendars
from gongkai.disclosure import ended_bases
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
from gongkai.participation import digest as followed_lists
from gongkai.policies.popularity import compute_if_due
from gongkai.policies.validity import changing_between
from gongkai.rules.access import Actor
from gongkai.search import enqueue
from gongkai.search_log.readings import sweep as sweep_readings
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
    sweep_readings(moment)
    compute_if_due(moment)
    leftovers.remove()
    sweep_daily(moment)
    recompute.run(moment)
    send_digest(moment)
    send_notices(moment)
    send_followed_lists(moment)
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


def once_a_day(name: str, today: date, *work: Callable[[], object]) -> bool:
    """Do the work if it was not done today; False: it was. What fails half-way is done again with the next tick."""
    sweep, _ = Sweep.objects.get_or_create(name=name, defaults={"done_until": today - timedelta(days=1)})
    if sweep.done_until >= today:
        return False
    for step in work:
        step()
    Sweep.objects.filter(name=name).update(done_until=today)
    return True


def sweep_daily(moment: datetime) -> None:
    """What a day brings about in subsidy tables, sign-ins, cases and the bases of documents, and, where it is wished, a visit to the links of what is public."""
    today = timezone.localdate(moment)
    once_a_day("tables", today, lambda: abandon_stale(actor=SYSTEM, now=moment), lambda: remove_unreferenced(moment))
    once_a_day("sign-ins", today, lambda: sweep_sign_ins(moment))
    once_a_day("cases", today, lambda: cases.sweep(moment))
    once_a_day("bases", today, lambda: ended_bases.sweep(moment))
    if settings.GONGKAI_CHECK_LINKS:
        once_a_day("links", today, visit_links.enqueue)


def send_digest(moment: datetime) -> None:
    """Each working morning the worklists go out by mail; what was refused is tried again with a later tick, ten minutes on."""
    local = timezone.localtime(moment)
    hour = settings.GONGKAI_DIGEST_HOUR
    if hour is None or local.hour < hour or not calendars.current().is_working_day(local.date()):
        return
    if not once_a_day("digest", local.date(), send_digests.enqueue) and local.minute % 10 == 0 and left_to_send(moment):
        send_digests.enqueue()


def send_notices(moment: datetime) -> None:
    """Messages to applicants; and what the public forms of 依申请公开 need no longer: counts, files of forms never sent in."""
    report = send_waiting(moment)
    if report.failed or report.unknown:
        logger.warning("notices to applicants: %s refused, %s of unknown fate", report.failed, report.unknown)
    sweep_tallies(moment)
    sweep_drafts(moment)


def send_followed_lists(moment: datetime) -> None:
    """Tell subscribers what is new in the lists they follow."""
    report = followed_lists.run(moment)
    if report.refused or report.lost:
        logger.warning("followed lists: %s letters refused, %s interrupted", report.refused, report.lost)


def reap(moment: datetime) -> int:
    """Give back tasks whose worker died: all tasks are idempotent, so running one again is safe."""
    stranded = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=moment - STRANDED_AFTER)
    return stranded.update(status=TaskResultStatus.READY, started_at=None)


def beat(name: str, moment: datetime | None = None) -> None:
    """Record that a background process is at work; the health page reads it."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": moment or timezone.now()})
