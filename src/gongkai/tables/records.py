"""Keeping uploads and tables. The caller holds the transaction, checks access and audits."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from gongkai.files import sealed
from gongkai.rules.access import Actor
from gongkai.rules.table_kinds import Exposure, TableColumn, ValueType
from gongkai.tables import downloads
from gongkai.tables.models import EditionTable, PublicTable, RememberedColumns, TableRow, TableTerm, TableUpload

_SORTS = {"name": "name", "amount": "amount", "area": "quantity", "count": "quantity"}


@dataclass(frozen=True, slots=True)
class PublicColumn:
    """A column as the public sees it, as it was when the table was made."""

    code: str
    label: str
    unit: str
    type: str
    masked: bool
    totalled: bool
    sort: str = ""
    """The sort key of `TableRow` it can be sorted by; empty for one it cannot."""

    @property
    def heading(self) -> str:
        """金额（元）."""
        return f"{self.label}（{self.unit}）" if self.unit else self.label

    @property
    def is_figure(self) -> bool:
        """Whether its cells are figures, which stand to the right."""
        return ValueType(self.type).is_figure


def public_columns(columns: Iterable[tuple[TableColumn, Exposure]]) -> list[PublicColumn]:
    """The columns of a table about to be made; the first place stands for the whole place when sorting."""
    made: list[PublicColumn] = []
    taken: set[str] = set()
    for column, exposure in columns:
        sort = "place" if column.type is ValueType.PLACE else _SORTS.get(column.code, "")
        sort = "" if sort in taken else sort
        taken.add(sort)
        masked = exposure is Exposure.MASKED
        made.append(
            PublicColumn(column.code, column.label, column.unit, column.type.value, masked, column.totalled, sort)
        )
    return made


def as_json(columns: Iterable[PublicColumn]) -> list[dict[str, Any]]:
    """Columns as they are kept."""
    return [asdict(column) for column in columns]


# --- uploads -----------------------------------------------------------------------------------------------------------
def begin(
    *, edition_id: int, organisation_id: int, kind: str, name: str, file: sealed.Sealed, actor: Actor
) -> TableUpload:
    """A new upload for the edition; one that was under way is dropped."""
    if (before := upload_of(edition_id)) is not None:
        drop_upload(before)
    return TableUpload.objects.create(
        edition_id=edition_id,
        organisation_id=organisation_id,
        kind=kind,
        name=name[:200],
        source=file.storage_name,
        size=file.size,
        token=uuid.uuid4().hex,
        created_by_id=actor.user_id or None,
    )


def upload_of(edition_id: int) -> TableUpload | None:
    """The upload under way for an edition."""
    return TableUpload.objects.filter(edition_id=edition_id).select_related("table").first()


def plan(
    upload: TableUpload,
    *,
    sheet: str,
    header: tuple[int, int],
    mapping: Mapping[int, str],
    exposure: Mapping[str, str],
) -> None:
    """Let the upload be checked anew with these columns; `header` is the row of the head and how many rows it takes."""
    table, upload.table = upload.table, None
    upload.sheet, (upload.header_row, upload.header_depth) = sheet, header
    upload.mapping = {str(index): code for index, code in mapping.items()}
    upload.exposure = dict(exposure)
    upload.state, upload.token, upload.run = TableUpload.State.CHECKING, uuid.uuid4().hex, ""
    upload.rows_done = upload.errors = upload.warnings = upload.row_count = 0
    upload.counts, upload.problems, upload.failure = [], [], ""
    upload.updated_at = timezone.now()
    upload.save()
    if table is not None:
        drop_if_unused(table.pk)


def drop_upload(upload: TableUpload, *, keep_source: bool = False) -> None:
    """Forget an upload with the files that belong to it; `keep_source` when its table now has the file."""
    table_id = upload.table_id
    names = [upload.problem_file, upload.preview_file]
    upload.delete()
    if not keep_source:
        if table_id is not None:
            drop_if_unused(table_id)
        names.append(upload.source)
    transaction.on_commit(lambda: sealed.remove(*filter(None, names)))


# --- tables of editions --------------------------------------------------------------------------------------------------
def table_of(edition_id: int) -> PublicTable | None:
    """The table of an edition."""
    link = EditionTable.objects.filter(edition_id=edition_id).select_related("table").first()
    return link.table if link else None


def has_table(edition_id: int) -> bool:
    """Whether an edition has a table."""
    return EditionTable.objects.filter(edition_id=edition_id).exists()


def attach(edition_id: int, table: PublicTable) -> None:
    """Give the edition this table in place of the one it has."""
    detach(edition_id)
    EditionTable.objects.create(edition_id=edition_id, table=table)


def detach(edition_id: int) -> bool:
    """Take the table off the edition; it is deleted when no other edition has it. False when there was none."""
    link = EditionTable.objects.filter(edition_id=edition_id).first()
    if link is None:
        return False
    link.delete()
    drop_if_unused(link.table_id)
    return True


def inherit(source_edition: int, target_edition: int) -> None:
    """Let a new edition begin with the table of the one it is made from."""
    if (table := table_of(source_edition)) is not None:
        EditionTable.objects.create(edition_id=target_edition, table=table)


def close(edition_id: int) -> None:
    """The edition is published: what was not accepted into it by now is of no more use, and must not lie about."""
    if (upload := upload_of(edition_id)) is not None:
        drop_upload(upload)


def forget(edition_id: int) -> None:
    """The edition was thrown away."""
    close(edition_id)
    detach(edition_id)


def drop_if_unused(table_id: int) -> None:
    """Delete a table that neither an edition nor an upload has, with its rows and files."""
    used = EditionTable.objects.filter(table_id=table_id).exists()
    if used or TableUpload.objects.filter(table_id=table_id).exists():
        return
    table = PublicTable.objects.filter(pk=table_id).first()
    if table is None:
        return
    for rows in (TableRow.objects.filter(table_id=table_id), TableTerm.objects.filter(table_id=table_id)):
        rows._raw_delete(rows.db)  # one statement: cascading would read every row first
    names = downloads.storage_names(table)
    shared = PublicTable.objects.filter(source=table.source).exclude(pk=table_id).exists()
    in_hand = TableUpload.objects.filter(source=table.source).exists()
    table.delete()
    transaction.on_commit(lambda: downloads.remove(names))
    if not (shared or in_hand):
        transaction.on_commit(lambda: sealed.remove(table.source))


# --- how a body's files are read -----------------------------------------------------------------------------------------
def remembered(organisation_id: int, kind: str) -> RememberedColumns:
    """What is remembered of a body's files of one kind; nothing at first."""
    found = RememberedColumns.objects.filter(organisation_id=organisation_id, kind=kind).first()
    return found or RememberedColumns(organisation_id=organisation_id, kind=kind)


def remember(organisation_id: int, kind: str, names: Mapping[str, str], exposure: Mapping[str, str]) -> None:
    """Remember columns by the key of their name, beside what is known of other names."""
    kept = remembered(organisation_id, kind)
    kept.names = {**kept.names, **names}
    kept.exposure, kept.updated_at = dict(exposure), timezone.now()
    kept.save()
