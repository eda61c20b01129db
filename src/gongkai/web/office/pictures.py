"""Pictures in the text of a draft: put in from the editor, and shown before anything is published."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from gongkai.disclosure import actions, pictures, selectors
from gongkai.rules.access import Action, Actor, Subject
from gongkai.rules.publication import State
from gongkai.rules.reasons import Refused
from gongkai.web.office.pages import office_page
from gongkai.workflow.engine import require


@office_page("POST")
def add_picture(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponseBase:
    """Store one picture for the text; answers ``{"src": address}``, or 422 with ``{"errors": [sentence, …]}``."""
    item = selectors.item_for(actor, item_id)
    edition = selectors.in_hand(item)
    require(actor, Action.ATTACH, Subject(item.organisation_id, State(edition.state), edition.author_id))
    file = request.FILES.get("picture")
    if file is None:
        return JsonResponse({"errors": ["请选择要插入的图片。"]}, status=422)
    try:
        added = actions.add_picture(actor=actor, item_id=item.pk, name=file.name or "", stream=cast(BinaryIO, file))
    except Refused as refusal:
        return JsonResponse({"errors": [str(reason) for reason in refusal.reasons]}, status=422)
    address = reverse("office:picture", kwargs={"item_id": item.pk, "digest": added.file.sha256})
    return JsonResponse({"src": address})


@office_page()
def picture(request: HttpRequest, actor: Actor, item_id: int, digest: str) -> HttpResponseBase:
    """A picture of any edition of the item, published or not, for those who work on it."""
    found = pictures.picture_for(selectors.item_for(actor, item_id), digest)
    response = FileResponse(default_storage.open(found.storage_name), content_type=found.media_type)
    response["Content-Disposition"] = "inline"
    return response
