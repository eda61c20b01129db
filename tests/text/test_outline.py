"""The parts of a document: what they are called, and which characters stand under each."""

import json
import re
from itertools import islice, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.text.outline import LONGEST_TITLE, outline

ARTICLES = """谯城区若干政策的通知
各乡镇人民政府：
第一章　总　则
第一条　支持企业上规模。首次入规的企业，奖励二十万元。
次年仍在库的，再奖励。
（一）按年核定；
第二章　奖补
第二条　支持设备更新：按设备投资的百分之八补助。
第二条之一　本条为新增。
附件：《另一办法》
第一条　另一办法的第一条。
"""
HEADINGS = """通知
一、支持对象
在本区登记的企业。
（一）小微企业。
1.登记满一年。
（二）个体工商户。
二、标准
（一）每户三千元。
"""


def cut(text):
    return [(part.key, part.label, part.title, text[part.start : part.end]) for part in outline(text)]


def test_articles_with_all_that_stands_under_them():
    assert cut(ARTICLES) == [
        (
            "1",
            "第一条",
            "支持企业上规模",
            "第一条　支持企业上规模。首次入规的企业，奖励二十万元。\n次年仍在库的，再奖励。\n（一）按年核定；\n",
        ),
        ("2", "第二条", "支持设备更新", "第二条　支持设备更新：按设备投资的百分之八补助。\n"),
        ("2之一", "第二条之一", "本条为新增", "第二条之一　本条为新增。\n附件：《另一办法》\n"),
    ], "the chapter ends an article; of two first articles the first is meant"


def test_parts_and_what_is_numbered_under_them():
    assert [(key, label, title) for key, label, title, _ in cut(HEADINGS)] == [
        ("part1", "第一部分", "支持对象"),
        ("part1-1", "第一部分第（一）项", "小微企业"),
        ("part1-2", "第一部分第（二）项", "个体工商户"),
        ("part2", "第二部分", "标准"),
        ("part2-1", "第二部分第（一）项", "每户三千元"),
    ]
    said = {key: text for key, _, _, text in cut(HEADINGS)}
    assert said["part1"] == said["part1"].strip("通知") and said["part1"].endswith("（二）个体工商户。\n")
    assert said["part1-1"] == "（一）小微企业。\n1.登记满一年。\n"


@pytest.mark.parametrize("text", ["", "\n\n", "没有编号的一段话。", "（一）没有上级的一项。", "第条"])
def test_a_text_without_parts_has_none(text):
    assert outline(text) == ()


@given(
    st.lists(
        st.sampled_from(["第一条　甲。", "第二条", "第一章　乙", "一、丙", "（一）丁", "1.戊", "己。", "", "二、"])
    )
)
def test_parts_lie_in_each_other_or_apart_and_begin_with_their_number(lines):
    text = "\n".join(lines)
    parts = outline(text)
    assert len({part.key for part in parts}) == len(parts)
    for part, other in pairwise(parts):
        assert part.start < other.start
        assert other.start >= part.end or other.end <= part.end
    for part in parts:
        assert 0 <= part.start < part.end <= len(text)
        assert len(part.title) <= LONGEST_TITLE


ARTICLE_LINE = re.compile(r"(?m)^[ \u3000\t]*(第[一二三四五六七八九十百零]+条(?:之[一二三四五六七八九十])?)[ \u3000]")


@pytest.mark.parametrize("name", ["xingzhengfagui", "bumenguizhang", "zhejiang_local"])
def test_every_article_of_real_acts_is_a_part(shared_data: Path, name):
    compared = 0
    with (shared_data / "laws_docs" / f"{name}.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, islice(lines, 100)):
            numbers = set(ARTICLE_LINE.findall(row["text"]))
            if len(numbers) >= 5:
                compared += 1
                missing = numbers - {part.label for part in outline(row["text"])}
                assert not missing, (row["title"], missing)
    assert compared >= 25
