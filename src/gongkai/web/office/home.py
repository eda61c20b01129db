"""The first page of the office: what waits for the person who signed in; one type in full; what waits in each body; the digest."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from gongkai.calendars.selectors import missing_notice
from gongkai.organisations.models import Organisation
from gongkai.organisations.selectors import bodies_where
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.case_events import SUPERVISORS
from gongkai.rules.reasons import Refused
from gongkai.rules.tasks import COUNT_LIMIT, BodyLoad, task_types
from gongkai.web.office.pages import office_page, show
from gongkai.web.shared.forms import Form
from gongkai.web.shared.spreadsheets import BYTE_ORDER_MARK, line
from gongkai.worklist import selectors as worklist
from gongkai.worklist.actions import choose_frequency
from gongkai.worklist.models import DigestPreference

SHOWN = 8
"""Tasks of each type on the first page."""


@office_page()
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The worklist."""
    groups = worklist.worklist(actor, timezone.now())
    context = {
        "groups": groups,
        "shown": SHOWN,
        "overdue": sum(group.overdue for group in groups),
        "may_write": bodies_where(actor, Action.CREATE) != frozenset(),
        "may_oversee": bodies_where(actor, Action.VIEW_AUDIT) != frozenset(),
        "missing_notice": missing_notice() if bodies_where(actor, Action.MANAGE_CALENDAR) != frozenset() else None,
        "section": "home",
    }
    return show(request, actor, "home.html", context)


@office_page()
def tasks(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """All tasks of one type."""
    task_type = task_types().get(code)
    if task_type is None:
        raise Http404
    groups = worklist.worklist(actor, timezone.now(), only=code)
    context = {
        "type": task_type,
        "group": groups[0] if groups else None,
        "limit": COUNT_LIMIT,
        "section": "home",
    }
    return show(request, actor, "tasks.html", context)


# --- what waits in each body -------------------------------------------------------------------------------------------
@office_page()
def body_loads(request: HttpRequest, actor: Actor) -> HttpResponse:
    """各单位待办: counts by body and type, the latest first."""
    supervises = bool(actor.all_roles & SUPERVISORS)
    context = {"lines": _lines(actor), "types": _types(), "cases_open": supervises, "section": "home"}
    return show(request, actor, "body_loads.html", context)


@office_page()
def body_loads_csv(request: HttpRequest, actor: Actor) -> StreamingHttpResponse:
    """The same as a table for a spreadsheet program."""
    lines = _lines(actor)

    def rows() -> Iterator[str]:
        yield BYTE_ORDER_MARK + line(
            ["单位", *(f"{label}{what}" for _, label in _types() for what in ("", "（已超期）"))]
        )
        for body, load in lines:
            counted = (counts.get(code, 0) for code, _ in _types() for counts in (load.counts, load.overdue))
            yield line([body.name, *counted])

    response = StreamingHttpResponse(rows(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="body-tasks-{timezone.localdate():%Y%m%d}.csv"'
    return response


def _types() -> list[tuple[str, str]]:
    """(code, heading) of what is counted by body; there the drafts are everybody's, and of cases all that is open."""
    headings = {"drafts": "草稿", "cases": "依申请公开"}
    return [(code, headings.get(code) or task_types()[code].label) for code in worklist.OVERVIEW]


def _lines(actor: Actor) -> list[tuple[Organisation, BodyLoad]]:
    bodies = bodies_where(actor, Action.VIEW_AUDIT)
    if bodies == frozenset():
        raise Refused(can(actor, Action.VIEW_AUDIT, Subject(None)).reasons)
    loads = worklist.loads(actor, timezone.now())
    known = Organisation.objects.filter(pk__in=loads).only("name", "short_name", "position")
    lines = [(body, loads[body.pk]) for body in known]
    return sorted(lines, key=lambda one: (-one[1].late, one[0].position, one[0].pk))


# --- the digest --------------------------------------------------------------------------------------------------------
class DigestForm(Form):
    """How often."""

    frequency = forms.ChoiceField(
        label="接收方式", choices=DigestPreference.Frequency.choices, widget=forms.RadioSelect, required=False
    )


@office_page("GET", "POST")
def digest(request: HttpRequest, actor: Actor) -> HttpResponse:
    """When one wants the worklist by mail."""
    kept = DigestPreference.objects.filter(user_id=actor.user_id).first()
    chosen = kept.frequency if kept else DigestPreference.Frequency.DAILY
    form = DigestForm(request.POST if request.method == "POST" else None, initial={"frequency": chosen})
    if form.is_valid():
        try:
            choose_frequency(actor=actor, frequency=form.cleaned_data["frequency"])
            messages.success(request, "已保存。")
            return redirect("office:digest")
        except Refused as refusal:
            form.add_reasons(refusal.reasons)
    context = {"form": form, "address": getattr(request.user, "email", ""), "section": "home"}
    return show(request, actor, "digest.html", context, 422 if form.is_bound else 200)
