"""Reads of bodies and people, each limited to what the actor may see."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from gongkai.organisations.actors import NotVisible, in_effect
from gongkai.organisations.models import Membership, Organisation, User
from gongkai.rules.access import ANY_BODY, BELOW, OWN_BODY, Action, Actor, Role, visible_organisations


def visible_to(actor: Actor) -> QuerySet[Organisation]:
    """Bodies the actor may see: his own, or all of them for the district office and administrators."""
    bodies = visible_organisations(actor)
    return Organisation.objects.all() if bodies is None else Organisation.objects.filter(pk__in=bodies)


def organisation_for(actor: Actor, organisation_id: int) -> Organisation:
    """One body with its parent; raises `NotVisible` when it is foreign or does not exist."""
    organisation = visible_to(actor).select_related("parent").filter(pk=organisation_id).first()
    if organisation is None:
        raise NotVisible
    return organisation


def bodies_where(actor: Actor, action: Action) -> frozenset[int] | None:
    """Ids of the bodies in which the actor's roles allow `action`; `None` means every body."""
    if actor.all_roles & ANY_BODY.get(action, frozenset()):
        return None
    own = frozenset(body for body, roles in actor.roles.items() if roles & OWN_BODY[action])
    if action not in BELOW:
        return own
    return None if actor.administers is None else own | actor.administers


def organisations_where(actor: Actor, action: Action) -> QuerySet[Organisation]:
    """Active bodies in which the actor may do `action`, in the order of the district's list."""
    bodies = bodies_where(actor, action)
    found = Organisation.objects.filter(is_active=True)
    return found if bodies is None else found.filter(pk__in=bodies)


def people_managed_by(actor: Actor) -> QuerySet[User]:
    """People whose accounts the actor manages: members of the bodies in which he may manage members, and of no other.

    Who also has a role elsewhere is left to an administrator above both: with his password reset, somebody else would act there.
    """
    bodies = bodies_where(actor, Action.MANAGE_MEMBERS)
    everybody = User.objects.order_by("username", "id")
    if bodies is None:
        return everybody
    members = Membership.objects.filter(organisation_id__in=bodies).values("user_id")
    elsewhere = Membership.objects.exclude(organisation_id__in=bodies).values("user_id")
    return everybody.filter(pk__in=members).exclude(pk__in=elsewhere)


def person_for(actor: Actor, user_id: int) -> User:
    """One person the actor manages; raises `NotVisible` for anybody else."""
    person = people_managed_by(actor).filter(pk=user_id).first()
    if person is None:
        raise NotVisible
    return person


def roles_of(users: Iterable[User]) -> dict[int, list[Membership]]:
    """The memberships of `users` by user id, with their bodies, in the order of the bodies; one query."""
    held: dict[int, list[Membership]] = {user.pk: [] for user in users}
    found = Membership.objects.filter(user_id__in=held).select_related("organisation")
    order = list(Role)
    for membership in sorted(
        found, key=lambda m: (m.organisation.position, m.organisation_id, order.index(Role(m.role)))
    ):
        held[membership.user_id].append(membership)
    return held


def roles_held_in(organisation_id: int, *, but: int | None = None) -> frozenset[Role]:
    """The roles that somebody who can sign in holds in a body, not counting one person."""
    held = in_effect(organisation_id=organisation_id, user__is_active=True).exclude(user_id=but)
    return frozenset(Role(role) for role in held.values_list("role", flat=True).distinct())
