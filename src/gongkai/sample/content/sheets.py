"""Generated attachments: small sheets and texts, made of invented figures only."""

from __future__ import annotations

from random import Random

from gongkai.sample.content.places import ROADS, SCHOOLS, VILLAGES, masked_name
from gongkai.sample.records import Cell, SampleAttachment

_NOTE = "示例数据：本附件所列单位、名称和数字均为虚构，仅供演示。"


def attachment(name: str, chance: Random) -> SampleAttachment:
    """Return the attachment called `name`: a sheet when the name ends in .xlsx, otherwise a short text."""
    if not name.endswith(".xlsx"):
        return SampleAttachment(
            name, "text", text=f"{name.rpartition('.')[0]}\n\n{_NOTE}\n填表单位（盖章）：\n填表人：\n填表日期："
        )
    if "学区" in name:
        return SampleAttachment(name, "xlsx", rows=_districts(chance))
    if "面积" in name or "补贴" in name:
        return SampleAttachment(name, "xlsx", rows=subsidy_rows(chance, 18))
    return SampleAttachment(name, "xlsx", rows=_tasks(chance))


def subsidy_rows(chance: Random, count: int) -> tuple[tuple[Cell, ...], ...]:
    """Return a subsidy list with masked names and no number of any person or account."""
    head: tuple[Cell, ...] = ("序号", "村（社区）", "户主", "面积（亩）", "补贴标准（元/亩）", "金额（元）")
    rate = 80 + int(chance.random() * 20)
    rows: list[tuple[Cell, ...]] = [head]
    for number in range(1, count + 1):
        area = round(1 + chance.random() * 12, 2)
        village = VILLAGES[int(chance.random() * len(VILLAGES))]
        rows.append((number, village, masked_name(chance), area, rate, round(area * rate, 2)))
    return tuple(rows)


def _districts(chance: Random) -> tuple[tuple[Cell, ...], ...]:
    head: tuple[Cell, ...] = ("序号", "学校", "学区范围", "计划班数")
    rows: list[tuple[Cell, ...]] = [head]
    for number, school in enumerate(SCHOOLS, start=1):
        east, west = ROADS[number % len(ROADS)], ROADS[(number + 3) % len(ROADS)]
        rows.append((number, school, f"{east}以东、{west}以南", 4 + int(chance.random() * 9)))
    return tuple(rows)


def _tasks(chance: Random) -> tuple[tuple[Cell, ...], ...]:
    head: tuple[Cell, ...] = ("序号", "事项", "责任单位", "完成时限", "完成比例")
    work = ("制定方案", "动员部署", "摸底排查", "集中推进", "检查验收", "总结提升")
    units = ("区政府办", "区财政局", "各乡镇（街道）", "区直有关单位")
    rows: list[tuple[Cell, ...]] = [head]
    for number, task in enumerate(work, start=1):
        share = f"{int(chance.random() * 60) + 40}%"
        rows.append((number, task, units[int(chance.random() * 4)], f"{number * 2}月底前", share))
    return tuple(rows)
