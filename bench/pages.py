"""Pages: CPU and queries of uncached pages in this process, cached pages and memory of a real server.

`python -m bench.pages` measures in the installation named by `GONGKAI_DATA_DIR` and prints JSON; the runner calls it so that the
measured process has imported nothing else.
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from bench.load import Connection, requests_per_second
from bench.measurement import Measurement, quantile
from bench.scratch import Scratch, mapped_megabytes, resident_megabytes

if TYPE_CHECKING:
    from gongkai.organisations.models import User

SAMPLES = 150
PORTAL_MS, PORTAL_QUERIES = 2.5, 8
CACHED_SHARE = 60.0
MEMORY_MB = 150.0
MIXED_REQUESTS = 2000


# --- on a real server, from outside ---------------------------------------------------------------------------------------
def cached_pages(scratch: Scratch) -> list[Measurement]:
    """Requests a second of cached pages as a share of those of an empty view; the two take turns, the better of each counts."""
    paths = {
        "home": "/",
        "list": "/policy-library/",
        "topic": "/interpretations/topic/",
        "detail": _detail_path(scratch),
    }
    best = dict.fromkeys(["empty", *paths], 0.0)
    with (
        scratch.server("bench.peers.empty:application") as (peer, _),
        scratch.server("gongkai.config.wsgi:application") as (ours, _),
    ):
        for _ in range(3):
            best["empty"] = max(best["empty"], requests_per_second(peer, "/"))
            for name, path in paths.items():
                best[name] = max(best[name], requests_per_second(ours, path))
    return [
        Measurement(
            f"cached {name} page",
            best[name] / best["empty"] * 100,
            "% of empty",
            CACHED_SHARE,
            "at least",
            f"{best[name]:.0f}/s, empty view {best['empty']:.0f}/s",
        )
        for name in paths
    ]


def memory(scratch: Scratch) -> list[Measurement]:
    """Resident memory of the web process after `MIXED_REQUESTS` different pages; its budget is without the mapped index, which
    is the file cache of the system and grows with whatever memory is free."""
    paths = json.loads(scratch.run("paths", str(MIXED_REQUESTS), module="bench.pages"))
    with scratch.server("gongkai.config.wsgi:application") as (port, worker):
        with Connection(port) as connection:
            for path in paths:
                connection.get(path, expect=(b"200", b"301", b"302"))
        resident, index = resident_megabytes(worker), mapped_megabytes(worker, scratch.data / "index")
    return [
        Measurement(
            f"web process after {len(paths)} requests",
            resident - index,
            "MB",
            MEMORY_MB,
            peer=f"{resident:.0f} with the mapped pages of the index",
        )
    ]


def uncached_pages(scratch: Scratch) -> list[Measurement]:
    """CPU and queries of pages, measured in a process of their own."""
    return [Measurement(**row) for row in json.loads(scratch.run("pages", module="bench.pages"))]


def _detail_path(scratch: Scratch) -> str:
    return next(
        path for path in json.loads(scratch.run("paths", "12", module="bench.pages")) if path.startswith("/items/")
    )


# --- in the measured process ----------------------------------------------------------------------------------------------
class Caller:
    """Calls the WSGI application as the server does, without a test client in between."""

    def __init__(self, cookie: str = "") -> None:
        from gongkai.config.wsgi import application

        self._application = application
        self._cookie = cookie

    def get(self, address: str) -> tuple[int, bytes]:
        """Status and body."""
        parts = urlsplit(address)
        status: list[str] = []
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
            **({"HTTP_COOKIE": self._cookie} if self._cookie else {}),
        }
        answer = self._application(environ, lambda line, headers: status.append(line))
        try:
            return int(status[0][:3]), b"".join(answer)
        finally:
            answer.close()


def measure(
    name: str, paths: list[str], *, budget: float | None, queries: int, cookie: str = ""
) -> Iterator[Measurement]:
    """p50, p95 of CPU milliseconds, and the most queries of any of the pages. Raises `RuntimeError` for a page that fails."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    caller = Caller(cookie)
    times, most = [], 0
    for path in paths[:5]:
        _ask(caller, path)
    for path in paths:
        started = time.process_time()
        _ask(caller, path)
        times.append((time.process_time() - started) * 1000)
    for path in paths[:30]:
        with CaptureQueriesContext(connection) as captured:
            _ask(caller, path)
        most = max(most, len(captured))
    yield Measurement(f"{name}, CPU p50", quantile(times, 0.5), "ms", budget)
    yield Measurement(f"{name}, CPU p95", quantile(times, 0.95), "ms")
    yield Measurement(f"{name}, most queries", most, "queries", queries)


def _ask(caller: Caller, path: str) -> None:
    status, _ = caller.get(path)
    if status != 200:
        raise RuntimeError(f"{path}: {status}")


def _pages() -> Iterator[Measurement]:
    from django.conf import settings

    settings.GONGKAI_PAGE_CACHE = False
    for name, make in PORTAL.items():
        budget = None if name in RESULTS else PORTAL_MS
        yield from measure(
            f"portal {name}, uncached", list(islice(make(), SAMPLES)), budget=budget, queries=PORTAL_QUERIES
        )


def signed_in(user: User) -> str:
    """The cookie of a session of this user, as logging in would have made it."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.test import RequestFactory
    from django.utils import timezone

    from gongkai.web.office import sign_in

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["account_authentication_methods"] = [
        {"method": "password", "at": timezone.now().timestamp(), "username": user.username}
    ]
    request = RequestFactory().get("/")
    request.session = session
    sign_in.begin(request, user)
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _details() -> Iterator[str]:
    from gongkai.policies.search_documents import all_ids

    after = -1
    step = max(1, _public() // SAMPLES)
    while ids := all_ids(after, 1):
        yield f"/items/{ids[0]}/"
        after = ids[0] + step - 1


def _public() -> int:
    from gongkai.disclosure.models import Item

    return Item.objects.filter(state="published").count()


def _lists() -> Iterator[str]:
    from gongkai.catalogues.models import CatalogueRow
    from gongkai.organisations.models import Organisation

    bodies = list(Organisation.objects.values_list("code", flat=True))
    rows = list(CatalogueRow.objects.filter(items__isnull=False).distinct().values_list("pk", flat=True)[:SAMPLES])
    for position in range(SAMPLES):
        yield f"/statutory-content/{rows[position % len(rows)]}/"
        yield f"/organisations/{bodies[position % len(bodies)]}/policies/"


WORDS = (
    "医疗保险",
    "老旧小区改造",
    "就业创业补贴",
    "义务教育招生",
    "行政处罚",
    "城乡低保",
    "公租房",
    "农机购置补贴",
    "环境保护",
    "道路交通",
)


def _libraries() -> Iterator[str]:
    """The library narrowed by its facets: a year, a subject, both, and with a validity."""
    for subject in ("", "02", "05", "13"):
        for year in range(2016, 2027):
            for validity in ("", "in_force", "repealed"):
                chosen = {"year": year, "subject": subject, "validity": validity}
                yield "/policy-library/?" + urlencode({name: value for name, value in chosen.items() if value})


def _library_searches() -> Iterator[str]:
    while True:
        yield from (f"/policy-library/?q={quote(word)}" for word in WORDS)


def _searches() -> Iterator[str]:
    while True:
        yield from (f"/search/?q={quote(word)}" for word in WORDS)


def _topics() -> Iterator[str]:
    """The interpretation special and 助企纾困, whole and narrowed by each stage."""
    from gongkai.policies.integrated_topic import FACETS
    from gongkai.rules.vocabulary import vocabulary

    stages = [(one.parameter, term.code) for one in FACETS.values() for term in vocabulary(one.vocabulary).terms]
    while True:
        yield from ("/interpretations/topic/", "/enterprise-relief/")
        for parameter, code in stages:
            yield f"/interpretations/topic/?{parameter}={code}"
            if parameter == "enterprise":
                yield f"/enterprise-relief/?enterprise={code}"


PORTAL: dict[str, Callable[[], Iterator[str]]] = {
    "list": _lists,
    "library with facets": _libraries,
    "library search": _library_searches,
    "search": _searches,
    "topic": _topics,
    "detail": _details,
}


RESULTS = frozenset({"library with facets", "library search", "search"})
"""Pages with facet counts: full results pages, which are measured against FTS5 (`bench.__main__`) and not against a plain list."""


def _paths(count: int) -> list[str]:
    """`count` addresses, all kinds of pages by turns."""
    kinds = [make() for make in PORTAL.values()]
    paths: list[str] = ["/"]
    while len(paths) < count and kinds:
        for kind in list(kinds):
            path = next(kind, None)
            if path is None:
                kinds.remove(kind)
                kinds += [_details()] if len(kinds) < 3 else []
            else:
                paths.append(path)
    return paths[:count]


def main() -> Any:
    """Print what was asked for as JSON."""
    import django

    django.setup()
    if sys.argv[1] == "paths":
        print(json.dumps(_paths(int(sys.argv[2]))))
        return
    from dataclasses import asdict

    print(json.dumps([asdict(m) for m in _pages()]))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings")
    main()
