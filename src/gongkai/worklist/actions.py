"""Writes of the digest that people make."""

from __future__ import annotations

from django.db import transaction

from gongkai.audit.log import Entry, record
from gongkai.rules.access import Actor
from gongkai.rules.reasons import Reason, Refused
from gongkai.worklist.models import DigestPreference


@transaction.atomic
def choose_frequency(*, actor: Actor, frequency: str) -> None:
    """How often the actor wants the digest. Raises `Refused` for what is no choice."""
    if frequency not in DigestPreference.Frequency.values:
        raise Refused([Reason("frequency", "请选择接收方式。", field="frequency")])
    DigestPreference.objects.update_or_create(user_id=actor.user_id, defaults={"frequency": frequency})
    detail = {"frequency": DigestPreference.Frequency(frequency).label}
    record(actor=actor, entries=[Entry("digest.choose", "user", str(actor.user_id), None, detail)])
