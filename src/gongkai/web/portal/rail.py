"""The six entries (政策, 指南, 制度, 法定主动公开内容, 年报, 依申请公开) of the district and of every body.

Without a code in the address the page is that of the district government; 年报 then shows those of all bodies.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gongkai.disclosure.public_tree import STATUTORY, Body, body, district, row_page, tree
from gongkai.policies.library import DOCUMENTS
from gongkai.web.portal import lists
from gongkai.web.portal.organisations import groups
from gongkai.web.portal.pages import listing, render
from gongkai.web.portal.request_forms import is_open
from gongkai.web.portal.statutory import row_list

CLASSIFICATION = (
    ("政策", "行政规范性文件、其他政策文件及解读，集中在政策文件库公开，标明有效性。"),
    ("政府信息公开指南", "即本指南，供公民、法人和其他组织查找、获取政府信息时使用。"),
    ("政府信息公开制度", "关于政府信息公开工作的法规、规章和制度文件。"),
    ("法定主动公开内容", "《中华人民共和国政府信息公开条例》第二十条、第二十一条规定应当主动公开的政府信息。"),
    ("政府信息公开年度报告", "每年1月31日前公布的上一年度政府信息公开工作年度报告。"),
    ("依申请公开", "除主动公开的政府信息外，可以依法申请获取的政府信息。"),
)
"""How government information is classified and arranged on this site (《条例》§12: 信息的分类、编排体系)."""


def _body(code: str | None) -> Body:
    found = body(code) if code else district()
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, template: str, entry: str, title: str, section: str, found: Body | None, **more: Any
) -> HttpResponse:
    return render(request, template, title=title, entry=entry, section=section, body=found, **more)


@require_safe
def policies(request: HttpRequest, code: str) -> HttpResponse:
    """政策: the policy documents of a body, newest first."""
    found = _body(code)
    shown = listing(request, lists.of_body(found, "政策", DOCUMENTS).query)
    return _page(
        request, "body_policies.html", "policies", f"政策 - {found.short_name}", "organisations", found, listing=shown
    )


@require_safe
def guide(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """政府信息公开指南: made from the nine elements of 《条例》§12 the body keeps up to date."""
    found = body(code) if code else district()
    if code and found is None:
        raise Http404
    title = f"{found.name}政府信息公开指南" if found else "政府信息公开指南"
    section = "organisations" if code else "guide"
    return _page(
        request, "guide.html", "disclosure-guide", title, section, found, classification=CLASSIFICATION,
        online=is_open(found.kind if found else ""),
    )  # fmt: skip


@require_safe
def rules(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """政府信息公开制度."""
    return _kind_list(request, code, "disclosure_rule", "disclosure-rules", "政府信息公开制度")


def _kind_list(request: HttpRequest, code: str | None, kind: str, entry: str, label: str, **more: Any) -> HttpResponse:
    found = body(code) if code else district()
    wanted = lists.of_kind(kind, label, found, missing=bool(code))
    if wanted is None:
        raise Http404
    shown, title = listing(request, wanted.query), wanted.title
    section = "organisations" if code else entry
    return _page(request, "kind_list.html", entry, title, section, found, listing=shown, label=label, **more)


@require_safe
def statutory_content(request: HttpRequest, code: str) -> HttpResponse:
    """法定主动公开内容 of a body: the rows that apply to it, with counts."""
    found = _body(code)
    nodes = tree(STATUTORY, found)
    title = f"法定主动公开内容 - {found.short_name}"
    return _page(request, "body_statutory.html", "statutory-content", title, "organisations", found, tree=nodes)


@require_safe
def row(request: HttpRequest, code: str, row_id: int) -> HttpResponse:
    """The items of a body in one row."""
    found, wanted = _body(code), row_page(row_id)
    if wanted is None:
        raise Http404
    return row_list(request, wanted, body=found, entry="statutory-content")


@require_safe
def annual_reports(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """政府信息公开年度报告: of one body, or of all by year."""
    if code:
        return _kind_list(request, code, "annual_report", "annual-reports", "政府信息公开年度报告")
    title = "政府信息公开年度报告"
    wanted = lists.of_kind("annual_report", title, None)
    shown = listing(request, wanted.query, 50) if wanted else None
    return _page(
        request, "annual_reports.html", "annual-reports", title, "reports", None, listing=shown, groups=groups()
    )


@require_safe
def information_requests(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """依申请公开: how to apply, to whom, and what happens then."""
    found = body(code) if code else district()
    if code and found is None:
        raise Http404
    title = f"依申请公开 - {found.short_name}" if code and found else "依申请公开"
    more: dict[str, Any] = {"online": is_open(found.kind if code and found else "")}
    if not code:
        more["groups"] = groups()
    section = "organisations" if code else "requests"
    return _page(request, "information_requests.html", "information-requests", title, section, found, **more)
