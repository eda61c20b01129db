"""A page's HTML as material: the text, where it stands in the markup, tables, links; and the way back."""

import re

from hypothesis import given
from hypothesis import strategies as st

from gongkai.disclosure.sanitising import sanitise
from gongkai.text.checks.html_material import Mark, html_material

PAGE = (
    "<h2>一、对象</h2><p>联系电话：<strong>138</strong>00138000 &amp; 其他。</p>"
    "<table><tbody><tr><th>姓名</th><th>卡号</th></tr><tr><td>张三</td><td> 6222 </td></tr></tbody></table>"
    '<p>见<a href="https://www.gov.cn/a?b=1&amp;c=2">通知</a></p>'
)


def test_every_character_says_where_it_stands():
    page = html_material(PAGE)
    for position, char in enumerate(page.material.text):
        start, end = page.starts[position], page.ends[position]
        if start >= 0:
            assert page.html[start:end] in (char, "&amp;"), (position, char)
    assert "联系电话：13800138000 & 其他。" in page.material.text


def test_a_table_has_its_rows_and_cells_without_blanks_around():
    page = html_material(PAGE)
    [grid] = page.material.grids
    cells = [[page.material.text[cell.start : cell.end] for cell in row] for row in grid.rows]
    assert cells == [["姓名", "卡号"], ["张三", "6222"]]


def test_a_link_has_its_words_and_its_address():
    page = html_material(PAGE)
    [link] = page.material.links
    assert (page.material.text[link.start : link.end], link.address) == ("通知", "https://www.gov.cn/a?b=1&c=2")


def test_a_number_that_runs_over_a_tag_is_replaced_and_the_tag_stays():
    page = html_material(PAGE)
    start = page.material.text.index("13800138000")
    mended = page.replace(start, start + 11, "138****8000")
    assert "<strong>138****8000</strong> &amp; 其他。" in mended
    assert mended.count("<p>") == PAGE.count("<p>")


def test_what_is_put_in_is_text_and_never_markup():
    page = html_material("<p>甲乙</p>")
    assert page.replace(0, 1, "<b>&") == "<p>&lt;b&gt;&amp;乙</p>"


def test_marks_stand_around_each_piece_and_the_first_bears_the_anchor():
    page = html_material(PAGE)
    start = page.material.text.index("13800138000")
    shown = page.annotate([Mark(start, start + 11, "finding-1", "finding")])
    assert (
        '<strong><mark id="finding-1" class="finding">138</mark></strong><mark class="finding">00138000</mark>' in shown
    )


def test_of_two_marks_that_overlap_the_first_is_whole():
    shown = html_material("<p>甲乙丙丁</p>").annotate([Mark(0, 3, "a", "x"), Mark(1, 4, "b", "y")])
    assert shown == '<p><mark id="a" class="x">甲乙丙</mark><mark id="b" class="y">丁</mark></p>'


@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<strong>", "</strong>", "甲", "&", "1>0", "<td>", "<table>", "\n", "é", '"']),
        max_size=30,
    ),
    st.integers(0, 20),
    st.integers(0, 20),
)
def test_marking_changes_no_character_of_any_sanitised_page(pieces, start, length):
    html = sanitise("".join(pieces))
    page = html_material(html)
    shown = page.annotate([Mark(start, start + length, "a", "x")])
    assert re.sub(r"</?mark[^>]*>", "", shown) == html
    assert html_material(shown).material.text == page.material.text
