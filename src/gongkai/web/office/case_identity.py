"""Numbers of identity papers in the office: shown once to who handles the case, and the list of who had them shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from gongkai.foi import identity
from gongkai.foi.models import Case
from gongkai.foi.selectors import case_for
from gongkai.organisations.selectors import bodies_where, organisations_where
from gongkai.rules.access import Action, Actor
from gongkai.rules.reasons import Refused
from gongkai.web.office.pages import office_page, show
from gongkai.web.shared.forms import Form
from gongkai.web.shared.pager import paginate

PAGE = 50


class ReadingForm(Form):
    """Whose number, and why."""

    whose = forms.ChoiceField(label="谁的证件号码", required=False)
    reason = forms.CharField(
        label="查看事由", required=False, help_text="如：当面核验申请人身份。事由、时间和查看人记录在案，供本单位负责人和区公开办核查。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, case: Case, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(whose, identity.WHOSE[whose]) for whose in identity.stored(case)]
        self.fields["whose"].choices = known  # type: ignore[attr-defined]
        if len(known) == 1:
            self.fields["whose"].widget = forms.HiddenInput()
            self.fields["whose"].initial = known[0][0]


@office_page("GET", "POST")
def case_identity(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """Ask for a number with the reason; it stands on the answer to the form and nowhere else, and no browser may keep that page."""
    case = case_for(actor, case_id)
    if reasons := identity.reasons_against_reading(actor, case):
        raise Refused(reasons)
    form = ReadingForm(case, request.POST if request.method == "POST" else None)
    context = {"section": "cases", "case": case, "form": form}
    if form.is_valid():
        try:
            number = identity.reveal(actor=actor, case_id=case.pk, **form.cleaned_data)
            context |= {"number": number, "whose": identity.WHOSE[form.cleaned_data["whose"]]}
            return show(request, actor, "case_identity.html", context)
        except Refused as refusal:
            form.add_reasons(refusal.reasons)
    return show(request, actor, "case_identity.html", context, 422 if form.is_bound else 200)


@office_page()
def identity_readings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who had a number shown, when, in which case and why; newest first."""
    found = identity.readings(actor).select_related("case", "organisation")
    given = request.GET.get("organisation", "")
    bodies = list(organisations_where(actor, Action.SUPERVISE_REQUESTS).values_list("pk", "short_name"))
    chosen = next((pk for pk, _ in bodies if str(pk) == given), None)
    if chosen:
        found = found.filter(organisation_id=chosen)
    context = {
        "section": "cases",
        "page": paginate(found, ("-id",), request.GET, PAGE),
        "bodies": bodies,
        "chosen": chosen,
        "whose": identity.WHOSE,
        "everywhere": bodies_where(actor, Action.SUPERVISE_REQUESTS) is None,
    }
    return show(request, actor, "identity_readings.html", context)
