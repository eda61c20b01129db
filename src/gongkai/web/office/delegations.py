"""代理授权: letting a colleague review and sign while one is away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from gongkai.organisations import delegations
from gongkai.organisations.models import Organisation
from gongkai.rules.access import Action, Actor, Role, Subject, can
from gongkai.rules.reasons import Refused
from gongkai.web.office.pages import office_page, say_refusal, show
from gongkai.web.shared.forms import DateField, Form
from gongkai.web.shared.pager import paginate

PAGE = 50


class DelegationForm(Form):
    """Whom, what, from when until when, and why."""

    delegate = forms.TypedChoiceField(label="代理人", coerce=int)
    roles = forms.TypedMultipleChoiceField(
        label="委托代理的角色", coerce=Role, required=False, widget=forms.CheckboxSelectMultiple
    )
    starts_on = DateField(label="开始日期")
    ends_on = DateField(label="结束日期", help_text=f"代理的最后一日，最长 {delegations.LONGEST.days} 日。")
    reason = forms.CharField(label="事由", max_length=200, required=False, help_text="如：出差、休假、外出学习。")

    def __init__(
        self, *args: Any, organisation_id: int, principal_id: int, roles: frozenset[Role], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        people = delegations.colleagues(organisation_id, principal_id).values_list("pk", "display_name", "username")
        choices = [(str(pk), f"{name}（{login}）") for pk, name, login in people]
        self.fields["delegate"].choices = [("", "请选择"), *choices]  # type: ignore[attr-defined]
        self.fields["roles"].choices = [(role.value, role.label) for role in Role if role in roles]  # type: ignore[attr-defined]


@office_page()
def delegation_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What one gave and received; for those who manage people, all of their bodies."""
    own = delegations.bodies_to_delegate_in(actor)
    context = {
        "page": paginate(delegations.visible_to(actor), ("-starts_on", "-id"), request.GET, PAGE),
        "bodies": list(Organisation.objects.filter(pk__in=own, is_active=True)),
        "today": timezone.localdate(),
        "actor_id": actor.user_id,
        "section": "delegations",
    }
    return show(request, actor, "delegations.html", context)


@office_page("GET", "POST")
def create_delegation(request: HttpRequest, actor: Actor, organisation_id: int) -> HttpResponse:
    """Let a colleague of one body act for oneself."""
    decision = can(actor, Action.DELEGATE, Subject(organisation_id))
    if decision.foreign:
        raise Http404
    roles = delegations.bodies_to_delegate_in(actor).get(organisation_id)
    if not roles:
        raise Refused(decision.reasons or can(Actor(0, ""), Action.DELEGATE, Subject(None)).reasons)
    today = timezone.localdate()
    form = DelegationForm(
        request.POST if request.method == "POST" else None,
        organisation_id=organisation_id,
        principal_id=actor.user_id,
        roles=roles,
        initial={"starts_on": today, "ends_on": today, "roles": [role.value for role in roles]},
    )
    if form.is_valid():
        values = dict(form.cleaned_data)
        try:
            made = delegations.delegate(
                actor=actor,
                organisation_id=organisation_id,
                principal_id=actor.user_id,
                delegate_id=values.pop("delegate"),
                **values,
            )
            messages.success(request, f"已委托{made.delegate}代理，至 {made.ends_on:%Y-%m-%d} 止。")
            return redirect("office:delegations")
        except Refused as refusal:
            form.add_reasons(refusal.reasons)
    body = Organisation.objects.get(pk=organisation_id)
    context = {"form": form, "body": body, "section": "delegations"}
    return show(request, actor, "create_delegation.html", context, 422 if form.is_bound else 200)


@office_page("POST")
def end_delegation(request: HttpRequest, actor: Actor, delegation_id: int) -> HttpResponse:
    """End one before its time."""
    try:
        delegations.end(actor=actor, delegation_id=delegation_id)
        messages.success(request, "代理授权已结束。")
    except Refused as refusal:
        say_refusal(request, refusal)
    return redirect("office:delegations")
