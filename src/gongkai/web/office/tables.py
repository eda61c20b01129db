"""Subsidy tables in the office: upload → which column is which → every row checked → what the masks do → into the draft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import content_disposition_header

from gongkai.disclosure import selectors
from gongkai.disclosure import tables as actions
from gongkai.disclosure.models import Edition, Item
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.publication import State
from gongkai.rules.reasons import Refused
from gongkai.rules.table_kinds import Exposure, table_kinds
from gongkai.tables import preparing, public, records
from gongkai.tables.models import TableUpload
from gongkai.text.csv_lines import BYTE_ORDER_MARK, line
from gongkai.text.tables.headers import SEARCHED, SourceColumn, propose
from gongkai.text.tables.masking import describe
from gongkai.web.office.pages import office_page, saying_refusals, show
from gongkai.web.office.table_forms import (
    TableUploadForm,
    column_lines,
    exposure_lines,
    posted_exposure,
    posted_mapping,
    whole_number,
)
from gongkai.web.shared.pager import paginate
from gongkai.workflow.engine import require

_State = TableUpload.State


@office_page("GET", "POST")
def table_page(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponse:
    """The table of the edition in hand as the public (will) see it, and the upload of a new one."""
    item, edition = _edition(actor, item_id)
    form = TableUploadForm()
    status = 200
    if request.method == "POST":
        require(actor, Action.ATTACH, Subject(item.organisation_id))
        form = TableUploadForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                actions.upload(
                    actor=actor,
                    item_id=item.pk,
                    kind=form.cleaned_data["kind"],
                    name=file.name or "",
                    stream=cast(BinaryIO, file),
                )
                return redirect("office:table-check", item_id=item.pk)
            except Refused as refusal:
                form.add_reasons(refusal.reasons)
        status = 422
    kept = records.table_of(edition.pk)
    table = public.view(kept) if kept else None
    context: dict[str, Any] = {
        **_frame(item, edition),
        "form": form,
        "table": table,
        "upload": records.upload_of(edition.pk),
        "may_attach": bool(can(actor, Action.ATTACH, _subject(item, edition))),
        "may_take_source": bool(can(actor, Action.CORRECT, _subject(item, edition))),
    }
    if table is not None:
        asked = public.Question()
        page = paginate(public.rows(public.found(table, asked), asked), asked.order, request.GET, public.PAGE)
        context["page"] = page.with_rows([public.Row(row["position"], tuple(row["cells"])) for row in page.rows])
    return show(request, actor, "table.html", context, status)


@office_page("GET", "POST")
def table_columns(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponse:
    """Which sheet, where the head is, and which column is which: as remembered of the body's last file, or as the names tell."""
    item, edition = _edition(actor, item_id)
    require(actor, Action.ATTACH, Subject(item.organisation_id))
    upload = records.upload_of(edition.pk)
    if upload is None:
        return redirect("office:table", item_id=item.pk)
    if upload.at_work or not upload.sheets:
        return redirect("office:table-check", item_id=item.pk)
    asked = request.POST if request.method == "POST" else request.GET
    sheet = asked.get("sheet", "") if asked.get("sheet") in upload.sheets else upload.sheet
    found = next((one for one in preparing.read_preview(upload).get("sheets", ()) if one["name"] == sheet), None)
    given = (upload.header_row, upload.header_depth) if sheet == upload.sheet else (0, 0)
    guess = (found["header_row"], found["header_depth"]) if found else (1, 1)
    header = (
        whole_number(asked.get("header"), given[0] or guess[0], 1000),
        whole_number(asked.get("depth"), given[1] or guess[1], 2),
    )
    columns = preparing.head_of(upload, sheet, header)
    reasons: Sequence[Any] = ()
    if request.method == "POST":
        mapping, exposure = posted_mapping(request.POST), posted_exposure(request.POST)
        try:
            actions.choose_columns(
                actor=actor, item_id=item.pk, sheet=sheet, header=header, mapping=mapping, exposure=exposure
            )
            return redirect("office:table-check", item_id=item.pk)
        except Refused as refusal:
            reasons = refusal.reasons
    else:
        mapping, exposure = _start(upload, columns, sheet, header, found)
    kind = table_kinds()[upload.kind]
    rows = [texts for number, texts in found["rows"] if number > header[0]] if found else []
    context = {
        **_frame(item, edition),
        "upload": upload,
        "kind": kind,
        "sheet": sheet,
        "header": header,
        "searched": SEARCHED,
        "top": found["rows"][:8] if found else [],
        "columns": column_lines(columns, mapping, rows, frozenset(found["hidden"] if found else ())),
        "exposures": exposure_lines(kind, {code: value for code, value in exposure.items() if value in set(Exposure)}),
        "reasons": reasons,
    }
    return show(request, actor, "table_columns.html", context, 422 if reasons else 200)


def _start(
    upload: TableUpload, columns: Sequence[SourceColumn], sheet: str, header: tuple[int, int], found: Any
) -> tuple[dict[int, str], dict[str, str]]:
    """What the page begins with: what was chosen before for this very head, or a proposal."""
    if upload.mapping and sheet == upload.sheet and header == (upload.header_row, upload.header_depth):
        return {int(place): code for place, code in upload.mapping.items()}, dict(upload.exposure)
    kept = records.remembered(upload.organisation_id, upload.kind)
    hidden = set(found["hidden"]) if found else set()
    proposed = propose(columns, table_kinds()[upload.kind], kept.names)
    return {place: code for place, code in proposed.items() if place not in hidden}, dict(kept.exposure)


@office_page()
def table_check(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponse:
    """How far the background task is; then what is wrong row by row, and rows before and after masking."""
    item, edition = _edition(actor, item_id)
    require(actor, Action.ATTACH, Subject(item.organisation_id))
    upload = records.upload_of(edition.pk)
    if upload is None:
        return redirect("office:table", item_id=item.pk)
    if upload.state == _State.MAPPING:
        return redirect("office:table-columns", item_id=item.pk)
    context: dict[str, Any] = {**_frame(item, edition), "upload": upload, "kind": table_kinds()[upload.kind]}
    if upload.state == _State.CHECKED:
        context |= _result(upload)
    return show(request, actor, "table_check.html", context)


def _result(upload: TableUpload) -> dict[str, Any]:
    """What came out of the check: problems, the policy of each column, and rows before and after."""
    plans = preparing.plans_of(upload, {column.index: column.name for column in preparing.head_of(upload)})
    used = {plan.source.index for plan in plans}
    return {
        "policies": [
            (plan.source.name, plan.column.label, plan.exposure, describe(plan.column.type, plan.exposure))
            for plan in plans
        ],
        "left_out": [column.name for column in preparing.head_of(upload) if column.index not in used],
        "plans": plans,
        "samples": preparing.read_preview(upload).get("samples", ()),
        "table": public.view(upload.table) if upload.table else None,
        "hidden": Exposure.HIDDEN,
    }


@office_page("POST")
def accept_table(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponse:
    """Put the masked table into the draft."""
    item, _ = _edition(actor, item_id)
    with saying_refusals(request):
        table = actions.accept(actor=actor, item_id=item.pk, warnings_seen="warnings_seen" in request.POST)
        messages.success(request, f"补贴表已放入草稿，共 {table.row_count:,} 条，个人信息已脱敏。提交审核后发布。")
        return redirect("office:table", item_id=item.pk)
    return redirect("office:table-check", item_id=item.pk)


@office_page("POST")
def abandon_table(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponse:
    """Throw the upload away."""
    item, _ = _edition(actor, item_id)
    return _do(request, item, "已放弃本次上传，文件已删除。", actions.abandon, actor)


@office_page("POST")
def remove_table(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponse:
    """Take the table off the draft."""
    item, _ = _edition(actor, item_id)
    return _do(request, item, "补贴表已从草稿中移除。", actions.remove, actor)


@office_page("POST")
def table_source(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponseBase:
    """The uploaded file of the table, for those who write for the body; asked for by a button, because it is written down."""
    item, _ = _edition(actor, item_id)
    with saying_refusals(request):
        table = actions.take_source(actor=actor, item_id=item.pk)
        response = FileResponse(default_storage.open(table.source), content_type="application/octet-stream")
        response["Content-Disposition"] = content_disposition_header(True, table.source_name) or "attachment"
        return response
    return redirect("office:table", item_id=item.pk)


@office_page()
def table_problems(request: HttpRequest, actor: Actor, item_id: int) -> HttpResponseBase:
    """Every problem as CSV."""
    item, edition = _edition(actor, item_id)
    require(actor, Action.ATTACH, Subject(item.organisation_id))
    upload = records.upload_of(edition.pk)
    name = content_disposition_header(True, f"{upload.name if upload else '补贴表'}的问题清单.csv") or "attachment"
    if upload is None or not upload.problem_file:
        content = BYTE_ORDER_MARK + line(preparing.PROBLEM_HEADS)
        return HttpResponse(content, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})
    response = FileResponse(default_storage.open(upload.problem_file), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = name
    return response


def _do(request: HttpRequest, item: Item, done: str, action: Any, actor: Actor) -> HttpResponse:
    with saying_refusals(request):
        action(actor=actor, item_id=item.pk)
        messages.success(request, done)
    return redirect("office:table", item_id=item.pk)


def _edition(actor: Actor, item_id: int) -> tuple[Item, Edition]:
    item = selectors.item_for(actor, item_id)
    return item, selectors.in_hand(item)


def _subject(item: Item, edition: Edition) -> Subject:
    return Subject(item.organisation_id, State(edition.state), edition.author_id)


def _frame(item: Item, edition: Edition) -> dict[str, Any]:
    return {"item": item, "edition": edition, "section": "items"}
