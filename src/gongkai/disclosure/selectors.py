"""Reads of the register for the office, each limited to what the actor may see. Public reads are in `public`.

Lists are keyset-paged, never counted, and filtered by indexed columns only, so that they cost the same at any size.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce, Substr

from gongkai.catalogues.models import CatalogueRow
from gongkai.disclosure.models import Attachment, Edition, Item, Relation
from gongkai.rules import document_number
from gongkai.rules.access import Actor, visible_organisations
from gongkai.rules.publication import State
from gongkai.workflow.engine import NotVisible

ORDER = ("-updated_at", "-id")
"""Order of every office list: what was touched last comes first."""
MATCH_LIMIT = 1000
"""How many items one search text may match before the rest is left out; a longer text narrows it."""
READ_OF_A_FILE = 50_000
"""Characters of an attachment that are looked at while somebody waits."""


# --- items -------------------------------------------------------------------------------------------------------------
def visible_to(actor: Actor) -> QuerySet[Item]:
    """Items the actor may see: those of his bodies, or all for the district office and administrators."""
    return of_bodies(visible_organisations(actor))


def of_bodies(bodies: frozenset[int] | None) -> QuerySet[Item]:
    """Items of these bodies; of all for None."""
    if bodies is None:
        return Item.objects.all()
    if len(bodies) == 1:  # an equality lets the index of the body give the order too
        return Item.objects.filter(organisation_id=next(iter(bodies)))
    return Item.objects.filter(organisation_id__in=bodies)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of items is narrowed to. Empty values do not narrow."""

    organisation_id: int | None = None
    state: State | None = None
    kind: str = ""
    text: str = ""
    """The beginning of a title, or a whole 索引号 or 文号."""
    tags_open: bool = False
    """Only those whose tags nobody has confirmed yet."""


def office_list(actor: Actor, filters: Filters) -> QuerySet[Item, Any]:
    """Places of the item list, unordered, for the pager (`web.shared.pager.paginate` with `ORDER`); `office_rows` reads the rows.

    Nothing is joined to them: told by sampled statistics that there are few bodies, SQLite starts from the bodies and sorts every
    item (1,055 ms of 300,000 items), where without a join it follows the index of the order.
    """
    items = visible_to(actor)
    if filters.organisation_id is not None:
        items = items.filter(organisation_id=filters.organisation_id)
    if filters.state is not None:
        items = items.filter(state=filters.state.value)
    if filters.kind:
        items = items.filter(kind=filters.kind)
    if filters.tags_open:
        items = items.filter(tags_open=True)
    if filters.text.strip():
        items = items.filter(pk__in=matching_ids(filters.text))
    return items.values("id", "updated_at")


def office_rows(places: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows for these places of `office_list` in the same order: one query.

    Keys: id, title, index_number, document_number, kind, state, organisation_id, organisation_name, updated_at, public.
    """
    ids = [place["id"] for place in places]
    found = {row["id"]: row for row in _rows(Item.objects.filter(pk__in=ids).order_by())}
    return [found[pk] for pk in ids if pk in found]


def _rows(items: QuerySet[Item]) -> QuerySet[Item, Any]:
    return items.values(
        "id",
        "index_number",
        "kind",
        "state",
        "organisation_id",
        "updated_at",
        title=Coalesce("working__title", "current__title"),
        document_number=Coalesce("working__document_number", "current__document_number"),
        organisation_name=F("organisation__short_name"),
        public=F("current_id"),
    )


def matching_ids(text: str) -> list[int]:
    """Ids of items whose title begins with `text`, or whose 索引号 or 文号 is `text`; at most `MATCH_LIMIT`.

    Former titles and numbers of corrected items count too: people come with what they have on paper.
    """
    text = text.strip()
    number = document_number.normalise(text)
    ids = list(Item.objects.filter(index_number=text).values_list("pk", flat=True))
    ids += Edition.objects.filter(document_number=number).values_list("item_id", flat=True)[:MATCH_LIMIT]
    ids += Edition.objects.filter(_begins("title", text)).values_list("item_id", flat=True)[:MATCH_LIMIT]
    return list(dict.fromkeys(ids))[:MATCH_LIMIT]


def _begins(field: str, text: str) -> Q:
    """`field` begins with `text`, in the form each database can answer from an index.

    SQLite cannot use an index for LIKE with an escape character, but compares bytes, so that a range is exact there;
    PostgreSQL has a pattern index for LIKE, and its ranges follow the collation.
    """
    if connection.vendor == "postgresql":
        return Q(**{f"{field}__startswith": text})
    return Q(**{f"{field}__gte": text, f"{field}__lt": text + chr(0x10FFFF)})


def item_for(actor: Actor, item_id: int) -> Item:
    """One item with body and editions at hand; raises `NotVisible` when it is foreign or does not exist."""
    item = visible_to(actor).select_related("organisation", "current", "working").filter(pk=item_id).first()
    if item is None:
        raise NotVisible
    return item


def in_hand(item: Item) -> Edition:
    """The edition being worked on, or else the one the public sees. Raises `NotVisible` for an item that lost both."""
    edition = item.working or item.current
    if edition is None:
        raise NotVisible
    return edition


def edition_for(item: Item, number: int) -> Edition:
    """One edition of a visible item with its people; raises `NotVisible`."""
    found = item.editions.select_related("author", "approved_by", "signed_by").filter(number=number).first()
    if found is None:
        raise NotVisible
    return found


def editions_of(item: Item) -> list[Edition]:
    """All editions without their texts, newest first, with the people who wrote, reviewed and signed them."""
    people = ("author", "approved_by", "signed_by")
    return list(item.editions.select_related(*people).defer("body", "body_text").order_by("-number"))


def attachments_of(edition: Edition) -> list[Attachment]:
    """Files listed below an edition's text, in order, without their extracted text; the pictures in the text are not among them."""
    return list(edition.attachments.filter(in_text=False).select_related("file").defer("file__text"))


def attached_texts(edition: Edition) -> list[str]:
    """The beginning of the text of each file of an edition."""
    begun = edition.attachments.filter(in_text=False).annotate(begun=Substr("file__text", 1, READ_OF_A_FILE))
    return list(begun.values_list("begun", flat=True))


def attachment_for(item: Item, attachment_id: int) -> Attachment:
    """A file of any edition of a visible item; raises `NotVisible`."""
    found = (
        Attachment.objects.select_related("file")
        .defer("file__text")
        .filter(pk=attachment_id, edition__item=item)
        .first()
    )
    if found is None:
        raise NotVisible
    return found


# --- catalogue rows and relations --------------------------------------------------------------------------------------
class RowLine(NamedTuple):
    """A catalogue row as a choice; thousands are read for one editor, so no more of it than that needs."""

    pk: int
    parent_id: int | None
    label: str
    path: str
    catalogue: str
    """Name of its catalogue."""


def rows_for(organisation_id: int, kind: str) -> list[RowLine]:
    """The catalogue rows a body of `kind` may publish under, with the branches above them, in the order of the tree.

    A row applies when the body owes it, or when it names the body's kind and nobody in particular owes it.
    """
    rows = list(
        CatalogueRow.objects.filter(catalogue__is_current=True)
        .filter(Q(duties__organisation_id=organisation_id) | Q(duties__isnull=True))
        .order_by("catalogue_id", "path")
        .values_list(
            "pk", "parent_id", "label", "path", "catalogue__name", "organisation_kinds", "duties__organisation_id"
        )
    )
    branches = set(CatalogueRow.objects.filter(parent__isnull=False).values_list("parent_id", flat=True).distinct())
    wanted: set[int] = set()
    for pk, _, _, path, _, kinds, owed in rows:
        if owed == organisation_id or (pk not in branches and kind in kinds):
            wanted.update(int(step) for step in path.split("/") if step)
    return [RowLine(*row[:5]) for row in rows if row[0] in wanted]


def leaf_ids(rows: Iterable[RowLine]) -> frozenset[int]:
    """Ids of those rows that have none of the others under them: where items may be put."""
    found = list(rows)
    parents = {row.parent_id for row in found}
    return frozenset(row.pk for row in found if row.pk not in parents)


def relations_of(item: Item) -> list[Relation]:
    """Ties of an item in both directions, with the other item's title at hand."""
    ends = Item.objects.select_related("current", "working", "organisation")
    both = Relation.objects.filter(Q(source=item) | Q(target=item)).order_by("kind", "id")
    return list(both.prefetch_related(Prefetch("source", ends), Prefetch("target", ends)))


def relation_for(item: Item, relation_id: int) -> Relation:
    """A tie that starts at this item; raises `NotVisible`."""
    found = item.relations.filter(pk=relation_id).first()
    if found is None:
        raise NotVisible
    return found


def relation_targets(item: Item, text: str, limit: int = 20) -> list[dict[str, Any]]:
    """Items to tie `item` to: published ones of any body, found by 文号, 索引号 or the beginning of the title."""
    if not text.strip():
        return []
    found = Item.objects.filter(pk__in=matching_ids(text), current__state=State.PUBLISHED.value).exclude(pk=item.pk)
    return list(_rows(found).order_by(*ORDER)[:limit])
