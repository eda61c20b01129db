"""Turns of the writers of a search cluster: numbers that only grow, whichever machine a writer runs on."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from gongkai.search.models import WritingTurn


def take_turn() -> int:
    """Return a higher number than any writer had before.

    Call it when the right to write is held (`gongkai.search.lock`) and before items are read: then whoever has a higher number
    has read later, and what it wrote may not be overwritten.
    """
    with transaction.atomic():
        if not WritingTurn.objects.filter(pk=1).update(number=F("number") + 1):
            WritingTurn.objects.create(pk=1, number=1)
        return WritingTurn.objects.values_list("number", flat=True).get(pk=1)
