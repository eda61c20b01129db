"""Small subsidy lists with made-up people (born 1900–1909) for tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gongkai.text.personal_data import identity_check_digit

HEADS = ("序号", "乡镇", "行政村", "组", "户主姓名", "身份证号码", "一卡通账号", "补贴标准（元/亩）", "补贴面积（亩）", "补贴金额（元）", "备注")  # fmt: skip


def identity(serial: int) -> str:
    """The identity number of somebody who does not exist."""
    first = f"341602190{serial % 10}0101{serial % 1000:03d}"
    return first + identity_check_digit(first).upper()


def record(serial: int, **changed: Any) -> list[Any]:
    """A right row; `changed` by head (name, identity, account, standard, area, amount, village, group, remark)."""
    row = {
        "serial": serial, "township": "华佗镇", "village": "大李村", "group": f"{serial}组", "name": "欧阳大山", "identity": identity(serial),
        "account": "6217000000000000004", "standard": 100, "area": 2.5, "amount": 250, "remark": "", **changed,
    }  # fmt: skip
    return list(row.values())


def sheet(
    path: Path, rows: Sequence[Sequence[Any]], *, title: str = "2026年补贴明细表", heads: Sequence[Any] = HEADS
) -> Path:
    """A workbook with a title, the heads and the rows; returns its path."""
    from openpyxl import Workbook

    book = Workbook()
    active = book.active
    active.title = "发放表"
    if title:
        active.append([title])
    active.append(list(heads))
    for row in rows:
        active.append(list(row))
    book.save(path)
    return path
