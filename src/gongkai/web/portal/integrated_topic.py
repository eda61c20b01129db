"""政策解读集成式发布专题 and 助企纾困: from a stage of life or of a firm to who may get what, until when, and whom to phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.disclosure.public_cards import cards
from gongkai.documents.icalendar import CalendarEvent
from gongkai.policies import integrated_topic as topic
from gongkai.policies.cards import CardView, cards_of
from gongkai.policies.library import Entry, entries
from gongkai.policies.popularity import most_read
from gongkai.rules.tags import Dimension
from gongkai.search import SearchResults
from gongkai.web.portal import lists
from gongkai.web.portal.calendars import served
from gongkai.web.portal.pages import checked, render
from gongkai.web.portal.questions import selected
from gongkai.web.shared.pager import paginate_search
from gongkai.web.shared.templating import absolute, address_of

ROWS = 10
"""Rows of the list below the cards; the rest is paged through."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A policy with its cards, if it has any."""

    entry: Entry
    policy_cards: Sequence[CardView]


@require_safe
def integrated_topic(request: HttpRequest) -> HttpResponse:
    """The topic: ways in on three dimensions; under a stage first the cards of its policies, then everything that explains them."""
    wanted = lists.integrated_topic(request.GET)
    chosen = selected(request.GET, topic.FACETS.values())
    results, page = checked(lambda: paginate_search(wanted.query, request.GET, ROWS))
    stage = {name: values for name, values in wanted.query.filters.items() if name.startswith("life_stage")}
    answered, shown = _with_cards(topic.benefits(stage).ids, page.rows)
    return render(
        request,
        "integrated_topic.html",
        title=wanted.title,
        heading=wanted.title.partition("、")[2],
        section="topic",
        dimensions=_dimensions(topic.topic_counts(), chosen),
        chosen=chosen,
        narrowed=bool(chosen),
        answered=answered,
        page=page.with_rows(shown),
        total=results.total,
        popular=most_read(),
        today=timezone.localdate(),
    )


def _dimensions(
    overview: SearchResults, chosen: dict[str, tuple[str, ...]]
) -> list[tuple[str, str, tuple[topic.Stage, ...]]]:
    """Parameter, heading and values of each dimension."""
    return [
        (spec.parameter, spec.label, topic.stages(dimension, overview, chosen.get(spec.parameter, ())))
        for dimension, spec in topic.FACETS.items()
    ]


def _with_cards(policies: Sequence[int], others: Sequence[int]) -> tuple[list[Answered], list[Entry]]:
    """Policies with their cards, those that have one first, and the lines of a list: three queries for both together."""
    known = cards_of(policies)
    with_card = [pk for pk in policies if pk in known][: topic.SHOWN]
    bare = [pk for pk in policies if pk not in known][: topic.SHOWN - len(with_card)]
    found = {entry.card.id: entry for entry in entries(cards([*with_card, *bare, *others]))}
    answered = [Answered(found[pk], known.get(pk, ())) for pk in (*with_card, *bare) if pk in found]
    return answered, [found[pk] for pk in others if pk in found]


@require_safe
def enterprise_relief(request: HttpRequest) -> HttpResponse:
    """助企纾困: figures, last days to apply, policies by stage of the firm."""
    wanted = lists.enterprise_relief(request.GET)
    spec = topic.FACETS[Dimension.ENTERPRISE]
    chosen = selected(request.GET, [spec])
    results, page = checked(lambda: paginate_search(wanted.query, request.GET, ROWS))
    filters = {name: values for name, values in wanted.query.filters.items() if name != "kind"}
    answered, shown = _with_cards(topic.benefits(filters).ids, page.rows)
    return render(
        request,
        "enterprise_relief.html",
        title=wanted.title,
        heading=wanted.title.partition("、")[2],
        section="topic",
        stages=topic.stages(Dimension.ENTERPRISE, topic.relief_counts(), chosen.get(spec.parameter, ())),
        parameter=spec.parameter,
        narrowed=bool(chosen),
        relief=topic.relief(),
        answered=answered,
        page=page.with_rows(shown),
        total=results.total,
        today=timezone.localdate(),
    )


@require_safe
def relief_deadlines(request: HttpRequest) -> HttpResponse:
    """The last days to apply for 惠企 policies as a calendar to follow."""
    found = topic.relief().deadlines
    events = [
        CalendarEvent(
            uid=f"policy-card-{one.item_id}" + (f"-{one.matter}" if one.matter > 1 else ""),
            day=one.on,
            title=f"申报截止：{one.name}",
            link=absolute(address_of("portal:item", one.item_id)),
            description=f"{one.what_is_given}\n咨询：{one.contact} {one.phone}",
        )
        for one in found
    ]
    return served(events, "惠企政策申报截止日历")
