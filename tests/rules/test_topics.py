"""专题: what a block must hold, fault by fault."""

import pytest

from gongkai.rules.topics import MISSING, MOST_BLOCKS, check_blocks, check_topic

QUERY = {"kind": "query", "heading": "最新政策", "address": "/policy-library/", "query": {}, "limit": "5"}
ITEMS = {"kind": "items", "heading": "重点文件", "items": [1]}
TEXT = {"kind": "text", "heading": "", "text": "说明"}
FIGURE = {"label": "补贴户数", "number": "1,200", "unit": "户", "source": "区人社局", "day": "2026-06-30", "item": None}
FIGURES = {"kind": "figures", "heading": "成效", "rows": [FIGURE]}
EVENT = {"day": "2026-01-05", "words": "启动申报", "item": 3}
TIMELINE = {"kind": "timeline", "heading": "进展", "rows": [EVENT]}


def test_whole_blocks_have_no_fault():
    assert check_blocks([QUERY, ITEMS, TEXT, FIGURES, TIMELINE], complete=True) == []


@pytest.mark.parametrize(
    ("block", "field", "words", "reason"),
    [
        ({**QUERY, "heading": ""}, "block-1-heading", "请填写板块标题", "a list without a name says nothing"),
        ({**QUERY, "address": "", "query": None}, "block-1-address", "请粘贴", "no list named"),
        ({**ITEMS, "items": []}, "block-1-items", "至少一条", "nothing picked"),
        ({**TEXT, "text": ""}, "block-1-text", "请填写文字", "no empty boxes on a page"),
        ({**FIGURES, "rows": []}, "block-1-row-1-label", "至少一行", "no figures"),
        ({**TIMELINE, "rows": []}, "block-1-row-1-day", "至少一行", "no lines"),
        ({**FIGURES, "rows": [FIGURE, {**FIGURE, "source": ""}]}, "block-1-row-2-source", "第 2 行请填写数据来源", "official figures have a source"),
        ({**FIGURES, "rows": [{**FIGURE, "day": ""}]}, "block-1-row-1-day", "请填写截至日期", "and a day"),
        ({**TIMELINE, "rows": [{**EVENT, "words": ""}]}, "block-1-row-1-words", "请填写内容", "a day of nothing"),
    ],
)  # fmt: skip
def test_a_draft_may_lack_what_a_public_topic_must_have(block, field, words, reason):
    [fault] = check_blocks([block], complete=True)
    assert (fault.code, fault.field) == (MISSING, field), reason
    assert words in fault.message and fault.message.startswith("第 1 个板块（"), reason
    assert check_blocks([block], complete=False) == [], reason


@pytest.mark.parametrize(
    ("block", "field", "words", "reason"),
    [
        ({**QUERY, "query": None}, "block-1-address", "不是本站可以引用的信息列表", "an address of no list"),
        ({**QUERY, "limit": "0"}, "block-1-limit", "1 至 20", "none"),
        ({**QUERY, "limit": "21"}, "block-1-limit", "1 至 20", "more than a page carries"),
        ({**QUERY, "limit": "五"}, "block-1-limit", "1 至 20", "no number"),
        ({**QUERY, "heading": "长" * 41}, "block-1-heading", "41 字", "longer than a heading"),
        ({**ITEMS, "items": list(range(21))}, "block-1-items", "现有 21 条", "a list, not a choice"),
        ({**TEXT, "text": "长" * 20_001}, "block-1-text", "20001 字", "a document, not a block"),
        ({**FIGURES, "rows": [{**FIGURE, "number": "约三百"}]}, "block-1-row-1-number", "不是数字", "words"),
        ({**FIGURES, "rows": [{**FIGURE, "number": "12,00"}]}, "block-1-row-1-number", "不是数字", "a comma in the wrong place"),
        ({**FIGURES, "rows": [{**FIGURE, "day": "2026-02-30"}]}, "block-1-row-1-day", "不是有效日期", "no such day"),
        ({**FIGURES, "rows": [{**FIGURE, "day": "20260201"}]}, "block-1-row-1-day", "2026-01-29", "another way of writing"),
        ({**FIGURES, "rows": [FIGURE] * 13}, "block-1-heading", "最多 12 行", "a table of its own"),
        ({**TIMELINE, "rows": [{**EVENT, "words": "长" * 201}]}, "block-1-row-1-words", "201 字", "a text, not a line"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_in_a_draft_too(block, field, words, reason):
    [fault] = check_blocks([block], complete=False)
    assert fault.field == field, reason
    assert words in fault.message, reason


@pytest.mark.parametrize("number", ["0", "1200", "1,200", "12,345,678.90", "-3.5", "99.8"])
def test_numbers_as_people_write_them(number):
    assert check_blocks([{**FIGURES, "rows": [{**FIGURE, "number": number}]}], complete=True) == []


def test_faults_name_their_block_and_all_are_told_at_once():
    faults = check_blocks([TEXT, {**QUERY, "limit": ""}, {"kind": "film"}], complete=True)
    assert [fault.field for fault in faults] == ["block-2-limit", ""]
    assert "第 3 个板块" in faults[1].message


def test_a_topic_has_blocks_but_not_too_many():
    assert [fault.code for fault in check_blocks([], complete=True)] == [MISSING]
    assert check_blocks([], complete=False) == []
    [fault] = check_blocks([TEXT] * (MOST_BLOCKS + 1), complete=False)
    assert "最多有 12 个板块" in fault.message


@pytest.mark.parametrize(
    ("title", "summary", "slug", "fields", "reason"),
    [
        ("助残专题", "", "zhu-can", [], "as it should be"),
        ("", "", "zhu-can", ["title"], "no name"),
        ("长" * 61, "长" * 301, "zhu-can", ["title", "summary"], "both too long"),
        ("助残专题", "", "Zhu-Can", ["slug"], "capital letters are another address to some programs"),
        ("助残专题", "", "助残", ["slug"], "addresses are read aloud and typed"),
        ("助残专题", "", "-zhu", ["slug"], "no hyphen at the end"),
        ("助残专题", "", "ab", ["slug"], "says nothing"),
        ("助残专题", "", None, [], "an address that stands already"),
    ],
)
def test_title_summary_and_address(title, summary, slug, fields, reason):
    assert [fault.field for fault in check_topic(title, summary, slug)] == fields, reason
