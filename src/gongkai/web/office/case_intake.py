"""登记书面、口头申请: what came by hand, post, fax or word of mouth, typed in by staff; its receipt; a query code given out anew.

The columns are those of the public form. What the paper lacks is asked for by 补正 (§30) and keeps nothing from being registered.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from gongkai.foi import drafts, intake
from gongkai.foi.models import Case, Submission
from gongkai.foi.selectors import case_for
from gongkai.organisations.models import Organisation
from gongkai.rules.access import Actor
from gongkai.rules.case_clocks import REPLY_DAYS
from gongkai.rules.case_events import DESK
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.receipt import Channel, day_of_receipt
from gongkai.web.office.pages import office_page, show
from gongkai.web.portal import request_guard as guard
from gongkai.web.portal.request_forms import ACCEPTED, ApplicationForm
from gongkai.web.shared.forms import DateField, Form, MultipleFileField
from gongkai.web.shared.templating import absolute

CODE_SECONDS = 2 * 3600
"""How long the receipt shows the query code after the entry; later it is given out anew, with the identity checked."""
ENTERED = [one for one in Channel if one is not Channel.ONLINE]
_FILE_FIELDS = (("files", "application"), ("authorisation", "authorisation"), ("identity", "identity"))


class IntakeForm(ApplicationForm):
    """The public form, and how and when the application came."""

    as_given = True
    channel = forms.ChoiceField(
        label="提交渠道", choices=[(one.value, one.label) for one in ENTERED], widget=forms.RadioSelect
    )
    submitted_on = DateField(
        label="提交日期",
        help_text="当面提交的，为提交之日；口头申请的，为代填并经申请人确认之日；邮寄和平常信函，为邮戳日期；传真，为传真日期。",
    )
    signed_on = DateField(
        label="签收日期", required=False, help_text="以需要签收的方式邮寄的填写，签收之日为收到之日；其他渠道不填。"
    )
    read_back = forms.BooleanField(
        label="口头申请：已向申请人宣读，申请人确认无误", required=False,
        help_text="书写确有困难的，可以口头提出，由工作人员代为填写（《条例》§29、§43）。",
    )  # fmt: skip
    identity = MultipleFileField(label="身份证明复印件", required=False)
    checked = forms.BooleanField(label="已核对，不是重复登记", required=False)

    SECTIONS = (
        ("一、收件情况", ("organisation", "channel", "submitted_on", "signed_on", "read_back")),
        *ApplicationForm.SECTIONS[1:-1],
        ("六、扫描件", ("files", "identity")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("id_kind", "id_number", "medium", "delivery"):
            self.fields[name].required = False
        for name in ("medium", "delivery"):
            self.fields[name].initial = None
        self.fields["organisation"].help_text = ""
        self.fields["files"].label = "申请书扫描件"
        self.fields["identity"].widget.attrs["accept"] = ACCEPTED


@office_page("GET", "POST")
def create_case(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form; posted, everything that is wrong at once with all that was typed and uploaded, or the receipt."""
    bodies = _bodies(actor)
    if request.method != "POST":
        initial = {"organisation": bodies[0][0] if len(bodies) == 1 else ""}
        return _page(request, actor, guard.new_form(), IntakeForm(initial=initial, bodies=bodies))
    token = guard.read_form(request.POST.get("form", "")) or guard.new_form()
    if sent := Submission.objects.filter(client_token=token.client_token).first():
        return _to_receipt(sent)
    problems = [
        problem
        for field, kind in _FILE_FIELDS
        for problem in drafts.keep(token.client_token, kind, request.FILES.getlist(field), field)
    ]
    step = request.POST.get("step", "send")
    if step.startswith("remove-") and step[7:].isdigit():
        drafts.remove(token.client_token, [int(step[7:])])
        return _page(request, actor, token, IntakeForm(initial=request.POST.dict(), bodies=bodies))
    form = IntakeForm(request.POST, bodies=bodies)
    good = form.check(authorised=True)
    form.add_reasons(problems)
    if not good or problems:
        return _page(request, actor, token, form, status=422)
    found = intake.alike(int(form.cleaned_data["organisation"]), form.applicant(), form.content())
    if found and not form.cleaned_data["checked"]:
        message = "同一申请人已有名称、文号相同或者近期提交的申请，请核对下列办件；确属另一件申请的，勾选后再登记。"
        form.add_reasons([Reason("alike", message, "《条例》§36（六）", "checked")])
        return _page(request, actor, token, form, found, status=422)
    try:
        _take_in(actor, token.client_token, form)
    except Refused as refusal:
        form.add_reasons(refusal.reasons, {"received_on": _day_field(form)})
        return _page(request, actor, token, form, found, status=422)
    return _to_receipt(Submission.objects.get(client_token=token.client_token))


def _take_in(actor: Actor, token: str, form: IntakeForm) -> None:
    given, channel = form.cleaned_data, Channel(form.cleaned_data["channel"])
    with transaction.atomic():
        intake.take_in(
            actor=actor, organisation_id=int(given["organisation"]), channel=channel, client_token=token,
            applicant=form.applicant(), content=form.content(), files=drafts.given(drafts.of(token)),
            submitted_on=given["submitted_on"], read_back=given["read_back"],
            received_on=day_of_receipt(channel, given["submitted_on"], given["signed_on"]),
        )  # fmt: skip
        drafts.release(token)


def _day_field(form: IntakeForm) -> str:
    """The field from which the day of receipt follows."""
    return "signed_on" if form.cleaned_data["channel"] == Channel.POST else "submitted_on"


def _bodies(actor: Actor) -> list[tuple[str, str]]:
    """Bodies for which the actor registers applications. Raises `Refused` when there is none."""
    ours = [pk for pk, roles in actor.roles.items() if roles & DESK]
    found = Organisation.objects.filter(pk__in=ours, is_active=True).values_list("pk", "name")
    if not found:
        raise Refused([Reason("role", "您的角色不登记申请，请联系本单位办理依申请公开的人员。", "《条例》§45")])
    return [(str(pk), name) for pk, name in found]


def _page(
    request: HttpRequest,
    actor: Actor,
    token: guard.FormToken,
    form: IntakeForm,
    alike: list[Case] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "section": "cases", "form": form, "token": token, "alike": alike or [], "channels": ENTERED,
        "kept": drafts.of(token.client_token), "file_kinds": dict(_FILE_FIELDS), "most_files": drafts.MOST_FILES,
    }  # fmt: skip
    return show(request, actor, "create_case.html", context, status=status)


def _to_receipt(sent: Submission) -> HttpResponse:
    return redirect("office:case-receipt", case_id=sent.cases.order_by("pk")[0].pk)


# --- the receipt and the query code --------------------------------------------------------------------------------------
@office_page()
def receipt(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """回执 to be printed for the applicant; with the query code for a while after staff entered the application."""
    case = _for_desk(actor, case_id)
    sent = case.submission
    fresh = (timezone.now() - sent.submitted_at).total_seconds() < CODE_SECONDS
    context = {
        "section": "cases", "case": case, "channel": Channel(case.channel), "days": REPLY_DAYS, "files": sent.payload["files"],
        "tracking": absolute(reverse("portal:request-tracking")),
        "code": intake.code_to_show(sent) if sent.entered_by_id and fresh else "",
    }  # fmt: skip
    return show(request, actor, "case_receipt.html", context)


class RenewalForm(Form):
    """How it was made sure who asks for the code."""

    checked = forms.CharField(
        label="核验方式", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="写明怎样核验了申请人身份，如“当面核对身份证件”“回拨登记的联系电话核对证件号码”。核验方式和发放人记录在案。",
        error_messages={"max_length": "核验方式不能超过 200 字，请精简。"},
    )  # fmt: skip


@office_page("GET", "POST")
def renew_code(request: HttpRequest, actor: Actor, case_id: int) -> HttpResponse:
    """Give the applicant a new query code once it is known that it is they who ask; shown once."""
    case = _for_desk(actor, case_id)
    form = RenewalForm(request.POST or None)
    code = ""
    if form.is_valid():
        try:
            code = intake.renew_code(actor=actor, case_id=case.pk, checked=form.cleaned_data["checked"])
        except Refused as refusal:
            form.add_reasons(refusal.reasons)
    context = {"section": "cases", "case": case, "form": form, "code": code}
    return show(request, actor, "case_code.html", context, status=422 if form.errors else 200)


def _for_desk(actor: Actor, case_id: int) -> Case:
    case = case_for(actor, case_id)
    if not actor.roles_in(case.organisation_id) & DESK:
        raise Refused([Reason("role", "只有答复机关的办理人员可以打印回执、发放查询码。", "《条例》§45")])
    return case
