"""Counting searches and readings where every answer passes, also those from the page cache.

A view notes on its answer what was asked (`note_search`) or read (`note_read`); the page cache keeps the note with the page and puts it on every
answer it gives; this middleware, which stands before the page cache, hands it to the intake. Nothing of it reaches the reader.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from gongkai.search_log.intake import Asked, Read, asked, intake, reads_intake
from gongkai.web.shared.addresses import client_address

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponseBase]

UNCOUNTED = ("after", "before", "via")
"""Parameters of a page that is no new search: a later page of the list, or a search somebody else's words led to (热门搜索)."""
_OWN = ("q", "sort", "v")
"""Parameters that do not narrow the results by anything but the words."""
_PREFETCH = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")


def note_search(
    request: HttpRequest,
    response: HttpResponse,
    text: str,
    total: int,
    *,
    relaxed: bool = False,
    in_library: bool = False,
) -> HttpResponse:
    """Note on `response` that it answers a search for `text` that found `total` items; returns `response`."""
    params = request.GET
    if text and not any(params.get(name) for name in UNCOUNTED):
        narrowed = any(value for name in params if name not in _OWN for value in params.getlist(name))
        response.note = asked(text, total, relaxed=relaxed, narrowed=narrowed, in_library=in_library)  # type: ignore[attr-defined]
    return response


def note_read(response: HttpResponse, item_id: int) -> HttpResponse:
    """Note on `response` that it shows the item `item_id` to a reader; returns `response`."""
    response.note = Read(item_id)  # type: ignore[attr-defined]
    return response


class SearchCountingMiddleware:
    """Hands noted searches and readings of people to the intake. An answer is never lost to a failure of counting."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.failing = False

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and count when the answer is one to a search, or an item that is read."""
        response = self.get_response(request)
        note = getattr(response, "note", None)
        wanted = (isinstance(note, Asked) and settings.GONGKAI_COUNT_SEARCHES) or (
            isinstance(note, Read) and settings.GONGKAI_COUNT_READS
        )
        if wanted and _by_a_person(request):
            self._count(request, note)
        return response

    def _count(self, request: HttpRequest, note: Asked | Read) -> None:
        try:
            log = intake() if isinstance(note, Asked) else reads_intake()
            log.take(note, address=client_address(request), agent=request.META.get("HTTP_USER_AGENT", ""))
            self.failing = False
        except OSError as error:
            if not self.failing:  # said once, not with every page
                logger.warning("searches and readings are not counted: %s", error)
            self.failing = True


def _by_a_person(request: HttpRequest) -> bool:
    """Programs mostly name no language; what a browser fetches ahead nobody has asked for yet."""
    meta = request.META
    if request.method != "GET" or not meta.get("HTTP_ACCEPT_LANGUAGE"):
        return False
    return not any("prefetch" in meta.get(name, "") for name in _PREFETCH)
