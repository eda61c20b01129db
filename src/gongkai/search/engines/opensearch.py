"""The second engine: an OpenSearch cluster, for more documents or more machines than one machine serves.

It is fed the same strings and asked the same plans as the embedded engine, so it finds and ranks alike; whatever differs is in
`docs/decisions/0017-opensearch.md`. What it shares with the other modules of this name: `opensearch_address` (`SEARCH_URL`),
`opensearch_client` (nodes that fail), `opensearch_indexes` (names, schema), `opensearch_query` (clauses), `opensearch_writer`.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import count

from gongkai.search.documents import id_of
from gongkai.search.engine import Cursor, SearchUnavailable
from gongkai.search.engines.opensearch_address import Address
from gongkai.search.engines.opensearch_client import BUSY, Busy, Client, Refused
from gongkai.search.engines.opensearch_indexes import Indexes
from gongkai.search.engines.opensearch_query import Json, query_of
from gongkai.search.engines.opensearch_writer import OpenSearchRebuild, OpenSearchWriter
from gongkai.search.engines.relevance import Scored, depth, relevance_page
from gongkai.search.fields import DIGEST, SORT_KEY
from gongkai.search.plan import Clause, Plan, plan, relaxes
from gongkai.search.query import SearchQuery, Sort
from gongkai.search.ranking import words_needed, words_needed_relaxed
from gongkai.search.results import FacetCount, Hit, SearchResults

MOST_VALUES = 10_000
"""Values of a facet that each shard tells; below that number counts are exact."""
DIGEST_BATCH = 5_000
SNAPSHOT = "5m"
"""How long the cluster keeps the state that `digests` reads, from one batch to the next."""

_REINDEX = "搜索索引由其他版本的程序建立，暂时不可用，请系统管理员运行“gongkai reindex”重建索引。"
_INTERRUPTED = "读取检索索引时中断，请稍后重试；如多次出现，请系统管理员检查检索集群。"


class OpenSearchEngine:
    """`gongkai.search.engine.Engine` on a cluster. Before anything was indexed it finds nothing."""

    def __init__(self, address: Address, take_turn: Callable[[], int]) -> None:
        """``take_turn`` gives each writer a higher number than any writer before it, whichever machine that ran on."""
        self._address = address
        self._client = Client(address)
        self._indexes = Indexes(self._client, address.prefix)
        self._take_turn = take_turn

    def search(self, query: SearchQuery) -> SearchResults:
        """Answer ``query``; when too few documents have all the words, with those that have some of them (`relaxed`)."""
        results = self._answer(query, plan(query, words_needed))
        if relaxes(query, results.total):
            wider = self._answer(query, plan(query, words_needed_relaxed), relaxed=True)
            results = wider if wider.total > results.total else results
        return results

    def readable(self) -> bool:
        """True when there is a live index."""
        return self.writable()

    def writable(self) -> bool:
        """True when there is a live index of this program's schema."""
        return self._indexes.live() is not None

    def tidy(self) -> int:
        """Remove the indexes that are not live."""
        return self._indexes.remove_leftovers()

    @contextmanager
    def writer(self, *, bulk: bool = False) -> Iterator[OpenSearchWriter]:
        """Open the live index for changes (see `Engine.writer`); ``bulk`` makes no difference to a cluster."""
        turn = self._take_turn()
        live = self._indexes.live() or self._create(live=True)
        yield OpenSearchWriter(self._client, live, turn)

    @contextmanager
    def rebuild(self) -> Iterator[OpenSearchRebuild]:
        """Begin a new index (see `Engine.rebuild`)."""
        turn = self._take_turn()
        self._indexes.remove_leftovers()
        try:
            yield OpenSearchRebuild(self._client, self._create(live=False), turn, self._make_live)
        except BaseException:
            with suppress(SearchUnavailable):  # the next writer tidies up when the cluster cannot be asked now
                self._indexes.remove_leftovers()
            raise
        self._indexes.remove_leftovers()

    def top(self, clause: Clause, *, limit: int, by: str = "") -> tuple[int, ...]:
        """Ids of the best documents for ``clause`` (see `Engine.top`)."""
        if self._indexes.live() is None:
            return ()
        body: Json = {
            "query": query_of(clause),
            "size": limit,
            "sort": [{by: "desc"}] if by else [{"_score": "desc"}, {SORT_KEY: "desc"}],
            "_source": False,
            "stored_fields": "_none_",
            "track_total_hits": False,
        }
        try:
            answer = self._client.ask(
                "POST", f"/{self._indexes.alias}/_search?allow_partial_search_results=false", body
            )
        except Refused as error:
            raise SearchUnavailable(_INTERRUPTED) from error
        return tuple(id_of(int(hit["sort"][-1])) for hit in answer["hits"]["hits"])

    def digests(self) -> Iterator[tuple[int, int]]:
        """Yield ``(id, digest)`` of every document, oldest first; reads one state of the index."""
        if self._indexes.live() is None:
            return
        snapshot = self._client.ask("POST", f"/{self._indexes.alias}/_search/point_in_time?keep_alive={SNAPSHOT}")
        identity = snapshot["pit_id"]
        body: Json = {
            "size": DIGEST_BATCH,
            "sort": [{SORT_KEY: "asc"}],
            "docvalue_fields": [DIGEST],
            "stored_fields": "_none_",
            "track_total_hits": False,
            "pit": {"id": identity, "keep_alive": SNAPSHOT},
        }
        try:
            while True:
                answer = self._client.ask("POST", "/_search?allow_partial_search_results=false", body, seconds=60.0)
                hits = answer["hits"]["hits"]
                for hit in hits:
                    yield id_of(int(hit["sort"][0])), int(hit["fields"][DIGEST][0])
                if len(hits) < DIGEST_BATCH:
                    return
                identity = body["pit"]["id"] = answer.get("pit_id", identity)
                body["search_after"] = hits[-1]["sort"]
        except Refused as error:
            raise SearchUnavailable(_INTERRUPTED) from error
        finally:
            with suppress(SearchUnavailable):
                self._client.ask("DELETE", "/_search/point_in_time", {"pit_id": [identity]})

    def names(self) -> list[str]:
        """Every index below the prefix, live or not."""
        return self._indexes.all()

    def remove_everything(self) -> None:
        """Remove every index below the prefix, the live one included: for engines that were only made for a test."""
        self._indexes.remove_all()

    def _create(self, *, live: bool) -> str:
        return self._indexes.create(live=live, shards=self._address.shards, replicas=self._address.replicas)

    def _make_live(self, index: str) -> None:
        self._indexes.make_live(index, self._address.replicas)

    def _answer(self, query: SearchQuery, planned: Plan, *, relaxed: bool = False) -> SearchResults:
        sort = query.effective_sort
        cursor = Cursor.read(query.after, sort) if query.after is not None else None
        by_relevance = sort is Sort.RELEVANCE
        number = depth(query, planned, cursor) if by_relevance else 0
        page = _best(query_of(planned.matching()), number) if by_relevance else _time_page(query, planned, cursor)
        counting = _facet_passes(query.facets, planned)
        page |= {"track_total_hits": True, "_source": False} | _aggregations(counting[0][0], query.facets)
        others = [_counting_body(names, body, query.facets) for names, body in counting[1:]]
        answers = self._ask([page, *others], query)
        if answers is None:
            return SearchResults((), 0, dict.fromkeys(query.facets, ()), None)
        found = answers[0]["hits"]
        total = int(found["total"]["value"])
        if by_relevance:

            def more(ids: tuple[int, ...]) -> list[Scored]:
                asked = _best(query_of(planned.ranked(ids)), len(ids)) | {"_source": False, "track_total_hits": False}
                return [one for answer in self._ask([asked], query) or [] for one in _scored(answer["hits"]["hits"])]

            hits, following = relevance_page(query, planned, cursor, _scored(found["hits"]), more)
        else:
            hits, following = _hits_by_time(query, found["hits"])
        return SearchResults(
            hits=hits,
            total=total,
            facets=_facets(query.facets, answers),
            next_cursor=str(following) if following else None,
            relaxed=relaxed and total > 0,
        )

    def _ask(self, bodies: list[Json], query: SearchQuery) -> list[Json] | None:
        """Ask several questions at once; ``None`` when there is no index."""
        head = {
            "index": self._indexes.alias,
            "search_type": "dfs_query_then_fetch",  # scores by the statistics of all shards together
            "allow_partial_search_results": False,
            "preference": _preference(query),
        }
        lines = [part for body in bodies for part in (head, body)]
        answer = self._client.ask("POST", "/_msearch", lines=lines, check=_complete)
        answers: list[Json] = answer["responses"]
        for one in answers:
            if "error" not in one:
                continue
            if one["error"].get("type") == "index_not_found_exception":
                if self._indexes.other_schema():
                    raise SearchUnavailable(_REINDEX)
                return None
            raise Refused(int(one["status"]), str(one["error"].get("type")), str(one["error"])[:2000])
        return answers


@contextmanager
def temporary_engine(url: str, name: str = "temporary") -> Iterator[OpenSearchEngine]:
    """An engine on indexes of its own in the cluster of ``url`` (of the form of `SEARCH_URL`); all is removed at the end.

    Args:
        url: where the cluster is; its prefix is not used.
        name: lower-case beginning of the names of its indexes, which end by chance so that several can stand side by side.
    """
    address = replace(Address.read(url), prefix=f"{name}-{secrets.token_hex(6)}")
    engine = OpenSearchEngine(address, count(1).__next__)
    try:
        yield engine
    finally:
        engine.remove_everything()


def _preference(query: SearchQuery) -> str:
    """The same words go to the same copies: their deleted documents differ, and with them scores, by a hair."""
    return hashlib.blake2b(query.text.encode(errors="replace"), digest_size=6).hexdigest()


def _complete(answer: Json) -> None:
    for one in answer["responses"]:
        if "error" in one and int(one.get("status", 500)) in BUSY:
            raise Busy(str(one["error"])[:500])
        if one.get("timed_out"):
            raise Busy("timed out")


# --- one page ----------------------------------------------------------------------------------------------------------
def _best(query: Json, number: int) -> Json:
    """The best documents, as many as are wanted."""
    return {"query": query, "size": number, "sort": [{"_score": "desc"}, {SORT_KEY: "desc"}]}


def _scored(found: list[Json]) -> list[Scored]:
    return [(float(score), int(key)) for score, key in (one["sort"] for one in found)]


def _time_page(query: SearchQuery, planned: Plan, cursor: Cursor | None) -> Json:
    order = "desc" if query.effective_sort is Sort.NEWEST else "asc"
    page: Json = {
        "query": query_of(planned.counting()),
        "size": query.offset + query.limit + 1 if query.limit else 0,  # one more, to know whether there is another page
        "sort": [{SORT_KEY: order}],
    }
    if cursor is not None and query.limit:
        page["search_after"] = [cursor.value]
    return page


def _hits_by_time(query: SearchQuery, found: list[Json]) -> tuple[tuple[Hit, ...], Cursor | None]:
    keys = [int(one["sort"][0]) for one in found[query.offset :]]
    hits = tuple(Hit(id_of(key), 0.0, key) for key in keys[: query.limit])
    more = len(keys) > query.limit and query.limit > 0
    return hits, Cursor(query.effective_sort, hits[-1].sort_key) if more else None


# --- facets ------------------------------------------------------------------------------------------------------------
def _facet_passes(wanted: Mapping[str, int], planned: Plan) -> list[tuple[list[str], Json]]:
    """Facets without a filter of their own are counted with the page, each of the others without its filter."""
    apart = [name for name in wanted if name in planned.filters]
    together = [name for name in wanted if name not in planned.filters]
    return [(together, {}), *(([name], query_of(planned.counting(without=name))) for name in apart)]


def _counting_body(names: list[str], query: Json, wanted: Mapping[str, int]) -> Json:
    return {"query": query, "size": 0, "track_total_hits": False} | _aggregations(names, wanted)


def _aggregations(names: list[str], wanted: Mapping[str, int]) -> Json:
    counted = {
        name: {"terms": {"field": name, "size": wanted[name], "shard_size": max(wanted[name], MOST_VALUES)}}
        for name in names
        if wanted[name] > 0
    }
    return {"aggs": counted} if counted else {}


def _facets(wanted: Mapping[str, int], answers: list[Json]) -> dict[str, tuple[FacetCount, ...]]:
    counts: dict[str, tuple[FacetCount, ...]] = dict.fromkeys(wanted, ())
    for answer in answers:
        for name, counted in answer.get("aggregations", {}).items():
            counts[name] = tuple(FacetCount(one["key"], one["doc_count"]) for one in counted["buckets"])
    return counts
