"""热度榜: the formula with its floors as tables, and its laws."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rules.popularity import (
    Candidate,
    DayOfReading,
    Parameters,
    count_day,
    load,
    parameters,
    ranking,
    score,
    standing_of,
    weight,
)
from gongkai.rules.vocabulary import VocabularyError, data_file

TODAY = date(2026, 11, 20)
FIGURES = Parameters(
    window_days=30, half_life_days=7, shown=20, readers=20, networks=10, per_network=2, per_minute=30,
    per_network_a_day=1000,
)  # fmt: skip


def day(ago: int, readers: int, networks: int | None = None) -> DayOfReading:
    return DayOfReading(TODAY - timedelta(days=ago), readers, readers if networks is None else networks)


def item(item_id: int, *days: DayOfReading, published: datetime = datetime(2026, 3, 1)) -> Candidate:
    return Candidate(item_id, published, days)


def test_the_shipped_figures_are_those_the_cases_are_reckoned_with():
    assert parameters() == FIGURES


@pytest.mark.parametrize(
    ("ago", "counts", "reason"),
    [
        (0, 1.0, "today"),
        (7, 0.5, "one half-life"),
        (14, 0.25, "two"),
        (29, 2 ** (-29 / 7), "the last day of the window"),
        (30, 0.0, "outside the window"),
        (-1, 0.0, "a day to come"),
    ],
)
def test_a_reader_counts_by_the_age_of_the_day(ago, counts, reason):
    assert weight(TODAY - timedelta(days=ago), TODAY, FIGURES) == pytest.approx(counts), reason


@pytest.mark.parametrize(
    ("days", "listed", "reason"),
    [
        ([day(0, 20)], True, "both floors reached on one day"),
        ([day(0, 19)], False, "one reader too few"),
        ([day(0, 20, 9)], False, "one segment too few"),
        ([day(0, 10), day(1, 10)], True, "readers add up over days, segments reached on each"),
        ([day(ago, 9) for ago in range(10)], False, "segments of different days are not added up"),
        ([day(0, 10), day(30, 10)], False, "half of the readers outside the window"),
        ([], False, "never read"),
    ],
)
def test_only_what_enough_readers_of_enough_segments_read_is_listed(days, listed, reason):
    assert (standing_of(item(1, *days), TODAY, FIGURES) is not None) is listed, reason


@pytest.mark.parametrize(
    ("networks", "counted", "reason"),
    [
        ("abc", (3, 3), "one of each"),
        ("aab", (3, 2), "two of one segment both count"),
        ("aaaaab", (3, 2), "the third and later ones of a segment do not"),
        ("", (0, 0), "nobody"),
    ],
)
def test_a_segment_counts_at_most_so_many_readers(networks, counted, reason):
    assert count_day(networks, 2) == counted, reason


def test_the_best_come_first_and_of_equal_scores_the_newer_publication():
    older, newer = item(1, day(0, 25)), item(2, day(0, 25), published=datetime(2026, 4, 1))
    best = item(3, day(0, 26), published=datetime(2020, 1, 1))
    for order in ([older, newer, best], [best, newer, older], [newer, best, older]):
        assert [one.item_id for one in ranking(order, TODAY, FIGURES)] == [3, 2, 1]


DAYS = st.lists(
    st.builds(day, st.integers(0, 40), st.integers(0, 500)), max_size=40, unique_by=lambda one: one.on
)  # fmt: skip


@given(DAYS, st.integers(0, 29), st.integers(1, 50))
def test_more_readers_never_lower_a_score_and_raise_it_within_the_window(days, ago, more):
    rest = [one for one in days if one.on != TODAY - timedelta(days=ago)]
    before = next((one.readers for one in days if one.on == TODAY - timedelta(days=ago)), 0)
    assert score([*rest, day(ago, before + more)], TODAY, FIGURES) > score(days, TODAY, FIGURES)


@given(DAYS, st.integers(1, 60))
def test_without_new_readers_a_score_only_falls(days, later):
    now, then = (score(days, TODAY + timedelta(days=shift), FIGURES) for shift in (0, later))
    assert then <= now
    assert then <= now * 2 ** (-later / 7) + 1e-6


@given(st.lists(st.integers(0, 6), max_size=1000), st.integers(1, 5))
def test_however_many_visitors_a_few_segments_send_the_cap_holds(visitors, cap):
    readers, networks = count_day(map(str, visitors), cap)
    assert networks <= readers <= min(networks * cap, len(visitors))
    assert networks <= 7


def test_a_file_with_a_figure_that_is_none_is_refused_by_name(tmp_path):
    path = tmp_path / "popularity.toml"
    path.write_text(data_file("popularity").read_text("utf-8").replace("half_life_days = 7", "half_life_days = 0"))
    with pytest.raises(VocabularyError, match="half_life_days"):
        load(path)
