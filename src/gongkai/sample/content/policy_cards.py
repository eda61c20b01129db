"""Policy cards of the sample: what a document drew is said again, so that a card never says anything its document does not."""

from __future__ import annotations

import tomllib
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from functools import cache
from random import Random
from typing import Any

from gongkai.sample.bodies import DATA
from gongkai.sample.content.grammar import Environment, Template
from gongkai.sample.records import SampleCard

_ANSWERS = ("who_may_benefit", "what_is_given", "how_to_apply", "until_note")


@cache
def _cards() -> dict[str, dict[str, Any]]:
    with (DATA / "policy_cards.toml").open("rb") as stream:
        cards: dict[str, dict[str, Any]] = tomllib.load(stream)["cards"]
    return cards


def cards(
    stem: str, known: Environment, contact: tuple[str, str], today: date, chance: Random
) -> tuple[SampleCard, ...]:
    """The cards of a document whose recipe has any; ``known`` holds what the document drew, ``contact`` agency and telephone."""
    recipe = _cards().get(stem)
    matters = recipe.get("matters", [recipe]) if recipe else ()
    return tuple(_card(matter, known, contact, today, chance) for matter in matters)


def _card(
    recipe: Mapping[str, Any], known: Environment, contact: tuple[str, str], today: date, chance: Random
) -> SampleCard:
    answers = {name: Template(recipe.get(name, "")).render(known, chance) for name in _ANSWERS}
    return SampleCard(
        **answers,
        until=_until([known.get(name, name) for name in recipe.get("months", ())], today),
        contact=contact[0],
        phone=contact[1],
        conditions=_conditions(recipe, known),
        service_url=recipe.get("service", ""),
        matter_name=recipe.get("matter_name", ""),
        basis=recipe.get("basis", ""),
    )


def _until(months: list[str], today: date) -> date | None:
    """The nearest end of one of these months."""
    ends = [
        date(year, int(month), monthrange(year, int(month))[1])
        for month in months
        for year in (today.year, today.year + 1)
    ]
    return min((end for end in ends if end >= today), default=None)


def _conditions(recipe: Mapping[str, Any], known: Environment) -> dict[str, Any]:
    if "clauses" not in recipe:
        return {}
    clauses = [
        {
            "field": field,
            "operator": operator,
            "values": [_value(value, known) for value in values],
            "source": source,
            "required": True,
            "margin": margin[0] if margin else 0,
        }
        for field, operator, values, source, *margin in recipe["clauses"]
    ]
    return {"party": recipe["party"], "clauses": clauses}


def _value(value: Any, known: Environment) -> Any:
    """A value as it stands, or the number the document drew under that name."""
    return float(known[value]) if isinstance(value, str) and value in known else value
