"""工作日历 in the office: the years known and their notices, bringing in a year, the second person's approval, and what it moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect

from gongkai.calendars import actions, selectors
from gongkai.calendars.models import CalendarChange, CalendarYear
from gongkai.foi import recompute
from gongkai.foi.models import Recomputation
from gongkai.foi.recompute import Moved
from gongkai.organisations.actors import NotVisible
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.calendar import Notice, WorkingDays, Year
from gongkai.rules.calendar_import import LARGEST_TEXT, DayChange, differences, import_reasons, read_import
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.vocabulary import VocabularyError
from gongkai.web.office.pages import office_page, say_refusal, show
from gongkai.web.shared.dates import day
from gongkai.web.shared.forms import DateInput, Form
from gongkai.web.shared.pager import paginate
from gongkai.web.shared.spreadsheets import BYTE_ORDER_MARK, line

PAGE = 50
SHOWN_MOVED = 200
"""Cases a preview names one by one; all are counted."""
_SECTION = {"section": "calendars"}


class ProposeForm(Form):
    """A year's days as a file or as text, and the notice where the file does not name it."""

    file = forms.FileField(
        label="文件",
        required=False,
        help_text="TOML（与软件自带的工作日文件格式相同）或者 JSON（year、days，每日有 name、date、isOffDay）。",
    )
    text = forms.CharField(
        label="文件内容", required=False, widget=forms.Textarea(attrs={"rows": 8}), max_length=LARGEST_TEXT, strip=False,
        help_text="也可以把文件内容粘贴在这里。预览之后，所选文件的内容保留在这里，不必重新选择。",
    )  # fmt: skip
    title = forms.CharField(label="通知名称", required=False, max_length=200, help_text="TOML 文件已写明的不必填写。")
    number = forms.CharField(label="文号", required=False, max_length=60, help_text="如“国办发明电〔2025〕7号”。")
    published_on = forms.DateField(label="公布日期", required=False, widget=DateInput())
    url = forms.URLField(label="通知网址", required=False, max_length=300, assume_scheme="https")
    note = forms.CharField(label="说明", required=False, max_length=actions.LONGEST_NOTE, help_text="供复核人员参考。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file = self.files.get("file")
        if isinstance(file, UploadedFile) and "file" in self.fields and file.size and file.size <= LARGEST_TEXT * 4:
            self.data = {**self.data.dict(), "text": file.read().decode("utf-8-sig", errors="replace")}  # type: ignore[attr-defined]

    def year(self) -> Year:
        """The year of the valid form. Raises `Refused` for what cannot be read or be a year's notice."""
        given = self.cleaned_data
        if not given["text"].strip():
            raise Refused([Reason("file", "请选择文件，或者粘贴文件内容。", field="file")])
        named = given["title"].strip() and given["number"].strip() and given["published_on"]
        notice = (
            Notice(given["title"].strip(), given["number"].strip(), given["published_on"], given["url"])
            if named
            else None
        )
        try:
            year = read_import(given["text"], notice)
        except VocabularyError as error:
            raise Refused([Reason("unreadable", str(error), field="text")]) from error
        if reasons := import_reasons(year):
            raise Refused(reasons)
        return year


@dataclass(frozen=True, slots=True)
class Effect:
    """What a version would change: days, and the last days of open cases."""

    days: Sequence[DayChange]
    moved: Sequence[Moved]

    @property
    def counted(self) -> int:
        """Days that would count otherwise."""
        return sum(one.counts_otherwise for one in self.days)

    @property
    def by_body(self) -> list[tuple[str, int]]:
        """How many cases of each body would move, most first."""
        return Counter(one.organisation for one in self.moved).most_common()

    @property
    def shown(self) -> Sequence[Moved]:
        """The cases that are named."""
        return self.moved[:SHOWN_MOVED]


def _effect(after: WorkingDays, year: int) -> Effect:
    return Effect(differences(selectors.current(), after, [year]), recompute.preview(after))


@office_page()
def calendar_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The years known now, the versions brought in, and the changes with what they moved."""
    _allow(actor)
    page = paginate(selectors.versions(), ("-year", "-version"), request.GET, 20)
    changes = list(CalendarChange.objects.select_related("calendar_year")[:10])
    runs = {one.change_id: one for one in Recomputation.objects.filter(change_id__in=[change.pk for change in changes])}
    context = {
        "years": selectors.known_years(),
        "page": page,
        "changes": [(change, runs.get(change.pk)) for change in changes],
        "missing": selectors.missing_notice(),
        **_SECTION,
    }
    return show(request, actor, "calendars.html", context)


@office_page("GET", "POST")
def propose(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Bring in a year: first see what it would change, then propose it to a second person."""
    _allow(actor)
    form = ProposeForm(request.POST, request.FILES) if request.method == "POST" else ProposeForm()
    year, effect = None, None
    if form.is_bound and form.is_valid():
        try:
            year = form.year()
            if request.POST.get("do") == "propose":
                row = actions.propose(actor=actor, year=year, note=form.cleaned_data["note"])
                messages.success(request, f"已提出{row}，由其他系统管理员或者区公开办人员复核后启用。")
                return redirect("office:calendar", version_id=row.pk)
            effect = _effect(selectors.overlaid({**selectors.active_years(), year.year: year}), year.year)
        except Refused as refusal:
            form.add_reasons(refusal.reasons)
    context = {"form": form, "year": year, "effect": effect, **_SECTION}
    return show(request, actor, "propose_calendar.html", context, 422 if form.is_bound and form.errors else 200)


@office_page()
def calendar(request: HttpRequest, actor: Actor, version_id: int) -> HttpResponse:
    """One version: its days, and while it waits what it would change."""
    _allow(actor)
    return _version_page(request, actor, selectors.version_of(version_id), "")


def _version_page(
    request: HttpRequest,
    actor: Actor,
    row: CalendarYear,
    reason: str,
    status: int = 200,
    reasons: Sequence[Reason] = (),
) -> HttpResponse:
    proposed = row.state == CalendarYear.State.PROPOSED
    context = {
        "row": row,
        "year": actions.days_of(row),
        "effect": _effect(selectors.with_version(row), row.year) if proposed else None,
        "may_approve": proposed and row.proposed_by_id != actor.user_id,
        "may_withdraw": row.state != CalendarYear.State.WITHDRAWN,
        "changes": list(row.changes.all()),
        "reason": reason,
        "reasons": reasons,
        **_SECTION,
    }
    return show(request, actor, "calendar.html", context, status)


@office_page("POST")
def approve(request: HttpRequest, actor: Actor, version_id: int) -> HttpResponse:
    """Put a version in force."""
    _allow(actor)
    try:
        row = actions.approve(actor=actor, pk=version_id)
        messages.success(request, f"已启用{row}；未办结办件的期限由后台重新计算，稍后可在“变更”中查看。")
    except Refused as refusal:
        say_refusal(request, refusal)
    return redirect("office:calendar", version_id=version_id)


@office_page("POST")
def withdraw(request: HttpRequest, actor: Actor, version_id: int) -> HttpResponse:
    """Take a version back; without a reason the page again, with what was typed."""
    _allow(actor)
    reason = request.POST.get("reason", "")
    try:
        row = actions.withdraw(actor=actor, pk=version_id, reason=reason)
    except Refused as refusal:
        return _version_page(request, actor, selectors.version_of(version_id), reason, 422, refusal.reasons)
    messages.success(request, f"已撤销{row}。")
    return redirect("office:calendar", version_id=version_id)


@office_page()
def change(request: HttpRequest, actor: Actor, change_id: int) -> HttpResponse:
    """The cases whose last day a change has moved. Neither applicants nor what they asked for is shown."""
    found = _change(actor, change_id)
    page = paginate(recompute.events_of(found.pk).select_related("case__organisation"), ("-id",), request.GET, PAGE)
    context = {
        "change": found,
        "run": Recomputation.objects.filter(change_id=found.pk).first(),
        "page": page,
        "lines": [recompute.moved_in(row) for row in page.rows],
        **_SECTION,
    }
    return show(request, actor, "calendar_change.html", context)


@office_page()
def change_csv(request: HttpRequest, actor: Actor, change_id: int) -> StreamingHttpResponse:
    """The same whole, as a table for a spreadsheet program."""
    found = _change(actor, change_id)
    lines = _csv(recompute.moved_by(recompute.events_of(found.pk).order_by("id")))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="calendar-change-{found.pk}.csv"'
    return response


def _csv(moved: Iterator[Moved]) -> Iterator[str]:
    yield BYTE_ORDER_MARK + line(["登记编号", "答复机关", "收到日期", "原期限", "原为暂定", "现期限", "现为暂定"])
    for one in moved:
        yield line([
            one.number or "未登记", one.organisation, day(one.received_on), day(one.before), _yes(one.provisional_before),
            day(one.after), _yes(one.provisional_after),
        ])  # fmt: skip


def _yes(value: bool) -> str:
    return "是" if value else "否"


def _change(actor: Actor, change_id: int) -> CalendarChange:
    _allow(actor)
    found = CalendarChange.objects.select_related("calendar_year").filter(pk=change_id).first()
    if found is None:
        raise NotVisible
    return found


def _allow(actor: Actor) -> None:
    decision = can(actor, Action.MANAGE_CALENDAR, Subject(None))
    if not decision:
        raise Refused(decision.reasons)
