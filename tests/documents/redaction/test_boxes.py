"""Boxes that cannot be burnt are refused with every reason at once, in Chinese."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from tests.documents.redaction.makers import LABELS, typeset

from gongkai.documents.redaction import BoxesRefused, PageSize, RedactionBox, burn, check_boxes, open_source

PAGES = (PageSize(1, 595, 842), PageSize(2, 595, 842))


@pytest.mark.parametrize(
    ("box", "code"),
    [
        (RedactionBox(3, 0.1, 0.1, 0.2, 0.2, "privacy"), "no_such_page"),
        (RedactionBox(0, 0.1, 0.1, 0.2, 0.2, "privacy"), "no_such_page"),
        (RedactionBox(1, 0.9, 0.1, 1.1, 0.2, "privacy"), "outside_page"),
        (RedactionBox(1, -0.1, 0.1, 0.2, 0.2, "privacy"), "outside_page"),
        (RedactionBox(1, 0.2, 0.1, 0.2, 0.2, "privacy"), "no_area"),
        (RedactionBox(1, 0.3, 0.1, 0.2, 0.2, "privacy"), "no_area"),
        (RedactionBox(1, 0.1, 0.1, 0.1001, 0.2, "privacy"), "no_area"),
        (RedactionBox(1, math.nan, 0.1, 0.2, 0.2, "privacy"), "no_place"),
        (RedactionBox(1, 0.1, 0.1, math.inf, 0.2, "privacy"), "no_place"),
        (RedactionBox(1, 0.1, 0.1, 0.2, 0.2, " "), "no_ground"),
        (RedactionBox(1, 0.1, 0.1, 0.2, 0.2, "whim"), "unknown_ground"),
        (RedactionBox(1, 0.1, 0.1, 0.2, 0.2, "long"), "long_label"),
    ],
)
def test_each_fault_has_its_reason(box: RedactionBox, code: str) -> None:
    (reason,) = check_boxes([box], PAGES, {**LABELS, "long": "很" * 21})
    assert reason.code == code
    assert reason.message.startswith(f"第 1 个遮盖框（第 {box.page} 页）")
    assert reason.message.endswith("。")
    assert reason.field == "boxes"


def test_a_whole_page_and_rounding_at_its_edge_are_allowed() -> None:
    assert check_boxes([RedactionBox(2, -1e-9, 0, 1.0000001, 1, "privacy")], PAGES, LABELS) == ()


def test_all_reasons_come_at_once() -> None:
    reasons = check_boxes([RedactionBox(9, 0, 0, 1, 1, ""), RedactionBox(1, 0, 0, 0, 0, "whim")], PAGES, LABELS)
    assert [one.code for one in reasons] == ["no_such_page", "no_ground", "no_area", "unknown_ground"]


def test_nothing_hidden_at_all_is_refused_with_the_remedy() -> None:
    (reason,) = check_boxes([], PAGES, LABELS)
    assert reason.code == "nothing_hidden"
    assert "直接提供原件" in reason.message


def test_too_many_boxes_are_refused_without_looking_at_each() -> None:
    (reason,) = check_boxes([RedactionBox(1, 0, 0, 0, 0, "")] * 20_001, PAGES, LABELS)
    assert reason.code == "too_many_boxes"


def test_burning_refuses_bad_boxes_and_low_resolution_together(tmp_path: Path) -> None:
    with open_source(typeset(tmp_path / "a.pdf", "可以公开")) as source:
        with pytest.raises(BoxesRefused) as caught:
            burn(source, [RedactionBox(2, 0, 0, 1, 1, "privacy")], LABELS, dpi=100)
        assert caught.value.codes == ("no_such_page", "low_resolution")


def test_a_whole_page_can_be_hidden(tmp_path: Path) -> None:
    with open_source(typeset(tmp_path / "a.pdf", "全部不予公开")) as source:
        burnt = burn(source, [RedactionBox(1, 0, 0, 1, 1, "privacy")], LABELS)
    assert burnt.hidden_characters == 6
