"""订阅情况 in the office: how many follow which list, and what could not be delivered. Numbers alone, never an address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from gongkai.participation.selectors import LEAST_FOLLOWERS, overview
from gongkai.rules.access import Actor
from gongkai.web.office.pages import office_page, show


@office_page()
def subscriptions(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page."""
    context = {"overview": overview(actor, timezone.now()), "section": "subscriptions", "least": LEAST_FOLLOWERS}
    return show(request, actor, "subscriptions.html", context)
