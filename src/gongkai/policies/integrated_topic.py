"""政策解读集成式发布专题 and 助企纾困: saved queries over the tags, so that they cannot drift from the register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from gongkai.audit.generation import PerGeneration
from gongkai.policies.library import POLICY_DOCUMENT, FacetSpec
from gongkai.policies.models import CardState, PolicyCard
from gongkai.rules.publication import State
from gongkai.rules.tags import TAGGED_KINDS, Dimension
from gongkai.rules.validity import Status
from gongkai.rules.vocabulary import vocabulary
from gongkai.search import SearchQuery, SearchResults, Sort, search
from gongkai.search.query import DEEPEST

KINDS = tuple(sorted(TAGGED_KINDS))
FACETS: Mapping[Dimension, FacetSpec] = {
    Dimension.PERSON: FacetSpec("person", "life_stage_person", "个人全生命周期", 20, "life_stage_person"),
    Dimension.ENTERPRISE: FacetSpec(
        "enterprise", "life_stage_enterprise", "企业全生命周期", 20, "life_stage_enterprise"
    ),
    Dimension.FORM: FacetSpec("form", "interpretation_form", "解读形式", 20, "interpretation_forms"),
}
"""The three dimensions as they stand in addresses."""
RELIEF: Mapping[str, tuple[str, ...]] = {"kind": KINDS, "benefit": ("enterprise",)}
"""助企纾困: every 惠企 policy and what explains it."""
IN_FORCE = (Status.IN_FORCE.value, Status.AMENDED.value)
VALID = (*IN_FORCE, Status.NOT_YET_EFFECTIVE.value)
READ, SHOWN = 60, 12
"""Newest policies of a stage that are looked through for cards, and how many are shown, those with a card first."""
SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Stage:
    """A value of a dimension as a way into the topic."""

    code: str
    label: str
    note: str
    count: int
    chosen: bool


def stages(dimension: Dimension, results: SearchResults | None, chosen: Sequence[str] = ()) -> tuple[Stage, ...]:
    """All values of a dimension in their official order, with the number of public items; none is left out for having none."""
    spec = FACETS[dimension]
    counted = {one.value: one.count for one in results.facets.get(spec.facet, ())} if results else {}
    return tuple(
        Stage(term.code, term.label, term.note, counted.get(term.code, 0), term.code in chosen)
        for term in vocabulary(spec.vocabulary).terms
    )


def _counts(filters: Mapping[str, tuple[str, ...]]) -> SearchResults:
    """How many public items each value of the three dimensions has under ``filters``."""
    wanted = {spec.facet: spec.shown for spec in FACETS.values()} | {"kind": 10}
    return search(SearchQuery(filters={"kind": KINDS, **filters}, limit=0, facets=wanted, sort=Sort.NEWEST))


topic_counts = PerGeneration(lambda: _counts({}))
"""Public items of each value of the three dimensions in the whole topic; they change with public content only."""
relief_counts = PerGeneration(lambda: _counts(RELIEF))
"""The same of 助企纾困."""


def benefits(filters: Mapping[str, tuple[str, ...]], limit: int = READ) -> SearchResults:
    """The 惠民 and 惠企 policies under ``filters`` that are or will be in force, newest first: those that have policy cards."""
    people = tuple(term.code for term in vocabulary("benefits").terms)
    return search(
        SearchQuery(
            filters={"benefit": people, **filters, "kind": (POLICY_DOCUMENT,), "validity": VALID},
            sort=Sort.NEWEST,
            limit=limit,
        )
    )


@dataclass(frozen=True, slots=True)
class Deadline:
    """A last day to apply."""

    on: date
    item_id: int
    title: str
    what_is_given: str
    contact: str
    phone: str
    matter: int
    matter_name: str
    days: int
    """Natural days left, 0 on the last one."""

    @property
    def name(self) -> str:
        """The document, and which of its matters when it has several."""
        return f"{self.title}（{self.matter_name}）" if self.matter_name else self.title


@dataclass(frozen=True, slots=True)
class Relief:
    """The figures of 助企纾困 and its coming last days, the nearest first."""

    policies: int
    """Policy documents, whatever their validity."""
    in_force: int
    interpretations: int
    open_cards: int
    """Policy cards whose last day is not over."""
    deadlines: tuple[Deadline, ...]

    @property
    def closing(self) -> int:
        """Last days within 30 days."""
        return sum(one.days <= SOON.days for one in self.deadlines)


def relief(today: date | None = None) -> Relief:
    """The figures of 助企纾困 on a day: what `relief_counts` counted, with the cards of the policies that bear its tag."""
    day = today or timezone.localdate()
    in_force, rows = _relief_cards()
    kinds = {one.value: one.count for one in relief_counts().facets.get("kind", ())}
    coming = sorted((row for row in rows if row[0] is not None and row[0] >= day), key=lambda row: (*row[:2], row[6]))
    return Relief(
        policies=kinds.get(POLICY_DOCUMENT, 0),
        in_force=in_force,
        interpretations=sum(count for kind, count in kinds.items() if kind != POLICY_DOCUMENT),
        open_cards=sum(row[0] is None or row[0] >= day for row in rows),
        deadlines=tuple(Deadline(*row, days=(row[0] - day).days) for row in coming),
    )


def _read_relief_cards() -> tuple[int, list[tuple[Any, ...]]]:
    """How many 惠企 policies are in force, and the public cards of all of them: two questions to the index, one query.

    The policies come from the index and not from the cards, so that a tag that is taken away takes the card off the topic too.
    """
    wanted = {**RELIEF, "kind": (POLICY_DOCUMENT,)}
    policies = search(SearchQuery(filters=wanted, sort=Sort.NEWEST, limit=DEEPEST))
    return search(SearchQuery(filters={**wanted, "validity": IN_FORCE}, limit=0)).total, list(_cards(policies.ids))


_relief_cards = PerGeneration(_read_relief_cards)


def _cards(ids: Sequence[int]) -> QuerySet[PolicyCard, Any]:
    public = PolicyCard.objects.filter(
        item_id__in=list(ids), state=CardState.PUBLISHED, item__current__state=State.PUBLISHED
    )
    return public.order_by().values_list(
        "until", "item_id", "item__current__title", "what_is_given", "contact", "phone", "matter", "matter_name"
    )
