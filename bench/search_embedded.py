"""Embedded search against SQLite FTS5: the same documents, tokens and questions, in one run on one core.

    python -m bench.search_embedded --items 30000

Prints the build rate (analysis included), the size of the index, and the CPU time of a full results page: two filters,
four facets, ten hits with a passage each. Both sides read the bodies of the ten hits from one SQLite table. What counts
are the ratios; `--max-ratio` makes the run fail above one.
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

from tqdm import tqdm

from bench.search_documents import documents, questions
from gongkai.search import SearchDocument, SearchQuery
from gongkai.search.engines.embedded import EmbeddedEngine
from gongkai.search.fields import index_fields
from gongkai.text.analysis import pairs
from gongkai.text.highlight import passage

FILTERS = {"kind": ("policy", "notice"), "validity": ("in_force",)}
FACETS = {"kind": 10, "organisation": 20, "year": 20, "subjects": 20}
BATCH = 500


def main() -> None:
    """Build both, ask both, print the table."""
    options = _options()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as directory:
        root = Path(directory)
        engine = EmbeddedEngine(root / "index")
        seconds = _build(engine, options)
        size = sum(path.stat().st_size for path in (root / "index").rglob("*") if path.is_file())
        print(f"build: {options.items / seconds:.0f} documents/s on one core, {options.length} characters each")
        print(f"index: {size / 1e6:.0f} MB, {size / options.items / 1000:.1f} kB a document")
        peer = _Fts5(root / "fts5.sqlite3")
        peer.build(options)
        _compare(engine, peer, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=30_000, help="documents (default 30000)")
    parser.add_argument("--length", type=int, default=3_000, help="characters of a document (default 3000)")
    parser.add_argument("--questions", type=int, default=200, help="questions (default 200)")
    parser.add_argument("--max-ratio", type=float, default=0.0, help="fail above this ratio of median CPU, e.g. 0.33")
    return parser.parse_args()


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


def _compare(engine: EmbeddedEngine, peer: _Fts5, options: argparse.Namespace) -> None:
    # of up to three words, all of which are needed and found: FTS5 cannot ask for some of them
    asked = [text for text in questions(options.questions * 2) if _comparable(engine, text)][: options.questions]

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
    assert same == len(asked), f"the two sides answer {len(asked) - same} questions differently"
    print(f"questions: {len(asked)}, median matches {statistics.median(found):.0f}, the same on both sides")
    print(f"{'':<24}{'p50 ms':>10}{'p95 ms':>10}{'mean ms':>10}")
    for name, times in (("embedded", mine), ("SQLite FTS5", other)):
        print(f"{name:<24}{_at(times, 0.5):>10.2f}{_at(times, 0.95):>10.2f}{statistics.mean(times):>10.2f}")
    ratio = _at(mine, 0.5) / _at(other, 0.5)
    print(
        f"{'ratio':<24}{ratio:>10.2f}{_at(mine, 0.95) / _at(other, 0.95):>10.2f}"
        f"{statistics.mean(mine) / statistics.mean(other):>10.2f}"
    )
    if options.max_ratio and ratio > options.max_ratio:
        sys.exit(f"ratio {ratio:.2f} is above {options.max_ratio}")


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


def _at(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


class _Fts5:
    """The peer: contentless FTS5 with our tokens, columns for filters and facets in an indexed table beside it."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path)
        self.db.executescript(
            """
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;
            PRAGMA mmap_size = 1000000000;
            CREATE VIRTUAL TABLE fts USING fts5(title_words, title_grams, text_words, text_grams, content='');
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
        tokens = (fields.title_words, fields.title_grams, fields.text_words, fields.text_grams)
        self.db.execute(
            "INSERT INTO fts(rowid, title_words, title_grams, text_words, text_grams) VALUES (?,?,?,?,?)",
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
            "CREATE TEMP TABLE found AS SELECT item.*, bm25(fts, 0.4, 0.6, 0.6, 1.0) AS score FROM fts "
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
    """All pairs of all words, as the embedded engine matches them."""
    words = SearchQuery(text).parsed.words
    tokens = dict.fromkeys(token for word in words for _, token in pairs(word))
    return " AND ".join(f'text_grams : "{token}"' for token in tokens)


if __name__ == "__main__":
    main()
