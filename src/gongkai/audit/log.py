"""Writing and verifying the hash-chained audit log.

Each record's hash covers its own content and the hash of the record before it, so a changed, removed or inserted record breaks
the chain from there on (网络安全法 §21: logs are kept at least six months; this log is kept for good).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from gongkai.audit import generation
from gongkai.audit.models import AuditHead, AuditRecord

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """What one audit record says, before it has a place in the chain."""

    action: str
    object_type: str
    object_id: str
    organisation_id: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verification:
    """Result of walking the chain: `records` read, and the first break (`sequence`, reason) or None."""

    records: int
    broken_at: int | None
    reason: str


def record(*, actor: Any, entries: Iterable[Entry], public: bool = False) -> None:
    """Append `entries` to the log inside the caller's transaction; `public` also moves the content generation.

    `actor` has `user_id` and `name` (see `gongkai.rules.access.Actor`). Raises `TransactionManagementError` outside a transaction:
    a record that is not committed with its cause would be worse than none.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "audit.log.record must run in the transaction of the change it records"
        )
    head = _locked_head()
    now = timezone.now()
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)  # what every dump format keeps
    records = []
    for entry in entries:
        head.sequence += 1
        new = AuditRecord(
            sequence=head.sequence,
            at=now,
            actor_id=actor.user_id,
            actor_name=actor.name,
            organisation_id=entry.organisation_id,
            action=entry.action,
            object_type=entry.object_type,
            object_id=entry.object_id,
            detail=json.loads(json.dumps(dict(entry.detail), ensure_ascii=False, default=str)),
            previous_hash=head.hash,
        )
        new.hash = head.hash = _hash(new)
        records.append(new)
    AuditRecord.objects.bulk_create(records, batch_size=200)
    if public:
        head.generation += 1
        transaction.on_commit(generation.forget)
    head.save()


def verify() -> Verification:
    """Walk the whole chain from the first record to the head."""
    previous, expected, count = GENESIS, 1, 0
    for entry in AuditRecord.objects.order_by("sequence").iterator(chunk_size=2000):
        count += 1
        if entry.sequence != expected:
            return Verification(count, expected, f"缺少第 {expected} 条记录")
        if entry.previous_hash != previous:
            return Verification(count, entry.sequence, "与前一条记录的哈希不衔接")
        if entry.hash != _hash(entry):
            return Verification(count, entry.sequence, "内容与哈希不符，记录曾被改动")
        previous, expected = entry.hash, expected + 1
    head = AuditHead.objects.filter(pk=1).first()
    if head and (head.sequence != expected - 1 or head.hash != previous):
        return Verification(count, expected, "末尾记录被删除：链尾与登记的链头不一致")
    return Verification(count, None, "")


def _locked_head() -> AuditHead:
    """The head row, locked until the transaction ends, so that chains never fork."""
    head = AuditHead.objects.select_for_update().filter(pk=1).first()
    if head is None:
        AuditHead.objects.bulk_create([AuditHead(pk=1)], ignore_conflicts=True)
        head = AuditHead.objects.select_for_update().get(pk=1)
    return head


def _hash(entry: AuditRecord) -> str:
    """SHA-256 over the canonical JSON of the record and the hash before it."""
    content = [
        entry.sequence,
        _instant(entry.at),
        entry.actor_id,
        entry.actor_name,
        entry.organisation_id,
        entry.action,
        entry.object_type,
        entry.object_id,
        entry.detail,
        entry.previous_hash,
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _instant(at: datetime) -> str:
    """Microseconds in UTC: every database gives back the same instant."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def history(object_type: str, object_id: object) -> models.QuerySet[AuditRecord]:
    """All records about one object, newest first."""
    return AuditRecord.objects.filter(object_type=object_type, object_id=str(object_id)).order_by("-sequence")
