"""A subsidy list on its way: what tests of several packages need."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gongkai.disclosure import tables as actions
from gongkai.disclosure.models import Item
from gongkai.rules.access import Actor
from gongkai.rules.table_kinds import table_kinds
from gongkai.tables import preparing, records
from gongkai.tables.models import PublicTable, TableUpload
from gongkai.tables.preparing import head_of
from gongkai.text.tables.headers import propose
from tests.text.tables.makers import HEADS, record, sheet


def workbook(rows: Sequence[Sequence[Any]], *, heads: Sequence[Any] = HEADS) -> io.BytesIO:
    """The bytes of a workbook with these rows."""
    with TemporaryDirectory() as directory:
        return io.BytesIO(sheet(Path(directory) / "list.xlsx", rows, heads=heads).read_bytes())


def uploaded(
    actor: Actor,
    item: Item,
    rows: Sequence[Sequence[Any]],
    *,
    kind: str = "land_fertility",
    heads: Sequence[Any] = HEADS,
) -> TableUpload:
    """An upload whose sheets were read."""
    begun = actions.upload(
        actor=actor, item_id=item.pk, kind=kind, name="发放表.xlsx", stream=workbook(rows, heads=heads)
    )
    preparing.read(begun.pk, begun.token)
    begun.refresh_from_db()
    return begun


def checked(
    actor: Actor, item: Item, rows: Sequence[Sequence[Any]], *, exposure: dict[str, str] | None = None, **more: Any
) -> TableUpload:
    """An upload whose rows were checked, its columns as proposed."""
    begun = uploaded(actor, item, rows, **more)
    kept = records.remembered(begun.organisation_id, begun.kind)
    mapping = propose(head_of(begun), table_kinds()[begun.kind], kept.names)
    actions.choose_columns(
        actor=actor,
        item_id=item.pk,
        sheet=begun.sheet,
        header=(begun.header_row, begun.header_depth),
        mapping=mapping,
        exposure=exposure or {},
    )
    begun.refresh_from_db()
    preparing.check(begun.pk, begun.token)
    begun.refresh_from_db()
    return begun


def accepted(actor: Actor, item: Item, rows: Sequence[Sequence[Any]] = (), **more: Any) -> PublicTable:
    """The masked table of the draft, by default of 60 records."""
    checked(actor, item, rows or [record(number) for number in range(1, 61)], **more)
    return actions.accept(actor=actor, item_id=item.pk, warnings_seen=True)
