"""Visiting the links of what is public: where one has died, or come back, the item is checked anew, so that its body sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gongkai.audit import generation
from gongkai.disclosure import findings
from gongkai.disclosure.models import Edition
from gongkai.review import links
from gongkai.rules.publication import State

LIMIT = 500
"""Links of one run: at ten seconds each at worst, an hour and a half."""


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What a run did."""

    visited: int
    dead: int
    """Among the visited."""
    checked_anew: int
    """Public items in which a link changed."""


def sweep_links(now: datetime, limit: int = LIMIT) -> SweepReport:
    """Visit links and check the public items anew in which one changed. Raises `links.Offline` when no site answers at all."""
    visits = []
    try:
        for visit in links.visit(limit, now):
            visits.append(visit)
    finally:  # what was recorded before the network went is told all the same
        changed = links.editions_with(visit.link for visit in visits if visit.changed)
        public = Edition.objects.filter(pk__in=changed, state=State.PUBLISHED)
        items = list(public.order_by().values_list("item_id", flat=True).distinct())
        for item_id in items:
            findings.rescan(item_id=item_id)
        if any(visit.link.kept for visit in visits):
            generation.bump()  # pages list these links only while they answer
    return SweepReport(len(visits), sum(visit.link.dead for visit in visits), len(items))
