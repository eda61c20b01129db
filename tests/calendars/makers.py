"""Working days of years to come, made up for the tests: no notice has said them."""

from __future__ import annotations

import json
from datetime import date, timedelta

from gongkai.calendars.actions import approve, propose
from gongkai.calendars.models import CalendarYear
from gongkai.rules.access import Role
from gongkai.rules.calendar import Notice, Year
from gongkai.rules.calendar_import import read_import
from tests import factories

NOTICE = Notice(
    "关于2027年部分节假日安排的通知（测试）",
    "国办发明电〔2026〕0号",
    date(2026, 11, 20),
    "https://www.example.invalid/2027",
)
RESTS_2027 = {
    "元旦": [date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3)],
    "春节": [date(2027, 2, 5) + timedelta(days=n) for n in range(9)],
    "劳动节": [date(2027, 5, day) for day in range(1, 6)],
    "国庆节": [date(2027, 10, day) for day in range(1, 8)],
}
WORKS_2027 = {"春节": [date(2027, 1, 30), date(2027, 2, 20)], "国庆节": [date(2027, 9, 26)]}


def json_2027(**more: list[date]) -> str:
    """The year as others hand it on; `more`: further days off by name of the holiday."""
    rests = {**RESTS_2027, **more}
    days = [{"name": name, "date": day.isoformat(), "isOffDay": True} for name, found in rests.items() for day in found]
    days += [
        {"name": name, "date": day.isoformat(), "isOffDay": False}
        for name, found in WORKS_2027.items()
        for day in found
    ]
    return json.dumps({"year": 2027, "papers": [NOTICE.url], "days": days}, ensure_ascii=False)


def year_2027(**more: list[date]) -> Year:
    """The same, read."""
    return read_import(json_2027(**more), NOTICE)


def in_force(year: Year | None = None) -> CalendarYear:
    """A year that one proposed and another approved."""
    office = factories.body(kind="district_government")
    proposer, approver = factories.actor(office, Role.ADMINISTRATOR), factories.actor(office, Role.DISTRICT_OFFICE)
    return approve(actor=approver, pk=propose(actor=proposer, year=year or year_2027()).pk)
