"""The case desk: the list, a case with its clocks and next actions, one page for every event, files, letters, the archive pack."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, cast

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header

from gongkai.calendars import selectors as calendars
from gongkai.documents.__main__ import document_from
from gongkai.documents.screen import to_html
from gongkai.documents.structured import document_facts
from gongkai.foi import archive, desk, documents, identity, issuing, promotion
from gongkai.foi import messages as applicant_messages
from gongkai.foi.models import Case, Letter
from gongkai.foi.recording import act, already_done, reasons_against
from gongkai.foi.selectors import case_for, facts_of, own_bodies, subject_of, visible_to
from gongkai.organisations.actors import NotVisible
from gongkai.organisations.models import Organisation, User
from gongkai.organisations.selectors import bodies_where
from gongkai.rules.access import Action, Actor
from gongkai.rules.applicants import Category
from gongkai.rules.application import DELIVERIES, MEDIA
from gongkai.rules.case_clocks import clocks
from gongkai.rules.case_events import DESK, OPINIONS, REMEDIES, RESULTS, SUPERVISORS, TRANSITIONS, CaseSubject, may
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.case_facts import CaseFacts
from gongkai.rules.case_offers import offered
from gongkai.rules.case_states import CaseState
from gongkai.rules.decisions import Decision
from gongkai.rules.letter_types import letter_types
from gongkai.rules.outcomes import outcomes
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.receipt import Channel
from gongkai.web.office.case_forms import EventForm
from gongkai.web.office.case_identity import ReadingForm
from gongkai.web.office.pages import office_page, say_refusal, show
from gongkai.web.portal.downloads import MEDIA_TYPES, case_file, letter_file
from gongkai.web.shared.pager import paginate
from gongkai.web.shared.spreadsheets import BYTE_ORDER_MARK, line
from gongkai.web.shared.typesetting import typeset

PAGE = 30
OWN_PAGES = {
    Event.DRAFT: "office:case-draft",
    Event.PROPOSE_PROMOTION: "office:case-promote",
    Event.LOG_ANSWER: "office:case-log-answer",
}
"""Events that have a page of their own. LINK_SAME stands on the page of the draft."""
_WORDS = {
    "media": MEDIA, "deliveries": DELIVERIES, "opinions": dict(OPINIONS), "remedies": dict(REMEDIES), "results": dict(RESULTS),
}  # fmt: skip
"""What the page of a case calls the codes it shows."""
_FIRST = (Event.SEND_FOR_REVIEW, Event.CLAIM, Event.DRAFT)
"""The straight way; what a case may need besides comes after it."""
_LAST = (Event.NOTE, Event.VOID, Event.WITHDRAW, Event.TRANSFER, Event.SPLIT, Event.FILE_REMEDY, Event.DECIDE_REMEDY)
"""Offered after what moves the case on."""


# --- the list ----------------------------------------------------------------------------------------------------------
@office_page()
def case_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Cases of one's bodies and those one works on."""
    _require_viewer(actor)
    bodies = _bodies(actor)
    filters, days = _filters(request.GET, {pk for pk, _ in bodies}), desk.Days.of(timezone.localdate())
    found = desk.rows(desk.case_list(actor, filters, days))
    page = paginate(found, desk.order_of(filters), request.GET, PAGE)
    context = {
        "section": "cases",
        "page": page,
        "filters": filters,
        "days": days,
        "bodies": bodies,
        "lights": list(desk.Light),
        "states": list(CaseState),
        "channels": list(Channel),
        "outcomes": outcomes(),
        "counts": desk.counts(actor, days, filters.organisation_id),
        "query": _without_page(request.GET),
        "may_register": bool(actor.all_roles & DESK),
        "may_supervise": bodies_where(actor, Action.SUPERVISE_REQUESTS) != frozenset(),
        "may_set": bodies_where(actor, Action.MANAGE_REQUEST_SETTINGS) != frozenset(),
    }
    return show(request, actor, "cases.html", context)


@office_page()
def case_list_csv(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The list as it is filtered, names of persons masked."""
    _require_viewer(actor)
    filters, days = _filters(request.GET, {pk for pk, _ in _bodies(actor)}), desk.Days.of(timezone.localdate())
    found = desk.rows(desk.case_list(actor, filters, days)).order_by(*desk.order_of(filters)).iterator(chunk_size=500)

    def lines() -> Iterator[str]:
        yield BYTE_ORDER_MARK + line(desk.EXPORT_HEAD)
        yield from (line(row) for row in desk.export_rows(found, days))

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, "依申请公开办件.csv") or ""
    return response


def _require_viewer(actor: Actor) -> None:
    if not (own_bodies(actor) or actor.all_roles & SUPERVISORS):
        raise Refused([Reason("role", "您的角色不办理依申请公开。", "《个人信息保护法》§6")])


def _bodies(actor: Actor) -> list[tuple[int, str]]:
    found = Organisation.objects.all()
    if not actor.all_roles & SUPERVISORS:
        found = found.filter(pk__in=own_bodies(actor))
    return list(found.values_list("pk", "short_name"))


def _filters(params: QueryDict, bodies: set[int]) -> desk.Filters:
    """What the address asks for; what it cannot mean is left out."""
    body, outcome = params.get("organisation", ""), params.get("outcome", "")
    return desk.Filters(
        organisation_id=int(body) if body.isdecimal() and len(body) < 10 and int(body) in bodies else None,
        state=params.get("state", "") if params.get("state", "") in set(CaseState) else "",
        light=params.get("light", "") if params.get("light", "") in set(desk.Light) else "",
        channel=params.get("channel", "") if params.get("channel", "") in set(Channel) else "",
        outcome=outcome if outcome in outcomes() else "",
        mine=params.get("mine") == "1",
        text=params.get("q", "")[:200].replace("\x00", ""),
        received_from=_day(params.get("from", "")),
        received_to=_day(params.get("to", "")),
        open_only=params.get("open") == "1",
        by_day=params.get("sort") == "day",
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _without_page(params: QueryDict) -> str:
    copy = params.copy()
    for name in ("after", "before"):
        copy.pop(name, None)
    return copy.urlencode()


# --- a case ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Offer:
    """An event offered on the page: with its form or page, or with what stands in its way."""

    event: Event
    label: str
    article: str
    help: str
    form: EventForm | None
    page: str
    reasons: tuple[Reason, ...]


@office_page()
def case_page(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """One case: what was asked, how its clocks stand, what can be done next, all that happened."""
    return render_case(request, actor, case_for(actor, case_id))


def render_case(
    request: HttpRequest, actor: Actor, case: Case, posted: EventForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of a case; `posted` is a form that came back with reasons."""
    facts, subject, today = facts_of(case), subject_of(case), timezone.localdate()
    calendar = calendars.current()
    days = desk.Days.of(today)
    timeline = list(case.events.order_by("-seq"))
    found = list(documents.shown_to(actor, case).select_related("source"))
    every = clocks(facts, calendar, today)
    offers = _offers(actor, case, facts, subject, posted)
    context = {
        "section": "cases",
        "case": case,
        "facts": facts,
        "state": CaseState(case.state),
        "category": Category(case.category),
        "channel": Channel(case.channel),
        "words": _WORDS,
        "light": days.light(case.state, case.due_on),
        "left": days.left(case.due_on) if CaseState(case.state).open else "",
        "clocks": every,
        "reply": next((one for one in every if one.kind == "reply"), None),
        "possible": [one for one in offers if not one.reasons],
        "impossible": [one for one in offers if one.reasons],
        "posted": posted.row.event if posted else None,
        "wanted": request.GET.get("do", ""),
        "timeline": [(one, TRANSITIONS[Event(one.name)]) for one in timeline],
        "documents": found,
        "kinds": documents.KINDS,
        "waiting": applicant_messages.waiting(case),
        "going_out": set(facts.draft.decision.get("attachments", ())) if facts.draft else set(),
        "uploadable": [(code, documents.KINDS[code]) for code in documents.UPLOADED],
        "letters": [(one, letter_types()[one.type]) for one in case.letters.all()],
        "assignments": list(case.assignments.select_related("organisation").order_by("seq")),
        "remedies": list(case.remedies.all()),
        "related": list(_related(actor, case)),
        "asked_for": promotion.asked_for(case),
        "promote": promotion.suggested(case) and not facts.promoted,
        "outcome": outcomes().get(case.outcome),
        "claimed_by": User.objects.filter(pk=case.claimed_by_id or 0).values_list("display_name", flat=True).first(),
        "bodies": dict(
            Organisation.objects.filter(pk__in={o.data["body"] for o in timeline if "body" in o.data}).values_list(
                "pk", "name"
            )
        ),
        "units": dict(
            Organisation.objects.filter(pk__in={o.organisation_id for o in timeline if o.organisation_id}).values_list(
                "pk", "short_name"
            )
        ),
        "reading": None if identity.reasons_against_reading(actor, case) else ReadingForm(case, auto_id="identity_%s"),
        "may_edit": bool(actor.roles_in(case.organisation_id) & TRANSITIONS[Event.DRAFT].roles),
    }
    return show(request, actor, "case.html", context, status=status)


def _related(actor: Actor, case: Case) -> Iterable[Case]:
    """Cases split off, handled again or asking for the same, as far as the actor may see them."""
    tied = Q(parent_id=case.pk) | Q(same_as_id=case.pk) | Q(pk__in=[case.parent_id or 0, case.same_as_id or 0])
    return visible_to(actor).filter(tied).order_by("id")[:50]


def _offers(actor: Actor, case: Case, facts: CaseFacts, subject: CaseSubject, posted: EventForm | None) -> list[Offer]:
    found = []
    events = list(offered(facts))
    if (
        posted and posted.row.event not in events
    ):  # somebody else has moved the case on: what was typed is shown all the same
        events.insert(0, posted.row.event)
    for event in events:
        row = TRANSITIONS[event]
        if row.own_page and event not in OWN_PAGES:
            continue
        reasons = tuple(reasons_against(actor, case, facts, subject, event))
        form = None
        if not reasons and event not in OWN_PAGES:
            form = posted if posted and posted.row.event is event else EventForm(event, case, facts)
        elif posted and posted.row.event is event:
            form, reasons = posted, ()
        found.append(Offer(event, row.label, row.article, row.help, form, OWN_PAGES.get(event, ""), reasons))
    return sorted(found, key=lambda one: _order(one.event))


def _order(event: Event) -> tuple[bool, int]:
    return event in _LAST, _FIRST.index(event) if event in _FIRST else len(_FIRST)


@office_page("POST")
def do_event(request: HttpRequest, actor: Actor, case_id: int, event: str) -> HttpResponse:
    """Let an event happen; what refuses it is shown at its form, and nothing that was typed or uploaded is lost."""
    case = case_for(actor, case_id)
    if event not in set(Event) or TRANSITIONS[Event(event)].own_page or TRANSITIONS[Event(event)].by_system:
        raise Http404
    if reasons := may(actor, Event(event), subject_of(case)):
        raise Refused(reasons)
    form = EventForm(Event(event), case, facts_of(case), request.POST, request.FILES, user_id=actor.user_id)
    valid = form.is_valid()
    files = form.kept_files()
    problems: list[Reason] = []
    for file in form.cleaned_data.get("files") or () if hasattr(form, "cleaned_data") else ():
        try:
            files.append(documents.keep(file.name or "", cast(BinaryIO, file)))
        except Refused as refusal:
            problems += refusal.reasons
    form.keep(files)
    if not valid or problems:
        form.add_reasons(problems)
        return render_case(request, actor, case, form, status=422)
    try:
        if not already_done(form.cleaned_data["token"]):  # sent twice: neither event nor files again
            with transaction.atomic():
                added = documents.attach(case, form.row.files, files, actor.user_id or None) if files else []
                extra = {"documents": [one.pk for one in added]} if added else {}
                done = act(actor=actor, case_id=case.pk, wanted=form.wanted(extra))
                if added and done.data.get("documents") != extra["documents"]:  # the other try was first by a moment
                    transaction.set_rollback(True)
    except Refused as refusal:
        case = case_for(actor, case_id)
        changed = form.is_changed_by_another(refusal)
        if changed:
            form.go_on_from(case)
        form.add_reasons(refusal.reasons)
        return render_case(request, actor, case, form, status=409 if changed else 422)
    messages.success(request, f"已办理：{form.row.label}。")
    try:
        case_for(actor, case_id)
    except NotVisible:  # it was sent on to another body
        return redirect("office:cases")
    return redirect("office:case", case_id=case_id)


# --- files and letters -------------------------------------------------------------------------------------------------
@office_page("POST")
def add_document(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """Put files to a case."""
    case = case_for(actor, case_id)
    documents.require_adding(actor, case)
    if request.POST.get("kind", "") not in documents.UPLOADED and request.FILES:
        messages.error(request, "请选择材料的类别，然后重新选择文件上传。")
        return redirect("office:case", case_id=case.pk)
    files = []
    for file in request.FILES.getlist("files"):
        try:
            files.append(documents.keep(file.name or "", cast(BinaryIO, file)))
        except Refused as refusal:
            say_refusal(request, refusal)
    if not request.FILES.getlist("files"):
        messages.error(request, "请先选择要上传的文件。")
    if files:
        documents.add(actor=actor, case_id=case.pk, kind=request.POST.get("kind", ""), files=files)
        messages.success(request, f"已上传 {len(files)} 个文件。")
    return redirect("office:case", case_id=case.pk)


@office_page()
def document(request: HttpRequest, actor: Actor, case_id: int, document_id: int) -> HttpResponseBase:
    """Give a file out; the reading is noted."""
    case, found = documents.document_for(actor, case_id, document_id)
    response = case_file(found)
    documents.note_reading(actor, case, found)
    return response


@office_page("POST")
def remove_document(request: HttpRequest, actor: Actor, case_id: int, document_id: int) -> HttpResponse:
    """Take a file off an open case."""
    documents.take_off(actor=actor, case_id=case_id, document_id=document_id)
    messages.success(request, "材料已移除。")
    return redirect("office:case", case_id=case_id)


@office_page()
def letter(request: HttpRequest, actor: Actor, case_id: int, letter_id: int, extension: str) -> HttpResponse:
    """A letter as it was issued."""
    case = case_for(actor, case_id)
    found = Letter.objects.filter(pk=letter_id, case=case).first()
    if found is None or extension not in MEDIA_TYPES:
        raise Http404
    return _file(
        letter_file(found, extension), f"{found.number or letter_types()[found.type].label}.{extension}", extension
    )


@office_page()
def draft_letter(request: HttpRequest, actor: Actor, case_id: int, extension: str) -> HttpResponse:
    """The answer as it would be, made anew each time."""
    case = case_for(actor, case_id)
    facts = facts_of(case)
    if facts.draft is None or extension not in MEDIA_TYPES:
        raise Http404
    made = issuing.preview(case, facts, Decision.from_json(facts.draft.decision), timezone.localdate())
    return _file(typeset(extension, document_facts(made)), f"草稿-{case.number}.{extension}", extension)


@office_page()
def letter_page(request: HttpRequest, actor: Actor, case_id: int, letter_id: int) -> HttpResponse:
    """A letter on the screen."""
    case = case_for(actor, case_id)
    found = Letter.objects.filter(pk=letter_id, case=case).first()
    if found is None:
        raise Http404
    context = {
        "section": "cases",
        "case": case,
        "letter": found,
        "kind": letter_types()[found.type],
        "html": to_html(document_from(found.content)),
    }
    return show(request, actor, "case_letter.html", context)


def _file(content: bytes, name: str, extension: str) -> HttpResponse:
    response = HttpResponse(content, content_type=MEDIA_TYPES[extension])
    response["Content-Disposition"] = content_disposition_header(extension != "pdf", name) or ""
    return response


@office_page("POST")
def archive_pack(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponseBase:
    """Everything of an ended case in one zip."""
    target = tempfile.TemporaryFile(prefix="gongkai-archive-")  # noqa: SIM115 - the response closes it
    name = archive.pack(actor=actor, case_id=case_id, target=cast(BinaryIO, target), letters=_letters)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=name, content_type="application/zip")


def _letters(case: Case) -> list[tuple[str, bytes]]:
    return [
        (f"{letter_types()[one.type].label}-{one.number or one.pk}.pdf", letter_file(one, "pdf"))
        for one in case.letters.all()
    ]
