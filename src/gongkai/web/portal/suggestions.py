"""联想词 as JSON, for the search boxes. No session, no cookie: the page cache keeps the answers until public content changes."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from gongkai.search import SearchUnavailable
from gongkai.search.suggestions import LONGEST_TYPED, suggest
from gongkai.text.life_events import stages_begun
from gongkai.web.shared.templating import address_of


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """Queries for what was typed so far: ``{"suggestions": [{"text": …, "parts": [[piece, typed?], …]}, …]}``.

    First come the stages of life it names, each with the ``address`` of its page in the interpretation special and a ``note``. An empty list for an empty text, and, not kept by anybody, when the index cannot answer: help that fails must not disturb.
    """
    typed = request.GET.get("q", "").strip()[:LONGEST_TYPED]
    try:
        found = suggest(typed) if typed else ()
    except SearchUnavailable:
        found = None
    stages = [
        {
            "text": one.label,
            "parts": [[one.label, False]],
            "note": f"{one.dimension.label}专题",
            "address": address_of("portal:integrated-topic") + "?" + urlencode({one.dimension.value: one.code}),
        }
        for one in stages_begun(typed)
    ]
    shown = stages + [{"text": one.text, "parts": one.segments} for one in found or ()]
    response = JsonResponse({"suggestions": shown}, json_dumps_params={"ensure_ascii": False})
    response["X-Robots-Tag"] = "noindex"
    if found is None:
        response["Cache-Control"] = "no-store"
    return response
