"""The embedded engine: Tantivy in the process, index in a directory."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import tantivy
from tantivy import Order, Searcher

from gongkai.search.documents import SearchDocument, id_of
from gongkai.search.engine import SearchUnavailable
from gongkai.search.engines.embedded_answers import Counted, answer, scored
from gongkai.search.engines.embedded_directory import IndexDirectory
from gongkai.search.engines.embedded_query import query_of
from gongkai.search.engines.embedded_schema import index_document, register_tokenizer, schema
from gongkai.search.fields import DIGEST, ID, SORT_KEY
from gongkai.search.plan import EVERYTHING, Clause, after, plan, relaxes
from gongkai.search.query import SearchQuery
from gongkai.search.ranking import words_needed, words_needed_relaxed
from gongkai.search.results import SearchResults

T = TypeVar("T")

LOOK_EVERY = 0.2
"""Seconds for which a reader trusts that the index is what it was."""
HEAP, BULK_HEAP = 30_000_000, 256_000_000
"""Bytes of the writer: little for some changes, much for a whole index (fewer segments to merge)."""
MOST_VALUES = 65_000
"""Values of a facet counted in each segment; below that number counts are exact."""
DIGEST_BATCH = 5_000

_REINDEX = "搜索索引暂时不可用，请系统管理员运行“gongkai reindex”重建索引。"


class EmbeddedEngine:
    """`gongkai.search.engine.Engine` on a directory of this machine. Before anything was indexed it finds nothing."""

    def __init__(self, root: Path) -> None:
        self._directory = IndexDirectory(root)
        self._reader = _Reader(self._directory)

    def search(self, query: SearchQuery) -> SearchResults:
        """Answer ``query``; when too few documents have all the words, with those that have some of them (`relaxed`)."""
        opened = self._reader.opened()
        if opened is None:
            return SearchResults((), 0, dict.fromkeys(query.facets, ()), None)
        searcher, counted = opened.index.searcher(), opened.counted
        results = answer(searcher, counted, query, plan(query, words_needed))
        if relaxes(query, results.total):
            wider = answer(searcher, counted, query, plan(query, words_needed_relaxed), relaxed=True)
            results = wider if wider.total > results.total else results
        return results

    def top(self, clause: Clause, *, limit: int, by: str = "") -> tuple[int, ...]:
        """Ids of the best documents for ``clause`` (see `Engine.top`)."""
        searcher = self._reader.searcher()
        if searcher is None:
            return ()
        wanted = query_of(clause)
        if by:
            found = searcher.search(wanted, limit, count=False, order_by_field=by, order=Order.Desc).hits
            return tuple(id_of(int(key)) for key, _ in found)
        found = searcher.search(wanted, limit, count=False).hits
        return tuple(id_of(key) for _, key in sorted(scored(searcher, found), reverse=True))

    def digests(self) -> Iterator[tuple[int, int]]:
        """Yield ``(id, digest)`` of every document, oldest first; reads one state of the index."""
        searcher = self._reader.searcher()
        if searcher is None:
            return
        key = -1
        while True:
            wanted = query_of(after(key, newest=False) if key >= 0 else EVERYTHING)
            hits = searcher.search(wanted, DIGEST_BATCH, count=False, order_by_field=SORT_KEY, order=Order.Asc).hits
            if not hits:
                return
            digests = searcher.fast_field_values(DIGEST, [address for _, address in hits])
            for (key, _), digest in zip(hits, digests, strict=True):
                yield id_of(key), int(digest or 0)

    @contextmanager
    def writer(self, *, bulk: bool = False) -> Iterator[EmbeddedWriter]:
        """Open the live index for changes (see `Engine.writer`)."""
        live = self._directory.live()
        if live is None:
            live = self._directory.create()
            index = _open(live)
            self._directory.make_live(live)
        else:
            index = self._live_index(live)
        with EmbeddedWriter(index, BULK_HEAP if bulk else HEAP) as writer:
            yield writer
        self._reader.look_again()

    def readable(self) -> bool:
        """True when there is a live index."""
        return self._reader.opened() is not None

    def writable(self) -> bool:
        """True when there is a live index, of this program's schema and in good order."""
        live = self._directory.live()
        try:
            return live is not None and self._live_index(live) is not None
        except SearchUnavailable:
            return False

    def _live_index(self, live: Path) -> tantivy.Index:
        if not self._directory.readable(live):
            raise SearchUnavailable(_REINDEX)
        try:
            return _open(live)
        except ValueError as error:
            raise SearchUnavailable(_REINDEX) from error

    def tidy(self) -> int:
        """Remove the versions that are not live."""
        return self._directory.remove_leftovers()

    @contextmanager
    def rebuild(self) -> Iterator[EmbeddedRebuild]:
        """Begin a new index (see `Engine.rebuild`)."""
        self._directory.remove_leftovers()
        try:
            version = self._directory.create()
            with EmbeddedRebuild(_open(version), BULK_HEAP) as rebuild:
                rebuild.prepare(self._directory, version)
                yield rebuild
        finally:
            self._directory.remove_leftovers()
            self._reader.look_again()


class EmbeddedWriter:
    """`gongkai.search.engine.Writer` on one open index."""

    def __init__(self, index: tantivy.Index, heap: int) -> None:
        self._writer = index.writer(heap, 1)

    def put(self, documents: Iterable[SearchDocument]) -> int:
        """Add or replace documents."""
        count = 0
        for document in documents:
            self._writer.delete_documents_by_term(ID, str(document.id))
            self._writer.add_document(index_document(document))
            count += 1
        return count

    def delete(self, ids: Iterable[int]) -> None:
        """Remove documents."""
        for item_id in ids:
            self._writer.delete_documents_by_term(ID, str(item_id))

    def commit(self) -> None:
        """Make the changes durable."""
        self._writer.commit()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._writer.rollback()
        self._writer.wait_merging_threads()  # also ends the writer; without it merges begun would be lost


class EmbeddedRebuild(EmbeddedWriter):
    """`gongkai.search.engine.Rebuild`: a new version beside the live one."""

    _directory: IndexDirectory
    _version: Path

    def prepare(self, directory: IndexDirectory, version: Path) -> None:
        """Say which version this is and where it will go live."""
        self._directory, self._version = directory, version

    def publish(self) -> None:
        """Commit and put the new version in the place of the live one."""
        self.commit()
        self._directory.make_live(self._version)


def _open(version: Path) -> tantivy.Index:
    """Open the index in ``version``, or make it there."""
    index = tantivy.Index(schema(), str(version), True)
    register_tokenizer(index)
    index.config_reader("Manual")
    index.reload()
    return index


@dataclass(frozen=True, slots=True)
class _Opened:
    """An index that was opened, and the state of the files by which a change is noticed."""

    index: tantivy.Index
    version: Path
    meta: tuple[int, int, int]
    counted: Counted = field(default_factory=Counted)


class _Reader:
    """The one open index of this process; follows commits and swaps, looking at most every `LOOK_EVERY` seconds."""

    def __init__(self, directory: IndexDirectory) -> None:
        self._directory = directory
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        self._looked = float("-inf")

    def look_again(self) -> None:
        """Look at the files at the next question, whenever the last look was."""
        self._looked = float("-inf")

    def searcher(self) -> Searcher | None:
        """A searcher over the last committed state; ``None`` when there is no index yet."""
        opened = self.opened()
        return opened.index.searcher() if opened else None

    def opened(self) -> _Opened | None:
        """The last committed state of the index; ``None`` when there is none yet."""
        if time.monotonic() - self._looked >= LOOK_EVERY:
            with self._lock:
                self._refresh()
                self._looked = time.monotonic()
        return self._opened

    def _refresh(self) -> None:
        for attempt in range(3):
            try:
                self._opened = self._current()
                return
            except (OSError, ValueError) as error:
                # A swap can remove a version between reading the pointer and opening it: look again. If a new version
                # cannot be had, the one already open still answers.
                if attempt == 2 and self._opened is None:
                    raise SearchUnavailable(_REINDEX) from error

    def _current(self) -> _Opened | None:
        version = self._directory.live()
        if version is None:
            return None
        if not self._directory.readable(version):
            raise SearchUnavailable(_REINDEX)
        status = (version / "meta.json").stat()
        meta = (status.st_mtime_ns, status.st_ino, status.st_size)
        opened = self._opened
        if opened is None or opened.version != version:
            return _Opened(_open(version), version, meta)
        if opened.meta == meta:
            return opened
        opened.index.reload()
        return _Opened(opened.index, version, meta)
