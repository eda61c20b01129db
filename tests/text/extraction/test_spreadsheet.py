"""Lists in xlsx and CSV: rows as people see them, and the header below the title lines."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from tests.text.extraction import samples

from gongkai.text.extraction import Unreadable, extract, read_table, rows


def test_cells_read_as_people_see_them(tmp_path: Path) -> None:
    cells = ["通知\n附件", 12, 12.0, 0.5, date(2025, 9, 18), datetime(2025, 9, 18, 9, 30), True, None, "末"]
    samples.workbook(tmp_path / "a.xlsx", [cells])
    expected = ["通知 附件", "12", "12", "0.5", "2025-09-18", "2025-09-18 09:30", "是", "", "末"]
    assert list(rows(tmp_path / "a.xlsx")) == [expected]


HEADER = ["序号", "标题", "文号", "发布日期"]
ROW = [1, "防火通知", "明政〔2025〕8号", date(2025, 9, 18)]
TABLES: list[tuple[str, list[list[object]], list[str], tuple[str, ...], int, str]] = [
    ("header first", [HEADER, ROW], [], tuple(HEADER), 1, ""),
    ("below a title in one cell", [["文件清单"], HEADER, ROW], [], tuple(HEADER), 1, "文件清单"),
    ("below a merged title", [["文件清单", "", "", ""], HEADER, ROW, ROW], ["A1:D1"], tuple(HEADER), 2, "文件清单"),
    ("below title, unit and a blank row", [["文件清单"], ["单位：明湖区"], [], HEADER, ROW], [], tuple(HEADER), 1, "文件清单"),
    ("groups of columns over two rows", [["镇", "金额", "", "备注"], ["", "中央", "省", ""], ["东镇", 1, 2, "无"]], ["A1:A2", "B1:C1", "D1:D2"], ("镇", "金额-中央", "金额-省", "备注"), 1, ""),
    ("a column without a name", [["标题", "", "文号"], ["通知", "x", "8号"]], [], ("标题", "第2列", "文号"), 1, ""),
    ("two columns of one name", [["标题", "备注", "备注"], ["通知", "a", "b"]], [], ("标题", "备注", "备注（2）"), 1, ""),
    ("one column", [["标题"], ["防火通知"]], [], ("标题",), 1, ""),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "cells", "merges", "headers", "count", "title"), TABLES, ids=[c[0] for c in TABLES])
def test_the_header_row_is_found(
    tmp_path: Path,
    reason: str,
    cells: list[list[object]],
    merges: list[str],
    headers: tuple[str, ...],
    count: int,
    title: str,
) -> None:
    table = read_table(samples.workbook(tmp_path / "a.xlsx", cells, merges))
    assert table.headers == headers, reason
    assert len(table.rows) == count
    assert {len(row) for row in table.rows} == {len(headers)}
    assert table.title == title


def test_a_merged_cell_counts_for_each_row_it_covers(tmp_path: Path) -> None:
    cells = [["单位", "标题"], ["区教育局", "招生通知"], ["", "开学通知"], ["区民政局", "低保通知"]]
    table = read_table(samples.workbook(tmp_path / "a.xlsx", cells, ["A2:A3"]))
    assert [row[0] for row in table.rows] == ["区教育局", "区教育局", "区民政局"]


def test_the_first_visible_sheet_with_content_is_the_list(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "隐藏"
    book.active.append(["不", "读"])
    book.active.sheet_state = "hidden"
    book.create_sheet("空")
    book.create_sheet("清单").append(["标题", "文号"])
    book.save(tmp_path / "a.xlsx")
    assert list(rows(tmp_path / "a.xlsx")) == [["标题", "文号"]]
    assert extract(tmp_path / "a.xlsx").html == "<h2>清单</h2><table><tr><td>标题</td><td>文号</td></tr></table>"


CSV_FILES = [
    ("UTF-8 with BOM, as Excel writes", "标题,文号\r\n防火,8号\r\n".encode("utf-8-sig")),
    ("GB18030, as Chinese Excel writes", "标题,文号\r\n防火,8号\r\n".encode("gb18030")),
    ("tabs", "标题\t文号\n防火\t8号\n".encode()),
    ("semicolons", "标题;文号\n防火;8号\n".encode()),
    ("UTF-16, 'Unicode text' of Excel", "标题\t文号\r\n防火\t8号\r\n".encode("utf-16")),
]


@pytest.mark.parametrize(("reason", "data"), CSV_FILES, ids=[case[0] for case in CSV_FILES])
def test_csv_of_any_making_is_read(tmp_path: Path, reason: str, data: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(data)
    assert list(rows(tmp_path / "a.csv")) == [["标题", "文号"], ["防火", "8号"]], reason


def test_quoted_cells_of_csv_may_hold_commas_and_lines(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes('标题,备注\n"甲,乙","一\n二"\n'.encode())
    assert list(rows(tmp_path / "a.csv"))[1] == ["甲,乙", "一 二"]


def test_a_file_without_header_and_a_file_that_is_no_list_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="没有找到表头"):
        read_table(samples.workbook(tmp_path / "a.xlsx", [[1, 2, 3], [4, 5, 6]]))
    with pytest.raises(Unreadable, match="另存为 xlsx 或 CSV"):
        list(rows(samples.word(tmp_path / "a.docx")))
