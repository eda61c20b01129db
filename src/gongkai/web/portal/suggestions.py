"""联想词 as JSON, for the search boxes. No session, no cookie: the page cache keeps the answers until public content changes."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from gongkai.search import SearchUnavailable
from gongkai.search.suggestions import LONGEST_TYPED, suggest


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """Queries for what was typed so far: ``{"suggestions": [{"text": …, "parts": [[piece, typed?], …]}, …]}``.

    An empty list for an empty text, and, not kept by anybody, when the index cannot answer: help that fails must not disturb.
    """
    typed = request.GET.get("q", "").strip()[:LONGEST_TYPED]
    try:
        found = suggest(typed) if typed else ()
    except SearchUnavailable:
        found = None
    shown = [{"text": one.text, "parts": one.segments} for one in found or ()]
    response = JsonResponse({"suggestions": shown}, json_dumps_params={"ensure_ascii": False})
    response["X-Robots-Tag"] = "noindex"
    if found is None:
        response["Cache-Control"] = "no-store"
    return response
