"""Counting searches through the whole stack, page cache included: the server's own way in, no test client in between."""

import io
import sys
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.utils import timezone

from gongkai.audit import generation
from gongkai.rules.popular_searches import parameters
from gongkai.search.indexer import reindex
from gongkai.search_log import intake
from gongkai.search_log.models import DayOfText, SearchDay, SearchedText
from gongkai.search_log.popular import top_searches
from gongkai.search_log.sweep import sweep
from gongkai.web.portal import search as search_view
from tests import factories

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"

Ask = Callable[..., HttpResponse]


class Site:
    """The application as a server calls it, and how often the search page was really made."""

    def __init__(self) -> None:
        self.application = get_wsgi_application()
        self.made = 0
        self.text = ""

    def get(
        self, path: str, address: str = "10.0.0.1", *, method: str = "GET", **headers: str
    ) -> tuple[int, dict[str, str]]:
        """Status and headers of one answer; keyword arguments are environment variables such as HTTP_COOKIE."""
        path, _, query = path.partition("?")
        said: list[tuple[str, list[tuple[str, str]]]] = []
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "REMOTE_ADDR": address,
            "HTTP_USER_AGENT": BROWSER,
            "HTTP_ACCEPT_LANGUAGE": "zh-CN,zh;q=0.9",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
            **headers,
        }
        answer = self.application(environ, lambda status, names: said.append((status, names)))
        self.text = b"".join(answer).decode()
        answer.close()
        return int(said[0][0][:3]), dict(said[0][1])

    def search(self, text: str, address: str = "10.0.0.1", **more: str) -> tuple[int, dict[str, str]]:
        """Search for `text`."""
        return self.get(f"/search/?{urlencode({'q': text})}", address, **more)


@pytest.fixture
def site(kept_connection, settings, tmp_path, monkeypatch) -> Site:
    settings.GONGKAI_DATA_DIR = tmp_path
    factories.published(factories.body(), title="关于城乡居民医疗保险参保缴费的通知")
    reindex()
    one, make = Site(), search_view.render

    def counting(*args, **kwargs):
        one.made += 1
        return make(*args, **kwargs)

    monkeypatch.setattr(search_view, "render", counting)
    monkeypatch.setattr(generation, "REMEMBER_SECONDS", 0)
    return one


def counts() -> dict[str, tuple[int, int, int]]:
    """Searchers, networks, and those who found nothing, by words, after the tick."""
    sweep(timezone.now())
    days = DayOfText.objects.select_related("searched")
    return {day.searched.text: (day.searchers, day.networks, day.nothing) for day in days}


def shown() -> list[str]:
    sweep(timezone.now() + timedelta(hours=2))
    return [one.text for one in top_searches()]


def test_a_search_answered_from_the_page_cache_counts_too_and_so_does_one_the_browser_kept(site):
    _, headers = site.search("医疗保险", "10.0.1.1")
    for number in range(2, 9):
        assert site.search("医疗保险", f"10.0.{number}.1")[0] == 200
    assert site.search("医疗保险", "10.0.9.1", HTTP_IF_NONE_MATCH=headers["ETag"])[0] == 304
    assert site.made == 1, "the other answers came from the cache"
    assert counts() == {"医疗保险": (9, 9, 0)}


def test_nothing_is_sent_to_the_visitor_and_nothing_of_his_is_kept(site, tmp_path):
    _, headers = site.search("医疗保险", "203.0.113.9", HTTP_COOKIE="id=abcdef")
    assert "Set-Cookie" not in headers and not any("note" in name.lower() for name in headers)
    for path in (tmp_path / "search_log").glob("*.searches"):
        assert b"203.0" not in path.read_bytes() and b"abcdef" not in path.read_bytes()
    counts()
    columns = {field.name for model in (SearchedText, DayOfText, SearchDay) for field in model._meta.get_fields()}
    assert columns <= {
        *("id", "key", "text", "days", "treatment", "sighting", "+", "searched", "on", "searchers", "networks"),
        *("found", "relaxed", "nothing", "in_library", "searches", "unrecorded", "closed"),
    }


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"method": "HEAD"}, "HEAD reads no page"),
        ({"HTTP_SEC_PURPOSE": "prefetch;prerender"}, "fetched ahead"),
        ({"HTTP_X_MOZ": "prefetch"}, "fetched ahead by an older browser"),
        ({"HTTP_ACCEPT_LANGUAGE": ""}, "no language: a program"),
        ({"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; Baiduspider/2.0)"}, "a crawler"),
        ({"HTTP_USER_AGENT": ""}, "no agent"),
    ],
)
def test_what_no_person_asks_does_not_count(site, more, reason):
    site.search("医疗保险", **more)
    assert counts() == {}, reason


@pytest.mark.parametrize(
    ("query", "counted"),
    [
        ("q=医疗保险", True),
        ("q=医疗保险&v=elder", True),
        ("q=医疗保险&sort=newest", True),
        ("q=医疗保险&kind=notice", False),
        ("q=医疗保险&via=popular", False),
        ("q=医疗保险&since=year", True),
        ("q=", False),
        ("", False),
    ],
)
def test_which_addresses_are_a_search(site, query, counted):
    pairs = [tuple(pair.split("=")) for pair in query.split("&") if pair]
    site.get(f"/search/?{urlencode(pairs)}")
    assert bool(counts()) is counted


def test_a_later_page_is_no_new_search(site):
    factories.published_many(factories.body(), 15, title="医疗保险事项")
    reindex()
    site.search("医疗保险", "10.0.1.1")
    link = site.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "after=" in link
    assert site.get(link, "10.0.2.1")[0] == 200
    assert counts() == {"医疗保险": (1, 1, 0)}


def test_searches_of_the_policy_library_count_as_such(site):
    site.get(f"/policy-library/?{urlencode({'q': '医疗保险'})}")
    counts()
    assert list(DayOfText.objects.values_list("searched__text", "in_library")) == [("医疗保险", 1)]


def test_what_was_not_found_is_counted_as_not_found(site):
    site.search("量子纠缠核聚变")
    assert counts() == {"量子纠缠核聚变": (1, 1, 1)}


def test_behind_a_proxy_the_visitors_are_told_apart_by_what_the_proxy_saw(site, settings):
    settings.GONGKAI_PROXIES = 1
    for number in range(5):
        site.search("医疗保险", "127.0.0.1", HTTP_X_FORWARDED_FOR=f"6.6.6.6, 10.0.{number}.1")
    assert counts()["医疗保险"][1] == 5


def test_without_a_proxy_nobody_can_pretend_to_be_several(site):
    for number in range(5):
        site.search("医疗保险", "10.0.0.1", HTTP_X_FORWARDED_FOR=f"10.0.{number}.1")
    assert counts()["医疗保险"][1] == 1


def test_one_address_in_front_of_the_proxy_cannot_pretend_either(site, settings):
    settings.GONGKAI_PROXIES = 1
    for number in range(5):
        site.search("医疗保险", "127.0.0.1", HTTP_X_FORWARDED_FOR=f"6.6.{number}.6, 10.0.0.1")
    assert counts()["医疗保险"][1] == 1


def test_counting_can_be_switched_off(site, settings):
    settings.GONGKAI_COUNT_SEARCHES = False
    site.search("医疗保险")
    assert counts() == {}


def test_a_disk_that_cannot_be_written_costs_counts_and_no_answer(site, tmp_path, caplog):
    (tmp_path / "search_log").write_text("in the way")
    for number in range(3):
        assert site.search("医疗保险", f"10.0.{number}.1")[0] == 200
    assert sum("not counted" in line.message for line in caplog.records) == 1, "said once"


# --- what must never happen ----------------------------------------------------------------------------------------------
def test_many_people_of_many_networks_make_a_search_popular(site):
    for number in range(parameters().networks):
        site.search("医疗保险", f"10.0.{number}.1")
    assert shown() == ["医疗保险"]


def test_a_thousand_scripted_searches_from_few_addresses_make_nothing_popular(site, monkeypatch):
    """Four addresses, 1,000 searches spread over the day so that no pace gives them away, with changing browsers."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=1, microsecond=0).timestamp()
    clock = {"now": midnight}
    monkeypatch.setattr(intake.time, "time", lambda: clock["now"])
    agents = [f"Mozilla/5.0 {name}/1.0" for name in ("Chrome", "Firefox", "Edg", "Safari", "UCBrowser", "Quark")]
    for number in range(1000):
        clock["now"] = midnight + number * 80
        site.search("医疗保险", f"10.0.{number % 4}.{number % 200}", HTTP_USER_AGENT=agents[number % 6])
    assert counts()["医疗保险"][:2] == (4 * parameters().per_network, 4)
    assert shown() == []


def test_a_script_that_asks_as_fast_as_it_can_is_hardly_counted(site):
    for number in range(1000):
        site.search(f"词语{number}号", "10.0.0.1")
    assert SearchDay.objects.count() == 0
    sweep(timezone.now())
    most = parameters().per_minute * 2  # the thousand may have run over the turn of a minute
    assert SearchDay.objects.get().searches <= max(most, parameters().per_network_a_day)
    assert shown() == []


@pytest.mark.parametrize("spelling", ["13800000001", "138 0000 0001", "138-0000-0001", "一三八零零零零零零零一"])
def test_a_mobile_number_searched_by_fifty_never_shows_nor_is_written_down(site, tmp_path, spelling):
    for number in range(50):
        assert site.search(f"{spelling} 是谁的电话", f"10.{number}.0.1")[0] == 200
    written = b"".join(path.read_bytes() for path in (tmp_path / "search_log").glob("*.searches"))
    assert b"\xe8\xb0\x81" not in written and b"1380000" not in written
    assert shown() == []
    assert not SearchedText.objects.exists()
    assert SearchDay.objects.get().unrecorded == 50
