"""审核流程: which reviews which bodies and kinds of item need, for those who run the district."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongkai.organisations.selectors import bodies_where, organisations_where
from gongkai.review import chains
from gongkai.review.models import ReviewChain
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.reasons import Refused
from gongkai.rules.review_chain import Chain, described, in_order, review_steps
from gongkai.rules.vocabulary import vocabulary
from gongkai.web.office.pages import office_page, show
from gongkai.web.shared.forms import Form


class ChainForm(Form):
    """One setting."""

    organisation = forms.TypedChoiceField(label="适用单位", required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(label="信息类型", required=False)
    steps = forms.MultipleChoiceField(
        label="审核环节",
        required=False,
        help_text="按所列次序办理，最后由签发人签发。规范性文件总是经过合法性审核，不必另设。",
        widget=forms.CheckboxSelectMultiple,
    )
    distinct = forms.BooleanField(label="各级审核和签发由不同人员办理", required=False)

    def __init__(self, *args: Any, organisations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(term.code, term.label) for term in vocabulary("item_kinds").terms]
        steps = [
            (step.code, f"{step.label}（{'、'.join(sorted(role.label for role in step.roles))}）")
            for step in review_steps().values()
        ]
        self.fields["organisation"].choices = [("", "全部单位"), *organisations]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", "全部信息"), *kinds]  # type: ignore[attr-defined]
        self.fields["steps"].choices = steps  # type: ignore[attr-defined]


@office_page("GET", "POST")
def chain_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All settings, and the form that adds one or replaces that of the same body and kind."""
    if bodies_where(actor, Action.MANAGE_REVIEW_CHAIN) == frozenset():
        raise Refused(can(actor, Action.MANAGE_REVIEW_CHAIN, Subject(None)).reasons)
    bodies = organisations_where(actor, Action.MANAGE_REVIEW_CHAIN)
    choices = [(str(pk), name) for pk, name in bodies.values_list("pk", "name")]
    posted = request.POST if request.method == "POST" else None
    form = ChainForm(posted, organisations=choices, initial={"steps": ["review"], "distinct": True})
    if form.is_valid():
        values = dict(form.cleaned_data)
        try:
            chains.set_chain(actor=actor, organisation_id=values.pop("organisation"), **values)
            messages.success(request, "审核流程已设置，此后提交的信息按新流程办理。")
            return redirect("office:review-chains")
        except Refused as refusal:
            form.add_reasons(refusal.reasons)
    settings = ReviewChain.objects.select_related("organisation", "updated_by").order_by(
        "organisation__position", "kind"
    )
    lines = [(one, described(Chain(in_order(one.steps)))) for one in settings]
    context = {"lines": lines, "form": form, "default": described(Chain()), "section": "review-chains"}
    return show(request, actor, "review_chains.html", context, 422 if form.is_bound else 200)


@office_page("POST")
def drop_chain(request: HttpRequest, actor: Actor, chain_id: int) -> HttpResponse:
    """Take a setting back."""
    chains.drop_chain(actor=actor, chain_id=chain_id)
    messages.success(request, "该设置已取消，此后提交的信息按更一般的流程办理。")
    return redirect("office:review-chains")
