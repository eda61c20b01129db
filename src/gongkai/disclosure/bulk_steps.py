"""One step for many items: handed in, published, withdrawn or put under other rows, each by its own action, refused each for its own
reasons. What is refused stops none of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gongkai.disclosure import actions, selectors
from gongkai.disclosure.models import Edition, Item
from gongkai.disclosure.tagging import NOTHING_SUGGESTED, suggestions
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.publication import TRANSITIONS, Event, State, refusals
from gongkai.rules.reasons import Reason, Refused
from gongkai.workflow.engine import NotVisible

MOST = 100
"""Items in one go: more than a page of the list."""


class BulkStep(StrEnum):
    """What can be done to many items at once."""

    SUBMIT = "submit"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    RECLASSIFY = "reclassify"
    TAG = "tag"

    @property
    def label(self) -> str:
        """The verb on the button."""
        return {"submit": "提交审核", "publish": "发布", "withdraw": "撤回", "reclassify": "调整目录事项",
                "tag": "按建议确认标签"}[self.value]  # fmt: skip


@dataclass(frozen=True, slots=True)
class BulkLine:
    """One item and what became of it, or would."""

    item_id: int
    title: str
    index_number: str
    state: str
    reasons: tuple[Reason, ...] = ()
    note: str = ""
    """What the step would do to this one, when it is not the same for all."""

    @property
    def done(self) -> bool:
        """Whether the step was (or can be) taken."""
        return not self.reasons


_EVENTS = {BulkStep.SUBMIT: Event.SUBMIT, BulkStep.PUBLISH: Event.PUBLISH, BulkStep.WITHDRAW: Event.WITHDRAW}
_ACTIONS = {
    BulkStep.SUBMIT: Action.SUBMIT,
    BulkStep.PUBLISH: Action.PUBLISH,
    BulkStep.WITHDRAW: Action.WITHDRAW,
    BulkStep.RECLASSIFY: Action.RELATE,
    BulkStep.TAG: Action.RELATE,
}
_GIVEN_BY_FORM = frozenset({"withdrawal_reason"})


def chosen_items(actor: Actor, ids: Iterable[int]) -> list[Item]:
    """The items by their ids, in the order given, each once. Raises `NotVisible` when one is foreign or not there, `Refused` when there
    are none or too many."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        raise Refused([Reason("none_chosen", "请先勾选要办理的信息。")])
    if len(wanted) > MOST:
        raise Refused([Reason("too_many", f"一次最多办理 {MOST} 条信息，请分批办理。")])
    found = selectors.visible_to(actor).select_related("organisation", "current", "working").in_bulk(wanted)
    if len(found) != len(wanted):
        raise NotVisible
    return [found[pk] for pk in wanted]


def foresee(actor: Actor, step: BulkStep, items: Sequence[Item]) -> list[BulkLine]:
    """What stands in the way of the step for each item, before anything is done; what a form still asks for is no hindrance."""
    lines = []
    for item in items:
        edition = _edition(step, item)
        subject = Subject(
            item.organisation_id, State(edition.state) if edition else None, edition.author_id if edition else None
        )
        reasons = list(can(actor, _ACTIONS[step], subject).reasons)
        if step in _EVENTS:
            event = _EVENTS[step]
            if edition is None or State(edition.state) not in TRANSITIONS[event].sources:
                reasons.append(Reason("state", f"当前状态为“{State(item.state).label}”，不能{step.label}。"))
            else:
                facts = actions.publication_facts(actor, item, edition)
                reasons += [one for one in refusals(event, facts) if one.code not in _GIVEN_BY_FORM]
        note = ""
        if step is BulkStep.TAG and edition is not None:
            found = suggestions(edition, item.kind)
            note = "；".join(
                f"{one.label}（{'、'.join(dict.fromkeys(p.words for p in one.phrases))}）" for one in found
            )
            reasons += [] if found else [NOTHING_SUGGESTED]
        lines.append(_line(item, reasons, note))
    return lines


def take(
    actor: Actor,
    step: BulkStep,
    items: Sequence[Item],
    *,
    reason: str = "",
    note: str = "",
    row_ids: Sequence[int] = (),
) -> list[BulkLine]:
    """Take the step for each item, each in a transaction of its own; returns one line for each, with the reasons where it was refused."""
    arguments: Mapping[BulkStep, tuple[Callable[..., Any], dict[str, Any]]] = {
        BulkStep.SUBMIT: (actions.submit, {}),
        BulkStep.PUBLISH: (actions.publish, {}),
        BulkStep.WITHDRAW: (actions.withdraw, {"reason": reason, "note": note}),
        BulkStep.RECLASSIFY: (actions.reclassify, {"row_ids": row_ids}),
        BulkStep.TAG: (actions.confirm_suggested, {}),
    }
    action, more = arguments[step]
    lines = []
    for item in items:
        try:
            action(actor=actor, item_id=item.pk, **more)
            lines.append(_line(item, ()))
        except Refused as refusal:
            lines.append(_line(item, refusal.reasons))
        except NotVisible:
            lines.append(_line(item, [Reason("gone", "该信息已被删除。")]))
    return lines


def _edition(step: BulkStep, item: Item) -> Edition | None:
    if step is BulkStep.WITHDRAW:
        return item.current
    return item.working or (item.current if step in (BulkStep.RECLASSIFY, BulkStep.TAG) else None)


def _line(item: Item, reasons: Iterable[Reason], note: str = "") -> BulkLine:
    shown = item.working or item.current
    title = shown.title if shown and shown.title else "（未填写标题）"
    return BulkLine(item.pk, title, item.index_number, item.state, tuple(reasons), note)
