"""A process that works on the index and kills itself (as `kill -9` would) at the named place.

`python -m tests.search.crash_child prepare | crash PLACE index|reindex | recover`
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

import django
from django.core.management import call_command

django.setup()

from gongkai.search import SearchQuery, indexer, search  # noqa: E402
from gongkai.search.engines import embedded, embedded_directory, opensearch, opensearch_indexes  # noqa: E402
from gongkai.search.engines.opensearch_client import Client  # noqa: E402
from gongkai.search.service import engine, index_directory  # noqa: E402
from gongkai.search.verify import verify  # noqa: E402
from tests.search import domain  # noqa: E402

indexer.BATCH = 10


def kill(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def on_call(count: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """Die at the ``count``-th call."""
    calls = iter(range(1, count + 1))

    def wrapper(*arguments: Any, **named: Any) -> Any:
        if next(calls) == count:
            kill()
        return function(*arguments, **named)

    return wrapper


def slowly(function: Callable[..., Any]) -> Callable[..., Any]:
    """Take long enough to be killed from outside."""

    def wrapper(*arguments: Any) -> Any:
        time.sleep(0.05)
        return function(*arguments)

    return wrapper


def before_aliases(ask: Callable[..., Any]) -> Callable[..., Any]:
    """Die with the request for the swap in hand."""

    def wrapper(self: Client, method: str, path: str, *arguments: Any, **named: Any) -> Any:
        if path == "/_aliases":
            kill()
        return ask(self, method, path, *arguments, **named)

    return wrapper


WRITERS: tuple[Any, ...] = (embedded.EmbeddedWriter, opensearch.OpenSearchWriter)
REBUILDS: tuple[Any, ...] = (embedded.EmbeddedRebuild, opensearch.OpenSearchRebuild)
NAMES: tuple[Any, ...] = (embedded_directory.IndexDirectory, opensearch_indexes.Indexes)
PLACES: dict[str, Callable[[], object]] = {
    "from outside": lambda: setattr(indexer, "load", slowly(indexer.load)),
    "while loading": lambda: setattr(indexer, "load", on_call(3, indexer.load)),
    "before the commit": lambda: [setattr(writer, "commit", kill) for writer in WRITERS],
    "between the commit and the outbox": lambda: setattr(indexer, "_delete", kill),
    "after the outbox": lambda: setattr(indexer, "after_index", kill),
    "before the swap": lambda: [setattr(rebuild, "publish", kill) for rebuild in REBUILDS],
    "in the middle of the swap": lambda: [
        setattr(os, "fsync", kill),
        setattr(Client, "ask", before_aliases(Client.ask)),
    ],
    "after the swap": lambda: [
        setattr(names, "remove_leftovers", on_call(2, names.remove_leftovers)) for names in NAMES
    ],
}


def prepare() -> None:
    call_command("migrate", verbosity=0)
    domain.save(dict.fromkeys(range(1, 41), "医保通知"))
    indexer.index_pending()


def crash(place: str, command: str) -> None:
    domain.save(dict.fromkeys(range(1, 21), "公积金通知") | dict.fromkeys(range(21, 26)) | {50: "公积金通知"})
    PLACES[place]()
    call_command(command, *(["--once"] if command == "index" else ["--quiet"]))


def versions() -> int:
    used = engine()
    return len(used.names() if isinstance(used, opensearch.OpenSearchEngine) else list(index_directory().glob("v*")))


def recover() -> None:
    served = search(SearchQuery(limit=100)).total
    indexer.index_pending()
    report = verify()
    found = search(SearchQuery("公积金", limit=100))
    print(
        json.dumps(
            {
                "served": served,
                "equal": report.equal,
                "pending": report.pending,
                "changed": len(set(found.ids)),
                "total": search(SearchQuery(limit=100)).total,
                "versions": versions(),
            }
        )
    )


if __name__ == "__main__":
    {"prepare": prepare, "crash": crash, "recover": recover}[sys.argv[1]](*sys.argv[2:])
