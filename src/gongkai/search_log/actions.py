"""Every write of people to the search log: one transaction, access checked, audited."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from gongkai.audit.log import Entry, record
from gongkai.organisations.actors import NotVisible
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.popular_searches import Exclusion
from gongkai.rules.reasons import Reason, Refused
from gongkai.search_log import popular, words
from gongkai.search_log.models import ExcludedSearch, SearchedText, Treatment
from gongkai.search_log.report import Step, is_told

LONGEST_NOTE = 200


@transaction.atomic
def treat_search(*, actor: Actor, searched_id: int, step: str, note: str = "") -> Treatment:
    """Say what is done about a search that found too little; `标记无需处理` needs its reason.

    Raises `NotVisible` for a search whose words nobody may see, `Refused` with every reason.
    """
    _require(actor, Action.TREAT_SEARCH)
    if not is_told(searched_id):
        raise NotVisible
    note = note.strip()
    reasons = []
    if step not in set(Step):
        reasons.append(Reason("step", "请选择处理方式。", field="step"))
    if step == Step.NO_ACTION and not note:
        reasons.append(Reason("note_missing", "标记为无需处理的，请填写原因。", field="note"))
    if len(note) > LONGEST_NOTE:
        reasons.append(Reason("note_long", f"说明不得超过{LONGEST_NOTE}字，现为{len(note)}字。", field="note"))
    if reasons:
        raise Refused(reasons)
    searched = SearchedText.objects.get(pk=searched_id)
    treatment, _ = Treatment.objects.update_or_create(
        searched=searched, defaults={"step": step, "note": note, "by_name": actor.name, "at": timezone.now()}
    )
    detail = {"text": searched.text, "step": Step(step).label, "note": note}
    _audit(actor, "search.treat", "searched_text", searched.pk, detail)
    return treatment


@transaction.atomic
def exclude_popular_search(*, actor: Actor, term: str, whole: bool, reason: str, note: str) -> ExcludedSearch:
    """Keep a term from being shown as popular, at once; `reason` is published, both it and `note` stay in the audit log.

    Raises `Refused` with every reason: no term, no public reason, no note, excluded already.
    """
    _require(actor, Action.MANAGE_POPULAR_SEARCHES)
    normal, note = words.normal(term), note.strip()
    reasons = []
    if not words.key(normal) or len(normal) > words.LONGEST:
        reasons.append(Reason("term", f"请填写要排除的词，最多{words.LONGEST}字。", field="term"))
    elif not whole and len(words.key(normal)) < 2:
        reasons.append(Reason("term_short", "包含即排除的词至少两个字，以免误伤。", field="term"))
    elif ExcludedSearch.objects.filter(term=normal, whole=whole).exists():
        reasons.append(Reason("term_known", "该词已经排除。", field="term"))
    if reason not in set(Exclusion):
        reasons.append(Reason("reason", "请选择可以公开的原因。", field="reason"))
    if not note or len(note) > LONGEST_NOTE:
        reasons.append(Reason("note", f"请说明排除的理由，最多{LONGEST_NOTE}字。", field="note"))
    if reasons:
        raise Refused(reasons)
    now = timezone.now()
    made = ExcludedSearch.objects.create(term=normal, whole=whole, reason=reason, note=note, created_at=now)
    _audit(actor, "popular_search.exclude", "excluded_search", made.pk, _detail(made))
    popular.compute(now)
    return made


@transaction.atomic
def restore_popular_search(*, actor: Actor, exclusion_id: int) -> None:
    """Lift an exclusion, at once. Raises `NotVisible` when there is none (any more)."""
    _require(actor, Action.MANAGE_POPULAR_SEARCHES)
    exclusion = ExcludedSearch.objects.select_for_update().filter(pk=exclusion_id).first()
    if exclusion is None:
        raise NotVisible
    _audit(actor, "popular_search.restore", "excluded_search", exclusion.pk, _detail(exclusion))
    exclusion.delete()
    popular.compute(timezone.now())


def _detail(exclusion: ExcludedSearch) -> dict[str, object]:
    """What the log says of an exclusion. A term excluded as private is not written into a log that is kept for good."""
    private = exclusion.reason == Exclusion.PERSONAL or words.is_private(exclusion.term)
    return {
        "term": f"{exclusion.term[:1]}…（涉及个人信息，不记全文）" if private else exclusion.term,
        "whole": "是" if exclusion.whole else "否",
        "public_reason": Exclusion(exclusion.reason).label,
        "note": exclusion.note,
    }


def _require(actor: Actor, action: Action) -> None:
    decision = can(actor, action, Subject(None))
    if not decision:
        raise Refused(decision.reasons)


def _audit(actor: Actor, action: str, object_type: str, object_id: int, detail: Mapping[str, object]) -> None:
    record(actor=actor, entries=[Entry(action, object_type, str(object_id), None, detail)])
