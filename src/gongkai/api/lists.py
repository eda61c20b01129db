"""The list that stands at an address, for its feed and its export."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.urls import Resolver404, resolve

from gongkai.web.portal.lists import LISTS, PublicList


def list_at(request: HttpRequest, address: str) -> PublicList:
    """The list of the page at `/<address>` with the query string of the request. Raises `Http404` when there is no such list."""
    try:
        match = resolve(f"/{address}")
    except Resolver404 as error:
        raise Http404 from error
    builder = LISTS.get(match.view_name)
    found = builder(request.GET, **match.kwargs) if builder else None
    if found is None:
        raise Http404
    return found
