"""The chain of a case's events: each one's hash covers its content and the hash before it, so that none can be changed or taken out unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import groupby

from gongkai.foi.models import Case, CaseEvent

GENESIS = "0" * 64


def hash_of(event: CaseEvent) -> str:
    """SHA-256 over the canonical JSON of the event and the hash before it."""
    content = [
        event.case_id,
        event.seq,
        event.name,
        event.effective_on.isoformat(),
        event.actor_id,
        event.actor_name,
        event.acting_for,
        event.organisation_id,
        event.from_state,
        event.to_state,
        event.data,
        event.previous_hash,
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def broken_at(events: Iterable[CaseEvent], last_seq: int) -> int | None:
    """The number of the first event of one case that is missing or was changed, or None; `last_seq` is what the case remembers."""
    previous, expected = GENESIS, 1
    for event in events:
        if event.seq != expected or event.previous_hash != previous or event.hash != hash_of(event):
            return expected
        previous, expected = event.hash, expected + 1
    return None if last_seq == expected - 1 else expected


def broken_chains() -> Iterator[tuple[int, int]]:
    """(case, number of its first event that is missing or was changed) of every case whose chain does not hold; one pass over all events."""
    last = dict(Case.objects.values_list("pk", "last_seq"))
    events = CaseEvent.objects.order_by("case_id", "seq").iterator(chunk_size=2000)
    for pk, chain in groupby(events, key=lambda event: event.case_id):
        if (seq := broken_at(chain, last.pop(pk))) is not None:
            yield pk, seq
    yield from ((pk, 1) for pk in last)
