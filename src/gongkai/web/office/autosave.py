"""Keeping what is typed while it is typed."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from gongkai.disclosure import selectors, working_copies
from gongkai.rules.access import Actor
from gongkai.rules.reasons import Refused
from gongkai.web.office.item_forms import DETAIL, ItemForm
from gongkai.web.office.pages import office_page

KEPT = frozenset(ItemForm.base_fields) - {"attachments", "revision"}


@office_page("POST")
def autosave(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponseBase:
    """The whole form → ``{"saved_at": "10:21:05", "behind": bool, "others": [name, …]}``; 409 with ``{"errors": […]}`` when the draft
    can no longer be written."""
    item = selectors.item_for(actor, item_id)
    fields = {name: values for name, values in request.POST.lists() if name in KEPT or name.startswith(DETAIL)}
    revision = request.POST.get("revision", "")
    try:
        kept = working_copies.keep(
            actor=actor,
            item_id=item.pk,
            revision=int(revision) if revision.isdecimal() and len(revision) < 9 else 0,
            fields=fields,
        )
    except Refused as refusal:
        if "role" in refusal.codes:
            raise
        return JsonResponse({"errors": [str(reason) for reason in refusal.reasons]}, status=409)
    at = timezone.localtime(kept.saved_at)
    return JsonResponse({"saved_at": f"{at:%H:%M:%S}", "behind": kept.behind, "others": kept.others})
