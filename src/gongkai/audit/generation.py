"""The generation of public content: a number that moves whenever something the public can see may have changed.

Cached pages are keyed by it. Each process remembers it for half a second, so a cached page costs no query.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import transaction
from django.db.models import F

from gongkai.audit.models import AuditHead

REMEMBER_SECONDS = 0.5

_lock = threading.Lock()
_known: tuple[float, int] | None = None


def current() -> int:
    """The generation, at most half a second old."""
    global _known
    known, now = _known, time.monotonic()
    if known is not None and now - known[0] < REMEMBER_SECONDS:
        return known[1]
    value = AuditHead.objects.filter(pk=1).values_list("generation", flat=True).first() or 0
    with _lock:
        _known = (now, value)
    return value


def bump() -> None:
    """Move the generation on (after the search index changed, or by the clock at midnight)."""
    with transaction.atomic():
        if not AuditHead.objects.filter(pk=1).update(generation=F("generation") + 1):
            AuditHead.objects.bulk_create([AuditHead(pk=1, generation=1)], ignore_conflicts=True)
    forget()


def forget() -> None:
    """Drop what this process remembers, so that its own changes show at once."""
    global _known
    with _lock:
        _known = None
        for one in _remembered:
            one.forget()


T = TypeVar("T")


class PerGeneration(Generic[T]):
    """Something small that pages need and that changes with public content only: read once for each generation."""

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._kept: tuple[int, T] | None = None
        _remembered.append(self)

    def __call__(self) -> T:
        """The value of the present generation."""
        kept, now = self._kept, current()
        if kept is not None and kept[0] == now:
            return kept[1]
        value = self._read()
        self._kept = (now, value)
        return value

    def forget(self) -> None:
        """Read it anew at the next call."""
        self._kept = None


_remembered: list[PerGeneration] = []  # type: ignore[type-arg]
