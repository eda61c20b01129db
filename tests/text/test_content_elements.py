"""What a catalogue row asks for, element by element, and what a text speaks of."""

from __future__ import annotations

import pytest

from gongkai.text.content_elements import compared, elements

ROWS = [
    (
        "补贴项目、标准、范围、发放时间和汇总表（个人信息经去标识化处理）",
        ("补贴项目", "标准", "范围", "发放时间", "汇总表"),
        "a list with 和 at its end and a note",
    ),
    ("负责人姓名、职务、分工和办公联系方式", ("负责人姓名", "职务", "分工", "办公联系方式"), "the model row"),
    ("1.法律法规；2.申请条件；3.办理流程", ("法律法规", "申请条件", "办理流程"), "numbered"),
    ("①机构职能\n②内设机构", ("机构职能", "内设机构"), "on lines of their own"),
    ("和谐社区建设规划", ("和谐社区建设规划",), "a 和 that joins nothing"),
    ("", (), "nothing said"),
]


@pytest.mark.parametrize(("content", "expected", "why"), ROWS, ids=[row[2] for row in ROWS])
def test_a_row_is_read_element_by_element(content, expected, why) -> None:
    assert elements(content) == expected, why


def test_what_the_text_has_and_what_it_says_in_two_places_counts() -> None:
    text = "现将耕地地力保护补贴发放情况公示如下。补贴标准为每亩96元，时间为9月30日前发放。"
    assert compared("补贴项目、标准、范围、发放时间和汇总表", text) == (
        ("补贴项目", False),
        ("标准", True),
        ("范围", False),
        ("发放时间", True),
        ("汇总表", False),
    )


def test_signs_in_another_width_are_the_same() -> None:
    assert compared("ＡＰＰ名称", "app名称：示例") == (("ＡＰＰ名称", True),)
