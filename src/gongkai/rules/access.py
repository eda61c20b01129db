"""Access: who may do what to which object, as one plain table.

:func:`can` answers for one object with reasons; :func:`visible_organisations` is its counterpart for a list. 《条例》§4
(工作机构), §17 (审查机制), §46–47 (主管部门的监督). Publication states and guards are in
:mod:`gongkai.rules.publication`; here only the role and the body count, and that content is edited as a draft.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gongkai.rules.reasons import Reason
from gongkai.rules.states import State


class Role(StrEnum):
    """Roles a person holds in a body."""

    CLERK = "clerk"
    REVIEWER = "reviewer"
    LEGALITY_REVIEWER = "legality_reviewer"
    SIGNER = "signer"
    HEAD = "head"
    DISTRICT_OFFICE = "district_office"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return _ROLE_LABELS[self]


_ROLE_LABELS = {
    Role.CLERK: "信息员",
    Role.REVIEWER: "审核",
    Role.LEGALITY_REVIEWER: "合法性审核",
    Role.SIGNER: "签发",
    Role.HEAD: "单位负责人",
    Role.DISTRICT_OFFICE: "区公开办",
    Role.ADMINISTRATOR: "系统管理",
}


class Action(StrEnum):
    """What a person may ask to do in the back office."""

    VIEW = "view"
    CREATE = "create"
    EDIT = "edit"
    DELETE_DRAFT = "delete_draft"
    ATTACH = "attach"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    RECORD_SECRECY_REVIEW = "record_secrecy_review"
    SIGN = "sign"
    RETURN_TO_DRAFT = "return_to_draft"
    PUBLISH = "publish"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    RELATE = "relate"
    PREPARE_CARD = "prepare_card"
    PUBLISH_CARD = "publish_card"
    IMPORT = "import"
    EXPORT = "export"
    MANAGE_CATALOGUE = "manage_catalogue"
    EDIT_ORGANISATION = "edit_organisation"
    MANAGE_ORGANISATION = "manage_organisation"
    MANAGE_MEMBERS = "manage_members"
    VIEW_AUDIT = "view_audit"
    REINDEX = "reindex"
    VIEW_SEARCH_REPORT = "view_search_report"
    TREAT_SEARCH = "treat_search"
    MANAGE_POPULAR_SEARCHES = "manage_popular_searches"
    MANAGE_POPULARITY = "manage_popularity"
    MANAGE_DICTIONARY = "manage_dictionary"
    MANAGE_CALENDAR = "manage_calendar"
    DISMISS_FINDING = "dismiss_finding"
    OVERRIDE_FINDING = "override_finding"
    REMARK = "remark"
    ANSWER_REMARK = "answer_remark"
    MANAGE_REVIEW_CHAIN = "manage_review_chain"
    DELEGATE = "delegate"
    MANAGE_REQUEST_SETTINGS = "manage_request_settings"
    SUPERVISE_REQUESTS = "supervise_requests"
    VIEW_SUBSCRIPTIONS = "view_subscriptions"

    @property
    def label(self) -> str:
        """The Chinese verb for messages and buttons."""
        return _ACTION_LABELS[self]


_ACTION_LABELS = {
    Action.VIEW: "查看",
    Action.CREATE: "新建",
    Action.EDIT: "编辑",
    Action.DELETE_DRAFT: "删除草稿",
    Action.ATTACH: "上传附件",
    Action.SUBMIT: "提交审核",
    Action.SEND_BACK: "退回",
    Action.APPROVE: "审核通过",
    Action.RECORD_SECRECY_REVIEW: "登记保密审查",
    Action.SIGN: "签发",
    Action.RETURN_TO_DRAFT: "撤回签发",
    Action.PUBLISH: "发布",
    Action.CORRECT: "更正",
    Action.WITHDRAW: "撤回",
    Action.RELATE: "建立关联",
    Action.PREPARE_CARD: "填写政策卡片",
    Action.PUBLISH_CARD: "发布政策卡片",
    Action.IMPORT: "批量导入",
    Action.EXPORT: "导出",
    Action.MANAGE_CATALOGUE: "管理公开目录",
    Action.EDIT_ORGANISATION: "维护机构信息",
    Action.MANAGE_ORGANISATION: "管理机构",
    Action.MANAGE_MEMBERS: "管理人员",
    Action.VIEW_AUDIT: "查看操作日志",
    Action.REINDEX: "重建索引",
    Action.VIEW_SEARCH_REPORT: "查看检索情况",
    Action.TREAT_SEARCH: "登记检索处理情况",
    Action.MANAGE_POPULAR_SEARCHES: "管理热门搜索",
    Action.MANAGE_POPULARITY: "管理热度榜",
    Action.MANAGE_DICTIONARY: "维护检索词典",
    Action.MANAGE_CALENDAR: "维护工作日历",
    Action.DISMISS_FINDING: "处理检查提醒",
    Action.OVERRIDE_FINDING: "放行检查发现的严重问题",
    Action.REMARK: "提出修改意见",
    Action.ANSWER_REMARK: "答复修改意见",
    Action.MANAGE_REVIEW_CHAIN: "设置审核流程",
    Action.DELEGATE: "委托他人代理",
    Action.MANAGE_REQUEST_SETTINGS: "维护依申请公开办理设置",
    Action.SUPERVISE_REQUESTS: "查看依申请公开监督情况",
    Action.VIEW_SUBSCRIPTIONS: "查看订阅情况",
}

_C, _R, _L, _S, _H, _D, _A = Role
OWN_BODY: Mapping[Action, frozenset[Role]] = {
    Action.VIEW: frozenset({_C, _R, _L, _S, _H, _D, _A}),
    Action.CREATE: frozenset({_C, _R, _S, _H}),
    Action.EDIT: frozenset({_C, _R, _S, _H}),
    Action.DELETE_DRAFT: frozenset({_C, _R, _H}),
    Action.ATTACH: frozenset({_C, _R, _S, _H}),
    Action.SUBMIT: frozenset({_C, _R, _S, _H}),
    Action.SEND_BACK: frozenset({_R, _L, _S, _H, _D}),
    Action.APPROVE: frozenset({_R, _L, _H}),
    Action.RECORD_SECRECY_REVIEW: frozenset({_R, _S, _H}),
    Action.SIGN: frozenset({_S, _H}),
    Action.RETURN_TO_DRAFT: frozenset({_C, _R, _S, _H}),
    Action.PUBLISH: frozenset({_C, _R, _S, _H}),
    Action.CORRECT: frozenset({_C, _R, _S, _H}),
    Action.WITHDRAW: frozenset({_R, _S, _H, _D}),
    Action.RELATE: frozenset({_C, _R, _S, _H}),
    Action.PREPARE_CARD: frozenset({_C, _R, _S, _H}),
    Action.PUBLISH_CARD: frozenset({_R, _S, _H}),
    Action.IMPORT: frozenset({_C, _R, _H}),
    Action.EXPORT: frozenset({_C, _R, _L, _S, _H, _D, _A}),
    Action.MANAGE_CATALOGUE: frozenset({_D}),
    Action.EDIT_ORGANISATION: frozenset({_C, _R, _H, _A}),
    Action.MANAGE_ORGANISATION: frozenset({_A}),
    Action.MANAGE_MEMBERS: frozenset({_A}),
    Action.VIEW_AUDIT: frozenset({_H, _D, _A}),
    Action.REINDEX: frozenset({_A}),
    Action.VIEW_SEARCH_REPORT: frozenset({_D, _A}),
    Action.TREAT_SEARCH: frozenset({_D, _A}),
    Action.MANAGE_POPULAR_SEARCHES: frozenset({_D, _A}),
    Action.MANAGE_POPULARITY: frozenset({_D}),
    Action.MANAGE_DICTIONARY: frozenset({_D, _A}),
    Action.MANAGE_CALENDAR: frozenset({_D, _A}),
    Action.DISMISS_FINDING: frozenset({_C, _R, _S, _H}),
    Action.OVERRIDE_FINDING: frozenset({_R, _S, _H}),
    Action.REMARK: frozenset({_R, _L, _S, _H, _D}),
    Action.ANSWER_REMARK: frozenset({_C, _R, _S, _H}),
    Action.MANAGE_REVIEW_CHAIN: frozenset({_D, _A}),
    Action.DELEGATE: frozenset({_R, _L, _S, _H}),
    Action.MANAGE_REQUEST_SETTINGS: frozenset({_S, _H, _D}),
    Action.SUPERVISE_REQUESTS: frozenset({_H, _D}),
    Action.VIEW_SUBSCRIPTIONS: frozenset({_D, _A}),
}
"""Roles that allow each action on an object of the body in which the role is held."""

ANY_BODY: Mapping[Action, frozenset[Role]] = {
    Action.VIEW: frozenset({_D, _A}),
    Action.SEND_BACK: frozenset({_D}),
    Action.WITHDRAW: frozenset({_D}),
    Action.EXPORT: frozenset({_D, _A}),
    Action.MANAGE_CATALOGUE: frozenset({_D}),
    Action.VIEW_AUDIT: frozenset({_D, _A}),
    Action.REINDEX: frozenset({_A}),
    Action.VIEW_SEARCH_REPORT: frozenset({_D, _A}),
    Action.TREAT_SEARCH: frozenset({_D, _A}),
    Action.MANAGE_POPULAR_SEARCHES: frozenset({_D, _A}),
    Action.MANAGE_POPULARITY: frozenset({_D}),
    Action.MANAGE_DICTIONARY: frozenset({_D, _A}),
    Action.MANAGE_CALENDAR: frozenset({_D, _A}),
    Action.REMARK: frozenset({_D}),
    Action.MANAGE_REVIEW_CHAIN: frozenset({_D, _A}),
    Action.SUPERVISE_REQUESTS: frozenset({_D}),
    Action.VIEW_SUBSCRIPTIONS: frozenset({_D, _A}),
}
"""Roles that allow the action on every body's objects, wherever the role is held."""

BELOW: Mapping[Action, frozenset[Role]] = {
    Action.EDIT_ORGANISATION: frozenset({_A}),
    Action.MANAGE_ORGANISATION: frozenset({_A}),
    Action.MANAGE_MEMBERS: frozenset({_A}),
}
"""Roles that allow the action on the bodies below the one in which the role is held as well (`Actor.administers`)."""

DRAFT_ONLY = frozenset({Action.EDIT, Action.ATTACH, Action.DELETE_DRAFT})
"""Actions that change content: only a draft may be changed; what is published is corrected by a new edition."""

_ARTICLES = {
    Action.APPROVE: "《条例》§17",
    Action.RECORD_SECRECY_REVIEW: "《保密法实施条例》§42",
    Action.SIGN: "国办发〔2018〕123号",
    Action.OVERRIDE_FINDING: "《保密法实施条例》§42",
    Action.PUBLISH: "国办发〔2018〕123号",
    Action.SEND_BACK: "《条例》§17",
    Action.WITHDRAW: "《条例》§47",
    Action.SUPERVISE_REQUESTS: "《条例》§46",
}


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody for whom another acts for a while (代理)."""

    user_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Actor:
    """A person and the roles held, by organisation id."""

    user_id: int
    name: str
    roles: Mapping[int, frozenset[Role]] = field(default_factory=dict)
    """All roles, those held for somebody else included."""
    delegated: Mapping[int, Mapping[Role, Principal]] = field(default_factory=dict)
    """The roles that are held only for somebody else, by organisation id."""
    administers: frozenset[int] | None = frozenset()
    """Bodies at and below those in which the person is 系统管理; ``None``: of the district government itself, so every body."""

    def roles_in(self, organisation_id: int) -> frozenset[Role]:
        """Roles held in that very body."""
        return self.roles.get(organisation_id, frozenset())

    def acting_for(self, organisation_id: int | None, roles: frozenset[Role]) -> tuple[Principal, ...]:
        """For whom the actor does what any of `roles` may do in that body; empty when a role of the actor's own allows it."""
        if organisation_id is None:
            return ()
        held = self.roles_in(organisation_id) & roles
        for_others = self.delegated.get(organisation_id, {})
        if any(role not in for_others for role in held):
            return ()
        return tuple(dict.fromkeys(for_others[role] for role in Role if role in held))

    @property
    def all_roles(self) -> frozenset[Role]:
        """Every role held anywhere."""
        return frozenset(role for roles in self.roles.values() for role in roles)


@dataclass(frozen=True, slots=True)
class Subject:
    """What an action is done to: an item or edition, or a body itself (then without state and author)."""

    organisation_id: int | None
    """Owning body; ``None`` for things of the whole installation (index, catalogue, a new body)."""
    state: State | None = None
    """State of the edition, when the object has one."""
    author_id: int | None = None
    step_roles: frozenset[Role] = frozenset()
    """Roles of the review step it waits for (`rules.review_chain`): they alone may pass it. Empty: it waits for none."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer: allowed, or refused with reasons. Truthy when allowed."""

    allowed: bool
    reasons: tuple[Reason, ...] = ()

    def __bool__(self) -> bool:
        """Whether the action is allowed."""
        return self.allowed

    @property
    def foreign(self) -> bool:
        """Whether the object belongs to a body the actor may not even see: pages answer 404."""
        return any(reason.code == "foreign" for reason in self.reasons)


def can(actor: Actor, action: Action | str, subject: Subject) -> Decision:
    """Decide whether ``actor`` may do ``action`` to ``subject``.

    An object of a body the actor cannot see is refused with the single code ``foreign``, whatever the action, so that
    nothing about it leaks. Raises ``ValueError`` for an unknown action name.
    """
    action = Action(action)
    if not _sees(actor, subject):
        return Decision(False, (Reason("foreign", "没有找到该信息，或者该信息不属于您所在的单位。"),))
    reasons: list[Reason] = []
    if not _holds(actor, action, subject):
        who = "、".join(role.label for role in Role if role in _roles_for(action, subject))
        reasons.append(Reason("role", f"您的角色不能{action.label}，请联系{who}办理。", _ARTICLES.get(action, "")))
    if action in DRAFT_ONLY and subject.state not in (None, State.DRAFT):
        reasons.append(Reason("not_draft", f"只有草稿可以{action.label}；已提交的请先退回，已发布的请使用“更正”。"))
    return Decision(not reasons, tuple(reasons))


def visible_organisations(actor: Actor) -> frozenset[int] | None:
    """Return the ids of the bodies whose objects ``actor`` may see; ``None`` means all of them."""
    if actor.all_roles & ANY_BODY[Action.VIEW]:
        return None
    return frozenset(body for body, roles in actor.roles.items() if roles & OWN_BODY[Action.VIEW])


def _sees(actor: Actor, subject: Subject) -> bool:
    visible = visible_organisations(actor)
    return visible is None or subject.organisation_id is None or subject.organisation_id in visible


def _holds(actor: Actor, action: Action, subject: Subject) -> bool:
    if actor.all_roles & ANY_BODY.get(action, frozenset()):
        return True
    if below := BELOW.get(action):
        if actor.administers is None or (subject.organisation_id is None and actor.all_roles & below):
            return True
        if subject.organisation_id in actor.administers:
            return True
    return subject.organisation_id is not None and bool(
        actor.roles_in(subject.organisation_id) & own_roles(action, subject)
    )


def grant_reasons(actor: Actor, user_id: int, role: Role) -> list[Reason]:
    """Why ``actor``, who manages the members of the body, must not give this person this role there; empty when he may.

    Nobody raises himself, and a role that reaches every body is given by an administrator of every body only: otherwise the
    administrator of one body could make anybody, by way of it, the overseer of all.
    """
    reasons = []
    if user_id == actor.user_id:
        reasons.append(Reason("self_grant", "不能给自己增加角色，请由其他系统管理员办理。", field="role"))
    if role is Role.DISTRICT_OFFICE and actor.administers is not None:
        reasons.append(
            Reason("reaches_all", "“区公开办”角色及于全部机构，只能由区（县）人民政府的系统管理员设置。", field="role")
        )
    return reasons


def own_roles(action: Action, subject: Subject) -> frozenset[Role]:
    """Roles that allow ``action`` on ``subject`` when held in its body: those of the table, or of the review step it waits for."""
    return subject.step_roles if action is Action.APPROVE and subject.step_roles else OWN_BODY[action]


def _roles_for(action: Action, subject: Subject) -> frozenset[Role]:
    """The roles that could do it, for the remedy in the message."""
    return own_roles(action, subject) | ANY_BODY.get(action, frozenset())
