"""Every write of people to 热度榜: one transaction, access checked, audited."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from gongkai.audit.log import Entry, record
from gongkai.disclosure.models import Item
from gongkai.organisations.actors import NotVisible
from gongkai.policies import popularity
from gongkai.policies.models import PopularityExclusion
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.publication import State
from gongkai.rules.reasons import Reason, Refused

LONGEST_REASON = 200


@transaction.atomic
def exclude_from_popularity(*, actor: Actor, index_number: str, reason: str) -> PopularityExclusion:
    """Keep the item with this 索引号 from the list, at once; `reason` is published and audited.

    Raises `Refused` with every reason: no such public interpretation or policy document, excluded already, no reason.
    """
    _require(actor)
    reason = reason.strip()
    public = Item.objects.filter(kind__in=popularity.KINDS, current__state=State.PUBLISHED)
    item = public.select_for_update(of=("self",)).filter(index_number=index_number.strip()).first()
    reasons = []
    if item is None:
        text = "没有找到该索引号的已公开政策解读或者政策文件，请核对索引号后重新填写。"
        reasons.append(Reason("index_number", text, field="index_number"))
    elif PopularityExclusion.objects.filter(item=item).exists():
        reasons.append(Reason("excluded", "该信息已经移出热度榜，无需重复操作。", field="index_number"))
    if not reason:
        reasons.append(Reason("reason_missing", "请填写移出的原因，该原因将向社会公布。", field="reason"))
    elif len(reason) > LONGEST_REASON:
        text = f"移出的原因不得超过{LONGEST_REASON}字，现为{len(reason)}字，请删减。"
        reasons.append(Reason("reason_long", text, field="reason"))
    if reasons or item is None:
        raise Refused(reasons)
    now = timezone.now()
    made = PopularityExclusion.objects.create(item=item, reason=reason, created_at=now)
    _audit(actor, "popularity.exclude", made)
    popularity.compute(now)
    popularity.publish_changes()
    return made


@transaction.atomic
def put_back_into_popularity(*, actor: Actor, exclusion_id: int) -> None:
    """Lift an exclusion, at once. Raises `NotVisible` when there is none (any more)."""
    _require(actor)
    exclusion = PopularityExclusion.objects.select_for_update().filter(pk=exclusion_id).first()
    if exclusion is None:
        raise NotVisible
    _audit(actor, "popularity.put_back", exclusion)
    exclusion.delete()
    popularity.compute(timezone.now())
    popularity.publish_changes()


def _require(actor: Actor) -> None:
    decision = can(actor, Action.MANAGE_POPULARITY, Subject(None))
    if not decision:
        raise Refused(decision.reasons)


def _audit(actor: Actor, action: str, exclusion: PopularityExclusion) -> None:
    detail = {"public_reason": exclusion.reason}
    record(actor=actor, entries=[Entry(action, "item", str(exclusion.item_id), None, detail)])
