"""依申请公开答复选登 (《条例》§44): answers to applications, without anything of the applicant, to be found before one applies."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gongkai.foi import answer_log
from gongkai.rules.outcomes import outcomes
from gongkai.web.portal import lists
from gongkai.web.portal.pages import LIST_SIZE, render
from gongkai.web.shared.pager import paginate

ORDER = ("-decided_on", "-id")


@require_safe
def logged_answers(request: HttpRequest) -> HttpResponse:
    """The log, the newest answer first."""
    wanted = lists.logged_answers(request.GET)
    if wanted is None:
        raise Http404
    found = answer_log.listed(wanted.text, wanted.body.id if wanted.body else None)
    page = paginate(found, ORDER, request.GET, LIST_SIZE)
    return render(
        request, "logged_answers.html", title=wanted.title, section="requests", entry="information-requests",
        body=wanted.body, text=wanted.text, page=page, outcomes=outcomes(), shorten=answer_log.shorten,
    )  # fmt: skip


@require_safe
def logged_answer(request: HttpRequest, answer_id: int) -> HttpResponse:
    """One question and its answer."""
    found = answer_log.public_answers().filter(pk=answer_id).first()
    if found is None:
        raise Http404
    return render(
        request, "logged_answer.html", title=answer_log.shorten(found.question), section="requests",
        entry="information-requests", answer=found, outcome=outcomes().get(found.outcome),
    )  # fmt: skip
