"""The register in the office: the list, an item's page, the editor, attachments and editions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import content_disposition_header

from gongkai.audit.log import history
from gongkai.disclosure import actions, selectors, working_copies
from gongkai.disclosure.bulk_steps import BulkStep
from gongkai.disclosure.editing import ELEMENTS
from gongkai.disclosure.interpretation_quality import quality_of
from gongkai.disclosure.models import Edition, Item, WorkingCopy
from gongkai.disclosure.pictures import for_office
from gongkai.disclosure.steps import subject_of
from gongkai.organisations.models import Organisation
from gongkai.organisations.selectors import organisations_where, visible_to
from gongkai.policies.cards import wants_card
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.completeness import RequiredField
from gongkai.rules.inspection_points import Deductions, deductions
from gongkai.rules.publication import State, completeness
from gongkai.rules.reasons import Refused
from gongkai.rules.relations import RELATION_TYPES, RelationKind
from gongkai.rules.vocabulary import vocabulary
from gongkai.tables import records as tables
from gongkai.tables.public import view
from gongkai.text.content_elements import compared
from gongkai.web.office import conflicts, editor_tools, tagging
from gongkai.web.office.audit import described
from gongkai.web.office.findings import marked_body, panel_of
from gongkai.web.office.item_forms import (
    REASON_FIELDS,
    Choices,
    ItemForm,
    OpenItemForm,
    RemarkForm,
    detail_labels,
    initial_of,
    row_choices,
)
from gongkai.web.office.pages import office_page, show
from gongkai.web.office.remarks import open_remarks_of, review_of
from gongkai.web.office.steps import offers
from gongkai.web.office.versions import working_changes
from gongkai.web.shared.forms import Form
from gongkai.web.shared.pager import paginate
from gongkai.workflow.engine import NotVisible

PAGE = 30
HISTORY = 50
"""How many steps of an item's history its page shows."""


@office_page()
def item_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Items of one's bodies, last touched first."""
    bodies = list(visible_to(actor).values_list("pk", "short_name"))
    filters = _filters(request.GET, {pk for pk, _ in bodies})
    page = paginate(selectors.office_list(actor, filters), selectors.ORDER, request.GET, PAGE)
    page = page.with_rows(selectors.office_rows(page.rows))
    context = {
        "page": page,
        "filters": filters,
        "bodies": bodies,
        "kinds": [(term.code, term.label) for term in vocabulary("item_kinds").terms],
        "states": [(state.value, state.label) for state in State if state is not State.SUPERSEDED],
        "bulk_steps": list(BulkStep),
        "section": "items",
    }
    return show(request, actor, "items.html", context)


def _filters(params: Mapping[str, str], bodies: set[int]) -> selectors.Filters:
    """What the address asks for; what it cannot mean is left out."""
    body = params.get("organisation", "")
    state = params.get("state", "")
    kind = params.get("kind", "")
    return selectors.Filters(
        organisation_id=int(body) if body.isdecimal() and int(body) in bodies else None,
        state=State(state) if state in set(State) else None,
        kind=kind if kind in vocabulary("item_kinds") else "",
        text=params.get("q", "")[:200].replace("\x00", ""),
        tags_open=params.get("tags") == "open",
    )


@office_page()
def item_page(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponse:
    """One item: where it stands, what can be done next, its text as the public sees it, its history."""
    return render_item(request, actor, selectors.item_for(actor, item_id))


def render_item(
    request: HttpRequest,
    actor: Actor,
    item: Item,
    posted: tuple[str, Form] | None = None,
    status: int = 200,
    remark_form: RemarkForm | None = None,
) -> HttpResponse:
    """The item's page; `posted` is a step's form that came back with errors, `remark_form` that of a remark."""
    edition = selectors.in_hand(item)
    attachments = selectors.attachments_of(edition)
    rows = list(item.rows.select_related("catalogue"))
    subject = subject_of(item, edition)
    panel = panel_of(actor, item, edition)
    review = review_of(actor, item, edition, remark_form)
    kept = tables.table_of(edition.pk)
    context = {
        "item": item,
        "edition": edition,
        "attachments": attachments,
        "rows": rows,
        "details": detail_labels(item.kind, edition.details),
        "meter": _meter(actor, item, edition),
        "panel": panel,
        "quality": quality_of(item, edition),
        "table": view(kept) if kept else None,
        "upload": tables.upload_of(edition.pk),
        "body": for_office(marked_body(edition, panel, review.marks), item.pk),
        "review": review,
        "offers": offers(actor, item, posted),
        "relations": _relation_lines(item),
        "tags": tagging.lines(item.tags),
        "needs_card": wants_card(item.tags),
        "suggestions": tagging.suggested(item, edition),
        "editions": selectors.editions_of(item),
        "changes": working_changes(item),
        "history": described(history("item", item.pk)[:HISTORY]),
        "may_edit": bool(can(actor, Action.EDIT, subject)) and item.working is not None,
        "may_copy": bool(can(actor, Action.CREATE, Subject(item.organisation_id))),
        "may_relate": bool(can(actor, Action.RELATE, subject)),
        "section": "items",
    }
    return show(request, actor, "item.html", context, status)


@dataclass(frozen=True, slots=True)
class ColumnNeeds:
    """What a catalogue row the item stands under asks for (公开内容（要素）), and which of it the text speaks of."""

    label: str
    time_limit: str
    elements: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Meter:
    """How complete an edition is, and what an inspection would deduct for what is missing."""

    percent: int
    missing: tuple[RequiredField, ...]
    deductions: Deductions
    columns: tuple[ColumnNeeds, ...] = ()


def _meter(actor: Actor, item: Item, edition: Edition) -> Meter:
    """The meter of a stored edition."""
    present = actions.publication_facts(actor, item, edition).present_fields
    measured = _measured(item.kind, present, normative=edition.normative)
    return replace(measured, columns=_columns(item, edition))


def _columns(item: Item, edition: Edition) -> tuple[ColumnNeeds, ...]:
    rows = list(
        item.rows.exclude(content_elements="").values_list("label", "disclosure_time_limit", "content_elements")
    )
    if not rows:
        return ()
    text = "\n".join([edition.title, edition.summary, edition.body_text, *selectors.attached_texts(edition)])
    return tuple(ColumnNeeds(label, limit, compared(content, text)) for label, limit, content in rows)


def _measured(kind: str, present: frozenset[str], *, normative: bool = False) -> Meter:
    found = completeness(kind, present, normative=normative)
    return Meter(found.percent, found.missing, deductions(kind, found.missing))


def _relation_lines(item: Item) -> list[dict[str, Any]]:
    """Ties of the item as it reads them: heading, the other item, whether it may be undone from here."""
    lines = []
    for relation in selectors.relations_of(item):
        outgoing = relation.source_id == item.pk
        other = relation.target if outgoing else relation.source
        kind = RELATION_TYPES[RelationKind(relation.kind)]
        shown = other.current or other.working
        lines.append(
            {
                "relation": relation,
                "label": kind.label if outgoing else kind.inverse_label,
                "title": shown.title if shown and (other.current or outgoing) else "（尚未发布）",
                "public": other.current is not None,
                "other": other,
                "outgoing": outgoing,
            }
        )
    return lines


@office_page()
def edition_page(request: HttpRequest, actor: Actor, item_id: int, number: int) -> HttpResponse:
    """One edition as it is or was, with who wrote, reviewed and signed it."""
    item = selectors.item_for(actor, item_id)
    edition = selectors.edition_for(item, number)
    context = {
        "item": item,
        "edition": edition,
        "body": for_office(edition.body, item.pk),
        "attachments": selectors.attachments_of(edition),
        "table": tables.table_of(edition.pk),
        "others": [one for one in selectors.editions_of(item) if one.pk != edition.pk],
        "section": "items",
    }
    return show(request, actor, "edition.html", context)


@office_page()
def attachment(request: HttpRequest, actor: Actor, item_id: int, attachment_id: int) -> HttpResponseBase:
    """A file of any edition, published or not, for those who work on the item; always as a download."""
    found = selectors.attachment_for(selectors.item_for(actor, item_id), attachment_id)
    response = FileResponse(default_storage.open(found.file.storage_name), content_type=found.file.media_type)
    response["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    return response


# --- writing -----------------------------------------------------------------------------------------------------------
@office_page("GET", "POST")
def create_item(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A new item: first body and kind, then the editor."""
    bodies = {body.pk: body for body in organisations_where(actor, Action.CREATE)}
    if not bodies:
        raise Refused(can(actor, Action.CREATE, Subject(None)).reasons)
    chosen = request.GET.get("organisation", "")
    opening = OpenItemForm(
        request.GET if chosen else None, organisations=[(str(pk), body.name) for pk, body in bodies.items()]
    )
    if not chosen or not opening.is_valid():
        if chosen.isdecimal() and int(chosen) not in bodies:
            raise NotVisible
        return show(
            request, actor, "open_item.html", {"form": opening, "section": "create"}, 422 if opening.is_bound else 200
        )
    body, kind = bodies[int(opening.cleaned_data["organisation"])], opening.cleaned_data["kind"]
    rows = row_choices_for(body)
    if request.method != "POST":
        start = {"issuing_agencies": [body.name], "enquiry_agency": body.name, "enquiry_phone": body.phone}
        return _editor(request, actor, body, kind, ItemForm(kind=kind, rows=rows, initial=start))
    if "tool" in request.POST:
        return _tool(request, actor, body, kind, rows)
    form = ItemForm(request.POST, request.FILES, kind=kind, rows=rows)
    if not form.is_valid():
        return _editor(request, actor, body, kind, form, status=422)
    try:
        item = actions.create_item(
            actor=actor,
            organisation_id=body.pk,
            kind=kind,
            values=form.values,
            row_ids=form.row_ids,
            tags=form.cleaned_data["tags"],
        )
    except Refused as refusal:
        form.add_reasons(refusal.reasons, REASON_FIELDS)
        return _editor(request, actor, body, kind, form, status=422)
    messages.success(request, f"草稿已建立，索引号 {item.index_number}。")
    return _after_saving(request, actor, item, form)


@office_page("GET", "POST")
def edit_item(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponse:
    """The editor of a draft. Somebody else's save in between is shown beside one's own text; nothing is overwritten unseen."""
    item = selectors.item_for(actor, item_id)
    edition = selectors.in_hand(item)
    decision = can(actor, Action.EDIT, subject_of(item, edition))
    if not decision:
        raise Refused(decision.reasons)
    rows = row_choices_for(item.organisation)
    if request.method != "POST":
        form = ItemForm(kind=item.kind, rows=rows, initial=initial_of(edition, item.rows.values_list("pk", flat=True)))
        copy = working_copies.copy_of(actor, edition)
        return _editor(request, actor, item.organisation, item.kind, form, item, copy=copy)
    if "tool" in request.POST:
        return _tool(request, actor, item.organisation, item.kind, rows, item)
    form = ItemForm(request.POST, request.FILES, kind=item.kind, rows=rows)
    if not form.is_valid():
        return _editor(request, actor, item.organisation, item.kind, form, item, status=422)
    try:
        actions.save_draft(
            actor=actor,
            item_id=item.pk,
            values=form.values,
            row_ids=form.row_ids,
            tags=form.cleaned_data["tags"],
            revision=form.cleaned_data["revision"],
        )
    except Refused as refusal:
        form.add_reasons(refusal.reasons, REASON_FIELDS)
        stored = edition if "conflict" in refusal.codes else None
        return _editor(
            request, actor, item.organisation, item.kind, form, item, stored=stored, status=409 if stored else 422
        )
    messages.success(request, "草稿已保存。")
    return _after_saving(request, actor, item, form)


def _tool(
    request: HttpRequest, actor: Actor, body: Organisation, kind: str, rows: Choices, item: Item | None = None
) -> HttpResponse:
    """Show the form as one of the editor's tools left it; nothing is saved."""
    tool = request.POST.get("tool", "")
    if item is not None and tool in ("restore", "drop"):
        return _kept_copy(request, actor, item, rows, restore=tool == "restore")
    if item is not None and tool.startswith("merge:"):
        return _merge(request, actor, item, rows, tool.removeprefix("merge:"))
    outcome = editor_tools.use(request, kind, rows, actor, item)
    form = ItemForm(kind=kind, rows=rows, initial=outcome.values)
    return _editor(request, actor, body, kind, form, item, outcome=outcome)


def _kept_copy(request: HttpRequest, actor: Actor, item: Item, rows: Choices, *, restore: bool) -> HttpResponse:
    """Show what was kept while it was typed, or throw it away."""
    copy = working_copies.copy_of(actor, selectors.in_hand(item))
    if not restore or copy is None:
        working_copies.forget(actor=actor, item_id=item.pk)
        messages.success(request, "已放弃自动保存的内容。" if copy else "没有自动保存的内容。")
        return redirect("office:item-edit", item_id=item.pk)
    outcome = editor_tools.restored(copy, item.kind, rows)
    form = ItemForm(kind=item.kind, rows=rows, initial=outcome.values)
    return _editor(request, actor, item.organisation, item.kind, form, item, outcome=outcome)


def _merge(request: HttpRequest, actor: Actor, item: Item, rows: Choices, way: str) -> HttpResponse:
    """One of the ways out of a conflict. When somebody has saved once more meanwhile, the conflict is shown anew."""
    stored = selectors.in_hand(item)
    form = ItemForm(request.POST, kind=item.kind, rows=rows)
    if way == "theirs":
        working_copies.forget(actor=actor, item_id=item.pk)
        messages.success(request, "已采用对方保存的版本。")
        return redirect("office:item-edit", item_id=item.pk)
    if not form.is_valid():
        return _editor(request, actor, item.organisation, item.kind, form, item, status=422)
    if form.cleaned_data["revision"] != stored.revision:
        messages.error(request, "在您比对期间，他人又保存了一次，请重新比对。")
        return _editor(request, actor, item.organisation, item.kind, form, item, stored=stored, status=409)
    chosen = {
        name.removeprefix("choose_"): str(value)
        for name, value in request.POST.items()
        if way == "chosen" and name.startswith("choose_")
    }
    values = conflicts.merged(editor_tools.as_typed(request.POST, item.kind, rows), stored, chosen)
    outcome = editor_tools.Outcome(values, ["已按您的选择合并，核对后请点击“保存”。"])
    merged = ItemForm(kind=item.kind, rows=rows, initial=values)
    return _editor(request, actor, item.organisation, item.kind, merged, item, outcome=outcome)


def _after_saving(request: HttpRequest, actor: Actor, item: Item, form: ItemForm) -> HttpResponse:
    """Attach what was uploaded. A file that is refused is named; the text is safe by then."""
    refused = False
    for file in form.cleaned_data["attachments"]:
        try:
            actions.attach(actor=actor, item_id=item.pk, name=file.name, stream=file)
        except Refused as refusal:
            refused = True
            for reason in refusal.reasons:
                messages.error(request, f"{reason}其他内容已保存，请更换文件后重新上传。")
    stay = refused or "save_and_stay" in request.POST
    shown = "office:item-preview" if "save_and_preview" in request.POST else "office:item"
    response = redirect("office:item-edit" if stay else shown, item_id=item.pk)
    # tells the browser's own copy of the form that it is needed no longer (office.js)
    response.set_cookie("gongkai_saved", str(item.pk), max_age=600, path="/office/", samesite="Lax")
    return response


def row_choices_for(body: Organisation) -> list[tuple[str, Any]]:
    """The catalogue rows that apply to the body, as choices."""
    rows = selectors.rows_for(body.pk, body.kind)
    return row_choices(rows, selectors.leaf_ids(rows))


def _editor(
    request: HttpRequest,
    actor: Actor,
    body: Organisation,
    kind: str,
    form: ItemForm,
    item: Item | None = None,
    stored: Edition | None = None,
    status: int = 200,
    outcome: editor_tools.Outcome | None = None,
    copy: WorkingCopy | None = None,
) -> HttpResponse:
    """Show the editor; with `stored`, the version saved by somebody else stands beside what was typed."""
    differing: list[conflicts.Difference] = []
    if stored is not None:
        differing = conflicts.differences(form, stored)
        # saving again from here knowingly replaces the stored version
        form.data = QueryDict(request.POST.urlencode(), mutable=True)
        form.data["revision"] = str(stored.revision)
    context = {
        "form": form,
        "item": item,
        "body": body,
        "kind": kind,
        "differences": differing,
        "copy": copy,
        "others": working_copies.others_at_work(actor, selectors.in_hand(item)) if item else [],
        "fresh": request.method != "POST",
        "outcome": outcome,
        "attachments": selectors.attachments_of(selectors.in_hand(item)) if item else [],
        "meter": _meter(actor, item, selectors.in_hand(item)) if item else _measured(kind, _given(form)),
        "remark": item.working.send_back_remark if item and item.working else "",
        "open_remarks": open_remarks_of(item.working) if item and item.working else (),
        "section": "items" if item else "create",
    }
    return show(request, actor, "edit_item.html", context, status)


def _given(form: ItemForm) -> frozenset[str]:
    """The elements a new item starts with."""
    return frozenset(
        {"publishing_agency", *(ELEMENTS.get(name, name) for name, value in form.initial.items() if value)}
    )
