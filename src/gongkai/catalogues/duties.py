"""Who owes a row of a catalogue, as far as its 公开主体 and 公开层级 say so with certainty.

A wrong duty blames a body for what it need not publish, so a body owes a row only when it is named as a whole word, or when the
row speaks of all towns. "县级政府民政部门" names nobody: the district office assigns such rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from gongkai.organisations.models import Organisation

_GOVERNMENT = ("县级人民政府", "县级政府", "区人民政府", "县人民政府", "区政府", "县政府")
_BEFORE = r"(?:^|[、，,；;/／\s)）]|和|与|及|各)"
_AFTER = r"(?=$|[、，,；;/／\s(（]|和|与|及|等)"
_TOWN_TIER = re.compile(r"[乡镇]")
_DISTRICT_TIER = re.compile(r"[县区市]")
_TOWNS = re.compile(
    rf"{_BEFORE}(?:(?:乡级|镇级|乡镇|乡|镇)(?:人民)?政府|乡镇|镇街|街道办事处|乡镇（街道）|乡镇\(街道\)){_AFTER}"
)
COUNTY_KINDS = ("district_government", "department")
TOWN_KINDS = ("township",)


class Owners:
    """Finds the bodies that owe a row among the active `bodies`."""

    def __init__(self, bodies: Iterable[Organisation]) -> None:
        """Index the names; a name of two bodies says nothing and is left out."""
        bodies = list(bodies)
        self._towns = [body for body in bodies if body.kind in TOWN_KINDS]
        governments = [body for body in bodies if body.kind == "district_government"]
        names = [
            (name, body)
            for body in bodies
            for name in {body.name, body.short_name, *body.aliases, *(_GOVERNMENT if [body] == governments else ())}
            if name
        ]
        uses = Counter(name for name, _ in names)
        self._names = [
            (re.compile(f"{_BEFORE}{re.escape(name)}{_AFTER}"), body) for name, body in names if uses[name] == 1
        ]

    def of(self, publisher: str, tier: str) -> list[Organisation]:
        """The bodies that owe a row with this 公开主体 and 公开层级; empty when it is not certain."""
        named = list(dict.fromkeys(body for pattern, body in self._names if pattern.search(publisher)))
        district = [body for body in named if body.kind not in TOWN_KINDS]
        towns = [body for body in named if body.kind in TOWN_KINDS]
        at_town = bool(_TOWN_TIER.search(tier) or (not tier and _TOWNS.search(publisher)))
        if tier and not _DISTRICT_TIER.search(tier):
            district = []
        return district + (towns or (self._towns if at_town else []))


def kinds_of(publisher: str, tier: str, *, department: bool) -> list[str]:
    """The kinds of body a row is meant for: by its tier, else by its 公开主体; every kind of government when neither says.

    `department`: the row is of a department's own catalogue.
    """
    if department:
        return ["department"]
    town = _TOWN_TIER.search(tier) if tier else _TOWNS.search(publisher)
    county = _DISTRICT_TIER.search(tier) if tier else _DISTRICT_TIER.search(publisher)
    kinds = [*(COUNTY_KINDS if county else ()), *(TOWN_KINDS if town else ())]
    return kinds or [*COUNTY_KINDS, *TOWN_KINDS]
