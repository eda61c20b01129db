"""The list of popular searches: when it is computed, what is kept from it, and when pages are renewed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongkai.audit import generation
from gongkai.search_log import popular
from gongkai.search_log.models import SearchedText
from tests import factories

pytestmark = pytest.mark.django_db


def shown() -> list[str]:
    generation.forget()
    return [one.text for one in popular.top_searches()]


def generation_now() -> int:
    generation.forget()
    return generation.current()


def test_the_most_asked_come_first_and_old_ones_fade():
    today = timezone.localdate()
    factories.searched("医保缴费", searchers=20, networks=20)
    factories.searched("公租房", searchers=30, networks=30, on=today - timedelta(days=6))
    factories.searched("低保申请", searchers=10, networks=10)
    popular.compute(timezone.now())
    assert shown() == ["医保缴费", "低保申请", "公租房"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("医", "too short"),
        ("城乡居民基本医疗保险参保缴费有关工作的通知", "too long"),
        ("2026", "no word"),
        ("狗官", "shipped exclusion"),
        ("13800000001", "private words that an older version wrote down"),
    ],
)
def test_words_something_speaks_against_are_not_shown(text, reason):
    factories.searched(text, networks=9)
    factories.searched("医保缴费", networks=9)
    popular.compute(timezone.now())
    assert shown() == ["医保缴费"]
    assert sum(count for _, count in popular.popular_list().withheld) == 1


def test_it_is_computed_every_hour_and_not_more_often():
    now = timezone.now()
    popular.compute_if_due(now)
    factories.searched("医保缴费", networks=9)
    assert not popular.compute_if_due(now + timedelta(minutes=59))
    assert shown() == []
    assert popular.compute_if_due(now + timedelta(hours=1))
    assert shown() == ["医保缴费"]


def test_a_clock_that_was_set_back_does_not_stop_it():
    popular.compute_if_due(timezone.now() + timedelta(days=30))
    factories.searched("医保缴费", networks=9)
    assert popular.compute_if_due(timezone.now())


def test_pages_are_renewed_only_when_the_words_shown_change():
    now = timezone.now()
    factories.searched("医保缴费", networks=9, searchers=9)
    popular.compute(now)
    before = generation_now()
    factories.searched("医保缴费", networks=9, searchers=90, on=timezone.localdate() - timedelta(days=1))
    assert not popular.compute(now)
    assert generation_now() == before, "the figures moved, the words did not"
    factories.searched("公租房", networks=9, searchers=5)
    assert popular.compute(now)
    assert generation_now() > before


def test_reading_costs_one_query_and_then_none():
    factories.searched("医保缴费", networks=9)
    popular.compute(timezone.now())
    generation.current()
    with CaptureQueriesContext(connection) as first:
        popular.top_searches()
    with CaptureQueriesContext(connection) as second:
        assert len(popular.top_searches()) == 1
    assert (len(first), len(second)) == (1, 0)


def test_suggestions_get_texts_with_weights_from_one_downwards():
    factories.searched("医保缴费", networks=10, searchers=10)
    factories.searched("公租房", networks=5, searchers=5)
    popular.compute(timezone.now())
    assert popular.popular_texts() == ("医保缴费", "公租房")


def test_no_list_yet_is_an_empty_list():
    assert popular.top_searches() == ()
    assert popular.popular_texts() == ()
    assert popular.popular_list().computed_at is None


def test_counts_of_removed_words_leave_the_list_at_the_next_computation():
    factories.searched("医保缴费", networks=9)
    popular.compute(timezone.now())
    SearchedText.objects.all().delete()
    popular.compute(timezone.now())
    assert shown() == []
