"""What the checks found in an item: shown in place on its page; check again, mend, set aside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongkai.disclosure import findings as actions
from gongkai.disclosure import selectors
from gongkai.disclosure.models import Edition, Item
from gongkai.disclosure.steps import subject_of
from gongkai.review import selectors as review
from gongkai.review.models import RecordedFinding, SecrecyReview
from gongkai.rules.access import Action, Actor, can
from gongkai.text.checks.html_material import Mark, html_material
from gongkai.web.office.item_forms import SetAsideForm
from gongkai.web.office.pages import office_page, saying_refusals

SHOWN = 100
"""Findings of one kind that are shown one by one; a list of names may have thousands."""


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Open findings of one rule in one part."""

    title: str
    article: str
    serious: bool
    part_label: str
    findings: tuple[RecordedFinding, ...]
    count: int


@dataclass(frozen=True, slots=True)
class FindingPanel:
    """What an item's page says of the checks."""

    groups: tuple[FindingGroup, ...]
    settled: tuple[RecordedFinding, ...]
    serious: int
    warnings: int
    current: bool
    """Whether the checks have seen the text as it is now."""
    waiting: bool
    """Whether they soon will: something unpublished is checked after every save."""
    may_dismiss: bool
    may_override: bool
    own_text: bool
    """Whether the reader wrote the text, and so may not set serious findings aside."""
    secrecy_reviews: tuple[SecrecyReview, ...]


def panel_of(actor: Actor, item: Item, edition: Edition) -> FindingPanel:
    """The findings of the edition in hand, grouped by rule and part, serious ones first."""
    found = review.findings_of(edition.pk)
    opened = [one for one in found if one.is_open]
    subject = subject_of(item, edition)
    return FindingPanel(
        groups=tuple(_groups(opened)),
        settled=tuple(one for one in found if not one.is_open),
        serious=sum(one.serious for one in opened),
        warnings=sum(not one.serious for one in opened),
        current=review.checked_revision(edition.pk) == edition.revision,
        waiting=edition.published_at is None,
        may_dismiss=bool(can(actor, Action.DISMISS_FINDING, subject)),
        may_override=bool(can(actor, Action.OVERRIDE_FINDING, subject)),
        own_text=edition.author_id == actor.user_id,
        secrecy_reviews=tuple(review.secrecy_reviews_of(edition.pk)),
    )


def _groups(opened: list[RecordedFinding]) -> list[FindingGroup]:
    def kind(one: RecordedFinding) -> tuple[bool, str, str]:
        return (not one.serious, one.part_label, one.rule)

    groups = []
    for (warning, part_label, code), members in groupby(sorted(opened, key=kind), key=kind):
        findings = sorted(members, key=lambda one: one.start or 0)
        rule = findings[0].review_rule
        groups.append(
            FindingGroup(
                rule.label if rule else code,
                rule.article if rule else "",
                not warning,
                part_label,
                tuple(findings[:SHOWN]),
                len(findings),
            )
        )
    return groups


def marked_body(edition: Edition, panel: FindingPanel, remarked: Iterable[Mark] = ()) -> str:
    """The body with its open findings and remarks marked, each with the anchor its entry in the panel links to."""
    marks = [
        Mark(one.start, one.end, f"finding-{one.pk}", "finding serious" if one.serious else "finding", one.message)
        for group in panel.groups
        for one in group.findings
        if one.part == "body" and one.start is not None and one.end is not None
    ]
    marks += remarked
    return html_material(edition.body).annotate(marks) if marks else edition.body


@office_page("POST")
def check(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponse:
    """Check the edition in hand now."""
    item = selectors.item_for(actor, item_id)
    actions.recheck(actor=actor, item_id=item.pk)
    messages.success(request, "检查已完成。")
    return _back(item)


@office_page("POST")
def mend(request: HttpRequest, actor: Actor, item_id: int, finding_id: int) -> HttpResponse:
    """Do what the finding's safe remedy says."""
    item = selectors.item_for(actor, item_id)
    with saying_refusals(request):
        messages.success(request, actions.mend(actor=actor, item_id=item.pk, finding_id=finding_id))
    return _back(item)


@office_page("POST")
def set_aside(request: HttpRequest, actor: Actor, item_id: int, finding_id: int) -> HttpResponse:
    """Leave it as it is, for the reason given."""
    item = selectors.item_for(actor, item_id)
    form = SetAsideForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    with saying_refusals(request):
        actions.set_aside(actor=actor, item_id=item.pk, finding_id=finding_id, reason=reason)
        messages.success(request, "已登记理由，该问题不再阻止发布。")
    return _back(item)


def _back(item: Item) -> HttpResponse:
    response = redirect("office:item", item_id=item.pk)
    response["Location"] += "#findings"
    return response
