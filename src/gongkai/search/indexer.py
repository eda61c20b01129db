"""The indexer: from the outbox into the index, losing nothing and repeating nothing that shows.

The order is what makes it safe. Entries are read; their items are loaded as they are now; the index is changed and made
durable; only then are exactly those entries deleted. Dying in between means that the same items are written once more,
which changes nothing. The items come from a provider named in the settings, so search knows nothing of the domain:

``GONGKAI_SEARCH_PROVIDER``
    ``load(ids: Sequence[int]) -> dict[int, SearchDocument]``; an id that is not in the answer is not public (any more)
    and leaves the index.
``GONGKAI_SEARCH_ALL_IDS``
    ``all_ids(after: int, limit: int) -> list[int]``: ids of all public items above ``after``, ascending.
``GONGKAI_AFTER_INDEX``
    Called without arguments after the index changed (empty: nothing is called).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from typing import cast

from django.conf import settings
from django.db import close_old_connections
from django.utils.module_loading import import_string

from gongkai.search.documents import SearchDocument
from gongkai.search.engine import Engine, Rebuild, SearchUnavailable, Writer
from gongkai.search.lock import AnotherIndexerRuns, writing
from gongkai.search.models import OutboxEntry
from gongkai.search.service import engine as deployed_engine
from gongkai.search.service import index_directory

logger = logging.getLogger("gongkai.search")

BATCH = 500
"""Outbox entries read, and items loaded, at a time."""
BULK = 2_000
"""A backlog from which the indexer takes the big heap."""
LONGEST_ROUND = 10.0
"""Seconds after which a long backlog is committed, so that its beginning can be found while the rest is worked on."""

Load = Callable[[Sequence[int]], dict[int, SearchDocument]]
AllIds = Callable[[int, int], list[int]]


def load(ids: Sequence[int]) -> dict[int, SearchDocument]:
    """Ask the domain for the search documents of ``ids``."""
    return cast(Load, import_string(settings.GONGKAI_SEARCH_PROVIDER))(ids)


def all_ids() -> Iterator[list[int]]:
    """Ask the domain for the ids of everything public, in batches of `BATCH`."""
    batch_after = cast(AllIds, import_string(settings.GONGKAI_SEARCH_ALL_IDS))
    after = -1
    while ids := batch_after(after, BATCH):
        yield ids
        after = ids[-1]


def pending() -> int:
    """How many outbox entries wait."""
    return OutboxEntry.objects.count()


def index_pending(*, wait: float = 0.0) -> int:
    """Work off the outbox; return how many entries were done.

    Raises:
        AnotherIndexerRuns: another process writes the index and did not end within ``wait`` seconds.
    """
    done = 0
    with writing(index_directory(), wait=wait):
        deployed_engine().tidy()
        rebuilt = not deployed_engine().writable() and next(all_ids(), None) is not None
        if rebuilt:
            # Deleted, never built, or of another version of the program: applying the changes alone would give an index
            # that silently lacks everything else.
            done += _rebuild(lambda count: None)[1]
        while count := len(drain(deployed_engine())):
            done += count
    if rebuilt:
        after_index()
    return done


def index_forever(stop: Callable[[], bool], *, pause: float = 0.5) -> None:
    """Work off the outbox until ``stop()``.

    While another process writes (a reindex does this work too), or the engine cannot be written (a cluster that is away),
    the changes wait in the outbox and this goes on trying.
    """
    troubled = ""
    while not stop():
        close_old_connections()
        done, trouble = 0, ""
        try:
            done = index_pending() if OutboxEntry.objects.exists() or not deployed_engine().writable() else 0
        except AnotherIndexerRuns:
            pass
        except SearchUnavailable as error:
            trouble = str(error)
        if trouble != troubled:  # said once, not twice a second
            logger.warning("%s", f"索引更新暂停：{trouble}" if trouble else "索引更新恢复正常。")
            troubled = trouble
        if not done:
            time.sleep(pause)


def drain(engine: Engine) -> list[int]:
    """Apply one round of outbox entries to the live index, in one commit; return the item ids, one for each entry.

    The caller holds the writing lock.
    """
    entries: list[tuple[int, int]] = []
    backlog = OutboxEntry.objects.all()[: BULK + 1].count()
    if not backlog:
        return []
    started = time.monotonic()
    with engine.writer(bulk=backlog > BULK) as writer:
        while time.monotonic() - started < LONGEST_ROUND and (batch := _next_entries(entries)):
            apply(writer, [item_id for _, item_id in batch])
            entries += batch
        writer.commit()
        _delete([entry_id for entry_id, _ in entries])
    after_index()
    return [item_id for _, item_id in entries]


def apply(writer: Writer, item_ids: Sequence[int]) -> None:
    """Bring the index to the present state of the items; may be repeated at will."""
    wanted = list(dict.fromkeys(item_ids))
    documents = load(wanted)
    writer.put(documents.values())
    writer.delete(item_id for item_id in wanted if item_id not in documents)


def reindex(*, wait: float = 30.0, progress: Callable[[int], None] = lambda count: None) -> int:
    """Build a complete new index beside the live one and put it in its place; return how many documents it has.

    The live index goes on answering, and is kept fresh: between batches this process works off the outbox as the
    indexer would. What it worked off meanwhile may have been read for the new index before the change, so it is
    applied to the new index once more before the swap. Entries that come later stay in the outbox until after it.

    Args:
        wait: seconds to wait for an indexer at work.
        progress: called with the number of items just done.

    Raises:
        AnotherIndexerRuns: another process writes the index and did not end within ``wait`` seconds.
    """
    with writing(index_directory(), wait=wait):
        count, _ = _rebuild(progress)
        after_index()
    return count


def _rebuild(progress: Callable[[int], None]) -> tuple[int, int]:
    """`reindex` for one who holds the writing lock; documents written, and outbox entries done with.

    Entries that were there before the first item was read are covered by the new index; without this a first index would be
    written twice.
    """
    engine = deployed_engine()
    covered = list(OutboxEntry.objects.values_list("id", flat=True))
    with engine.rebuild() as new:
        count = _build(engine, new, progress)
        new.publish()
    _delete(covered)
    return count, len(covered)


def _build(engine: Engine, new: Rebuild, progress: Callable[[int], None]) -> int:
    changed: set[int] = set()
    count = 0
    for ids in all_ids():
        count += new.put(load(ids).values())
        changed.update(_keep_live_fresh(engine))
        progress(len(ids))
    while changed:
        batch = sorted(changed)
        for start in range(0, len(batch), BATCH):
            apply(new, batch[start : start + BATCH])
        changed = set(_keep_live_fresh(engine))
    return count


def _keep_live_fresh(engine: Engine) -> list[int]:
    """One round of the outbox for the live index, if there is one that can be written; else the entries wait."""
    return drain(engine) if OutboxEntry.objects.exists() and engine.writable() else []


def after_index() -> None:
    """Tell the rest of the system that the index changed."""
    name = getattr(settings, "GONGKAI_AFTER_INDEX", "")
    if name:
        import_string(name)()


def _next_entries(taken: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return ``(entry id, item id)`` of the next entries, oldest first."""
    above = taken[-1][0] if taken else 0
    return list(OutboxEntry.objects.filter(id__gt=above).order_by("id").values_list("id", "item_id")[:BATCH])


def _delete(entry_ids: Sequence[int]) -> None:
    for start in range(0, len(entry_ids), BATCH):
        OutboxEntry.objects.filter(id__in=entry_ids[start : start + BATCH]).delete()
