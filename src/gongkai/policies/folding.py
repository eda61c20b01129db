"""一站搜 by policy: hits that explain, answer or follow up a document are shown under it, whatever place they have themselves.

Only hits of the page at hand are moved, so that every hit of the list is shown on just one page and the counts stay those of the
index. What else belongs to a document on the page is named beneath it, without being counted as a hit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q

from gongkai.disclosure.models import Relation
from gongkai.disclosure.prepared import Prepared
from gongkai.rules.publication import State
from gongkai.rules.relations import RELATION_TYPES, RelationKind
from gongkai.rules.tags import form_of
from gongkai.rules.vocabulary import vocabulary

UNDER = (
    RelationKind.INTERPRETS,
    RelationKind.ANSWERS,
    RelationKind.FEEDBACK_TO,
    RelationKind.RESULTS_OF,
    RelationKind.PROGRESS_OF,
)
"""Relations whose source (解读, 答复, 意见反馈, 结果公开, 执行跟踪) is shown under its target."""
NAMED = 3
"""Others of one sort that are named under a document; the rest are counted, and stand on its page."""
STEP = 10
"""The number of hits the query is compiled for is rounded up to."""


@dataclass(frozen=True, slots=True)
class Tied:
    """A public item at the other end of a relation."""

    id: int
    title: str
    sort: str
    """What it is to the document: the form of an interpretation (图解, 问答 …), else the label of the relation."""


@dataclass(frozen=True, slots=True)
class Others:
    """What else of one sort belongs to a document, and is no hit of this page: the newest by name, and how many in all."""

    sort: str
    named: tuple[Tied, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Group:
    """A hit and what is shown under it."""

    head: int
    members: tuple[int, ...] = ()
    """Hits of the page that belong to it, best first."""
    others: tuple[Others, ...] = ()
    belongs_to: tuple[Tied, ...] = ()
    """Documents a hit on its own belongs to that are no hits of this page; `sort` is what they are to it (解读的文件)."""


@dataclass(frozen=True, slots=True)
class _Row:
    source: Tied
    target: Tied


def folded(hits: Sequence[int]) -> list[Group]:
    """Groups of `hits` (ids in their order on the page), each at the place of its best hit: one query, none without hits.

    A hit goes under the best hit it belongs to; what belongs to a hit that is itself under another goes there too.
    """
    if not hits:
        return []
    rows = list(_rows(hits))
    above = _above(hits, rows)
    roots = {pk: _root(pk, above) for pk in hits}
    members: dict[int, list[int]] = {}
    for pk in hits:
        members.setdefault(roots[pk], []).append(pk)
    on_page = set(hits)
    return [
        Group(
            head,
            tuple(pk for pk in group if pk != head),
            tuple(_others(head, rows, on_page)),
            tuple(row.target for row in rows if row.source.id == head and row.target.id not in on_page),
        )
        for head, group in members.items()
    ]


def _above(hits: Sequence[int], rows: Sequence[_Row]) -> dict[int, int]:
    """For each hit that belongs to another one the best of those it belongs to."""
    place = {pk: number for number, pk in enumerate(hits)}
    found: dict[int, int] = {}
    for row in rows:
        child, head = row.source.id, row.target.id
        if child in place and head in place and (child not in found or place[head] < place[found[child]]):
            found[child] = head
    return found


def _root(pk: int, above: Mapping[int, int]) -> int:
    """The head `pk` stands under; the first of a circle, should there be one."""
    seen = [pk]
    while (head := above.get(seen[-1])) is not None and head not in seen:
        seen.append(head)
    return seen[-1] if head is None else min(seen[seen.index(head) :])


def _others(head: int, rows: Sequence[_Row], on_page: set[int]) -> Iterator[Others]:
    own = {row.source.id: row.source for row in rows if row.target.id == head and row.source.id not in on_page}
    order = sorted(own.values(), key=lambda tied: tied.sort)
    for sort, found in groupby(order, key=lambda tied: tied.sort):
        tied = sorted(found, key=lambda one: -one.id)
        yield Others(sort, tuple(tied[:NAMED]), len(tied))


def _rows(hits: Sequence[int]) -> Iterator[_Row]:
    padded = [*hits, *[hits[-1]] * (-len(hits) % STEP)]
    labels = vocabulary("interpretation_forms").label
    for kind, source, title, item_kind, tags, target, target_title in _relations_of(*padded):
        type_ = RELATION_TYPES[RelationKind(kind)]
        form = form_of(item_kind, tuple(tags))
        yield _Row(
            Tied(source, title, labels(form) if form else type_.inverse_label), Tied(target, target_title, type_.label)
        )


_relations_of = Prepared(
    lambda *ids: (
        Relation.objects.filter(
            Q(source_id__in=ids) | Q(target_id__in=ids),
            kind__in=[kind.value for kind in UNDER],
            source__current__state=State.PUBLISHED.value,
            target__current__state=State.PUBLISHED.value,
        )
        .order_by("pk")
        .values_list(
            "kind",
            "source_id",
            "source__current__title",
            "source__kind",
            "source__tags",
            "target_id",
            "target__current__title",
        )
    )
)
