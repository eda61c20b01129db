"""Help while searching: CPU for each key pressed, for correct and mistyped questions, and how good the answers are.

    python -m bench.suggestions --items 300000

Documents are those of `bench.search_documents`, short by default because suggestions and corrections look at titles; with
`--titles FILE` (one title a line) every second document bears one of these titles, varied by place and year. Titles are read from
an SQLite table by id, as the product reads them.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from tqdm import tqdm

from bench.measurement import Measurement, quantile, table, write_json
from bench.mistakes import Mistake, Part, Typist, corrected, needless
from bench.search_documents import documents
from gongkai.search import SearchDocument, SearchQuery
from gongkai.search.corrections import correction
from gongkai.search.engines.embedded import EmbeddedEngine
from gongkai.search.suggestions import suggest
from gongkai.search.title_fields import sound_tokens, suggest_tokens
from gongkai.search.title_lookup import TitleLookup
from gongkai.text.pinyin import readings
from gongkai.text.titles import compact, topic

T = TypeVar("T")
KEY_MS = 20.0
PLACES = (
    "谯东镇",
    "双沟镇",
    "淝河镇",
    "城父镇",
    "十八里镇",
    "大杨镇",
    "观堂镇",
    "沙土镇",
    "立德镇",
    "赵桥乡",
    "古城镇",
    "龙扬镇",
)


def main() -> int:
    """Build, ask, print; exit status 1 when a key takes too long."""
    options = _options()
    settings.configure(GONGKAI_SUGGESTION_SOURCES=())
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as directory:
        lookup, titles = _built(Path(directory), options)
        measurements = [
            _analysis(titles),
            *_keys(lookup, titles[: options.questions]),
            *_questions(lookup, titles[: options.questions]),
            *_accuracy(lookup, titles),
        ]
    print(table(measurements))
    if options.json:
        write_json(measurements, options.json)
    return 0 if all(measurement.within for measurement in measurements) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=30_000, help="documents (default 30000)")
    parser.add_argument("--length", type=int, default=300, help="characters of a document (default 300)")
    parser.add_argument("--questions", type=int, default=150, help="titles typed key by key (default 150)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    parser.add_argument("--titles", type=Path, metavar="FILE", help="further titles, one a line")
    return parser.parse_args()


def _built(root: Path, options: argparse.Namespace) -> tuple[TitleLookup, list[str]]:
    table = sqlite3.connect(root / "titles.sqlite3")
    table.execute("CREATE TABLE title (id INTEGER PRIMARY KEY, text TEXT)")
    engine = EmbeddedEngine(root / "index")
    with engine.rebuild() as rebuild:
        rebuild.put(_kept(tqdm(_documents(options), total=options.items, desc="index", disable=None), table))
        rebuild.publish()
    chosen = [text for (text,) in table.execute("SELECT text FROM title ORDER BY (id * 7919) % 104729 LIMIT 2000")]

    def titles(ids: Sequence[int]) -> Mapping[int, str]:
        marks = ",".join("?" * len(ids))
        return dict(table.execute(f"SELECT id, text FROM title WHERE id IN ({marks})", tuple(ids)).fetchall())

    return TitleLookup(engine, titles), list(dict.fromkeys(chosen))


def _documents(options: argparse.Namespace) -> Iterator[SearchDocument]:
    given = options.titles.read_text(encoding="utf-8").splitlines() if options.titles else []
    rng = random.Random(7)
    for document in documents(options.items, length=options.length):
        if given and document.id % 2:
            title, place, year = rng.choice(given), rng.choice(PLACES), rng.randrange(2008, 2026)
            forms = (f"谯城区{place}{year}年{title}", f"{place}关于转发《{title}》的通知", f"{title}（{year}年修订）")
            document = replace(document, title=rng.choice(forms))
        yield document


def _kept(made: Iterator[SearchDocument], table: sqlite3.Connection) -> Iterator[SearchDocument]:
    for document in made:
        table.execute("INSERT INTO title VALUES (?, ?)", (document.id, document.title))
        yield document
    table.commit()


def _analysis(titles: Sequence[str]) -> Measurement:
    started = time.process_time()
    for title in titles:
        suggest_tokens(title), sound_tokens(title)
    return Measurement("title fields of a document, CPU", (time.process_time() - started) / len(titles) * 1000, "ms")


def _keys(lookup: TitleLookup, titles: Sequence[str]) -> Iterator[Measurement]:
    """Each topic typed key by key: in characters, in pinyin (four characters), in initials."""
    suggest("医", lookup=lookup)  # reads the table of sounds
    for name, spell in (("characters", lambda text: text), ("pinyin", _pinyin), ("initials", _initials)):
        times = []
        for title in titles:
            found = topic(title)
            text = spell(compact(title[found.start : found.end])[:8])
            times += [
                _timed(lambda typed=text[:length]: suggest(typed, lookup=lookup))[1]
                for length in range(1, len(text) + 1)
            ]
        yield from _row(f"suggestions, a key of {name}", times, KEY_MS)


def _pinyin(text: str) -> str:
    return "".join(readings(char)[0] if readings(char) else char for char in text[:4])


def _initials(text: str) -> str:
    return "".join(readings(char)[0][0] if readings(char) else char for char in text)


def _questions(lookup: TitleLookup, titles: Sequence[str]) -> Iterator[Measurement]:
    typist = Typist(titles, seed=1)
    parts = (Part.TITLE, Part.TOPIC, Part.PHRASE)
    right = [typist.query(part) for part in parts for _ in range(100)]
    yield from _row(
        "looking for a mistake in a correct question",
        [_timed(lambda text=text: correction(SearchQuery(text), lookup=lookup))[1] for text in right],
    )
    for mistake in Mistake:
        typed = [wrong for _, wrong in typist.mistakes(100, mistake, parts)]
        times = [_timed(lambda text=text: correction(SearchQuery(text), lookup=lookup))[1] for text in typed]
        yield from _row(f"putting right a {mistake}", times)


def _accuracy(lookup: TitleLookup, titles: Sequence[str]) -> Iterator[Measurement]:
    typist = Typist(titles, seed=2)
    for mistake in Mistake:
        tally = corrected(typist.mistakes(150, mistake, (Part.TITLE, Part.TOPIC, Part.PHRASE)), lookup)
        yield Measurement(f"put right, {mistake}", tally.rate * 100, "%", peer=f"{tally.right} of {tally.asked}")
    tally = needless((typist.query(part) for part in Part for _ in range(75)), lookup)
    yield Measurement("correct questions left alone", tally.rate * 100, "%", peer=f"{tally.right} of {tally.asked}")


def _timed(ask: Callable[[], T]) -> tuple[T, float]:
    started = time.process_time()
    answer = ask()
    return answer, (time.process_time() - started) * 1000


def _row(name: str, times: list[float], most: float | None = None) -> Iterator[Measurement]:
    yield Measurement(f"{name}, p50", quantile(times, 0.5), "ms CPU")
    yield Measurement(f"{name}, p95", quantile(times, 0.95), "ms CPU", most, peer=f"{len(times)} times")


if __name__ == "__main__":
    sys.exit(main())
