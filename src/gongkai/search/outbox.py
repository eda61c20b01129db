"""The outbox: which items changed and wait to be indexed."""

from __future__ import annotations

from collections.abc import Iterable


def enqueue(item_ids: Iterable[int]) -> None:
    """Note that the items changed (or went away). Call it inside the transaction that changes them.

    The note is committed or rolled back with the change, so none is lost and none is made up.
    """
    # Imported here because this module is part of the package's façade, and Django loads that before its models.
    from gongkai.search.models import OutboxEntry

    OutboxEntry.objects.bulk_create([OutboxEntry(item_id=item_id) for item_id in dict.fromkeys(item_ids)])
