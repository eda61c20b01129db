"""A made-up list of 耕地地力保护补贴, as a township sends it: `python -m bench.subsidy_list 50000 list.xlsx`.

Nobody in it lives: the people were born 1900–1909, numbers are drawn among those nobody has (many noughts)
and then given the check digits that the rules ask for.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

from gongkai.text.personal_data import identity_check_digit, luhn

HEADS = ("序号", "乡镇", "行政村", "村民组", "户主姓名", "身份证号码", "社会保障卡号", "联系电话", "补贴标准（元/亩）", "补贴面积（亩）", "补贴金额（元）", "发放日期", "备注")  # fmt: skip
TITLE = "2026年谯城区耕地地力保护补贴发放明细表（示例数据）"
TOWNS = ("华佗镇", "魏岗镇", "牛集镇", "颜集镇", "五马镇", "双沟镇", "淝河镇", "古城镇", "龙扬镇", "观堂镇")
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰春梅建国志红文斌玲飞鑫波辉莉宁海燕"
CENTS = 100


def people(count: int, *, seed: int = 1) -> Iterator[list[str | int | float]]:
    """Rows of the list, in the order of villages."""
    rng = random.Random(seed)
    villages = [(town, f"{first}{second}村") for town in TOWNS for first in "大小前后东西" for second in "李王张刘陈"]
    per_village = max(1, -(-count // len(villages)))
    for number in range(1, count + 1):
        town, village = villages[min((number - 1) // per_village, len(villages) - 1)]
        mu = rng.randrange(50, 2000)
        name = rng.choice(SURNAMES) + "".join(rng.choices(GIVEN, k=rng.choice((1, 2, 2))))
        yield [
            number, town, village, f"{rng.randrange(1, 13)}组", name, identity(rng), card(rng), f"1390000{rng.randrange(10**4):04d}",
            112.5, mu / CENTS, round(112.5 * mu / CENTS + 1e-9, 2), "2026-06-30", "",
        ]  # fmt: skip


def identity(rng: random.Random) -> str:
    """An identity number nobody has: of somebody born 1900–1909, with its check character."""
    first = f"341602{rng.randrange(1900, 1910)}{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}{rng.randrange(1, 1000):03d}"
    return first + identity_check_digit(first).upper()


def card(rng: random.Random) -> str:
    """A card number with the right Luhn digit."""
    first = f"62170000000{rng.randrange(10**7):07d}"
    return next(first + digit for digit in "0123456789" if luhn(first + digit))


def write(path: Path, count: int) -> int:
    """The list as a workbook; returns the bytes of the file."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("发放明细")
    sheet.append([TITLE])
    sheet.append(["填报单位：谯城区农业农村局", "", "", "", "", "", "", "", "", "", "单位：元、亩"])
    sheet.append(HEADS)
    mu = money = 0
    for row in people(count):
        mu += round(float(row[9]) * CENTS)
        money += round(float(row[10]) * CENTS)
        sheet.append(row)
    sheet.append(["合计", "", "", "", "", "", "", "", "", mu / CENTS, money / CENTS])
    book.save(path)
    return path.stat().st_size


if __name__ == "__main__":
    print(write(Path(sys.argv[2]), int(sys.argv[1])))
