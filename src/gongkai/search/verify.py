"""Does the index equal the database? For `gongkai doctor`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gongkai.search.engine import Engine
from gongkai.search.indexer import BATCH, all_ids, load, pending
from gongkai.search.service import engine as deployed_engine


@dataclass(frozen=True, slots=True)
class Verification:
    """What differs between the index and the database; ids ascending."""

    checked: int
    """Documents compared."""
    missing: tuple[int, ...]
    """Public, but not to be found."""
    extra: tuple[int, ...]
    """To be found, but not public (any more): the serious one."""
    stale: tuple[int, ...]
    """Found with old content, or analysed by an older dictionary or program."""
    pending: int
    """Changes that wait to be indexed; differences of these items are no fault yet."""

    @property
    def equal(self) -> bool:
        """True when the index says what the database says."""
        return not (self.missing or self.extra or self.stale)


def verify(
    ids_in_db: Iterable[int] | None = None,
    *,
    engine: Engine | None = None,
    progress: Callable[[int], None] = lambda count: None,
) -> Verification:
    """Compare every document of the index with the database, by a digest of its content.

    Args:
        ids_in_db: ids of everything public; by default what `GONGKAI_SEARCH_ALL_IDS` says.
        engine: the deployment's engine by default.
        progress: called with the number of items just compared.
    """
    indexed = dict((engine or deployed_engine()).digests())
    missing: list[int] = []
    stale: list[int] = []
    checked = 0
    for ids in _batches(ids_in_db) if ids_in_db is not None else all_ids():
        for item_id, document in load(ids).items():
            digest = indexed.pop(item_id, None)
            checked += 1
            if digest is None:
                missing.append(item_id)
            elif digest != document.digest:
                stale.append(item_id)
        progress(len(ids))
    return Verification(checked, tuple(sorted(missing)), tuple(sorted(indexed)), tuple(sorted(stale)), pending())


def _batches(ids: Iterable[int]) -> Iterable[list[int]]:
    batch: list[int] = []
    for item_id in ids:
        batch.append(item_id)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
