"""From lines on pages to paragraphs."""

from __future__ import annotations

import pytest

from gongkai.text.extraction.layout import Line, headline, join_segments, reflow, sort_reading_order

EM = 10.0


def line(text: str, row: float, *, indent: float = 0, width: float | None = None, size: float = EM) -> Line:
    """A line of full-width characters; `row` counts lines of one and a half ems, `indent` ems."""
    right = indent * EM + (len(text) if width is None else width) * size
    return Line(text, indent * EM, right, row * 15, row * 15 + size)


FULL = "满" * 30
CASES: list[tuple[str, list[list[Line]], list[str]]] = [
    ("a full line goes on", [[line(FULL, 0), line("续。", 1)]], [FULL + "续。"]),
    ("an indent opens a paragraph", [[line(FULL, 0), line("新" * 20, 1, indent=2), line(FULL, 2)]], [FULL, "新" * 20 + FULL]),
    ("a short line ends one", [[line("短。", 0), line(FULL, 1)]], ["短。", FULL]),
    ("a wide gap parts", [[line(FULL, 0), line("远", 4)]], [FULL, "远"]),
    ("a paragraph goes on over the page", [[line(FULL, 0)], [line("续。", 0), line(FULL, 5)]], [FULL + "续。", FULL]),
    ("a numbered clause after a full stop opens", [[line("满" * 29 + "。", 0), line("二、其他", 1)]], ["满" * 29 + "。", "二、其他"]),
    ("nothing goes on with a date set to the right", [[line(FULL, 0), line("2025年9月18日", 1, indent=20, width=10), line("抄送：区委办", 2)]], [FULL, "2025年9月18日", "抄送：区委办"]),
    ("page numbers of all makes", [[line(mark * 30, 0), line(number, 50)] for mark, number in zip("甲乙丙丁戊", ("— 1 —", "- 2 -", "第3页", "4/9", "第 5 页 共 9 页"), strict=True)], ["".join(mark * 30 for mark in "甲乙丙丁戊")]),
    ("a header on every page", [[line("公报2025年第9期", 0), line(f"正文第{i}段。", 2)] for i in range(3)], ["正文第0段。", "正文第1段。", "正文第2段。"]),
    ("a year alone inside a page is text", [[line("标题", 0), line("一。", 1), line("2025", 2), line("二。", 3), line("三。", 4)]], ["标题", "一。", "2025", "二。", "三。"]),
    ("Latin words are parted", [[line("a" * 60, 0, width=30), line("bc", 1, width=1)]], ["a" * 60 + " bc"]),
    ("digits broken at the line end are not", [[line("1" * 60, 0, width=30), line("23件", 1)]], ["1" * 60 + "23件"]),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "pages", "paragraphs"), CASES, ids=[case[0] for case in CASES])
def test_lines_become_paragraphs(reason: str, pages: list[list[Line]], paragraphs: list[str]) -> None:
    assert reflow(pages) == paragraphs, reason


def test_pieces_on_one_line_are_joined_and_columns_parted() -> None:
    pieces = [line("东镇", 0), line("第二行", 1), line("120", 0, indent=10), line("户", 0, indent=13.2)]
    assert [found.text for found in join_segments(sort_reading_order(pieces))] == ["东镇\t120户", "第二行"]


HEADLINES = [
    ("larger type", [line("通知标题", 0, size=18), line(FULL, 2), line(FULL, 3)], "通知标题"),
    ("over two lines", [line("通知", 0, size=18), line("标题", 2, size=18), line(FULL, 4), line(FULL, 5), line(FULL, 6)], "通知标题"),
    ("below the red masthead", [line("明湖区人民政府文件", 0, size=30), line("关于防火的通知", 3, size=18), *[line(FULL, i) for i in (5, 6, 7)]], "关于防火的通知"),
    ("no type stands out", [line("第一行文字", 0), line(FULL, 1)], ""),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "page", "title"), HEADLINES, ids=[case[0] for case in HEADLINES])
def test_the_title_is_what_type_sets_off(reason: str, page: list[Line], title: str) -> None:
    assert headline(page) == title, reason
