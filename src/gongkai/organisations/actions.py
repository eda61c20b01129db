"""Every write to bodies, people and roles: one transaction, access checked, audited. No password ever reaches the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from gongkai.audit.log import Entry, record
from gongkai.organisations.actors import DISTRICT, NotVisible
from gongkai.organisations.models import Membership, Organisation, User
from gongkai.organisations.passwords import password_problems, remember_password
from gongkai.organisations.selectors import person_for
from gongkai.rules.access import Action, Actor, Role, Subject, can, grant_reasons
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.sign_in import Ending
from gongkai.rules.uscc import check_uscc
from gongkai.rules.vocabulary import vocabulary

GUIDE_FIELDS = ("disclosure_office", "address", "office_hours", "phone", "fax", "email", "website", "postcode")
"""Elements of the disclosure guide (《条例》§12); the body itself keeps them up to date."""
IDENTITY_FIELDS = ("code", "name", "short_name", "aliases", "kind", "parent_id", "uscc", "division_code", "position")
"""What a body is; only an administrator changes it."""
PERSON_FIELDS = ("display_name", "phone", "email", "staff_number")


# --- bodies ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def create_organisation(*, actor: Actor, values: Mapping[str, Any]) -> Organisation:
    """Add a body. Raises `Refused` with every reason: role, 统一社会信用代码, code or name in use, unknown kind or parent."""
    _require(actor, Action.MANAGE_ORGANISATION, None)
    organisation = Organisation()
    _fill(organisation, values, (*IDENTITY_FIELDS, *GUIDE_FIELDS))
    _require_place(actor, organisation.parent_id)
    _check_identity(organisation)
    organisation.save()
    _audit(actor, "organisation.create", organisation, {"name": organisation.name, "code": organisation.code})
    return organisation


@transaction.atomic
def update_organisation(*, actor: Actor, organisation_id: int, values: Mapping[str, Any]) -> Organisation:
    """Change a body. Guide elements are the body's own affair; its name, code, kind and place are the administrator's."""
    organisation = _organisation(organisation_id)
    _require(actor, Action.EDIT_ORGANISATION, organisation.pk)
    if set(values) & set(IDENTITY_FIELDS):
        _require(actor, Action.MANAGE_ORGANISATION, organisation.pk)
    changed = _fill(organisation, values, (*IDENTITY_FIELDS, *GUIDE_FIELDS))
    if "parent_id" in changed:
        _require_place(actor, organisation.parent_id)
    if set(changed) & set(IDENTITY_FIELDS):
        _check_identity(organisation)
    if changed:
        organisation.save()
        _audit(actor, "organisation.edit", organisation, {"fields": changed})
    return organisation


@transaction.atomic
def set_organisation_active(*, actor: Actor, organisation_id: int, active: bool) -> None:
    """Put a body out of use or back into it. What it published stays; its people can do nothing for it meanwhile."""
    organisation = _organisation(organisation_id)
    _require(actor, Action.MANAGE_ORGANISATION, organisation.pk)
    if not active and not _administrators_left(without_body=organisation.pk):
        raise Refused([Reason("last_administrator", "唯一的系统管理员在该机构任职，请先在其他机构设置系统管理员。")])
    if organisation.is_active != active:
        organisation.is_active = active
        organisation.save(update_fields=["is_active"])
        _audit(actor, "organisation.activate" if active else "organisation.deactivate", organisation, {})


# --- people ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def create_user(
    *,
    actor: Actor,
    username: str,
    display_name: str,
    password: str,
    roles: Iterable[tuple[int, Role]],
    phone: str = "",
    email: str = "",
    staff_number: str = "",
    temporary: bool = True,
) -> User:
    """Open an account with its first roles, as (organisation id, role). Raises `Refused` with every reason at once.

    The password is a `temporary` one (see `make_temporary`) unless the person chose it himself.
    """
    wanted = list(dict.fromkeys(roles))
    for organisation_id in (body for body, _ in wanted) if wanted else (None,):
        _require(actor, Action.MANAGE_MEMBERS, organisation_id)
    user = User(username=username.strip(), display_name=display_name.strip(), phone=phone.strip(), email=email.strip())
    user.staff_number = staff_number.strip()
    reasons = [*_person_reasons(user), *_password_reasons(password, user)]
    reasons += [reason for _, role in wanted for reason in grant_reasons(actor, 0, role) if actor.user_id]
    if not wanted:
        reasons.append(Reason("role_missing", "请至少设置一个机构和角色。", field="role"))
    if reasons:
        raise Refused(reasons)
    user.set_password(password)
    if temporary:
        make_temporary(user)
    user.save()
    remember_password(user)
    held = [Membership(user=user, organisation=_organisation(body), role=role.value) for body, role in wanted]
    Membership.objects.bulk_create(held)
    detail = {"username": user.username, "roles": [[body, role.value] for body, role in wanted]}
    audit_person(actor, "user.create", user, wanted[0][0], detail)
    return user


@transaction.atomic
def update_user(*, actor: Actor, user_id: int, values: Mapping[str, str]) -> User:
    """Change a person's name or contacts (`PERSON_FIELDS`)."""
    user = person_for(actor, user_id)
    changed = _fill(user, values, PERSON_FIELDS)
    if reasons := _person_reasons(user):
        raise Refused(reasons)
    if changed:
        user.save(update_fields=changed)
        audit_person(actor, "user.edit", user, None, {"fields": changed})
    return user


@transaction.atomic
def grant_role(
    *,
    actor: Actor,
    user_id: int,
    organisation_id: int,
    role: Role,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> None:
    """Give a person a role in a body, for good or from one day to another, both included.

    A role already held is no error: it gets these days. Raises `Refused` for a role for oneself, one that reaches further than the
    actor's own, days in the wrong order, or an end for the last administrator.
    """
    _require(actor, Action.MANAGE_MEMBERS, organisation_id)
    user = person_for(actor, user_id)
    organisation = _organisation(organisation_id)
    reasons = grant_reasons(actor, user.pk, role)
    if starts_on and ends_on and ends_on < starts_on:
        reasons.append(Reason("days", "结束日期不能早于开始日期。", field="ends_on"))
    if ends_on and ends_on < timezone.localdate():
        reasons.append(Reason("days", "结束日期已过，请填写今天或者以后的日期。", field="ends_on"))
    known = Membership.objects.filter(user=user, organisation=organisation, role=role.value).first()
    limited = bool(ends_on) or bool(starts_on and starts_on > timezone.localdate())
    if known and limited and role is Role.ADMINISTRATOR and not _administrators_left(without=[known.pk]):
        reasons.append(Reason("last_administrator", "这是唯一的系统管理员，任职不能设置期限。", field="ends_on"))
    if reasons:
        raise Refused(reasons)
    held = known or Membership(user=user, organisation=organisation, role=role.value)
    if known and (known.starts_on, known.ends_on) == (starts_on, ends_on):
        return
    held.starts_on, held.ends_on = starts_on, ends_on
    held.save()
    days = {"starts_on": starts_on, "ends_on": ends_on}
    action = "user.change_role_days" if known else "user.grant_role"
    audit_person(actor, action, user, organisation.pk, {"role": role.value, **{k: v for k, v in days.items() if v}})


@transaction.atomic
def revoke_role(*, actor: Actor, user_id: int, organisation_id: int, role: Role) -> None:
    """Take a role away. The last 系统管理 role of all cannot be taken, or nobody could manage the system any more."""
    _require(actor, Action.MANAGE_MEMBERS, organisation_id)
    user = person_for(actor, user_id)
    held = Membership.objects.filter(user=user, organisation_id=organisation_id, role=role.value)
    if not held.exists():
        raise NotVisible
    if role is Role.ADMINISTRATOR and not _administrators_left(without=list(held.values_list("pk", flat=True))):
        raise Refused([Reason("last_administrator", "这是唯一的系统管理员，请先设置另一名系统管理员。", field="role")])
    held.delete()
    audit_person(actor, "user.revoke_role", user, organisation_id, {"role": role.value})


@transaction.atomic
def set_user_active(*, actor: Actor, user_id: int, active: bool) -> None:
    """Close an account, which ends its sessions at once, or open it again. Records of what the person did stay."""
    user = person_for(actor, user_id)
    if not active and user.pk == actor.user_id:
        raise Refused([Reason("self_deactivation", "不能停用自己的账号，请由其他系统管理员办理。")])
    if not active and not _administrators_left(without_user=user.pk):
        raise Refused([Reason("last_administrator", "这是唯一的系统管理员，请先设置另一名系统管理员。")])
    if user.is_active != active:
        user.is_active = active
        user.save(update_fields=["is_active"])
        if not active:
            end_sessions(User.objects.filter(pk=user.pk), Ending.LEFT_POST)
        audit_person(actor, "user.activate" if active else "user.deactivate", user, None, {})


@transaction.atomic
def reset_password(*, actor: Actor, user_id: int, password: str) -> None:
    """Set a temporary password for somebody who lost his; it ends all his sessions, opens the account once and must be changed then."""
    user = person_for(actor, user_id)
    if user.pk == actor.user_id:
        raise Refused([Reason("self_reset", "自己的密码请使用“修改密码”。", field="password")])
    if reasons := _password_reasons(password, user):
        raise Refused(reasons)
    user.set_password(password)
    make_temporary(user)
    user.save()
    remember_password(user)
    end_sessions(User.objects.filter(pk=user.pk), Ending.ADMINISTRATOR)
    audit_person(actor, "user.reset_password", user, None, {})


def make_temporary(user: User) -> None:
    """Let the password just set open the account once, within `GONGKAI_TEMPORARY_PASSWORD_HOURS`, to be changed then. Not saved here."""
    user.must_change_password = True
    user.temporary_password_until = timezone.now() + timedelta(hours=settings.GONGKAI_TEMPORARY_PASSWORD_HOURS)
    user.temporary_password_used_at = None


def end_sessions(users: QuerySet[User], why: Ending) -> None:
    """End every session of `users` that began before now; each is told `why` on its next request."""
    users.update(sessions_valid_from=timezone.now(), sessions_ended_because=why.value)


# --- checks shared by the above ----------------------------------------------------------------------------------------
def _require(actor: Actor, action: Action, organisation_id: int | None) -> None:
    decision = can(actor, action, Subject(organisation_id))
    if decision.foreign:
        raise NotVisible
    if not decision.allowed:
        raise Refused(decision.reasons)


def _organisation(organisation_id: int) -> Organisation:
    organisation = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
    if organisation is None:
        raise NotVisible
    return organisation


def _fill(record_: Organisation | User, values: Mapping[str, Any], allowed: tuple[str, ...]) -> list[str]:
    """Put `values` into the row and return the names that changed; raises `KeyError` for a name not `allowed`."""
    changed = []
    for name, value in values.items():
        if name not in allowed:
            raise KeyError(name)
        new = value.strip() if isinstance(value, str) else value
        if getattr(record_, name) != new:
            setattr(record_, name, new)
            changed.append(name)
    return changed


def _check_identity(organisation: Organisation) -> None:
    """Raise `Refused` with all that is wrong with a body's identity."""
    others = Organisation.objects.exclude(pk=organisation.pk)
    reasons = list(check_uscc(organisation.uscc))
    for field, label in (("code", "代码"), ("name", "名称"), ("uscc", "统一社会信用代码")):
        value = getattr(organisation, field)
        if not value:
            if field != "uscc":
                reasons.append(Reason("empty", f"请填写{label}。", field=field))
        elif other := others.filter(**{field: value}).first():
            reasons.append(Reason("taken", f"该{label}已由“{other.name}”使用，请核对。", field=field))
    if organisation.kind not in vocabulary("organisation_kinds"):
        reasons.append(Reason("kind", "请选择机构类别。", field="kind"))
    if organisation.parent_id and organisation.pk and organisation.pk in _ancestors(organisation.parent_id):
        reasons.append(Reason("parent", "上级机构不能是本机构或者本机构的下级。", field="parent"))
    if reasons:
        raise Refused(reasons)


def _ancestors(organisation_id: int) -> set[int]:
    """The body and all above it."""
    parents = dict(Organisation.objects.values_list("pk", "parent_id"))
    found: set[int] = set()
    current: int | None = organisation_id
    while current is not None and current not in found:
        found.add(current)
        current = parents.get(current)
    return found


def _person_reasons(user: User) -> list[Reason]:
    reasons = []
    if not user.display_name:
        reasons.append(Reason("empty", "请填写姓名。", field="display_name"))
    try:
        user.clean_fields(exclude=["password", "display_name"])
    except ValidationError as error:
        labels = {"username": "用户名", "email": "电子邮箱", "phone": "办公电话", "staff_number": "工号"}
        reasons += [
            Reason("format", f"{labels.get(name, name)}：{'；'.join(m)}", field=name)
            for name, m in error.message_dict.items()
        ]
    if User.objects.exclude(pk=user.pk).filter(username__iexact=user.username).exists():
        reasons.append(Reason("taken", "该用户名已被使用，请另取。", field="username"))
    if user.staff_number and User.objects.exclude(pk=user.pk).filter(staff_number=user.staff_number).exists():
        reasons.append(Reason("taken", "该工号已由其他人员使用，请核对。", field="staff_number"))
    return reasons


def _password_reasons(password: str, user: User) -> list[Reason]:
    return [Reason("password", problem, field="password") for problem in password_problems(password, user)]


def _administrators_left(
    *, without: Iterable[int] = (), without_user: int | None = None, without_body: int | None = None
) -> bool:
    """Whether somebody who can sign in today, and whose role has no end, still administers when these memberships are gone.

    Where the district government itself has an administrator, it keeps one: those of other bodies could not put one there.
    """
    held = Membership.objects.select_for_update(of=("self",)).filter(
        role=Role.ADMINISTRATOR.value, user__is_active=True, organisation__is_active=True, ends_on=None
    )
    held = held.exclude(starts_on__gt=timezone.localdate())
    of_all = held.filter(organisation__kind=DISTRICT, organisation__parent=None)
    before = list(of_all) or list(held)
    gone = set(without)
    return any(
        one.pk not in gone and one.user_id != without_user and one.organisation_id != without_body for one in before
    )


def _require_place(actor: Actor, parent_id: int | None) -> None:
    """Raise unless the actor administers the body above: to put a body under one's own, or beside it, is to take it over."""
    if parent_id is not None:
        _require(actor, Action.MANAGE_ORGANISATION, parent_id)
    elif actor.administers is not None:
        raise Refused(
            [
                Reason(
                    "place", "没有上级的机构只能由区（县）人民政府的系统管理员设置，请选择上级机构。", field="parent_id"
                )
            ]
        )


def _audit(actor: Actor, action: str, organisation: Organisation, detail: Mapping[str, Any]) -> None:
    record(
        actor=actor, entries=[Entry(action, "organisation", str(organisation.pk), organisation.pk, detail)], public=True
    )


def audit_person(actor: Actor, action: str, user: User, organisation_id: int | None, detail: Mapping[str, Any]) -> None:
    """Write down what was done to a person's account; the name stands beside the number. For the other actions on accounts too."""
    record(actor=actor, entries=[Entry(action, "user", str(user.pk), organisation_id, {"user": str(user), **detail})])
