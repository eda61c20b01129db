"""Finding the head of a table and telling what its columns are."""

from __future__ import annotations

import pytest

from gongkai.rules.table_kinds import ValueType, table_kinds
from gongkai.text.tables.cells import SourceCell, SourceRow
from gongkai.text.tables.headers import find_head, head_at, header_key, propose, unit_factor

LAND = table_kinds()["land_fertility"]


def rows(*lines: str) -> list[SourceRow]:
    return [
        SourceRow(number, tuple(SourceCell(text) for text in line.split("|")))
        for number, line in enumerate(lines, start=1)
        if line
    ]


HEADS = [
    (("序号|姓名|身份证号|面积|金额", "1|张三|34|2|200"), 1, 1, "at the top"),
    (("2026年发放表", "单位：某镇||||元", "序号|姓名|身份证号|面积|金额", "1|张三"), 3, 1, "below a title and a unit"),
    (("姓名|身份证号|补贴||备注", "||面积|金额|", "张三|34|2|200|"), 2, 2, "in two rows"),
    (("填报人姓名|张三", "姓名|身份证号|面积|金额"), 2, 1, "not where a name is given"),
]


@pytest.mark.parametrize(("lines", "row", "depth", "reason"), HEADS, ids=[case[-1] for case in HEADS])
def test_the_head_is_where_most_names_are_known(lines, row, depth, reason) -> None:
    head = find_head(rows(*lines), LAND)
    assert head is not None
    assert (head.row, head.depth) == (row, depth), reason


def test_there_is_no_head_where_nothing_is_known() -> None:
    assert find_head(rows("甲|乙|丙", "1|2|3"), LAND) is None


def test_names_in_two_rows_are_joined_and_double_names_numbered() -> None:
    head = head_at(rows("基本情况|基本情况|金额", "姓名|电话|金额", "张三|1|2"), 2, 2)
    assert [column.name for column in head.columns] == ["基本情况-姓名", "基本情况-电话", "金额"]
    head = head_at(rows("金额|金额"), 1, 1)
    assert [column.name for column in head.columns] == ["金额", "金额（2）"]


def test_columns_are_proposed_by_their_aliases_each_once() -> None:
    head = head_at(rows("序号|户主 姓名|公民身份号码|核定面积（亩）|打卡金额（元）|金额|村民小组"), 1, 1)
    proposed = propose(head.columns, LAND, {})
    assert proposed == {0: "serial", 1: "name", 2: "identity", 3: "area", 4: "amount", 6: "group"}


def test_what_is_remembered_comes_before_the_aliases_and_may_leave_a_column_out() -> None:
    head = head_at(rows("姓名|打卡数|金额"), 1, 1)
    remembered = {header_key("打卡数"): "amount", header_key("金额"): ""}
    assert propose(head.columns, LAND, remembered) == {0: "name", 1: "amount"}
    assert propose(head.columns, LAND, {header_key("打卡数"): "no_such_column"})[2] == "amount"


UNITS = [
    ("补贴金额（万元）", ValueType.AMOUNT, "10000"),
    ("补贴金额(元)", ValueType.AMOUNT, "1"),
    ("面积（公顷）", ValueType.AREA, "15"),
    ("面积", ValueType.AREA, "1"),
]


@pytest.mark.parametrize(("name", "kind", "factor"), UNITS)
def test_the_unit_in_the_head_counts(name, kind, factor) -> None:
    column = next(column for column in LAND.columns if column.type is kind)
    assert unit_factor(name, column) == factor
