"""Reads of cases, each limited to what the actor may see."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from gongkai.foi.models import Assignment, Case, CaseEvent
from gongkai.organisations.actors import NotVisible
from gongkai.rules.access import Actor
from gongkai.rules.case_events import SUPERVISORS, UNIT, VIEWERS, CaseSubject, sees
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.case_facts import CaseFacts, Happened, fold
from gongkai.rules.case_states import CaseState


def own_bodies(actor: Actor) -> frozenset[int]:
    """Bodies whose cases the actor may see by a role held there."""
    return frozenset(body for body, roles in actor.roles.items() if roles & VIEWERS)


def visible_to(actor: Actor) -> QuerySet[Case]:
    """Cases of the actor's bodies, and those assigned to them; all for the district office."""
    if actor.all_roles & SUPERVISORS:
        return Case.objects.all()
    bodies = own_bodies(actor)
    assigned = Assignment.objects.filter(organisation_id__in=bodies).values("case_id")
    return Case.objects.filter(Q(organisation_id__in=bodies) | Q(pk__in=assigned))


def case_for(actor: Actor, case_id: int) -> Case:
    """One case with its body and applicant; raises `NotVisible` when it is foreign or not there."""
    case = Case.objects.select_related("organisation", "applicant", "submission").filter(pk=case_id).first()
    if case is None or not sees(actor, subject_of(case)):
        raise NotVisible
    return case


def subject_of(case: Case) -> CaseSubject:
    """What `case_events.sees` and `may` are asked about; one query."""
    units: set[int] = set()
    former: set[int] = set()
    for organisation_id, ended in case.assignments.values_list("organisation_id", "ended_seq"):
        (units if ended is None else former).add(organisation_id)
    return CaseSubject(case.organisation_id, CaseState(case.state), frozenset(units), frozenset(former - units))


def happened(rows: Iterable[CaseEvent]) -> list[Happened]:
    """Stored events as the rules read them."""
    return [
        Happened(
            row.seq,
            Event(row.name),
            row.effective_on,
            row.at,
            row.actor_id,
            row.organisation_id,
            CaseState(row.to_state),
            row.data,
        )
        for row in rows
    ]


def facts_of(case: Case) -> CaseFacts:
    """What the events of the case say; one query."""
    return fold(happened(case.events.order_by("seq")))


def works_in_unit(actor: Actor, subject: CaseSubject) -> frozenset[int]:
    """Units with the case in hand in which the actor works."""
    return frozenset(unit for unit in subject.units if actor.roles_in(unit) & UNIT)
