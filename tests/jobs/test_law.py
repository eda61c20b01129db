"""`gongkai law`: answers for people and for programs; what is no date is told."""

import json
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from tests.calendars.makers import in_force

from gongkai.calendars import selectors as calendars

pytestmark = pytest.mark.django_db


def asked(capsys, *arguments):
    call_command("law", *arguments)
    return capsys.readouterr().out


def test_a_period_is_told_day_by_day(capsys):
    said = asked(capsys, "due", "--received", "2024-09-25").splitlines()
    assert said[-1] == "期限届满：2024-10-28"
    assert said[3] == "2024-09-29    3  调休上班"
    found = json.loads(asked(capsys, "due", "--received", "2026-03-02", "--pause", "2026-03-05:2026-03-20", "--json"))
    assert (found["due"], found["provisional"]) == ("2026-04-15", False)
    assert found["days"][0] == {"day": "2026-03-03", "number": 1, "why": "工作日"}


def test_fees_and_days(capsys):
    assert json.loads(asked(capsys, "fee", "--items", "45", "--json")) == {"total": 5500}
    assert asked(capsys, "fee", "--pages", "68") == "信息处理费 380 元\n"
    assert json.loads(asked(capsys, "workday", "2026-10-10", "--json"))["workday"] is True
    assert asked(capsys, "workday", "2027-03-01") == "2027-03-01是工作日（暂按工作日，暂定）\n"


WRONG = [
    (["due", "--received", "2026-13-01"], "不是有效的日期"),
    (["due", "--received", "2026-03-02", "--pause", "2026-03-05"], "发出日期:结束日期"),
    (["due", "--received", "2026-03-02", "--extend", "21"], "延长期限合计为 1 至 20 个工作日"),
    (["fee", "--items", "-1"], "应当是不小于 0 的整数"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG, ids=[row[1] for row in WRONG])
def test_what_cannot_be_is_told_in_chinese(arguments, message):
    with pytest.raises(CommandError, match=message):
        call_command("law", *arguments)


def test_days_that_were_brought_in_are_counted(capsys):
    assert "暂定" in asked(capsys, "workday", "2027-02-08")
    in_force()
    calendars.forget()
    assert asked(capsys, "workday", "2027-02-08").strip() == "2027-02-08不是工作日（春节）"


def test_without_a_database_the_shipped_days_are_counted(capsys):
    with mock.patch.object(calendars, "current", side_effect=OperationalError("no such table")):
        assert "不是工作日" in asked(capsys, "workday", "2026-10-01")
