"""检索情况 and 热门搜索 in the office: what people sought and did not find, and which popular searches are not shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.popular_searches import Exclusion, parameters
from gongkai.rules.reasons import Refused
from gongkai.search_log import actions
from gongkai.search_log.models import ExcludedSearch
from gongkai.search_log.popular import popular_list
from gongkai.search_log.report import Period, Report, Step, View, report
from gongkai.web.office.pages import office_page, say_refusal, show
from gongkai.web.shared.dates import parse_day
from gongkai.web.shared.forms import Form
from gongkai.web.shared.spreadsheets import BYTE_ORDER_MARK, line

SPANS = ((7, "最近 7 天"), (30, "最近 30 天"), (90, "最近 90 天"), (365, "最近一年"))
DEFAULT_SPAN = 30
LONGEST = 800
CSV_ROWS = 5000


class ExclusionForm(Form):
    """A term that is not to be shown as popular, and why."""

    term = forms.CharField(label="词", max_length=60)
    reason = forms.ChoiceField(
        label="公开的原因",
        choices=[("", "请选择")] + [(reason.value, reason.label) for reason in Exclusion],
        help_text="在“热门搜索说明”页公布各原因的词数，不公布词本身。",
    )
    note = forms.CharField(label="理由", max_length=200, help_text="记入操作日志，不得修改。请勿写入个人信息。")
    whole = forms.TypedChoiceField(
        label="范围",
        choices=[("yes", "只排除与该词完全一致的检索"), ("no", "排除所有包含该词的检索")],
        coerce=lambda value: value == "yes",
        initial="yes",
    )


@office_page()
def search_report(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The report of one period and view."""
    _allow(actor, Action.VIEW_SEARCH_REPORT)
    view, period, span = _asked(request)
    untreated = request.GET.get("untreated") == "1"
    context = {
        "report": report(period, view, untreated=untreated),
        "view": view,
        "views": list(View),
        "span": span,
        "spans": SPANS,
        "untreated": untreated,
        "steps": list(Step),
        "step_labels": {step.value: step.label for step in Step},
        "question": _question(request),
        "section": "searches",
    }
    return show(request, actor, "search_report.html", context)


@office_page()
def search_report_csv(request: HttpRequest, actor: Actor) -> StreamingHttpResponse:
    """The same report as a table for a spreadsheet program."""
    _allow(actor, Action.VIEW_SEARCH_REPORT)
    view, period, _ = _asked(request)
    found = report(period, view, untreated=request.GET.get("untreated") == "1", limit=CSV_ROWS)
    response = StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")
    name = f"search-report-{view.value}-{period.first:%Y%m%d}-{period.last:%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@office_page("POST")
def treat_search(request: HttpRequest, actor: Actor, searched_id: int) -> HttpResponse:
    """Note what is done about one search."""
    _allow(actor, Action.TREAT_SEARCH)
    step, note = request.POST.get("step", ""), request.POST.get("note", "")
    try:
        actions.treat_search(actor=actor, searched_id=searched_id, step=step, note=note)
        messages.success(request, f"已登记：{Step(step).label}。")
    except Refused as refusal:
        say_refusal(request, refusal)
    query = "&".join(f"{name}={request.POST[name]}" for name in ("view", "days", "from", "to") if _plain(request, name))
    target = redirect("office:search-report")
    target["Location"] += f"?{query}" if query else ""
    return target


@office_page("GET", "POST")
def popular_searches(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The popular searches as they are shown, what is kept from them, and a form to keep one more."""
    _allow(actor, Action.MANAGE_POPULAR_SEARCHES)
    posted = request.method == "POST"
    form = ExclusionForm(request.POST) if posted else ExclusionForm(initial={"term": request.GET.get("term", "")[:60]})
    if posted and form.is_valid():
        try:
            actions.exclude_popular_search(actor=actor, **form.cleaned_data)
            messages.success(request, "已排除，热门搜索已重新计算。")
            return redirect("office:popular-searches")
        except Refused as refusal:
            form.add_reasons(refusal.reasons)
    context: dict[str, Any] = {
        "list": popular_list(),
        "exclusions": ExcludedSearch.objects.all()[:200],
        "reasons": {reason.value: reason.label for reason in Exclusion},
        "figures": parameters(),
        "form": form,
        "section": "searches",
    }
    return show(request, actor, "popular_searches.html", context, 422 if posted else 200)


@office_page("POST")
def restore_popular(request: HttpRequest, actor: Actor, exclusion_id: int) -> HttpResponse:
    """Lift an exclusion."""
    actions.restore_popular_search(actor=actor, exclusion_id=exclusion_id)
    messages.success(request, "已恢复，热门搜索已重新计算。")
    return redirect("office:popular-searches")


def _allow(actor: Actor, action: Action) -> None:
    decision = can(actor, action, Subject(None))
    if not decision:
        raise Refused(decision.reasons)


def _asked(request: HttpRequest) -> tuple[View, Period, int | None]:
    """View, period and, when the period is one of `SPANS`, its days. Whatever cannot be read is the default."""
    params = request.GET
    view = View(params["view"]) if params.get("view") in set(View) else View.MOST
    today = timezone.localdate()
    first, last = parse_day(params.get("from")), parse_day(params.get("to")) or today
    if first is not None and first <= last:
        return view, Period(max(first, last - timedelta(days=LONGEST)), last), None
    span = next((days for days, _ in SPANS if str(days) == params.get("days")), DEFAULT_SPAN)
    return view, Period(_days_before(today, span - 1), today), span


def _days_before(day: date, days: int) -> date:
    return day - timedelta(days=days)


def _question(request: HttpRequest) -> dict[str, str]:
    """The parameters of the present report, for its links and forms."""
    return {name: value for name in ("view", "days", "from", "to", "untreated") if (value := request.GET.get(name, ""))}


def _plain(request: HttpRequest, name: str) -> bool:
    """Whether a value of the form may stand in an address as it is."""
    value = request.POST.get(name, "")
    return value.replace("-", "").isalnum() and value.isascii() and len(value) <= 10


def _lines(found: Report) -> Iterator[str]:
    heads = (
        "检索词",
        "人数",
        "上期人数",
        "有结果",
        "只有部分匹配",
        "没有结果",
        "其中在政策文件库检索",
        "最近日期",
        "处理",
        "说明",
    )
    yield BYTE_ORDER_MARK + line(heads)
    for row in found.rows:
        treated = row.treatment
        yield line(
            (
                *(
                    row.text,
                    row.searchers,
                    row.before,
                    row.found,
                    row.relaxed,
                    row.nothing,
                    row.in_library,
                    row.last_on,
                ),
                *((Step(treated.step).label, treated.note) if treated else ("", "")),
            )
        )
    yield line((f"其余（不足 {found.threshold} 个网段检索，不列出文字）", found.others, *[""] * 8))
    yield line(("可能含个人信息，未记录文字（次）", found.unrecorded, *[""] * 8))
