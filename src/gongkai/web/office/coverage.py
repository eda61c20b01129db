"""解读覆盖: how many normative documents are interpreted, body by body, and which of a body are not."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone

from gongkai.organisations.selectors import organisation_for, visible_to
from gongkai.policies import coverage
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.web.office.pages import office_page, show
from gongkai.web.shared.pager import paginate
from gongkai.web.shared.spreadsheets import BYTE_ORDER_MARK, line

PAGE = 30


@office_page()
def coverage_report(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One's own bodies; all of them for who may see all. Those with most to do come first."""
    lines = _lines(actor)
    context = {"lines": lines, "total": coverage.total(lines), "since": coverage.SINCE, "section": "coverage"}
    return show(request, actor, "coverage.html", context)


@office_page()
def coverage_csv(request: HttpRequest, actor: Actor) -> StreamingHttpResponse:
    """The same as a table for a spreadsheet program."""
    lines = _lines(actor)

    def rows() -> Iterator[str]:
        yield BYTE_ORDER_MARK + line(
            ["单位", "现行有效规范性文件", "已配解读", "未配解读", "其中已说明", "解读率", "一一对应", "一一对应率"]
        )
        for one in [*lines, coverage.total(lines)]:
            name = one.organisation.name if one.organisation else "合计"
            shares = ["" if share is None else f"{share:.1%}" for share in (one.share, one.one_to_one_share)]
            counts = [one.documents, one.interpreted, one.uninterpreted, one.explained]
            yield line([name, *counts, shares[0], one.one_to_one, shares[1]])

    response = StreamingHttpResponse(rows(), content_type="text/csv; charset=utf-8")
    name = f"interpretation-coverage-{timezone.localdate():%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@office_page()
def body_coverage(request: HttpRequest, actor: Actor, organisation_id: int) -> HttpResponse:
    """未配解读 of one body."""
    body, today = organisation_for(actor, organisation_id), timezone.localdate()
    context = {
        "body": body,
        "figures": coverage.coverage([body], today)[0],
        "page": paginate(coverage.uninterpreted(body.pk, today), coverage.ORDER, request.GET, PAGE),
        "may_write": bool(can(actor, Action.CREATE, Subject(body.pk))),
        "since": coverage.SINCE,
        "section": "coverage",
    }
    return show(request, actor, "body_coverage.html", context)


def _lines(actor: Actor) -> list[coverage.Coverage]:
    lines = coverage.coverage(visible_to(actor).order_by("position", "pk"), timezone.localdate())
    return sorted((one for one in lines if one.documents), key=lambda one: -one.uninterpreted)
