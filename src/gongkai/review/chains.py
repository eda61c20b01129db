"""Writes of the settings of 三审三校: which reviews which bodies and kinds of item need."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from gongkai.audit.log import Entry, record
from gongkai.organisations.actors import NotVisible
from gongkai.organisations.models import Organisation
from gongkai.review.models import ReviewChain
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.review_chain import chain_refusals, in_order
from gongkai.rules.vocabulary import vocabulary


@transaction.atomic
def set_chain(
    *, actor: Actor, organisation_id: int | None, kind: str, steps: Iterable[str], distinct: bool
) -> ReviewChain:
    """Set the chain of a body (None: every body) and a kind of item (empty: every kind), in place of what was set before.

    What is under way goes on with the chain it was handed in with. Raises `Refused` with every reason.
    """
    _allow(actor, organisation_id)
    wanted = list(dict.fromkeys(steps))
    reasons = chain_refusals(wanted)
    if kind and kind not in vocabulary("item_kinds"):
        reasons.append(Reason("kind", "请选择信息类型。", field="kind"))
    if organisation_id is not None and not Organisation.objects.filter(pk=organisation_id, is_active=True).exists():
        reasons.append(Reason("organisation", "请选择单位。", field="organisation"))
    if reasons:
        raise Refused(reasons)
    chain, _ = ReviewChain.objects.update_or_create(
        organisation_id=organisation_id,
        kind=kind,
        defaults={
            "steps": list(in_order(wanted)),
            "distinct": distinct,
            "updated_by_id": actor.user_id or None,
            "updated_at": timezone.now(),
        },
    )
    _audit(actor, "review_chain.set", chain)
    return chain


@transaction.atomic
def drop_chain(*, actor: Actor, chain_id: int) -> None:
    """Take a setting back; the next more general one counts again."""
    chain = ReviewChain.objects.select_for_update().filter(pk=chain_id).first()
    if chain is None:
        raise NotVisible
    _allow(actor, chain.organisation_id)
    _audit(actor, "review_chain.drop", chain)
    chain.delete()


def _allow(actor: Actor, organisation_id: int | None) -> None:
    decision = can(actor, Action.MANAGE_REVIEW_CHAIN, Subject(organisation_id))
    if decision.foreign:
        raise NotVisible
    if not decision.allowed:
        raise Refused(decision.reasons)


def _audit(actor: Actor, action: str, chain: ReviewChain) -> None:
    detail = {"kind": chain.kind, "steps": chain.steps, "distinct": chain.distinct}
    record(actor=actor, entries=[Entry(action, "review_chain", str(chain.pk), chain.organisation_id, detail)])
