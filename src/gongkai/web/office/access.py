"""岗位权限一览: who may do what at which body, as a page and as a table to take away."""

from __future__ import annotations

import io
from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from gongkai.organisations import access_overview, selectors
from gongkai.organisations.models import Membership
from gongkai.rules.access import Action, Actor, Role, Subject, can
from gongkai.rules.reasons import Refused
from gongkai.web.office.pages import office_page, show
from gongkai.web.shared.pager import paginate
from gongkai.web.shared.spreadsheets import BYTE_ORDER_MARK, line, workbook

PAGE = 50
ORDER = ("organisation__position", "organisation_id", "user_id", "id")


@office_page()
def access_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The roles held, page by page, and below what each role may do."""
    held, body, search = _asked(request, actor)
    page = paginate(held, ORDER, request.GET, PAGE)
    people = {one.user_id for one in page.rows}
    bodies = selectors.organisations_where(actor, Action.MANAGE_MEMBERS)
    context = {
        "page": page,
        "lines": access_overview.described(page.rows),
        "managed": set(selectors.people_managed_by(actor).filter(pk__in=people).values_list("pk", flat=True)),
        "bodies": list(bodies.values_list("pk", "name")),
        "body": body,
        "search": search,
        "roles": list(Role),
        "table": access_overview.table(),
        "section": "access",
    }
    return show(request, actor, "access.html", context)


@office_page()
def access_export(request: HttpRequest, actor: Actor, extension: str) -> HttpResponseBase:
    """The same list whole, as `csv` or `xlsx`; no cell is a formula."""
    if extension not in ("csv", "xlsx"):
        raise Http404
    held, _, _ = _asked(request, actor)
    rows = (one.cells() for one in access_overview.all_lines(held))
    name = f"access-{timezone.localdate():%Y%m%d}.{extension}"
    answer: HttpResponseBase
    if extension == "csv":
        answer = StreamingHttpResponse(_csv(rows), content_type="text/csv; charset=utf-8")
    else:
        out = io.BytesIO()
        roles = [
            ("事项", *(role.label for role in Role)),
            *((label, *reach) for label, reach in access_overview.table()),
        ]
        workbook(out, [("岗位权限一览", [access_overview.HEAD, *rows]), ("角色权限", roles)])
        answer = HttpResponse(
            out.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        )
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _csv(rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield BYTE_ORDER_MARK + line(access_overview.HEAD)
    for row in rows:
        yield line(row)


def _asked(request: HttpRequest, actor: Actor) -> tuple[QuerySet[Membership], int | None, str]:
    """(the roles asked for, body, search); raises `Refused` for those who manage nobody. A foreign body is a list with nothing in it."""
    if selectors.bodies_where(actor, Action.MANAGE_MEMBERS) == frozenset():
        raise Refused(can(actor, Action.MANAGE_MEMBERS, Subject(None)).reasons)
    given = request.GET.get("organisation", "")
    body = int(given) if given.isdecimal() and len(given) < 19 else None
    search = request.GET.get("q", "").strip()[:40]
    return access_overview.held_roles(actor, body, search), body, search
