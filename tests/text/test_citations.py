"""Citations of other documents in running text."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.text.citations import find_citations

Expected = list[tuple[str, str, str]]
"""(text as it stands, number or "", title or "")"""

CASES: list[tuple[str, Expected, str]] = [
    (
        "根据《安远省价格条例》（安政发〔2019〕8号）制定本办法。",
        [("《安远省价格条例》（安政发〔2019〕8号）", "安政发〔2019〕8号", "安远省价格条例")],
        "title and number are one citation",
    ),
    (
        "《关于做好养老服务工作的通知》(民办[2020]15号)要求",
        [("《关于做好养老服务工作的通知》(民办[2020]15号)", "民办〔2020〕15号", "关于做好养老服务工作的通知")],
        "half-width and square brackets",
    ),
    ("按照安政办〔2021〕3号文件精神", [("安政办〔2021〕3号", "安政办〔2021〕3号", "")], "a bare number"),
    (
        "《青原市人民政府关于废止〈青原市渣土办法〉的决定》已公布",
        [("《青原市人民政府关于废止〈青原市渣土办法〉的决定》", "", "青原市人民政府关于废止〈青原市渣土办法〉的决定")],
        "inner marks belong to the outer title",
    ),
    (
        "《青原市关于转发《河湖长制规定》的通知》规定",
        [("《青原市关于转发《河湖长制规定》的通知》", "", "青原市关于转发〈河湖长制规定〉的通知")],
        "wrongly nested outer marks are one title",
    ),
    (
        "《甲省关于印发<乙规划>的通知》规定",
        [("《甲省关于印发<乙规划>的通知》", "", "甲省关于印发〈乙规划〉的通知")],
        "angle brackets of a keyboard as inner marks",
    ),
    ("本办法自公布之日起施行，本《办法》由市财政局解释。", [], "本办法 and 《办法》 name the document itself"),
    ("执行《通知》要求，对照《实施细则（试行）》办理。", [], "a bare kind without antecedent names nothing"),
    (
        "落实《青原市住房公积金管理条例》（以下简称《条例》）。《条例》第三条规定",
        [
            ("《青原市住房公积金管理条例》", "", "青原市住房公积金管理条例"),
            ("《条例》", "", "青原市住房公积金管理条例"),
        ],
        "an abbreviation stands for its antecedent; its introduction is no mention",
    ),
    (
        "《青原市稳岗意见》（青政发〔2022〕9号，以下简称《意见》）印发后，各地按《意见》执行",
        [
            ("《青原市稳岗意见》（青政发〔2022〕9号", "青政发〔2022〕9号", "青原市稳岗意见"),
            ("《意见》", "青政发〔2022〕9号", "青原市稳岗意见"),
        ],
        "number and abbreviation in one bracket",
    ),
    (
        "《青原市政务公开办法》(以下简称“公开办法”)施行后，“公开办法”未规定的",
        [
            ("《青原市政务公开办法》", "", "青原市政务公开办法"),
            ("“公开办法”", "", "青原市政务公开办法"),
        ],
        "an abbreviation in quotation marks",
    ),
    (
        "《甲条例》《乙规定》和丙办发〔2018〕7号、丙办发〔2018〕9号",
        [
            ("《甲条例》", "", "甲条例"),
            ("《乙规定》", "", "乙规定"),
            ("丙办发〔2018〕7号", "丙办发〔2018〕7号", ""),
            ("丙办发〔2018〕9号", "丙办发〔2018〕9号", ""),
        ],
        "a number after 和 does not belong to the title before it",
    ),
    (
        "依照《河道管理\n条例》办理",
        [("《河道管理\n条例》", "", "河道管理条例")],
        "a title broken over two lines",
    ),
    ("《未写完的标题 后面没有收尾", [], "a mark left open"),
    ("见附件。", [], "nothing cited"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), CASES, ids=[case[2] for case in CASES])
def test_citations_are_found_with_what_they_name(text: str, expected: Expected, reason: str) -> None:
    found = [(item.text, item.number.text if item.number else "", item.title) for item in find_citations(text)]
    assert found == expected, reason


def test_a_citation_with_a_title_is_of_kind_title_and_a_bare_number_of_kind_number() -> None:
    kinds = [item.kind for item in find_citations("《甲条例》（甲发〔2020〕1号）、乙发〔2020〕2号")]
    assert kinds == ["title", "number"]


@given(st.text(alphabet="《》〈〉（）()甲乙办法以下简称“”〔〕2019号、。\n 发", max_size=300))
def test_offsets_always_give_the_text_back_in_order_without_overlaps(text: str) -> None:
    found = find_citations(text)
    assert all(text[item.start : item.end] == item.text for item in found)
    assert all(left.end <= right.start for left, right in pairwise(found))


def test_time_grows_linearly_with_the_length_of_the_text() -> None:
    passage = (
        "根据《青原市物业条例》（青政发〔2020〕12号，以下简称《条例》）和“物业新规”，《条例》规定，《甲《乙》丙》。"
    )

    def seconds(copies: int) -> float:
        text = passage * copies
        begin = time.process_time()
        find_citations(text)
        return time.process_time() - begin

    seconds(50)
    short = min(seconds(200) for _ in range(3))
    long = min(seconds(1600) for _ in range(3))
    assert long < short * 8 * 4  # a quadratic reader would need 64 times as long


@pytest.mark.parametrize("opening", ["《", "（", "以下简称“", "〔2019〕"])
def test_a_text_of_nothing_but_openings_is_read_quickly(opening: str) -> None:
    begin = time.process_time()
    find_citations(opening * 20_000)
    assert time.process_time() - begin < 2
