"""Ties of one item to another, and the catalogue rows it stands under."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from gongkai.disclosure.models import Item, Relation
from gongkai.disclosure.steps import audit, catalogue_rows, item_locked, subject_of, touch
from gongkai.rules.access import Action, Actor
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.relations import RelationKind, check_relation
from gongkai.search import enqueue
from gongkai.workflow.engine import NotVisible, require


@transaction.atomic
def relate(
    *,
    actor: Actor,
    source_id: int,
    target_id: int,
    kind: RelationKind,
    effective_on: date | None = None,
    note: str = "",
) -> Relation:
    """Tie an item of one's own to another that is published; repeals and the like change the target's validity from their day on."""
    source = item_locked(source_id)
    require(actor, Action.RELATE, subject_of(source, source.working or source.current))
    if reasons := check_relation(kind, source_id, target_id, has_date=effective_on is not None):
        raise Refused(reasons)
    target = Item.objects.filter(pk=target_id).select_related("current").first()
    if target is None or (target.current is None and target.organisation_id != source.organisation_id):
        raise Refused([Reason("target", "没有找到要关联的信息，请用索引号或者文号重新选择。", field="target")])
    relation, created = Relation.objects.get_or_create(
        source=source,
        target=target,
        kind=kind.value,
        defaults={"effective_on": effective_on, "note": note.strip(), "created_by_id": actor.user_id or None},
    )
    if not created:
        raise Refused([Reason("relation_once", "这两条信息之间已有同样的关联。", field="target")])
    enqueue([source.pk, target.pk])
    detail = {"kind": kind.value, "target": target.index_number, "effective_on": effective_on}
    audit(actor, source, "relate", detail, public=True)
    return relation


@transaction.atomic
def unrelate(*, actor: Actor, relation_id: int) -> None:
    """Undo a relation of one's own item."""
    relation = Relation.objects.filter(pk=relation_id).select_related("source", "target").first()
    if relation is None:
        raise NotVisible
    source = item_locked(relation.source_id)
    require(actor, Action.RELATE, subject_of(source, source.working or source.current))
    enqueue([relation.source_id, relation.target_id])
    audit(actor, source, "unrelate", {"kind": relation.kind, "target": relation.target.index_number}, public=True)
    relation.delete()


@transaction.atomic
def reclassify(*, actor: Actor, item_id: int, row_ids: Iterable[int]) -> None:
    """Put the item under other catalogue rows; this does not change its content, so it needs no new edition."""
    item = item_locked(item_id)
    require(actor, Action.RELATE, subject_of(item, item.working or item.current))
    before = sorted(item.rows.values_list("pk", flat=True))
    item.rows.set(catalogue_rows(row_ids))
    touch(item)
    enqueue([item.pk])
    audit(actor, item, "reclassify", {"before": before, "after": sorted(row_ids)}, public=item.current_id is not None)
