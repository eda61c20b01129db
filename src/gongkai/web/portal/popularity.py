"""热度榜 of interpretations and policy documents, and how it is computed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gongkai.policies.popularity import KINDS, computed_at, excluded, ranking
from gongkai.rules.popularity import parameters
from gongkai.web.portal.pages import render


@require_safe
def popularity_ranking(request: HttpRequest) -> HttpResponse:
    """The list, of both kinds or of one (`kind`)."""
    kind, figures = _kind(request), parameters()
    return render(
        request,
        "popularity.html",
        title="热度榜",
        section="library",
        list=ranking(figures.shown, kind=kind),
        kinds=KINDS,
        kind=kind,
        figures=figures,
        computed_at=computed_at(),
    )


@require_safe
def popularity_formula(request: HttpRequest) -> HttpResponse:
    """热度榜计算说明: the formula with the figures in force, and for each entry the days its score adds up from."""
    kind, figures = _kind(request), parameters()
    return render(
        request,
        "popularity_formula.html",
        title="热度榜计算说明",
        section="library",
        list=ranking(figures.shown, kind=kind),
        kind=kind,
        excluded=excluded(),
        figures=figures,
        computed_at=computed_at(),
    )


def _kind(request: HttpRequest) -> str:
    """The kind asked for; whatever is none is both."""
    kind = request.GET.get("kind", "")
    return kind if kind in KINDS else ""
