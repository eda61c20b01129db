"""Preview: the public page of what is being written, on a desk, in a hand, and in 长辈版."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.clickjacking import xframe_options_sameorigin

from gongkai.disclosure import selectors
from gongkai.disclosure.pictures import for_office
from gongkai.disclosure.preview import preview_page
from gongkai.rules.access import Actor
from gongkai.web.office.pages import office_page, show
from gongkai.web.portal.columns import column_of_item
from gongkai.web.portal.items import by_form
from gongkai.web.portal.pages import render
from gongkai.web.portal.reading import body_html
from gongkai.web.shared.templating import ELDER, absolute

FRAMES = (("desktop", "电脑"), ("phone", "手机"), ("elder", "长辈版"))


@office_page()
def preview(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponse:
    """The page with the frame; ``view`` says which. Nothing is published by looking."""
    item = selectors.item_for(actor, item_id)
    views = dict(FRAMES)
    view = request.GET.get("view", "desktop")
    view = view if view in views else "desktop"
    address = reverse("office:item-preview-page", kwargs={"item_id": item.pk})
    context = {
        "item": item,
        "edition": selectors.in_hand(item),
        "frames": FRAMES,
        "view": view,
        "frame": f"{address}?v={ELDER}" if view == "elder" else address,
        "section": "items",
    }
    return show(request, actor, "preview.html", context)


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": ["'self'"]})
@office_page()
def preview_frame(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponse:
    """The public page of the edition in hand, inside the frame of `preview`; no other site may frame it."""
    item = selectors.item_for(actor, item_id)
    found = preview_page(item, selectors.in_hand(item))
    body = body_html(found.edition["body"], signatories=(*found.edition["issuing_agencies"], found.organisation))
    return render(
        request,
        "item.html",
        title=found.title,
        section="library" if found.kind == "policy_document" else "statutory",
        item=found,
        edition=found.edition,
        body=mark_safe(for_office(str(body), item.pk)),  # noqa: S308 - sanitised by body_html; only addresses of pictures change
        relations=found.relations,
        by_form=by_form,
        column=column_of_item(found),
        linked_data="",
        mark_url=absolute(reverse("portal:item", args=[found.id])),
        edition_url=absolute(reverse("portal:edition", args=[found.id, found.number])),
    )
