"""岗位权限一览: who holds which role in which body, from when to when, and what each role may do. For page and export alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from gongkai.organisations.models import Membership
from gongkai.organisations.selectors import bodies_where
from gongkai.rules.access import ANY_BODY, BELOW, OWN_BODY, Action, Actor, Role

OWN, AND_BELOW, EVERY = "本机构", "本机构及下级", "全部机构"


@dataclass(frozen=True, slots=True)
class Line:
    """One role of one person in one body."""

    membership: Membership
    state: str
    """在任, or why the role gives nothing today."""

    def cells(self) -> tuple[str, ...]:
        """As the export has it."""
        held = self.membership
        role = Role(held.role)
        return (
            held.organisation.name,
            held.user.display_name,
            held.user.username,
            held.user.staff_number,
            role.label,
            held.starts_on.isoformat() if held.starts_on else "",
            held.ends_on.isoformat() if held.ends_on else "",
            self.state,
            timezone.localtime(held.user.last_login).strftime("%Y-%m-%d %H:%M") if held.user.last_login else "",
            "；".join(f"{action.label}（{reach}）" for action in Action if (reach := reach_of(role, action))),
        )


HEAD = ("机构", "姓名", "用户名", "工号", "角色", "开始日期", "结束日期", "状态", "最近登录", "可以办理的事项（范围）")


def reach_of(role: Role, action: Action) -> str:
    """On whose objects the role allows the action: 本机构, 本机构及下级, 全部机构; empty when it does not."""
    if role in ANY_BODY.get(action, frozenset()):
        return EVERY
    if role in BELOW.get(action, frozenset()):
        return AND_BELOW
    return OWN if role in OWN_BODY[action] else ""


def table() -> list[tuple[str, tuple[str, ...]]]:
    """Every action with the reach of each role, in the order of `Role`."""
    return [(action.label, tuple(reach_of(role, action) for role in Role)) for action in Action]


def held_roles(actor: Actor, organisation_id: int | None = None, search: str = "") -> QuerySet[Membership]:
    """Roles in the bodies whose members the actor manages, of one body or of people found by name."""
    bodies = bodies_where(actor, Action.MANAGE_MEMBERS)
    held = Membership.objects.select_related("organisation", "user")
    if bodies is not None:
        held = held.filter(organisation_id__in=bodies)
    if organisation_id is not None:
        held = held.filter(organisation_id=organisation_id)
    if search:
        held = held.filter(
            Q(user__display_name__icontains=search) | Q(user__username__icontains=search) | Q(user__staff_number=search)
        )
    return held


def described(memberships: list[Membership] | tuple[Membership, ...], today: date | None = None) -> list[Line]:
    """Lines with the state of each role on `today`."""
    day = today or timezone.localdate()
    return [Line(one, _state(one, day)) for one in memberships]


def all_lines(held: QuerySet[Membership]) -> Iterator[Line]:
    """All of a list, in the order of the bodies, in constant memory."""
    day = timezone.localdate()
    for one in held.order_by("organisation__position", "organisation_id", "user_id", "id").iterator(chunk_size=500):
        yield Line(one, _state(one, day))


def _state(held: Membership, day: date) -> str:
    if not held.user.is_active:
        return "账号已停用"
    if not held.organisation.is_active:
        return "机构已停用"
    if held.starts_on and held.starts_on > day:
        return "尚未开始"
    if held.ends_on and held.ends_on < day:
        return "已结束"
    return "在任"
