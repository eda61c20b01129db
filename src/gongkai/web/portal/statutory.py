"""法定主动公开内容: by catalogue, by body, by key field, by the grassroots standard catalogue; and the list of one row."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gongkai.disclosure.public_tree import GRASSROOTS, STATUTORY, Body, Node, RowPage, counts, row_page, tree
from gongkai.web.portal import lists
from gongkai.web.portal.organisations import groups
from gongkai.web.portal.pages import listing, render

KEY_FIELDS = frozenset({"03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13"})
"""Classes of 《条例》§20 that national work plans call 重点领域."""


@require_safe
def statutory_content(request: HttpRequest) -> HttpResponse:
    """The catalogue of the district with the number of items in each row."""
    nodes = tree(STATUTORY)
    return _tree_page(request, "catalogue", nodes, "法定主动公开内容")


@require_safe
def fields(request: HttpRequest) -> HttpResponse:
    """重点领域: the branches of the catalogue that rest on the classes people ask for most."""
    nodes = tuple(node for node in tree(STATUTORY) if node.statutory_class in KEY_FIELDS)
    return _tree_page(request, "fields", nodes, "重点领域信息公开")


@require_safe
def grassroots(request: HttpRequest) -> HttpResponse:
    """基层政务公开标准目录: its fields and rows."""
    return _tree_page(request, "grassroots", tree(GRASSROOTS), "基层政务公开标准目录")


@require_safe
def by_organisation(request: HttpRequest) -> HttpResponse:
    """The same content body by body."""
    return render(
        request,
        "statutory_organisations.html",
        title="法定主动公开内容（按机构）",
        section="statutory",
        tab="organisations",
        groups=groups(),
        counts=counts("organisation"),
    )


def _tree_page(request: HttpRequest, tab: str, nodes: tuple[Node, ...], title: str) -> HttpResponse:
    return render(request, "statutory.html", title=title, section="statutory", tab=tab, tree=nodes)


@require_safe
def row(request: HttpRequest, row_id: int) -> HttpResponse:
    """The items of one row (and of the rows under it), with the ten columns of the row."""
    found = row_page(row_id)
    if found is None:
        raise Http404
    return row_list(request, found)


def row_list(request: HttpRequest, found: RowPage, body: Body | None = None, **context: Any) -> HttpResponse:
    """The list page of a row; with a `body`, its own items only."""
    query = lists.of_row(request.GET, found, body).query
    shown = listing(request, query)
    # An item in a row is in the rows above it too, so the numbers of the whole catalogue hold here: counted once for all rows.
    numbers = counts("catalogue_rows", organisation=str(body.id) if body else "") if found.children else {}
    return render(
        request,
        "row.html",
        title=found.label,
        section="statutory",
        row=found,
        listing=shown,
        numbers=numbers,
        sort=query.sort.value,
        body=body,
        **context,
    )
