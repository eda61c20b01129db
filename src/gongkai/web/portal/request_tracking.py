"""进度查询: by tracking number and query code, without an account; what the applicant may answer, withdraw and fetch there.

The two open a signed address that is good for half an hour. Wrong ones are answered alike after the same work, and five of them from one address
within a quarter of an hour bring a pause.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.foi import documents, drafts, intake, messages, tallies
from gongkai.foi.models import ApplicantMessage, Case, CaseDocument, Letter, Submission
from gongkai.foi.recording import APPLICANT
from gongkai.foi.telling import (
    Standing,
    Step,
    documents_for_applicant,
    letters_for_applicant,
    standing,
    steps_for_applicant,
)
from gongkai.rules.letter_types import letter_types
from gongkai.rules.reasons import Reason, Refused
from gongkai.web.portal import request_guard as guard
from gongkai.web.portal.downloads import MEDIA_TYPES, case_file, letter_file
from gongkai.web.portal.pages import in_mode, render
from gongkai.web.shared.addresses import client_address
from gongkai.web.shared.forms import Form

TRACKED, TRACKED_SECONDS = "information-request-tracked", 1800
MOST_WRONG, PAUSE_SECONDS = 5, 15 * 60
"""Wrong tries for one number from one address, and for how long."""
MOST_WRONG_IN_ALL = 20
"""Wrong tries of one address in the same time, whatever the numbers."""
_WRONG = "申请编号或者查询码有误，请核对后重新填写。查询码不区分大小写，遗失的请联系受理机关核验身份后重新发放。"


class TrackForm(Form):
    """The two numbers of the confirmation."""

    use_required_attribute = False
    number = forms.CharField(label="申请编号", max_length=30, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))  # fmt: skip
    code = forms.CharField(label="查询码", max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}))  # fmt: skip


class AnswerForm(Form):
    """The answer to 补正 or 说明理由."""

    text = forms.CharField(label="内容", widget=forms.Textarea(attrs={"rows": 6}), required=False)


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case as its applicant sees it."""

    case: Case
    steps: list[Step]
    standing: Standing
    letters: list[tuple[Letter, str]]
    """With the name of the letter."""
    documents: list[CaseDocument]
    waiting: list[ApplicantMessage]
    answer: AnswerForm | None
    token: guard.FormToken
    kept: list[Any]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for the two numbers; right ones lead on."""
    form = TrackForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            number, code = form.cleaned_data["number"].strip(), form.cleaned_data["code"]
            if paused := _paused(request, number):
                form.add_reasons([paused])
                status = 429
            elif found := intake.find(number, code):
                return HttpResponseRedirect(_address(request, "portal:request-status", found.pk))
            else:
                address = client_address(request)
                tallies.count("track-wrong", address, number, seconds=PAUSE_SECONDS)
                tallies.count("track-wrong-all", address, seconds=PAUSE_SECONDS)
                form.add_reasons([Reason("wrong", _WRONG)])
    return render(request, "request_track.html", status, title="进度查询", section="requests", form=form)


def _paused(request: HttpRequest, number: str) -> Reason | None:
    address = client_address(request)
    for parts, most in ((("track-wrong", address, number), MOST_WRONG), (("track-wrong-all", address), MOST_WRONG_IN_ALL)):  # fmt: skip
        until = tallies.until(*parts)
        if until is not None and tallies.counted(*parts) >= most:
            message = f"申请编号或者查询码多次有误，请在{guard.clock(until)}后再试。查询码遗失的，请联系受理机关核验身份后重新发放。"
            return Reason("paused", message)
    return None


def _address(request: HttpRequest, name: str, submission_id: int) -> str:
    return in_mode(request, reverse(name, args=[signing.dumps(submission_id, salt=TRACKED)]))


def _submission(signed: str) -> Submission | None:
    """The submission of a signed address; None when it has lapsed. Raises `Http404` for one that is made up."""
    try:
        pk = signing.loads(signed, salt=TRACKED, max_age=TRACKED_SECONDS)
    except signing.SignatureExpired:
        return None
    except signing.BadSignature as error:
        raise Http404 from error
    return Submission.objects.select_related("organisation").filter(pk=pk).first()


def _lapsed(request: HttpRequest) -> HttpResponse:
    message = "查询页面已超过三十分钟，为保护您的信息，请重新填写申请编号和查询码。"
    return render(
        request, "request_track.html", 403, title="进度查询", section="requests", form=TrackForm(), lapsed=message
    )


@never_cache
@require_safe
def status(request: HttpRequest, signed: str) -> HttpResponse:
    """Everything the applicant is told of the submission's cases."""
    found = _submission(signed)
    return _status_page(request, signed, found) if found else _lapsed(request)


def _status_page(
    request: HttpRequest, signed: str, found: Submission, failed: tuple[int, AnswerForm, guard.FormToken] | None = None,
    code: int = 200,
) -> HttpResponse:  # fmt: skip
    cases = found.cases.select_related("organisation", "applicant").order_by("pk")
    views = [_view(case, failed if failed and failed[0] == case.pk else None) for case in cases]
    return render(
        request, "request_status.html", code, title="申请办理进度", section="requests", submission=found, signed=signed,
        views=views, done=request.GET.get("done", ""), most_files=drafts.MOST_FILES,
    )  # fmt: skip


def _view(case: Case, failed: tuple[int, AnswerForm, guard.FormToken] | None) -> CaseView:
    stands = standing(case)
    token = failed[2] if failed else guard.new_form()
    waits = messages.waiting(case)
    answer = None
    if stands.may_answer and not any(one.kind == stands.may_answer for one in waits):
        answer = failed[1] if failed else AnswerForm(auto_id=f"id_{case.pk}_%s")
        answer.fields["text"].label = "补正内容" if stands.may_answer == "correction" else "理由"
    letters = [(one, letter_types()[one.type].label) for one in letters_for_applicant(case)]
    return CaseView(
        case, steps_for_applicant(case), stands, letters, documents_for_applicant(case), waits, answer, token,
        drafts.of(token.client_token),
    )  # fmt: skip


@never_cache
@require_POST
def answer(request: HttpRequest, signed: str, case_id: int) -> HttpResponse:
    """Send an answer to 补正 or 说明理由; with errors everything typed and uploaded is kept."""
    found, case = _case(signed, case_id)
    if found is None or case is None:
        return _lapsed(request)
    token = guard.read_form(request.POST.get("form", ""))
    form = AnswerForm(request.POST, auto_id=f"id_{case.pk}_%s")
    form.is_valid()
    if token is None or guard.too_many_tries(request):
        form.add_reasons([Reason("form", "表单已经失效或者提交次数过多，请核对内容后重新提交；文件请重新选择。")])
        return _status_page(request, signed, found, (case.pk, form, token or guard.new_form()), 422)
    problems = drafts.keep(token.client_token, "correction", list(request.FILES.getlist("files")), "")
    step = request.POST.get("step", "send")
    if step.startswith("remove-") and step[7:].isdigit():
        drafts.remove(token.client_token, [int(step[7:])])
        unsent = AnswerForm(initial={"text": request.POST.get("text", "")}, auto_id=f"id_{case.pk}_%s")
        return _status_page(request, signed, found, (case.pk, unsent, token))
    try:
        if problems:
            raise Refused(problems)
        messages.send(case_id=case.pk, text=request.POST.get("text", ""), token=token.client_token)
    except Refused as refusal:
        form.add_reasons(refusal.reasons)
        return _status_page(request, signed, found, (case.pk, form, token), 422)
    return HttpResponseRedirect(_done(request, found, "answered"))


@never_cache
@require_POST
def withdraw(request: HttpRequest, signed: str, case_id: int) -> HttpResponse:
    """Withdraw the application, once that is said to be meant."""
    found, case = _case(signed, case_id)
    token = guard.read_form(request.POST.get("form", ""))
    if found is None or case is None or token is None:
        return _lapsed(request)
    if request.POST.get("sure") != "yes":
        return HttpResponseRedirect(_done(request, found, "not-sure"))
    try:
        statement = request.POST.get("statement", "")[:2000]
        messages.withdraw(case_id=case.pk, statement=statement, token=token.client_token)
    except Refused:
        return HttpResponseRedirect(_done(request, found, "too-late"))
    return HttpResponseRedirect(_done(request, found, "withdrawn"))


@never_cache
@require_safe
def letter(request: HttpRequest, signed: str, letter_id: int, extension: str) -> HttpResponse:
    """A letter that was issued to the applicant, as pdf or docx."""
    found = _submission(signed)
    if found is None:
        return _lapsed(request)
    if extension not in ("pdf", "docx"):
        raise Http404
    for case in found.cases.select_related("applicant"):
        for one in letters_for_applicant(case):
            if one.pk == letter_id:
                name = f"{letter_types()[one.type].label}{one.number}.{extension}"
                response = HttpResponse(letter_file(one, extension), content_type=MEDIA_TYPES[extension])
                response["Content-Disposition"] = content_disposition_header(True, name) or ""
                return response
    raise Http404


@never_cache
@require_safe
def document(request: HttpRequest, signed: str, document_id: int) -> HttpResponseBase:
    """A document that was given with the answer; that it was fetched is noted."""
    found = _submission(signed)
    if found is None:
        return _lapsed(request)
    for case in found.cases.all():
        for one in documents_for_applicant(case):
            if one.pk == document_id:
                response = case_file(one)
                documents.note_reading(APPLICANT, case, one)
                return response
    raise Http404


def _case(signed: str, case_id: int) -> tuple[Submission | None, Case | None]:
    """The submission and one of its cases. Raises `Http404` when the case is another's."""
    found = _submission(signed)
    if found is None:
        return None, None
    case = found.cases.filter(pk=case_id).first()
    if case is None:
        raise Http404
    return found, case


def _done(request: HttpRequest, found: Submission, what: str) -> str:
    """The page again, under a fresh address, saying what was done."""
    address = _address(request, "portal:request-status", found.pk)
    return f"{address}{'&' if '?' in address else '?'}done={what}"
