"""Many items of the list at once: first what would happen to each, then the step, then what became of each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongkai.disclosure.bulk_steps import BulkStep, chosen_items, foresee, take
from gongkai.disclosure.models import Item
from gongkai.rules.access import Actor
from gongkai.rules.reasons import Refused
from gongkai.web.office.item_forms import PlainStepForm, RowsForm, WithdrawForm
from gongkai.web.office.items import row_choices_for
from gongkai.web.office.pages import office_page, say_refusal, show
from gongkai.web.shared.forms import Form

MIXED = "所选信息属于不同单位，可选的目录事项不同，请按单位分别调整。"


@office_page("POST")
def bulk_step(request: HttpRequest, actor: Actor) -> HttpResponse:
    """``item`` (several), ``step``, and with ``confirm`` the fields of its form."""
    ids = [int(value) for value in request.POST.getlist("item") if value.isdecimal() and len(value) < 19]
    try:
        step = BulkStep(request.POST.get("step", ""))
        items = chosen_items(actor, ids)
    except ValueError:
        messages.error(request, "请选择要办理的事项。")
        return redirect("office:items")
    except Refused as refusal:
        say_refusal(request, refusal)
        return redirect("office:items")
    if step is BulkStep.RECLASSIFY and len({item.organisation_id for item in items}) > 1:
        messages.error(request, MIXED)
        return redirect("office:items")
    confirmed = "confirm" in request.POST
    form = _form(step, items, request.POST if confirmed else None)
    context: dict[str, Any] = {"step": step, "form": form, "section": "items"}
    if not confirmed or not form.is_valid():
        lines = foresee(actor, step, items)
        return show(
            request, actor, "bulk.html", {**context, "lines": lines, "finished": False}, 422 if confirmed else 200
        )
    lines = take(actor, step, items, **_values(step, form))
    return show(request, actor, "bulk.html", {**context, "lines": lines, "finished": True})


def _form(step: BulkStep, items: list[Item], data: Any) -> Form:
    if step is BulkStep.WITHDRAW:
        return WithdrawForm(data)
    if step is BulkStep.RECLASSIFY:
        return RowsForm(data, rows=row_choices_for(items[0].organisation))
    return PlainStepForm(data)


def _values(step: BulkStep, form: Form) -> dict[str, Any]:
    if step is BulkStep.WITHDRAW:
        return {"reason": form.cleaned_data["reason"], "note": form.cleaned_data["note"]}
    if step is BulkStep.RECLASSIFY:
        return {"row_ids": [int(row) for row in form.cleaned_data["rows"]]}
    return {}
