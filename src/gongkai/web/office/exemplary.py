"""省市优秀解读管理: what is listed with what came of visiting it, and a form to add one more."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongkai.policies import exemplary
from gongkai.rules.access import Action, Actor, Subject
from gongkai.rules.exemplary import HIDDEN_AFTER, LONGEST_SOURCE, LONGEST_TITLE, Level
from gongkai.rules.reasons import Refused
from gongkai.rules.vocabulary import vocabulary
from gongkai.web.office.pages import office_page, show
from gongkai.web.shared.forms import DateField, Form
from gongkai.web.shared.pager import paginate
from gongkai.workflow.engine import require

PAGE = 30


class ExemplaryForm(Form):
    """A good interpretation; one of this site needs only its 索引号."""

    level = forms.ChoiceField(label="层级", choices=[(one.value, one.label) for one in Level])
    address = forms.CharField(
        label="网址", max_length=2000, help_text="外部网页填写完整网址；本站的解读填写索引号，其余各项无需填写。"
    )
    title = forms.CharField(label="标题", max_length=LONGEST_TITLE, required=False)
    source = forms.CharField(
        label="来源", max_length=LONGEST_SOURCE, required=False, help_text="如：安徽省人力资源和社会保障厅。"
    )
    published_on = DateField(label="发布日期", required=False)
    form = forms.ChoiceField(label="解读形式", required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        terms = [(term.code, term.label) for term in vocabulary(exemplary.FORMS).terms]
        self.fields["form"].choices = [("", "请选择"), *terms]  # type: ignore[attr-defined]


@office_page("GET", "POST")
def exemplary_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list and the form."""
    require(actor, Action.MANAGE_EXEMPLARY, Subject(None))
    posted = request.method == "POST"
    form = ExemplaryForm(request.POST) if posted else ExemplaryForm()
    if posted and form.is_valid():
        try:
            exemplary.add_exemplary(actor=actor, **form.cleaned_data)
            messages.success(request, "已添加。")
            return redirect("office:exemplary-interpretations")
        except Refused as refusal:
            form.add_reasons(refusal.reasons)
    page = paginate(exemplary.exemplary(), exemplary.ORDER, request.GET, PAGE)
    context = {
        "page": page.with_rows(exemplary.lines(page.rows)),
        "form": form,
        "hidden_after": HIDDEN_AFTER,
        "section": "exemplary",
    }
    return show(request, actor, "exemplary.html", context, 422 if posted else 200)


@office_page("POST")
def remove(request: HttpRequest, actor: Actor, exemplary_id: int) -> HttpResponse:
    """Take one out of the list."""
    exemplary.remove_exemplary(actor=actor, exemplary_id=exemplary_id)
    messages.success(request, "已移除。")
    return redirect("office:exemplary-interpretations")
