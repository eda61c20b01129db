"""基层政务公开标准目录: columns, rows and 公开时限; 国办发〔2019〕54号."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gongkai.rules.catalogue import (
    ROW_COLUMNS,
    Operator,
    StandardRow,
    TimeLimit,
    Trigger,
    Unit,
    channel_codes,
    field_of,
    parse_time_limit,
    read_row,
    resolve_same_as_above,
)

W, N, H, M = Unit.WORKING_DAY, Unit.NATURAL_DAY, Unit.HOUR, Unit.MONTH
FORMED, MADE = Trigger.FORMED_OR_CHANGED, Trigger.MADE_OR_OBTAINED

LIMITS = [
    # text, trigger, operator, n, unit, period, why
    ("20个工作日", FORMED, Operator.WITHIN, 20, W, None, "the bare number"),
    ("20工作日", FORMED, Operator.WITHIN, 20, W, None, "without 个"),
    ("3个工作日内", FORMED, Operator.WITHIN, 3, W, None, "shorter than the statute"),
    ("信息形成20个工作日内", FORMED, Operator.WITHIN, 20, W, None, "after formation"),
    ("自信息形成或者变更之日起 20 个工作日内予以公开", FORMED, Operator.WITHIN, 20, W, None, "the words of §26"),
    ("自制作或获取之日起20个工作日", MADE, Operator.WITHIN, 20, W, None, "after making or obtaining"),
    ("制定或获取政策之日起10个工作日内", MADE, Operator.WITHIN, 10, W, None, "with an object in between"),
    ("批准后二十日内", Trigger.APPROVED, Operator.WITHIN, 20, N, None, "budget: natural days, Chinese numerals"),
    ("决定作出之日起7个工作日内", Trigger.DECIDED, Operator.WITHIN, 7, W, None, "licences and penalties"),
    ("十五日内", FORMED, Operator.WITHIN, 15, N, None, "fifteen in Chinese numerals"),
    ("二十四小时内", FORMED, Operator.WITHIN, 24, H, None, "hours"),
    ("工程竣工后1个月内", FORMED, Operator.WITHIN, 1, M, None, "months"),
    ("当日公开", FORMED, Operator.WITHIN, 0, N, None, "the same day"),
    ("实施之日3日前", Trigger.EFFECTIVE, Operator.BEFORE, 3, N, None, "before it takes effect"),
    ("提前3日公开", Trigger.EFFECTIVE, Operator.BEFORE, 3, N, None, "in advance"),
    ("及时公开", FORMED, Operator.PROMPT, None, None, None, "及时"),
    ("实时公开", FORMED, Operator.REAL_TIME, None, None, None, "实时"),
    ("永久公开", FORMED, Operator.PERMANENT, None, None, None, "永久"),
    ("长期公示", FORMED, Operator.PERMANENT, None, None, None, "长期 without a number is no notice period"),
    ("10个工作日，有效期限内长期公开", FORMED, Operator.WITHIN, 10, W, None, "the deadline counts, 长期 follows"),
    ("及时公开，公告期限为5个（工作日）", FORMED, Operator.PROMPT, None, None, (5, W), "with a notice period"),
    ("公示期不少于3日", FORMED, Operator.PROMPT, None, None, (3, N), "a notice period alone"),
    ("20个工作日内，公示期不得少于7个工作日", FORMED, Operator.WITHIN, 20, W, (7, W), "deadline and notice period"),
]


@pytest.mark.parametrize(
    ("text", "trigger", "op", "n", "unit", "period", "why"), LIMITS, ids=[row[6] for row in LIMITS]
)
def test_a_time_limit_in_words_becomes_one_to_compute_with(
    text: str,
    trigger: Trigger,
    op: Operator,
    n: int | None,
    unit: Unit | None,
    period: tuple[int, Unit] | None,
    why: str,
) -> None:
    period_min, period_unit = period or (None, None)
    assert parse_time_limit(text) == TimeLimit(trigger, op, n, unit, period_min, period_unit, None, text), why


def test_a_date_every_year_is_a_deadline_too() -> None:
    text = "每年1月31日前"
    assert parse_time_limit(text) == TimeLimit(Trigger.YEARLY, Operator.BY_DATE, month_day=(1, 31), text=text)


@pytest.mark.parametrize("text", ["", "  ", "—", "/", "同上", "按规定执行", "每年2月30日前", "每年13月1日前"])
def test_what_names_no_limit_gives_none(text: str) -> None:
    assert parse_time_limit(text) is None


def test_same_as_above_takes_the_limit_above_even_through_several_rows() -> None:
    limits = resolve_same_as_above(["20个工作日内", "同上", " 同上 ", "及时公开", "", "同上"])
    numbers = [limit.n if limit else None for limit in limits]
    assert numbers == [20, 20, 20, None, None, None]
    assert limits[3] is not None
    assert limits[3].op is Operator.PROMPT
    assert limits[5] is None, "above it stands an empty cell"


def test_same_as_above_in_the_first_row_has_nothing_above() -> None:
    assert resolve_same_as_above(["同上"]) == [None]


HEADERS = [
    ("公开时限", "disclosure_time_limit", "the official header"),
    ("时限", "disclosure_time_limit", "short"),
    (" 公开内容（要素） ", "content_elements", "brackets and blanks"),
    ("公开内容\n(要素)", "content_elements", "a line break in the cell"),
    ("公开渠道和载体", "disclosure_channel", "the official header"),
    ("一级事项", "matter_level_1", "under a merged header"),
    ("公开事项-二级事项", "matter_level_2", "both header rows joined"),
    ("责任单位", "disclosing_body", "the variant of departments"),
    ("disclosure_basis", "disclosure_basis", "our own field name"),
    ("Deadline", "disclosure_time_limit", "English key"),
    ("备注", None, "not a statutory column"),
]


@pytest.mark.parametrize(("header", "name", "why"), HEADERS, ids=[row[2] for row in HEADERS])
def test_headers_are_recognised(header: str, name: str | None, why: str) -> None:
    assert field_of(header) == name, why


def test_every_official_label_is_recognised_as_its_own_field() -> None:
    assert all(field_of(label) == name for name, label in ROW_COLUMNS)


def test_a_row_is_read_by_its_chinese_headers() -> None:
    row = read_row(
        {
            "序号": 3,
            "一级事项": "招生管理",
            "二级事项": "招生范围",
            "公开内容（要素）": " 学区划分 ",
            "公开依据": "《条例》",
            "公开时限": "20个工作日",
            "公开主体": "区教育局",
            "公开渠道和载体": "■政府网站  □政府公报\n■精准推送",
            "公开对象": "全社会",
            "公开方式": "主动",
            "公开层级": "县级",
            "备注": "略",
        }
    )
    assert row == StandardRow(
        "3",
        "招生管理",
        "招生范围",
        "学区划分",
        "《条例》",
        "20个工作日",
        "区教育局",
        "政府网站、精准推送",
        "全社会",
        "主动",
        "县级",
    )


def test_of_two_headers_for_one_field_the_first_with_a_value_counts() -> None:
    assert read_row({"公开时限": "", "时限": "及时", "公开时间": "实时"}).disclosure_time_limit == "及时"
    assert read_row({"公开层级": None}) == StandardRow()


CHANNELS = [
    ("政府网站、两微一端", ("government_website", "new_media"), "a plain list"),
    (
        "网站、查阅点、政务中心、信用中国",
        ("government_website", "reading_point", "service_centre", "credit_china"),
        "short",
    ),
    ("发布会/听证会", ("press_or_hearing",), "a stroke inside one name"),
    ("社区/企事业单位/村公示栏（电子屏）", ("notice_board",), "a long name"),
    ("政府网站、村头喇叭", ("government_website", "other"), "unknown channels are 其他"),
    ("政府网站、部门网站", ("government_website",), "named twice, counted once"),
    ("", (), "nothing"),
]


@pytest.mark.parametrize(("text", "codes", "why"), CHANNELS, ids=[row[2] for row in CHANNELS])
def test_channels_are_recognised(text: str, codes: tuple[str, ...], why: str) -> None:
    assert channel_codes(text) == codes, why


def test_rows_of_published_catalogues_are_read_whole(shared_data: Path) -> None:
    path = shared_data / "disclosure_catalog_excerpts" / "grassroots_standard_catalog_rows.jsonl"
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [read_row(record) for record in records]
    assert all(row.matter_level_1 and row.disclosure_time_limit and row.disclosure_target for row in rows)
    assert all(row.disclosure_field == record["domain"] for row, record in zip(rows, records, strict=True))
    limits = resolve_same_as_above(row.disclosure_time_limit for row in rows)
    assert None not in limits
    channels = {code for row in rows for code in channel_codes(row.disclosure_channel)}
    assert "other" not in channels


def test_the_tree_of_a_department_is_read_with_its_own_headers(shared_data: Path) -> None:
    path = shared_data / "disclosure_catalog_excerpts" / "anhui_department_catalog_tree.jsonl"
    rows = [read_row(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
    assert all(row.matter_level_1 and row.content_elements and row.disclosing_body for row in rows)
