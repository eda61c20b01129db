"""What the doctor sees in cases, and that a thousand of them written at once are what the actions would have left."""

from datetime import date
from pathlib import Path

import pytest
from bench import case_load
from django.core.files.storage import default_storage
from django.db import connection

from gongkai.calendars import selectors as calendars
from gongkai.foi import figures, sweep
from gongkai.foi.models import Case, CaseDocument, CaseEvent, Letter
from gongkai.foi.recording import rebuild
from gongkai.foi.soundness import faults
from gongkai.rules import request_table as rt
from tests.foi.makers import Desk, on

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture
def answered() -> Case:
    """A case that went all the way, and one that is open."""
    desk = Desk()
    with on(DAY):
        case = desk.registered(DAY)
        desk.answered(case)
        desk.registered(DAY)
    return case


def found(*, files: bool = False) -> list[str]:
    with on(DAY):
        return list(faults(files=files))


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_sound_cases_have_no_faults(answered):
    assert found(files=True) == []


BEHIND_ITS_BACK = [
    (
        "UPDATE foi_caseevent SET actor_name = '他人' WHERE case_id = %s AND seq = 4",
        "自第 4 条起",
        "an event was changed",
    ),
    ("DELETE FROM foi_caseevent WHERE case_id = %s AND seq = 5", "自第 5 条起", "an event was taken out"),
    ("UPDATE foi_case SET outcome = 'withheld' WHERE id = %s", "办理结果", "the outcome is not what was signed"),
    ("UPDATE foi_letter SET number = '', digest = 'x' WHERE case_id = %s", "与发出时不一致", "a letter was changed"),
]


@pytest.mark.parametrize(("statement", "sentence", "reason"), BEHIND_ITS_BACK, ids=[row[2] for row in BEHIND_ITS_BACK])
def test_what_was_changed_behind_the_back_of_the_actions_is_found(answered, statement, sentence, reason):
    sql(statement, answered.pk)
    assert any(sentence in one for one in found()), reason


def test_a_last_day_that_is_not_what_is_reckoned_is_found_in_an_open_case(answered):
    Case.objects.filter(closed_on=None).update(due_on=date(2026, 4, 30))
    assert ["答复期限" in one for one in found()] == [True]
    with on(DAY):
        rebuild()
    assert found() == []


def test_a_letter_whose_content_was_changed_is_found(answered):
    letter = Letter.objects.filter(case=answered).exclude(number="").latest("pk")
    content = {**letter.content, "title": "改过的标题"}
    Letter.objects.filter(pk=letter.pk).update(content=content)
    assert [letter.number in one for one in found()] == [True]


def test_files_that_are_lost_or_changed_are_found(answered):
    from io import BytesIO

    from gongkai.foi import documents

    desk_case = Case.objects.get(closed_on=None)
    kept = [documents.keep(f"说明{n}.txt", BytesIO(f"检索说明第{n}号\n".encode() * 20)) for n in (1, 2)]
    lost, changed = documents.attach(desk_case, "other", kept, None)
    assert found(files=True) == []
    default_storage.delete(lost.storage_name)
    with Path(default_storage.path(changed.storage_name)).open("ab") as file:
        file.write(b"x")
    assert [one[-3:] for one in found(files=True)] == ["）丢失", "被改动"]
    assert CaseDocument.objects.count() == 2


# --- many cases written at once (`bench.case_load`) -------------------------------------------------------------------
@pytest.fixture
def many(django_db_blocker) -> date:
    today = date(2026, 11, 26)
    with on(today):
        case_load.load(600, today, bodies=5)
    return today


def test_cases_written_at_once_are_whole_and_their_columns_are_what_their_events_say(many):
    with on(many):
        assert list(faults()) == []
        states = set(Case.objects.values_list("state", flat=True))
        assert {"closed", "in_progress", "awaiting_correction", "withdrawn"} <= states, (
            "too few kinds to prove anything"
        )
        assert Case.objects.count() == 600 and CaseEvent.objects.count() > 5000


def test_the_sweep_records_what_lapsed_once_and_then_nothing(many):
    with on(many):
        first = sweep.sweep()
        assert first.lapsed > 0 and first.failed == ()
        second = sweep.sweep()
        assert (second.lapsed, second.refreshed, second.failed) == (0, 0, ())
        assert list(faults()) == []
        waiting = Case.objects.filter(state="awaiting_correction", next_on__lt=many)
        assert not waiting.exists()


def test_table_three_adds_up_for_every_body_and_the_whole_on_every_tenth_day_of_three_years(many):
    calendar = calendars.current()
    assert calendar.is_working_day(date(2026, 11, 26))
    bodies = list(Case.objects.values_list("organisation_id", flat=True).distinct())
    moved = set()
    for year in (2024, 2025, 2026):
        for n in range(0, 365, 10):
            span = figures.Span(year, date.fromordinal(date(year, 1, 1).toordinal() + n))
            whole, wrong = figures.checked(span)
            assert wrong == []
            parts = figures.tables(span)
            assert set(parts) <= set(bodies)
            before = figures.tables(figures.Span(year - 1, date(year - 1, 12, 31)))
            for body, table in parts.items():
                assert rt.cross_footing(table, last_year=before.get(body)) == []
                assert table == figures.table(span, [body])
            moved.add(whole.cell("r24", rt.TOTAL))
    assert len(moved) > 50, "the days are too alike to prove anything"


def test_a_case_taken_out_of_the_table_is_missed(many):
    """The arithmetic does not hold by construction alone: an outcome that is nobody's row is found."""
    span = figures.Span(2025, date(2025, 12, 31))
    table = figures.table(span)
    cells = {row: dict(columns) for row, columns in table.cells.items()}
    cells["r03"]["natural"] -= 1
    broken = rt.RequestTable(table.year, table.as_of, cells, table.applications)
    assert {one.rule for one in rt.cross_footing(broken)} >= {"R2", "R3"}
