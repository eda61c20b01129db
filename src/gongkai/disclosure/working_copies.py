"""What is typed and not saved yet: kept beside the draft, one copy for each person, so that a lost session or a closed window loses
nothing and nobody's save is overwritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from gongkai.disclosure.models import Edition, WorkingCopy
from gongkai.disclosure.steps import audit, in_hand, subject_of
from gongkai.rules.access import Action, Actor
from gongkai.rules.reasons import Reason, Refused
from gongkai.workflow.engine import require

LARGEST = 8_000_000
"""Characters of all fields together; more is kept by saving, not by the way."""
AT_WORK = timedelta(minutes=5)
"""Somebody whose copy is younger than this is taken to be writing now."""

Fields = Mapping[str, Sequence[str]]
"""The fields of the editor as the browser sends them."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a copy."""

    saved_at: datetime
    behind: bool
    """Whether somebody has saved the draft since the writer opened it."""
    others: tuple[str, ...]
    """Who else is writing now."""


@transaction.atomic
def keep(*, actor: Actor, item_id: int, revision: int, fields: Fields) -> Kept:
    """Keep what the actor has typed; the draft itself stays as it is. Audited when a copy is begun, not every twenty seconds.

    Raises `Refused` (not a draft any more, no role, too large) or `NotVisible`.
    """
    item, edition = in_hand(item_id)
    require(actor, Action.EDIT, subject_of(item, edition))
    if sum(len(value) for values in fields.values() for value in values) > LARGEST:
        raise Refused([Reason("copy_huge", "内容过大，未能自动保存，请点击“保存并继续编写”。")])
    now = timezone.now()
    _, begun = WorkingCopy.objects.update_or_create(
        edition=edition,
        user_id=actor.user_id,
        defaults={
            "revision": revision,
            "values": {name: [value.replace("\x00", "") for value in values] for name, values in fields.items()},
            "saved_at": now,
        },
    )
    if begun:
        audit(actor, item, "autosave", {"edition": edition.number})
    return Kept(now, revision != edition.revision, tuple(others_at_work(actor, edition)))


def copy_of(actor: Actor, edition: Edition) -> WorkingCopy | None:
    """The actor's own copy; nobody sees another's."""
    return WorkingCopy.objects.filter(edition=edition, user_id=actor.user_id).first()


def others_at_work(actor: Actor, edition: Edition) -> list[str]:
    """Names of the others who are writing in this draft now."""
    recent = WorkingCopy.objects.filter(edition=edition, saved_at__gt=timezone.now() - AT_WORK)
    return [str(copy.user) for copy in recent.exclude(user_id=actor.user_id).select_related("user")]


@transaction.atomic
def forget(*, actor: Actor, item_id: int) -> None:
    """Throw the actor's copy away."""
    item, edition = in_hand(item_id)
    require(actor, Action.EDIT, subject_of(item, edition))
    gone, _ = WorkingCopy.objects.filter(edition=edition, user_id=actor.user_id).delete()
    if gone:
        audit(actor, item, "autosave-discard", {"edition": edition.number})
