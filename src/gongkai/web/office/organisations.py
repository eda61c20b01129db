"""Bodies in the office: the list, a body's guide elements, and for administrators the body itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongkai.organisations import actions, selectors
from gongkai.organisations.models import Organisation
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.reasons import Refused
from gongkai.web.office.organisation_forms import GuideForm, OrganisationForm
from gongkai.web.office.pages import office_page, say_refusal, show


@office_page()
def organisation_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The bodies one may see, in the order of the district."""
    context = {
        "organisations": selectors.visible_to(actor).select_related("parent"),
        "may_create": bool(can(actor, Action.MANAGE_ORGANISATION, Subject(None))),
        "section": "organisations",
    }
    return show(request, actor, "organisations.html", context)


@office_page("GET", "POST")
def create_organisation(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Add a body."""
    _allow(actor, Action.MANAGE_ORGANISATION, None)
    form = OrganisationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = actions.create_organisation(actor=actor, values=form.cleaned_data)
            messages.success(request, f"机构“{made.name}”已建立。")
            return redirect("office:organisation", organisation_id=made.pk)
        except Refused as refusal:
            form.add_reasons(refusal.reasons)
    return show(
        request,
        actor,
        "edit_organisation.html",
        {"form": form, "section": "organisations"},
        422 if form.is_bound else 200,
    )


@office_page()
def organisation_page(request: HttpRequest, actor: Actor, organisation_id: int) -> HttpResponse:
    """One body with its people."""
    organisation = selectors.organisation_for(actor, organisation_id)
    members = organisation.memberships.select_related("user").order_by("user__username", "role")
    context = {
        "organisation": organisation,
        "members": list(members),
        "may_edit": bool(can(actor, Action.EDIT_ORGANISATION, Subject(organisation.pk))),
        "may_manage": bool(can(actor, Action.MANAGE_ORGANISATION, Subject(organisation.pk))),
        "section": "organisations",
    }
    return show(request, actor, "organisation.html", context)


@office_page("GET", "POST")
def edit_organisation(request: HttpRequest, actor: Actor, organisation_id: int) -> HttpResponse:
    """Change the guide elements, and as an administrator also what the body is."""
    organisation = selectors.organisation_for(actor, organisation_id)
    _allow(actor, Action.EDIT_ORGANISATION, organisation.pk)
    whole = bool(can(actor, Action.MANAGE_ORGANISATION, Subject(organisation.pk)))
    form_class = OrganisationForm if whole else GuideForm
    form = form_class(request.POST) if request.method == "POST" else form_class(initial=_initial(organisation))
    if form.is_bound and form.is_valid():
        try:
            actions.update_organisation(actor=actor, organisation_id=organisation.pk, values=form.cleaned_data)
            messages.success(request, "机构信息已保存，公开指南随之更新。")
            return redirect("office:organisation", organisation_id=organisation.pk)
        except Refused as refusal:
            form.add_reasons(refusal.reasons)
    context = {"form": form, "organisation": organisation, "section": "organisations"}
    return show(request, actor, "edit_organisation.html", context, 422 if form.is_bound else 200)


@office_page("POST")
def activate_organisation(request: HttpRequest, actor: Actor, organisation_id: int) -> HttpResponse:
    """Put a body out of use, or back into it."""
    organisation = selectors.organisation_for(actor, organisation_id)
    active = request.POST.get("active") == "yes"
    try:
        actions.set_organisation_active(actor=actor, organisation_id=organisation.pk, active=active)
        messages.success(request, "机构已启用。" if active else "机构已停用，其已发布的信息不受影响。")
    except Refused as refusal:
        if not can(actor, Action.MANAGE_ORGANISATION, Subject(organisation.pk)):
            raise
        say_refusal(request, refusal)
    return redirect("office:organisation", organisation_id=organisation.pk)


def _allow(actor: Actor, action: Action, organisation_id: int | None) -> None:
    decision = can(actor, action, Subject(organisation_id))
    if not decision:
        raise Refused(decision.reasons)


def _initial(organisation: Organisation) -> dict[str, Any]:
    return {name: getattr(organisation, name) for name in (*actions.IDENTITY_FIELDS, *actions.GUIDE_FIELDS)}
