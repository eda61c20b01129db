"""代理授权: writes and reads of delegations. Who is away lets a colleague of the same body review and sign for a while.

《条例》§17 asks for a review by somebody else than the writer; so nobody may act for the writer on what the writer wrote
(`rules.publication`), and what was received cannot be passed on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from gongkai.audit.log import Entry, record
from gongkai.organisations.actors import NotVisible, held_by, in_effect
from gongkai.organisations.models import Delegation, User
from gongkai.organisations.selectors import bodies_where
from gongkai.rules.access import OWN_BODY, Action, Actor, Role
from gongkai.rules.reasons import Reason, Refused

LONGEST = timedelta(days=90)
"""A longer absence is a change of office: the roles are to be given anew."""
DELEGABLE = OWN_BODY[Action.DELEGATE]


@transaction.atomic
def delegate(
    *,
    actor: Actor,
    organisation_id: int,
    principal_id: int,
    delegate_id: int,
    roles: Iterable[Role],
    starts_on: date,
    ends_on: date,
    reason: str,
) -> Delegation:
    """Let `delegate_id` act for `principal_id`: the principal says so himself, or who manages the members of the body does for him.

    Raises `Refused` with every reason at once, `NotVisible` for a body or person that is not there for the actor.
    """
    wanted = frozenset(roles)
    manages = _manages(actor, organisation_id)
    if actor.user_id != principal_id and not manages:
        raise NotVisible
    held = held_by(principal_id, organisation_id)
    if not held:
        raise NotVisible
    reasons = [
        *_people_reasons(organisation_id, principal_id, delegate_id),
        *_role_reasons(held, wanted),
        *_time_reasons(starts_on, ends_on),
    ]
    if not reason.strip():
        reasons.append(Reason("reason", "请填写委托事由，如：出差、休假、外出学习。", field="reason"))
    if reasons:
        raise Refused(reasons)
    made = Delegation.objects.create(
        organisation_id=organisation_id,
        principal_id=principal_id,
        delegate_id=delegate_id,
        roles=[role.value for role in Role if role in wanted],
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason.strip()[:200],
        created_by_id=actor.user_id or None,
    )
    _audit(actor, "delegation.create", made)
    return made


@transaction.atomic
def end(*, actor: Actor, delegation_id: int) -> None:
    """End a delegation before its time; one that is over stays as it is."""
    found = visible_to(actor).select_for_update(of=("self",)).filter(pk=delegation_id).first()
    if found is None:
        raise NotVisible
    if actor.user_id not in (found.principal_id, found.delegate_id) and not _manages(actor, found.organisation_id):
        raise NotVisible
    if found.ended_at is not None or found.ends_on < timezone.localdate():
        raise Refused([Reason("ended", "该代理授权已经结束，无需再办理。")])
    found.ended_at = timezone.now()
    found.save(update_fields=["ended_at"])
    _audit(actor, "delegation.end", found)


def visible_to(actor: Actor) -> QuerySet[Delegation]:
    """Delegations the actor gave or received, and those of bodies whose members the actor manages."""
    mine = Q(principal_id=actor.user_id) | Q(delegate_id=actor.user_id)
    bodies = bodies_where(actor, Action.MANAGE_MEMBERS)
    found = Delegation.objects.select_related("organisation", "principal", "delegate")
    return found if bodies is None else found.filter(mine | Q(organisation_id__in=bodies))


def bodies_to_delegate_in(actor: Actor) -> dict[int, frozenset[Role]]:
    """The roles of the actor's own that may be passed on, by body."""
    found = {}
    for organisation_id, roles in actor.roles.items():
        own = (roles & DELEGABLE) - set(actor.delegated.get(organisation_id, {}))
        if own:
            found[organisation_id] = frozenset(own)
    return found


def colleagues(organisation_id: int, but: int) -> QuerySet[User]:
    """Active members of a body but one."""
    members = in_effect(organisation_id=organisation_id).values("user_id")
    return User.objects.filter(pk__in=members, is_active=True).exclude(pk=but).order_by("display_name", "id")


def _manages(actor: Actor, organisation_id: int) -> bool:
    bodies = bodies_where(actor, Action.MANAGE_MEMBERS)
    return bodies is None or organisation_id in bodies


def _people_reasons(organisation_id: int, principal_id: int, delegate_id: int) -> Iterable[Reason]:
    if delegate_id == principal_id:
        yield Reason("delegate_self", "不能委托本人，请选择其他人员。", field="delegate")
    elif not colleagues(organisation_id, principal_id).filter(pk=delegate_id).exists():
        yield Reason(
            "delegate", "代理人必须是本单位已启用的人员；名单中没有的，请系统管理员先设置其角色。", field="delegate"
        )


def _role_reasons(held: frozenset[Role], wanted: frozenset[Role]) -> Iterable[Reason]:
    if not wanted:
        yield Reason("roles", "请选择委托代理的角色。", field="roles")
    if not wanted <= DELEGABLE:
        labels = "、".join(role.label for role in Role if role in wanted - DELEGABLE)
        yield Reason("roles", f"“{labels}”不能委托代理。", field="roles")
    if missing := (wanted & DELEGABLE) - held:
        labels = "、".join(role.label for role in Role if role in missing)
        yield Reason("roles", f"委托人本人没有“{labels}”角色，不能委托；代理得来的角色不能再委托。", field="roles")


def _time_reasons(starts_on: date, ends_on: date) -> Iterable[Reason]:
    today = timezone.localdate()
    if ends_on < starts_on:
        yield Reason("ends_on", "结束日期早于开始日期，请核对。", field="ends_on")
    elif ends_on < today:
        yield Reason("ends_on", "结束日期已过，请核对。", field="ends_on")
    elif ends_on - starts_on >= LONGEST:
        message = f"一次委托最长 {LONGEST.days} 日；时间更长的，请由系统管理员重新设置角色。"
        yield Reason("ends_on", message, field="ends_on")


def _audit(actor: Actor, action: str, made: Delegation) -> None:
    detail = {
        "principal": str(made.principal),
        "delegate": str(made.delegate),
        "roles": made.roles,
        "starts_on": made.starts_on,
        "ends_on": made.ends_on,
        "occasion": made.reason,
    }
    record(actor=actor, entries=[Entry(action, "delegation", str(made.pk), made.organisation_id, detail)])
