"""热门搜索: the formula, its thresholds, and what the data file may say."""

from datetime import date, timedelta

import pytest

from gongkai.rules.popular_searches import (
    Candidate,
    DayCount,
    ExcludedTerm,
    Exclusion,
    excluded_by,
    load,
    parameters,
    popular,
    score,
)
from gongkai.rules.vocabulary import VocabularyError, data_file

TODAY = date(2026, 11, 26)


def day(age: int, searchers: int = 5, networks: int = 5, found: int | None = None, empty: int = 0) -> DayCount:
    return DayCount(TODAY - timedelta(days=age), searchers, networks, searchers if found is None else found, empty)


@pytest.mark.parametrize(
    ("days", "expected", "reason"),
    [
        ([day(0, 10)], 10.0, "today counts whole"),
        ([day(3, 10)], 5.0, "half after the half-life"),
        ([day(6, 8)], 2.0, "a quarter after twice the half-life"),
        ([day(0, 10), day(3, 10)], 15.0, "days add up"),
        ([day(13, 16)], 16 * 2 ** (-13 / 3), "the last day of the window"),
        ([day(14, 1000)], 0.0, "the day after it"),
        ([day(-1, 1000)], 0.0, "days to come"),
        ([], 0.0, "nothing"),
    ],
)
def test_the_score_is_the_published_formula(days, expected, reason):
    assert score(days, TODAY, parameters()) == pytest.approx(expected), reason


@pytest.mark.parametrize(
    ("days", "shown", "reason"),
    [
        ([day(0, 5, networks=5)], True, "five networks on one day"),
        ([day(0, 500, networks=4)], False, "many searchers of few networks"),
        (
            [day(age, 4, networks=4) for age in range(14)],
            False,
            "one's own words searched every day from four networks",
        ),
        ([day(20, 50, networks=50)], False, "long ago"),
        ([day(0, 10, networks=10, found=4, empty=6)], False, "mostly found nothing"),
        ([day(0, 10, networks=10, found=5, empty=5)], False, "half found nothing"),
        ([day(0, 10, networks=10, found=6, empty=4)], True, "mostly found something"),
    ],
)
def test_what_stays_below_a_threshold_is_not_shown(days, shown, reason):
    assert bool(popular([Candidate("医保", tuple(days))], TODAY, parameters())) is shown, reason


def test_the_best_come_first_ties_in_a_fixed_order_and_only_so_many():
    candidates = [Candidate(f"词{n:02d}", (day(0, 5 + n % 7),)) for n in range(30)]
    shown = popular(candidates, TODAY, parameters())
    assert len(shown) == parameters().shown
    assert [(-one.score, one.text) for one in shown] == sorted((-one.score, one.text) for one in shown)
    assert shown == popular(reversed(candidates), TODAY, parameters())


@pytest.mark.parametrize(
    ("text", "excluded"),
    [("测试", True), ("体质测试", False), ("代开发票电话", True), ("妈妈的户口", False), ("医保", False)],
)
def test_shipped_exclusions_hit_what_they_mean_and_no_fair_question(text, excluded):
    assert bool(excluded_by(text, parameters().excluded)) is excluded


def test_a_whole_term_excludes_only_itself():
    terms = [ExcludedTerm("医保", True, Exclusion.MISLEADING)]
    assert excluded_by("医保", terms) is Exclusion.MISLEADING
    assert excluded_by("医保缴费", terms) is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("networks = 5 ", "networks = 2 ", "networks 不得小于 3"),
        ("office_networks = 3 ", "office_networks = 1 ", "office_networks 不得小于 3"),
        ("window_days = 14 ", "window_days = 0 ", "window_days 应为正整数"),
        ("half_life_days = 3 ", 'half_life_days = "3" ', "half_life_days 应为正整数"),
        ('reason = "indecent"', 'reason = "ugly"', "应有 reason"),
        ('whole = ["测试"', 'whole = [1, "测试"', "应为文字列表"),
    ],
)
def test_a_faulty_data_file_says_what_to_mend(tmp_path, old, new, said):
    shipped = data_file("popular_searches").read_text("utf-8")
    assert old in shipped
    path = tmp_path / "popular_searches.toml"
    path.write_text(shipped.replace(old, new, 1), "utf-8")
    with pytest.raises(VocabularyError, match=said):
        load(path)
