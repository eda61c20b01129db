"""Where a quoted stretch stands in a text that was worked on."""

from __future__ import annotations

import pytest

from gongkai.text.anchors import locate

TEXT = "一、申报时间为9月1日。\n二、申报时间以通知为准。"

CASES = [
    (TEXT, "申报时间", 0, "申报时间", 2, "the nearest to the beginning"),
    (TEXT, "申报时间", 14, "申报时间", 15, "the nearest to where it was marked"),
    (TEXT, "申报时间为9月1日。二、", None, "申报时间为9月1日。\n二、", 2, "a line break between blocks was not copied"),
    (TEXT, "申报 时间", None, "申报时间", 2, "a blank that is not there"),
    ("共 3 项", "共3项", None, "共 3 项", 0, "blanks that were not copied"),
]


@pytest.mark.parametrize(("text", "quote", "near", "stretch", "start", "why"), CASES, ids=[row[5] for row in CASES])
def test_a_quote_is_found_where_it_stands(text, quote, near, stretch, start, why) -> None:
    found = locate(text, quote, near)
    assert found is not None
    assert (found[0], text[slice(*found)]) == (start, stretch), why


@pytest.mark.parametrize("quote", ["", "  ", "截止时间"])
def test_what_does_not_stand_there_is_not_found(quote) -> None:
    assert locate(TEXT, quote) is None
