"""The first page of the office: what waits for the person who signed in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from gongkai.disclosure import selectors
from gongkai.organisations.selectors import bodies_where
from gongkai.rules.access import Action, Actor
from gongkai.web.office.pages import office_page, show


@office_page()
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The worklist."""
    groups = selectors.worklist(actor, timezone.localdate())
    may_write = bodies_where(actor, Action.CREATE) != frozenset()
    return show(request, actor, "home.html", {"groups": groups, "may_write": may_write, "section": "home"})
