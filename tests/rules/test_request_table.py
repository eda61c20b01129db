"""Tables three and four: the arithmetic between their cells, on real figures and on figures that were tampered with."""

import json
from datetime import date

import pytest

from gongkai.rules import request_table as rt
from gongkai.rules.findings import Severity
from gongkai.rules.request_table import TOTAL, RequestTable, cross_footing, made

DAY = date(2025, 12, 31)
ROWS_2025 = [5548, 2168, 13, 30, 11, 51, 104, 85, 286, 150, 3222, 180, 19, 203, 148, 0, 101, 5, 318, 203, 965]
"""r03 to r23 of a real report of 2025 (vector 20), all applicants together."""
COLUMNS_2025 = {
    "natural": (13612, 535, 13364, 783),
    "enterprise": (252, 6, 252, 6),
    "research": (0, 0, 0, 0),
    "charity": (45, 1, 44, 2),
    "legal_services": (128, 18, 121, 25),
    "other": (32, 0, 29, 3),
}
"""New, carried in, handled, carried out of the same report, by kind of applicant."""


def real() -> RequestTable:
    """The report of vector 20. Its margins are the real ones; how they spread inside, the vector does not say."""
    left = dict(zip(rt.outcome_rows(), ROWS_2025, strict=True))
    leaves: dict[tuple[str, str], int] = {}
    for column, (new, carried_in, handled, carried_out) in COLUMNS_2025.items():
        leaves |= {("r01", column): new, ("r02", column): carried_in, ("r25", column): carried_out}
        for row in left:
            taken = min(left[row], handled)
            leaves[row, column], left[row], handled = taken, left[row] - taken, handled - taken
    return made(2025, DAY, leaves)


def changed(table: RequestTable, row: str, column: str, value: int | None) -> RequestTable:
    cells = {code: dict(cells) for code, cells in table.cells.items()}
    cells[row][column] = value
    return RequestTable(table.year, table.as_of, cells, table.applications)


def broken(table: RequestTable, **more) -> set[tuple[str, str, str]]:
    return {(one.rule, one.row, one.column) for one in cross_footing(table, **more)}


def test_vector_20_a_real_report_is_in_balance():
    table = real()
    assert [table.cell(row, TOTAL) for row in ("r01", "r02", "r24", "r25")] == [14069, 560, 13810, 819]
    assert broken(table) == set()


def test_another_real_report_cell_by_cell_is_in_balance(shared_data):
    truth = json.loads((shared_data / "annual_report" / "huaian_2024_truth.json").read_text("utf-8"))
    cells = {
        row.code: dict(zip(rt.ALL_COLUMNS, line["values"], strict=True))
        for row, line in zip(rt.rows(), truth["table3"]["rows"], strict=True)
    }
    assert broken(RequestTable(2024, date(2024, 12, 31), cells)) == set()
    keys = dict(zip(truth["table4"], rt.KINDS, strict=True))
    results = {label: code for code, label in rt.RESULTS.items()} | {"总计": TOTAL}
    four = {keys[kind]: {results[label]: n for label, n in found.items()} for kind, found in truth["table4"].items()}
    assert rt.remedy_footing(rt.RemedyTable(2024, date(2024, 12, 31), four)) == []


def test_the_rows_have_the_words_of_a_real_report(shared_data):
    truth = json.loads((shared_data / "annual_report" / "huaian_2024_truth.json").read_text("utf-8"))
    written = [
        line["row"].split("/")[-1].removeprefix("（一）").removeprefix("（二）") for line in truth["table3"]["rows"]
    ]
    ours = [row.label.split("（区分处理")[0] if row.code == "r04" else row.label for row in rt.rows()]
    assert [one.removeprefix("（七）") for one in written] == ours


MUTATED = [
    ("r25", "natural", 782, {("R1", "r25", "natural"), ("R3", "r25", TOTAL)}, "vector 21: 14147 ≠ 14146, the total still stands"),
    ("r24", TOTAL, 13811, {("R2", "r24", TOTAL), ("R1", "r25", TOTAL), ("R3", "r24", TOTAL)}, "vector 21: the total of what was handled"),
    ("r03", "other", 1, {("R2", "r24", "other"), ("R3", "r03", TOTAL)}, "one leaf"),
    ("r01", "natural", -1, {("R9", "r01", "natural"), ("R1", "r25", "natural"), ("R3", "r01", TOTAL)}, "less than nothing"),
    ("r01", "research", None, set(), "“/” is not 0, and adds nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "column", "value", "rules", "reason"), MUTATED, ids=[row[4] for row in MUTATED])
def test_vector_21_what_was_tampered_with_is_named_and_nothing_else(row, column, value, rules, reason):
    table = real()
    if row == "r03":
        value += table.cell("r03", "other")
    assert broken(changed(table, row, column, value)) == rules


def test_what_is_carried_over_is_what_the_year_before_carried_out():
    before = made(2024, date(2024, 12, 31), {("r01", "natural"): 535, ("r25", "natural"): 535})
    found = cross_footing(real(), last_year=before)
    assert [(one.rule, one.column) for one in found] == [
        ("R5", "enterprise"), ("R5", "charity"), ("R5", "legal_services"), ("R5", TOTAL),
    ]  # fmt: skip
    assert "2024年度" in found[0].message


def test_a_district_is_the_sum_of_its_bodies_each_once():
    one, two = (made(2025, DAY, {("r01", "natural"): n, ("r03", "natural"): n}, applications=n) for n in (3, 4))
    together = rt.added_up([one, two])
    assert (together.cell("r24", TOTAL), together.applications) == (7, 7)
    assert broken(together, parts=[one, two]) == set()
    assert {rule for rule, _, _ in broken(together, parts=[one, two, two])} == {"R9"}


def test_an_application_that_is_counted_twice_shows():
    table = made(2025, DAY, {("r01", "natural"): 2, ("r03", "natural"): 1, ("r04", "natural"): 1}, applications=1)
    assert broken(table) == {("R10", "r24", TOTAL)}


def test_table_four_adds_up_or_says_where_not():
    table = rt.remedies_made(2025, DAY, {("reconsideration", "upheld"): 2, ("reconsideration", "pending"): 1})
    assert rt.remedy_footing(table) == []
    assert sum(len(cells) for cells in table.cells.values()) == 15
    cells = {kind: dict(cells) for kind, cells in table.cells.items()}
    cells["reconsideration"][TOTAL] = 4
    found = rt.remedy_footing(rt.RemedyTable(2025, DAY, cells))
    assert [(one.rule, one.row) for one in found] == [("R4", "reconsideration")]


FEES = [
    (0, 0, "", [], "no fee, nothing to say"),
    (0, 380, "其他事项无。", ["R8"], "380 yuan were paid and part six is silent"),
    (1, 0, "", ["R8"], "one did not pay"),
    (1, 380, "收取信息处理费 1 件 380 元。", [], "it is said"),
]


@pytest.mark.parametrize(("unpaid", "collected", "text", "rules", "reason"), FEES, ids=[row[4] for row in FEES])
def test_fees_are_reported_in_part_six(unpaid, collected, text, rules, reason):
    table = made(2025, DAY, {("r01", "natural"): unpaid, ("r22", "natural"): unpaid})
    found = rt.fee_footing(table, collected, text)
    assert [one.rule for one in found] == rules
    assert all(one.severity is Severity.WARNING for one in found)


TYPED = [("12", 12), (" 1,234 ", 1234), ("/", None), ("-", None), ("", None), ("0", 0)]


@pytest.mark.parametrize(("text", "value"), TYPED)
def test_cells_as_they_are_typed(text, value):
    assert rt.read_number(text) == value


@pytest.mark.parametrize("text", ["-1", "1.5", "三", "1e3"])
def test_cells_that_are_no_numbers_are_refused(text):
    with pytest.raises(ValueError, match="不小于 0 的整数"):
        rt.read_number(text)


def test_every_outcome_has_its_row_and_what_has_none_is_other():
    assert [rt.row_of(code) for code in ("disclosed", "partially_disclosed", "not_held", "uncorrected", "unpaid", "withdrawn")] == [
        "r03", "r04", "r13", "r21", "r22", "r23",
    ]  # fmt: skip
    assert [row.code for row in rt.rows()] == [f"r{n:02}" for n in range(1, 26)]
