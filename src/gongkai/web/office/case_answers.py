"""After the answer: what becomes public of it, as a summary without the applicant or as an item of the register (《条例》§44)."""

from __future__ import annotations

import secrets

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongkai.foi import answers, promotion
from gongkai.foi.models import Case
from gongkai.foi.recording import reasons_against
from gongkai.foi.selectors import case_for, facts_of, subject_of
from gongkai.rules.access import Actor
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.reasons import Refused
from gongkai.rules.vocabulary import vocabulary
from gongkai.web.office.pages import office_page, show
from gongkai.web.shared.forms import Form


class AnswerForm(Form):
    """A summary for the public."""

    question = forms.CharField(
        label="申请内容（去标识化）", widget=forms.Textarea(attrs={"rows": 4}), max_length=2000,
        help_text="只写所申请的信息，不写申请人的任何情况。",
    )  # fmt: skip
    answer = forms.CharField(label="答复摘要", widget=forms.Textarea(attrs={"rows": 8}), max_length=5000)


class PromotionForm(Form):
    """A proposal for the register."""

    title = forms.CharField(label="拟公开信息的标题", max_length=300)
    kind = forms.ChoiceField(label="信息类型")
    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(term.code, term.label) for term in vocabulary("item_kinds").terms]
        self.fields["kind"].choices = [("", "请选择"), *kinds]  # type: ignore[attr-defined]


@office_page("GET", "POST")
def log_answer(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """Put a summary of question and answer before the public."""
    case = _case(actor, case_id, Event.LOG_ANSWER)
    facts = facts_of(case)
    content = str((facts.decision or {}).get("content", ""))
    form = AnswerForm(request.POST or None, initial={"question": case.title, "answer": content})
    if request.method == "POST" and form.is_valid():
        try:
            answers.log_answer(
                actor=actor, case_id=case.pk, **form.cleaned_data, token=request.POST.get("token", "")[:64]
            )
            messages.success(request, "答复摘要已公开。")
            return redirect("office:case", case_id=case.pk)
        except Refused as refusal:
            form.add_reasons(refusal.reasons)
    return _page(
        request, actor, case, form, "公开答复摘要", "公开前自动检查个人信息；公开后列入“依申请公开答复选登”，可以检索。"
    )


@office_page("GET", "POST")
def promote(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """Open a draft in the register from the answer."""
    case = _case(actor, case_id, Event.PROPOSE_PROMOTION)
    count = promotion.asked_for(case)
    reason = f"已有 {count} 名申请人就相同信息提出申请。" if count > 1 else ""
    form = PromotionForm(request.POST or None, initial={"title": case.title, "reason": reason})
    if request.method == "POST" and form.is_valid():
        try:
            _, item_id = promotion.propose(
                actor=actor, case_id=case.pk, **form.cleaned_data, token=request.POST.get("token", "")[:64]
            )
            messages.success(request, "已建立草稿，请补充要素后提交审核；审核签发前不会公开。")
            return redirect("office:item-edit", item_id=item_id)
        except Refused as refusal:
            form.add_reasons(refusal.reasons)
    return _page(request, actor, case, form, "建议转主动公开", "建立一条草稿，按信息发布的审核流程办理。")


def _case(actor: Actor, case_id: int, event: Event) -> Case:
    case = case_for(actor, case_id)
    if reasons := [
        r for r in reasons_against(actor, case, facts_of(case), subject_of(case), event) if r.code != "done"
    ]:
        raise Refused(reasons)
    return case


def _page(request: HttpRequest, actor: Actor, case: Case, form: Form, title: str, lead: str) -> HttpResponse:
    context = {
        "section": "cases", "case": case, "form": form, "title": title, "lead": lead,
        "token": request.POST.get("token") or secrets.token_hex(16),
    }  # fmt: skip
    return show(request, actor, "case_form.html", context, status=422 if form.errors else 200)
