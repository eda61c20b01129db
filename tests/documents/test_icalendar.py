"""Calendar feeds as RFC 5545 wants them."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from gongkai.documents.icalendar import OCTETS, CalendarEvent, calendar

NOW = datetime(2026, 11, 27, 1, 2, 3, tzinfo=UTC)


def made(title: str = "意见征集截止", **more) -> str:
    event = CalendarEvent("item-1-consultation", date(2026, 12, 31), title, "https://example.cn/items/1/", **more)
    return calendar([event], name="意见征集", domain="example.cn", now=NOW)


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_an_event_has_all_it_must_have():
    lines = unfolded(made())
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""]
    for line in (
        "VERSION:2.0", "UID:item-1-consultation@example.cn", "DTSTAMP:20261127T010203Z", "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101", "SUMMARY:意见征集截止", "URL:https://example.cn/items/1/",
    ):  # fmt: skip
        assert lines.count(line) == 1, line
    assert sum(line.startswith("PRODID:") for line in lines) == 1


def test_text_is_escaped():
    lines = unfolded(made("甲,乙;丙\\丁\x07", description="一\r\n二\n三"))
    assert "SUMMARY:甲\\,乙\\;丙\\\\丁" in lines
    assert "DESCRIPTION:一\\n二\\n三" in lines


def test_no_events_make_an_empty_calendar():
    assert "VEVENT" not in calendar([], name="意见征集", domain="example.cn", now=NOW)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc",)), max_size=300))
def test_lines_are_folded_and_nothing_is_lost(title):
    text = made(title)
    for line in text.encode().split(b"\r\n"):
        assert len(line) <= OCTETS
        line.decode()
    summary = next(line for line in unfolded(text) if line.startswith("SUMMARY:"))
    plain = summary.removeprefix("SUMMARY:").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
    assert plain == title
