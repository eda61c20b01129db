"""The policy documents of the sample: versions, amending and ending acts, citations, so that every validity status occurs.

Recipes are data (``data/policies/*.toml``). Planning (dates, numbers, who replaces whom) comes before writing, because a
document cites others by title and number.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from gongkai.sample.bodies import DATA, DISTRICT, by_code
from gongkai.sample.codes import code_of
from gongkai.sample.content import dates
from gongkai.sample.content.chance import chance_of
from gongkai.sample.content.grammar import Environment, Template, in_chinese
from gongkai.sample.content.markup import to_html
from gongkai.sample.content.places import enquiry, issuing_name, variables
from gongkai.sample.content.policy_cards import cards
from gongkai.sample.content.sheets import attachment
from gongkai.sample.records import SampleBody, SampleItem, SampleRelation

_SIGN = "@sign"
_CITE = re.compile(r"\{cite\.([\w-]+)\}")
_DISTRICT_MARKS = ("谯政", "谯政办", "谯政秘")


@dataclass(slots=True)
class Plan:
    """One document to be written: what, by whom, when, under which number."""

    key: str
    recipe: dict[str, Any]
    body: SampleBody
    """The publishing body."""
    drafter: str
    """Code of the body that drafted it and answers questions."""
    mark: str
    issued: date
    effective: date
    expires: date | None
    text: str
    who: str = ""
    """Whom the document answers or concerns, where its title names one."""
    revision: bool = False
    """Whether an earlier version of the same document exists."""
    title: str = ""
    name: str = ""
    """Title of the text itself, without 关于印发……的通知."""
    number: str = ""
    variables: Environment = field(default_factory=dict)
    relations: list[SampleRelation] = field(default_factory=list)
    supersedes: list[Plan] = field(default_factory=list)

    @property
    def reference(self) -> str:
        """How other documents cite it: 《title》（number）."""
        return f"《{self.name}》（{self.number}）"


@dataclass(frozen=True, slots=True)
class PolicyText:
    """A written policy document with what its interpretations need."""

    item: SampleItem
    plan: Plan
    questions: tuple[tuple[str, str], ...]


@cache
def recipes() -> tuple[dict[str, Any], ...]:
    """Return all policy recipes in the order of their files."""
    found: list[dict[str, Any]] = []
    for path in sorted((DATA / "policies").glob("*.toml")):
        with path.open("rb") as stream:
            found.extend(tomllib.load(stream).get("policy", []))
    return tuple(found)


@cache
def _additions() -> dict[str, str]:
    """Return the paragraphs single versions have beyond their recipe, by the key of the document."""
    with (DATA / "additions.toml").open("rb") as stream:
        additions: dict[str, str] = tomllib.load(stream)["additions"]
    return additions


def policies(today: date, seed: int) -> list[PolicyText]:
    """Write every policy document of the sample as seen on `today`, oldest first."""
    plans = sorted(_plans(today), key=lambda plan: (plan.issued, plan.key))
    by_key = {plan.key: plan for plan in plans}
    _number(plans, seed)
    for plan in plans:
        _entitle(plan, chance_of(seed, "title", plan.key))
    _connect(by_key)
    return [_write(plan, by_key, seed, today) for plan in plans]


def _plans(today: date) -> Iterator[Plan]:
    for recipe in recipes():
        bodies = recipe.get("bodies") or [recipe["body"]]
        for code in bodies:
            stem = recipe["key"] if len(bodies) == 1 else f"{recipe['key']}-{code}"
            for index, version in enumerate(recipe["versions"], start=1):
                yield _plan(recipe, code, f"{stem}-{index}", version, today)
            if "amend" in recipe:
                yield _amendment(recipe, code, stem, today)


def _plan(recipe: dict[str, Any], drafter: str, key: str, version: dict[str, Any], today: date) -> Plan:
    mark = version.get("as") or recipe.get("as") or by_code()[drafter].agency_mark
    issued = dates.workday(dates.resolve(version["issued"], today))
    effective = dates.resolve(version["effective"], today, issued) if "effective" in version else issued
    expires = dates.resolve(version["expires"], today, issued) if "expires" in version else None
    if "years" in version:
        expires = dates.years_later(effective, version["years"])
    publisher = by_code()[DISTRICT if mark in _DISTRICT_MARKS else drafter]
    who = version.get("who", "")
    if "title" in version:
        recipe = {**recipe, "title": version["title"]}
    revised = key[-1].isdigit() and not key.endswith("-1") and not who and "{year}" not in recipe["title"]
    text = _with_addition(recipe["text"], _additions().get(key, ""))
    return Plan(key, recipe, publisher, drafter, mark, issued, effective, expires, text, who, revised)


def _with_addition(text: str, addition: str) -> str:
    """Insert the paragraph before the closing line (in front of a signature that ends the text)."""
    if not addition:
        return text
    lines = text.strip("\n").split("\n")
    place = len(lines) - (2 if lines[-1] == _SIGN else 1)
    return "\n".join([*lines[:place], addition, *lines[place:]])


_AMENDMENT = """各乡镇人民政府、街道办事处，区政府有关部门：
为{适应实际需要|与上位规定保持一致|更好便利群众和企业办事}，经{集体研究|合法性审核和集体讨论}，决定对《{amended}》（{amended_number}）作如下修改：
{changes}
此外，对条文顺序作相应调整。本决定自{effective}起施行。《{amended}》根据本决定作相应修改，重新公布。
@sign"""


def _amendment(recipe: dict[str, Any], drafter: str, stem: str, today: date) -> Plan:
    amend = recipe["amend"]
    own = {**recipe, "title": "关于修改《{amended}》的决定", "genre": "决定", "normative": True, "versions": []}
    own["summary"] = "对《{amended}》部分条款作出修改。"
    own["targets"] = [(f"{stem}-{len(recipe['versions'])}", "amends")]
    own["changes"] = amend["changes"]
    return _plan({**own, "text": _AMENDMENT}, drafter, f"{stem}-amend", amend, today)


def _number(plans: list[Plan], seed: int) -> None:
    """Number the documents of each mark and year in the order of their dates, leaving gaps as real registers show."""
    last: dict[tuple[str, int], int] = {}
    for plan in plans:
        slot = (plan.mark, plan.issued.year)
        step = chance_of(seed, "number", plan.key).randint(1, 3)
        last[slot] = max(last.get(slot, 0), plan.issued.timetuple().tm_yday // 12) + step
        plan.number = f"{plan.mark}〔{plan.issued.year}〕{last[slot]}号"


def _entitle(plan: Plan, chance: Random) -> None:
    plan.variables = variables(by_code()[plan.drafter], plan.issued, chance)
    plan.variables["agency"] = issuing_name(plan.body, plan.mark)
    plan.variables["number"] = plan.number
    plan.variables["effective"] = "印发之日" if plan.effective == plan.issued else dates.chinese(plan.effective)
    plan.variables["expires"] = dates.chinese(plan.expires) if plan.expires else ""
    plan.variables["short2"] = plan.who
    plan.variables["rows_table"] = _table_rows(plan)
    if "targets" not in plan.recipe:
        plan.title = _full_title(plan, Template(plan.recipe["title"]).render(plan.variables, chance))


def _full_title(plan: Plan, name: str) -> str:
    """Return the title of the notice that brings `name`: 关于印发《…》的通知, revised versions saying so."""
    if plan.revision:
        name = f"{name}（{plan.issued.year}年修订）" if not name.startswith("关于") else name
    plan.name = name
    if _SIGN + "\n= " not in plan.text:
        return name
    issuer = plan.variables["agency"] if plan.mark in _DISTRICT_MARKS else ""
    return f"{issuer}关于印发《{name}》的通知"


def _table_rows(plan: Plan) -> str:
    """Return the ready rows of a table that differs from body to body, in the line notation."""
    cells = plan.recipe.get("tables", {}).get(plan.drafter, ())
    if plan.recipe["key"] == "first-offence":
        cells = [f"{number}|{cell}" for number, cell in enumerate(cells, start=1)]
    return "\n".join("| " + " | ".join(cell.split("|")) + " |" for cell in cells)


def _connect(by_key: dict[str, Plan]) -> None:
    """Fix the acts: new versions replace old ones still in force, amendments and clean-ups act on their targets."""
    for plan in by_key.values():
        stem, _, index = plan.key.rpartition("-")
        previous = by_key.get(f"{stem}-{int(index) - 1}") if index.isdigit() else None
        if previous and _replaces(plan, previous):
            plan.supersedes.append(previous)
            plan.relations.append(SampleRelation("replaces", previous.key, plan.effective))
            plan.variables["supersede"] = f"{previous.reference}同时废止。"
        for target, kind in plan.recipe.get("targets", ()):
            plan.relations.append(SampleRelation(kind, target, plan.effective))
    for plan in by_key.values():
        targets = [by_key[target] for target, _ in plan.recipe.get("targets", ())]
        if not targets:
            continue
        plan.variables |= {"amended": targets[0].name, "amended_number": targets[0].number}
        plan.variables["changes"] = "\n".join(
            f"{in_chinese(i)}、{change}" for i, change in enumerate(plan.recipe.get("changes", ()), start=1)
        )
        plan.variables["list"] = "\n".join(f"{i}.{target.reference}" for i, target in enumerate(targets, start=1))
        plan.variables["count"] = str(len(targets))
        plan.title = plan.name = Template(plan.recipe["title"]).render(plan.variables, chance_of(plan.key))


def _replaces(plan: Plan, previous: Plan) -> bool:
    wanted: bool | None = plan.recipe["versions"][int(plan.key.rpartition("-")[2]) - 1].get("replaces")
    if wanted is not None:
        return wanted
    return bool(plan.recipe["normative"]) and (previous.expires is None or previous.expires >= plan.effective)


def _write(plan: Plan, by_key: dict[str, Plan], seed: int, today: date) -> PolicyText:
    chance = chance_of(seed, "text", plan.key)
    recipe = plan.recipe
    known = dict(plan.variables)
    cited = [_in_force(key, plan, by_key) for key in _CITE.findall(plan.text)]
    known |= {f"cite.{key}": other.reference for key, other in zip(_CITE.findall(plan.text), cited, strict=True)}
    text = Template(plan.text).render(known, chance, drop=_brevity(plan), whole="amend" in recipe)
    signature = f">> {known['agency']}\n>> {known['date']}\n（此件公开发布）"
    questions = tuple(
        (Template(q).render(known, chance), Template(a).render(known, chance)) for q, a in recipe.get("qa", ())
    )
    agency, phone = enquiry(plan.drafter)
    relations = list(plan.relations)
    acted_on = {relation.key for relation in relations}
    relations += [SampleRelation("cites", other.key) for other in cited if other.key not in acted_on]
    item = SampleItem(
        key=plan.key,
        body_code=plan.body.code,
        kind="policy_document",
        title=plan.title,
        body_html=to_html(text.replace(_SIGN, signature)),
        published_on=dates.at_office_hours(_publication_day(plan.issued, chance), chance),
        document_number=plan.number,
        issuing_agencies=(known["agency"],),
        document_date=plan.issued,
        effective_from=plan.effective,
        expires_on=plan.expires,
        normative=recipe["normative"],
        subjects=tuple(recipe["subjects"]),
        genre=code_of("genres", recipe["genre"]),
        audiences=tuple(recipe["audiences"]),
        life_cycle_person=tuple(code_of("life_cycle_person", label) for label in recipe.get("person", ())),
        life_cycle_enterprise=tuple(code_of("life_cycle_enterprise", label) for label in recipe.get("enterprise", ())),
        tags=tuple(recipe["tags"]),
        cards=cards(plan.key.rpartition("-")[0], known, (agency, phone), today, chance)
        if _is_current(plan, today)
        else (),
        keywords=tuple(recipe["keywords"]),
        summary=Template(recipe["summary"]).render(known, chance),
        enquiry_agency=agency,
        enquiry_phone=phone,
        catalogue_rows=_rows(plan),
        attachments=tuple(
            attachment(Template(name).render(known, chance), chance) for name in recipe.get("attachments", ())
        ),
        relations=tuple(relations),
    )
    return PolicyText(item, plan, questions)


def _is_current(plan: Plan, today: date) -> bool:
    """Whether it is the newest version and its term has not ended: what can no longer be had has no card."""
    return (plan.expires is None or plan.expires >= today) and plan.key.endswith(f"-{len(plan.recipe['versions'])}")


def _brevity(plan: Plan) -> float:
    """Return which share of its clauses a document lacks: earlier versions say less, towns leave out what they do not have."""
    versions = len(plan.recipe["versions"])
    if plan.key[-1].isdigit() and int(plan.key.rpartition("-")[2]) < versions:
        return 0.3
    return 0.25 if "bodies" in plan.recipe else 0.0


def _in_force(stem: str, plan: Plan, by_key: dict[str, Plan]) -> Plan:
    """Return the version of the recipe `stem` that a document issued on the plan's date would cite."""
    versions = [
        other
        for other in by_key.values()
        if other.key.rpartition("-")[0] == stem and other.key[-1].isdigit() and other is not plan
    ]
    older = [other for other in versions if other.issued < plan.issued]
    return max(older, key=lambda other: other.issued) if older else min(versions, key=lambda other: other.issued)


def _rows(plan: Plan) -> tuple[str, ...]:
    """Return the catalogue rows; a document of the government itself stands in the government's column."""
    own = {"谯政": "zc-zf", "谯政秘": "zc-zf", "谯政办": "zc-zfb"}.get(plan.mark)
    rows = plan.recipe["rows"]
    if own and own not in rows and "zc-gfx" not in rows:
        rows = [own, *(row for row in rows if not row.startswith("zc-"))]
    return tuple(rows)


def _publication_day(issued: date, chance: Random) -> date:
    return dates.workday(issued + timedelta(days=int(chance.random() * 9)))
