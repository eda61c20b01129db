"""Dates: what cannot be, what contradicts itself, and what only looks odd."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rules.findings import Severity
from gongkai.text.checks import Material
from gongkai.text.checks.dates import (
    against_document_date,
    dates,
    future_events,
    impossible_dates,
    reversed_periods,
    wrong_weekdays,
    years_of_another_report,
)

IMPOSSIBLE = [
    ("2024年2月30日召开", ["2024年2月30日"], "February has no 30th"),
    ("2023年2月29日", ["2023年2月29日"], "no leap year"),
    ("2024年2月29日", [], "a leap year"),
    ("每年2月29日", [], "no year named"),
    ("于9月31日前报送", ["9月31日"], "September has 30 days"),
    ("2024年13月1日", ["2024年13月1日"], "no thirteenth month"),
    ("2024年13月", ["2024年13月"], "a month alone"),
    ("二〇二四年二月三十日", ["二〇二四年二月三十日"], "in Chinese numerals"),
    ("二〇二四年二月二十九日", [], "in Chinese numerals, right"),
    ("2024-02-30", ["2024-02-30"], "with hyphens"),
    ("２０２４年６月３１日", ["２０２４年６月３１日"], "full width"),
    ("2024年12月31日", [], "right"),
    ("24个月31日龄", [], "no date"),
    ("工期18月", [], "a length of time"),
    ("2024年0月1日", ["2024年0月1日"], "no month 0"),
]


@pytest.mark.parametrize(("text", "evidence", "reason"), IMPOSSIBLE, ids=[case[2] for case in IMPOSSIBLE])
def test_days_that_do_not_exist_are_found(text: str, evidence: list[str], reason: str) -> None:
    found = list(impossible_dates(Material(text)))
    assert [finding.text for finding in found] == evidence
    assert all(text[finding.start : finding.end] == finding.text and finding.place == "正文" for finding in found)


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)))
def test_no_real_day_is_impossible(day: date) -> None:
    for text in (f"{day.year}年{day.month}月{day.day}日", day.isoformat(), f"{day.month}月{day.day}日"):
        assert not list(impossible_dates(Material(text)))


WEEKDAYS = [
    ("2026年11月26日（星期五）上午", None, ["2026年11月26日（星期五"], "it is a Thursday"),
    ("2026年11月26日（星期四）上午", None, [], "right"),
    ("2026年11月29日（周日）", None, [], "right, 周日"),
    ("11月26日（星期五）上午", date(2026, 11, 20), ["11月26日（星期五"], "year of the publication"),
    ("11月26日（星期五）上午", None, [], "no year to go by"),
    ("12月31日（星期三）", date(2026, 1, 4), [], "the December before"),
    ("2026年11月26日周一至周五", None, [], "a span of weekdays"),
]


@pytest.mark.parametrize(("text", "reference", "evidence", "reason"), WEEKDAYS, ids=[case[3] for case in WEEKDAYS])
def test_weekdays_must_fit(text: str, reference: date | None, evidence: list[str], reason: str) -> None:
    assert [finding.text for finding in wrong_weekdays(Material(text), reference)] == evidence


@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)), st.integers(0, 6))
def test_a_weekday_is_wrong_exactly_when_the_calendar_says_so(day: date, weekday: int) -> None:
    text = f"{day.year}年{day.month}月{day.day}日（星期{'一二三四五六日'[weekday]}）"
    assert bool(list(wrong_weekdays(Material(text)))) == (weekday != day.weekday())


PERIODS = [
    ("2024年5月1日至2023年4月30日", 1, "with years"),
    ("2024年5月1日至2024年12月31日", 0, "right"),
    ("5月20日至10日", 1, "same month"),
    ("5月20日至5月10日", 1, "same month, named twice"),
    ("11月15日至3月15日", 0, "over the turn of the year"),
    ("5月10日—20日", 0, "right"),
    ("2024年5月1日印发，2023年4月30日通过", 0, "no period"),
]


@pytest.mark.parametrize(("text", "count", "reason"), PERIODS, ids=[case[2] for case in PERIODS])
def test_a_period_ends_after_it_begins(text: str, count: int, reason: str) -> None:
    assert len(list(reversed_periods(Material(text)))) == count


PUBLISHED = date(2026, 11, 26)
EVENTS = [
    ("区政府于11月30日召开了常务会议。", ["11月30日"], "told as past, four days ahead"),
    ("2026年11月30日，区长主持召开会议。会议指出，要抓好落实。", ["2026年11月30日"], "news without 了"),
    ("11月30日，区委召开会议。会议强调，要压实责任。", ["11月30日"], "the next sentence tells what was said"),
    ("区政府将于11月30日召开会议。", [], "announced"),
    ("定于11月30日召开座谈会，请准时参加。", [], "invited"),
    ("请于11月30日前完成了解情况的工作。", [], "a term"),
    ("11月20日，区政府召开了会议。", [], "before the publication"),
    ("12月28日，区政府召开了会议。", ["12月28日"], "a month ahead"),
    ("11月26日，区政府召开了会议。", [], "the same day"),
    ("2025年，区政府推进工作，12月28日召开了会议。", [], "the paragraph names the year"),
    ("本办法自2027年1月1日起施行，已经区政府常务会议审议通过。", [], "takes effect later"),
]


@pytest.mark.parametrize(("text", "evidence", "reason"), EVENTS, ids=[case[2] for case in EVENTS])
def test_what_has_not_happened_is_not_reported(text: str, evidence: list[str], reason: str) -> None:
    found = list(future_events(Material(text), PUBLISHED))
    assert [finding.text for finding in found] == evidence
    assert all(finding.severity is Severity.SERIOUS for finding in found)


def test_a_december_event_published_in_january_is_of_the_year_before() -> None:
    assert not list(future_events(Material("12月28日，区政府召开了会议。"), date(2027, 1, 4)))


REPORTS = [
    ("2024年政府信息公开工作年度报告", "2025年以来收录信息300条。", 1, "the slip of a real report"),
    ("2024年政府信息公开工作年度报告", "2023年以来持续推进，2024年以来收录300条。", 0, "earlier and same years"),
    ("2024年政府信息公开工作年度报告", "三、2025年工作打算", 0, "an outlook"),
    ("", "2024年法治政府建设年度报告\n2025年以来，我区推进。", 1, "the title stands in the text"),
    ("关于公布清单的通知", "2025年以来收录信息300条。", 0, "no report"),
]


@pytest.mark.parametrize(("title", "text", "count", "reason"), REPORTS, ids=[case[3] for case in REPORTS])
def test_a_report_does_not_tell_of_a_later_year(title: str, text: str, count: int, reason: str) -> None:
    assert len(list(years_of_another_report(Material(text), title))) == count


OWN_DATES = [
    ("", date(2026, 11, 27), PUBLISHED, 1, "made after it was published"),
    ("", date(2026, 11, 26), PUBLISHED, 0, "the same day"),
    ("本办法自2026年1月1日起施行。", date(2026, 3, 1), PUBLISHED, 0, "a while back is allowed"),
    ("本办法自2020年1月1日起施行。", date(2026, 3, 1), PUBLISHED, 1, "years back"),
    ("本办法有效期至2025年12月31日。", date(2026, 3, 1), PUBLISHED, 1, "ends before it was made"),
    ("本政策有效期至2017年12月31日，清理时已失效。", date(2026, 3, 1), PUBLISHED, 0, "a list of other documents"),
    ("本办法有效期至2030年12月31日。", date(2026, 3, 1), PUBLISHED, 0, "right"),
]


@pytest.mark.parametrize(
    ("text", "made", "published", "count", "reason"), OWN_DATES, ids=[case[4] for case in OWN_DATES]
)
def test_the_documents_own_dates_fit(text: str, made: date, published: date, count: int, reason: str) -> None:
    assert len(list(against_document_date(Material(text), made, published))) == count


def test_all_of_them_together_and_nothing_without_dates() -> None:
    text = "2024年2月30日\n2026年11月26日（星期五）\n5月20日至10日\n"
    assert len(list(dates(Material(text), published_on=PUBLISHED, document_date=PUBLISHED + timedelta(1)))) == 4
    assert not list(dates(Material("")))


@pytest.mark.parametrize(
    ("name", "most"),
    [("policy_docs/policies.dev", 0.3), ("laws_docs/xingzhengfagui", 0.05), ("laws_docs/bumenguizhang", 0.05)],
)
def test_clean_official_texts_raise_few_alarms(shared_data: Path, name: str, most: float) -> None:
    rows = [json.loads(line) for line in (shared_data / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    texts = [(row["text"], row.get("title", "")) for row in rows if row.get("text")]
    found = [finding.message for text, title in texts for finding in dates(Material(text), title=title)]
    length = sum(len(text) for text, _ in texts)
    assert length > 200_000
    assert len(found) / length * 10_000 <= most, found
