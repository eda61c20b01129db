"""From files to tables: nothing twice, nothing lost, nothing kept that tells visitors apart."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from gongkai.rules.popular_searches import parameters
from gongkai.search_log import folding
from gongkai.search_log.intake import Intake
from gongkai.search_log.models import DayOfText, SearchDay, SearchedText, Sighting, SpoolPosition
from gongkai.search_log.sweep import sweep
from tests import factories
from tests.search_log.conftest import BROWSER, FIREFOX, plain

pytestmark = pytest.mark.django_db


def counted() -> dict[str, tuple[int, int]]:
    return {row.searched.text: (row.searchers, row.networks) for row in DayOfText.objects.select_related("searched")}


def test_folding_twice_counts_once_and_goes_on_where_it_stopped(directory, ask):
    ask("医保", "10.0.1.1")
    ask("医保", "10.0.2.1")
    now = timezone.now()
    assert folding.fold(directory, now) == 2
    assert folding.fold(directory, now) == 0
    ask("医保", "10.0.3.1")
    assert folding.fold(directory, now) == 1
    assert counted() == {"医保": (3, 3)}
    assert SearchDay.objects.get().searches == 3


def test_a_visitor_seen_by_two_processes_is_one(directory):
    for _ in range(2):
        Intake(directory, parameters()).take(plain("医保"), address="10.0.0.1", agent=BROWSER)
    folding.fold(directory, timezone.now())
    assert counted() == {"医保": (1, 1)}


def test_a_fold_that_is_killed_before_its_end_leaves_nothing_and_is_made_up_for(directory, ask, monkeypatch):
    ask("医保")
    broken = folding._count_texts

    def fail(*args):
        raise DatabaseError("killed")

    monkeypatch.setattr(folding, "_count_texts", fail)
    with pytest.raises(DatabaseError):
        folding.fold(directory, timezone.now())
    assert not Sighting.objects.exists() and not SpoolPosition.objects.exists()
    monkeypatch.setattr(folding, "_count_texts", broken)
    assert folding.fold(directory, timezone.now()) == 1
    assert counted() == {"医保": (1, 1)}


def test_a_line_that_was_cut_short_waits_for_its_end_and_a_damaged_one_is_passed_over(directory, ask):
    ask("医保")
    path = next(directory.glob("*.searches"))
    whole = path.read_bytes()
    path.write_bytes(whole + b"rubbish\n" + whole[:20])
    now = timezone.now()
    assert folding.fold(directory, now) == 2
    assert folding.fold(directory, now) == 0
    assert counted() == {"医保": (1, 1)}


def test_one_network_counts_only_so_often_for_one_search(directory, taker):
    agents = [BROWSER, FIREFOX, "MicroMessenger", "Edg/1", "UCBrowser/1", "Quark/1"]
    for agent in agents:
        taker.take(plain("医保"), address="10.0.0.1", agent=agent)
    folding.fold(directory, timezone.now())
    assert counted() == {"医保": (parameters().per_network, 1)}


def test_the_share_of_a_network_holds_for_all_processes_together(directory):
    for process in range(3):
        taker = Intake(directory, parameters())
        for n in range(30):
            taker.take(plain(f"词{process}号{n}"), address=f"10.0.0.{n}", agent=BROWSER)
    folding.fold(directory, timezone.now())
    assert Sighting.objects.count() == parameters().per_network_a_day


def test_spellings_of_one_search_are_one(directory, taker):
    for number, text in enumerate(("医疗保险", "医疗，保险", "醫療保險")):
        taker.take(plain(text), address=f"10.0.{number}.1", agent=BROWSER)
    folding.fold(directory, timezone.now())
    assert counted() == {"医疗保险": (3, 3)}


def test_outcomes_are_counted_apart(directory, ask):
    ask("医保", "10.0.1.1", found=5)
    ask("量子", "10.0.2.1", found=0)
    folding.fold(directory, timezone.now())
    rows = {
        row.searched.text: (row.found, row.relaxed, row.nothing) for row in DayOfText.objects.select_related("searched")
    }
    assert rows == {"医保": (1, 0, 0), "量子": (0, 0, 1)}
    assert SearchDay.objects.get().nothing == 1


def test_private_words_are_a_number_and_nothing_else(directory, ask):
    ask("13800000001")
    folding.fold(directory, timezone.now())
    assert not SearchedText.objects.exists()
    assert (SearchDay.objects.get().searches, SearchDay.objects.get().unrecorded) == (1, 1)


def test_at_the_end_of_the_day_visitors_key_and_files_are_gone_and_the_counts_stay(directory, ask):
    ask("医保", "10.0.1.1")
    tomorrow = timezone.now() + timedelta(days=1)
    sweep(timezone.now())
    assert Sighting.objects.count() == 1
    sweep(tomorrow)
    assert not Sighting.objects.exists() and not SpoolPosition.objects.exists()
    assert list(directory.iterdir()) == []
    assert counted() == {"医保": (1, 1)}


def test_lines_that_were_not_folded_before_the_day_ended_are_folded_then(directory, ask):
    ask("医保")
    sweep(timezone.now() + timedelta(days=1))
    assert counted() == {"医保": (1, 1)}


def test_a_closed_day_takes_nothing_more_because_it_can_no_longer_tell_visitors_apart(directory, ask, taker):
    ask("医保")
    tomorrow = timezone.now() + timedelta(days=1)
    sweep(tomorrow)
    late = Intake(directory, parameters())
    late.take(plain("医保"), address="10.0.0.1", agent=BROWSER)
    sweep(tomorrow)
    assert counted() == {"医保": (1, 1)}


def test_words_that_few_asked_are_forgotten_and_those_of_many_stay(directory):
    today = timezone.localdate()
    long_ago = today - timedelta(days=parameters().rare_days + 1)
    factories.searched("少数人的词", on=long_ago, networks=2)
    factories.searched("众人的词", on=long_ago, networks=3)
    factories.searched("少数人新近的词", on=today - timedelta(days=2), networks=1)
    kept = factories.searched("办过的词", on=long_ago, networks=2)
    factories.treatment(kept)
    folding.close_days(directory, timezone.now())
    assert set(SearchedText.objects.values_list("text", flat=True)) == {"众人的词", "少数人新近的词", "办过的词"}


def test_nothing_to_do_where_nothing_was_ever_counted(directory):
    assert sweep(timezone.now()) == 0
