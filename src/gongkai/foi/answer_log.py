"""依申请公开答复选登 as the public reads it (《条例》§44): the rows of the log, and which of them answer a question before it is asked."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from gongkai.calendars import selectors as calendars
from gongkai.foi.models import Case, CaseEvent, LoggedAnswer
from gongkai.rules.request_settings import number_setting
from gongkai.text.analysis import plain_words

SHOWN = 5
"""Past answers that are shown to somebody who is about to apply."""


def shorten(question: str, longest: int = 60) -> str:
    """A question as a title: its first line, cut where it is long."""
    first = question.strip().split("\n", 1)[0]
    return first if len(first) <= longest else f"{first[: longest - 1]}…"


def keep(case: Case, event: CaseEvent) -> None:
    """The row of the log for its event; in the event's transaction."""
    wait = number_setting("publication_delay")
    LoggedAnswer.objects.create(
        case=case,
        organisation_id=case.organisation_id,
        question=event.data["question"],
        answer=event.data["answer"],
        outcome=case.outcome,
        decided_on=case.decided_on or event.effective_on,
        public_from=calendars.current().add(event.effective_on, wait).day,
    )


def public_answers() -> QuerySet[LoggedAnswer]:
    """What the public may read today, the newest first."""
    return LoggedAnswer.objects.filter(public_from__lte=timezone.localdate()).select_related("organisation")


def listed(text: str = "", organisation_id: int | None = None) -> QuerySet[LoggedAnswer]:
    """The public log, narrowed to what has all words of `text` and to one body."""
    found = public_answers()
    for word in text.split()[:8]:
        found = found.filter(Q(question__icontains=word) | Q(answer__icontains=word))
    return found.filter(organisation_id=organisation_id) if organisation_id else found


def matching(text: str, organisation_id: int | None = None) -> list[LoggedAnswer]:
    """Past answers that have half of the words of `text` or more, for somebody who is about to apply; the best few, none for an empty text."""
    words = [word for word in plain_words(text) if len(word) > 1][:8]
    if not words:
        return []
    asked = Q()
    for word in words:
        asked |= Q(question__icontains=word) | Q(answer__icontains=word)
    found = public_answers().filter(asked)
    if organisation_id:
        found = found.filter(organisation_id=organisation_id)
    counted = [(sum(word in f"{one.question}\n{one.answer}".lower() for word in words), one) for one in found[:200]]
    ranked = sorted((pair for pair in counted if pair[0] * 2 >= len(words)), key=lambda pair: -pair[0])
    return [one for _, one in ranked[:SHOWN]]
