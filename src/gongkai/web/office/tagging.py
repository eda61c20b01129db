"""Settling the tags of the interpretation special: what is suggested with the phrases it rests on, and what a person makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongkai.disclosure import actions, selectors
from gongkai.disclosure.models import Edition, Item
from gongkai.disclosure.steps import subject_of
from gongkai.disclosure.tagging import suggestions
from gongkai.rules.access import Action, Actor, can
from gongkai.rules.reasons import Refused
from gongkai.rules.tags import Dimension, labels
from gongkai.text.life_stages import Suggestion
from gongkai.web.office.item_forms import TagsForm
from gongkai.web.office.pages import office_page, show


@dataclass(frozen=True, slots=True)
class Suggested:
    """A suggested tag in words."""

    tag: str
    dimension: str
    label: str
    phrases: tuple[str, ...]
    """Each phrase once, those of the title first."""


def lines(tags: Sequence[str]) -> list[tuple[str, str]]:
    """The tags of an item by dimension: heading and labels."""
    return [(one.label, "、".join(found)) for one in Dimension if (found := labels(tags, one))]


def suggested(item: Item, edition: Edition) -> list[Suggested]:
    """What is still to be confirmed of an item; nothing once somebody has settled its tags."""
    return [_in_words(one) for one in suggestions(edition, item.kind)] if item.tags_open else []


def _in_words(one: Suggestion) -> Suggested:
    words = sorted(one.phrases, key=lambda phrase: not phrase.in_title)
    return Suggested(one.tag, one.dimension.label, one.label, tuple(dict.fromkeys(phrase.words for phrase in words)))


@office_page("GET", "POST")
def tags(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponse:
    """The tags of an item; what is suggested is ticked beforehand while nobody has settled them."""
    item = selectors.item_for(actor, item_id)
    edition = selectors.in_hand(item)
    decision = can(actor, Action.RELATE, subject_of(item, edition))
    if not decision:
        raise Refused(decision.reasons)
    found = suggested(item, edition)
    if request.method == "POST":
        form = TagsForm(request.POST, kind=item.kind, kept=item.tags)
        if form.is_valid():
            try:
                actions.confirm_tags(actor=actor, item_id=item.pk, tags=form.cleaned_data["tags"])
                messages.success(request, "标签已确认。")
                return redirect("office:item", item_id=item.pk)
            except Refused as refusal:
                form.add_reasons(refusal.reasons, {"interpretation_form": "tags"})
    else:
        start = [*item.tags, *(one.tag for one in found)]
        form = TagsForm(kind=item.kind, kept=item.tags, initial={"tags": start})
    context = {"item": item, "edition": edition, "form": form, "suggestions": found, "section": "items"}
    return show(request, actor, "tags.html", context, 422 if form.is_bound else 200)
