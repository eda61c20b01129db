"""Rows are judged one by one, and against each other; what is no record is left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.text.tables.makers import HEADS, identity, record

from gongkai.rules.table_kinds import Exposure, table_kinds
from gongkai.text.tables.cells import SourceCell, SourceRow
from gongkai.text.tables.checking import CheckedRow, Problem, TableChecker, column_plan
from gongkai.text.tables.headers import head_at, propose

LAND = table_kinds()["land_fertility"]


def source(number: int, values: list[Any], *, hidden: bool = False) -> SourceRow:
    return SourceRow(number, tuple(SourceCell(str(value), isinstance(value, (int, float))) for value in values), hidden)


def checked(
    *rows: list[Any], exposure: dict[str, Exposure] | None = None, hidden: tuple[int, ...] = ()
) -> tuple[TableChecker, list[CheckedRow], list[Problem]]:
    head = head_at([source(1, list(HEADS))], 1, 1)
    assert head is not None
    mapping = propose(head.columns, LAND, {})
    plans = tuple(
        column_plan(
            column,
            LAND.column(mapping[column.index]),
            (exposure or {}).get(mapping[column.index], LAND.column(mapping[column.index]).exposure),
        )
        for column in head.columns
        if column.index in mapping
    )
    checker = TableChecker(LAND, plans)
    records, problems = [], []
    for number, values in enumerate(rows, start=2):
        made = checker.feed(source(number, values, hidden=number in hidden))
        records += [made] if made else []
        problems += checker.problems
    return checker, records, [*problems, *checker.finish()]


def codes(problems: list[Problem]) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.code) for problem in problems]


def test_a_right_row_has_no_problem_and_is_masked_in_the_order_of_the_kind() -> None:
    checker, [made], problems = checked(record(1))
    assert problems == []
    assert [plan.column.code for plan in checker.public] == [
        "township", "village", "group", "name", "identity", "account", "standard", "area", "amount",
    ]  # fmt: skip
    number = identity(1)
    assert made.cells == (
        "华佗镇", "大李村", "1组", "欧阳大山", f"{number[:6]}********{number[-4:]}", "***************0004", "100.00", "2.5", "250.00",
    )  # fmt: skip
    assert (made.name, made.place) == ("欧阳大山", "华佗镇大李村1组")


WRONG = [
    ({"name": ""}, "E", "empty", True, "nobody"),
    ({"amount": "二百五"}, "J", "figure", True, "no number"),
    ({"amount": -250}, "J", "negative", True, "taken back"),
    ({"amount": 300}, "J", "product", False, "2.5 × 100 is not 300"),
    ({"identity": "34160219000101"}, "F", "identity", True, "too short"),
    ({"identity": 341602190001010000}, "F", "precision", True, "kept as a number"),
    ({"village": "大李村13900001234"}, "C", "personal", False, "a mobile in a public column"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "column", "code", "serious", "reason"), WRONG, ids=[case[-1] for case in WRONG])
def test_what_is_wrong_is_told_with_row_and_column(change, column, code, serious, reason) -> None:
    _, _, problems = checked(record(1), record(2, **change))
    assert [(p.row, p.column, p.code, p.serious) for p in problems] == [(3, column, code, serious)], reason
    assert problems[0].place.startswith(f"第 3 行 {column} 列（")


ROUNDED = [(112.5, 3.33, 374.63), (112.5, 3.33, 374.6), (33.333, 3, 100)]


@pytest.mark.parametrize(("standard", "area", "amount"), ROUNDED)
def test_an_amount_may_be_rounded(standard, area, amount) -> None:
    _, _, problems = checked(record(1, standard=round(standard, 2), area=area, amount=amount))
    assert problems == []


def test_the_same_identity_twice_names_the_first_row() -> None:
    _, _, problems = checked(record(1), record(2), record(3, identity=identity(1)))
    assert codes(problems) == [(4, "F", "duplicate")]
    assert "第 2 行" in problems[0].message and not problems[0].serious


def test_totals_heads_of_pages_and_notes_are_no_records() -> None:
    blank = [""] * (len(HEADS) - 1)
    total = ["合计", *[""] * 7, 5, 500, ""]
    rows = [record(1), ["本页小计", *[""] * 7, 2.5, 250, ""], list(HEADS), record(2), total, ["制表人：张三", *blank]]
    checker, records, problems = checked(*rows)
    assert (len(records), checker.skipped, problems) == (2, 4, [])


NO_RECORDS = [
    (["合计"] * 6 + ["", "", 2.5, 250, ""], "a total merged over name and number"),
    (["大李村"] * 11, "the name of a village merged over the row"),
    (["注：以上均已核实"] * 11, "a note merged over the row"),
]


@pytest.mark.parametrize(("row", "reason"), NO_RECORDS, ids=[case[-1] for case in NO_RECORDS])
def test_merged_rows_that_name_nobody_are_no_records(row, reason) -> None:
    checker, records, problems = checked(record(1), row)
    assert (len(records), checker.skipped, problems) == (1, 1, []), reason


def test_a_record_is_one_whatever_its_remark_says() -> None:
    _, records, problems = checked(record(1, remark="两块地合计"), record(2, remark="合计"))
    assert len(records) == 2 and problems == []


def test_numbers_hidden_in_names_and_places_are_masked() -> None:
    _, [made], problems = checked(record(1, name=f"张三{identity(2)}", group="卡号123456789012345"))
    assert made.cells[3] == f"张三{identity(2)[:6]}********{identity(2)[-4:]}"
    assert made.cells[2] == "卡号***********2345"
    assert {problem.code for problem in problems} == {"name", "personal"}


def test_a_stated_total_that_differs_is_told() -> None:
    _, _, problems = checked(record(1), record(2), ["合计", *[""] * 7, 5, 600, ""])
    assert codes(problems) == [(4, "", "total")]
    assert "600" in problems[0].message and "500" in problems[0].message


def test_a_sum_of_the_last_village_is_not_taken_for_that_of_the_whole() -> None:
    _, _, problems = checked(
        record(1), record(2), ["小计", *[""] * 7, 5, 500, ""], record(3), ["小计", *[""] * 7, 2.5, 250, ""]
    )
    assert problems == []


def test_a_hidden_row_stops_the_table() -> None:
    _, _, problems = checked(record(1), record(2), hidden=(3,))
    assert [(p.row, p.code, p.serious) for p in problems] == [(3, "hidden", True)]


def test_an_empty_table_is_told() -> None:
    _, _, problems = checked(["合计", *[""] * 10])
    assert [p.code for p in problems] == ["no_rows"]


def test_what_is_not_public_is_neither_shown_nor_sorted_by() -> None:
    hide = {"amount": Exposure.HIDDEN, "account": Exposure.HIDDEN, "name": Exposure.MASKED}
    checker, [made], _ = checked(record(1), exposure=hide)
    assert "account" not in [plan.column.code for plan in checker.public]
    assert made.amount is None and made.name == "欧阳**"
    assert not any("250" in cell or "6217" in cell for cell in made.cells)


def test_a_hidden_column_is_still_reckoned_with_but_stops_nothing_by_itself() -> None:
    _, _, problems = checked(record(1, standard="见文件"), exposure={"standard": Exposure.HIDDEN})
    assert problems == []


def test_memory_does_not_hold_rows(tmp_path: Path) -> None:
    checker, _, _ = checked(*(record(number % 999, identity=identity(number % 999)) for number in range(1500)))
    held = [
        name
        for name in dir(checker)
        if isinstance(getattr(checker, name), (list, dict)) and len(getattr(checker, name)) > 1000
    ]
    assert held == [], "digests of 999 people and nothing of 1,500 rows"
