"""The page cache: finished public pages, kept in the memory of each process under address and content generation.

It stands first in the middleware, so a cached page costs no routing, no template and no query. When anything public changes the
generation moves (`gongkai.audit.generation`), and at midnight the day does, because validity depends on the date: then everything
kept is dropped. What is kept is bounded in bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from gongkai.audit import generation

GetResponse = Callable[[HttpRequest], HttpResponseBase]
Key = tuple[str, str, str, str]

CACHE_CONTROL = "public, no-cache"
"""Keep it, but ask each time: a withdrawn or corrected page must not be read on from a browser's memory. Asking costs a 304."""
MAX_BYTES = 8 * 1024 * 1024
"""Bytes of pages kept by one process."""
MAX_PAGE_BYTES = 1024 * 1024
MAX_QUERY = 300
"""Characters; a longer query string is nothing that several readers ask for."""
COMPRESS_FROM = 1024
SKIPPED_PREFIXES = ("/health/", settings.STATIC_URL)
NOT_KEPT = frozenset({"set-cookie", "content-length", "date", "content-encoding"})


@dataclass(frozen=True, slots=True)
class CachedPage:
    """A finished answer: its headers, its body as it is and compressed (None when too small to matter)."""

    headers: tuple[tuple[str, str], ...]
    etag: str
    body: bytes
    compressed: bytes | None
    note: object = None
    """What the view noted on its answer for a middleware further out (`search_counting`); never sent."""

    @property
    def size(self) -> int:
        """Bytes it takes in memory, roughly."""
        return len(self.body) + len(self.compressed or b"") + 1024


class PageStore:
    """Pages of one generation and day, the least recently asked for going first. Safe from many threads."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self.max_bytes = max_bytes
        self._lock = threading.Lock()
        self._pages: OrderedDict[Key, CachedPage] = OrderedDict()
        self._stamp: tuple[int, str] | None = None
        self._bytes = 0

    def get(self, stamp: tuple[int, str], key: Key) -> CachedPage | None:
        """The page kept under `key`; a new `stamp` (generation and day) empties the store."""
        with self._lock:
            if stamp != self._stamp:
                self._pages.clear()
                self._stamp, self._bytes = stamp, 0
                return None
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, stamp: tuple[int, str], key: Key, page: CachedPage) -> None:
        """Keep `page`, unless the content has moved on since it was begun."""
        if page.size > MAX_PAGE_BYTES:
            return
        with self._lock:
            if stamp != self._stamp:
                return
            if (old := self._pages.pop(key, None)) is not None:
                self._bytes -= old.size
            self._pages[key] = page
            self._bytes += page.size
            while self._bytes > self.max_bytes:
                _, dropped = self._pages.popitem(last=False)
                self._bytes -= dropped.size

    def __len__(self) -> int:
        """Number of pages kept."""
        return len(self._pages)


class PageCacheMiddleware:
    """Answers from the store where it can, and keeps what the rest of the site answered."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.store = PageStore()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer from the store, or ask on and keep the answer."""
        if not _cacheable(request):
            return self.get_response(request)
        meta = request.META
        key = (
            request.scheme or "http",
            meta.get("HTTP_HOST", ""),
            meta.get("PATH_INFO", ""),
            meta.get("QUERY_STRING", ""),
        )
        stamp = (generation.current(), timezone.localdate().isoformat())
        page = self.store.get(stamp, key)
        if page is None:
            response = self.get_response(request)
            page = _finished(response)
            if page is None:
                return response
            self.store.put(stamp, key, page)
        return _answer(request, page)


def _cacheable(request: HttpRequest) -> bool:
    return (
        settings.GONGKAI_PAGE_CACHE
        and request.method in ("GET", "HEAD")
        and not request.path_info.startswith(settings.OFFICE_PREFIXES)
        and not request.path_info.startswith(SKIPPED_PREFIXES)
        and len(request.META.get("QUERY_STRING", "")) <= MAX_QUERY
    )


def _finished(response: HttpResponseBase) -> CachedPage | None:
    """The answer as it is kept; None when it is not a complete page that is the same for everybody."""
    if not isinstance(response, HttpResponse) or response.status_code != 200 or response.streaming or response.cookies:
        return None
    if response.has_header("Cache-Control") or "cookie" in response.get("Vary", "").lower():
        return None  # a page that says how it may be cached knows better
    response["Cache-Control"] = CACHE_CONTROL
    patch_vary_headers(response, ["Accept-Encoding"])
    body = response.content
    digest = hashlib.blake2b(body, digest_size=12).hexdigest()
    headers = tuple((name, value) for name, value in response.items() if name.lower() not in NOT_KEPT)
    compressed = gzip.compress(body, 5, mtime=0) if len(body) >= COMPRESS_FROM and _is_text(response) else None
    return CachedPage(headers, f'W/"{digest}"', body, compressed, getattr(response, "note", None))


def _is_text(response: HttpResponse) -> bool:
    kind = response.get("Content-Type", "").partition(";")[0].strip()
    return kind.startswith("text/") or kind.endswith(("json", "xml"))


def _answer(request: HttpRequest, page: CachedPage) -> HttpResponse:
    response = _kept(request, page)
    response.note = page.note  # type: ignore[attr-defined]
    return response


def _kept(request: HttpRequest, page: CachedPage) -> HttpResponse:
    meta = request.META
    if page.etag in meta.get("HTTP_IF_NONE_MATCH", ""):
        unchanged = HttpResponseNotModified()
        unchanged["ETag"], unchanged["Cache-Control"], unchanged["Vary"] = page.etag, CACHE_CONTROL, "Accept-Encoding"
        for name, value in page.headers:
            if name.startswith("Access-Control-"):  # scripts of other sites may only read an answer that says so
                unchanged[name] = value
        return unchanged
    compressed = page.compressed if "gzip" in meta.get("HTTP_ACCEPT_ENCODING", "") else None
    body = page.body if compressed is None else compressed
    response = HttpResponse(body if request.method != "HEAD" else b"")
    for name, value in page.headers:
        response.headers[name] = value
    if compressed is not None:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["ETag"] = page.etag
    response.headers["Content-Length"] = str(len(body))
    return response
