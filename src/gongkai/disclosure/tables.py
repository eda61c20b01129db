"""Writes about subsidy tables of the register: upload, columns, acceptance into the draft. Every one is audited with its item.

The uploaded file is sealed (`files.sealed`) and never published; what is accepted is the masked table the background task has made of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import BinaryIO

from django.db import transaction

from gongkai.disclosure.models import Edition, Item
from gongkai.disclosure.steps import audit, in_hand, subject_of, touch
from gongkai.disclosure.tasks import check_edition
from gongkai.files import sealed
from gongkai.rules.access import Action, Actor
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.table_kinds import Exposure, TableKind, exposures, table_kinds
from gongkai.tables import preparing, records
from gongkai.tables.models import PublicTable, TableUpload
from gongkai.tables.tasks import check_upload, read_upload
from gongkai.text.extraction import Kind
from gongkai.workflow.engine import require

__all__ = ["abandon", "abandon_stale", "accept", "choose_columns", "remove", "take_source", "upload"]

_NUMBER = re.compile("[0-9]{6}")
STALE_AFTER = timedelta(days=30)
KINDS = frozenset({Kind.XLSX, Kind.CSV, Kind.TEXT})
_State = TableUpload.State


def upload(*, actor: Actor, item_id: int, kind: str, name: str, stream: BinaryIO) -> TableUpload:
    """Take a file in for the draft of an item; an upload under way is dropped. Its sheets are then read in the background.

    Raises `Refused`: no such kind of table, or a file that is empty, damaged, encrypted, mislabelled, too large, no table.
    """
    item, edition = in_hand(item_id)
    require(actor, Action.ATTACH, subject_of(item, edition))
    if kind not in table_kinds():
        raise Refused([Reason("table_kind", "请选择补贴表的种类。", field="kind")])
    file = sealed.seal(name, stream, KINDS, "file")
    try:
        with transaction.atomic():
            item, edition = in_hand(item_id)
            require(actor, Action.ATTACH, subject_of(item, edition))
            begun = records.begin(
                edition_id=edition.pk,
                organisation_id=item.organisation_id,
                kind=kind,
                name=name,
                file=file,
                actor=actor,
            )
            audit(actor, item, "table-upload", {"name": begun.name, "kind": kind, "sha256": file.sha256})
            read_upload.enqueue(begun.pk, begun.token)
    except BaseException:
        sealed.remove(file.storage_name)
        raise
    return begun


def choose_columns(
    *,
    actor: Actor,
    item_id: int,
    sheet: str,
    header: tuple[int, int],
    mapping: Mapping[int, str],
    exposure: Mapping[str, str],
) -> TableUpload:
    """Say which column of the file is which (place from 0 → column of the kind), and have all rows checked in the background.

    `header` is the row of the head and how many rows it takes; `exposure` may make what the public sees of a column stricter than
    the rules do, never laxer. Raises `Refused` with every reason at once.
    """
    with transaction.atomic():
        item, edition = in_hand(item_id)
        require(actor, Action.ATTACH, subject_of(item, edition))
        found = _upload(edition)
        if found.state == _State.READING:
            raise Refused([Reason("table_reading", "文件正在读取，请稍候刷新本页。")])
        kind = table_kinds()[found.kind]
        head = preparing.head_of(found, sheet, header)
        reasons = [
            *_head_refusals([column.name for column in head], header[0]),
            *_plan_refusals(kind, found, sheet, mapping),
            *_exposure_refusals(kind, exposure),
        ]
        if reasons:
            raise Refused(reasons)
        stricter = {code: value for code, value in exposure.items() if value != kind.column(code).exposure}
        records.plan(found, sheet=sheet, header=header, mapping=mapping, exposure=stricter)
        audit(actor, item, "table-columns", {"name": found.name, "sheet": sheet, "columns": sorted(mapping.values())})
        check_upload.enqueue(found.pk, found.token)
    return found


def _head_refusals(names: Sequence[str], row: int) -> Iterable[Reason]:
    """A row of data taken for the head would lose a record, and have its names and numbers remembered as those of columns."""
    if not names:
        yield Reason("table_head", f"第 {row} 行没有内容，不能作为表头。请重新选择表头所在行。", field="header")
    elif any(_NUMBER.search(name) for name in names):
        yield Reason("table_head", f"第 {row} 行像是数据，不是表头。请重新选择表头所在行。", field="header")


def _plan_refusals(kind: TableKind, found: TableUpload, sheet: str, mapping: Mapping[int, str]) -> Iterable[Reason]:
    if sheet not in found.sheets:
        yield Reason("table_sheet", "请选择工作表。", field="sheet")
    codes = list(mapping.values())
    known = {column.code: column for column in kind.columns}
    for code in sorted(set(codes)):
        if code not in known:
            yield Reason("table_column", f"没有名为“{code}”的列，请重新选择。", field="columns")
        elif codes.count(code) > 1:
            yield Reason(
                "table_column", f"“{known[code].label}”对应了 {codes.count(code)} 列，请只保留一列。", field="columns"
            )
    missing = [column.label for column in kind.required if column.code not in codes]
    if missing:
        message = (
            f"还没有选择：{'、'.join(missing)}。{kind.label}必须有这些列；表中确实没有的，请在原表补充后重新上传。"
        )
        yield Reason("table_column", message, kind.basis, "columns")


def _exposure_refusals(kind: TableKind, exposure: Mapping[str, str]) -> Iterable[Reason]:
    for code, value in exposure.items():
        try:
            column = kind.column(code)
            allowed = Exposure(value) in exposures(column)
        except (KeyError, ValueError):
            yield Reason("table_exposure", "公开方式有误，请重新选择。", field="exposure")
            continue
        if not allowed:
            message = f"“{column.label}”只能{'或者'.join(one.label for one in exposures(column))}。"
            yield Reason("table_exposure", message, "《个人信息保护法》§25、§28", "exposure")


@transaction.atomic
def accept(*, actor: Actor, item_id: int, warnings_seen: bool = False) -> PublicTable:
    """Put the masked table into the draft, in place of the one it has, and remember how the file names its columns.

    Raises `Refused` while it is being checked, when a row is wrong, or when there are warnings that nobody says to have looked at.
    """
    item, edition = in_hand(item_id)
    require(actor, Action.ATTACH, subject_of(item, edition))
    found = _upload(edition)
    table = found.table
    if found.state != _State.CHECKED or (table is None and not found.errors):
        raise Refused([Reason("table_unchecked", "表格还没有检查完，请稍候再办理。")])
    if found.errors or table is None:
        message = f"表格中有 {found.errors} 处必须改正的错误。请下载问题清单，在原表中改正后重新上传。"
        raise Refused([Reason("table_errors", message)])
    if found.warnings and not warnings_seen:
        message = f"表格中有 {found.warnings} 处提醒，请逐条核对，并勾选“已经核对”。"
        raise Refused([Reason("table_warnings", message, field="warnings_seen")])
    names = _names_by_code(found)
    records.attach(edition.pk, table)
    records.remember(found.organisation_id, found.kind, names, found.exposure)
    detail = {
        "name": found.name,
        "kind": found.kind,
        "rows": table.row_count,
        "warnings": found.warnings,
        "digest": table.digest,
    }
    records.drop_upload(found, keep_source=True)
    touch(item)
    audit(actor, item, "table-accept", detail)
    check_edition.enqueue(edition.pk)
    return table


def _names_by_code(found: TableUpload) -> dict[str, str]:
    """Every column of the file by the key of its name, with the column of the kind it is; "" for one that is left out."""
    columns = preparing.head_of(found)
    return {column.key: found.mapping.get(str(column.index), "") for column in columns if column.key}


@transaction.atomic
def abandon(*, actor: Actor, item_id: int) -> None:
    """Throw the upload under way away; the table of the draft stays."""
    item, edition = in_hand(item_id)
    require(actor, Action.ATTACH, subject_of(item, edition))
    found = _upload(edition)
    audit(actor, item, "table-abandon", {"name": found.name})
    records.drop_upload(found)


@transaction.atomic
def take_source(*, actor: Actor, item_id: int) -> PublicTable:
    """Let a writer of the body have the file that the table was made from; audited, for it is full of personal data.

    The caller sends `source` of the table under `source_name`.
    """
    item, edition = in_hand(item_id)
    require(actor, Action.CORRECT, subject_of(item, edition))
    table = records.table_of(edition.pk)
    if table is None:
        raise Refused([Reason("table_none", "本信息没有补贴表。")])
    audit(actor, item, "table-source", {"name": table.source_name, "edition": edition.number})
    return table


def abandon_stale(*, actor: Actor, now: datetime) -> int:
    """Throw away the uploads nobody has touched for `STALE_AFTER` (the tick calls this once a day with the system as `actor`).

    《个人信息保护法》§19: kept no longer than the purpose needs. Returns how many.
    """
    stale = TableUpload.objects.filter(updated_at__lt=now - STALE_AFTER)
    count = 0
    for pk in list(stale.values_list("pk", flat=True)):
        with transaction.atomic():
            found = TableUpload.objects.select_for_update().filter(pk=pk, updated_at__lt=now - STALE_AFTER).first()
            item = Item.objects.filter(editions__pk=found.edition_id).first() if found else None
            if found is None or item is None:
                continue
            audit(actor, item, "table-abandon", {"name": found.name})
            records.drop_upload(found)
            count += 1
    return count


@transaction.atomic
def remove(*, actor: Actor, item_id: int) -> None:
    """Take the table off the draft; editions that were published keep theirs."""
    item, edition = in_hand(item_id)
    require(actor, Action.ATTACH, subject_of(item, edition))
    if not records.detach(edition.pk):
        raise Refused([Reason("table_none", "草稿中没有补贴表。")])
    touch(item)
    audit(actor, item, "table-remove", {"edition": edition.number})
    check_edition.enqueue(edition.pk)


# --- shared by the above ---------------------------------------------------------------------------------------------------
def _upload(edition: Edition) -> TableUpload:
    found = records.upload_of(edition.pk)
    if found is None:
        raise Refused([Reason("table_upload", "没有正在办理的补贴表，请先上传文件。")])
    return found
