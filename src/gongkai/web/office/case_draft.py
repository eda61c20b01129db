"""Drafting the decision of a case: the outcome first, then what it asks for, with what is still missing beside it and the letter as it will be."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from gongkai.foi import deciding, documents
from gongkai.foi.decision_facts import facts_for_decision
from gongkai.foi.models import Case
from gongkai.foi.recording import Wanted, act, reasons_against
from gongkai.foi.selectors import case_for, facts_of, subject_of
from gongkai.rules.access import Actor
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.case_facts import CaseFacts
from gongkai.rules.case_states import CaseState
from gongkai.rules.decisions import Decision, decision_reasons
from gongkai.rules.outcomes import Outcome, outcomes
from gongkai.rules.reasons import Refused
from gongkai.web.office.case_draft_forms import DraftForm, letter_choices, outcome_groups, severable
from gongkai.web.office.pages import office_page, say_refusal, show


@office_page("GET", "POST")
def draft(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """The draft of the decision."""
    case = case_for(actor, case_id)
    facts = facts_of(case)
    if reasons := reasons_against(actor, case, facts, subject_of(case), Event.DRAFT):
        raise Refused(reasons)
    kept = _kept(facts)
    outcome, letter = _chosen(request, kept)
    if outcome is None:
        return show(request, actor, "case_draft.html", _frame(case, facts, kept))
    decision = kept if kept and kept.outcome == outcome.code else None
    files = _files(case)
    if request.method != "POST":
        form = DraftForm(outcome, letter, facts, files, decision=decision)
        return _page(request, actor, case, facts, kept, form)
    form = DraftForm(outcome, letter, facts, files, request.POST)
    if not form.is_valid():
        return _page(request, actor, case, facts, kept, form, status=422)
    try:
        _save(request, actor, case, form)
    except Refused as refusal:
        form.add_reasons(refusal.reasons)
        changed = any(reason.code == "changed" for reason in refusal.reasons)
        return _page(request, actor, case, facts, kept, form, status=409 if changed else 422)
    if "send" in request.POST:
        try:
            act(actor=actor, case_id=case.pk, wanted=Wanted(Event.SEND_FOR_REVIEW))
            messages.success(request, "已保存并送审。")
            return redirect("office:case", case_id=case.pk)
        except Refused as refusal:
            messages.warning(request, f"拟稿已保存，尚不能送审（{len(refusal.reasons)} 处）。")
    else:
        messages.success(request, "拟稿已保存。")
    return redirect("office:case-draft", case_id=case.pk)


@office_page("POST")
def link_same(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """Say which case asks for the same."""
    case = case_for(actor, case_id)
    same = request.POST.get("same", "")
    try:
        deciding.link_same(
            actor=actor, case_id=case.pk, same_id=int(same) if same.isdecimal() and len(same) < 10 else 0,
            token=request.POST.get("token", "")[:64],
        )  # fmt: skip
        messages.success(request, "已关联。")
    except Refused as refusal:
        if any(reason.code == "role" for reason in refusal.reasons):
            raise
        say_refusal(request, refusal)
    back = "office:case-draft" if request.POST.get("back") == "draft" else "office:case"
    return redirect(back, case_id=case.pk)


def _kept(facts: CaseFacts) -> Decision | None:
    """The last version of the draft; one that cannot be read any more is begun anew."""
    if facts.draft is None:
        return None
    try:
        return Decision.from_json(facts.draft.decision)
    except Refused:
        return None


def _chosen(request: HttpRequest, kept: Decision | None) -> tuple[Outcome | None, str]:
    given = request.POST if request.method == "POST" else request.GET
    outcome = outcomes().get(given.get("outcome") or (kept.outcome if kept else ""))
    if outcome is None:
        return None, ""
    letter = given.get("letter") or (kept.letter if kept and kept.outcome == outcome.code else "")
    return outcome, letter if letter in outcome.letters else outcome.letter


def _files(case: Case) -> list[tuple[str, str]]:
    return list({one.name: (one.name, one.name) for one in documents.offered(case)}.values())


def _save(request: HttpRequest, actor: Actor, case: Case, form: DraftForm) -> None:
    expected = request.POST.get("expected_seq", "")
    deciding.save_draft(
        actor=actor,
        case_id=case.pk,
        decision=form.decision(),
        token=request.POST.get("token", "")[:64],
        expected_seq=int(expected) if expected.isdecimal() else None,
    )


def _frame(case: Case, facts: CaseFacts, kept: Decision | None) -> dict[str, Any]:
    return {
        "section": "cases",
        "case": case,
        "facts": facts,
        "state": CaseState(case.state),
        "groups": outcome_groups(),
        "outcome": None,
        "kept": kept,
        "token": secrets.token_hex(16),
    }


def _page(
    request: HttpRequest,
    actor: Actor,
    case: Case,
    facts: CaseFacts,
    kept: Decision | None,
    form: DraftForm,
    status: int = 200,
) -> HttpResponse:
    missing = decision_reasons(kept, facts_for_decision(case, facts, timezone.localdate())) if kept else []
    context = {
        **_frame(case, facts, kept),
        "form": form,
        "outcome": form.outcome,
        "letter": form.letter,
        "letters": letter_choices(form.outcome),
        "severable": severable(),
        "missing": missing if kept and kept.outcome == form.outcome.code else [],
        "saved": kept is not None and kept.outcome == form.outcome.code,
        "same": list(deciding.possibly_same(actor, case)[:20]),
    }
    return show(request, actor, "case_draft.html", context, status=status)
