"""The decision of a case: its draft, kept version by version, and the earlier case it repeats."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from gongkai.foi.models import Case, CaseEvent
from gongkai.foi.recording import Wanted, act
from gongkai.foi.selectors import visible_to
from gongkai.rules.access import Actor
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.decisions import Decision


def save_draft(
    *, actor: Actor, case_id: int, decision: Decision, token: str = "", expected_seq: int | None = None
) -> CaseEvent:
    """Keep a version of the draft; it may be incomplete. Raises `Refused` for an outcome that does not exist, and as `recording.act`."""
    wanted = Wanted(Event.DRAFT, {"decision": decision.to_json()}, token=token, expected_seq=expected_seq)
    return act(actor=actor, case_id=case_id, wanted=wanted)


def link_same(
    *, actor: Actor, case_id: int, same_id: int, token: str = "", expected_seq: int | None = None
) -> CaseEvent:
    """Say that another case asks for the same information: the ground of §36（六） with the same applicant, of §44 with others."""
    wanted = Wanted(Event.LINK_SAME, {"same": same_id}, token=token, expected_seq=expected_seq)
    return act(actor=actor, case_id=case_id, wanted=wanted)


def possibly_same(actor: Actor, case: Case) -> QuerySet[Case]:
    """Other cases the actor may see that may ask for the same: of the same applicant, or with the same title; the newest first."""
    same_applicant = Q(applicant__same_person=case.applicant.same_person)
    found = visible_to(actor).filter(same_applicant | Q(title=case.title), organisation_id=case.organisation_id)
    return found.exclude(pk=case.pk).exclude(state="void").select_related("applicant").order_by("-opened_at", "-id")
