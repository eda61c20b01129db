"""The worklist of the whole office: the register's tasks and those of 依申请公开, one list."""

from __future__ import annotations

from datetime import datetime

from gongkai.disclosure import worklist as register
from gongkai.foi import worklist as cases
from gongkai.rules.access import Actor
from gongkai.rules.tasks import BodyLoad, TaskGroup, task_types

OVERVIEW = (*register.OVERVIEW, *cases.OVERVIEW)
"""What is counted by body."""


def worklist(actor: Actor, now: datetime, only: str = "") -> tuple[TaskGroup, ...]:
    """What waits for this actor, most pressing type first; empty groups are left out. `only` asks for one type."""
    if only:
        return (cases if task_types()[only].about == "case" else register).worklist(actor, now, only)
    order = list(task_types())
    groups = (*register.worklist(actor, now), *cases.worklist(actor, now))
    return tuple(sorted(groups, key=lambda group: order.index(group.type.code)))


def loads(actor: Actor, now: datetime) -> dict[int, BodyLoad]:
    """What waits in each body the actor oversees, by `OVERVIEW`."""
    found: dict[int, BodyLoad] = {}
    for load in (*register.loads(actor, now).values(), *cases.loads(actor, now).values()):
        before = found.get(load.organisation_id, BodyLoad(load.organisation_id, {}, {}))
        counts, overdue = {**before.counts, **load.counts}, {**before.overdue, **load.overdue}
        found[load.organisation_id] = BodyLoad(load.organisation_id, counts, overdue)
    return found
