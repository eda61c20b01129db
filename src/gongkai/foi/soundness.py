"""What is wrong with the cases, in sentences, for `gongkai doctor`: chains, columns, letters, files. Nothing is changed."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.utils import timezone

from gongkai.calendars import selectors as calendars
from gongkai.calendars.models import CalendarChange
from gongkai.foi.batches import facts_by_case
from gongkai.foi.chain import broken_chains
from gongkai.foi.issuing import digest_of
from gongkai.foi.models import Case, CaseDocument, Letter, Recomputation
from gongkai.foi.recording import CACHED
from gongkai.foi.writing import refresh

CHUNK = 400
_MOVING = frozenset({"due_on", "due_provisional", "stopped", "internal_due_on"})
"""Columns that may be another on another day while the clock stands still or the days are provisional."""
_DAYS = _MOVING | {"next_on"}
"""Columns that move with the working days: those of an ended case stay as they were."""


def faults(*, files: bool = False) -> Iterator[str]:
    """One sentence for each fault; `files` also reads every file of a case and compares its hash."""
    for pk, seq in broken_chains():
        yield f"办件 {pk} 的办理记录自第 {seq} 条起不完整或者被改动"
    yield from _columns()
    for letter in Letter.objects.defer("case").iterator(chunk_size=CHUNK):
        if digest_of(letter.content) != letter.digest:
            yield f"办件 {letter.case_id} 的文书 {letter.number or letter.pk} 与发出时不一致"
    if files:
        yield from _files()


def _columns() -> Iterator[str]:
    """Cases whose columns are not what their events say. Days that the next sweep or recomputation sees to are no fault yet."""
    calendar, today, days_settled = calendars.current(), timezone.localdate(), _recomputed()
    keys = list(Case.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        cases = Case.objects.in_bulk(keys[start : start + CHUNK])
        for pk, facts in facts_by_case(sorted(cases)):
            case = cases[pk]
            reckoned = copy.copy(case)
            refresh(reckoned, facts, calendar, today)
            left_out = (
                _DAYS if case.closed_on or not days_settled else _MOVING if case.stopped or case.due_provisional else ()
            )
            looked_at = [name for name in CACHED if name not in left_out]
            if wrong := [name for name in looked_at if getattr(case, name) != getattr(reckoned, name)]:
                labels = "、".join(str(Case._meta.get_field(name).verbose_name) for name in wrong)
                yield f"办件 {pk} 的列与办理记录不符：{labels}，请运行 gongkai cases rebuild"


def _recomputed() -> bool:
    """Whether all open cases have been reckoned with the working days in force."""
    change = CalendarChange.objects.order_by("-pk").values_list("pk", flat=True).first()
    return change is None or Recomputation.objects.filter(change_id=change, finished_at__isnull=False).exists()


def _files() -> Iterator[str]:
    for document in CaseDocument.objects.iterator(chunk_size=CHUNK):
        if not default_storage.exists(document.storage_name):
            yield f"办件材料 {document.pk}（{document.kind}）丢失"
            continue
        with default_storage.open(document.storage_name, "rb") as content:
            if hashlib.file_digest(content, "sha256").hexdigest() != document.sha256:
                yield f"办件材料 {document.pk}（{document.kind}）的内容被改动"
