"""信息处理费 (国办函〔2020〕109号 §4, §5): how the fee comes about, line by line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rules.processing_fee import FeeLine, by_items, by_pages, fee_lines

LINES = [
    ("items", 10, 0, [(1, 10, 0)], "ten are free"),
    ("items", 1, 11, [(12, 12, 100)], "the twelfth of the month"),
    ("items", 45, 0, [(1, 10, 0), (11, 30, 100), (31, 40, 200), (41, 45, 300)], "every further ten cost more"),
    ("pages", 68, 0, [(1, 30, 0), (31, 68, 10)], "the real 380 元"),
    ("pages", 250, 0, [(1, 30, 0), (31, 100, 10), (101, 200, 20), (201, 250, 40)], "four steps"),
]


@pytest.mark.parametrize(("kind", "count", "before", "lines", "why"), LINES, ids=[row[4] for row in LINES])
def test_numbers_of_one_price_stand_on_one_line(kind, count, before, lines, why) -> None:
    assert fee_lines(kind, count, before) == tuple(FeeLine(*line) for line in lines), why


@given(st.integers(0, 400), st.integers(0, 100))
def test_the_lines_add_up_to_the_fee(count: int, before: int) -> None:
    assert sum(line.amount for line in fee_lines("pages", count)) == by_pages(count)
    more = by_items(before + count) - by_items(before)
    assert sum(line.amount for line in fee_lines("items", count, before)) == more


@pytest.mark.parametrize(("kind", "count", "before"), [("items", -1, 0), ("items", 1, -1), ("pages", 5, 5)])
def test_what_cannot_be_counted_is_refused(kind, count, before) -> None:
    with pytest.raises(ValueError, match="counts"):
        fee_lines(kind, count, before)
