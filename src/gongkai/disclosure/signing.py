"""The signature: one document, or a document with the interpretations that wait for it; each one guarded, written, audited (三同步).
And taking it back, which explains the documents that are left without an interpretation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gongkai.disclosure import three_syncs
from gongkai.disclosure.chain import in_book, make_public
from gongkai.disclosure.models import Edition, Item, Relation
from gongkai.disclosure.steps import advance, audit, examine, in_hand, item_locked, step, void_reviews
from gongkai.disclosure.three_syncs import Tied
from gongkai.review.models import ReviewRecord
from gongkai.rules.access import Action, Actor
from gongkai.rules.publication import Event
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.relations import RelationKind
from gongkai.rules.three_syncs import taken_back


def sign(
    *,
    actor: Actor,
    item_id: int,
    scheduled_for: datetime | None = None,
    interpretation_note: str = "",
    with_interpretations: bool = False,
) -> None:
    """Sign off. Without a time, or with one that has passed, it is published in the same transaction.

    A normative document goes out for the first time with an interpretation or with `interpretation_note`, why there is none
    (`rules.three_syncs`). `with_interpretations`: those that wait for the sign-off are signed with it, for the same time, or none is.
    The gate looks at everything once more; what it finds is kept even when it stops the step.
    """
    examine(actor, item_id, Action.SIGN)
    together: list[Tied] = []
    if with_interpretations:
        item, _ = in_hand(item_id)
        together = three_syncs.waiting(item, three_syncs.tied(item))
        for one in together:
            examine(actor, one.item_id, Action.SIGN)
    with transaction.atomic():
        _sign_together(actor, item_id, together, scheduled_for, interpretation_note)


def _sign_together(
    actor: Actor, item_id: int, together: Iterable[Tied], scheduled_for: datetime | None, interpretation_note: str
) -> None:
    """Sign the document and these interpretations of it; what refuses one refuses all, with every reason at once."""
    # All are locked before anything is written, in one order: whoever signs one of them alone waits, and waits for nobody here.
    wanted = [item_id, *(one.item_id for one in together)]
    there = set(Item.objects.select_for_update().filter(pk__in=wanted).order_by("pk").values_list("pk", flat=True))
    together = [one for one in together if one.item_id in there]
    item, edition = in_hand(item_id)
    told: dict[str, object] = {"signed_with": [one.index_number for one in together]} if together else {}
    more: dict[str, object] = {}
    if three_syncs.asked(item, edition):
        ready = sum(one.ready for one in three_syncs.tied(item)) + len(together)
        more["interpretations"] = ready
        edition.interpretation_note = "" if ready else interpretation_note.strip()
        told |= {"interpretation_note": edition.interpretation_note} if edition.interpretation_note else {}
    now = timezone.now()
    reasons: list[Reason] = []
    try:
        _sign(actor, item, edition, now, scheduled_for, told, more)
    except Refused as refusal:
        reasons += refusal.reasons
    for one in together:
        try:
            _sign(actor, *in_hand(one.item_id), now, scheduled_for, {"with_document": item.index_number})
        except Refused as refusal:
            reasons += three_syncs.of_interpretation(one, refusal.reasons)
    if reasons:
        raise Refused(reasons)


def _sign(
    actor: Actor,
    item: Item,
    edition: Edition,
    now: datetime,
    scheduled_for: datetime | None,
    told: Mapping[str, object],
    more: Mapping[str, object] | None = None,
) -> None:
    """One signature; `told` is what the log says of it besides, `more` are further facts for the guards."""
    step(actor, item, edition, Action.SIGN, Event.SIGN, **(more or {}))
    told = {**told, **in_book(actor, item, edition, Event.SIGN, ReviewRecord.Result.SIGNED)}
    edition.signed_by_id, edition.signed_at, edition.scheduled_for = actor.user_id or None, now, scheduled_for
    advance(actor, item, edition, Event.SIGN, {"scheduled_for": scheduled_for, **told})
    if scheduled_for is None or scheduled_for <= now:
        step(actor, item, edition, Action.SIGN, Event.PUBLISH)
        make_public(actor, item, edition)


@transaction.atomic
def return_to_draft(*, actor: Actor, item_id: int, remark: str = "", interpretation_note: str = "") -> None:
    """Take a signed edition back before it is published.

    Of an interpretation on which normative documents rest alone, `interpretation_note` says why they go or went out without one
    (`rules.three_syncs`); it is kept with each of them, the public ones included.
    """
    _lock_with_documents(item_id)
    item, edition = in_hand(item_id)
    step(actor, item, edition, Action.RETURN_TO_DRAFT, Event.RETURN_TO_DRAFT)
    documents = three_syncs.resting(item)
    if reasons := taken_back(documents, interpretation_note):
        raise Refused(reasons)
    told: dict[str, object] = dict(
        in_book(actor, item, edition, Event.RETURN_TO_DRAFT, ReviewRecord.Result.TAKEN_BACK, remark)
    )
    left = [item_locked(one.item_id) for one in documents if one.left]
    if left:
        told["interpretation_note"] = interpretation_note.strip()
    for document in left:
        # A correction under way carries it on, as it does what was said at the signature.
        editions = Edition.objects.filter(pk__in=(document.current_id, document.working_id))
        editions.update(interpretation_note=told["interpretation_note"])
        audit(actor, document, "explain", {"interpretation": item.index_number, **told})
    void_reviews(edition)
    edition.send_back_remark, edition.scheduled_for = remark.strip(), None
    advance(actor, item, edition, Event.RETURN_TO_DRAFT, {"remark": remark, **told})


def _lock_with_documents(item_id: int) -> None:
    """Lock the item and what it interprets, in the order of `_sign_together`: a document that somebody signs at the same time, resting on
    this interpretation, is signed before it is looked at here, or after, and then it looks for another."""
    documents = Relation.objects.filter(source_id=item_id, kind=RelationKind.INTERPRETS.value).values("target_id")
    wanted = Item.objects.select_for_update().filter(Q(pk=item_id) | Q(pk__in=documents)).order_by("pk")
    list(wanted.values_list("pk", flat=True))
