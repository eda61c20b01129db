"""Editions side by side for those who work on the item: any two, the one being written among them."""

from __future__ import annotations

from subprocess import CalledProcessError, TimeoutExpired

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header

from gongkai.disclosure import selectors
from gongkai.disclosure.models import Item
from gongkai.disclosure.versions import EditionComparison, compared, side_of
from gongkai.rules.access import Actor
from gongkai.web.office.pages import office_page, show
from gongkai.web.shared import comparison as tables
from gongkai.web.shared.templating import absolute
from gongkai.web.shared.typesetting import typeset
from gongkai.workflow.engine import NotVisible


def working_changes(item: Item) -> EditionComparison | None:
    """What the edition being written changes against the one the public reads; None when there are not both."""
    if item.working is None or item.current is None:
        return None
    return compared(side_of(item.current), side_of(item.working))


@office_page()
def comparison(request: HttpRequest, actor: Actor, item_id: int, number: int, other: int) -> HttpResponse:
    """修改前后对照表 of any two editions of an item of one's own."""
    item, found = _compared(actor, item_id, number, other)
    if number > other:
        return redirect("office:comparison", item_id=item_id, number=other, other=number)
    changed_only = request.GET.get("changed") == "1"
    context = {
        "item": item,
        "comparison": found,
        "lines": tables.lines(found.table, changed_only=changed_only),
        "heads": (tables.heading(found.old), tables.heading(found.new)),
        "changed_only": changed_only,
        "note": tables.NOTE,
        "section": "items",
    }
    return show(request, actor, "comparison.html", context)


@office_page()
def comparison_document(
    request: HttpRequest, actor: Actor, item_id: int, number: int, other: int, extension: str
) -> HttpResponse:
    """The table as Word or PDF; made anew each time, for a draft goes on changing."""
    item, found = _compared(actor, item_id, number, other)
    if extension not in tables.MEDIA_TYPES:
        raise Http404
    if number > other:
        return redirect("office:comparison-document", item_id=item_id, number=other, other=number, extension=extension)
    address = reverse("office:comparison", args=[item_id, number, other])
    printed = tables.printed(
        found,
        index_number=item.index_number,
        url=absolute(address),
        notes=[f"更正说明（第 {found.new.number} 版）：{found.new.change_note}"] if found.new.change_note else [],
        changed_only=request.GET.get("changed") == "1",
    )
    try:
        content = typeset(extension, printed)
    except (CalledProcessError, TimeoutExpired):
        messages.error(request, "对照表没有生成成功，请稍后再试；也可以在本页查看和打印。")
        return redirect(address)
    response = HttpResponse(content, content_type=tables.MEDIA_TYPES[extension])
    name = f"{found.new.title or item.index_number}（修改前后对照表）.{extension}"
    response["Content-Disposition"] = content_disposition_header(True, name.replace("/", "_")) or "attachment"
    return response


def _compared(actor: Actor, item_id: int, number: int, other: int) -> tuple[Item, EditionComparison]:
    """The item and the two editions compared; raises `NotVisible`."""
    item = selectors.item_for(actor, item_id)
    if number == other:
        raise NotVisible
    older, newer = sorted((number, other))
    return item, compared(side_of(selectors.edition_for(item, older)), side_of(selectors.edition_for(item, newer)))
