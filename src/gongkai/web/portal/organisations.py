"""Publishing bodies: the directory, and the front page of each."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gongkai.disclosure.public_tree import STATUTORY, Body, bodies, body, counts, tree
from gongkai.rules.vocabulary import vocabulary
from gongkai.web.portal import linked_data, lists
from gongkai.web.portal.pages import if_searchable, listing, render

DIRECTORY_NOTE = "各行政机关、公共企事业单位依照《中华人民共和国政府信息公开条例》公开本单位制作或者获取的政府信息。"


def groups() -> list[tuple[str, list[Body]]]:
    """The bodies by kind, in directory order: one query."""
    grouped: dict[str, list[Body]] = {}
    for one in bodies():
        grouped.setdefault(one.kind, []).append(one)
    return [(term.label, grouped[term.code]) for term in vocabulary("organisation_kinds").terms if term.code in grouped]


@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """All bodies by kind, with the number of their items."""
    return render(
        request,
        "organisations.html",
        title="公开机构",
        section="organisations",
        groups=groups(),
        counts=counts("organisation"),
        note=DIRECTORY_NOTE,
    )


@require_safe
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """A body: its six entries, its newest items, its contacts."""
    found = body(code)
    if found is None:
        raise Http404
    newest_items = if_searchable(lambda: listing(request, lists.of_body(found, "最新公开", {}).query, 10))
    return render(
        request,
        "organisation.html",
        title=found.name,
        section="organisations",
        body=found,
        listing=newest_items,
        linked_data=linked_data.organisation(found),
        tree=[node for node in tree(STATUTORY, found, depth=1) if node.count != 0],
    )
