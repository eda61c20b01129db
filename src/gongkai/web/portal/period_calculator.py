"""期限计算: until when an application must be answered, day by day; reckoned by the same rules as in the office, nothing is kept."""

from __future__ import annotations

from datetime import date

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gongkai.calendars import selectors as calendars
from gongkai.rules.clock import LONGEST_EXTENSION, ClockFact, Extend, Pause, Reckoning, Restart, Start, reckon
from gongkai.rules.reasons import Refused
from gongkai.web.portal.pages import render
from gongkai.web.shared.forms import DateField, Form

ANSWER = 20
"""Working days (《条例》§33)."""
EARLIEST, LATEST = date(2008, 5, 1), date(2100, 12, 31)
"""《条例》 came into force on the first of these."""
LONGEST_SPAN = 5 * 366
"""Days; whoever asks for more has mistyped a year, and every day is listed."""


class PeriodForm(Form):
    """What moved the clock. Everything but the day of receipt may be empty."""

    received = DateField(
        label="收到申请之日",
        help_text="当面提交的为提交之日；挂号、快递的为签收之日；平信和网上提交的为与申请人确认之日（《条例》§31）。",
    )
    corrected = DateField(
        label="收到补正之日",
        required=False,
        help_text="要求补正的，答复期限自收到补正的申请之日起计算（《条例》§30）。",
    )
    sent = DateField(
        label="征求意见书发出之日",
        required=False,
        help_text="征求第三方和其他机关意见所需时间不计算在内（《条例》§33）。",
    )
    ended = DateField(label="收到意见之日", required=False, help_text="尚未收到的不填。")
    sent_again = DateField(label="第二份征求意见书发出之日", required=False)
    ended_again = DateField(label="收到第二份意见之日", required=False)
    extend = forms.IntegerField(
        label="延长的工作日数",
        required=False,
        min_value=1,
        max_value=LONGEST_EXTENSION,
        help_text=f"经同意并告知申请人，最长 {LONGEST_EXTENSION} 个工作日（《条例》§33）。",
        error_messages={
            "invalid": "请填写整数。",
            "min_value": "延长期限应当是 1 至 20 个工作日。",
            "max_value": "延长期限应当是 1 至 20 个工作日。",
        },
    )

    def clean(self) -> dict[str, object]:
        """Days that no application can have, and an end without its beginning."""
        given = super().clean() or {}
        received = given.get("received")
        for name, day in list(given.items()):
            if not isinstance(day, date):
                continue
            if not EARLIEST <= day <= LATEST:
                self.add_error(name, "《条例》自2008年5月1日起施行，请核对日期。")
            elif isinstance(received, date) and abs((day - received).days) > LONGEST_SPAN:
                self.add_error(name, "与收到申请之日相差五年以上，请核对日期。")
        for sent, ended in (("sent", "ended"), ("sent_again", "ended_again")):
            if given.get(ended) and not given.get(sent):
                self.add_error(sent, "填写了收到意见之日的，请同时填写征求意见书发出之日。")
        return given

    @property
    def facts(self) -> list[ClockFact]:
        """The facts of a valid form."""
        given = self.cleaned_data
        facts: list[ClockFact] = [Start(given["received"])]
        if given["corrected"]:
            facts.append(Restart(given["corrected"]))
        for sent, ended in (("sent", "ended"), ("sent_again", "ended_again")):
            if given[sent]:
                facts.append(Pause(given[sent], given[ended]))
        if given["extend"]:
            facts.append(Extend(given["extend"]))
        return facts


@require_safe
def period_calculator(request: HttpRequest) -> HttpResponse:
    """The form, and below it the last day with its derivation."""
    asked = any(name in request.GET for name in PeriodForm.base_fields)
    form = PeriodForm(request.GET if asked else None)
    found: Reckoning | None = None
    if asked and form.is_valid():
        try:
            found = reckon(ANSWER, form.facts, calendars.current())
        except Refused as refusal:
            form.add_reasons(refusal.reasons, {"pause": "ended"})
    notices = [
        notice
        for year in sorted(calendars.current().years.values(), key=lambda one: one.year)
        for notice in year.notices
    ]
    return render(
        request,
        "period_calculator.html",
        title="答复期限计算",
        section="requests",
        form=form,
        found=found,
        notices=notices,
        days=ANSWER,
    )
