"""Every write to catalogues: one transaction, access checked, audited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.audit.log import Entry as AuditEntry
from gongkai.audit.log import record
from gongkai.catalogues.duties import Owners, kinds_of
from gongkai.catalogues.models import Catalogue, CatalogueRow, Duty
from gongkai.catalogues.reading import Entry, field_term
from gongkai.organisations.models import Organisation
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.catalogue import channel_codes
from gongkai.rules.reasons import Reason, Refused

BATCH = 500


@dataclass(frozen=True, slots=True)
class Adopted:
    """What adopting a catalogue wrote."""

    catalogue: Catalogue
    branches: int
    leaves: int
    duties: int
    bodies: int
    """Bodies that owe at least one row."""
    unowed: int
    """Leaves that nobody owes yet, because their 公开主体 names no body with certainty."""
    replaced: str
    """The version that was current until now; empty for the first."""
    warnings: tuple[str, ...]


@transaction.atomic
def adopt_catalogue(
    *,
    actor: Actor,
    code: str,
    name: str,
    version: str,
    entries: Sequence[Entry],
    effective_from: date | None = None,
    source: str = "",
) -> Adopted:
    """Write `entries` as a new version, which is current from now on in place of the older version of the same code.

    Duties are written for bodies that certainly owe a leaf (see `duties`). Raises `Refused` with every reason: role, no
    entries, version in use, a date to come, and each cell that is too long, with its place.
    """
    decision = can(actor, Action.MANAGE_CATALOGUE, Subject(None))
    if not decision.allowed:
        raise Refused(decision.reasons)
    older = list(Catalogue.objects.select_for_update().filter(code=code))
    catalogue = Catalogue(code=code, version=version, name=name, source=source, effective_from=effective_from)
    nodes, warnings = _tree(entries)
    empty = [] if nodes else [Reason("empty", "没有读到任何目录事项，请检查文件。")]
    if reasons := [*empty, *_head_reasons(catalogue, older), *_cell_reasons(nodes)]:
        raise Refused(reasons)
    replaced = "、".join(one.version for one in older if one.is_current)
    Catalogue.objects.filter(code=code, is_current=True).update(is_current=False)
    catalogue.save()
    _store(catalogue, nodes)
    leaves = [node for node in nodes if node.is_leaf]
    duties = _duties(leaves)
    Duty.objects.bulk_create(duties, batch_size=BATCH)
    adopted = Adopted(
        catalogue=catalogue,
        branches=len(nodes) - len(leaves),
        leaves=len(leaves),
        duties=len(duties),
        bodies=len({duty.organisation_id for duty in duties}),
        unowed=len(leaves) - len({duty.row_id for duty in duties}),
        replaced=replaced,
        warnings=tuple(warnings),
    )
    detail = {
        "name": name, "code": code, "version": version, "replaced": replaced,
        "branches": adopted.branches, "leaves": adopted.leaves, "duties": adopted.duties,
    }  # fmt: skip
    record(
        actor=actor, entries=[AuditEntry("catalogue.adopt", "catalogue", str(catalogue.pk), None, detail)], public=True
    )
    return adopted


# --- from entries to rows ----------------------------------------------------------------------------------------------
@dataclass(slots=True, eq=False)
class _Node:
    """A row to be and its place in the tree."""

    row: CatalogueRow
    parent: _Node | None
    place: str = ""
    is_leaf: bool = True
    children: int = 0


def _tree(entries: Iterable[Entry]) -> tuple[list[_Node], list[str]]:
    """The nodes, parents before children, in the order of the list; and what a person should look at."""
    nodes: dict[tuple[str, ...], _Node] = {}
    warnings: list[str] = []
    tops = 0
    for entry in entries:
        parent = None
        for depth, label in enumerate(entry.steps):
            steps = entry.steps[: depth + 1]
            node = nodes.get(steps)
            if node is None:
                if parent is None:
                    tops += 1
                else:
                    parent.is_leaf = False
                    parent.children += 1
                node = nodes[steps] = _Node(_row(entry, depth, label, parent, tops), parent, entry.place)
            parent = node
        if parent is not None:
            parent.place = entry.place
            warnings += _fill(parent.row, entry)
    for steps, node in nodes.items():
        if not node.is_leaf and node.row.content_elements:
            warnings.append(f"{node.place}：“{'／'.join(steps)}”既有公开内容又有下级事项，作为上级栏目保留。")
    return list(nodes.values()), warnings


def _row(entry: Entry, depth: int, label: str, parent: _Node | None, tops: int) -> CatalogueRow:
    """A row without the columns of its own: a branch, until an entry fills it."""
    field = ""
    if entry.in_field:
        term = field_term(entry.steps[0])
        field = term.code if term else entry.steps[0]
    if parent is None:
        code, position = (field if field.isdigit() else f"L{tops}"), tops
    else:
        code, position = f"{parent.row.code}-{parent.children}", parent.children
    return CatalogueRow(code=code, depth=depth, position=position, label=label, disclosure_field=field)


def _fill(row: CatalogueRow, entry: Entry) -> list[str]:
    """Put the ten columns in; returns warnings."""
    found = entry.row
    row.sequence = found.serial
    row.level1_matter = found.matter_level_1
    row.level2_matter = found.matter_level_2
    row.content_elements = found.content_elements
    row.disclosure_basis = found.disclosure_basis
    row.disclosure_time_limit = found.disclosure_time_limit
    row.disclosing_body = found.disclosing_body
    row.disclosure_channels = list(channel_codes(found.disclosure_channel))
    row.disclosure_target = found.disclosure_target
    row.disclosure_method = found.disclosure_method
    row.disclosure_tier = found.disclosure_tier
    row.organisation_kinds = kinds_of(found.disclosing_body, found.disclosure_tier, department=entry.department)
    if "other" in row.disclosure_channels and "其他" not in found.disclosure_channel:
        return [f"{entry.place}：公开渠道“{found.disclosure_channel}”中有词表没有的渠道，记为“其他”。"]
    return []


def _head_reasons(catalogue: Catalogue, older: Sequence[Catalogue]) -> list[Reason]:
    reasons = []
    try:
        catalogue.clean_fields()
    except ValidationError as error:
        for field, messages in error.message_dict.items():
            label = getattr(Catalogue._meta.get_field(field), "verbose_name", field)
            reasons.append(Reason("format", f"目录的{label}：{'；'.join(messages)}", field=field))
    if any(one.version == catalogue.version for one in older):
        message = f"目录“{catalogue.code}”已有版本“{catalogue.version}”，已采用的版本不能改动，请使用新的版本号。"
        reasons.append(Reason("version_exists", message, field="version"))
    if catalogue.effective_from and catalogue.effective_from > timezone.localdate():
        message = f"启用日期{catalogue.effective_from}未到：采用后立即成为现行版本，请在启用之日再运行（可先试运行）。"
        reasons.append(Reason("not_yet", message, field="effective_from"))
    return reasons


def _cell_reasons(nodes: Iterable[_Node]) -> list[Reason]:
    """Cells longer than their column."""
    columns: list[Any] = [field for field in CatalogueRow._meta.concrete_fields if field.max_length]
    return [
        Reason("too_long", f"{node.place}：{column.verbose_name}超过{column.max_length}字，请缩短。", field=column.name)
        for node in nodes
        for column in columns
        if isinstance(value := getattr(node.row, column.name), str) and len(value) > column.max_length
    ]


def _store(catalogue: Catalogue, nodes: Sequence[_Node]) -> None:
    """Write the rows a level at a time: a path needs the keys of the rows above."""
    for depth in sorted({node.row.depth for node in nodes}):
        level = [node for node in nodes if node.row.depth == depth]
        for node in level:
            node.row.catalogue = catalogue
            node.row.parent = node.parent.row if node.parent else None
        CatalogueRow.objects.bulk_create([node.row for node in level], batch_size=BATCH)
        for node in level:
            node.row.path = f"{node.parent.row.path if node.parent else '/'}{node.row.pk}/"
        CatalogueRow.objects.bulk_update([node.row for node in level], ["path"], batch_size=BATCH)


def _duties(leaves: Iterable[_Node]) -> list[Duty]:
    owners = Owners(Organisation.objects.filter(is_active=True))
    return [
        Duty(row=node.row, organisation=body)
        for node in leaves
        for body in owners.of(node.row.disclosing_body, node.row.disclosure_tier)
    ]
