"""POSTs that move an item on or change what hangs on it: steps, files, ties, catalogue rows."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from gongkai.disclosure import actions, selectors
from gongkai.disclosure.models import Item
from gongkai.rules.access import Action, Actor, Subject
from gongkai.rules.reasons import Refused
from gongkai.rules.relations import RelationKind
from gongkai.web.office.item_forms import RelationForm, RowsForm
from gongkai.web.office.items import render_item, row_choices_for
from gongkai.web.office.pages import office_page, say_refusal, show
from gongkai.web.office.steps import BY_SLUG, form_for
from gongkai.workflow.engine import require


@office_page("POST")
def step(request: HttpRequest, actor: Actor, item_id: int, slug: str) -> HttpResponse:
    """Take one of the steps of `steps.STEPS`; what refuses it is shown beside the form, all at once."""
    item = selectors.item_for(actor, item_id)
    chosen = BY_SLUG[slug]
    _require_role(actor, item, chosen.action)
    form = form_for(chosen, item, selectors.in_hand(item), request.POST)
    if not form.is_valid():
        return render_item(request, actor, item, (slug, form), status=422)
    try:
        chosen.run(actor=actor, item_id=item.pk, **form.cleaned_data)
    except Refused as refusal:
        form.add_reasons(
            refusal.reasons,
            {"secrecy_review": "secrecy_basis", "send_back_remark": "remark", "withdrawal_reason": "reason"},
        )
        return render_item(request, actor, selectors.item_for(actor, item_id), (slug, form), status=422)
    messages.success(request, chosen.done)
    if slug == "discard" and item.current is None:
        return redirect("office:items")
    return redirect("office:item-edit" if slug == "correct" else "office:item", item_id=item.pk)


@office_page("POST")
def attach(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponse:
    """Add files to a draft from the item's page."""
    item = selectors.item_for(actor, item_id)
    _require_role(actor, item, Action.ATTACH)
    files = request.FILES.getlist("attachments")
    if not files:
        messages.error(request, "请先选择要上传的文件。")
    for file in files:
        try:
            added = actions.attach(actor=actor, item_id=item.pk, name=file.name or "", stream=cast(BinaryIO, file))
            messages.success(request, f"附件“{added.name}”已上传。")
        except Refused as refusal:
            say_refusal(request, refusal)
    return redirect("office:item", item_id=item.pk)


@office_page("POST")
def detach(request: HttpRequest, actor: Actor, item_id: int, attachment_id: int) -> HttpResponse:
    """Take a file off a draft."""
    item = selectors.item_for(actor, item_id)
    _require_role(actor, item, Action.ATTACH)
    return _do(
        request, "附件已移除。", "office:item", item.pk, actions.detach, actor=actor, attachment_id=attachment_id
    )


@office_page("GET", "POST")
def relations(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponse:
    """Find another item and tie this one to it."""
    item = selectors.item_for(actor, item_id)
    edition = selectors.in_hand(item)
    _require_role(actor, item, Action.RELATE)
    text = (request.POST.get("q") or request.GET.get("q", ""))[:200]
    form = RelationForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                _relate(actor, item.pk, form.cleaned_data)
                messages.success(request, "关联已建立。")
                return redirect("office:item", item_id=item.pk)
            except Refused as refusal:
                form.add_reasons(refusal.reasons, {"on": "effective_on"})
        status = 422
    targets = selectors.relation_targets(item, text)
    context = {"item": item, "edition": edition, "form": form, "targets": targets, "text": text, "section": "items"}
    return show(request, actor, "relations.html", context, status)


def _relate(actor: Actor, item_id: int, values: dict[str, Any]) -> None:
    actions.relate(
        actor=actor,
        source_id=item_id,
        target_id=values["target"],
        kind=RelationKind(values["kind"]),
        effective_on=values["effective_on"],
        note=values["note"],
    )


@office_page("POST")
def unrelate(request: HttpRequest, actor: Actor, item_id: int, relation_id: int) -> HttpResponse:
    """Undo a tie that starts at this item."""
    item = selectors.item_for(actor, item_id)
    _require_role(actor, item, Action.RELATE)
    relation = selectors.relation_for(item, relation_id)
    try:
        actions.unrelate(actor=actor, relation_id=relation.pk)
        messages.success(request, "关联已取消。")
    except Refused as refusal:
        say_refusal(request, refusal)
    return redirect("office:item", item_id=item.pk)


@office_page("GET", "POST")
def reclassify(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponse:
    """Put the item under other catalogue rows; it needs no new edition, for the text stays."""
    item = selectors.item_for(actor, item_id)
    edition = selectors.in_hand(item)
    _require_role(actor, item, Action.RELATE)
    rows = row_choices_for(item.organisation)
    if request.method == "POST":
        form = RowsForm(request.POST, rows=rows)
        if form.is_valid():
            chosen = [int(row) for row in form.cleaned_data["rows"]]
            return _do(
                request, "目录事项已调整。", "office:item", item.pk, actions.reclassify, actor=actor, row_ids=chosen
            )
    else:
        form = RowsForm(rows=rows, initial={"rows": [str(pk) for pk in item.rows.values_list("pk", flat=True)]})
    context = {"item": item, "edition": edition, "form": form, "section": "items"}
    return show(request, actor, "reclassify.html", context, 422 if form.is_bound else 200)


@office_page("POST")
def copy_as_new(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponse:
    """Begin a new item from the text of this one, and go on in its editor."""
    item = selectors.item_for(actor, item_id)
    made = actions.copy_as_new(actor=actor, item_id=item.pk)
    messages.success(request, f"已复制为新草稿，索引号 {made.index_number}。文号、日期和附件没有复制，请填写后再提交。")
    return redirect("office:item-edit", item_id=made.pk)


def _require_role(actor: Actor, item: Item, action: Action) -> None:
    """Refuse with a page of its own who has no role for `action`; what else stands in the way is shown beside the form."""
    require(actor, action, Subject(item.organisation_id))


def _do(request: HttpRequest, done: str, then: str, item_id: int, action: Any, **arguments: Any) -> HttpResponse:
    """Run one action on an item, say how it went, and go on."""
    try:
        action(item_id=item_id, **arguments)
        messages.success(request, done)
    except Refused as refusal:
        say_refusal(request, refusal)
    return redirect(then, item_id=item_id)
