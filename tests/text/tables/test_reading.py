"""Rows are read as people see them, with what is the matter with each cell."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from tests.text.tables.makers import record, sheet

from gongkai.text.extraction import Unreadable
from gongkai.text.tables.cells import SourceRow
from gongkai.text.tables.reading import CSV_SHEET, open_table


def rows_of(path: Path, name: str = "") -> list[SourceRow]:
    with open_table(path) as file:
        return list(file.rows(name or file.sheets[0]))


def test_text_numbers_days_and_blanks_are_told_apart(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", [["张三", 12, 3.5, date(2026, 6, 30), None, "  两 端 "]], title="")
    row = rows_of(path)[-1]
    assert [cell.text for cell in row.cells] == ["张三", "12", "3.5", "2026-06-30", "", "两 端"]
    assert [cell.number for cell in row.cells] == [False, True, True, False, False, False]


def test_rows_keep_the_numbers_the_spreadsheet_gives_them_and_blank_ones_are_left_out(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", [["一"], [], [], ["二"]], title="")
    assert [row.number for row in rows_of(path)] == [1, 2, 5]


def test_a_merged_village_stands_in_every_row_it_covers_and_not_below(tmp_path: Path) -> None:
    book = Workbook()
    for row in (["大李村", "张三"], [None, "李四"], [None, "王五"], ["前王村", "赵六"]):
        book.active.append(row)
    book.active.merge_cells("A1:A3")
    book.save(tmp_path / "a.xlsx")
    assert [row.text(0) for row in rows_of(tmp_path / "a.xlsx")] == ["大李村", "大李村", "大李村", "前王村"]


def test_a_formula_without_its_result_and_an_error_are_told(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", [["=1+1", "#REF!"]], title="")
    first, second = rows_of(path)[-1].cells
    assert first.unsolved and not first.text
    assert second.error


def test_hidden_rows_columns_and_sheets_are_told(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", [record(1), record(2)])
    book = load_workbook(path)
    book.active.row_dimensions[4].hidden = True
    book.active.column_dimensions["F"].hidden = True
    book.create_sheet("底稿").sheet_state = "hidden"
    book.save(path)
    with open_table(path) as file:
        assert file.sheets == ("发放表",)
        assert file.hidden_columns("发放表") == {5}
        assert [row.hidden for row in file.rows("发放表")] == [False, False, False, True]


CSV = [
    (
        "gb18030",
        "姓名,身份证号\n张三,'341602190001010011\n",
        "341602190001010011",
        False,
        "a leading tick keeps digits",
    ),
    ("utf-8-sig", '姓名,身份证号\n张三,"=""341602190001010011"""\n', "341602190001010011", False, "so does a formula"),
    ("utf-8", "姓名,身份证号\n张三,3.41602E+17\n", "3.41602E+17", True, "these digits are lost"),
    ("utf-8", "姓名\t身份证号\n张三\t1\n", "1", False, "tabs"),
]


@pytest.mark.parametrize(("encoding", "text", "expected", "number", "reason"), CSV, ids=[case[-1] for case in CSV])
def test_csv_in_any_encoding(
    tmp_path: Path, encoding: str, text: str, expected: str, number: bool, reason: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    cell = rows_of(path, CSV_SHEET)[-1].cell(1)
    assert (cell.text, cell.number) == (expected, number), reason


def test_what_is_no_table_is_refused_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<html><body><p>表</p></body></html>", "utf-8")
    with pytest.raises(Unreadable, match="xlsx 或 CSV"), open_table(path):
        pass


def test_a_damaged_workbook_is_refused_while_it_is_read(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", [record(1)])
    data = bytearray(path.read_bytes())
    place = data.index(b"xl/worksheets/sheet1.xml") + 60
    data[place : place + 40] = b"\0" * 40
    path.write_bytes(bytes(data))
    with pytest.raises(Unreadable, match="已损坏"):
        rows_of(path)
