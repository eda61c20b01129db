"""Reads of the review."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from gongkai.review.content import Content
from gongkai.review.models import Checked, RecordedFinding, Remark, ReviewChain, ReviewRecord, SecrecyReview
from gongkai.rules.review_chain import Chain, ChainSetting, chain_for


def findings_of(edition_id: int) -> list[RecordedFinding]:
    """All findings of an edition, open ones first, serious ones first among these."""
    found = RecordedFinding.objects.filter(edition_id=edition_id).select_related("settled_by")
    return sorted(found, key=lambda one: (not one.is_open, not one.serious, one.part, one.start or 0, one.pk))


def blocks(edition_id: int) -> bool:
    """Whether something serious is still open."""
    return open_findings().filter(edition_id=edition_id, serious=True).exists()


def open_findings() -> QuerySet[RecordedFinding]:
    """What is still to be settled, in all editions."""
    return RecordedFinding.objects.filter(state=RecordedFinding.State.OPEN)


def checked_revision(edition_id: int) -> int | None:
    """The save of the edition that the gate last looked at; None when it never did."""
    return Checked.objects.filter(pk=edition_id).values_list("revision", flat=True).first()


def secrecy_reviews_of(edition_id: int) -> list[SecrecyReview]:
    """The secrecy reviews of an edition, oldest first."""
    return list(SecrecyReview.objects.filter(edition_id=edition_id))


def not_cleared(content: Content) -> list[str]:
    """Labels of the parts that the last secrecy review of each has not cleared in their present form."""
    last = {review.part: review for review in secrecy_reviews_of(content.edition_id)}
    return [
        label
        for part, label, digest in content.parts
        if part not in last or not last[part].cleared or last[part].digest != digest
    ]


# --- the chain of reviews ----------------------------------------------------------------------------------------------
def chain_of(organisation_id: int, kind: str, *, normative: bool) -> Chain:
    """The chain an item of a body passes when it is handed in now."""
    rows = ReviewChain.objects.filter(Q(organisation=None) | Q(organisation_id=organisation_id), kind__in=("", kind))
    settings = (
        ChainSetting(body, of_kind, tuple(steps), distinct)
        for body, of_kind, steps, distinct in rows.values_list("organisation_id", "kind", "steps", "distinct")
    )
    return chain_for(settings, organisation_id, kind, normative=normative)


def records_of(edition_id: int) -> list[ReviewRecord]:
    """Every step that was done with an edition, oldest first."""
    return list(ReviewRecord.objects.filter(edition_id=edition_id))


def of_this_round(records: list[ReviewRecord]) -> list[ReviewRecord]:
    """The steps since the draft was last handed in: what was passed before counted for another text."""
    starts = [place for place, one in enumerate(records) if one.result == ReviewRecord.Result.SUBMITTED]
    return records[starts[-1] :] if starts else []


def reviewers_of(edition_id: int) -> frozenset[int]:
    """Who has passed a step since the draft was last handed in."""
    passed = (one for one in of_this_round(records_of(edition_id)) if one.result == ReviewRecord.Result.PASSED)
    return frozenset(one.person_id for one in passed if one.person_id is not None)


# --- remarks -----------------------------------------------------------------------------------------------------------
def remarks_of(edition_id: int) -> list[Remark]:
    """All remarks on an edition, those to be done first."""
    return sorted(Remark.objects.filter(edition_id=edition_id), key=lambda one: (not one.is_open, one.pk))


def open_remarks(edition_id: int) -> int:
    """How many the writer still has to do something about."""
    return Remark.objects.filter(edition_id=edition_id, answered_at=None).count()


def returned_at_by_edition(edition_ids: list[int]) -> dict[int, datetime]:
    """When each of these editions was last given back to its writer, or taken back after it was signed."""
    back = (ReviewRecord.Result.SENT_BACK, ReviewRecord.Result.TAKEN_BACK)
    records = ReviewRecord.objects.filter(edition_id__in=edition_ids, result__in=back).order_by()
    return dict(records.values_list("edition_id").annotate(Max("at")))


def open_remarks_by_edition(edition_ids: list[int]) -> dict[int, int]:
    """How many are left to do in each of these editions that has any."""
    left = Remark.objects.filter(edition_id__in=edition_ids, answered_at=None).order_by()
    return dict(left.values_list("edition_id").annotate(Count("pk")))
