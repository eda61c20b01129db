"""The steps an item can take next: which there are, what each needs, and why one cannot be taken now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from gongkai.disclosure import actions, gate, three_syncs
from gongkai.disclosure.models import Edition, Item
from gongkai.disclosure.steps import acting_for, chain_of, subject_of, waiting_step
from gongkai.disclosure.three_syncs import Tied
from gongkai.rules.access import Action, Actor, can
from gongkai.rules.publication import TRANSITIONS, Event, PublicationFacts, State, refusals
from gongkai.rules.reasons import Reason
from gongkai.rules.review_chain import review_steps
from gongkai.rules.three_syncs import Resting
from gongkai.web.office import item_forms as forms
from gongkai.web.office.sign_form import ReturnForm, SignForm
from gongkai.web.shared.forms import Form


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of step: its address word, wording, rule, form and action."""

    slug: str
    action: Action
    event: Event | None
    """The transition it is; None for steps that move nothing (correct, discard)."""
    label: str
    article: str
    done: str
    """What is said afterwards."""
    form: type[Form]
    run: Callable[..., Any]
    """Keyword-only action of the register; gets the form's values."""
    given_by_form: frozenset[str] = frozenset()
    """Codes of reasons that filling in the form removes."""
    warning: bool = False


def _of(
    event: Event, slug: str, done: str, form: type[Form], run: Callable[..., Any], *given: str, warning: bool = False
) -> Step:
    row = TRANSITIONS[event]
    return Step(slug, Action(event.value), event, row.label, row.article, done, form, run, frozenset(given), warning)


STEPS: tuple[Step, ...] = (
    _of(Event.SUBMIT, "submit", "已提交审核。", forms.PlainStepForm, actions.submit),
    _of(Event.APPROVE, "approve", "审核已通过，转入下一环节。", forms.ApproveForm, actions.approve, "secrecy_review"),
    _of(Event.SIGN, "sign", "已签发。", SignForm, actions.sign, "three_syncs"),
    _of(Event.PUBLISH, "publish", "已发布。", forms.PlainStepForm, actions.publish),
    _of(Event.SEND_BACK, "send-back", "已退回起草人修改。", forms.SendBackForm, actions.send_back, "send_back_remark", warning=True),
    _of(Event.RETURN_TO_DRAFT, "return", "已撤回签发，转为草稿。", ReturnForm, actions.return_to_draft, warning=True),
    Step("correct", Action.CORRECT, None, "更正", "国办发〔2017〕47号", "已建立更正版本，公众仍看到原版本，直到新版本发布。",
         forms.CorrectForm, actions.correct),
    _of(Event.WITHDRAW, "withdraw", "已撤回，原网址将说明撤回原因。", forms.WithdrawForm, actions.withdraw, "withdrawal_reason", warning=True),
    Step("discard", Action.DELETE_DRAFT, None, "放弃草稿", "", "草稿已放弃。", forms.PlainStepForm, actions.discard, warning=True),
)  # fmt: skip
"""In the order of the work."""

BY_SLUG = {step.slug: step for step in STEPS}


@dataclass(frozen=True, slots=True)
class Offer:
    """A step offered on an item's page: with its form, or with the reasons why it cannot be taken."""

    step: Step
    form: Form
    reasons: tuple[Reason, ...]
    label: str
    """The verb on the button; of a review step its own."""
    article: str
    note: str = ""
    """What is looked at in this very step."""
    interpretations: tuple[Tied, ...] | None = None
    """Of a signature that is asked about them: the interpretations of the document; None: it is not asked."""
    left: tuple[Resting, ...] = ()
    """Of a signature taken back: the documents left without an interpretation."""

    @property
    def possible(self) -> bool:
        """Whether the button is shown."""
        return not self.reasons


def offers(actor: Actor, item: Item, posted: tuple[str, Form] | None = None) -> list[Offer]:
    """The steps that belong to the item's state, each with what stands in its way for this actor.

    `posted` is a step's slug and its form as it came back with errors, shown again in place of an empty one.
    """
    found = []
    known: dict[int, PublicationFacts] = {}
    for step in STEPS:
        edition = _edition_for(step, item)
        if edition is None:
            continue
        if edition.pk not in known:
            known[edition.pk] = actions.publication_facts(actor, item, edition)
        form = posted[1] if posted and posted[0] == step.slug else form_for(step, item, edition)
        reasons = tuple(_reasons(actor, step, item, edition, known[edition.pk]))
        found.append(_offer(step, form, reasons, edition))
    return sorted(found, key=lambda offer: (offer.step.warning, not offer.possible))


def form_for(step: Step, item: Item, edition: Edition, data: Any = None) -> Form:
    """The form of a step for this edition: only the first review asks for the secrecy review, part by part, and only the signature of a
    normative document that becomes public for the first time, and of its only interpretation taking it back, for the interpretation."""
    form = step.form(data, auto_id=f"id_{step.slug}_%s")
    if step.event is Event.APPROVE:
        if review_steps()[waiting_step(edition)].records_secrecy:
            parts = gate.content_of(item, edition).parts
            form.fields["cleared"].choices = [(part, label) for part, label, _ in parts]  # type: ignore[attr-defined]
        else:
            del form.fields["cleared"], form.fields["secrecy_basis"]
    if isinstance(form, SignForm):
        asked = three_syncs.asked(item, edition)
        tied = three_syncs.tied(item) if asked else []
        form.ask(asked, tied, bool(three_syncs.waiting(item, tied)))
        form.initial["interpretation_note"] = edition.interpretation_note
    if isinstance(form, ReturnForm):
        form.ask(three_syncs.resting(item))
    return form


def _offer(step: Step, form: Form, reasons: tuple[Reason, ...], edition: Edition) -> Offer:
    if isinstance(form, SignForm) and form.asked:
        note = "规范性文件首次发布，应当与解读同步组织、同步审签、同步部署（国办发〔2017〕47号）。"
        return Offer(step, form, reasons, step.label, step.article, note, form.tied)
    if isinstance(form, ReturnForm):
        return Offer(step, form, reasons, step.label, step.article, left=form.left)
    if step.event is not Event.APPROVE:
        return Offer(step, form, reasons, step.label, step.article)
    here = review_steps()[waiting_step(edition)]
    gates = "、".join(chain_of(edition).gates_of(here.code))
    note = f"{here.note}通过即表示已把好{gates}" + (f"，并完成{here.proof}。" if here.proof else "。")
    return Offer(step, form, reasons, f"{here.label}通过", here.article, note)


def _edition_for(step: Step, item: Item) -> Edition | None:
    """The edition the step concerns, or None when it does not belong to the item's state."""
    if step.slug == "discard":
        return item.working if item.working and item.working.state == State.DRAFT else None
    if step.slug in ("correct", "withdraw"):
        public = item.current if item.current and item.current.state == State.PUBLISHED else None
        return None if step.slug == "correct" and item.working else public
    edition = item.working
    return edition if edition and step.event and State(edition.state) in TRANSITIONS[step.event].sources else None


def _reasons(actor: Actor, step: Step, item: Item, edition: Edition, facts: PublicationFacts) -> list[Reason]:
    reasons = list(can(actor, step.action, subject_of(item, edition)).reasons)
    if step.event is not None:
        for_whom = acting_for(actor, item, edition, step.action)
        facts = replace(facts, acting_for=frozenset(principal.user_id for principal in for_whom))
        reasons += [reason for reason in refusals(step.event, facts) if reason.code not in step.given_by_form]
    return reasons
