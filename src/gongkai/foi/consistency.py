"""Do the cases agree with themselves? Records that were changed, columns that say something else, letters and files that are not what they were."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils import timezone

from gongkai.foi import calendars
from gongkai.foi.batches import facts_by_case
from gongkai.foi.issuing import digest_of
from gongkai.foi.models import Case, CaseDocument, Letter
from gongkai.foi.writing import refresh

_COLUMNS = (
    "state", "received_on", "due_on", "due_provisional", "stopped", "internal_due_on", "next_on", "open_consultations",
    "outcome", "decided_on", "closed_on", "timely_on", "claimed_by_id",
)  # fmt: skip
_MOVING = frozenset({"due_on", "due_provisional", "stopped", "internal_due_on", "next_on"})
"""What moves with the days alone while a clock stands still or is provisional: brought to date by the sweep, once a day."""


def disagreeing() -> Iterator[tuple[int, str]]:
    """(case, first column) of every case whose columns are not what its events say; two queries a few hundred cases."""
    calendar, today = calendars.current(), timezone.localdate()
    for keys in _chunks(list(Case.objects.order_by("pk").values_list("pk", flat=True))):
        known = Case.objects.in_bulk(keys)
        for pk, facts in facts_by_case(keys):
            case = known.pop(pk)
            skipped = _MOVING if case.stopped or case.due_provisional else frozenset()
            before = {name: getattr(case, name) for name in _COLUMNS if name not in skipped}
            refresh(case, facts, calendar, today)
            wrong = next((name for name, value in before.items() if getattr(case, name) != value), "")
            if wrong:
                yield pk, wrong
        yield from ((pk, "last_seq") for pk in known)  # a case without events


def changed_letters() -> Iterator[int]:
    """Letters whose content is not what was issued."""
    for pk, content, digest in Letter.objects.values_list("pk", "content", "digest").iterator(chunk_size=200):
        if digest_of(content) != digest:
            yield pk


def unserved() -> Iterator[int]:
    """Cases whose answer was signed and that have no letter: the one thing that must not come apart (§36)."""
    decided = Case.objects.filter(decided_on__isnull=False).exclude(state="withdrawn")
    answered = Letter.objects.filter(number__gt="").values("case_id")
    yield from decided.exclude(pk__in=answered).values_list("pk", flat=True)


def faulty_documents(*, read: bool) -> Iterator[tuple[int, str]]:
    """(document, what is wrong): files of cases that are missing, or (`read`) are not what was put there."""
    kept = CaseDocument.objects.filter(Q(removed_at=None)).values_list("pk", "storage_name", "sha256")
    for pk, name, digest in kept.iterator():
        if not default_storage.exists(name):
            yield pk, "丢失"
        elif read:
            with default_storage.open(name, "rb") as content:
                if hashlib.file_digest(content, "sha256").hexdigest() != digest:
                    yield pk, "内容被改动"


def _chunks(keys: list[int], size: int = 400) -> Iterator[list[int]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]
