"""One item: its page, its editions, the files generated from its text, its attachments; and finding an item by its number."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import quote

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.disclosure import public
from gongkai.disclosure.public import ItemPage, Withdrawn
from gongkai.disclosure.public_ties import Tie, Ties
from gongkai.policies.cards import CardView, cards_of, wants_card
from gongkai.policies.groups import groups_of
from gongkai.rules import document_number
from gongkai.rules.tags import TAGGED_KINDS, Dimension, labels
from gongkai.rules.vocabulary import vocabulary
from gongkai.tables.public import table_view
from gongkai.text.reading_time import BRIEF, reading_minutes, reading_seconds
from gongkai.web.portal import downloads, linked_data
from gongkai.web.portal.columns import column_of_item
from gongkai.web.portal.pages import LONGEST_TEXT, render
from gongkai.web.portal.reading import body_html
from gongkai.web.portal.reading_together import with_anchors
from gongkai.web.shared.dates import parse_day
from gongkai.web.shared.search_counting import note_read
from gongkai.web.shared.templating import ELDER, absolute, address_of

RAIL_ORDER = (
    "interpreted_by",
    "interprets",
    "implements",
    "implemented_by",
    "amended_by",
    "repealed_by",
    "replaced_by",
    "declared_invalid_by",
    "amends",
    "repeals",
    "replaces",
    "declares_invalid",
)
"""Relations that are shown first beside a document, in this order; the others follow as they come."""
INLINE_TYPES = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "text/plain"})
"""Attachments a browser may show; all others are saved."""
ATTACHMENT_CACHE = "public, no-cache"


@require_safe
def item(request: HttpRequest, item_id: int) -> HttpResponse:
    """The page of an item, or the notice that it was withdrawn (410: it was here and is gone)."""
    response = _show(request, public.item_page(item_id, on=parse_day(request.GET.get("as-of"))))
    return note_read(response, item_id) if response.status_code == HTTPStatus.OK else response


@require_safe
def edition(request: HttpRequest, item_id: int, number: int) -> HttpResponse:
    """An earlier (or the present) edition of an item."""
    return _show(request, public.item_page(item_id, number=number))


def _show(request: HttpRequest, found: ItemPage | Withdrawn | None) -> HttpResponse:
    if found is None:
        raise Http404
    if isinstance(found, Withdrawn):
        return gone(request, found)
    mode = f"?v={ELDER}" if request.GET.get("v") == ELDER else ""
    agencies = (*found.edition["issuing_agencies"], found.organisation)
    body = body_html(
        found.edition["body"],
        found.citations,
        lambda item_id: address_of("portal:item", item_id) + mode,
        signatories=agencies,
    )
    cards = _cards(found)
    return render(
        request,
        "item.html",
        title=found.title,
        section="library" if found.kind == "policy_document" else "statutory",
        item=found,
        edition=found.edition,
        body=with_anchors(body, [card.basis for card in cards if card.item_id == found.id]),
        policy_cards=cards,
        services=[card for card in cards if card.service_url and not card.closed(timezone.localdate())],
        card_seconds=max(BRIEF, reading_seconds(cards[0].text)) if cards else 0,
        reading_minutes=reading_minutes(found.edition["body_text"]) if found.kind in TAGGED_KINDS else 0,
        today=timezone.localdate(),
        tags=[(one.label, "、".join(words)) for one in Dimension if (words := labels(found.tags, one))],
        table=table_view(found.table_id) if found.table_id else None,
        relations=_in_rail_order(found.relations),
        by_form=by_form,
        groups=groups_of(found.id) if found.is_current else [],
        column=column_of_item(found),
        linked_data=linked_data.item(found) if found.is_current else "",
        mark_url=absolute(address_of("portal:item", found.id)),
        edition_url=absolute(address_of("portal:edition", found.id, found.number)),
    )


def _cards(found: ItemPage) -> list[CardView]:
    """The cards of a 惠民 or 惠企 policy; an interpretation shows those of the document it explains. One query, none for all others."""
    if not wants_card(found.tags) or not found.is_current:
        return []
    explained = [tie.item.id for ties in found.relations if ties.identifier == "interprets" for tie in ties.ties]
    known = cards_of([found.id, *explained])
    return next((known[pk] for pk in (found.id, *explained) if pk in known), [])


def gone(request: HttpRequest, found: Withdrawn) -> HttpResponse:
    """The notice that an item, or one of its editions, was taken off the site, with the reason: 410, never 404."""
    reason = vocabulary("withdrawal_reasons").get(found.reason)
    title = "信息已撤回" if found.number is None else "版本已停止公开"
    return render(request, "withdrawn.html", status=410, title=title, withdrawn=found, reason=reason)


def _in_rail_order(relations: Sequence[Ties]) -> list[Ties]:
    known = {identifier: place for place, identifier in enumerate(RAIL_ORDER)}
    return sorted(relations, key=lambda ties: known.get(ties.identifier, len(known)))


def by_form(group: Ties) -> list[tuple[str, list[Tie]]]:
    """The interpretations of a document by their form (部门解读、政策图解 …), in the order of the vocabulary; other relations undivided."""
    if group.identifier != "interpreted_by":
        return [("", list(group.ties))]
    forms = vocabulary("interpretation_forms")
    divided = [(term.label, [tie for tie in group.ties if tie.item.form == term.code]) for term in forms.terms]
    rest = [tie for tie in group.ties if tie.item.form not in forms]
    found = [(label, ties) for label, ties in divided if ties]
    return [*found, *([("其他解读" if found else "", rest)] if rest else [])]


@require_safe
def document(request: HttpRequest, item_id: int, extension: str) -> HttpResponse:
    """Word, PDF or plain text of the current edition, generated from its one body (无公章文字版)."""
    if extension not in downloads.MEDIA_TYPES:
        raise Http404
    found = public.document(item_id)
    if found is None:
        raise Http404
    response = HttpResponse(downloads.render(found, extension), content_type=downloads.MEDIA_TYPES[extension])
    response["Content-Disposition"] = disposition(f"{found.title}.{extension}", inline=False)
    return response


@require_safe
def attachment(
    request: HttpRequest, item_id: int, attachment_id: int, name: str
) -> FileResponse | HttpResponseNotModified:
    """An attachment of a published edition, under its own name."""
    found = public.download(item_id, attachment_id)
    return _send(request, found)


@require_safe
def picture(request: HttpRequest, digest: str) -> FileResponse | HttpResponseNotModified:
    """A picture in the text of a published edition."""
    return _send(request, public.picture(digest))


def _send(request: HttpRequest, found: public.Download | None) -> FileResponse | HttpResponseNotModified:
    if found is None or not default_storage.exists(found.storage_name):
        raise Http404
    etag = f'"{found.sha256}"'
    if etag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers={"ETag": etag, "Cache-Control": ATTACHMENT_CACHE})
    inline = found.media_type in INLINE_TYPES
    content_type = f"{found.media_type}; charset=utf-8" if found.media_type.startswith("text/") else found.media_type
    response = FileResponse(default_storage.open(found.storage_name), content_type=content_type)
    response["Content-Length"] = str(found.size)
    response["Content-Disposition"] = disposition(found.name, inline=inline)
    response["Cache-Control"] = ATTACHMENT_CACHE
    response["ETag"] = etag
    return response


def disposition(name: str, *, inline: bool) -> str:
    """The Content-Disposition for a file name in any script (RFC 6266)."""
    return f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(name.replace('/', '_'), safe='')}"


@require_safe
def by_number(request: HttpRequest) -> HttpResponse:
    """Go to the item that carries a document number; to the search page when none or several do."""
    text = request.GET.get("number", "").strip()[:LONGEST_TEXT]
    number = document_number.normalise(text)
    found = public.by_document_number(number) if number else []
    if len(found) == 1:
        return HttpResponseRedirect(reverse("portal:item", args=found))
    return HttpResponseRedirect(f"{reverse('portal:search')}?q={quote(number or text)}")
