"""The list that stands at an address, for its feed and its export."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from gongkai.web.portal import lists
from gongkai.web.portal.lists import PublicList


def list_at(request: HttpRequest, address: str) -> PublicList:
    """The list of the page at `/<address>` with the query string of the request. Raises `Http404` when there is no such list."""
    found = lists.list_at(f"/{address}", request.GET)
    if found is None:
        raise Http404
    return found
