"""依申请公开办理设置: what a body settles for its letters and fees, each setting with its meaning, source and default."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongkai.foi.body_settings import change_settings, inherited, settings_of
from gongkai.foi.models import BodySettings
from gongkai.organisations.models import Organisation
from gongkai.organisations.selectors import organisation_for, organisations_where
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.reasons import Refused
from gongkai.rules.request_settings import BODY_SETTINGS, body_settings
from gongkai.web.office.pages import office_page, show
from gongkai.web.shared.forms import Form


class SettingsForm(Form):
    """The settings of one body."""

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        defaults = inherited(organisation)
        for code, setting in body_settings().items():
            default = f"默认（{setting.inherits}）：{defaults[code] or '没有，需要时必须填写'}"
            given = {
                "label": setting.label,
                "required": False,
                "help_text": f"{setting.meaning}依据：{setting.source}{default}。",
            }
            self.fields[code] = _field(code, given)


def _field(code: str, given: dict[str, Any]) -> forms.Field:
    column = BodySettings._meta.get_field(code)
    if code == "fee_enabled":
        return forms.BooleanField(**given)
    widget = forms.Textarea(attrs={"rows": 3}) if code == "fee_account" else forms.TextInput()
    most = column.max_length or 500
    too_long = f"{given['label']}不能超过 {most} 字。"
    return forms.CharField(widget=widget, max_length=most, error_messages={"max_length": too_long}, **given)


@office_page()
def own_settings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Lead to the settings of one's own body."""
    body = organisations_where(actor, Action.MANAGE_REQUEST_SETTINGS).first()
    if body is None:
        raise Refused(can(actor, Action.MANAGE_REQUEST_SETTINGS, Subject(None)).reasons)
    return redirect("office:case-settings", organisation_id=body.pk)


@office_page("GET", "POST")
def case_settings(request: HttpRequest, actor: Actor, organisation_id: int) -> HttpResponse:
    """The settings of a body, and the form that changes them."""
    body = organisation_for(actor, organisation_id)
    decision = can(actor, Action.MANAGE_REQUEST_SETTINGS, Subject(body.pk))
    if not decision:
        raise Refused(decision.reasons)
    row = settings_of(body.pk)
    initial = {code: getattr(row, code) for code in BODY_SETTINGS}
    form = SettingsForm(body, request.POST) if request.method == "POST" else SettingsForm(body, initial=initial)
    if form.is_valid():
        try:
            change_settings(actor=actor, organisation_id=body.pk, values=form.cleaned_data)
            messages.success(request, "设置已保存，此后制作的文书按新设置；已经发出的不变。")
            return redirect("office:case-settings", organisation_id=body.pk)
        except Refused as refusal:
            form.add_reasons(refusal.reasons)
    others = organisations_where(actor, Action.MANAGE_REQUEST_SETTINGS).exclude(pk=body.pk)
    context = {"section": "cases", "organisation": body, "form": form, "others": others}
    return show(request, actor, "case_settings.html", context, 422 if form.is_bound else 200)
