"""Calendar feeds of the portal: days by which somebody can still do something. Feeds of other days call `served` with their events."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.disclosure.public_deadlines import deadlines
from gongkai.documents.icalendar import MEDIA_TYPE, CalendarEvent, calendar
from gongkai.web.shared.templating import absolute, address_of, site

FEEDS = {
    "consultations": ("public_consultation", "意见征集", "意见征集截止"),
    "public-notices": ("pre_notice", "公示", "公示期满"),
}
"""By the name in the address: kind of item, name of the calendar, what happens on the day."""


@require_safe
def feed(request: HttpRequest, name: str) -> HttpResponse:
    """The calendar of one kind of period."""
    if name not in FEEDS:
        raise Http404
    kind, label, what = FEEDS[name]
    events = [
        CalendarEvent(
            uid=f"item-{one.item_id}-{name}",
            day=one.last_day,
            title=f"{what}：{one.title}",
            link=absolute(address_of("portal:item", one.item_id)),
            description=f"{one.organisation}，{one.period}",
        )
        for one in deadlines(kind, timezone.localdate())
    ]
    return served(events, label)


def served(events: Iterable[CalendarEvent], label: str) -> HttpResponse:
    """A calendar as an answer; `label` names it beside the site."""
    text = calendar(events, name=f"{label} - {site().name}", domain=site().domain or "localhost", now=timezone.now())
    return HttpResponse(text, content_type=MEDIA_TYPE)
