"""The way of an edition from the draft to the public, and off the site again."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from gongkai.disclosure import citations, gate, pictures
from gongkai.disclosure.editing import copy_content
from gongkai.disclosure.models import Attachment, ChangeNote, Edition, Item
from gongkai.disclosure.steps import (
    acting_for,
    advance,
    audit,
    chain_of,
    examine,
    in_hand,
    item_locked,
    publication_facts,
    step,
    subject_of,
    touch,
    void_reviews,
    waiting_step,
)
from gongkai.organisations.selectors import roles_held_in
from gongkai.review import records
from gongkai.review import selectors as review
from gongkai.review.models import ReviewRecord
from gongkai.review.selectors import not_cleared
from gongkai.rules.access import Action, Actor, Role, can
from gongkai.rules.days import chinese_date
from gongkai.rules.publication import Event, State, refusals
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.review_chain import Chain, review_steps
from gongkai.rules.vocabulary import vocabulary
from gongkai.search import enqueue
from gongkai.tables import records as tables
from gongkai.workflow.engine import NotVisible, require, require_step


# --- before publication -----------------------------------------------------------------------------------------------
def submit(*, actor: Actor, item_id: int) -> None:
    """Hand the draft in for review (《条例》§17); what the checks find now is what the reviewer will see."""
    _drop_unused_pictures(actor, item_id)
    examine(actor, item_id, Action.SUBMIT)
    with transaction.atomic():
        _submit(actor, item_id)


@transaction.atomic
def _drop_unused_pictures(actor: Actor, item_id: int) -> None:
    item, edition = in_hand(item_id)
    if edition.state == State.DRAFT and can(actor, Action.SUBMIT, subject_of(item, edition)):
        pictures.drop_unused(actor=actor, item=item, edition=edition)


def _submit(actor: Actor, item_id: int) -> None:
    item, edition = in_hand(item_id)
    step(actor, item, edition, Action.SUBMIT, Event.SUBMIT)
    chain = review.chain_of(item.organisation_id, item.kind, normative=edition.normative)
    _somebody_for(chain, item, edition)
    edition.review_steps, edition.distinct_reviewers = list(chain.steps), chain.distinct
    edition.review_step = chain.after("")
    edition.submitted_at = timezone.now()
    edition.send_back_remark = ""
    told = in_book(actor, item, edition, Event.SUBMIT, ReviewRecord.Result.SUBMITTED)
    advance(actor, item, edition, Event.SUBMIT, {"chain": list(chain.steps), **told})


def _somebody_for(chain: Chain, item: Item, edition: Edition) -> None:
    """Nothing is handed in that nobody but its writer could review."""
    held = roles_held_in(item.organisation_id, but=edition.author_id)
    steps = (review_steps()[code] for code in chain.steps)
    reasons = [
        Reason(
            "nobody_reviews",
            f"除起草人外，本单位没有可以办理“{step.label}”的人员（{'、'.join(role.label for role in Role if role in step.roles)}），"
            "请联系系统管理员设置后再提交。",
            step.article,
        )
        for step in steps
        if not step.roles & held
    ]
    if reasons:
        raise Refused(reasons)


def in_book(
    actor: Actor, item: Item, edition: Edition, event: Event, result: str, opinion: str = "", step_code: str = ""
) -> dict[str, str]:
    """Write the step into the book of 三审三校; returns what the log says of a step done for somebody else."""
    for_whom = acting_for(actor, item, edition, Action(event.value))
    found = review_steps().get(step_code)
    records.record_step(
        gate.content_of(item, edition),
        actor=actor,
        step=step_code or event.value,
        label=found.label if found else Event(event).label,
        result=result,
        opinion=opinion,
        gates=chain_of(edition).gates_of(step_code) if found else (),
        proof=found.proof if found else "",
        for_name=(for_name := "、".join(principal.name for principal in for_whom)),
    )
    return {"acting_for": for_name} if for_name else {}


def approve(
    *,
    actor: Actor,
    item_id: int,
    secrecy_basis: str = "",
    cleared: Iterable[str] | None = None,
    opinion: str = "",
) -> None:
    """Pass the review step the edition waits for; after the last one of its chain it waits for the sign-off.

    The step 审核 records the secrecy review without which nothing is published (《保密法实施条例》§42): `cleared` names the parts
    (`review.content.Content.parts`) that may be disclosed; None: every one. Blocked by serious findings.
    """
    examine(actor, item_id, Action.APPROVE)
    with transaction.atomic():
        _approve(actor, item_id, secrecy_basis, cleared, opinion)


def _approve(actor: Actor, item_id: int, secrecy_basis: str, cleared: Iterable[str] | None, opinion: str) -> None:
    item, edition = in_hand(item_id)
    here = review_steps()[waiting_step(edition)]
    if here.records_secrecy:
        edition.secrecy_basis = secrecy_basis.strip()
    step(actor, item, edition, Action.APPROVE, Event.APPROVE)
    if here.records_secrecy:
        _review_secrecy(actor, item, edition, cleared)
        edition.approved_by_id, edition.approved_at = actor.user_id or None, timezone.now()
    told = in_book(actor, item, edition, Event.APPROVE, ReviewRecord.Result.PASSED, opinion, here.code)
    told |= {"review_step": here.label, "opinion": opinion.strip()}
    if here.records_secrecy:
        told["secrecy_basis"] = edition.secrecy_basis
    edition.review_step = chain_of(edition).after(here.code)
    advance(actor, item, edition, Event.APPROVE, told, State.REVIEW if edition.review_step else None)


def _review_secrecy(actor: Actor, item: Item, edition: Edition, cleared: Iterable[str] | None) -> None:
    content = gate.content_of(item, edition)
    parts = frozenset(part for part, _, _ in content.parts)
    records.record_secrecy(
        content, actor=actor, cleared=parts if cleared is None else parts & set(cleared), basis=edition.secrecy_basis
    )
    if left := not_cleared(content):
        message = f"以下内容尚未确认可以公开：{'、'.join(left)}。请逐项审查；不能公开的，请退回修改。"
        raise Refused([Reason("secrecy_parts", message, "《保密法实施条例》§42", "cleared")])


@transaction.atomic
def send_back(*, actor: Actor, item_id: int, remark: str) -> None:
    """Give it back to the writer with what is to be changed; reviews made so far are void, for the text will change."""
    item, edition = in_hand(item_id)
    step(actor, item, edition, Action.SEND_BACK, Event.SEND_BACK, send_back_remark=remark)
    told = in_book(actor, item, edition, Event.SEND_BACK, ReviewRecord.Result.SENT_BACK, remark)
    void_reviews(edition)
    edition.send_back_remark = remark.strip()
    advance(actor, item, edition, Event.SEND_BACK, {"remark": edition.send_back_remark, **told})


@transaction.atomic
def publish(*, actor: Actor, item_id: int) -> None:
    """Publish what has been signed off and whose time has come."""
    item, edition = in_hand(item_id)
    step(actor, item, edition, Action.PUBLISH, Event.PUBLISH)
    make_public(actor, item, edition)


def publish_due(*, actor: Actor, now: datetime) -> tuple[int, list[tuple[int, Refused]]]:
    """Publish all that was scheduled for `now` or earlier (the tick calls this with the system as `actor`).

    Returns how many were published and those that the guards refused, by item id; each is a transaction of its own.
    """
    due = Edition.objects.filter(state=State.SCHEDULED, scheduled_for__lte=now).order_by("scheduled_for")
    published, refused = 0, []
    for item_id in list(due.values_list("item_id", flat=True)):
        try:
            with transaction.atomic():
                item, edition = in_hand(item_id)
                if edition.state != State.SCHEDULED:
                    continue  # somebody took it back in the meantime
                facts = publication_facts(actor, item, edition)
                if reasons := refusals(Event.PUBLISH, facts):
                    raise Refused(reasons)
                make_public(actor, item, edition)
                published += 1
        except Refused as refusal:
            refused.append((item_id, refusal))
        except NotVisible:
            continue
    return published, refused


def make_public(actor: Actor, item: Item, edition: Edition) -> None:
    """Make `edition` the one the public sees. The publication time is the server's, and is never written again."""
    now = timezone.now()
    previous = item.current
    if previous is not None and previous.state == State.PUBLISHED:
        previous.state, previous.superseded_at = State.SUPERSEDED.value, now
        previous.save(update_fields=["state", "superseded_at"])
    edition.published_at, edition.state = now, State.PUBLISHED.value
    edition.save()
    tables.close(edition.pk)
    if edition.closes_earlier:
        earlier = item.editions.filter(number__lt=edition.number, state=State.SUPERSEDED)
        earlier.update(state=State.WITHDRAWN.value, withdrawn_at=now, withdrawal_reason=edition.closes_earlier)
    edition.working_copies.all().delete()
    item.current, item.working = edition, None
    touch(item, State.PUBLISHED)
    what = "发布" if previous is None else "更正"
    ChangeNote.objects.create(
        item=item, edition=edition, actor_id=actor.user_id or None, at=now, what=what, note=edition.change_note
    )
    citations.remember([edition])
    citations.find([edition])
    citations.settle([edition, *([previous] if previous else [])])
    enqueue([item.pk, *affected(item)])
    audit(actor, item, "publish", {"edition": edition.number, "title": edition.title}, public=True)


def affected(item: Item) -> list[int]:
    """Items whose validity or links rest on this one."""
    return list(item.relations.values_list("target_id", flat=True))


# --- after publication ------------------------------------------------------------------------------------------------
@transaction.atomic
def correct(*, actor: Actor, item_id: int, change_note: str, closes_earlier: str = "") -> Edition:
    """Start a new edition from the published one; the public goes on reading the old one until the new one is published.

    Earlier editions stay readable as history, unless `closes_earlier` gives a withdrawal reason (personal data, secrets):
    then publishing the correction takes them off the site.
    """
    item = item_locked(item_id)
    require(actor, Action.CORRECT, subject_of(item, item.current))
    if item.current is None or item.current.state != State.PUBLISHED:
        raise Refused([Reason("state", "只有已发布的信息可以更正；草稿请直接修改。")])
    if item.working is not None:
        raise Refused([Reason("working", "该信息已有正在编辑的新版本，请先完成或者放弃该版本。")])
    if not change_note.strip():
        raise Refused([Reason("change_note", "请写明更正了什么、为什么更正；该说明将对外公开。", field="change_note")])
    if closes_earlier and closes_earlier not in vocabulary("withdrawal_reasons"):
        raise Refused([Reason("withdrawal_reason", "请选择停止公开以前版本的原因。", "《条例》§18", "closes_earlier")])
    last = item.editions.aggregate(last=Max("number"))["last"] or 0
    edition = Edition(
        item=item,
        number=last + 1,
        author_id=actor.user_id or None,
        change_note=change_note.strip(),
        closes_earlier=closes_earlier,
        interpretation_note=item.current.interpretation_note,
    )
    copy_content(item.current, edition)
    edition.save()
    for attachment in item.current.attachments.all():
        Attachment.objects.create(
            edition=edition,
            file_id=attachment.file_id,
            name=attachment.name,
            title=attachment.title,
            position=attachment.position,
            public_file_id=attachment.public_file_id,
            in_text=attachment.in_text,
        )
    records.inherit(item.current.pk, edition.pk)
    tables.inherit(item.current.pk, edition.pk)
    item.working = edition
    touch(item, State.DRAFT)
    audit(actor, item, "correct", {"edition": edition.number, "note": edition.change_note})
    return edition


@transaction.atomic
def withdraw(*, actor: Actor, item_id: int, reason: str, note: str = "") -> None:
    """Take the published edition off the site; its address goes on saying that it was withdrawn, when and why."""
    item = item_locked(item_id)
    edition = item.current
    if edition is None:
        require(actor, Action.WITHDRAW, subject_of(item, item.working))
        raise Refused([Reason("state", "该信息尚未发布，无需撤回；草稿请使用“放弃草稿”。")])
    facts = publication_facts(actor, item, edition, withdrawal_reason=reason)
    require_step(actor, Action.WITHDRAW, subject_of(item, edition), Event.WITHDRAW, facts)
    take_off(actor, item, edition, reason, note)


def withdraw_due(*, actor: Actor, now: datetime) -> int:
    """Take off the site what was to be public until yesterday or earlier (the tick calls this with the system as `actor`).

    Returns how many; each is a transaction of its own.
    """
    today = timezone.localdate(now)
    due = Edition.objects.filter(state=State.PUBLISHED, public_until__lt=today, item__current_id=F("pk"))
    withdrawn = 0
    for item_id in list(due.order_by("public_until").values_list("item_id", flat=True)):
        with transaction.atomic():
            item = item_locked(item_id)
            edition = item.current
            if edition is None or edition.state != State.PUBLISHED:
                continue  # taken off or corrected in the meantime
            if edition.public_until is None or edition.public_until >= today:
                continue
            note = f"公开期限至{chinese_date(edition.public_until)}，已届满。"
            take_off(actor, item, edition, "term_ended", note)
            withdrawn += 1
    return withdrawn


def take_off(actor: Actor, item: Item, edition: Edition, reason: str, note: str) -> None:
    """Take the public edition off the site; access and guards are the caller's."""
    edition.state, edition.withdrawn_at = State.WITHDRAWN.value, timezone.now()
    edition.withdrawal_reason, edition.withdrawal_note = reason, note.strip()
    edition.save(update_fields=sorted(Edition.LIFE_FIELDS))
    ChangeNote.objects.create(
        item=item, edition=edition, actor_id=actor.user_id or None, what="撤回", note=note.strip()[:500]
    )
    touch(item, State(item.working.state) if item.working else State.WITHDRAWN)
    citations.settle([edition])
    enqueue([item.pk, *affected(item)])
    audit(actor, item, "withdraw", {"reason": reason, "note": note}, public=True)
