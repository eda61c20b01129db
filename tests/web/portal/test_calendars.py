"""Calendar feeds of running periods."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from gongkai.disclosure.public_deadlines import last_day
from gongkai.rules.publication import State
from tests import factories

PERIODS = [
    ("2026年3月1日至2026年3月31日", date(2026, 3, 31), "two full dates"),
    ("2026年3月1日至3月31日", date(2026, 3, 31), "the year is that of the beginning"),
    ("2026年3月1日至7日", date(2026, 3, 7), "year and month are those of the beginning"),
    ("2025年12月20日至1月10日", date(2026, 1, 10), "over the turn of the year"),
    ("2026-03-01至2026-03-31", date(2026, 3, 31), "in figures"),
    ("截至2026年3月31日", date(2026, 3, 31), "the end alone"),
    ("5个工作日", None, "no date"),
    ("", None, "nothing"),
]


@pytest.mark.parametrize(("period", "day", "reason"), PERIODS, ids=[case[2] for case in PERIODS])
def test_the_last_day_of_a_period_in_words(period, day, reason):
    assert last_day(period) == day


@pytest.mark.django_db
def test_running_consultations_are_in_the_calendar_and_nothing_else(client):
    body, today = factories.body("谯城区民政局"), timezone.localdate()

    def consultation(title: str, days: int, **more) -> None:
        end = today + timedelta(days=days)
        period = f"{today:%Y年%m月%d日}至{end.year}年{end.month}月{end.day}日"
        factories.published_many(body, 1, kind=more.pop("kind", "public_consultation"), title=title, details={"consultation_period": period}, **more)  # fmt: skip

    consultation("正在征集", 10)
    consultation("今天截止", 0)
    consultation("已经结束", -1)
    consultation("没有发布", 10, state=State.DRAFT)
    consultation("不是征集", 10, kind="notice")
    answer = client.get("/calendars/consultations.ics")
    text = answer.content.decode().replace("\r\n ", "")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8" and not answer.cookies
    assert text.count("BEGIN:VEVENT") == 2
    assert text.index("今天截止") < text.index("正在征集") and f"DTSTART;VALUE=DATE:{today:%Y%m%d}" in text
    assert client.get("/calendars/nothing.ics").status_code == 404
