"""Invented small places and firms, and the variables every text may use."""

from __future__ import annotations

from datetime import date
from random import Random

from gongkai.sample.bodies import by_code
from gongkai.sample.content.dates import chinese
from gongkai.sample.records import SampleBody

VILLAGES = tuple(
    f"{a}{b}村"
    for a in ("前", "后", "东", "西", "大", "小")
    for b in ("李庄", "张楼", "王集", "刘寨", "陈营", "赵桥口", "孙湾")
)
ROADS = (
    "药都示例大道",
    "魏武示例大道",
    "芍花示例路",
    "希夷示例路",
    "涡北示例路",
    "建安示例路",
    "光明示例路",
    "牡丹示例路",
    "木兰示例路",
    "杜仲示例路",
)
SCHOOLS = ("示例第一中学", "示例实验中学", "示例芍花小学", "示例涡阳路小学", "示例希望小学", "示例职业学校")
COMPANIES = (
    "示例堂中药饮片有限公司",
    "示例亳菊茶业有限公司",
    "示例古酿酒业有限公司",
    "示例绿农食品有限公司",
    "示例智能装备有限公司",
    "示例纺织服装有限公司",
    "示例冷链物流有限公司",
    "示例新型建材有限公司",
)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"


def variables(body: SampleBody, day: date, chance: Random) -> dict[str, str]:
    """Return the variables of a document of `body` issued on `day`."""
    pick = chance.random
    village = VILLAGES[int(pick() * len(VILLAGES))]
    return {
        "agency": issuing_name(body),
        "short": body.short_name,
        "phone": body.phone,
        "phone2": f"{body.phone[:-1]}5",
        "address": body.address,
        "email": body.email,
        "year": str(day.year),
        "nextyear": str(day.year + 1),
        "prevyear": str(day.year - 1),
        "month": str(day.month),
        "date": chinese(day),
        "village": village,
        "village2": VILLAGES[(VILLAGES.index(village) + 5) % len(VILLAGES)],
        "spot": VILLAGES[(VILLAGES.index(village) + 11) % len(VILLAGES)],
        "road": ROADS[int(pick() * len(ROADS))],
        "school": SCHOOLS[int(pick() * len(SCHOOLS))],
        "company": COMPANIES[int(pick() * len(COMPANIES))],
        "supersede": "",
        "effective": "印发之日",
        "expires": "",
    }


def issuing_name(body: SampleBody, mark: str = "") -> str:
    """Return the name a document of `body` is signed with; documents marked 谯政 and 谯政秘 are the government's own."""
    if body.kind != "district_government":
        return body.name
    return "亳州市谯城区人民政府办公室" if mark == "谯政办" else "亳州市谯城区人民政府"


def masked_name(chance: Random) -> str:
    """Return a person's name as lists show it: 张*."""
    return SURNAMES[int(chance.random() * len(SURNAMES))] + ("*" if chance.random() < 0.4 else "**")


def enquiry(code: str) -> tuple[str, str]:
    """Return the enquiry agency and its sample number for the body `code`."""
    body = by_code()[code]
    return body.short_name, body.phone
