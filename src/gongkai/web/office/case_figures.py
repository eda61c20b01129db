"""依申请公开统计 in the office: tables three and four for a year, a body and a day, each number with its cases; to take away as a file."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from subprocess import CalledProcessError, TimeoutExpired
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from gongkai.foi import figures, search_first
from gongkai.foi.figures import FIRST_YEAR, Promptness, Span
from gongkai.foi.selectors import own_bodies
from gongkai.organisations.actors import NotVisible
from gongkai.organisations.models import Organisation
from gongkai.rules import request_table as rt
from gongkai.rules.access import Actor, Role
from gongkai.rules.case_events import SUPERVISORS, VIEWERS
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.request_table import RemedyTable, RequestTable
from gongkai.web.office.pages import office_page, show
from gongkai.web.shared.dates import NO_VALUE, parse_day
from gongkai.web.shared.pager import paginate
from gongkai.web.shared.spreadsheets import BYTE_ORDER_MARK, line, workbook
from gongkai.web.shared.templating import absolute
from gongkai.web.shared.typesetting import typeset

PAGE = 50
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
NOTE = "本表由办件记录自动统计：收到日期在本年的计入新收，答复日期在本年的计入办理结果，每件申请只计一次。"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figures: year, day, and whose."""

    span: Span
    organisation: Organisation | None
    bodies: frozenset[int] | None
    """None: of the whole district."""
    choices: Sequence[Organisation]
    problem: str = ""
    """What was wrong with the question, in Chinese; then the figures are those of today."""

    @property
    def title(self) -> str:
        """Of whom and until when."""
        return f"{self.whose}{self.span.year}年政府信息公开申请情况（截至{self.span.last:%Y-%m-%d}）"

    @property
    def whose(self) -> str:
        """The body, or all of them."""
        if self.organisation:
            return self.organisation.name
        return "全区" if self.bodies is None else "本单位"

    @property
    def question(self) -> dict[str, Any]:
        """The parameters of the address."""
        body = self.organisation.pk if self.organisation else ""
        return {"year": self.span.year, "as_of": self.span.as_of.isoformat(), "organisation": body}


@office_page()
def case_figures(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The tables, what does not add up in them, and how soon answers came."""
    asked = _asked(request, actor)
    table, imbalances = figures.checked(asked.span, asked.bodies)
    remedies = figures.remedies(asked.span, asked.bodies)
    whole, by_body = figures.promptness(asked.span, asked.bodies)
    context = {
        "asked": asked,
        "years": range(timezone.localdate().year, FIRST_YEAR - 1, -1),
        "table": table,
        "remedies": remedies,
        "rows": rt.rows(),
        "columns": [(column, rt.column_label(column)) for column in rt.ALL_COLUMNS],
        "corner": rt.CORNER,
        "kinds": rt.KINDS,
        "results": [*rt.RESULTS.items(), (rt.TOTAL, "总计")],
        "imbalances": [*imbalances, *rt.remedy_footing(remedies)],
        "whole": whole,
        "by_body": _named(by_body, asked.choices),
        "supervises": bool(actor.all_roles & SUPERVISORS),
        "section": "case-figures",
    }
    return show(request, actor, "case_figures.html", context, 422 if asked.problem else 200)


@office_page()
def figure_cases(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The cases that one number of table three counts: those and no others."""
    asked = _asked(request, actor)
    row, column = request.GET.get("row", ""), request.GET.get("column", rt.TOTAL)
    names = {one.code: one.full_label for one in rt.rows()}
    if row not in names or column not in rt.ALL_COLUMNS:
        row, column = rt.NEW, rt.TOTAL
    found = figures.cases_in(asked.span, row, column, asked.bodies).select_related("organisation")
    context = {
        "asked": asked,
        "page": paginate(found, ("-received_on", "-id"), request.GET, PAGE),
        "row_label": names[row],
        "column_label": rt.column_label(column),
        "labels": {code: one.label for code, one in figures.outcomes().items()} | {"withdrawn": "申请人撤回"},
        "section": "case-figures",
    }
    return show(request, actor, "figure_cases.html", context)


@office_page()
def search_first_figures(request: HttpRequest, actor: Actor) -> HttpResponse:
    """先查后申: how many were shown what is public already, opened it, and did not apply any more; of a year, by month."""
    if not actor.all_roles & SUPERVISORS:
        raise Refused([Reason("role", "先查后申成效由区公开办查看。", "《条例》§46")])
    span, problem = _span(request)
    context = {
        "span": span, "problem": problem, "years": range(timezone.localdate().year, FIRST_YEAR - 1, -1),
        "found": search_first.figures(date(span.year, 1, 1), span.last), "section": "case-figures",
    }  # fmt: skip
    return show(request, actor, "search_first.html", context, 422 if problem else 200)


@office_page()
def case_figures_export(request: HttpRequest, actor: Actor, extension: str) -> HttpResponse:
    """The same as `csv`, `xlsx` or `docx`."""
    if extension not in MEDIA_TYPES:
        raise Http404
    asked = _asked(request, actor)
    table, remedies = figures.table(asked.span, asked.bodies), figures.remedies(asked.span, asked.bodies)
    three, four = [*_three(table)], [*_four(remedies)]
    if extension == "csv":
        lines = [[asked.title], *three, [], *four, [], [NOTE]]
        content = (BYTE_ORDER_MARK + "".join(line(cells) for cells in lines)).encode()
    elif extension == "xlsx":
        out = io.BytesIO()
        workbook(out, [("收到和处理申请情况", three), ("复议、诉讼情况", four), ("说明", [[asked.title], [NOTE]])])
        content = out.getvalue()
    else:
        try:
            content = typeset("docx", _printed(asked, three, four))
        except (CalledProcessError, TimeoutExpired):
            messages.error(request, "文件没有生成成功，请稍后再试；也可以导出 Excel。")
            return redirect(f"{reverse('office:case-figures')}?year={asked.span.year}")
    answer = HttpResponse(content, content_type=MEDIA_TYPES[extension])
    answer["Content-Disposition"] = f'attachment; filename="case-figures-{asked.span.year}.{extension}"'
    return answer


def _three(table: RequestTable) -> Iterator[list[str]]:
    yield [rt.CORNER, *(rt.column_label(column) for column in rt.ALL_COLUMNS)]
    for row in rt.rows():
        yield [row.full_label, *(_number(table.cell(row.code, column)) for column in rt.ALL_COLUMNS)]


def _four(table: RemedyTable) -> Iterator[list[str]]:
    yield ["种类", *rt.RESULTS.values(), "总计"]
    for kind, label in rt.KINDS.items():
        yield [label, *(_number(table.cells[kind][result]) for result in (*rt.RESULTS, rt.TOTAL))]


def _number(value: int | None) -> str:
    return "/" if value is None else str(value)


def _printed(asked: Asked, *tables: Iterable[Sequence[str]]) -> dict[str, Any]:
    """For `web.shared.typesetting.typeset`."""
    heads = ("收到和处理政府信息公开申请情况", "政府信息公开行政复议、行政诉讼情况")
    body = "".join(f"<p><strong>{head}</strong></p>{_html(rows)}" for head, rows in zip(heads, tables, strict=True))
    return {
        "title": asked.title, "body_html": f"{body}<p>{escape(NOTE)}</p>", "document_number": "", "issuing_agencies": [],
        "document_date": None, "attachments": [], "sample": settings.ENVIRONMENT.sample, "index_number": "",
        "url": absolute(reverse("office:case-figures")), "landscape": True,
    }  # fmt: skip


def _html(rows: Iterable[Sequence[str]]) -> str:
    lines = [
        "<tr>" + "".join(f"<{mark}>{escape(cell)}</{mark}>" for cell in row) + "</tr>"
        for number, row in enumerate(rows)
        for mark in ["td" if number else "th"]
    ]
    return f"<table>{''.join(lines)}</table>"


def _named(by_body: dict[int, Promptness], choices: Sequence[Organisation]) -> list[tuple[str, Promptness]]:
    """By name, those with the smallest share in time first."""
    names = {body.pk: body.short_name for body in choices}
    found = [(names.get(pk, NO_VALUE), one) for pk, one in by_body.items()]
    return sorted(found, key=lambda one: (one[1].share or 0, -one[1].answered))


def _asked(request: HttpRequest, actor: Actor) -> Asked:
    """What the address asks for. Raises `Refused` for who sees no cases, `NotVisible` for a foreign body."""
    supervises = bool(actor.all_roles & SUPERVISORS)
    own = own_bodies(actor)
    if not supervises and not own:
        who = "、".join(role.label for role in Role if role in VIEWERS)
        raise Refused([Reason("role", f"您的角色不能查看依申请公开统计，请联系{who}。", "《个人信息保护法》§6")])
    return asked_of(request, None if supervises else own)


def asked_of(request: HttpRequest, bodies: frozenset[int] | None) -> Asked:
    """What the address asks for of these bodies (None: of all). Raises `NotVisible` for another one."""
    choices = Organisation.objects.only("name", "short_name", "position").order_by("position", "pk")
    found = list(choices if bodies is None else choices.filter(pk__in=bodies))
    given = request.GET.get("organisation", "").strip()
    body = None
    if given:
        body = next((one for one in found if str(one.pk) == given), None)
        if body is None:
            raise NotVisible
        bodies = frozenset({body.pk})
    span, problem = _span(request)
    return Asked(span, body, bodies, found, problem)


def _span(request: HttpRequest) -> tuple[Span, str]:
    """The year and day asked for; what cannot be is told, and today's taken in its place."""
    today = timezone.localdate()
    given_year, given_day = request.GET.get("year", "").strip(), request.GET.get("as_of", "").strip()
    year = int(given_year) if given_year.isdecimal() and len(given_year) == 4 else today.year if not given_year else 0
    if not FIRST_YEAR <= year <= today.year:
        return Span(today.year, today), f"年份应当在 {FIRST_YEAR} 至 {today.year} 之间，请重新选择。"
    usual = min(today, date(year, 12, 31))
    if not given_day:
        return Span(year, usual), ""
    as_of = parse_day(given_day)
    if as_of is None:
        return Span(year, usual), "统计截至日期应当写成 2026-01-29 的形式，已按默认日期统计。"
    if as_of < date(year, 1, 1):
        return Span(year, usual), f"统计截至日期早于{year}年，请选择{year}年1月1日以后的日期；已按默认日期统计。"
    if as_of > today:
        return Span(year, usual), "统计截至日期晚于今天，已按默认日期统计。"
    return Span(year, as_of), ""
