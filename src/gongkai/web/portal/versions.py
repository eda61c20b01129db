"""Editions side by side: the page, the printed table, and the way to it from a form without script; files of earlier editions."""

from __future__ import annotations

from collections.abc import Sequence
from subprocess import CalledProcessError, TimeoutExpired

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongkai.disclosure import public, public_versions
from gongkai.disclosure.public import EditionLine, Withdrawn
from gongkai.disclosure.public_versions import VersionsPage
from gongkai.web.portal import downloads
from gongkai.web.portal.items import disposition, gone
from gongkai.web.portal.pages import render
from gongkai.web.shared import comparison as tables
from gongkai.web.shared.dates import moment
from gongkai.web.shared.templating import ELDER, absolute

CHANGED = "changed"
"""Parameter of the address that leaves out what did not change."""


@require_safe
def choose(request: HttpRequest, item_id: int) -> HttpResponse:
    """Where the form with the two editions leads; without a choice, the last change."""
    editions = public_versions.editions(item_id)
    if not editions:
        raise Http404
    known = {line.number for line in editions}
    wanted = [
        int(text) for name in ("from", "to") if (text := request.GET.get(name, "")).isdecimal() and len(text) < 10
    ]
    if len(wanted) != 2 or not known.issuperset(wanted):
        wanted = [line.number for line in editions[:2]]
    older, newer = min(wanted), max(wanted)
    if older == newer:
        address = reverse("portal:edition", args=[item_id, newer])
    else:
        address = reverse("portal:comparison", args=[item_id, older, newer])
    keep = [
        pair
        for pair, given in ((f"v={ELDER}", request.GET.get("v") == ELDER), (f"{CHANGED}=1", _changed(request)))
        if given
    ]
    return HttpResponseRedirect(address + (f"?{'&'.join(keep)}" if keep else ""))


@require_safe
def comparison(request: HttpRequest, item_id: int, number: int, other: int) -> HttpResponse:
    """修改前后对照表 of two editions, the older on the left."""
    if number > other:
        return HttpResponseRedirect(_in_order(request, "portal:comparison", item_id, other, number))
    found = _found(item_id, number, other)
    if isinstance(found, Withdrawn):
        return gone(request, found)
    compared = found.comparison
    return render(
        request,
        "comparison.html",
        title=f"修改前后对照表：{compared.new.title}",
        section="library" if found.kind == "policy_document" else "statutory",
        page=found,
        comparison=compared,
        lines=tables.lines(compared.table, changed_only=_changed(request)),
        heads=(tables.heading(compared.old), tables.heading(compared.new)),
        corrections=_corrections(found),
        changed_only=_changed(request),
        formats={extension: downloads.FORMATS[extension] for extension in tables.MEDIA_TYPES},
        note=tables.NOTE,
        legend=tables.LEGEND,
        mark_url=_address(found),
    )


@require_safe
def comparison_document(request: HttpRequest, item_id: int, number: int, other: int, extension: str) -> HttpResponse:
    """The table as Word or PDF, on landscape A4."""
    if extension not in tables.MEDIA_TYPES:
        raise Http404
    if number > other:
        return HttpResponseRedirect(_in_order(request, "portal:comparison-document", item_id, other, number, extension))
    found = _found(item_id, number, other)
    if isinstance(found, Withdrawn):
        return gone(request, found)
    compared, changed = found.comparison, _changed(request)
    stamps = [downloads.stamp(side.published_at) for side in (compared.old, compared.new)]
    name = f"comparison-{item_id}-{number}-{other}-{stamps[0]}-{stamps[1]}{'-changed' if changed else ''}"
    try:
        content = downloads.kept(
            name,
            extension,
            lambda: tables.printed(
                compared,
                index_number=found.index_number,
                url=_address(found),
                notes=[correction_notice(line) for line in _corrections(found)],
                changed_only=changed,
            ),
        )
    except (CalledProcessError, TimeoutExpired):
        return render(
            request, "comparison_failed.html", status=503, title="对照表暂时不能生成", page=found, comparison=compared
        )
    response = HttpResponse(content, content_type=tables.MEDIA_TYPES[extension])
    response["Content-Disposition"] = disposition(f"{compared.new.title}（修改前后对照表）.{extension}", inline=False)
    return response


@require_safe
def edition_document(request: HttpRequest, item_id: int, number: int, extension: str) -> HttpResponse:
    """Word, PDF or plain text of one edition: what is citable can be taken away too."""
    if extension not in downloads.MEDIA_TYPES:
        raise Http404
    found = public.document(item_id, number)
    if found is None:
        if closed := public.closed_edition(item_id, number):
            return gone(request, closed)
        raise Http404
    response = HttpResponse(downloads.render(found, extension), content_type=downloads.MEDIA_TYPES[extension])
    response["Content-Disposition"] = disposition(f"{found.title}（第{number}版）.{extension}", inline=False)
    return response


def correction_notice(line: EditionLine) -> str:
    """更正说明 of one edition, as one sentence for people."""
    return f"更正说明（第 {line.number} 版，{moment(line.published_at)} 发布）：{line.change_note}"


def _found(item_id: int, number: int, other: int) -> VersionsPage | Withdrawn:
    found = public_versions.versions_page(item_id, number, other)
    if found is None:
        raise Http404
    return found


def _corrections(found: VersionsPage) -> Sequence[EditionLine]:
    """What was said at each correction between the two editions, oldest first."""
    old, new = found.comparison.old.number, found.comparison.new.number
    return [line for line in reversed(found.editions) if old < line.number <= new and line.change_note]


def _changed(request: HttpRequest) -> bool:
    return request.GET.get(CHANGED) == "1"


def _address(found: VersionsPage) -> str:
    sides = found.comparison.old.number, found.comparison.new.number
    return absolute(reverse("portal:comparison", args=[found.id, *sides]))


def _in_order(request: HttpRequest, name: str, *arguments: object) -> str:
    query = request.META.get("QUERY_STRING", "")
    return reverse(name, args=list(arguments)) + (f"?{query}" if query else "")
