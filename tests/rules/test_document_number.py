"""发文字号, GB/T 9704-2012 7.2.5: reading, normalising, checking, finding in running text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.rules.document_number import DocumentNumber, Form, check, find_all, normalise, parse

READABLE = [
    # text, canonical, why
    ("谯政办〔2024〕12号", "谯政办〔2024〕12号", "already canonical"),
    ("谯政办[2024]12号", "谯政办〔2024〕12号", "half-width square brackets"),
    ("谯政办［2024］12号", "谯政办〔2024〕12号", "full-width square brackets"),
    ("谯政办(2024)12号", "谯政办〔2024〕12号", "half-width round brackets"),
    ("谯政办（2024）12号", "谯政办〔2024〕12号", "full-width round brackets"),
    ("谯政办【2024】12号", "谯政办〔2024〕12号", "black lenticular brackets"),
    ("谯政办﹝2024﹞12号", "谯政办〔2024〕12号", "small-form brackets U+FE5D"),
    ("谯政办〔2024)12号", "谯政办〔2024〕12号", "a pair that does not match"),
    ("谯政办〔２０２４〕１２号", "谯政办〔2024〕12号", "full-width digits"),
    (" 谯政办 〔2024〕 12 号\u200b", "谯政办〔2024〕12号", "blanks and a zero-width space"),
    ("谯政办〔2024〕第12号", "谯政办〔2024〕12号", "第 before the number"),
    ("谯政办〔2024〕012号", "谯政办〔2024〕12号", "leading zero"),
    ("谯政办〔2024年〕12号", "谯政办〔2024〕12号", "年 inside the brackets"),
    ("谯政办〔2024〕12", "谯政办〔2024〕12号", "号 left off"),
    ("穗府办规〔2024〕13号", "穗府办规〔2024〕13号", "mark of several parts"),
    ("皖民社救字〔2019〕7号", "皖民社救字〔2019〕7号", "mark ending in 字"),
    ("国办发明电〔2019〕16号", "国办发明电〔2019〕16号", "telegram"),
    ("谯政秘〔1999〕1号", "谯政秘〔1999〕1号", "a year of the last century"),
    ("国务院令第711号", "国务院令第711号", "order without a year"),
    ("国务院令711号", "国务院令第711号", "order with 第 left off"),
    ("国令第711号", "国令第711号", "the short form gov.cn uses"),
    ("省政府令第12号", "省政府令第12号", "order of a province"),
    ("主席令第七十二号", "主席令第72号", "Chinese numerals"),
    ("主席令第一百二十号", "主席令第120号", "Chinese numerals with hundreds"),
    ("主席令第十号", "主席令第10号", "十 alone is ten"),
    ("主席令第四〇号", "主席令第40号", "positional Chinese numerals"),
    ("交通运输部令2019年第17号", "交通运输部令2019年第17号", "order counted by the year"),
    ("商务部公告2021年第3号", "商务部公告2021年第3号", "announcement counted by the year"),
    ("省统计局公告【2021】3号", "省统计局公告〔2021〕3号", "announcement with a bracketed year keeps its form"),
]


@pytest.mark.parametrize(("text", "canonical", "why"), READABLE, ids=[row[2] for row in READABLE])
def test_a_number_is_read_leniently_and_written_canonically(text: str, canonical: str, why: str) -> None:
    assert normalise(text) == canonical, why
    assert check(canonical) == [], why


UNREADABLE = [
    ("", "nothing"),
    ("无", "the word for none"),
    ("谯政办〔24〕12号", "a year of two digits says too little"),
    ("谯政办〔1824〕12号", "no such year"),
    ("〔2024〕12号", "no mark"),
    ("谯政办〔2024〕0号", "numbers start at 1"),
    ("谯政办〔2024〕零号", "Chinese numerals only in orders"),
    ("522-03-02-08-0841", "an internal code"),
    ("（依据穗天教规字〔2024〕1号）", "a sentence around a number"),
    ("谯政办〔2024〕12号、13号", "two numbers"),
    ("公告第3号", "an announcement of nobody"),
    ("第711号", "no mark and no year"),
    ("一二三四五六七八九十一二三四五六七〔2024〕1号", "a mark of seventeen characters"),
]


@pytest.mark.parametrize(("text", "why"), UNREADABLE, ids=[row[1] for row in UNREADABLE])
def test_what_is_not_a_number_is_left_as_it_is(text: str, why: str) -> None:
    assert parse(text) is None, why
    assert normalise(f" {text} ") == text, why
    assert check(text) != [], why


FAULTS = [
    ("谯政办[2024]12号", {"brackets"}, "wrong brackets can be normalised"),
    ("谯政办（2024）12号", {"brackets"}, "round brackets"),
    ("谯政办〔24〕12号", {"year"}, "the year must be given in full"),
    ("谯政办〔2024〕012号", {"leading_zero"}, "1 is not written 01"),
    ("谯政办〔2024〕第12号", {"ordinal"}, "no 第"),
    ("谯政办[24]第012号", {"brackets", "year", "ordinal", "leading_zero"}, "all faults are told at once"),
    ("谯政办〔2024〕12", {"hao"}, "号 is missing"),
    ("谯政办〔２０２４〕12号", {"full_width"}, "full-width digits"),
    ("谯政办 〔2024〕12号", {"blank"}, "a blank inside"),
    ("〔2024〕12号", {"mark", "unreadable"}, "no mark"),
    ("Q政办〔2024〕12号", {"mark", "unreadable"}, "a Latin letter in the mark"),
    ("国务院令第0711号", {"leading_zero"}, "an order with a leading zero"),
    ("随便写的", {"hao", "unreadable"}, "nothing like a number"),
    ("", {"empty"}, "nothing at all"),
]


@pytest.mark.parametrize(("text", "codes", "why"), FAULTS, ids=[row[2] for row in FAULTS])
def test_the_strict_check_names_every_fault_and_the_remedy(text: str, codes: set[str], why: str) -> None:
    reasons = check(text)
    assert {reason.code for reason in reasons} - {"not_canonical"} == codes, why
    assert all(reason.article and reason.field == "document_number" for reason in reasons)
    number = parse(text)
    if number is not None:
        assert any(number.text in reason.message for reason in reasons), "the right spelling is offered"


RUNNING_TEXT = [
    # text, numbers found, why
    ("根据《国务院办公厅关于甲的通知》（国办发〔2017〕47号）精神", ["国办发〔2017〕47号"], "after a title in brackets"),
    ("根据国办发〔2017〕47号精神", ["国办发〔2017〕47号"], "根据"),
    ("现将皖政办〔2020〕3号文件转发给你们", ["皖政办〔2020〕3号"], "现将"),
    ("按照《关于乙的通知》(财社[2019]12号)要求", ["财社〔2019〕12号"], "half-width brackets outside and inside"),
    ("现按照谯政发[2021]25号执行", ["谯政发〔2021〕25号"], "现按照 is one word"),
    ("经国函〔2019〕113号批准", ["国函〔2019〕113号"], "经 before 国"),
    ("关于加快甲发展的意见渝府发〔2019〕17号", ["渝府发〔2019〕17号"], "after a title without brackets"),
    ("关于建立甲制度的函渝府办函〔2021〕52号", ["渝府办函〔2021〕52号"], "的函 ends the title"),
    ("国务院办公厅国办发〔2017〕47号", ["国办发〔2017〕47号"], "the body written out in full"),
    ("省人力资源和社会保障厅鄂财综发〔2011〕32号", ["鄂财综发〔2011〕32号"], "a department written out in full"),
    ("皖政办〔2020〕3号和皖政〔2020〕5号同时废止", ["皖政办〔2020〕3号", "皖政〔2020〕5号"], "和 between two numbers"),
    ("皖政办〔2020〕3号、皖政〔2020〕5号", ["皖政办〔2020〕3号", "皖政〔2020〕5号"], "a list"),
    ("《甲办法》和含政〔2020〕1号", ["含政〔2020〕1号"], "和 goes, the 含 of 含山 stays"),
    ("和政办发〔2020〕3号", ["和政办发〔2020〕3号"], "和县 at the start of a line"),
    ("附件\n和政办发〔2020〕3号", ["和政办发〔2020〕3号"], "和县 on a line of its own"),
    ("废止谯政办〔2012〕8号", ["谯政办〔2012〕8号"], "a verb"),
    ("自国发〔2020〕1号印发之日起", ["国发〔2020〕1号"], "自"),
    ("皖自然资规〔2020〕1号", ["皖自然资规〔2020〕1号"], "自 of 自然资源 is part of the mark"),
    ("根据自然资规〔2020〕1号", ["自然资规〔2020〕1号"], "also at its head"),
    ("谯政务公开办〔2024〕3号", ["谯政务公开办〔2024〕3号"], "公开 is part of the mark"),
    ("穗规划资源字〔2019〕2号", ["穗规划资源字〔2019〕2号"], "规划 is part of the mark"),
    ("无为政办〔2020〕3号", ["无为政办〔2020〕3号"], "为 of 无为"),
    ("文号为谯政办〔2020〕3号", ["谯政办〔2020〕3号"], "a label in words"),
    ("收到你局建函〔2020〕3号", ["建函〔2020〕3号"], "你局"),
    ("（2007年4月23日福建省人民政府令第98号发布）", ["福建省人民政府令第98号"], "an order after a date"),
    ("2011年9月30日原国家工商行政管理总局令第56号", ["国家工商行政管理总局令第56号"], "原 after a date"),
    ("中华人民共和国国务院令第673号", ["中华人民共和国国务院令第673号"], "the full name of an order"),
    ("中华人民共和国国家发展计划委员会令第8号", ["国家发展计划委员会令第8号"], "too long with the name of the state"),
    ("谯城区人民政府公告〔2024〕3号", ["谯城区人民政府公告〔2024〕3号"], "a bare 公告 needs its body"),
    ("（交通运输部令2019年第17号）", ["交通运输部令2019年第17号"], "counted by the year"),
    ("根据办发〔2021〕15号", ["办发〔2021〕15号"], "a mark without the name of the body"),
    ("（2020）皖1602民初12号", [], "a court case"),
    ("《办法（2020年版）》第12号", [], "an edition, not a number"),
    ("2020年第3号", [], "an issue of a periodical"),
    ("", [], "nothing"),
]


@pytest.mark.parametrize(("text", "numbers", "why"), RUNNING_TEXT, ids=[row[2] for row in RUNNING_TEXT])
def test_numbers_in_running_text_are_found_without_the_words_before_them(
    text: str, numbers: list[str], why: str
) -> None:
    found = find_all(text)
    assert [item.value.text for item in found] == numbers, why
    assert all(text[item.start : item.end] == item.raw for item in found), why


def test_how_a_number_is_written_does_not_change_its_identity() -> None:
    assert DocumentNumber("商务部公告", 2021, 3) == DocumentNumber("商务部公告", 2021, 3, Form.YEAR_ORDINAL)
    keys = {DocumentNumber(mark, None, 711).key for mark in ("国令", "国务院令", "中华人民共和国国务院令")}
    assert len(keys) == 1
    assert DocumentNumber("国办发", 2017, 47).key != DocumentNumber("国发", 2017, 47).key


def test_a_long_stretch_of_blanks_is_read_in_reasonable_time() -> None:
    assert [item.value.number for item in find_all(" " * 300_000 + "谯政办〔2024〕12号")] == [12]


MARKS = st.text(alphabet="国皖谯亳政府办发财教卫民社救建水农规秘函字", min_size=2, max_size=16)
BRACKETED = st.builds(DocumentNumber, MARKS, st.integers(1900, 2099), st.integers(1, 9999))
ORDERS = st.builds(
    lambda mark, number: DocumentNumber(mark + "令", None, number, Form.ORDINAL),
    st.text(alphabet="国皖谯亳政府财教卫", min_size=1, max_size=15),
    st.integers(1, 9999),
)
NUMBERS = st.one_of(BRACKETED, ORDERS)


@given(NUMBERS)
def test_reading_what_was_written_gives_the_number_back(number: DocumentNumber) -> None:
    assert parse(number.text) == number
    assert normalise(normalise(number.text)) == number.text
    assert check(number.text) == []


@given(
    BRACKETED,
    st.sampled_from(["[]", "()", "（）", "【】", "﹝﹞", "［］"]),
    st.sampled_from(["", "第"]),
    st.integers(0, 3),
)
def test_every_sloppy_spelling_means_the_same_number(
    number: DocumentNumber, pair: str, ordinal: str, zeros: int
) -> None:
    sloppy = f"{number.mark} {pair[0]}{number.year}{pair[1]}{ordinal}{'0' * zeros}{number.number}号"
    assert parse(sloppy) == number
    assert check(sloppy) != []


@given(st.lists(NUMBERS, max_size=4), st.sampled_from(["，根据", "；按照", "。现将", "）（", "\n"]))
def test_every_number_of_a_text_is_found_once_and_in_order(numbers: list[DocumentNumber], glue: str) -> None:
    text = glue + glue.join(number.text for number in numbers) + "的要求"
    assert [item.value for item in find_all(text)] == numbers


@given(st.text(alphabet="根据按照的通知谯政办〔〕（）[]2024第12号令 \n", max_size=80))
def test_any_text_can_be_searched_and_finds_lie_inside_it_without_overlap(text: str) -> None:
    end = 0
    for item in find_all(text):
        assert end <= item.start < item.end <= len(text)
        assert parse(item.raw) == item.value
        end = item.end
