"""The intake in the web process: who counts, how often, and what is written."""

import os
from datetime import timedelta

import pytest
from django.utils import timezone

from gongkai.rules.popular_searches import parameters
from gongkai.search_log import agents, intake
from gongkai.search_log.intake import Intake, Outcome, asked, network_of
from gongkai.search_log.keys import day_key, forget_keys
from tests.search_log.conftest import BROWSER, FIREFOX, plain


def lines(directory) -> list[list[str]]:
    return [
        line.split("\t")
        for path in sorted(directory.glob("*.searches"))
        for line in path.read_text("utf-8").splitlines()
    ]


def test_a_line_holds_the_words_and_nothing_that_names_the_visitor(directory, ask):
    assert ask("医保", "203.0.113.77")
    written = "".join(path.read_text("utf-8") for path in directory.glob("*.searches"))
    assert lines(directory)[0][2:] == ["f", "s", "医保"]
    for trace in ("203", "113", "Chrome", "Mozilla", ":"):
        assert trace not in written.replace(lines(directory)[0][0], "").replace(lines(directory)[0][1], "")


def test_files_and_key_can_be_read_by_the_service_alone(directory, ask):
    ask("医保")
    assert directory.stat().st_mode & 0o077 == 0
    assert [oct(path.stat().st_mode & 0o777) for path in directory.iterdir()] == ["0o600", "0o600"]


def test_the_same_question_of_the_same_visitor_counts_once_a_day(directory, ask):
    assert ask("医保")
    assert not ask("医保")
    assert ask("低保")
    assert ask("医保", agent=FIREFOX), "another browser of the same network is another visitor"
    tomorrow = timezone.now() + timedelta(days=1)
    assert ask("医保", at=tomorrow)


def test_too_fast_is_ignored_and_a_minute_later_it_counts_again(ask):
    now = timezone.now().replace(second=0, hour=12)
    most = parameters().per_minute
    assert [ask(f"词语{n}", at=now) for n in range(most + 5)] == [True] * most + [False] * 5
    assert ask("以后的词", at=now + timedelta(minutes=1))


def test_a_network_has_its_share_of_a_day_and_no_more(ask):
    start = timezone.now().replace(hour=1, minute=0)
    counted = [ask(f"词语{n}", f"10.0.0.{n % 250}", at=start + timedelta(minutes=n)) for n in range(200)]
    assert sum(counted) == parameters().per_network_a_day


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        (BROWSER, "chrome"),
        (FIREFOX, "firefox"),
        ("Mozilla/5.0 (Linux; Android 10) Chrome/86 MicroMessenger/8.0", "micromessenger"),
        ("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)", "other"),
        ("Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)", None),
        ("Mozilla/5.0 HeadlessChrome/126.0", None),
        ("curl/8.5.0", None),
        ("python-requests/2.31", None),
        ("", None),
    ],
)
def test_programs_are_told_from_browsers(agent, family):
    assert agents.family(agent) == family


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113"),
        ("2001:db8:1:2::1", "20010db80001"),
        ("2001:db8:1:ffff::9", "20010db80001"),
        ("::ffff:203.0.113.5", "203.0.113"),
        ("fe80::1%eth0", "fe8000000000"),
        ("unix:", "unix:"),
        ("", ""),
    ],
)
def test_networks(address, network):
    assert network_of(address) == network


def test_words_that_may_be_about_a_person_are_counted_but_not_written(directory, ask):
    assert ask("张某 13800000001")
    assert [line[4] for line in lines(directory)] == [""]


def test_a_question_without_words_is_none_and_a_narrowed_one_that_found_nothing_says_nothing():
    assert asked("？", 3) is None
    assert asked("医保", 0, narrowed=True) is None
    assert asked("医保", 2, narrowed=True).outcome is Outcome.FOUND
    assert asked("医保", 0).outcome is Outcome.NOTHING
    assert asked("医保", 9, relaxed=True).outcome is Outcome.RELAXED


def test_processes_of_one_day_share_the_key_and_the_next_day_has_another(directory, taker):
    taker.take(plain("医保"), address="10.0.0.1", agent=BROWSER)
    other = Intake(directory, parameters())
    other.take(plain("医保"), address="10.0.0.1", agent=BROWSER)
    first, second = lines(directory)
    assert first == second, "the same visitor is recognised across processes"
    taker.take(plain("医保"), address="10.0.0.1", agent=BROWSER, now=(timezone.now() + timedelta(days=1)).timestamp())
    assert len({tuple(line[:2]) for line in lines(directory)}) == 2


def test_keys_of_past_days_are_destroyed(directory):
    directory.mkdir()
    today = timezone.localdate()
    keys = [day_key(directory, today - timedelta(days=age)) for age in (0, 1, 2)]
    assert len(set(keys)) == 3
    assert forget_keys(directory, today) == 2
    assert day_key(directory, today) == keys[0]
    assert [path.name for path in directory.iterdir()] == [f"key-{today.isoformat()}"]


def test_a_flood_is_bounded_in_bytes_and_in_memory(directory, taker, monkeypatch):
    monkeypatch.setattr(intake, "MOST_BYTES", 2000)
    monkeypatch.setattr(intake, "MOST_REMEMBERED", 100)
    now = timezone.now().timestamp()
    for number in range(1000):
        taker.take(plain(f"词{number}"), address=f"10.{number // 250}.{number % 250}.1", agent=BROWSER, now=now)
    assert sum(path.stat().st_size for path in directory.glob("*.searches")) <= 2000
    assert len(taker._seen) <= 100 and len(taker._per_network) <= 100 and len(taker._pace) <= 100


def test_a_child_process_writes_a_file_of_its_own(directory, taker, monkeypatch):
    taker.take(plain("医保"), address="10.0.0.1", agent=BROWSER)
    monkeypatch.setattr(os, "getpid", lambda: 4_000_000)
    taker.take(plain("医保"), address="10.0.0.2", agent=BROWSER)
    assert len(list(directory.glob("*.searches"))) == 2
