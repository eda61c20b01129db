"""What every write to the register rests on: the locked item, the edition in hand, the facts for the rules, the audit entry."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from gongkai.audit.log import Entry, record
from gongkai.catalogues.models import CatalogueRow
from gongkai.disclosure import gate, three_syncs
from gongkai.disclosure.editing import present_fields
from gongkai.disclosure.models import FROZEN_STATES, Edition, Item
from gongkai.review.selectors import blocks, open_remarks, reviewers_of
from gongkai.rules.access import Action, Actor, Principal, Subject, can, own_roles
from gongkai.rules.publication import TRANSITIONS, DisclosureAttribute, Event, PublicationFacts, State
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.review_chain import DEFAULT, REVIEW, Chain, in_order, review_steps
from gongkai.rules.tags import form_of
from gongkai.tables import records as tables
from gongkai.workflow.engine import NotVisible, require_step


def item_locked(item_id: int) -> Item:
    """The item, locked for this transaction; its editions are read after the lock is had.

    They must not be joined: having waited for the lock, PostgreSQL reads the locked row anew, but rows joined to it as they
    were before the wait, and a second writer would decide on an edition that the first has just changed.
    """
    item = Item.objects.select_for_update().filter(pk=item_id).first()
    if item is None:
        raise NotVisible
    return item


def in_hand(item_id: int) -> tuple[Item, Edition]:
    """The item and the edition being worked on; what is published is refused here, for it is not worked on."""
    in_transaction = transaction.get_connection().in_atomic_block
    item = (
        item_locked(item_id)
        if in_transaction
        else Item.objects.select_related("current", "working").filter(pk=item_id).first()
    )
    if item is None:
        raise NotVisible
    edition = item.working or item.current
    if edition is None:
        raise NotVisible
    return item, edition


def subject_of(item: Item, edition: Edition | None) -> Subject:
    """What `rules.access.can` is asked about."""
    if edition is None:
        return Subject(item.organisation_id)
    state = State(edition.state)
    step_roles = review_steps()[waiting_step(edition)].roles if state is State.REVIEW else frozenset()
    return Subject(item.organisation_id, state, edition.author_id, step_roles)


def waiting_step(edition: Edition) -> str:
    """The review step an edition in review waits for; one of before there were chains waits for review."""
    return edition.review_step if edition.review_step in review_steps() else REVIEW


def chain_of(edition: Edition) -> Chain:
    """The chain an edition was handed in with."""
    return Chain(in_order(edition.review_steps) or DEFAULT, edition.distinct_reviewers)


def touch(item: Item, state: State | None = None) -> None:
    """Move the item to the top of the lists, in `state` when it changed."""
    item.updated_at = timezone.now()
    if state is not None:
        item.state = state.value
    item.save(update_fields=["updated_at", "state", "current", "working"])


def catalogue_rows(row_ids: Iterable[int]) -> list[CatalogueRow]:
    """The rows by their ids. Raises `Refused` when one is not there."""
    wanted = set(row_ids)
    rows = list(CatalogueRow.objects.filter(pk__in=wanted))
    if len(rows) != len(wanted):
        raise Refused([Reason("row", "所选目录事项不存在，请重新选择。", field="rows")])
    return rows


def audit(actor: Actor, item: Item, action: str, detail: Mapping[str, Any], *, public: bool = False) -> None:
    """Write `action` on the item into the log; `public` when pages of the portal change with it."""
    entry = Entry(f"item.{action}", "item", str(item.pk), item.organisation_id, detail)
    record(actor=actor, entries=[entry], public=public)


# --- a step of the chain ----------------------------------------------------------------------------------------------
def step(actor: Actor, item: Item, edition: Edition, action: Action, event: Event, **more: Any) -> None:
    """Let `event` happen, or raise with all that stands in its way."""
    for_whom = frozenset(principal.user_id for principal in acting_for(actor, item, edition, action))
    facts = publication_facts(actor, item, edition, acting_for=for_whom, **more)
    require_step(actor, action, subject_of(item, edition), event, facts)


def advance(
    actor: Actor,
    item: Item,
    edition: Edition,
    event: Event,
    detail: Mapping[str, Any] | None = None,
    state: State | None = None,
) -> None:
    """Store the edition in the state `event` leads to (or in `state`, when a review has another step), and audit it."""
    edition.state = (state or TRANSITIONS[event].target).value
    edition.updated_at = timezone.now()
    edition.save()
    touch(item, State(edition.state))
    audit(actor, item, event.value, {"edition": edition.number, **(detail or {})})


def acting_for(actor: Actor, item: Item, edition: Edition, action: Action) -> tuple[Principal, ...]:
    """For whom the actor does this, having no role of his own for it."""
    return actor.acting_for(item.organisation_id, own_roles(action, subject_of(item, edition)))


def void_reviews(edition: Edition) -> None:
    """Reviews count for the text that was reviewed: a draft has none."""
    edition.approved_by = edition.approved_at = edition.signed_by = edition.signed_at = None
    edition.secrecy_basis, edition.review_step, edition.review_steps = "", "", []


def publication_facts(actor: Actor, item: Item, edition: Edition, **more: Any) -> PublicationFacts:
    """The facts of one edition for `rules.publication.refusals`; the office shows refusals before a button is pressed."""
    if edition.state == State.SIGN_OFF and "interpretations" not in more and three_syncs.asked(item, edition):
        more["interpretations"] = sum(one.ready for one in three_syncs.tied(item))
    return PublicationFacts(
        state=State(edition.state),
        kind=item.kind,
        normative=edition.normative,
        present_fields=present_fields(
            edition,
            attachments=edition.attachments.filter(in_text=False).count(),
            table=tables.has_table(edition.pk),
            relations=item.relations.values_list("kind", flat=True),
            form=form_of(item.kind, item.tags),
        ),
        actor_id=actor.user_id or None,
        author_id=edition.author_id,
        now=timezone.localtime(),
        submitted_by=edition.author_id if edition.submitted_at else None,
        approved_by=edition.approved_by_id,
        reviewers=reviewers_of(edition.pk) if edition.distinct_reviewers else frozenset(),
        distinct_reviewers=edition.distinct_reviewers,
        secrecy_step=review_steps()[waiting_step(edition)].records_secrecy,
        open_remarks=open_remarks(edition.pk),
        secrecy_reviewed=bool(edition.secrecy_basis),
        has_blocking_findings=blocks(edition.pk),
        disclosure_attribute=DisclosureAttribute(edition.disclosure_attribute),
        non_disclosure_reason=edition.non_disclosure_reason,
        scheduled_for=timezone.localtime(edition.scheduled_for) if edition.scheduled_for else None,
        document_date=edition.document_date,
        effective_from=edition.effective_from,
        expires_on=edition.expires_on,
        published_on=edition.source_published_on,
        public_until=edition.public_until,
        first_publication=item.current_id is None,
        interpretation_note=edition.interpretation_note,
        **more,
    )


def examine(actor: Actor, item_id: int, action: Action) -> None:
    """The gate before a step, in a transaction of its own: what takes time holds no lock, and a step that is stopped by what is
    found must not undo the finding of it. Nothing is done for whom the step itself will refuse."""
    item, edition = in_hand(item_id)
    if edition.state in FROZEN_STATES or not can(actor, action, subject_of(item, edition)):
        return
    gate.prepare(edition)
    with transaction.atomic():
        item, edition = in_hand(item_id)
        if edition.state not in FROZEN_STATES:
            gate.check(item, edition)
