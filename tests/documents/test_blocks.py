"""What a body's paragraphs are taken for (GB/T 9704-2012 7.3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.documents import blocks
from gongkai.documents.model import (
    Align,
    AttachmentMark,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Run,
    Script,
    Signature,
    Table,
    runs_text,
)


@pytest.mark.parametrize(
    ("text", "level", "reason"),
    [
        ("一、总体要求", 1, "7.3.3 第一层"),
        ("十二、附则", 1, "two numerals"),
        ("（一）工作目标", 2, "7.3.3 第二层"),
        ("(二)工作目标", 2, "half-width brackets are common"),
        ("1.明确责任", 3, "7.3.3 第三层"),
        ("2．明确责任", 3, "full-width point"),
        ("（1）健全机制", 4, "7.3.3 第四层"),
        ("第二章 公开的主体", 1, "chapters of normative documents"),
        ("1.5亿元", 0, "a decimal number is no heading"),
        (
            "一、各单位应当在收到通知后立即部署，并于每月底前报送进展情况；逾期的，予以通报。",
            0,
            "a numbered sentence is text",
        ),
        ("一、下列事项应当公开：", 0, "a colon announces what follows"),
        ("一方面", 0, "no number"),
    ],
)
def test_a_numbered_line_is_a_heading_of_its_level(text: str, level: int, reason: str) -> None:
    (block,) = blocks(f"<p>{text}</p>")
    assert (block.level if isinstance(block, Heading) else 0) == level, reason


def test_a_chapter_heading_is_centred() -> None:
    (block,) = blocks("<p>第一章　总则</p>")
    assert isinstance(block, Heading) and block.align is Align.CENTER


def test_an_editor_heading_takes_the_level_of_its_number() -> None:
    first, second = blocks("<h2>（三）保障措施</h2><h3>无编号</h3>")
    assert isinstance(first, Heading) and first.level == 2
    assert isinstance(second, Heading) and second.level == 2


def test_a_paragraph_opening_with_its_heading_has_the_first_sentence_in_the_face() -> None:
    (block,) = blocks("<p>（一）加强<b>领导</b>。各单位负责。</p>")
    assert isinstance(block, Paragraph)
    assert [(run.text, run.level) for run in block.runs] == [
        ("（一）加强", 2),
        ("领导", 2),
        ("。", 2),
        ("各单位负责。", 0),
    ]


def test_the_number_of_an_article_stands_out_but_not_a_reference_to_one() -> None:
    article, reference = blocks("<p>第三条　公民可以申请。</p><p>第三条和第四条规定的情形除外。</p>")
    assert isinstance(article, Paragraph) and article.runs[0] == Run("第三条", level=1)
    assert isinstance(reference, Paragraph) and len(reference.runs) == 1


def test_inline_looks_nest_and_line_breaks_stay() -> None:
    (block,) = blocks('<p>面积<b>10<sup>4</sup></b>，<a href="https://a.example/x">见<em>此</em></a><br>次行</p>')
    assert isinstance(block, Paragraph)
    assert Run("4", strong=True, script=Script.SUP) in block.runs
    assert Run("此", emphasis=True, href="https://a.example/x") in block.runs
    assert runs_text(block.runs) == "面积104，见此\n次行"


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", "/local", "file:///etc/passwd"])
def test_only_addresses_that_lead_somewhere_safe_become_links(href: str) -> None:
    (block,) = blocks(f'<p><a href="{href}">看</a></p>')
    assert isinstance(block, Paragraph) and block.runs[0].href == ""


def test_scripts_and_styles_are_no_text() -> None:
    assert blocks("<style>p{}</style><p>甲<script>x()</script>乙</p>") == (Paragraph((Run("甲乙"),)),)


@pytest.mark.parametrize(
    ("html", "agencies"),
    [
        ("<p>样例区财政局</p><p>2024年3月1日</p>", ("样例区财政局",)),
        ("<p>样例区财政局<br>样例区教育局<br>2024年3月1日</p>", ("样例区财政局", "样例区教育局")),
        ("<p>样例区财政局　　2024年3月1日</p>", ("样例区财政局",)),
        ('<p style="text-align:right">2024年3月1日</p>', ()),
        (
            '<p style="text-align: right">样例领导同志</p><p style="text-align:right">2024 年 3 月 1 日</p>',
            ("样例领导同志",),
        ),
    ],
)
def test_agency_and_date_at_the_end_are_a_signature(html: str, agencies: tuple[str, ...]) -> None:
    assert blocks(f"<p>正文。</p>{html}")[-1] == Signature(agencies, "2024年3月1日")


def test_a_date_in_running_text_is_no_signature() -> None:
    assert not any(isinstance(block, Signature) for block in blocks("<p>正文。</p><p>2024年3月1日</p><p>起施行。</p>"))


def test_an_attachment_starts_with_its_mark_and_title() -> None:
    found = blocks("<p>正文。</p><p>附件 1</p><p>任务分解表</p><p>一、内容</p>")
    assert found[1] == AttachmentMark("附件1", "任务分解表")
    assert isinstance(found[2], Heading)


def test_lists_nest_and_keep_their_start() -> None:
    (block,) = blocks("<ol start='4'><li>甲<ul><li>乙</li></ul></li><li><p>丙</p></li></ol>")
    assert isinstance(block, ListBlock) and (block.ordered, block.start, len(block.items)) == (True, 4, 2)
    assert isinstance(block.items[0][1], ListBlock)


def _places(table: Table) -> list[tuple[int, int]]:
    return [
        (row, column)
        for cell in table.cells
        for row in range(cell.row, cell.row + cell.rowspan)
        for column in range(cell.column, cell.column + cell.colspan)
    ]


span = st.integers(min_value=0, max_value=9)


@given(st.lists(st.lists(st.tuples(span, span, st.booleans()), max_size=5), max_size=6))
def test_whatever_the_spans_every_place_of_the_grid_is_covered_once(rows: list[list[tuple[int, int, bool]]]) -> None:
    def cell(colspan: int, rowspan: int, header: bool) -> str:
        tag = "th" if header else "td"
        return f'<{tag} colspan="{colspan}" rowspan="{rowspan}">格</{tag}>'

    html = "".join("<tr>" + "".join(cell(*facts) for facts in row) + "</tr>" for row in rows)
    for table in blocks(f"<table>{html}</table>"):
        assert isinstance(table, Table)
        assert sorted(_places(table)) == [(row, column) for row in range(table.rows) for column in range(table.columns)]
        assert table.header_rows < table.rows
        assert all(one.row + one.rowspan <= table.header_rows for one in table.cells if one.row < table.header_rows)


def test_the_first_row_of_a_pasted_table_is_its_header() -> None:
    (table,) = blocks("<table><tr><td>序号</td><td>事项</td></tr>" + "<tr><td>1</td><td>甲</td></tr>" * 3 + "</table>")
    assert isinstance(table, Table) and table.header_rows == 1


def test_a_picture_parts_the_paragraph_it_stands_in() -> None:
    found = blocks('<p>上<img src="a.png" alt="流程图">下</p>')
    assert [type(block) for block in found] == [Paragraph, Picture, Paragraph]


@pytest.mark.parametrize("html", ["", "   ", "<p>&nbsp;</p><p><br></p>", "<table></table>", "<ul></ul>", "<!-- x -->"])
def test_a_body_without_text_has_no_blocks(html: str) -> None:
    assert blocks(html) == ()


def test_very_deep_html_is_read() -> None:
    (block,) = blocks("<div>" * 5000 + "深处" + "</div>" * 5000) or (None,)
    assert block is None or isinstance(block, Paragraph)


def test_control_and_direction_characters_are_dropped() -> None:
    (block,) = blocks("<p>金额\u202e元001\u202c\x07\u200b整</p>")
    assert isinstance(block, Paragraph) and runs_text(block.runs) == "金额元001整"
