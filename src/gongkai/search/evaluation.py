"""Search judged from outside: index a collection, ask its questions, and write what was found in which order.

Nothing here analyses, matches or ranks: documents go in as `SearchDocument`, questions as `SearchQuery`, and the engine
answers as it answers readers. Files are those of the common retrieval collections: JSON lines with ``_id``, ``title`` and
``text`` for documents, ``_id`` and ``text`` for questions; other fields are ignored.
"""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.conf import settings

from gongkai.search.documents import SearchDocument
from gongkai.search.engine import Engine
from gongkai.search.engines.embedded import EmbeddedEngine
from gongkai.search.query import SearchQuery

DEPTH = 100
"""Hits written for each question."""
BATCH = 500


class BadCollection(ValueError):
    """A file that cannot be used. The message is for people (Chinese): file, line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Text:
    """A document or a question of a collection."""

    id: str
    title: str
    text: str


def read_texts(path: Path) -> Iterator[Text]:
    """Read a file of JSON lines; blank lines are skipped, a missing title is an empty one.

    Raises:
        BadCollection: the file cannot be read, or a line is no object with ``_id`` and ``text``, or an id comes twice.
    """
    seen: set[str] = set()
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    text = _read_line(line, f"{path}第{number}行")
                    if text.id in seen:
                        raise BadCollection(f"{path}第{number}行：编号“{text.id}”重复。")
                    seen.add(text.id)
                    yield text
    except UnicodeDecodeError as error:
        raise BadCollection(f"{path}不是UTF-8编码的文本，请转换后重试。") from error
    except OSError as error:
        raise BadCollection(f"无法读取{path}：{error.strerror or error}。") from error


def _read_line(line: str, where: str) -> Text:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise BadCollection(f'{where}不是JSON，每行应为一个对象，例如 {{"_id": "1", "text": "……"}}。') from error
    if not isinstance(found, dict):
        raise BadCollection(f"{where}不是JSON对象。")
    name, title, text = found.get("_id"), found.get("title") or "", found.get("text")
    if isinstance(name, int) and not isinstance(name, bool):
        name = str(name)
    if not isinstance(name, str) or not name or set(name) & set("\t\r\n"):
        raise BadCollection(f"{where}缺少“_id”，或其中有制表符、换行符。")
    if not isinstance(text, str) or not isinstance(title, str):
        raise BadCollection(f"{where}的“text”“title”应为文字（“title”可以没有）。")
    return Text(name, title, text)


@contextmanager
def _embedded() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(prefix="gongkai-search-eval-") as directory:
        yield EmbeddedEngine(Path(directory))


@contextmanager
def _opensearch() -> Iterator[Engine]:
    from gongkai.search.engines.opensearch import temporary_engine

    if not settings.GONGKAI_SEARCH_URL:
        raise BadCollection("没有检索集群：请先在设置 SEARCH_URL 中写明集群地址。")
    with temporary_engine(settings.GONGKAI_SEARCH_URL, "search-eval") as engine:
        yield engine


TEMPORARY_ENGINES: dict[str, Callable[[], AbstractContextManager[Engine]]] = {
    "embedded": _embedded,
    "opensearch": _opensearch,
}
"""By name, what opens an empty engine of its own and removes it with all that was indexed."""


def build(engine: Engine, corpus: Iterable[Text], progress: Callable[[int], object] = lambda count: None) -> list[str]:
    """Index ``corpus`` as a new index; return the ids by number, the first document being number 0."""
    ids: list[str] = []
    texts = iter(corpus)
    with engine.rebuild() as rebuild:
        while batch := list(islice(texts, BATCH)):
            rebuild.put(
                SearchDocument(number, "", text.title, body=text.text)
                for number, text in enumerate(batch, start=len(ids))
            )
            ids += [text.id for text in batch]
            progress(len(batch))
        rebuild.publish()
    return ids


def ask(engine: Engine, question: Text, ids: list[str]) -> Iterator[tuple[str, float]]:
    """Yield the ids of the best `DEPTH` documents with scores that fall from each to the next, ties resolved.

    A question without anything to look for finds nothing, unlike in a list, where it would find everything.
    """
    query = SearchQuery(f"{question.title} {question.text}".strip(), limit=DEPTH)
    if query.parsed.empty:
        return
    previous = math.inf
    for hit in engine.search(query).hits:
        previous = min(hit.score, math.nextafter(previous, -math.inf))
        yield ids[hit.id], previous
