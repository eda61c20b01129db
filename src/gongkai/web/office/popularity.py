"""热度榜管理: the present list with its figures, what is kept from it, and a form to keep one more item from it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongkai.policies import popularity, popularity_actions
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.popularity import parameters
from gongkai.rules.reasons import Refused
from gongkai.web.office.pages import office_page, show
from gongkai.web.shared.forms import Form


class ExclusionForm(Form):
    """An item that is not to be listed, and the reason the public is told."""

    index_number = forms.CharField(label="索引号", max_length=40)
    reason = forms.CharField(
        label="移出的原因",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="在“热度榜计算说明”页公布，并记入操作日志，最多200字。请勿写入个人信息。",
    )


@office_page("GET", "POST")
def popularity_ranking(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list and the form."""
    decision = can(actor, Action.MANAGE_POPULARITY, Subject(None))
    if not decision:
        raise Refused(decision.reasons)
    posted = request.method == "POST"
    initial = {"index_number": request.GET.get("index-number", "")[:40]}
    form = ExclusionForm(request.POST) if posted else ExclusionForm(initial=initial)
    if posted and form.is_valid():
        try:
            popularity_actions.exclude_from_popularity(actor=actor, **form.cleaned_data)
            messages.success(request, "已移出，热度榜已重新计算。")
            return redirect("office:popularity-ranking")
        except Refused as refusal:
            form.add_reasons(refusal.reasons)
    figures = parameters()
    context: dict[str, Any] = {
        "list": popularity.ranking(figures.shown),
        "computed_at": popularity.computed_at(),
        "excluded": popularity.excluded(),
        "figures": figures,
        "form": form,
        "section": "popularity",
    }
    return show(request, actor, "popularity.html", context, 422 if posted else 200)


@office_page("POST")
def put_back(request: HttpRequest, actor: Actor, exclusion_id: int) -> HttpResponse:
    """Lift an exclusion."""
    popularity_actions.put_back_into_popularity(actor=actor, exclusion_id=exclusion_id)
    messages.success(request, "已恢复，热度榜已重新计算。")
    return redirect("office:popularity-ranking")
