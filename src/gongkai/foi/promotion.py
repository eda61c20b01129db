"""依申请转主动公开 (《条例》§44): what several have asked for, or somebody proposes, goes into the register as a draft and through its review.

The draft is an item like any other: nothing is public before it has been reviewed and signed off.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django.db import transaction
from django.db.models import Q

from gongkai.disclosure import actions as register
from gongkai.foi.models import Case, CaseEvent
from gongkai.foi.recording import Wanted, act, locked
from gongkai.foi.selectors import case_for
from gongkai.rules.access import Actor
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.request_settings import number_setting


def asked_for(case: Case) -> int:
    """How many cases ask for the same as this one, itself counted; those of one applicant are one (§44: 多个申请人)."""
    root = case.same_as_id or case.pk
    same = Case.objects.filter(Q(pk=root) | Q(same_as_id=root)).exclude(state="void")
    return same.values("applicant__same_person").distinct().count()


def suggested(case: Case) -> bool:
    """Whether so many have asked that it should be published for all (setting `promotion_threshold`)."""
    return asked_for(case) >= number_setting("promotion_threshold")


def propose(
    *,
    actor: Actor,
    case_id: int,
    kind: str,
    title: str,
    reason: str,
    row_ids: Iterable[int] = (),
    token: str = "",
    expected_seq: int | None = None,
) -> tuple[CaseEvent, int]:
    """Open a draft in the register from the answer, and note it in the case. Returns the event and the item's id.

    Raises `Refused` when the actor may not write in the register, or the case does not allow it; then there is neither.
    """
    case = case_for(actor, case_id)
    decision = (case.events.filter(name=Event.DRAFT).order_by("-seq").values_list("data", flat=True).first()) or {}
    content = str((decision.get("decision") or {}).get("content", ""))
    body = "".join(f"<p>{escape(line)}</p>" for line in content.splitlines() if line.strip())
    with transaction.atomic():
        locked(case.pk)  # the same form at the same moment waits here, or there would be two drafts
        if token and (done := CaseEvent.objects.filter(token=token, case_id=case.pk).first()) is not None:
            return done, int(done.data["item"])
        item = register.create_item(
            actor=actor,
            organisation_id=case.organisation_id,
            kind=kind,
            values={"title": title, "body": body},
            row_ids=row_ids,
        )
        wanted = Wanted(
            Event.PROPOSE_PROMOTION, {"reason": reason.strip(), "item": item.pk}, token=token, expected_seq=expected_seq
        )
        event = act(actor=actor, case_id=case.pk, wanted=wanted)
    return event, item.pk
