"""在线申请: the form, what it finds before it is sent, and the confirmation. No session: the form carries a signed token (`request_guard`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.calendars import selectors as calendars
from gongkai.disclosure.public_tree import bodies
from gongkai.foi import drafts, intake, search_first, tallies
from gongkai.foi.models import Submission
from gongkai.foi.recording import APPLICANT
from gongkai.foi.telling import confirmation_by
from gongkai.rules.case_clocks import REPLY_DAYS
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.receipt import Channel
from gongkai.web.portal import request_guard as guard
from gongkai.web.portal.pages import in_mode, render
from gongkai.web.portal.request_forms import ApplicationForm, body_choices, is_open
from gongkai.web.shared.addresses import client_address

RECEIVED, RECEIVED_SECONDS = "information-request-received", 2 * 3600
OPENED, OPENED_SECONDS = "information-request-opened", 24 * 3600
MOST_LOOKS = 60
"""Times a minute one address may look for matches."""
_FILE_FIELDS = (("files", "application"), ("authorisation", "authorisation"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A match as it is shown: with the counted address that leads to it."""

    match: search_first.Match
    address: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """The form; posted, everything that is wrong at once with all that was typed and uploaded, or the confirmation."""
    if not is_open():
        return HttpResponseRedirect(in_mode(request, reverse("portal:information-requests")))
    if request.method != "POST":
        chosen = next((str(one.id) for one in bodies() if one.code == request.GET.get("body")), "")
        return _page(request, guard.new_form(), _form(initial={"organisation": chosen}))
    token = guard.read_form(request.POST.get("form", ""))
    if token and (sent := Submission.objects.filter(client_token=token.client_token).first()):
        return _to_received(request, sent.pk)
    if guard.too_many_tries(request):
        message = "同一网络地址一小时内提交的次数过多，请稍后再试，或者当面、邮寄提交申请。已填写的内容仍在表单中。"
        return _again(request, token or guard.new_form(), [Reason("tries", message)], 429)
    step = request.POST.get("step", "send")
    problems = _keep_files(request, token)
    if token and step.startswith("remove-") and step[7:].isdigit():
        drafts.remove(token.client_token, [int(step[7:])])
    if step != "send" and token and not problems:
        return _page(request, _fresh(token), _form(initial=request.POST.dict()), looked=step == "look")
    return _send(request, token, problems)


def _send(request: HttpRequest, token: guard.FormToken | None, problems: list[Reason]) -> HttpResponse:
    form = _form(request.POST)
    held = token or guard.new_form()
    kept = drafts.of(held.client_token)
    good = form.check(authorised=any(one.kind == "authorisation" for one in kept))
    person = guard.person(request.POST.dict(), held)
    reasons = [*problems, *guard.reasons_against(request, token), *_person_reasons(request, person)]
    if reasons or not good:
        form.add_reasons(reasons)
        return _page(request, _fresh(held), form, person=person, status=422)
    try:
        with transaction.atomic():
            taken = intake.take_in(
                actor=APPLICANT, organisation_id=int(form.cleaned_data["organisation"]), channel=Channel.ONLINE,
                client_token=held.client_token, applicant=form.applicant(), content=form.content(), files=drafts.given(kept),
            )  # fmt: skip
            drafts.release(held.client_token)
    except Refused as refusal:
        form.add_reasons(refusal.reasons)
        return _page(request, _fresh(held), form, person=person, status=422)
    if not taken.repeated:
        guard.count_sent(request, person.how)
        search_first.submitted(held.digest)
    return _to_received(request, Submission.objects.get(client_token=held.client_token).pk)


def _person_reasons(request: HttpRequest, person: guard.Person) -> list[Reason]:
    if not person.how:
        wrong = "回答有误，请回答新的问题。" if person.wrong else "请回答“安全验证”中的问题。"
        return [Reason("person", wrong)]
    limit = guard.too_many_sent(request, person.how)
    return [limit] if limit else []


def _keep_files(request: HttpRequest, token: guard.FormToken | None) -> list[Reason]:
    """Put uploads with the form; what is wrong with them is said beside everything else."""
    found: list[Reason] = []
    for field, kind in _FILE_FIELDS:
        uploads = request.FILES.getlist(field)
        if uploads and token:
            found += drafts.keep(token.client_token, kind, list(uploads), field)
    return found


def _fresh(token: guard.FormToken) -> guard.FormToken:
    return guard.new_form(token.client_token) if token.expired else token


def _form(data: Any = None, initial: dict[str, Any] | None = None) -> ApplicationForm:
    return ApplicationForm(data, initial=initial, bodies=body_choices((one.id, one.name, one.kind) for one in bodies()))


def _again(request: HttpRequest, token: guard.FormToken, reasons: list[Reason], status: int) -> HttpResponse:
    form = _form(request.POST)
    form.is_valid()
    form.add_reasons(reasons)
    return _page(request, _fresh(token), form, status=status)


def _page(
    request: HttpRequest,
    token: guard.FormToken,
    form: ApplicationForm,
    *,
    person: guard.Person | None = None,
    looked: bool = False,
    status: int = 200,
) -> HttpResponse:
    person = person or (guard.person(request.POST.dict(), token) if request.POST.get("person") else guard.Person())
    found = []
    if looked or form.is_bound:
        text = str(request.POST.get("title", "")).strip() or str(request.POST.get("description", ""))
        found = _matches(text, str(request.POST.get("organisation", "")), token)
    return render(
        request,
        "request_apply.html",
        status,
        title="在线申请",
        section="requests",
        form=form,
        token=token,
        kept=drafts.of(token.client_token),
        kinds=drafts.KINDS,
        most_files=drafts.MOST_FILES,
        person=person.kept(token),
        challenge=guard.challenge(token),
        question=guard.question(token),
        matches=found,
        looked=looked,
    )


# --- 先查后申 ------------------------------------------------------------------------------------------------------------
def _matches(text: str, organisation: str, token: guard.FormToken) -> list[Shown]:
    found = search_first.matches(text, int(organisation) if organisation.isdigit() else None)
    if found:
        search_first.shown(token.digest)
    return [Shown(match, _counted_address(match, token)) for match in found]


def _counted_address(match: search_first.Match, token: guard.FormToken) -> str:
    signed = signing.dumps([token.digest, match.name, list(match.arguments)], salt=OPENED)
    return reverse("portal:request-opened", args=[signed])


@never_cache
@require_POST
def matches(request: HttpRequest) -> HttpResponse:
    """A piece of the page: what is public already, for what was typed so far. By POST, so that no log keeps what somebody seeks."""
    token = guard.read_form(request.POST.get("form", ""))
    if token is None or tallies.count("request-look", client_address(request), seconds=60) > MOST_LOOKS:
        return HttpResponse("")
    found = _matches(request.POST.get("title", ""), request.POST.get("organisation", ""), token)
    response = HttpResponse(render_to_string("portal/request_matches.html", {"matches": found}, request))
    response["X-Robots-Tag"] = "noindex"
    return response


@never_cache
@require_safe
def opened(request: HttpRequest, signed: str) -> HttpResponse:
    """On to a match, counted once for its form. An old address leads there all the same, uncounted."""
    try:
        form, name, arguments = signing.loads(signed, salt=OPENED)
    except signing.BadSignature as error:
        raise Http404 from error
    try:
        signing.loads(signed, salt=OPENED, max_age=OPENED_SECONDS)
    except signing.SignatureExpired:
        pass
    else:
        search_first.opened(form)
    return HttpResponseRedirect(in_mode(request, reverse(name, args=arguments)))


# --- confirmation ------------------------------------------------------------------------------------------------------
def _to_received(request: HttpRequest, submission_id: int) -> HttpResponse:
    address = reverse("portal:request-received", args=[signing.dumps(submission_id, salt=RECEIVED)])
    return HttpResponseRedirect(in_mode(request, address))


@never_cache
@require_safe
def received(request: HttpRequest, signed: str) -> HttpResponse:
    """The numbers, what happens next and by when; to be printed. The address is good for two hours."""
    try:
        submission_id = signing.loads(signed, salt=RECEIVED, max_age=RECEIVED_SECONDS)
    except signing.SignatureExpired:
        return HttpResponseRedirect(in_mode(request, reverse("portal:request-tracking")))
    except signing.BadSignature as error:
        raise Http404 from error
    found = Submission.objects.select_related("organisation").filter(pk=submission_id).first()
    if found is None:
        raise Http404
    content = found.payload["content"]
    return render(
        request,
        "request_received.html",
        title="申请已提交",
        section="requests",
        submission=found,
        code=intake.code_to_show(found),
        wanted=content["title"],
        files=found.payload["files"],
        confirm_by=confirmation_by(timezone.localdate(found.submitted_at), calendars.current()),
        days=REPLY_DAYS,
    )
