"""The embedded engine: Tantivy in the process, index in a directory."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar, cast

import tantivy
from tantivy import Order, Query, Searcher, SearchResult

from gongkai.search.documents import SearchDocument, id_of
from gongkai.search.engine import Cursor, SearchUnavailable
from gongkai.search.engines import embedded_query
from gongkai.search.engines.embedded_directory import IndexDirectory
from gongkai.search.engines.embedded_query import Parts
from gongkai.search.engines.embedded_schema import index_document, register_tokenizer, schema
from gongkai.search.fields import DIGEST, ID, SORT_KEY
from gongkai.search.query import DEEPEST, SearchQuery, Sort
from gongkai.search.ranking import words_needed, words_needed_relaxed
from gongkai.search.results import FacetCount, Hit, SearchResults

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
        """Answer ``query``; when no document has all the words, one that has some of them (`relaxed`)."""
        opened = self._reader.opened()
        if opened is None:
            return SearchResults((), 0, dict.fromkeys(query.facets, ()), None)
        parts = embedded_query.build(schema(), query, words_needed)
        results = _answer(opened, query, parts)
        if results.total == 0 and len(query.parsed.words) > 1:
            parts = embedded_query.build(schema(), query, words_needed_relaxed)
            results = _answer(opened, query, parts, relaxed=True)
        return results

    def digests(self) -> Iterator[tuple[int, int]]:
        """Yield ``(id, digest)`` of every document, oldest first; reads one state of the index."""
        searcher = self._reader.searcher()
        if searcher is None:
            return
        key = -1
        while True:
            query = embedded_query.after(schema(), key, newest=False) if key >= 0 else Query.all_query()
            hits = searcher.search(query, DIGEST_BATCH, count=False, order_by_field=SORT_KEY, order=Order.Asc).hits
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
    counted: _Counted = field(default_factory=lambda: _Counted())


class _Counted:
    """What was counted in one state of the index: facets and totals do not depend on the page that is asked for, and a big
    list takes longer to count than to show. Bounded; goes with the state of the index. Safe from many threads."""

    def __init__(self, most: int = 500) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, object] = OrderedDict()

    def get(self, key: Hashable, count: Callable[[], T]) -> T:
        """The value counted for `key`, counted now if it was not."""
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return cast(T, self._known[key])
        value = count()
        with self._lock:
            self._known[key] = value
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return value


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


def _answer(opened: _Opened, query: SearchQuery, parts: Parts, *, relaxed: bool = False) -> SearchResults:
    searcher, sort = opened.index.searcher(), query.effective_sort
    cursor = Cursor.read(query.after, sort) if query.after is not None else None
    question = _question(query, relaxed=relaxed)

    def total() -> int:
        return opened.counted.get(question, lambda: _total(searcher.search(parts.counting(), 1)))

    page = _by_relevance if sort is Sort.RELEVANCE else _by_time
    hits, following = page(searcher, query, parts, cursor)
    wanted = tuple(query.facets.items())
    return SearchResults(
        hits=hits,
        total=total(),
        facets=opened.counted.get((question, wanted), lambda: _facets(searcher, query.facets, parts)),
        next_cursor=str(following) if following else None,
        relaxed=relaxed and total() > 0,
    )


def _question(query: SearchQuery, *, relaxed: bool) -> Hashable:
    """What a query asks, whichever page of the answer is wanted."""
    filters = tuple(sorted((name, tuple(sorted(values))) for name, values in query.filters.items()))
    return query.text, query.scope, filters, query.document_date, query.published_at, relaxed


_Page = tuple[tuple[Hit, ...], Cursor | None]
"""Hits, and the place of the next page."""


def _by_relevance(searcher: Searcher, query: SearchQuery, parts: Parts, cursor: Cursor | None) -> _Page:
    offset = query.offset + (cursor.value if cursor else 0)
    limit = min(query.limit, DEEPEST - offset)
    if limit <= 0:
        return (), None
    found = searcher.search(parts.ranked(), limit + 1, count=False, offset=offset).hits
    shown = found[:limit]
    keys = [int(key or 0) for key in searcher.fast_field_values(SORT_KEY, [address for _, address in shown])]
    hits = [Hit(id_of(key), score, key) for (score, _), key in zip(shown, keys, strict=True)]
    hits.sort(key=lambda hit: (-hit.score, -hit.sort_key))
    end = offset + len(hits)
    return tuple(hits), Cursor(Sort.RELEVANCE, end) if len(found) > limit and end < DEEPEST else None


def _by_time(searcher: Searcher, query: SearchQuery, parts: Parts, cursor: Cursor | None) -> _Page:
    if query.limit == 0:
        return (), None
    newest = query.effective_sort is Sort.NEWEST
    wanted = parts.counting()
    if cursor is not None:
        wanted = embedded_query.all_of([wanted, embedded_query.after(schema(), cursor.value, newest=newest)])
    found = searcher.search(
        wanted,
        query.limit + 1,  # one more than the page, to know whether there is another
        count=False,
        order_by_field=SORT_KEY,
        offset=query.offset,
        order=Order.Desc if newest else Order.Asc,
    )
    hits = tuple(Hit(id_of(key), 0.0, key) for key, _ in found.hits[: query.limit])
    more = len(found.hits) > query.limit
    return hits, Cursor(query.effective_sort, hits[-1].sort_key) if more else None


def _total(found: SearchResult) -> int:
    """Exact number of documents that match; the stubs of the library do not know the attribute."""
    return int(found.count)  # type: ignore[attr-defined]


def _facets(searcher: Searcher, wanted: Mapping[str, int], parts: Parts) -> dict[str, tuple[FacetCount, ...]]:
    """Count the facets without a filter of their own in one pass, each of the others in a pass without its filter."""
    counts: dict[str, tuple[FacetCount, ...]] = dict.fromkeys(wanted, ())
    together = [name for name in wanted if name not in parts.filters]
    passes = [(together, parts.counting())] if together else []
    passes += [([name], parts.counting(without=name)) for name in wanted if name in parts.filters]
    for names, query in passes:
        terms = {name: {"terms": {"field": name, "size": MOST_VALUES, "segment_size": MOST_VALUES}} for name in names}
        for name, answer in searcher.aggregate(query, terms).items():
            found = sorted(((bucket["key"], bucket["doc_count"]) for bucket in answer["buckets"]), key=_most_first)
            counts[name] = tuple(FacetCount(value, count) for value, count in found[: wanted[name]])
    return counts


def _most_first(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]
