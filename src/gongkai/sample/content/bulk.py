"""As many further items as a benchmark needs: the same recipes for every body, month and year, told apart by what they name.

Each item takes the body of one compiled recipe, so texts stay believable; titles are unique because each names its body, the
month and a running batch. Nothing is kept but small counters, so 300,000 items stream in constant memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from gongkai.sample.bodies import bodies
from gongkai.sample.codes import code_of
from gongkai.sample.content import dates
from gongkai.sample.content.chance import chance_of
from gongkai.sample.content.grammar import Template
from gongkai.sample.content.markup import to_html
from gongkai.sample.content.pages import page_variables
from gongkai.sample.content.places import ROADS, VILLAGES, issuing_name
from gongkai.sample.content.policies import recipes
from gongkai.sample.records import SampleBody, SampleItem

YEARS = 10
"""How many years back the further items reach."""

_DONE = ("办理情况", "工作安排", "进展通报", "问题整改情况", "责任清单", "检查情况", "资金安排", "群众意见处理情况")
_PUBLIC_KINDS = ("notice", "work_progress", "decision_implementation", "other", "enforcement_result")


@dataclass(frozen=True, slots=True)
class _Stock:
    """A recipe made ready for mass production."""

    topic: str
    text: Template
    subjects: tuple[str, ...]
    genre: str
    audiences: tuple[str, ...]
    person: tuple[str, ...]
    enterprise: tuple[str, ...]
    keywords: tuple[str, ...]
    rows: tuple[str, ...]


@cache
def _stock() -> tuple[_Stock, ...]:
    found = []
    for recipe in recipes():
        lines = [line for line in recipe["text"].strip().split("\n") if _usable(line)]
        if len(lines) >= 8 and "targets" not in recipe and "tables" not in recipe:
            found.append(
                _Stock(
                    recipe["keywords"][0] if len(recipe["keywords"][0]) > 2 else recipe["keywords"][1],
                    Template("\n".join(lines)),
                    tuple(recipe["subjects"]),
                    code_of("genres", "通知"),
                    tuple(recipe["audiences"]),
                    tuple(code_of("life_cycle_person", label) for label in recipe.get("person", ())),
                    tuple(code_of("life_cycle_enterprise", label) for label in recipe.get("enterprise", ())),
                    tuple(recipe["keywords"]),
                    ("zc-bm",),
                )
            )
    return tuple(found)


def _usable(line: str) -> bool:
    """Whether a line can stand in any document: no table, signature, citation or variable drawn elsewhere."""
    if line.startswith(("| ", "表：", ">> ", "= ", "@")) or "{cite." in line or len(line) < 24 or line.endswith("："):
        return False
    if line.startswith("第") and "章" in line[:6]:
        return False
    known = {"year", "nextyear", "prevyear", "month", "date", "short", "agency", "phone", "phone2"}
    known |= {"village", "village2", "spot", "road", "school", "company"}
    try:
        Template(line).render(dict.fromkeys(known, "x"), chance_of(0))
    except KeyError:
        return False
    return "附件" not in line and "{supersede}" not in line and "施行" not in line


def bulk(today: date, count: int, seed: int) -> Iterator[SampleItem]:
    """Yield `count` items published within the last `YEARS` years, spread over bodies, months and recipes."""
    stock = _stock()
    everybody = bodies()
    last_number: dict[tuple[str, int], int] = {}
    chance = chance_of(seed, "bulk")
    for serial in range(count):
        body = everybody[serial % len(everybody)]
        recipe = stock[(serial // len(everybody) + serial * 7) % len(stock)]
        moment = _moment(today, chance)
        yield _item(serial, body, recipe, moment, last_number, chance)


def _moment(today: date, chance: Random) -> datetime:
    day = dates.workday(today - timedelta(days=1 + int(chance.random() * 365 * YEARS)))
    return dates.at_office_hours(day, chance)


def _item(
    serial: int,
    body: SampleBody,
    stock: _Stock,
    moment: datetime,
    last_number: dict[tuple[str, int], int],
    chance: Random,
) -> SampleItem:
    pick = chance.random
    day = moment.date()
    known = page_variables(_NO_RECIPE, body, day, chance)
    place = (VILLAGES if body.kind == "township" else ROADS)[int(pick() * 10)]
    policy = body.agency_mark != "" and pick() < 0.35
    act = _DONE[int(pick() * len(_DONE))]
    batch = serial // len(bodies()) + 1
    title = f"{body.short_name}关于{day.year}年{day.month}月{place}片区{stock.topic}{act}的{'通知' if policy else '公告'}（第{batch}批）"
    lines = [stock.text.render(known, chance, drop=0.03)]
    lead = f"{body.name}围绕{stock.topic}工作，对{place}片区{day.year}年{day.month}月的{act}作如下{'部署' if policy else '公开'}："
    number = _number(body, day.year, last_number) if policy else ""
    if policy:
        lines.append(f"本通知文号为{number}，由{body.short_name}负责解释，咨询电话：{body.phone}。")
    return SampleItem(
        key=f"bulk-{serial:06d}",
        body_code=body.code,
        kind="policy_document" if policy else _PUBLIC_KINDS[int(pick() * len(_PUBLIC_KINDS))],
        title=title,
        body_html=to_html("\n".join([lead, *lines, f">> {body.name}", f">> {known['date']}"])),
        published_on=moment,
        document_number=number,
        issuing_agencies=(issuing_name(body),),
        document_date=day,
        effective_from=day if policy else None,
        expires_on=dates.years_later(day, 5) if policy and serial % 3 == 0 else None,
        subjects=stock.subjects,
        genre=stock.genre if policy else _notice(),
        audiences=stock.audiences,
        life_cycle_person=stock.person,
        life_cycle_enterprise=stock.enterprise,
        keywords=stock.keywords,
        summary=title.partition("关于")[2] + "。",
        enquiry_agency=body.short_name,
        enquiry_phone=body.phone,
        catalogue_rows=_rows(body, policy),
    )


_NO_RECIPE: dict[str, Any] = {}


@cache
def _notice() -> str:
    return code_of("genres", "公告")


def _number(body: SampleBody, year: int, last_number: dict[tuple[str, int], int]) -> str:
    """Return the next 函 number of the body, a series the hand-made documents do not use."""
    slot = (body.agency_mark, year)
    last_number[slot] = last_number.get(slot, 0) + 1
    return f"{body.agency_mark}函〔{year}〕{last_number[slot]}号"


def _rows(body: SampleBody, policy: bool) -> tuple[str, ...]:
    if body.kind == "public_enterprise_institution":
        return ("qs-gg",)
    if not policy:
        return ("gs-tz",)
    return ({"township": "zc-bj", "district_government": "zc-zfb"}.get(body.kind, "zc-bm"),)
