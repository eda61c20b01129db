"""The masked table of an edition: any page of it, sorted and searched, and the whole of it as CSV and workbook.

The addresses name the edition, so what they show never changes; they are gone when the edition is.
"""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongkai.disclosure import public
from gongkai.disclosure.public import ItemPage
from gongkai.tables import downloads
from gongkai.tables import public as tables
from gongkai.tables.public import Row, TableView
from gongkai.web.portal.items import ATTACHMENT_CACHE, disposition, gone
from gongkai.web.portal.pages import LONGEST_TEXT, render
from gongkai.web.shared.pager import Page, paginate
from gongkai.web.shared.templating import absolute


@require_safe
def table(request: HttpRequest, item_id: int, number: int) -> HttpResponse:
    """A page of the table: `q` searches names and places, `sort` names a column (`-amount` from the largest down)."""
    public_table = _found(item_id, number)
    if public_table is None:
        return _not_here(request, item_id, number)
    item, shown = public_table
    text = request.GET.get("q", "").strip()[:LONGEST_TEXT]
    asked = tables.question(shown, text, request.GET.get("sort", ""))
    rows = tables.found(shown, asked)
    page = paginate(tables.rows(rows, asked), asked.order, request.GET, tables.PAGE)
    return render(
        request,
        "table.html",
        title=f"{shown.title}（{item.title}）" if shown.title != item.title else item.title,
        section="statutory",
        item=item,
        table=shown,
        page=_with_cells(page),
        question=asked,
        text=text,
        summary=tables.summary(shown, asked, rows),
        mark_url=absolute(reverse("portal:table", args=[item_id, number])),
    )


def _with_cells(page: Page[dict[str, object]]) -> Page[Row]:
    return page.with_rows([Row(row["position"], tuple(row["cells"])) for row in page.rows])  # type: ignore[arg-type]


@require_safe
def table_document(
    request: HttpRequest, item_id: int, number: int, extension: str
) -> HttpResponse | FileResponse | HttpResponseNotModified:
    """The whole masked table as a file."""
    if extension not in downloads.MEDIA_TYPES:
        raise Http404
    found = _found(item_id, number)
    if found is None:
        return _not_here(request, item_id, number)
    item, shown = found
    etag = f'"{shown.table.digest[:32]}-{extension}"'
    if etag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers={"ETag": etag, "Cache-Control": ATTACHMENT_CACHE})
    response = FileResponse(downloads.opened(shown.table, extension), content_type=downloads.MEDIA_TYPES[extension])
    response["Content-Disposition"] = disposition(f"{item.title}.{extension}", inline=False)
    response["Cache-Control"] = ATTACHMENT_CACHE
    response["ETag"] = etag
    return response


def _found(item_id: int, number: int) -> tuple[ItemPage, TableView] | None:
    """The public edition and its table; None when either is not there. Three queries."""
    item = public.document(item_id, number)
    shown = tables.table_view(item.table_id) if item and item.table_id else None
    return (item, shown) if item and shown else None


def _not_here(request: HttpRequest, item_id: int, number: int) -> HttpResponse:
    """410 when the edition or the item was taken off the site, else 404."""
    if closed := public.closed_edition(item_id, number) or public.withdrawn(item_id):
        return gone(request, closed)
    raise Http404
