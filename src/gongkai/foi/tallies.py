"""Counting tries within a time, for the public pages of 依申请公开: no session, no cookie, and no address is kept, only keyed digests."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from gongkai.foi.models import Tally


def digest(*parts: str) -> str:
    """A keyed digest of `parts` that says nothing of them (64 hexadecimal characters)."""
    text = "\x1f".join(parts)
    return hmac.new(settings.SECRET_KEY.encode(), b"tally" + text.encode(), hashlib.sha256).hexdigest()


def counted(*parts: str) -> int:
    """How often `parts` were counted in the time that is running."""
    found = Tally.objects.filter(key=digest(*parts), until__gt=timezone.now()).values_list("count", flat=True)
    return found[0] if found else 0


def count(*parts: str, seconds: int) -> int:
    """Count once more and return how often that was within the `seconds` that began with the first."""
    key, now = digest(*parts), timezone.now()
    with transaction.atomic():
        Tally.objects.filter(key=key, until__lte=now).delete()
        until = now + timedelta(seconds=seconds)
        Tally.objects.bulk_create([Tally(key=key, until=until)], ignore_conflicts=True)
        Tally.objects.filter(key=key).update(count=F("count") + 1)
        return Tally.objects.values_list("count", flat=True).get(key=key)


def until(*parts: str) -> datetime | None:
    """When the running time of `parts` ends; None: nothing is counted."""
    found = Tally.objects.filter(key=digest(*parts), until__gt=timezone.now()).values_list("until", flat=True)
    return found[0] if found else None


def sweep(now: datetime) -> int:
    """Forget what is over; returns how many."""
    return Tally.objects.filter(until__lte=now).delete()[0]
