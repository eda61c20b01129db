"""Embedded search against SQLite FTS5: the same documents, tokens and questions, in one run on one core.

    python -m bench.search_embedded --items 30000

With `GONGKAI_TEST_OPENSEARCH` (the home of an unpacked distribution) also OpenSearch on one node of this machine: by the clock,
because its work is done in another process.

Prints the build rate (analysis included), the size of the index, and the CPU time of a full results page: two filters,
four facets, ten hits with a passage each. Both sides read the bodies of the ten hits from one SQLite table. What counts
are the ratios; exit status 1 when one is over its budget.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from django.conf import settings
from tqdm import tqdm

from bench.measurement import Measurement, quantile, table, write_json
from bench.search_documents import documents, questions
from gongkai.search import SearchDocument, SearchQuery
from gongkai.search.engines.embedded import EmbeddedEngine
from gongkai.search.fields import index_fields
from gongkai.text.analysis import pairs
from gongkai.text.highlight import passage

FILTERS = {"kind": ("policy", "notice"), "validity": ("in_force",)}
FACETS = {"kind": 10, "organisation": 20, "year": 20, "subjects": 20}
BATCH = 500
RATIOS = ((300_000, 1 / 8), (30_000, 1 / 3))
"""Most that search may take of the CPU of FTS5, from this number of documents on."""
PEER = "the same by SQLite FTS5, CPU p50"


def main() -> int:
    """Build both, ask both, print the table."""
    options = _options()
    settings.configure(TIME_ZONE="Asia/Shanghai", USE_TZ=True)
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as directory:
        root = Path(directory)
        engine = EmbeddedEngine(root / "index")
        measurements = _built(_build(engine, options), root / "index", options)
        peer = _Fts5(root / "fts5.sqlite3")
        peer.build(options)
        asked = _asked(engine, options.questions)
        measurements += _compare(engine, peer, asked, options.items)
    if os.environ.get("GONGKAI_TEST_OPENSEARCH"):
        measurements += _opensearch(options, asked)
    print(table(measurements))
    if options.json:
        write_json(measurements, options.json)
    return 0 if all(measurement.within for measurement in measurements) else 1


def budget(items: int) -> float | None:
    """Most that search may take of the CPU of FTS5 with this number of documents; none where there are few."""
    return next((ratio for least, ratio in RATIOS if items >= least), None)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench.search_embedded", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=30_000, help="documents (default 30000)")
    parser.add_argument("--length", type=int, default=3_000, help="characters of a document (default 3000)")
    parser.add_argument("--questions", type=int, default=200, help="questions (default 200)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    return parser.parse_args()


def _built(seconds: float, directory: Path, options: argparse.Namespace) -> list[Measurement]:
    size = sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
    documents_ = f"{options.items} documents of {options.length} characters"
    return [
        Measurement("index built on one core", options.items / seconds, "documents/s", peer=documents_),
        Measurement("size of the index", size / 1e6, "MB", peer=f"{size / options.items / 1000:.1f} kB a document"),
    ]


def _build(engine: EmbeddedEngine, options: argparse.Namespace) -> float:
    """Index everything; return CPU seconds, making the documents not counted."""
    seconds = 0.0
    with engine.rebuild() as rebuild:
        for batch in _batches(options, "index"):
            started = time.process_time()
            rebuild.put(batch)
            seconds += time.process_time() - started
        started = time.process_time()
        rebuild.publish()
    return seconds + time.process_time() - started


def _batches(options: argparse.Namespace, name: str) -> Iterator[list[SearchDocument]]:
    made = documents(options.items, length=options.length)
    with tqdm(total=options.items, desc=name, disable=None) as bar:
        while batch := list(islice(made, BATCH)):
            yield batch
            bar.update(len(batch))


def _opensearch(options: argparse.Namespace, asked: list[str]) -> list[Measurement]:
    """Build and ask the cluster; milliseconds until the page is there, the embedded engine's being nearly all CPU."""
    from tests.search.opensearch_nodes import Cluster, home

    from gongkai.search.engines.opensearch import temporary_engine

    os.sched_setaffinity(0, range(os.cpu_count() or 1))  # the server needs a core of its own
    cluster = Cluster(home())
    try:
        cluster.start()
        with temporary_engine(cluster.url, "bench") as engine:
            started = time.monotonic()
            with engine.rebuild() as rebuild:
                for batch in _batches(options, "opensearch"):
                    rebuild.put(batch)
                rebuild.publish()
            rate = options.items / (time.monotonic() - started)
            times = []
            for text in [*asked[:50], *asked]:  # the first warm it up
                started = time.monotonic()
                engine.search(SearchQuery(text, filters=FILTERS, facets=FACETS))
                times.append((time.monotonic() - started) * 1000)
    finally:
        cluster.close()
    return [
        Measurement("OpenSearch, built", rate, "documents/s", peer="by the clock"),
        Measurement("OpenSearch, search, p50", quantile(times[50:], 0.5), "ms clock"),
        Measurement("OpenSearch, search, p95", quantile(times[50:], 0.95), "ms clock"),
    ]


def _asked(engine: EmbeddedEngine, count: int) -> list[str]:
    """Questions of up to three words, all of which are needed and found: FTS5 cannot ask for some of them."""
    return [text for text in questions(count * 2) if _comparable(engine, text)][:count]


def _compare(engine: EmbeddedEngine, peer: _Fts5, asked: list[str], items: int) -> list[Measurement]:
    def ours(text: str) -> int:
        query = SearchQuery(text, filters=FILTERS, facets=FACETS)
        results = engine.search(query)
        _passages(peer.bodies(results.ids), query)
        return results.total

    def theirs(text: str) -> int:
        ids, total = peer.page(text)
        _passages(peer.bodies(ids), SearchQuery(text))
        return total

    for text in asked[:20]:  # warm both
        ours(text), theirs(text)
    mine, found = _measure(ours, asked)
    other, found_there = _measure(theirs, asked)
    same = sum(a == b for a, b in zip(found, found_there, strict=True))
    if same < len(asked):
        raise AssertionError(f"the two sides answer {len(asked) - same} questions differently")
    said = f"{len(asked)} questions, median matches {statistics.median(found):.0f}, the same on both sides"
    ratio = budget(items)

    def share(name: str, at: float) -> Measurement:
        ours_ms, theirs_ms = quantile(mine, at), quantile(other, at)
        beside = f"{ours_ms:.2f} ms, FTS5 {theirs_ms:.2f} ms"
        return Measurement(
            f"results page, share of FTS5's CPU, {name}", ours_ms / theirs_ms, "ratio", ratio, peer=beside
        )

    return [share("p50", 0.5), share("p95", 0.95), Measurement(PEER, quantile(other, 0.5), "ms", peer=said)]


def _comparable(engine: EmbeddedEngine, text: str) -> bool:
    query = SearchQuery(text, filters=FILTERS, limit=0)
    return len(query.parsed.words) <= 3 and not engine.search(query).relaxed


def _passages(bodies: Iterable[str], query: SearchQuery) -> None:
    for body in bodies:
        passage(body, query.terms)


def _measure(ask: Callable[[str], int], asked: list[str]) -> tuple[list[float], list[int]]:
    times, totals = [], []
    for text in asked:
        started = time.process_time()
        totals.append(ask(text))
        times.append((time.process_time() - started) * 1000)
    return times, totals


class _Fts5:
    """The peer: contentless FTS5 with our tokens, columns for filters and facets in an indexed table beside it."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path)
        self.db.executescript(
            """
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;
            PRAGMA mmap_size = 1000000000;
            CREATE VIRTUAL TABLE fts USING fts5(title_grams, lead_grams, text_grams, content='');
            CREATE TABLE item (id INTEGER PRIMARY KEY, kind TEXT, organisation TEXT, year TEXT, validity TEXT);
            CREATE TABLE subject (item INTEGER, code TEXT, PRIMARY KEY (item, code)) WITHOUT ROWID;
            CREATE TABLE body (id INTEGER PRIMARY KEY, text TEXT);
            """
        )

    def build(self, options: argparse.Namespace) -> None:
        """Insert everything in one transaction, then merge into one segment."""
        for batch in _batches(options, "fts5"):
            for document in batch:
                self._insert(document)
        self.db.execute("INSERT INTO fts(fts) VALUES ('optimize')")
        self.db.execute("ANALYZE")
        self.db.commit()

    def _insert(self, document: SearchDocument) -> None:
        fields = index_fields(document)
        tokens = (fields.title_grams, fields.lead_grams, fields.text_grams)
        self.db.execute(
            "INSERT INTO fts(rowid, title_grams, lead_grams, text_grams) VALUES (?,?,?,?)",
            (document.id, *tokens),
        )
        columns = (document.id, document.kind, str(document.organisation), str(document.year), document.validity)
        self.db.execute("INSERT INTO item VALUES (?,?,?,?,?)", columns)
        self.db.executemany("INSERT INTO subject VALUES (?,?)", [(document.id, code) for code in document.subjects])
        self.db.execute("INSERT INTO body VALUES (?,?)", (document.id, document.body))

    def bodies(self, ids: Iterable[int]) -> list[str]:
        """Bodies of a page of hits."""
        wanted = tuple(ids)
        marks = ",".join("?" * len(wanted))
        return [row[0] for row in self.db.execute(f"SELECT text FROM body WHERE id IN ({marks})", wanted)]

    def page(self, text: str) -> tuple[list[int], int]:
        """The same page: match once into a temporary table, then count, facets and ten hits from it."""
        run = self.db.execute
        run("DROP TABLE IF EXISTS temp.found")
        run(
            "CREATE TEMP TABLE found AS SELECT item.*, bm25(fts, 0.0, 0.25, 1.0) AS score FROM fts "
            "JOIN item ON item.id = fts.rowid WHERE fts MATCH ?",
            (_match(text),),
        )
        kinds, valid = "kind IN ('policy', 'notice')", "validity = 'in_force'"
        for column, where in (
            ("kind", valid),
            ("organisation", f"{kinds} AND {valid}"),
            ("year", f"{kinds} AND {valid}"),
        ):
            run(f"SELECT {column}, count(*) FROM found WHERE {where} GROUP BY 1 ORDER BY 2 DESC LIMIT 20").fetchall()
        run(
            f"SELECT code, count(*) FROM found JOIN subject ON item = found.id WHERE {kinds} AND {valid} "
            "GROUP BY 1 ORDER BY 2 DESC LIMIT 20"
        ).fetchall()
        total = run(f"SELECT count(*) FROM found WHERE {kinds} AND {valid}").fetchone()[0]
        ids = run(f"SELECT id FROM found WHERE {kinds} AND {valid} ORDER BY score LIMIT 10").fetchall()
        return [row[0] for row in ids], total


def _match(text: str) -> str:
    """All pairs of all words or of what may stand for a word, as the embedded engine matches them."""
    parsed = SearchQuery(text).parsed
    standing_for: dict[str, list[str]] = {word: [word] for word in parsed.words}
    for alternatives in parsed.alternatives:
        standing_for.get(alternatives.word, []).extend(alternatives.texts)
    return " AND ".join(f"({' OR '.join(_pairs_of(text) for text in texts)})" for texts in standing_for.values())


def _pairs_of(text: str) -> str:
    tokens = " AND ".join(f'"{token}"' for token in dict.fromkeys(token for _, token in pairs(text)))
    return f"(text_grams : ({tokens}))"


if __name__ == "__main__":
    sys.exit(main())
