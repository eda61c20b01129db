"""政策组合 in the office: the list, one form for a group with its items and milestones line by line, publish and withdraw."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from gongkai.organisations.selectors import organisations_where
from gongkai.policies import groups
from gongkai.policies.groups import MemberLine, MilestoneLine
from gongkai.policies.models import PolicyGroup
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.reasons import Refused
from gongkai.web.office.pages import office_page, say_refusal, show
from gongkai.web.shared.dates import parse_day
from gongkai.web.shared.forms import Form
from gongkai.web.shared.pager import paginate

PAGE = 30
ORDER = ("-saved_at", "-id")
_BAR = re.compile(r"\s*[|｜]\s*")


class GroupForm(Form):
    """A group as it is typed: items and milestones one a line, their parts divided by bars."""

    organisation = forms.TypedChoiceField(label="单位", coerce=int)
    kind = forms.ChoiceField(label="类型", choices=[("", "请选择"), *PolicyGroup.Kind.choices])
    title = forms.CharField(label="名称", max_length=groups.LONGEST_TITLE)
    summary = forms.CharField(label="说明", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    members = forms.CharField(
        label="信息",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="每行一件，按显示的顺序：索引号或者发文字号 | 说明（可以不填）。只能选入已公开的信息。",
    )
    milestones = forms.CharField(
        label="任务（仅执行跟踪）",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="每行一项：任务 | 应当完成日期 | 实际完成日期 | 佐证信息的索引号或者发文字号 | 说明。日期如 2026-06-30，后三项可以不填。",
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = organisations_where(actor, Action.RELATE).order_by("position", "pk").values_list("pk", "name")
        self.fields["organisation"].choices = list(bodies)

    def clean_members(self) -> list[MemberLine]:
        """The items, in order."""
        parts = (_BAR.split(line, maxsplit=1) for line in _lines(self.cleaned_data["members"]))
        return [MemberLine(number, *note) for number, *note in parts]

    def clean_milestones(self) -> list[MilestoneLine]:
        """The milestones, in order; every line that cannot be read is told."""
        made, wrong = [], []
        for row, line in enumerate(_lines(self.cleaned_data["milestones"]), 1):
            title, due, done, evidence, note = (_BAR.split(line, maxsplit=4) + [""] * 4)[:5]
            due_on, done_on = parse_day(due), parse_day(done)
            if due_on is None:
                wrong.append(f"第{row}行：请填写应当完成日期，例如“2026-06-30”。")
            elif done and done_on is None:
                wrong.append(f"第{row}行：实际完成日期“{done}”无法识别，请填写如“2026-06-30”，或者留空。")
            else:
                made.append(MilestoneLine(title, due_on, done_on, evidence, note))
        if wrong:
            raise forms.ValidationError(wrong)
        return made


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.replace("\x00", "").splitlines() if line.strip()]


def _typed(group: PolicyGroup) -> dict[str, Any]:
    """A kept group as it would be typed: two queries."""
    members = group.members.values_list("item__index_number", "note")
    steps = group.milestones.values_list("title", "due_on", "done_on", "evidence__index_number", "note")
    return {
        "organisation": group.organisation_id,
        "kind": group.kind,
        "title": group.title,
        "summary": group.summary,
        "members": "\n".join(" | ".join(part for part in row if part) for row in members),
        "milestones": "\n".join(" | ".join(str(part or "") for part in row).rstrip(" |") for row in steps),
    }


@office_page()
def policy_groups(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Groups of one's bodies, last saved first."""
    rows = groups.visible_to(actor).select_related("organisation")
    context = {
        "page": paginate(rows, ORDER, request.GET, PAGE),
        "may_create": organisations_where(actor, Action.RELATE).exists(),
        "section": "policy-groups",
    }
    return show(request, actor, "policy_groups.html", context)


@office_page("GET", "POST")
def create_policy_group(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A new group, in one of the bodies in which the actor writes."""
    if not organisations_where(actor, Action.RELATE).exists():
        raise Refused(can(actor, Action.RELATE, Subject(None)).reasons)
    return _edit(request, actor, None)


@office_page("GET", "POST")
def policy_group(request: HttpRequest, actor: Actor, group_id: int) -> HttpResponse:
    """One group: read by whoever sees its body, changed by who writes there; of a public one a 修改稿 is made."""
    return _edit(request, actor, groups.group_for(actor, group_id))


def _edit(request: HttpRequest, actor: Actor, group: PolicyGroup | None) -> HttpResponse:
    posted = request.method == "POST"
    published = group is not None and group.state == PolicyGroup.State.PUBLISHED
    form = GroupForm(actor, request.POST) if posted else GroupForm(actor, initial=_typed(group) if group else None)
    if group is not None:
        del form.fields["organisation"]
    if posted and form.is_valid():
        try:
            values = {"organisation_id": form.cleaned_data.pop("organisation", None)} | form.cleaned_data
            if group is not None:
                values |= {"group_id": group.pk, "organisation_id": group.organisation_id}
            saved = groups.save_group(actor=actor, **values)
            messages.success(request, "已保存为修改稿。" if published else "已保存。")
            return redirect("office:policy-group", saved.pk)
        except Refused as refusal:
            form.add_reasons(refusal.reasons)
    subject = Subject(group.organisation_id) if group else None
    revision = PolicyGroup.objects.filter(replaces=group).first() if group else None
    context = {
        "form": form,
        "group": group,
        "published": published,
        "revision": revision,
        "may_sign": bool(subject and can(actor, Action.SIGN, subject)),
        "may_save": revision is None and (subject is None or bool(can(actor, Action.RELATE, subject))),
        "today": timezone.localdate(),
        "section": "policy-groups",
    }
    return show(request, actor, "policy_group.html", context, 422 if posted else 200)


@office_page("POST")
def publish_policy_group(request: HttpRequest, actor: Actor, group_id: int) -> HttpResponse:
    """Show it to the public."""
    return _step(request, actor, group_id, groups.publish_group, "已发布。")


@office_page("POST")
def withdraw_policy_group(request: HttpRequest, actor: Actor, group_id: int) -> HttpResponse:
    """Take it off the site."""
    return _step(request, actor, group_id, groups.withdraw_group, "已撤回。")


def _step(request: HttpRequest, actor: Actor, group_id: int, step: Any, done: str) -> HttpResponse:
    group = groups.group_for(actor, group_id)
    decision = can(actor, Action.SIGN, Subject(group.organisation_id))
    if not decision:
        raise Refused(decision.reasons)
    try:
        group_id = step(actor=actor, group_id=group_id)
        messages.success(request, done)
    except Refused as refusal:
        say_refusal(request, refusal)
    return redirect("office:policy-group", group_id)
