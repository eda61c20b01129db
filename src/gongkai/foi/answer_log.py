"""依申请公开答复选登 as the public reads it (《条例》§44): the rows of the log, and which of them answer a question before it is asked."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from gongkai.foi import calendars
from gongkai.foi.models import Case, CaseEvent, LoggedAnswer
from gongkai.rules.request_settings import number_setting
from gongkai.text.analysis import plain_words

SHOWN = 5
"""Past answers that are shown to somebody who is about to apply."""


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


def matching(text: str, organisation_id: int | None = None) -> list[LoggedAnswer]:
    """Past answers that have the words of `text`, for somebody who is about to apply; the best few, none for an empty text."""
    words = [word for word in plain_words(text) if len(word) > 1][:8]
    if not words:
        return []
    asked = Q()
    for word in words:
        asked |= Q(question__contains=word) | Q(answer__contains=word)
    found = public_answers().filter(asked)
    if organisation_id:
        found = found.filter(organisation_id=organisation_id)
    ranked = sorted(found[:200], key=lambda one: -sum(word in one.question or word in one.answer for word in words))
    return ranked[:SHOWN]
