"""`gongkai cases`: figures for people and for programs, chains that hold or do not, columns made anew."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from gongkai.foi.models import Case, CaseEvent
from tests.foi.makers import Desk, on

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk()


def said(capsys, *arguments: str) -> str:
    call_command("cases", *arguments)
    return capsys.readouterr().out


def test_the_figures_of_a_year_as_of_a_day(desk, capsys):
    with on(date(2026, 3, 2)):
        desk.registered(date(2026, 3, 2))
        desk.answered(desk.registered(date(2026, 3, 2)))
    found = json.loads(
        said(capsys, "figures", "--year", "2026", "--as-of", "2026-03-31", "--body", desk.body.code, "--json")
    )
    table = found["table"]
    assert [table[row]["natural"] for row in ("r01", "r03", "r24", "r25")] == [2, 1, 1, 1]
    assert found["imbalances"] == []
    assert "勾稽关系全部相符" in said(capsys, "figures", "--year", "2026", "--as-of", "2026-12-31")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("--body", "nobody"), "没有代码为“nobody”的机关"), (("--year", "2027", "--as-of", "2026-12-31"), "早于该年度")],
)
def test_what_cannot_be_counted_is_said(arguments, message):
    with pytest.raises(CommandError, match=message):
        call_command("cases", "figures", *arguments)


def test_a_chain_that_was_touched_is_found(desk, capsys):
    with on(date(2026, 3, 2)):
        whole, touched, short = (desk.registered(date(2026, 3, 2)) for _ in range(3))
    assert "被改动的 0 件" in said(capsys, "verify")
    with connection.cursor() as cursor:  # past the model, which refuses it
        cursor.execute(
            "UPDATE foi_caseevent SET effective_on = '2026-02-01' WHERE case_id = %s AND seq = 2", [touched.pk]
        )
        cursor.execute("DELETE FROM foi_caseevent WHERE case_id = %s AND seq = 3", [short.pk])
    with pytest.raises(SystemExit):
        call_command("cases", "verify")
    told = capsys.readouterr().out
    assert f"办件 {touched.pk}：第 2 条" in told and f"办件 {short.pk}：第 3 条" in told
    assert f"办件 {whole.pk}：" not in told
    assert CaseEvent.objects.filter(case=touched).exists()


def test_columns_are_made_anew_from_the_events(desk, capsys):
    with on(date(2026, 3, 2)):
        case = desk.registered(date(2026, 3, 2))
        Case.objects.filter(pk=case.pk).update(due_on=None, state="closed")
        assert said(capsys, "rebuild") == "重建 1 件。\n"
    case.refresh_from_db()
    assert (case.state, case.due_on) == ("in_progress", date(2026, 3, 30))
