"""Clauses: every numbering the law and GB/T 9704 know, and never a character lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.text.clauses import LONGEST_CLAUSE, Level, split

TEXT = st.text(alphabet="第一二三十条章节款项目（）()1２.、。；，\n\r\t \u3000\u2028附件总则办法规定#", max_size=120)


@given(TEXT | st.text(max_size=60))
def test_the_clauses_put_together_are_the_text(text):
    assert "".join(clause.raw for clause in split(text)) == text


@given(TEXT)
def test_no_clause_but_a_lonely_number_or_blanks_is_empty(text):
    clauses = split(text)
    assert all(clause.text or clause.number for clause in clauses[:-1])


LINES = [
    ("第一编 总则", Level.PART, "第一编", "a part"),
    ("第三章　监督管理", Level.CHAPTER, "第三章", "a chapter"),
    ("第三章监督管理", Level.CHAPTER, "第三章", "a chapter without a blank"),
    ("第二节 公开的程序", Level.SECTION, "第二节", "a section"),
    ("第十二条　区政府应当公开。", Level.ARTICLE, "第十二条", "an article"),
    ("第12条 区政府应当公开。", Level.ARTICLE, "第12条", "an article in digits"),
    ("第十二条之一　区政府应当公开。", Level.ARTICLE, "第十二条之一", "an inserted article"),
    ("一、总体要求", Level.HEADING, "一、", "the first numbering of official documents"),
    ("（一）加强领导。", Level.ITEM, "（一）", "the second numbering, or an item"),
    ("(一)加强领导。", Level.ITEM, "(一)", "the same with narrow brackets"),
    ("1.建立台账。", Level.SUBITEM, "1.", "the third numbering"),
    ("2、建立台账。", Level.SUBITEM, "2、", "the third numbering as many write it"),
    ("（1）填写表格。", Level.FOURTH, "（1）", "the fourth numbering"),
    ("第十二条第二款规定的情形除外。", Level.PARAGRAPH, "", "a sentence that cites an article"),
    ("第三条规定的单位", Level.PARAGRAPH, "", "a sentence that cites an article"),
    ("第三章的规定适用于企业。", Level.PARAGRAPH, "", "a sentence that cites a chapter"),
    ("1.5万元以上的", Level.PARAGRAPH, "", "a number with decimals"),
    ("2024年起施行", Level.PARAGRAPH, "", "a year"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "level", "number", "why"), LINES, ids=[row[0] for row in LINES])
def test_a_line_is_read_by_its_number(line, level, number, why):
    [clause] = split(line)
    assert (clause.level, clause.number) == (level, number), why


def test_each_clause_says_where_it_stands_as_one_would_cite_it():
    text = "第一章 总则\n第二条　本办法适用于：\n（一）机关；\n1.内设机构；\n另有规定的除外。\n（一）法律。\n第三条\n本办法自公布之日起施行。\n附件1\n一、表格"
    assert [clause.place for clause in split(text)] == [
        "第一章", "第二条", "第二条第（一）项", "第二条第（一）项第1目", "第二条第二款", "第二条第二款第（一）项", "第三条", "", "一",
    ]  # fmt: skip
    assert [clause.in_article for clause in split(text)] == [False, *[True] * 6, False, False]


def test_a_number_on_a_line_of_its_own_belongs_to_the_line_after_it():
    first, second = split("第一条\n\n为了规范工作，制定本办法。\n第二条　略。")
    assert (first.number, first.text) == ("第一条", "为了规范工作，制定本办法。")
    assert second.number == "第二条"


def test_a_line_that_no_person_would_write_is_cut_after_its_sentences():
    line = "第一条 " + "本单位应当依法公开政府信息。" * 200
    clauses = split(line)
    assert len(clauses) > 1 and max(len(clause.text) for clause in clauses) <= LONGEST_CLAUSE
    assert {clause.unit for clause in clauses} == {0}, "it is one article all the same"
