"""Comparing editions: nothing is lost, both directions agree, and the table reads as a person would write it."""

import json
import random
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.text.comparison import Comparison, RowKind, compare
from gongkai.text.differences import common, difference, folded
from gongkai.text.html_text import html_to_text, text_to_html

CLAUSES = (
    "第一条　为了规范政府信息公开工作，制定本办法。", "第二条　本区各部门适用本办法。", "（一）行政机关；", "（二）公共企事业单位；",
    "第三条　办理期限为20个工作日。", "第四条　区政府办公室负责监督检查，每年通报一次。", "第五条　本办法自公布之日起施行。",
    "第二条　本区各部门、各街道适用本办法。", "第三条　办理期限为15个工作日。", "一、总体要求", "", "各单位：", "附件",
    "第六条　违反本办法规定的，由区政府办公室责令改正。",
)  # fmt: skip
DOCUMENTS = st.lists(st.sampled_from(CLAUSES), max_size=12).map("\n".join) | st.text(
    alphabet="第一二三条、。（）\n \u3000区政府办法公开信息", max_size=80
)


def _opposite(kind: RowKind) -> RowKind:
    return {RowKind.ADDED: RowKind.DELETED, RowKind.DELETED: RowKind.ADDED}.get(kind, kind)


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS, DOCUMENTS)
def test_both_texts_can_be_put_together_from_the_table(old, new):
    found = compare(old, new)
    assert (found.old_text, found.new_text) == (old, new)
    for row in found.rows:
        if row.words_differ:
            assert row.old is not None and row.new is not None
            assert "".join(piece.old for piece in row.pieces) == row.old.text
            assert "".join(piece.new for piece in row.pieces) == row.new.text


@given(DOCUMENTS)
def test_a_text_compared_with_itself_has_no_changes(text):
    found = compare(text, text)
    assert not found.has_changes and found.counts == {}
    assert found.tally.words == "正文没有修改。"


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS, DOCUMENTS)
def test_both_directions_tell_the_same_story(old, new):
    there, back = compare(old, new).counts, compare(new, old).counts
    assert back == {_opposite(kind): count for kind, count in there.items()}


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet="区政府办公室，。、 应当20１５日", max_size=40),
    st.text(alphabet="区政府办公厅，。、 可以20日", max_size=40),
)
def test_pieces_alternate_and_equal_ones_say_the_same(old, new):
    pieces = difference(old, new)
    assert "".join(piece.old for piece in pieces) == old
    assert "".join(piece.new for piece in pieces) == new
    assert all(one.equal != other.equal for one, other in pairwise(pieces))
    assert all(folded(piece.old) == folded(piece.new) for piece in pieces if piece.equal)


@given(st.lists(st.sampled_from("abcde"), max_size=30), st.lists(st.sampled_from("abcde"), max_size=30))
def test_the_common_run_is_as_long_as_the_textbook_says(one, other):
    lengths = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i, left in enumerate(one):
        for j, right in enumerate(other):
            same = lengths[i][j] + 1
            lengths[i + 1][j + 1] = same if left == right else max(lengths[i][j + 1], lengths[i + 1][j])
    found = common(one, other)
    assert len(found) == lengths[-1][-1]
    assert all(one[i] == other[j] for i, j in found)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(found))


# --- tables that read right --------------------------------------------------------------------------------------------
def _told(found: Comparison) -> list[str]:
    return [
        f"{row.kind.label} {row.old.place if row.old else ''}→{row.new.place if row.new else ''}"
        for row in found.rows
        if row.is_change
    ]


BASE = """第一条　为了规范政府信息公开工作，制定本办法。
第二条　本区各部门办理政府信息公开申请，适用本办法。
第三条　办理期限为20个工作日。
第四条　区政府办公室负责监督检查，每年通报一次检查情况。
第五条　有下列情形之一的，不予公开：
（一）涉及国家秘密的；
（二）涉及个人隐私的。
第六条　本办法自公布之日起施行。"""

STORIES = [
    (
        "an article is added and the rest renumbered",
        BASE.replace("第三条", "第三条　公开工作坚持便民原则。\n第四条").replace("第四条　区", "第五条　区")
        .replace("第五条　有", "第六条　有").replace("第六条　本", "第七条　本"),
        ["新增 →第三条", "序号调整 第三条→第四条", "序号调整 第四条→第五条", "序号调整 第五条→第六条", "序号调整 第六条→第七条"],
        "新增 1 条、序号调整 4 条。",
    ),
    ("a time limit is changed", BASE.replace("20个", "15个"), ["修改 第三条→第三条"], "修改 1 条。"),
    (
        "an item is added",
        BASE.replace("隐私的。", "隐私的；\n（三）涉及商业秘密的。"),
        ["修改 第五条第（二）项→第五条第（二）项", "新增 →第五条第（三）项"],
        "修改 1 条。",
    ),
    (
        "an article moves to the end with other words",
        "\n".join([*BASE.split("\n")[:3], *BASE.split("\n")[4:], "第七条　区政府办公室负责监督检查，每半年通报一次检查情况。"]),
        ["移出 第四条→", "移动 第四条→第七条"],
        "移动 1 条。",
    ),
    ("an article is deleted", BASE.replace("第三条　办理期限为20个工作日。\n", ""), ["删除 第三条→"], "删除 1 条。"),
    ("only blanks and widths differ", BASE.replace("　", " ").replace("，", ",").replace("（一）", "(一)"), [], "正文没有修改。"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "new", "rows", "words"), STORIES, ids=[story[0] for story in STORIES])
def test_the_table_tells_what_happened(why, new, rows, words):
    found = compare(BASE, new)
    assert _told(found) == rows
    assert found.tally.words == words


def test_a_text_without_articles_is_counted_in_places():
    found = compare(
        "各单位：\n一、提高认识\n请于3月1日前报送。", "各单位：\n一、提高认识\n请于4月1日前报送。\n二、加强宣传"
    )
    assert found.tally.words == "修改 1 处、新增 1 处。"


MARKS = [
    ("由国务院环境保护主管部门批准。", "由国务院生态环境主管部门批准。", ["环境保护→生态环境"], "a name is marked whole"),
    ("应当在20日内答复。", "应当在15日内答复。", ["20→15"], "a number is marked whole"),
    ("姓名、性别、住址。", "姓名、性别、民族、住址。", ["→民族、"], "an addition ends with its sign"),
    ("可以公开。", "应当依法公开。", ["可以→应当依法"], "one replacement, no confetti"),
    ("由所在单位给予处分", "由有关机关依法给予处分", ["所在单位→有关机关依法"], "short words between changes go with them"),
    ("甲，乙", "甲，乙", [], "equal texts have no marks"),
    ("", "新增内容", ["→新增内容"], "from nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "marks", "why"), MARKS, ids=[row[3] for row in MARKS])
def test_marks_follow_words(old, new, marks, why):
    assert [f"{piece.old}→{piece.new}" for piece in difference(old, new) if not piece.equal] == marks, why


# --- size --------------------------------------------------------------------------------------------------------------
def _regulation(characters: int, seed: int) -> str:
    chance = random.Random(seed)
    words = (
        "区政府",
        "应当",
        "依法",
        "公开",
        "信息",
        "办理",
        "申请",
        "期限",
        "监督",
        "检查",
        "责令",
        "改正",
        "单位",
        "部门",
        "规定",
        "处罚",
        "程序",
        "听证",
        "评估",
        "档案",
        "备案",
        "审查",
    )
    lines, length = [], 0
    while length < characters:
        body = "，".join("".join(chance.choices(words, k=6)) for _ in range(4))
        lines.append(f"第{len(lines) + 1}条　{body}。")
        length += len(lines[-1])
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (_regulation(60_000, 1), _regulation(60_000, 2)),
        ("公" * 60_000, "开" * 60_000),
        ("公开" * 30_000, "开公公" * 20_000),
        ("甲。\n乙。\n" * 40_000, "甲。\n乙。\n" * 20_000 + "丙。\n" + "甲。\n乙。\n" * 20_000),
        ("甲。\n乙。\n" * 20_000, "乙。\n丙。\n" * 20_000),
        ("（一）其他。\n" * 9_000, "（一）其他。\n（二）其他。\n" * 4_000),
    ],
    ids=[
        "everything rewritten",
        "no line ends at all",
        "no line ends and all alike",
        "eighty thousand lines, one added",
        "forty thousand lines, half of them others",
        "thousands of equal lines",
    ],
)
def test_no_text_of_sixty_thousand_characters_keeps_the_reader_waiting(old, new):
    start = time.process_time()
    found = compare(old, new)
    assert time.process_time() - start < 6, "a generous bound: the figures are bench/comparison.py's"
    assert (found.old_text, found.new_text) == (old, new)


# --- real regulations --------------------------------------------------------------------------------------------------
def test_the_regulations_published_in_several_editions_are_compared_without_loss(shared_data: Path):
    """Every pair of following editions; most articles of a revised regulation are recognised again."""
    editions: dict[str, list[dict[str, str]]] = {}
    for path in sorted((shared_data / "laws_docs").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            record = json.loads(line)
            editions.setdefault(record["title"], []).append(record)
    several = [sorted(found, key=lambda one: one["version_date"]) for found in editions.values() if len(found) > 1]
    assert len(several) == 33
    kept = articles = 0
    for found in several:
        for older, newer in pairwise(found):
            old, new = (html_to_text(text_to_html(one["text"])) for one in (older, newer))
            table = compare(old, new)
            assert (table.old_text, table.new_text) == (old, new), older["title"]
            articles += sum(row.old is not None and row.old.number.endswith("条") for row in table.rows)
            kept += sum(
                row.old is not None and row.new is not None and row.old.number.endswith("条") for row in table.rows
            )
    assert kept > 0.75 * articles, f"{kept} of {articles} articles found again"
