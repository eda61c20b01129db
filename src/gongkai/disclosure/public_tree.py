"""What the public may read of bodies and catalogues: few rows, read whole, with counts from the search index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from gongkai.catalogues.models import CatalogueRow, Duty
from gongkai.disclosure.prepared import Prepared
from gongkai.organisations.models import Organisation
from gongkai.search import SearchQuery, SearchUnavailable, search

STATUTORY, GRASSROOTS = "statutory", "grassroots"
"""Codes of the two catalogues: 法定主动公开内容 and 基层政务公开标准目录."""
MOST_VALUES = 10_000
"""More values than a catalogue has rows or a district has bodies: every count is wanted."""


@dataclass(frozen=True, slots=True)
class Body:
    """A publishing body with the contact elements of its guide (《条例》§12)."""

    id: int
    code: str
    name: str
    short_name: str
    kind: str
    parent_id: int | None
    uscc: str
    disclosure_office: str
    address: str
    office_hours: str
    phone: str
    fax: str
    email: str
    website: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Node:
    """A row of a catalogue in its tree; `count` counts the public items of the row and of all rows under it.

    While search cannot answer nobody knows the count: it is None, and pages show the tree without it.
    """

    id: int
    code: str
    label: str
    parent_id: int | None
    depth: int
    statutory_class: str
    disclosure_field: str
    is_leaf: bool
    count: int | None = 0
    children: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class RowPage:
    """One row with its ten columns, the way to it and the rows under it."""

    id: int
    label: str
    catalogue: str
    catalogue_name: str
    path: tuple[tuple[int, str], ...]
    children: tuple[tuple[int, str], ...]
    columns: Mapping[str, object] = field(default_factory=dict)

    @property
    def has_columns(self) -> bool:
        """Whether the row came from a standard catalogue, so that its statutory columns are filled."""
        return bool(self.columns.get("content_elements"))


COLUMNS = (
    "sequence", "level1_matter", "level2_matter", "content_elements", "disclosure_basis", "disclosure_time_limit",
    "disclosing_body", "disclosure_channels", "disclosure_target", "disclosure_method", "disclosure_tier",
)  # fmt: skip
"""The columns of 国办发〔2019〕54号 in their order; the two matters stand under one head."""

_BODY = tuple(Body.__dataclass_fields__)


# --- bodies ------------------------------------------------------------------------------------------------------------
def bodies() -> list[Body]:
    """All active bodies in directory order: one query."""
    return [Body(*row) for row in _bodies()]


_bodies = Prepared(lambda: Organisation.objects.filter(is_active=True).values_list(*_BODY))


def body(code: str) -> Body | None:
    """The active body with this code."""
    rows = _body_by_code(code)
    return Body(*rows[0]) if rows else None


_body_by_code = Prepared(lambda code: Organisation.objects.filter(is_active=True, code=code).values_list(*_BODY))


def district() -> Body | None:
    """The body at the head of the tree: the district government."""
    row = Organisation.objects.filter(is_active=True, kind="district_government").values_list(*_BODY).first()
    return Body(*row) if row else None


def counts(facet: str, **filters: str) -> dict[str, int] | None:
    """Number of public items by value of a facet, under `filters` (facet name → one value); None while search is unavailable."""
    wanted = {name: (value,) for name, value in filters.items() if value}
    try:
        answer = search(SearchQuery(filters=wanted, limit=0, facets={facet: MOST_VALUES}))
    except SearchUnavailable:
        return None
    return {found.value: found.count for found in answer.facets[facet]}


# --- catalogues --------------------------------------------------------------------------------------------------------
def tree(catalogue: str, body_: Body | None = None, depth: int | None = None) -> tuple[Node, ...]:
    """The current catalogue as a tree with counts; for one body only the rows that apply to it, down to `depth` levels.

    A row applies to a body that has the duty to publish into it; where no duties are recorded, to the kinds of body it names.
    Two queries for a body, one otherwise.
    """
    rows = CatalogueRow.objects.filter(catalogue__code=catalogue, catalogue__is_current=True)
    if depth is not None:
        rows = rows.filter(depth__lt=depth)
    columns = (
        "pk", "code", "label", "parent_id", "depth", "statutory_class", "disclosure_field", "content_elements",
        "organisation_kinds", "path",
    )  # fmt: skip
    found = list(rows.order_by("depth", "position", "pk").values_list(*columns))
    if body_ is not None:
        found = _applying(found, body_)
    numbers = counts("catalogue_rows", organisation=str(body_.id) if body_ else "") if found else {}
    nodes = [
        Node(pk, code, label, parent, level, class_, field_, bool(elements), numbers and numbers.get(str(pk), 0))
        for pk, code, label, parent, level, class_, field_, elements, *_ in found
    ]
    return _nested(nodes)


def _applying(rows: Sequence[tuple], body_: Body) -> list[tuple]:  # type: ignore[type-arg]
    owed = set(Duty.objects.filter(organisation_id=body_.id).values_list("row_id", flat=True))
    leaves = [row for row in rows if (row[0] in owed if owed else not row[8] or body_.kind in row[8])]
    kept = {int(part) for row in leaves for part in row[9].strip("/").split("/") if part} | {row[0] for row in leaves}
    return [row for row in rows if row[0] in kept]


def _nested(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """Put children under their parents, deepest level first, so that every node is built once."""
    known = {node.id for node in nodes}
    children: dict[int | None, list[Node]] = {}
    for node in sorted(nodes, key=lambda one: -one.depth):
        parent = node.parent_id if node.parent_id in known else None
        children.setdefault(parent, []).append(replace(node, children=tuple(children.get(node.id, ()))))
    return tuple(children.get(None, ()))


def row_page(row_id: int) -> RowPage | None:
    """One row of a current catalogue: three queries."""
    rows = _row(row_id)
    if not rows:
        return None
    label, path, code, name, *columns = rows[0]
    ancestors = [pk for part in path.strip("/").split("/") if part and (pk := int(part)) != row_id]
    labels = dict(_labels(*ancestors)) if ancestors else {}
    return RowPage(
        id=row_id,
        label=label,
        catalogue=code,
        catalogue_name=name,
        path=tuple((pk, labels[pk]) for pk in ancestors if pk in labels),
        children=tuple(_children(row_id)),
        columns=dict(zip(COLUMNS, columns, strict=True)),
    )


_row = Prepared(
    lambda row_id: CatalogueRow.objects.filter(pk=row_id, catalogue__is_current=True).values_list(
        "label", "path", "catalogue__code", "catalogue__name", *COLUMNS
    )
)
_labels = Prepared(lambda *ids: CatalogueRow.objects.filter(pk__in=ids).order_by().values_list("pk", "label"))
_children = Prepared(
    lambda row_id: CatalogueRow.objects.filter(parent_id=row_id).order_by("position", "pk").values_list("pk", "label")
)
