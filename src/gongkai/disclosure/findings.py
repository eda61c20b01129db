"""Writes about findings: check again, mend by one click, set aside with a reason. Every one is audited with its item."""

from __future__ import annotations

from django.db import transaction

from gongkai.disclosure import gate
from gongkai.disclosure.models import Edition, Item
from gongkai.disclosure.steps import audit, in_hand, subject_of
from gongkai.disclosure.writing import save_draft
from gongkai.organisations.actors import SYSTEM
from gongkai.review import records
from gongkai.review.gate import public_copies
from gongkai.review.models import RecordedFinding
from gongkai.rules.access import Action, Actor
from gongkai.rules.findings import FixKind, refusals_to_set_aside
from gongkai.rules.publication import State
from gongkai.rules.reasons import Reason, Refused
from gongkai.search import enqueue
from gongkai.text.checks.html_material import html_material
from gongkai.workflow.engine import NotVisible, require

__all__ = ["mend", "recheck", "rescan", "set_aside"]

_STATE = RecordedFinding.State


def recheck(*, actor: Actor, item_id: int) -> None:
    """Examine the edition in hand now."""
    item, edition = in_hand(item_id)
    require(actor, Action.DISMISS_FINDING, subject_of(item, edition))
    _check(actor, item_id, given=gate.prepare(edition))


def rescan(*, item_id: int) -> bool:
    """Examine the public edition of an item, scans too, for `gongkai rescan`; False when it is not public any more."""
    item = Item.objects.select_related("current").filter(pk=item_id, current__state=State.PUBLISHED).first()
    if item is None or item.current is None:
        return False
    given = gate.prepare(item.current, scans=True)
    with transaction.atomic():
        item = Item.objects.select_for_update().filter(pk=item_id).first()
        if item is None or item.current is None or item.current.state != State.PUBLISHED:
            return False
        gate.check(item, item.current)
        _tell(SYSTEM, item, item.current, given=given)
    return True


@transaction.atomic
def _check(actor: Actor, item_id: int, *, given: bool) -> None:
    item, edition = in_hand(item_id)
    gate.check(item, edition)
    _tell(actor, item, edition, given=given)


def _tell(actor: Actor, item: Item, edition: Edition, *, given: bool) -> None:
    """When a published edition got cleaned copies of its files: search and the page cache must forget the originals."""
    if given and edition.state == State.PUBLISHED:
        enqueue([item.pk])
        audit(actor, item, "public-copies", {"edition": edition.number}, public=True)


def mend(*, actor: Actor, item_id: int, finding_id: int) -> str:
    """Do what the finding's safe remedy says; returns a Chinese sentence about what was done.

    A replacement is written into the draft like any other edit; what lies hidden in a file is left out of the public's copy.
    Raises `Refused` when the place has changed since, `NotVisible` for a finding of something else.
    """
    with transaction.atomic():
        item, edition = in_hand(item_id)
        require(actor, Action.DISMISS_FINDING, subject_of(item, edition))
        finding = _finding(edition, finding_id)
        if finding.fix == FixKind.STRIP:
            if not public_copies([int(finding.part.removeprefix("file:"))]):
                raise Refused(
                    [Reason("no_public_copy", "这个文件不能生成清除附带信息的公开文件，请按提示另存后重新上传。")]
                )
            records.settle(finding, actor=actor, state=_STATE.STRIPPED, reason="公开的文件不含此项，原件留在后台")
            _audit(actor, item, "finding-strip", finding)
            return "公开的文件将清除此项，原件留在后台。"
        if finding.fix != FixKind.REPLACE or finding.part not in ("title", "body"):
            raise Refused([Reason("fix", "这一问题没有可以自动完成的处理，请按建议手工修改。")])
        field, value = _replaced(edition, finding)
        save_draft(actor=actor, item_id=item_id, values={field: value})
        _audit(actor, item, "finding-mend", finding)
        item, edition = in_hand(item_id)
        gate.check(item, edition)
    return f"已将“{finding.text}”改为“{finding.replacement}”。"


def _replaced(edition: Edition, finding: RecordedFinding) -> tuple[str, str]:
    """Field and new value. The evidence is sought where it was found, or else at its only place."""
    text = edition.title if finding.part == "title" else html_material(edition.body).material.text
    start = finding.start if finding.start is not None else -1
    if text[start : start + len(finding.text)] != finding.text or start < 0:
        if text.count(finding.text) != 1:
            raise Refused([Reason("fix", "该处文字已经变动，请重新检查后再处理。")])
        start = text.index(finding.text)
    end = start + len(finding.text)
    if finding.part == "title":
        return "title", text[:start] + finding.replacement + text[end:]
    return "body", html_material(edition.body).replace(start, end, finding.replacement)


@transaction.atomic
def set_aside(*, actor: Actor, item_id: int, finding_id: int, reason: str) -> None:
    """Leave it as it is, for a reason; a serious finding only by a second person (《保密法实施条例》§42)."""
    item, edition = in_hand(item_id)
    require(actor, Action.DISMISS_FINDING, subject_of(item, edition))
    finding = _finding(edition, finding_id)
    action = Action.OVERRIDE_FINDING if finding.serious else Action.DISMISS_FINDING
    require(actor, action, subject_of(item, edition))
    reasons = refusals_to_set_aside(
        finding.severity,
        actor_id=actor.user_id,
        author_id=edition.author_id,
        reason=reason,
        may_be_set_aside=finding.review_rule is None or finding.review_rule.may_be_set_aside,
    )
    if reasons:
        raise Refused(reasons)
    records.settle(finding, actor=actor, state=_STATE.SET_ASIDE, reason=reason)
    _audit(actor, item, "finding-override" if finding.serious else "finding-dismiss", finding)


def _finding(edition: Edition, finding_id: int) -> RecordedFinding:
    finding = RecordedFinding.objects.filter(pk=finding_id, edition_id=edition.pk).first()
    if finding is None:
        raise NotVisible
    if not finding.is_open:
        raise Refused([Reason("settled", f"该问题{finding.get_state_display()}，无需再处理。")])
    return finding


def _audit(actor: Actor, item: Item, action: str, finding: RecordedFinding) -> None:
    told = {"rule": finding.rule, "part": finding.part_label, "message": finding.message}
    audit(actor, item, action, {**told, "justification": finding.reason})
