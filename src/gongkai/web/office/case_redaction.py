"""Hiding parts of a document page by page: by drawing, by numbers, by text, by what the detectors propose; each with its ground."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from gongkai.documents.redaction import Proposal, Rect, RedactionBox
from gongkai.documents.redaction.proposing import propose
from gongkai.foi import redactions
from gongkai.foi.models import Case, CaseDocument
from gongkai.rules.access import Actor
from gongkai.rules.reasons import Reason, Refused
from gongkai.web.office.case_draft_forms import severable
from gongkai.web.office.pages import office_page, show

if TYPE_CHECKING:
    from gongkai.documents.redaction import SourceDocument

SCREEN_DPI = 110
MOST_ON_PAGE = 500


@office_page("GET", "POST")
def redact(request: HttpRequest, actor: Actor, case_id: int, document_id: int) -> HttpResponse:
    """One page of a document with its boxes."""
    case, document = redactions.document_of(actor, case_id, document_id)
    with redactions.pages_of(document) as source:
        number = _page_number(request, source)
        if request.method != "POST":
            return _page(request, actor, case, document, source, number, redactions.boxes_of(document))
        boxes, reasons = _posted(request.POST, document, number)
        if request.POST.get("find", "").strip():
            found = _found(source, request.POST["find"], request.POST.get("find-ground", ""))
            boxes += found
            messages.info(request, f"“{request.POST['find'].strip()[:50]}”找到 {len(found)} 处。")
        boxes += _accepted(request.POST, document, source, number)
        if not reasons:
            try:
                redactions.save_boxes(
                    actor=actor,
                    case_id=case.pk,
                    document_id=document.pk,
                    boxes=boxes,
                    revision=_whole(request.POST.get("revision")),
                    pages=len(source.pages),
                )
                if "burn" in request.POST:
                    redactions.request_burn(actor=actor, case_id=case.pk, document_id=document.pk)
                    messages.success(request, "正在生成遮盖件，完成后列在材料中。")
                    return redirect("office:case", case_id=case.pk)
                messages.success(request, f"已保存，共 {len(boxes)} 处遮盖。")
                return redirect(f"{request.path}?page={_goto(request.POST, number, source)}")
            except Refused as refusal:
                reasons = list(refusal.reasons)
        changed = any(reason.code == "changed" for reason in reasons)
        return _page(request, actor, case, document, source, number, boxes, reasons, 409 if changed else 422)


@office_page()
def page_image(request: HttpRequest, actor: Actor, case_id: int, document_id: int, number: int) -> HttpResponse:
    """The picture of a page, for the screen of those who may see the case."""
    _, document = redactions.document_of(actor, case_id, document_id)
    with redactions.pages_of(document) as source:
        try:
            return HttpResponse(source.page_image(number, SCREEN_DPI), content_type="image/png")
        except LookupError as error:
            raise Http404 from error


@office_page("POST")
def discard_boxes(request: HttpRequest, actor: Actor, case_id: int, document_id: int) -> HttpResponse:
    """Take all boxes off again."""
    case, document = redactions.document_of(actor, case_id, document_id)
    redactions.save_boxes(
        actor=actor, case_id=case.pk, document_id=document.pk, boxes=(), revision=_whole(request.POST.get("revision"))
    )
    messages.success(request, "遮盖已全部取消。")
    return redirect("office:case-redact", case_id=case.pk, document_id=document.pk)


def _page(
    request: HttpRequest,
    actor: Actor,
    case: Case,
    document: CaseDocument,
    source: SourceDocument,
    number: int,
    boxes: Sequence[RedactionBox],
    reasons: Sequence[Reason] = (),
    status: int = 200,
) -> HttpResponse:
    size = source.pages[number - 1]
    here = [box for box in boxes if box.page == number]
    proposals = [
        (place, proposal)
        for place, proposal in enumerate(_proposals(document, source, number))
        if not _covered(proposal.rects, here)
    ]
    context: dict[str, Any] = {
        "section": "cases",
        "case": case,
        "document": document,
        "number": number,
        "pages": [(one.number, sum(box.page == one.number for box in boxes)) for one in source.pages],
        "size": size,
        "boxes": here,
        "total": len(boxes),
        "proposals": proposals,
        "unread": source.has_pictures(number) and "proposals" not in document.layer,
        "reading": bool(document.layer.get("reading")),
        "grounds": severable(),
        "labels": redactions.ground_labels(),
        "revision": document.layer.get("revision", 0),
        "failed": document.layer.get("failed", ""),
        "warnings": source.warnings,
        "reasons": reasons,
        "image": reverse("office:case-page-image", args=(case.pk, document.pk, number)),
    }
    return show(request, actor, "case_redaction.html", context, status=status)


def _posted(data: QueryDict, document: CaseDocument, number: int) -> tuple[list[RedactionBox], list[Reason]]:
    """The boxes of the other pages as they are kept, and those of this page as the form has them (per cent of the page)."""
    boxes = [box for box in redactions.boxes_of(document) if box.page != number]
    reasons: list[Reason] = []
    places = sorted({_whole(name.rsplit("-", 1)[1]) for name in data if name.startswith("box-x0-")})[:MOST_ON_PAGE]
    for place in places:
        texts = [data.get(f"box-{side}-{place}", "").strip() for side in ("x0", "y0", "x1", "y1")]
        if data.get(f"box-remove-{place}") or not any(texts):
            continue
        try:
            x0, y0, x1, y1 = (min(max(float(text) / 100, 0.0), 1.0) for text in texts)
        except ValueError:
            reasons.append(
                Reason("box", f"第 {place + 1} 个遮盖框的位置应当是 0 至 100 的数字。", "", f"box-x0-{place}")
            )
            continue
        box = RedactionBox(
            number, min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), data.get(f"box-ground-{place}", "")
        )
        if box.rect.area < 1e-6:
            reasons.append(
                Reason("box", f"第 {place + 1} 个遮盖框没有面积，请重新框选或者删除。", "", f"box-x0-{place}")
            )
            continue
        boxes.append(box)
    return boxes, reasons


def _found(source: SourceDocument, text: str, ground: str) -> list[RedactionBox]:
    return [
        _box(found.page, rect, ground) for found in source.find(text[:200], recognise=False) for rect in found.rects
    ]


def _proposals(document: CaseDocument, source: SourceDocument, number: int) -> list[Proposal]:
    """What is proposed on a page: from its text now, from its pictures as they were read in the background."""
    found = list(propose(source.pages[number - 1], source.words(number, recognise=False)))
    for page, text, label, certain, rects in document.layer.get("proposals", ()):
        if page == number:
            places = tuple(Rect(*sides) for sides in rects)
            found.append(Proposal(page, text, places, "", label, "", certain, recognised=True))
    return found


def _accepted(data: QueryDict, document: CaseDocument, source: SourceDocument, number: int) -> list[RedactionBox]:
    wanted = {_whole(value) for value in data.getlist("proposal")}
    if not wanted:
        return []
    ground = data.get("proposal-ground", "")
    return [
        _box(number, rect, ground)
        for place, proposal in enumerate(_proposals(document, source, number))
        if place in wanted
        for rect in proposal.rects
    ]


@office_page("POST")
def read_pictures(request: HttpRequest, actor: Actor, case_id: int, document_id: int) -> HttpResponse:
    """Have the pictures of a document read for proposals."""
    redactions.request_proposals(actor=actor, case_id=case_id, document_id=document_id)
    messages.success(request, "正在识别图像中的文字，完成后在本页列出建议。")
    return redirect("office:case-redact", case_id=case_id, document_id=document_id)


def _box(page: int, rect: Rect, ground: str) -> RedactionBox:
    """A little larger than the ink, so that nothing of it looks out."""
    grown = rect.grown(0.003, 0.002)
    x0, y0, x1, y1 = (min(max(side, 0.0), 1.0) for side in (grown.x0, grown.y0, grown.x1, grown.y1))
    return RedactionBox(page, x0, y0, x1, y1, ground)


def _covered(rects: Sequence[Rect], boxes: Sequence[RedactionBox]) -> bool:
    return all(any(box.rect.shared(rect) >= 0.9 * rect.area for box in boxes) for rect in rects)


def _page_number(request: HttpRequest, source: SourceDocument) -> int:
    number = _whole((request.POST if request.method == "POST" else request.GET).get("page")) or 1
    if not 1 <= number <= len(source.pages):
        raise Http404
    return number


def _goto(data: QueryDict, number: int, source: SourceDocument) -> int:
    wanted = _whole(data.get("goto"))
    return wanted if 1 <= wanted <= len(source.pages) else number


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else 0
