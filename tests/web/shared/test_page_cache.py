"""The page cache: what it answers, what it never keeps, and when it lets go."""

import gzip
import threading
from datetime import date

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.utils import timezone

from gongkai.audit import generation
from gongkai.web.shared import page_cache
from gongkai.web.shared.page_cache import CachedPage, PageCacheMiddleware, PageStore

PAGE = "<p>内容</p>" * 400


class Site:
    """A site that counts how often it is really asked."""

    def __init__(self, answer=lambda request: HttpResponse(PAGE)):
        self.asked, self.answer = 0, answer
        self.cached = PageCacheMiddleware(self)

    def __call__(self, request):
        self.asked += 1
        return self.answer(request)

    def get(self, path="/", method="GET", **headers):
        return self.cached(RequestFactory().generic(method, path, headers=headers))


@pytest.fixture(autouse=True)
def _generation(monkeypatch):
    """The generation as the test sets it, without a database."""
    now = {"value": 1}
    monkeypatch.setattr(generation, "current", lambda: now["value"])
    return now


def test_the_second_request_is_answered_from_the_store():
    site = Site()
    first, second = site.get(), site.get()
    assert site.asked == 1
    assert first.content == second.content == PAGE.encode()
    assert second["Cache-Control"] == "public, no-cache"
    assert second["Content-Type"] == first["Content-Type"]
    assert second["ETag"] == first["ETag"]
    assert second["Vary"] == "Accept-Encoding"


def test_a_changed_generation_fetches_the_page_anew(_generation):
    site = Site()
    site.get()
    _generation["value"] = 2
    site.get()
    assert site.asked == 2
    assert len(site.cached.store) == 1, "the page of the old generation is gone"


def test_a_new_day_fetches_the_page_anew(monkeypatch):
    site = Site()
    site.get()
    monkeypatch.setattr(timezone, "localdate", lambda: date(2099, 1, 1))
    site.get()
    assert site.asked == 2


def test_a_page_begun_before_a_change_is_not_kept_as_if_it_were_after(_generation):
    def change_meanwhile(request):
        _generation["value"] += 1
        other.get("/other/")  # somebody else's request empties the store meanwhile
        return HttpResponse(PAGE)

    other = Site()
    site = Site(change_meanwhile)
    site.cached.store = other.cached.store
    site.get()
    site.get()
    assert site.asked == 2


def test_an_unchanged_page_is_answered_with_304():
    site = Site()
    etag = site.get()["ETag"]
    again = site.get(if_none_match=etag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert site.get(if_none_match='W/"another"').status_code == 200


def test_the_first_request_too_is_answered_with_304():
    etag = Site().get()["ETag"]
    assert Site().get(if_none_match=etag).status_code == 304


def test_a_browser_that_reads_gzip_gets_gzip():
    site = Site()
    plain, packed = site.get(), site.get(accept_encoding="gzip, br")
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content)


def test_head_has_the_headers_and_no_body():
    site = Site()
    head = site.get(method="HEAD")
    assert head.content == b""
    assert int(head["Content-Length"]) == len(PAGE.encode())


def test_addresses_and_hosts_are_kept_apart():
    site = Site(lambda request: HttpResponse(request.get_full_path() + request.headers["Host"]))
    answers = {site.get(path, host=host).content for path in ("/", "/?v=elder", "/a/") for host in ("a.test", "b.test")}
    assert site.asked == len(answers) == 6


def _with_cookie(request):
    response = HttpResponse(PAGE)
    response.set_cookie("a", "1")
    return response


NEVER_KEPT = (
    ("/office/", "GET", lambda request: HttpResponse(PAGE), "office"),
    ("/account/login/", "GET", lambda request: HttpResponse(PAGE), "accounts"),
    ("/health/", "GET", lambda request: HttpResponse(PAGE), "health"),
    ("/", "POST", lambda request: HttpResponse(PAGE), "another method"),
    ("/", "GET", _with_cookie, "sets a cookie"),
    ("/", "GET", lambda request: HttpResponse(PAGE, headers={"Vary": "Cookie"}), "differs by cookie"),
    ("/", "GET", lambda request: HttpResponse(PAGE, status=404), "not found"),
    ("/", "GET", lambda request: HttpResponse(PAGE, status=500), "an error"),
    ("/", "GET", lambda request: HttpResponse(PAGE, headers={"Cache-Control": "no-store"}), "says so itself"),
    ("/", "GET", lambda request: StreamingHttpResponse([b"a"]), "streamed"),
    ("/?text=" + "a" * 400, "GET", lambda request: HttpResponse(PAGE), "a long query"),
)


@pytest.mark.parametrize(("path", "method", "answer", "reason"), NEVER_KEPT, ids=[case[3] for case in NEVER_KEPT])
def test_what_is_not_a_finished_public_page_is_never_kept(path, method, answer, reason):
    site = Site(answer)
    site.get(path, method)
    site.get(path, method)
    assert site.asked == 2, reason
    assert len(site.cached.store) == 0


def test_the_cache_can_be_switched_off(settings):
    settings.GONGKAI_PAGE_CACHE = False
    site = Site()
    site.get(), site.get()
    assert site.asked == 2


def test_the_store_keeps_within_its_bytes_and_drops_what_was_not_asked_for():
    store, stamp = PageStore(max_bytes=10_000), (1, "2026-01-01")
    page = CachedPage((), "", b"x" * 2000, None)
    keys = [("http", "h", f"/{number}/", "") for number in range(10)]
    store.get(stamp, keys[0])
    for key in keys:
        store.put(stamp, key, page)
        store.get(stamp, keys[0])
    assert len(store) == 3
    assert store.get(stamp, keys[0]) is page
    assert store.get(stamp, keys[1]) is None


def test_an_enormous_page_is_not_kept(monkeypatch):
    monkeypatch.setattr(page_cache, "MAX_PAGE_BYTES", 1000)
    site = Site()
    site.get(), site.get()
    assert site.asked == 2


def test_many_threads_may_use_the_store():
    store, errors = PageStore(max_bytes=5_000), []

    def work(number):
        try:
            for step in range(300):
                stamp = (step // 50, "d")
                store.get(stamp, ("", "", str(step % 7), ""))
                store.put(stamp, ("", "", str(step % 7), ""), CachedPage((), "", b"x" * 500 * (number % 3 + 1), None))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert store._bytes == sum(page.size for page in store._pages.values()) <= 5_000
