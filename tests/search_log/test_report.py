"""检索情况: which words the office is told, in which order, and what is only counted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gongkai.search_log.report import Period, Step, View, is_told, report
from tests import factories

pytestmark = pytest.mark.django_db


def week() -> Period:
    today = timezone.localdate()
    return Period(today - timedelta(days=6), today)


def texts(view: View, **more: object) -> list[str]:
    return [row.text for row in report(week(), view, **more).rows]


@pytest.fixture
def searches(db):
    today = timezone.localdate()
    before = today - timedelta(days=8)
    factories.searched("医保缴费", searchers=20, networks=10)
    factories.searched("医保缴费", searchers=30, networks=10, on=before)
    factories.searched("新生入学", searchers=9, networks=5)
    factories.searched("灵活就业社保", searchers=8, networks=5, relaxed=7)
    factories.searched("老年食堂", searchers=6, networks=4, nothing=6)
    factories.searched("个别人的词", searchers=4, networks=2, nothing=4)


def test_each_view_shows_its_own_in_its_own_order(searches):
    assert texts(View.MOST) == ["医保缴费", "新生入学", "灵活就业社保", "老年食堂"]
    assert texts(View.NOTHING) == ["老年食堂"]
    assert texts(View.RELAXED) == ["灵活就业社保"]
    assert texts(View.RISING) == ["新生入学", "灵活就业社保", "老年食堂"]


def test_words_of_few_are_counted_among_the_others(searches):
    found = report(week(), View.MOST)
    assert found.others == 4
    assert report(week(), View.NOTHING).others == 4
    assert (found.searches, found.nothing) == (47, 10)


def test_private_words_are_never_told_however_many_asked(searches):
    one = factories.searched("13800000001", networks=50)
    assert "13800000001" not in texts(View.MOST)
    assert report(week(), View.MOST).others == 54
    assert not is_told(one.pk)


def test_the_threshold_looks_at_the_period_itself(db):
    factories.searched("从前的热词", networks=9, on=timezone.localdate() - timedelta(days=8))
    factories.searched("从前的热词", networks=1)
    assert texts(View.MOST) == []


def test_a_step_suggests_itself(searches):
    rows = {row.text: row.suggestion for row in report(week(), View.MOST).rows}
    assert rows == {"医保缴费": None, "新生入学": None, "灵活就业社保": Step.ADD_SYNONYM, "老年食堂": Step.PUBLISH}


def test_what_was_treated_can_be_left_out(searches):
    factories.treatment(factories.searched("办过的词", networks=9))
    assert "办过的词" in texts(View.MOST)
    assert "办过的词" not in texts(View.MOST, untreated=True)
