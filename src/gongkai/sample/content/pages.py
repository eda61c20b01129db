"""Everything of the sample that is not a policy document or its interpretation: notices, budgets, subsidy lists, pairs, reports …

Pages are data (``data/pages/*.toml``): bodies × dates give the items; a ``pair`` gives the closing item (结果公开) as well.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from gongkai.sample.bodies import DATA, by_code
from gongkai.sample.codes import code_of
from gongkai.sample.content import dates
from gongkai.sample.content.chance import chance_of
from gongkai.sample.content.grammar import Environment, Template
from gongkai.sample.content.markup import to_html
from gongkai.sample.content.places import issuing_name, variables
from gongkai.sample.content.sheets import attachment
from gongkai.sample.records import SampleBody, SampleItem, SampleRelation

Cite = Callable[[str, date], str]
"""Names a policy document by its recipe as it stood on a day: 《title》（number）."""

_CITE = re.compile(r"\{cite\.([\w-]+)\}")
_QUARTERS = {1: "年度", 4: "一季度", 7: "上半年", 10: "前三季度"}


@cache
def _files() -> tuple[list[dict[str, Any]], dict[str, dict[str, str]]]:
    pages: list[dict[str, Any]] = []
    duties: dict[str, dict[str, str]] = {}
    for path in sorted((DATA / "pages").glob("*.toml")):
        with path.open("rb") as stream:
            content = tomllib.load(stream)
        pages.extend(content["page"])
        duties.update(content.get("duties", {}))
    return pages, duties


def page_recipes() -> list[dict[str, Any]]:
    """Return all page recipes in the order of their files."""
    return _files()[0]


def pages(today: date, seed: int, cite: Cite) -> Iterator[SampleItem]:
    """Write every page of the sample as seen on `today`."""
    for recipe in page_recipes():
        for position, code in enumerate(recipe["bodies"]):
            for number, notation in enumerate(recipe["dates"], start=1):
                day = dates.resolve(notation, today) + timedelta(days=position * recipe.get("spread", 1))
                key = f"{recipe['key']}-{code}-{number}"
                yield from page(recipe, by_code()[code], dates.workday(min(day, today)), key, seed, cite)


def page(recipe: dict[str, Any], body: SampleBody, day: date, key: str, seed: int, cite: Cite) -> Iterator[SampleItem]:
    """Write one page and, where it has one, the item that closes its pair."""
    chance = chance_of(seed, "page", key)
    known = page_variables(recipe, body, day, chance)
    for stem in _CITE.findall(recipe["text"]):
        known[f"cite.{stem}"] = cite(stem, day)
    opener = _item(recipe, body, day, key, known, chance)
    if recipe.get("source"):
        opener = replace(
            opener, content_source="上级机关网站（示例）", source_url=f"https://example.invalid/{body.code}/{key}"
        )
    yield opener
    pair = recipe.get("pair")
    if pair:
        closing = {**recipe, **pair, "attachments": (), "facts": {}, "genre": "公告"}
        closer = _item(closing, body, day + timedelta(days=pair["after"]), f"{key}-result", known, chance)
        yield replace(closer, relations=(SampleRelation("results_of", key),))


def page_variables(recipe: dict[str, Any], body: SampleBody, day: date, chance: Random) -> Environment:
    """Return the variables of one page: those of every text, the body's duties and what the recipe says of the body."""
    known = variables(body, day, chance)
    year, quarter = (day.year - 1, "全年") if day.month < 4 else (day.year, _QUARTERS.get(day.month, "三季度"))
    known |= {
        "dd": str((day + timedelta(days=3)).day),
        "quarter": f"{year}年{quarter}",
        "hours": body.office_hours,
        "fax": body.fax,
    }
    known |= _files()[1].get(body.code, {})
    known |= recipe.get("local", {}).get(body.code, {})
    return known


def _published(recipe: dict[str, Any], day: date, chance: Random) -> datetime:
    """Return the time of publication; what happened that day (a press conference) is published in the evening."""
    moment = dates.at_office_hours(dates.workday(day), chance)
    return moment.replace(hour=17, minute=30 + moment.minute // 2) if "spread" in recipe else moment


def _item(
    recipe: dict[str, Any], body: SampleBody, day: date, key: str, known: Environment, chance: Random
) -> SampleItem:
    text = Template(recipe["text"]).render(known, chance)
    title = Template(recipe["title"]).render(known, chance)
    publisher = by_code()[recipe["publisher"]] if "publisher" in recipe else body
    return SampleItem(
        key=key,
        body_code=publisher.code,
        kind=recipe["kind"],
        title=title,
        body_html=to_html(text),
        published_on=_published(recipe, day, chance),
        issuing_agencies=(issuing_name(publisher),),
        document_date=day,
        subjects=tuple(recipe["subjects"]),
        genre=code_of("genres", recipe.get("genre", "其他")),
        audiences=tuple(recipe.get("audiences", ())),
        life_cycle_person=tuple(code_of("life_cycle_person", label) for label in recipe.get("person", ())),
        life_cycle_enterprise=tuple(code_of("life_cycle_enterprise", label) for label in recipe.get("enterprise", ())),
        keywords=tuple(recipe["keywords"]),
        summary=Template(recipe["summary"]).render(known, chance),
        enquiry_agency=body.short_name,
        enquiry_phone=body.phone,
        catalogue_rows=tuple(recipe["rows"]),
        attachments=tuple(
            attachment(Template(name).render(known, chance), chance) for name in recipe.get("attachments", ())
        ),
        facts=tuple((label, Template(fact).render(known, chance)) for label, fact in recipe.get("facts", {}).items()),
    )
