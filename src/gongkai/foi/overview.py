"""依申请公开监督: how each body stands with its cases, as a few measures of a year and of today (《条例》§46, §47).

A measure is a condition: the database counts by it, and the same condition lists the cases that were counted. However many bodies there
are, three queries count them all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from gongkai.foi import figures
from gongkai.foi.desk import Days, Light
from gongkai.foi.figures import Bodies, Promptness, Span
from gongkai.foi.models import Case, CaseEvent
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.case_states import CaseState
from gongkai.rules.outcomes import outcomes

LITIGATION = ("direct_litigation", "litigation_after_reconsideration")


@dataclass(frozen=True, slots=True)
class Measure:
    """One column: what is counted, under which heading, by which condition."""

    code: str
    group: str
    label: str
    cases: Q


@dataclass(frozen=True, slots=True)
class Standing:
    """The measures of one body, or of all together."""

    counts: Mapping[str, int] = field(default_factory=Counter)
    promptness: Promptness = Promptness(0, None, None, 0)  # noqa: RUF009 - frozen


def measures(span: Span, days: Days) -> dict[str, Measure]:
    """All measures by code, in the order of the page."""
    counting = figures.counting()
    received = counting & span.part("r01")
    late = Q(due_on__isnull=False, timely_on__gt=F("due_on"))
    running = reduce(or_, (days.asked(light.value) for light in Light))
    confirming = Q(state=CaseState.AWAITING_CONFIRMATION.value, closed_on=None)
    groups = {one.group.code: one.group for one in outcomes().values()}
    found = [
        Measure("received", "本年收到", "收到", received),
        Measure("corrected", "本年收到", "补正", received & _had(Event.SEND_CORRECTION_NOTICE)),
        Measure("extended", "本年收到", "延期", received & _had(Event.SERVE_EXTENSION)),
        Measure("confirming", "当前在办", "待确认收到", confirming),
        Measure("running", "当前在办", "在办", running),
        *(Measure(light.value, "当前在办", light.label, days.asked(light.value)) for light in Light),
        Measure("answered", "本年答复", "答复", counting & span.answered),
        Measure("late", "本年答复", "逾期答复", counting & span.answered & late),
        *(
            Measure(code, "本年办理结果", group.label, counting & _of_group(span, code))
            for code, group in groups.items()
        ),
        Measure("reconsideration", "救济", "行政复议", _with_remedy(span, "reconsideration")),
        Measure("litigation", "救济", "行政诉讼", _with_remedy(span, *LITIGATION)),
        Measure(
            "put_right", "救济", "结果纠正", _with_remedy(span, "reconsideration", *LITIGATION, result="corrected")
        ),
    ]
    return {one.code: one for one in found}


def _had(event: Event) -> Q:
    return Q(Exists(CaseEvent.objects.filter(case=OuterRef("pk"), name=event.value)))


def _of_group(span: Span, group: str) -> Q:
    return reduce(or_, (span.part(one.row) for one in outcomes().values() if one.group.code == group))


def _with_remedy(span: Span, *kinds: str, result: str = "") -> Q:
    """Cases with a reconsideration or suit that table four of the year counts; a case with two of them is one case."""
    return Q(pk__in=figures.remedies_in(span, result=result).filter(kind__in=kinds).values("case_id"))


def cases_of(measure: Measure, bodies: Bodies = None) -> QuerySet[Case]:
    """The cases that a measure counts, all of them and no others."""
    found = Case.objects.filter(measure.cases)
    return found if bodies is None else found.filter(organisation_id__in=list(bodies))


def standings(span: Span, days: Days, bodies: Bodies = None) -> tuple[Standing, dict[int, Standing]]:
    """All together, and each body that has anything to count, by key."""
    counts: dict[int, Counter[str]] = {}
    for rows in _counted(span, days, bodies):
        for row in rows:
            body = row.pop("organisation_id")
            counts.setdefault(body, Counter()).update({code: n for code, n in row.items() if n})
    whole, prompt = figures.promptness(span, bodies)
    nothing = Promptness(0, None, None, 0)
    by_body = {body: Standing(found, prompt.get(body, nothing)) for body, found in counts.items() if found}
    return Standing(sum(counts.values(), Counter()), whole), by_body


def _counted(span: Span, days: Days, bodies: Bodies) -> list[QuerySet[Case, dict[str, int]]]:
    """Counts by body: of the year's and today's cases, and of those with a remedy, which may be older."""
    every = measures(span, days)
    of_remedies = {code: one for code, one in every.items() if one.group == "救济"}
    of_year = {code: one for code, one in every.items() if code not in of_remedies}
    year = (span.first, span.last)
    recent = Q(received_on__range=year) | Q(decided_on__range=year) | Q(timely_on__range=year) | Q(closed_on=None)
    brought = Q(pk__in=figures.remedies_in(span).values("case_id"))
    found = []
    for cases, counted in ((recent, of_year), (brought, of_remedies)):
        rows = Case.objects.filter(cases)
        if bodies is not None:
            rows = rows.filter(organisation_id__in=list(bodies))
        numbers = {code: Count("pk", filter=one.cases) for code, one in counted.items()}
        found.append(rows.order_by().values("organisation_id").annotate(**numbers))
    return found
