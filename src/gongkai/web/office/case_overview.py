"""依申请公开监督 in the office: how each body stands with its cases; each number opens its cases, from where they are urged (督办)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from gongkai.foi import overview
from gongkai.foi.desk import Days
from gongkai.foi.figures import FIRST_YEAR
from gongkai.foi.overview import Measure, Standing
from gongkai.organisations.models import Organisation
from gongkai.organisations.selectors import bodies_where
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.case_events import SUPERVISORS, TRANSITIONS
from gongkai.rules.case_events import CaseEvent as Event
from gongkai.rules.outcomes import outcomes
from gongkai.rules.reasons import Refused
from gongkai.web.office.case_figures import MEDIA_TYPES, Asked, asked_of
from gongkai.web.office.pages import office_page, show
from gongkai.web.shared.pager import paginate
from gongkai.web.shared.spreadsheets import BYTE_ORDER_MARK, line, workbook

PAGE = 50
MEAN = "平均用时（工作日）"
NOTE = "“当前在办”为今天的情况，不分年度。平均用时为收到至答复的工作日，补正、征求意见等依法不计入的时间未扣除。"
_TABLES = (("办理情况", ("本年收到", "当前在办", "本年答复")), ("办理结果和救济", ("本年办理结果", "救济")))
"""Headings of the measures in each of the two tables."""


@office_page()
def case_overview(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The measures of every body one supervises, the most overdue first."""
    asked = _asked(request, actor)
    measures, whole, lines = _standings(asked)
    context = {
        "section": "cases",
        "asked": asked,
        "years": range(timezone.localdate().year, FIRST_YEAR - 1, -1),
        "tables": [(title, _groups(measures, groups)) for title, groups in _TABLES],
        "whole": whole,
        "lines": lines,
        "without": (1 if asked.organisation else len(asked.choices)) - len(lines),
        "mean": MEAN,
        "note": NOTE,
    }
    return show(request, actor, "case_overview.html", context, 422 if asked.problem else 200)


@office_page()
def overview_cases(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The cases that one number counts: those and no others."""
    asked = _asked(request, actor)
    days = Days.of(timezone.localdate())
    measures = overview.measures(asked.span, days)
    measure = measures.get(request.GET.get("measure", ""), measures["received"])
    found = overview.cases_of(measure, asked.bodies).select_related("organisation")
    context = {
        "section": "cases",
        "asked": asked,
        "measure": measure,
        "days": days,
        "page": paginate(found, ("-opened_at", "-id"), request.GET, PAGE),
        "labels": {code: one.label for code, one in outcomes().items()},
        "urged_in": TRANSITIONS[Event.SUPERVISE].sources if actor.all_roles & SUPERVISORS else (),
    }
    return show(request, actor, "overview_cases.html", context)


@office_page()
def case_overview_export(request: HttpRequest, actor: Actor, extension: str) -> HttpResponse:
    """The same as `csv` or `xlsx`."""
    if extension not in ("csv", "xlsx"):
        raise Http404
    asked = _asked(request, actor)
    rows = list(_rows(*_standings(asked)))
    if extension == "csv":
        content = (BYTE_ORDER_MARK + "".join(line(cells) for cells in [*rows, [], [_title(asked)], [NOTE]])).encode()
    else:
        out = io.BytesIO()
        workbook(out, [("依申请公开监督", rows), ("说明", [[_title(asked)], [NOTE]])])
        content = out.getvalue()
    answer = HttpResponse(content, content_type=MEDIA_TYPES[extension])
    answer["Content-Disposition"] = f'attachment; filename="case-overview-{asked.span.year}.{extension}"'
    return answer


def _asked(request: HttpRequest, actor: Actor) -> Asked:
    bodies = bodies_where(actor, Action.SUPERVISE_REQUESTS)
    if bodies == frozenset():
        raise Refused(can(actor, Action.SUPERVISE_REQUESTS, Subject(None)).reasons)
    return asked_of(request, bodies)


def _title(asked: Asked) -> str:
    return f"{asked.whose}{asked.span.year}年依申请公开监督情况（{timezone.localdate():%Y-%m-%d}统计）"


Lines = list[tuple[Organisation, Standing]]


def _standings(asked: Asked) -> tuple[dict[str, Measure], Standing, Lines]:
    days = Days.of(timezone.localdate())
    whole, by_body = overview.standings(asked.span, days, asked.bodies)
    lines = [(body, by_body[body.pk]) for body in asked.choices if body.pk in by_body]
    lines.sort(key=lambda one: (-one[1].counts["overdue"], -one[1].counts["late"], one[0].position, one[0].pk))
    return overview.measures(asked.span, days), whole, lines


def _groups(measures: dict[str, Measure], wanted: tuple[str, ...]) -> list[tuple[str, list[Measure]]]:
    """The measures under their headings."""
    return [
        (group, list(found)) for group, found in groupby(measures.values(), lambda one: one.group) if group in wanted
    ]


def _rows(measures: dict[str, Measure], whole: Standing, lines: Lines) -> Iterator[list[str]]:
    yield ["单位", *(f"{one.group}：{one.label}" for one in measures.values()), MEAN]
    for name, standing in [*((body.name, one) for body, one in lines), ("合计", whole)]:
        yield [name, *(str(standing.counts[code]) for code in measures), _mean_words(standing)]


def _mean_words(standing: Standing) -> str:
    """The mean with one decimal; empty where nothing was answered."""
    mean: Any = standing.promptness.mean_days
    return "" if mean is None else f"{mean:.1f}"
