"""Tables three and four out of cases: every case once, on any day, and each cell with exactly its cases."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.foi import figures
from gongkai.foi.figures import Span
from gongkai.foi.models import Case, Remedy
from gongkai.rules import request_table as rt
from gongkai.rules.applicants import Category
from gongkai.rules.calendar import working_days
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.outcomes import outcomes
from gongkai.rules.request_table import TOTAL, cross_footing
from tests import factories
from tests.foi.makers import Desk, on

pytestmark = pytest.mark.django_db
END_2024, END_2025 = date(2024, 12, 31), date(2025, 12, 31)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def template(desk) -> Case:
    """A case whose submission the others share; it is not received and counts nowhere."""
    return desk.online()


def case(template: Case, received: date | None, decided: date | None = None, outcome: str = "", **more) -> Case:
    """A case with these columns, as the events would have left them."""
    values = {
        "organisation_id": template.organisation_id, "submission_id": template.submission_id, "applicant_id": template.applicant_id,
        "category": "natural", "channel": "online", "title": "示例", "state": "closed" if decided else "in_progress",
    } | more  # fmt: skip
    return Case.objects.create(received_on=received, decided_on=decided, closed_on=decided, outcome=outcome, **values)


def cells(span: Span, *rows: str, column: str = "natural", bodies=None) -> list[int]:
    table = figures.table(span, bodies)
    return [table.cell(row, column) for row in rows]


def test_vector_22_a_case_over_the_turn_of_the_year(template):
    case(template, date(2024, 12, 30), date(2025, 1, 15), "partially_disclosed")
    assert cells(Span(2024, END_2024), "r01", "r02", "r04", "r24", "r25") == [1, 0, 0, 0, 1]
    assert cells(Span(2025, END_2025), "r01", "r02", "r04", "r24", "r25") == [0, 1, 1, 1, 0]


ON_DAYS = [
    (date(2025, 1, 1), [0, 0, 0], "the first day of the year"),
    (date(2025, 3, 9), [0, 0, 0], "before it was received"),
    (date(2025, 3, 10), [1, 0, 1], "on the day of receipt it is new and open"),
    (date(2025, 4, 1), [1, 0, 1], "the day before the answer"),
    (date(2025, 4, 2), [1, 1, 0], "on the day of the answer it is handled"),
    (date(2026, 6, 1), [1, 1, 0], "seen from a later year the year stands still"),
]


@pytest.mark.parametrize(("day", "expected", "reason"), ON_DAYS, ids=[row[2] for row in ON_DAYS])
def test_the_table_of_a_year_on_any_day(template, day, expected, reason):
    case(template, date(2025, 3, 10), date(2025, 4, 2), "not_held")
    assert cells(Span(2025, day), "r01", "r13", "r25") == expected


@pytest.mark.parametrize("code", sorted(outcomes()))
def test_each_outcome_stands_in_its_row_and_in_no_other(template, code):
    case(template, date(2025, 3, 10), date(2025, 4, 2), code)
    table = figures.table(Span(2025, END_2025))
    assert {row for row in rt.outcome_rows() if table.cell(row, "natural")} == {outcomes()[code].row}


NOT_COUNTED = [
    ({"received": None}, "never received: both sides did not confirm (§31)"),
    ({"received": date(2025, 3, 1), "state": "void"}, "void: it was no application"),
    ({"received": date(2025, 3, 1), "origin": "rehandling"}, "handled again: the application was counted before"),
]


@pytest.mark.parametrize(("given", "reason"), NOT_COUNTED, ids=[row[1] for row in NOT_COUNTED])
def test_what_is_not_counted(template, given, reason):
    case(template, **given)
    assert figures.table(Span(2025, END_2025)).cell("r01", TOTAL) == 0
    assert not figures.cases_in(Span(2025, END_2025), "r01", TOTAL).exists()


def test_parts_of_a_split_count_each_unless_the_place_counts_as_submitted(template, monkeypatch):
    case(template, date(2025, 3, 1))
    case(template, date(2025, 3, 1), origin="split")
    assert cells(Span(2025, END_2025), "r01") == [2]
    monkeypatch.setattr(figures, "text_setting", lambda code: "as_submitted")
    assert cells(Span(2025, END_2025), "r01") == [1]


def test_rehandled_cases_count_where_the_place_says_so(template, monkeypatch):
    case(template, date(2025, 3, 1), origin="rehandling")
    monkeypatch.setattr(figures, "switch_setting", lambda code: True)
    assert cells(Span(2025, END_2025), "r01") == [1]


def test_a_withdrawn_application_is_other(desk):
    with on(date(2025, 3, 3)):
        withdrawn = desk.registered(date(2025, 3, 3))
        desk.do(withdrawn, Event.WITHDRAW, statement="电话撤回")
    assert cells(Span(2025, END_2025), "r01", "r23", "r25") == [1, 1, 0]


def test_a_year_that_has_not_begun_has_no_figures():
    with pytest.raises(ValueError, match="before 2026"):
        Span(2026, END_2025)


def test_a_cell_of_one_column_lists_the_cases_of_that_kind_of_applicant(template):
    case(template, date(2025, 3, 1)), case(template, date(2025, 3, 1), category="charity")
    assert [one.category for one in figures.cases_in(Span(2025, END_2025), "r01", "charity")] == ["charity"]


def test_the_district_is_the_sum_of_its_bodies_and_bodies_see_their_own(template):
    other = factories.body()
    case(template, date(2025, 3, 1))
    case(template, date(2025, 3, 1), organisation_id=other.pk, category="charity")
    span = Span(2025, END_2025)
    assert set(figures.tables(span)) == {template.organisation_id, other.pk}
    assert cells(span, "r01", column=TOTAL) == [2]
    assert cells(span, "r01", column=TOTAL, bodies=[other.pk]) == [1]
    assert figures.checked(span) == (figures.table(span), [])


# --- laws --------------------------------------------------------------------------------------------------------------
days = st.dates(date(2023, 6, 1), date(2026, 6, 1))
codes = st.sampled_from([*outcomes(), "withdrawn"])
histories = st.tuples(
    days, st.none() | st.integers(0, 400), codes, st.sampled_from([one.value for one in Category]), st.integers(0, 2)
)


def test_rows_columns_and_cases_agree_on_any_day_for_any_cases(template):
    bodies = [template.organisation_id, factories.body().pk, factories.body().pk]

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(histories, max_size=25), st.integers(2023, 2026), st.integers(0, 900))
    def law(drawn, year, after):
        Case.objects.exclude(pk=template.pk).delete()
        rows = []
        for received, took, outcome, category, body in drawn:
            decided = received + timedelta(days=took) if took is not None else None
            rows.append(
                Case(
                    organisation_id=bodies[body], submission_id=template.submission_id, applicant_id=template.applicant_id,
                    category=category, channel="online", title="示例", state="closed" if decided else "in_progress",
                    received_on=received, decided_on=decided, closed_on=decided, outcome=outcome if decided else "",
                )
            )  # fmt: skip
        Case.objects.bulk_create(rows)
        span = Span(year, date(year, 1, 1) + timedelta(days=after))
        whole, broken = figures.checked(span)
        assert broken == []
        assert cross_footing(whole) == []
        for row in rt.rows():
            listed = Counter(figures.cases_in(span, row.code, TOTAL).values_list("category", flat=True))
            assert {column: listed[column] for column in rt.COLUMNS} == {c: whole.cell(row.code, c) for c in rt.COLUMNS}

    law()


# --- table four --------------------------------------------------------------------------------------------------------
def remedy(of: Case, kind: str, filed: date, result: str = "", on_day: date | None = None) -> Remedy:
    return Remedy.objects.create(
        case=of, kind=kind, authority="谯城区人民政府", filed_on=filed, result=result, result_on=on_day
    )


def test_table_four_counts_results_of_the_year_and_what_is_pending_on_the_day(template):
    remedy(template, "reconsideration", date(2024, 11, 1), "corrected", date(2025, 1, 20))
    remedy(template, "reconsideration", date(2025, 11, 1))
    remedy(template, "direct_litigation", date(2025, 2, 1), "upheld", date(2026, 2, 1))
    remedy(template, "litigation_after_reconsideration", date(2026, 1, 5))
    remedy(template, "complaint", date(2025, 2, 1))
    of_2024, of_2025 = (figures.remedies(Span(year, date(year, 12, 31))) for year in (2024, 2025))
    assert of_2024.cells["reconsideration"] == {"upheld": 0, "corrected": 0, "other": 0, "pending": 1, TOTAL: 1}
    assert of_2025.cells["reconsideration"] == {"upheld": 0, "corrected": 1, "other": 0, "pending": 1, TOTAL: 2}
    assert of_2025.cells["direct_litigation"][TOTAL] == of_2025.cells["direct_litigation"]["pending"] == 1
    assert of_2025.cells["litigation_after_reconsideration"][TOTAL] == 0
    for table, span in ((of_2024, Span(2024, END_2024)), (of_2025, Span(2025, END_2025))):
        assert rt.remedy_footing(table) == []
        for kind in rt.KINDS:
            for result in (*rt.RESULTS, TOTAL):
                assert figures.remedies_in(span, kind, result).count() == table.cells[kind][result]


# --- promptness --------------------------------------------------------------------------------------------------------
def test_how_soon_answers_came_in_working_days_and_how_many_in_time(template):
    case(
        template,
        date(2025, 3, 3),
        date(2025, 3, 10),
        "disclosed",
        timely_on=date(2025, 3, 10),
        due_on=date(2025, 3, 31),
    )
    case(
        template,
        date(2024, 9, 25),
        date(2025, 1, 3),
        "disclosed",
        timely_on=date(2025, 1, 3),
        due_on=date(2024, 10, 28),
    )
    case(
        template,
        date(2025, 3, 3),
        date(2025, 3, 31),
        "disclosed",
        timely_on=date(2025, 3, 31),
        due_on=date(2025, 3, 31),
    )
    case(template, date(2025, 3, 3), date(2025, 3, 4), "withdrawn", state="withdrawn")
    whole, by_body = figures.promptness(Span(2025, END_2025))
    assert (whole.answered, whole.in_time, whole.median_days) == (3, 2, 20.0)
    assert by_body == {template.organisation_id: whole}
    assert figures.promptness(Span(2023, date(2023, 12, 31)))[0] == figures.Promptness(0, None, None, 0)


@given(st.dates(date(2019, 1, 1), date(2026, 12, 31)), st.dates(date(2019, 1, 1), date(2026, 12, 31)))
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_working_days_between_are_what_the_calendar_counts(first, last):
    assert figures._WorkingDaysBetween()(first, last) == working_days().between(first, last)


def test_figures_cost_few_queries_however_many_cases(template, django_assert_max_num_queries):
    for n in range(30):
        case(template, date(2025, 3, 1) + timedelta(days=n))
    with django_assert_max_num_queries(9):
        figures.checked(Span(2025, END_2025))
        figures.remedies(Span(2025, END_2025))
        figures.promptness(Span(2025, END_2025))
