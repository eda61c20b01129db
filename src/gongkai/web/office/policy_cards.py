"""政策卡片 in the office, matter by matter: the six answers, the conditions of 政策匹配 row by row, publication by a second person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongkai.disclosure import selectors
from gongkai.disclosure.models import Item
from gongkai.disclosure.steps import subject_of
from gongkai.policies import cards
from gongkai.policies.conditions import parts, proposed
from gongkai.policies.models import CardState, PolicyCard
from gongkai.rules.access import Action, Actor, can
from gongkai.rules.eligibility_fields import Operator, Party, eligibility_fields
from gongkai.rules.policy_card import CARD_FIELDS, LONGEST, LONGEST_ADDRESS, check_number
from gongkai.rules.reasons import Refused
from gongkai.text.reading_time import BRIEF, characters_within, reading_seconds
from gongkai.web.office import condition_rows
from gongkai.web.office.condition_rows import Offered, Row
from gongkai.web.office.pages import office_page, say_refusal, show
from gongkai.web.shared.forms import DateField, Form


class CardForm(Form):
    """The answers of the card, its last day, and for whom its conditions are; ``parts`` are labels and titles of those of the document."""

    def __init__(self, *args: Any, parts: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matter_name"] = forms.CharField(
            label="事项名称",
            required=False,
            max_length=4 * LONGEST,
            help_text="一件文件有多项奖补、补贴、减免的，一项一张卡片，分别命名（如“首次入规奖励”）；只有一项的可以不填。",
        )
        self.fields["basis"] = forms.ChoiceField(
            label="依据条款",
            required=False,
            choices=[("", "全文"), *((label, f"{label}　{title}") for label, title in parts)],
            help_text="本项政策写在哪一条款；公开后可以从卡片跳到原文，“从正文提出建议”也只看这一条款。",
        )
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
def policy_card(request: HttpRequest, actor: Actor, item_id: int, matter: int = 1) -> HttpResponse:
    """The card of a matter of an item: what is written, what is public, and what stands in the way of the next step.

    404 for a matter that neither is there nor would be the next one.
    """
    item = selectors.item_for(actor, item_id)
    subject = subject_of(item, selectors.in_hand(item))
    decision = can(actor, Action.PREPARE_CARD, subject)
    if not decision:
        raise Refused(decision.reasons)
    all_versions = cards.versions_of(item)
    matters = _matters(all_versions)
    last = max((one.number for one in matters), default=0)
    if check_number(matter, last):
        raise Http404
    versions = [one for one in all_versions if one.matter == matter]
    draft = next((one for one in versions if one.state != CardState.SUPERSEDED), None)
    rows = condition_rows.kept(draft) if draft else []
    offered: list[Offered] = []
    edition = selectors.in_hand(item)
    known = [(one.label, one.title) for one in parts(edition)] if edition else []
    if draft and draft.basis and draft.basis not in dict(known):
        known.append((draft.basis, "（现行文本中没有这一条款）"))
    form = CardForm(initial=_initial(item, draft), parts=known)
    if request.method == "POST":
        step = request.POST.get("step", "save")
        if step in ("publish", "withdraw", "discard"):
            return _step(request, actor, item, matter, step)
        form, rows = CardForm(request.POST, parts=known), condition_rows.typed(request.POST)
        if step == "propose" and form.is_valid():
            rows, offered = _proposed(request, item, form, rows)
        if step == "save" and form.is_valid() and _saved(request, actor, item, matter, form, rows):
            return redirect("office:item-matter", item_id=item.pk, matter=matter)
    context = {
        "item": item,
        "edition": edition,
        "matter": matter,
        "matters": matters,
        "next_matter": None if check_number(last + 1, last) else last + 1,
        "form": form,
        "rows": condition_rows.with_blanks(rows),
        "offered": offered,
        "fields": eligibility_fields().values(),
        "operators": list(Operator),
        "versions": versions,
        "draft": draft if draft and draft.state == CardState.DRAFT else None,
        "may_publish": bool(can(actor, Action.PUBLISH_CARD, subject)),
        "section": "items",
    }
    return show(request, actor, "policy_card.html", context, 422 if form.is_bound and form.errors else 200)


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter in the list of those of the document."""

    number: int
    name: str
    states: tuple[str, ...]
    """What there is of it, in words: 草稿, 已发布; 未公开 when neither."""


def _matters(versions: Sequence[PolicyCard]) -> list[Matter]:
    found: dict[int, list[PolicyCard]] = {}
    for one in versions:
        found.setdefault(one.matter, []).append(one)
    return [
        Matter(
            number,
            ones[0].matter_name or f"第{number}项",
            tuple(one.get_state_display() for one in ones if one.state != CardState.SUPERSEDED) or ("未公开",),
        )
        for number, ones in found.items()
    ]


def _initial(item: Item, draft: PolicyCard | None) -> dict[str, Any]:
    if draft is not None:
        answers = {name: getattr(draft, name) for name in (*cards.TYPED, "until")}
        return {**answers, "party": draft.conditions.get("party", "")}
    edition = item.working or item.current
    return {"contact": edition.enquiry_agency, "phone": edition.enquiry_phone} if edition else {}


def _saved(request: HttpRequest, actor: Actor, item: Item, matter: int, form: CardForm, rows: list[Row]) -> bool:
    values = form.cleaned_data
    conditions: Mapping[str, Any] | None = None
    if values["party"] or rows:
        conditions = {"party": values["party"], "clauses": [condition_rows.clause(row) for row in rows]}
    try:
        cards.save_card(
            actor=actor,
            item_id=item.pk,
            matter=matter,
            values={name: values[name] for name in cards.TYPED},
            until=values["until"],
            conditions=conditions,
        )
    except Refused as refusal:
        form.add_reasons(refusal.reasons)
        return False
    messages.success(request, "政策卡片已保存。由填写人以外的人核对后发布。")
    if (seconds := reading_seconds("".join(values[name] for name in cards.ANSWERS))) > BRIEF:
        fitting = characters_within(BRIEF)
        messages.warning(request, f"卡片约需 {seconds} 秒读完；各项合计 {fitting} 字以内的，{BRIEF} 秒可以读完。")
    return True


def _proposed(request: HttpRequest, item: Item, form: CardForm, rows: list[Row]) -> tuple[list[Row], list[Offered]]:
    """The rows with the proposals that were ticked, and what the text proposes besides; nothing is saved."""
    if not form.cleaned_data["party"]:
        form.add_error("party", "请先选择政策匹配的适用对象，再从正文提出建议。")
        return rows, []
    edition = selectors.in_hand(item)
    basis = form.cleaned_data["basis"]
    found = proposed(edition, Party(form.cleaned_data["party"]), basis) if edition else ()
    rows = condition_rows.taken(rows, found, request.POST.getlist("take"))
    entered = {(row["field"], row["operator"], row["source"]) for row in rows}
    left = condition_rows.offered([one for one in found if (one.field, one.operator, one.source) not in entered])
    if not left:
        messages.info(request, f"{basis or '正文和附件'}中没有更多可以建议的条件，请按原文填写。")
    return rows, left


def _step(request: HttpRequest, actor: Actor, item: Item, matter: int, step: str) -> HttpResponse:
    try:
        if step == "publish":
            cards.publish_card(actor=actor, item_id=item.pk, matter=matter)
            messages.success(request, "政策卡片已发布。")
        elif step == "discard":
            cards.discard_card(actor=actor, item_id=item.pk, matter=matter)
            messages.success(request, "政策卡片草稿已放弃。")
            return redirect("office:item-card", item_id=item.pk)
        else:
            cards.withdraw_card(actor=actor, item_id=item.pk, matter=matter)
            messages.success(request, "政策卡片已撤下。")
    except Refused as refusal:
        say_refusal(request, refusal)
    return redirect("office:item-matter", item_id=item.pk, matter=matter)
