"""Publication: the states of an edition, the events between them, and why an event may be refused.

《条例》§17 (公开审查机制), 《保密法实施条例》§42 (先审查、后公开), 国办发〔2018〕123号 (分级分类审核、先审后发). Every
transition carries its article and the roles that may cause it; :func:`refusals` returns all reasons at once. Nothing
here reads a clock: the moment is a fact among the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from gongkai.rules.access import OWN_BODY, Action, Role
from gongkai.rules.completeness import Completeness, completeness
from gongkai.rules.reasons import Reason
from gongkai.rules.states import State
from gongkai.rules.three_syncs import ThreeSyncs, three_syncs
from gongkai.rules.vocabulary import vocabulary

__all__ = [
    "TRANSITIONS",
    "Completeness",
    "DisclosureAttribute",
    "Event",
    "PublicationFacts",
    "State",
    "Transition",
    "allowed",
    "completeness",
    "refusals",
    "transition_table_markdown",
]


class Event(StrEnum):
    """What can happen to an edition."""

    SUBMIT = "submit"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    SIGN = "sign"
    RETURN_TO_DRAFT = "return_to_draft"
    PUBLISH = "publish"
    SUPERSEDE = "supersede"
    WITHDRAW = "withdraw"

    @property
    def label(self) -> str:
        """The Chinese verb on the button."""
        return TRANSITIONS[self].label


class DisclosureAttribute(StrEnum):
    """公开属性, fixed at source (《条例》§13)."""

    PROACTIVE = "proactive"
    ON_REQUEST = "on_request"
    WITHHELD = "withheld"

    @property
    def label(self) -> str:
        """The Chinese term."""
        return {"proactive": "主动公开", "on_request": "依申请公开", "withheld": "不予公开"}[self.value]


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the transition table."""

    event: Event
    sources: tuple[State, ...]
    target: State
    label: str
    article: str
    roles: frozenset[Role]
    """Roles whose holders may cause it; empty: the system itself does."""


def _row(event: Event, sources: tuple[State, ...], target: State, label: str, article: str) -> Transition:
    roles = OWN_BODY[Action(event.value)] if event is not Event.SUPERSEDE else frozenset()
    return Transition(event, sources, target, label, article, roles)


_ROWS = (
    _row(Event.SUBMIT, (State.DRAFT,), State.REVIEW, "提交审核", "《条例》§17 公开审查机制"),
    _row(Event.SEND_BACK, (State.REVIEW, State.SIGN_OFF), State.DRAFT, "退回修改", "《条例》§17 公开审查机制"),
    _row(Event.APPROVE, (State.REVIEW,), State.SIGN_OFF, "审核通过", "《保密法实施条例》§42 先审查、后公开"),
    _row(Event.SIGN, (State.SIGN_OFF,), State.SCHEDULED, "签发", "国办发〔2018〕123号 先审后发"),
    _row(Event.RETURN_TO_DRAFT, (State.SCHEDULED,), State.DRAFT, "撤回签发", "《条例》§6 及时、准确公开"),
    _row(Event.PUBLISH, (State.SCHEDULED,), State.PUBLISHED, "发布", "《条例》§26 主动公开时限"),
    _row(Event.SUPERSEDE, (State.PUBLISHED,), State.SUPERSEDED, "被新版本替代", "国办发〔2017〕47号 更新与标注"),
    _row(Event.WITHDRAW, (State.PUBLISHED,), State.WITHDRAWN, "撤回", "《条例》§14—§16、§18 动态调整"),
)

TRANSITIONS: dict[Event, Transition] = {row.event: row for row in _ROWS}
"""The whole table, one row an event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationFacts:
    """Everything the guards look at, for one edition at one moment."""

    state: State
    kind: str
    """Code of the vocabulary ``item_kinds``."""
    normative: bool = False
    """Whether it is a 规范性文件, which must have a number."""
    present_fields: frozenset[str]
    """Names of the fields that are filled in (see ``required_fields.toml``), title, body and attachments included."""
    actor_id: int | None
    """Who asks; ``None`` when the system does (the publishing sweep)."""
    author_id: int | None
    now: datetime
    """The moment, in the local time of the government: “today” is its date."""
    submitted_by: int | None = None
    approved_by: int | None = None
    reviewers: frozenset[int] = frozenset()
    """Who has passed a review step of this submission."""
    distinct_reviewers: bool = False
    """Whether nobody may do two steps of the chain, the sign-off included (`rules.review_chain`)."""
    secrecy_step: bool = True
    """Whether the review step it waits for is the one that records the secrecy review."""
    acting_for: frozenset[int] = frozenset()
    """Those for whom the actor does this, holding no role for it himself (代理)."""
    open_remarks: int = 0
    """Remarks at places of the text that the writer has neither mended nor answered."""
    secrecy_reviewed: bool = False
    """A 保密审查 record with result “可以公开” exists for this very content, attachments included."""
    has_blocking_findings: bool = False
    """The pre-publication checks found something that must be mended or dismissed with a reason first."""
    disclosure_attribute: DisclosureAttribute = DisclosureAttribute.PROACTIVE
    non_disclosure_reason: str = ""
    scheduled_for: datetime | None = None
    """Not to be published before this moment; ``None``: at once after signing."""
    document_date: date | None = None
    effective_from: date | None = None
    expires_on: date | None = None
    published_on: date | None = None
    """Date of publication on the web, for items brought in from elsewhere; a new item has none before publication."""
    public_until: date | None = None
    """Last day on which it is to be public; it is withdrawn on the next."""
    withdrawal_reason: str = ""
    """Code of the vocabulary ``withdrawal_reasons``."""
    send_back_remark: str = ""
    first_publication: bool = False
    """Whether the item has never been public."""
    interpretations: int = 0
    """Tied interpretations that are public, signed, or signed by this very signature."""
    interpretation_note: str = ""
    """Why a normative document goes out without an interpretation."""


def allowed(state: State) -> tuple[Event, ...]:
    """Return the events that may happen in ``state``, in the order of the work."""
    return tuple(row.event for row in _ROWS if state in row.sources)


def refusals(event: Event, facts: PublicationFacts) -> list[Reason]:
    """Return every reason why ``event`` must not happen now; an empty list means it may.

    Whether the actor's *role* allows it is asked of :func:`gongkai.rules.access.can`.
    """
    return _wrong_state(event, facts) + [reason for guard in _GUARDS[event] for reason in guard(facts)]


def _wrong_state(event: Event, facts: PublicationFacts) -> list[Reason]:
    row = TRANSITIONS[event]
    if facts.state in row.sources:
        return []
    sources = "、".join(f"“{state.label}”" for state in row.sources)
    message = f"当前状态为“{facts.state.label}”，不能{row.label}；只有{sources}的信息可以{row.label}。"
    return [Reason("state", message, row.article, "state")]


def _incomplete(facts: PublicationFacts) -> list[Reason]:
    return [
        Reason("missing_field", f"请填写{field.label}。", field.article, field.name)
        for field in completeness(facts.kind, facts.present_fields, normative=facts.normative).missing
        if field.required
    ]


def _attribute(facts: PublicationFacts) -> list[Reason]:
    reasons: list[Reason] = []
    attribute = facts.disclosure_attribute
    if attribute is not DisclosureAttribute.PROACTIVE:
        message = f"公开属性为“{attribute.label}”的信息不能发布；经评估可以公开的，请先将公开属性调整为“主动公开”。"
        reasons.append(Reason("attribute", message, "《条例》§13、§14", "disclosure_attribute"))
        if not facts.non_disclosure_reason.strip():
            message = "请填写不主动公开的理由和依据。"
            reasons.append(Reason("non_disclosure_reason", message, "《条例》§13、§16", "non_disclosure_reason"))
    return reasons


def _dates(facts: PublicationFacts) -> list[Reason]:
    today = facts.now.date()
    written, effective, expires = facts.document_date, facts.effective_from, facts.expires_on
    published = facts.published_on
    checks = (
        (
            written is not None and written > today,
            Reason("document_date_future", "成文日期晚于今天，请核对。", "国办秘函〔2019〕19号", "document_date"),
        ),
        (
            effective is not None and expires is not None and expires < effective,
            Reason("expires_before_effective", "失效日期早于生效日期，请核对。", "国办发〔2018〕115号", "expires_on"),
        ),
        (
            written is not None and published is not None and published < written,
            Reason(
                "published_before_written", "发布日期早于成文日期，请核对。", "国办秘函〔2019〕19号", "published_on"
            ),
        ),
        (
            facts.public_until is not None and facts.public_until < today,
            Reason("public_until_past", "公开截止日期已过，发布后将立即撤回，请核对。", "《条例》§6", "public_until"),
        ),
        (
            published is not None and published > today,
            Reason("published_future", "发布日期晚于今天，请核对。", "国办秘函〔2019〕19号", "published_on"),
        ),
    )
    return [reason for broken, reason in checks if broken]


def _findings(facts: PublicationFacts) -> list[Reason]:
    if not facts.has_blocking_findings:
        return []
    message = "发布前检查发现必须处理的问题，请逐条修改，或者说明理由后予以忽略。"
    return [Reason("blocking_findings", message, "《保密法实施条例》§42、《个人信息保护法》§25")]


def _secrecy(facts: PublicationFacts) -> list[Reason]:
    if facts.secrecy_reviewed:
        return []
    message = "尚未登记保密审查结果，请先对正文和附件逐项进行保密审查。"
    return [Reason("secrecy_review", message, "《条例》§17、《保密法实施条例》§42", "secrecy_review")]


def _secrecy_at_its_step(facts: PublicationFacts) -> list[Reason]:
    return _secrecy(facts) if facts.secrecy_step else []


def _another_approves(facts: PublicationFacts) -> list[Reason]:
    if facts.actor_id is not None and facts.actor_id in (facts.author_id, facts.submitted_by):
        return [Reason("self_approval", "不能审核自己起草或者提交的信息，请由其他审核人员办理。", "《条例》§17")]
    return _not_for_the_writer(facts) + _not_twice(facts)


def _not_for_the_writer(facts: PublicationFacts) -> list[Reason]:
    """Who acts for the writer and has no role of his own would approve for the writer what the writer wrote."""
    if not facts.acting_for or not facts.acting_for <= {facts.author_id, facts.submitted_by}:
        return []
    message = "您代理的正是起草人，不能代起草人办理其本人起草的信息，请由其他人员办理。"
    return [Reason("approval_for_writer", message, "《条例》§17")]


def _not_twice(facts: PublicationFacts) -> list[Reason]:
    if not facts.distinct_reviewers or facts.actor_id is None or facts.actor_id not in facts.reviewers:
        return []
    message = "您已办理过本次的前一级审核，该流程各级须由不同人员办理。"
    return [Reason("same_reviewer", message, "国办发〔2018〕123号")]


def _remarks_answered(facts: PublicationFacts) -> list[Reason]:
    if not facts.open_remarks:
        return []
    message = f"还有 {facts.open_remarks} 条修改意见没有办理，请逐条修改或者说明情况。"
    return [Reason("open_remarks", message, "《条例》§17", "remarks")]


def _another_signs(facts: PublicationFacts) -> list[Reason]:
    reasons: list[Reason] = []
    if facts.actor_id is not None and facts.actor_id == facts.author_id:
        message = "不能签发自己起草的信息，请由其他签发人办理。"
        reasons.append(Reason("self_sign_off", message, "国办发〔2018〕123号"))
    reasons += _not_for_the_writer(facts) + _not_twice(facts)
    if facts.approved_by is None:
        reasons.append(Reason("not_approved", "没有审核通过的记录，请先送审核。", "国办发〔2018〕123号"))
    return reasons


def _with_interpretation(facts: PublicationFacts) -> list[Reason]:
    return three_syncs(
        ThreeSyncs(
            kind=facts.kind,
            normative=facts.normative,
            first_publication=facts.first_publication,
            interpretations=facts.interpretations,
            interpretation_note=facts.interpretation_note,
        )
    )


def _remark(facts: PublicationFacts) -> list[Reason]:
    if facts.send_back_remark.strip() or facts.open_remarks:
        return []
    return [
        Reason(
            "send_back_remark",
            "请写明退回的原因和修改意见，或者在正文中标注修改意见。",
            "《条例》§17",
            "send_back_remark",
        )
    ]


def _not_too_early(facts: PublicationFacts) -> list[Reason]:
    if facts.scheduled_for is None or facts.now >= facts.scheduled_for:
        return []
    message = f"定于{facts.scheduled_for:%Y-%m-%d %H:%M}发布，时间未到；需要提前发布的，请撤回签发后重新排定。"
    return [Reason("too_early", message, "国办发〔2018〕123号", "scheduled_for")]


def _withdrawal_reason(facts: PublicationFacts) -> list[Reason]:
    code = facts.withdrawal_reason.strip()
    if code and code in vocabulary("withdrawal_reasons"):
        return []
    message = "请选择撤回原因；撤回后原网址将公开说明该原因。"
    return [Reason("withdrawal_reason", message, "《条例》§18", "withdrawal_reason")]


_CONTENT = (_incomplete, _attribute, _dates)
_GUARDS = {
    Event.SUBMIT: (*_CONTENT, _remarks_answered),
    Event.SEND_BACK: (_remark,),
    Event.APPROVE: (*_CONTENT, _findings, _secrecy_at_its_step, _another_approves),
    Event.SIGN: (*_CONTENT, _findings, _secrecy, _another_signs, _with_interpretation),
    Event.RETURN_TO_DRAFT: (),
    Event.PUBLISH: (*_CONTENT, _findings, _secrecy, _not_too_early),
    Event.SUPERSEDE: (),
    Event.WITHDRAW: (_withdrawal_reason,),
}


def transition_table_markdown() -> str:
    """Return the table as Markdown for ``docs/domain/publication.md``; a test keeps the page and the table alike."""
    lines = ["| 事件 | 从 | 到 | 可办理的角色 | 依据 |", "|---|---|---|---|---|"]
    for row in _ROWS:
        sources = "、".join(state.label for state in row.sources)
        roles = "、".join(role.label for role in Role if role in row.roles) or "系统"
        lines.append(f"| {row.label} `{row.event}` | {sources} | {row.target.label} | {roles} | {row.article} |")
    return "\n".join(lines) + "\n"
