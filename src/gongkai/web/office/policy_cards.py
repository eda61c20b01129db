"""政策卡片 in the office: the six answers, the conditions of 政策匹配 row by row, publication by a second person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from gongkai.disclosure import selectors
from gongkai.disclosure.models import Item
from gongkai.disclosure.steps import subject_of
from gongkai.policies import cards
from gongkai.policies.models import CardState, PolicyCard
from gongkai.rules.access import Action, Actor, can
from gongkai.rules.eligibility_fields import Field, FieldType, Operator, Party, eligibility_fields
from gongkai.rules.policy_card import CARD_FIELDS, LONGEST, LONGEST_ADDRESS
from gongkai.rules.reasons import Refused
from gongkai.web.office.pages import office_page, say_refusal, show
from gongkai.web.shared.forms import DateField, Form

ROW = ("field", "operator", "values", "source", "margin", "optional")
"""What is typed of one condition; `optional` is a box."""
SPARE, MOST = 2, 20
"""Empty rows offered, and rows that are read."""
Row = dict[str, str]


class CardForm(Form):
    """The answers of the card, its last day, and for whom its conditions are."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in CARD_FIELDS:
            self.fields[one.name] = forms.CharField(
                label=one.label,
                required=False,
                max_length=4 * LONGEST,
                help_text=one.help,
                widget=forms.TextInput() if one.name in ("contact", "phone") else forms.Textarea(attrs={"rows": 2}),
            )
        self.fields["service_url"] = forms.CharField(
            label="办理入口",
            required=False,
            max_length=4 * LONGEST_ADDRESS,
            help_text="网上办理的网址（如政务服务网的办事指南页），以 https:// 开头；没有网上办理的不填。公开后显示为“去办理”。",
            widget=forms.TextInput(attrs={"inputmode": "url"}),
        )
        self.fields["until"] = DateField(
            label="截止日期", required=False, help_text="最后一个申报日；没有固定日期的不填。"
        )
        parties = [(party.value, party.label) for party in Party]
        self.fields["party"] = forms.ChoiceField(
            label="政策匹配的适用对象", required=False, choices=[("", "不参加政策匹配"), *parties]
        )


@office_page("GET", "POST")
def policy_card(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponse:
    """The card of an item: what is written, what is public, and what stands in the way of the next step."""
    item = selectors.item_for(actor, item_id)
    subject = subject_of(item, selectors.in_hand(item))
    decision = can(actor, Action.PREPARE_CARD, subject)
    if not decision:
        raise Refused(decision.reasons)
    versions = cards.versions_of(item)
    draft = next((one for one in versions if one.state != CardState.SUPERSEDED), None)
    rows = _rows_of(draft) if draft else []
    form = CardForm(initial=_initial(item, draft))
    if request.method == "POST":
        step = request.POST.get("step", "save")
        if step in ("publish", "withdraw"):
            return _step(request, actor, item, step)
        form, rows = CardForm(request.POST), _typed(request.POST)
        if step == "save" and form.is_valid() and _saved(request, actor, item, form, rows):
            return redirect("office:item-card", item_id=item.pk)
    blank = dict.fromkeys(ROW, "")
    context = {
        "item": item,
        "edition": selectors.in_hand(item),
        "form": form,
        "rows": [*rows, *([blank] * SPARE)][:MOST],
        "fields": eligibility_fields().values(),
        "operators": list(Operator),
        "versions": versions,
        "draft": draft if draft and draft.state == CardState.DRAFT else None,
        "may_publish": bool(can(actor, Action.PUBLISH_CARD, subject)),
        "section": "items",
    }
    return show(request, actor, "policy_card.html", context, 422 if form.is_bound and form.errors else 200)


def _initial(item: Item, draft: PolicyCard | None) -> dict[str, Any]:
    if draft is not None:
        answers = {name: getattr(draft, name) for name in (*cards.TYPED, "until")}
        return {**answers, "party": draft.conditions.get("party", "")}
    edition = item.working or item.current
    return {"contact": edition.enquiry_agency, "phone": edition.enquiry_phone} if edition else {}


def _saved(request: HttpRequest, actor: Actor, item: Item, form: CardForm, rows: list[Row]) -> bool:
    values = form.cleaned_data
    conditions: Mapping[str, Any] | None = None
    if values["party"] or rows:
        conditions = {"party": values["party"], "clauses": [_clause(row) for row in rows]}
    try:
        cards.save_card(
            actor=actor,
            item_id=item.pk,
            values={name: values[name] for name in cards.TYPED},
            until=values["until"],
            conditions=conditions,
        )
    except Refused as refusal:
        form.add_reasons(refusal.reasons)
        return False
    messages.success(request, "政策卡片已保存。由填写人以外的人核对后发布。")
    return True


def _step(request: HttpRequest, actor: Actor, item: Item, step: str) -> HttpResponse:
    try:
        if step == "publish":
            cards.publish_card(actor=actor, item_id=item.pk)
            messages.success(request, "政策卡片已发布。")
        else:
            cards.withdraw_card(actor=actor, item_id=item.pk)
            messages.success(request, "政策卡片已撤下。")
    except Refused as refusal:
        say_refusal(request, refusal)
    return redirect("office:item-card", item_id=item.pk)


# --- conditions as rows ------------------------------------------------------------------------------------------------
def _typed(data: QueryDict) -> list[Row]:
    """The rows in which anything was typed, in order: their numbers are those the reasons speak of."""
    found = []
    for number in range(MOST):
        row = {name: data.get(f"{name}_{number}", "").strip()[:500] for name in ROW}
        if row["field"] or row["values"] or row["source"]:
            found.append(row)
    return found


def _clause(row: Row) -> dict[str, Any]:
    """A row as `rules.eligibility_reading` reads it; what cannot be a value stays text and is refused there by name."""
    field = eligibility_fields().get(row["field"])
    parts = [part.strip() for part in row["values"].replace("，", "、").replace(",", "、").split("、") if part.strip()]
    return {
        "field": row["field"],
        "operator": row["operator"],
        "values": [_value(field, part) for part in parts],
        "source": row["source"],
        "required": not row["optional"],
        "margin": _number(row["margin"] or "0"),
    }


def _value(field: Field | None, text: str) -> Any:
    if field is None:
        return text
    if field.type is FieldType.CHOICE:
        return next((code for code, label in field.choices.items() if text in (label, code)), text)
    if field.type is FieldType.FLAG:
        return {"是": True, "否": False}.get(text, text)
    return _number(text) if field.type is FieldType.NUMBER else text


def _number(text: str) -> Any:
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number


def _rows_of(card: PolicyCard) -> list[Row]:
    return [
        {
            "field": one["field"],
            "operator": one["operator"],
            "values": "、".join(_shown(one["field"], value) for value in one["values"]),
            "source": one["source"],
            "margin": str(one.get("margin") or ""),
            "optional": "" if one.get("required", True) else "1",
        }
        for one in card.conditions.get("clauses", ())
    ]


def _shown(code: str, value: Any) -> str:
    field = eligibility_fields().get(code)
    if isinstance(value, bool):
        return "是" if value else "否"
    return field.choices.get(str(value), str(value)) if field else str(value)
