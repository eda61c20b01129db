"""Writes to accounts as such: passwords people choose, second factors, locks, sessions, dormant accounts, links to the identity provider."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from axes.utils import reset as forget_failures
from django.db import transaction

from gongkai.organisations.actions import audit_person, end_sessions, set_user_active
from gongkai.organisations.actors import NotVisible
from gongkai.organisations.logins import Kind, Origin, dormant, note
from gongkai.organisations.models import IdentityLink, User
from gongkai.organisations.passwords import password_problems, remember_password
from gongkai.organisations.selectors import people_managed_by, person_for
from gongkai.rules.access import Actor
from gongkai.rules.reasons import Reason, Refused
from gongkai.rules.sign_in import Ending

FEWEST_LETTERS = 4
"""A reason shorter than that explains nothing."""


@transaction.atomic
def change_own_password(*, user: User, password: str) -> None:
    """A person sets his own password; every session ends (the page that asked begins a new one). Raises `Refused` with what is wrong."""
    if problems := password_problems(password, user):
        raise Refused([Reason("password", problem, field="password") for problem in problems])
    user.set_password(password)
    user.save()
    remember_password(user)
    end_sessions(User.objects.filter(pk=user.pk), Ending.PASSWORD)
    audit_person(Actor(user.pk, str(user)), "user.change_password", user, None, {})


@transaction.atomic
def reset_second_factor(*, actor: Actor, user_id: int, reason: str) -> None:
    """Take the second factor off somebody who lost it, recovery codes too; he must set up a new one.

    Raises `Refused` for one's own (what one lost, another confirms), without a reason, or where there is none.
    """
    user = person_for(actor, user_id)
    reasons = []
    if user.pk == actor.user_id:
        reasons.append(Reason("self_reset", "不能重置自己的两步验证，请由其他系统管理员办理。"))
    if len(reason.strip()) < FEWEST_LETTERS:
        reasons.append(Reason("reason", "请写明重置的原因，以及如何核实是本人要求（至少4个字）。", field="reason"))
    held = Authenticator.objects.filter(user_id=user.pk)
    if not reasons and not held.exists():
        reasons.append(Reason("none", "该账号没有启用两步验证，无需重置。"))
    if reasons:
        raise Refused(reasons)
    held.delete()
    end_sessions(User.objects.filter(pk=user.pk), Ending.ADMINISTRATOR)
    audit_person(actor, "user.reset_second_factor", user, None, {"justification": reason.strip()[:500]})


@transaction.atomic
def lift_lock(*, actor: Actor, user_id: int, origin: Origin) -> None:
    """Forget the wrong passwords and codes of an account, wherever they came from, so that it can be signed in to at once."""
    user = person_for(actor, user_id)
    forget_failures(username=user.username.lower())
    note(user, Kind.LIFTED, origin, note=actor.name)
    audit_person(actor, "user.lift_lock", user, None, {})


@transaction.atomic
def disclaim_sign_in(*, user: User, origin: Origin) -> None:
    """A person says that a sign-in was not his: all sessions end, and the password must be changed."""
    user.must_change_password = True
    user.save(update_fields=["must_change_password"])
    end_sessions(User.objects.filter(pk=user.pk), Ending.NOT_ME)
    note(user, Kind.NOT_ME, origin)
    audit_person(Actor(user.pk, str(user)), "user.disclaim_sign_in", user, None, {})


@transaction.atomic
def disable_dormant(*, actor: Actor, user_ids: Iterable[int]) -> list[User]:
    """Close those of the accounts that are dormant now; returns them. Raises `Refused` when none was chosen, or one must stay open.

    An account somebody signed in to meanwhile is left as it is; one that is none of the actor's business is `NotVisible`.
    """
    wanted = set(user_ids)
    if not wanted:
        raise Refused([Reason("none", "请先勾选要停用的账号。")])
    if people_managed_by(actor).filter(pk__in=wanted).count() != len(wanted):
        raise NotVisible
    chosen = list(dormant(actor).filter(pk__in=wanted))
    for user in chosen:
        set_user_active(actor=actor, user_id=user.pk, active=False)
    return chosen


@transaction.atomic
def link_identity(*, user: User, issuer: str, subject: str) -> None:
    """Bind the account to who the person is at the provider; audited as the person's own doing."""
    IdentityLink.objects.create(user=user, issuer=issuer, subject=subject)
    audit_person(Actor(user.pk, str(user)), "user.link_identity", user, None, {"issuer": issuer})


@transaction.atomic
def unlink_identity(*, actor: Actor, user_id: int) -> None:
    """Undo the binding, because the provider gave the person a new identity; the next sign-on binds anew."""
    user = person_for(actor, user_id)
    if user.pk == actor.user_id:
        raise Refused([Reason("self_unlink", "不能解除自己的绑定，请由其他系统管理员办理。")])
    if not IdentityLink.objects.filter(user=user).delete()[0]:
        raise NotVisible
    end_sessions(User.objects.filter(pk=user.pk), Ending.ADMINISTRATOR)
    audit_person(actor, "user.unlink_identity", user, None, {})
