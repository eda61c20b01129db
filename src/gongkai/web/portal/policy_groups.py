"""A series, a combination or the tracking of policies, with its items and milestones."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.policies.groups import group_page
from gongkai.web.portal.pages import render


@require_safe
def policy_group(request: HttpRequest, group_id: int) -> HttpResponse:
    """The page of a published group: five queries."""
    group = group_page(group_id)
    if group is None:
        raise Http404
    today = timezone.localdate()
    return render(request, "policy_group.html", title=group.title, section="library", group=group, today=today)
