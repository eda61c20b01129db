"""省市优秀解读: three tabs of good interpretations, those of other sites marked as such."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gongkai.policies.exemplary import ORDER, exemplary, lines
from gongkai.rules.exemplary import Level
from gongkai.web.portal.pages import LIST_SIZE, render
from gongkai.web.shared.pager import paginate


@require_safe
def exemplary_interpretations(request: HttpRequest) -> HttpResponse:
    """The list of a level (`level`); whatever is none is the province."""
    asked = request.GET.get("level", "")
    level = Level(asked) if asked in set(Level) else Level.PROVINCE
    page = paginate(exemplary(level), ORDER, request.GET, LIST_SIZE)
    return render(
        request,
        "exemplary.html",
        title=f"省市优秀解读（{level.label}）",
        section="topic",
        levels=list(Level),
        level=level,
        page=page.with_rows(lines(page.rows)),
    )
