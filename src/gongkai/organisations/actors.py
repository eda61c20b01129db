"""From a signed-in user to the actor that the rules decide about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from gongkai.organisations.models import Delegation, Membership, Organisation, User
from gongkai.rules.access import Actor, Principal, Role

SYSTEM = Actor(0, "系统")
"""Who acts when no person does: the publishing sweep, imports from the command line. Holds no role in any body."""

DISTRICT = "district_government"
"""The kind of body whose administrators administer all, the public enterprises that stand under nobody included."""
_CACHE = "_gongkai_actor"


class NotVisible(LookupError):
    """The body or person does not exist or is none of the actor's business; the two are not told apart. Pages answer 404."""


def actor_for(user: User) -> Actor:
    """The actor of a signed-in `user`, remembered on the user object for the rest of the request.

    Two queries when nobody has delegated anything, one more for an administrator of a body that is not the district government. Roles in a body that is out of use, not begun
    yet, or ended give nothing; roles held for somebody else count on the days of the delegation, and administer nothing. Raises
    `ValueError` for an anonymous or deactivated user: nobody may act
    as nobody.
    """
    if user.pk is None or not user.is_active:
        raise ValueError("only an active, stored user can act")
    known: Actor | None = getattr(user, _CACHE, None)
    if known is None:
        roles: defaultdict[int, set[Role]] = defaultdict(set)
        administered, whole = set(), False
        held = in_effect(user_id=user.pk).values_list(
            "organisation_id", "role", "organisation__parent_id", "organisation__kind"
        )
        for organisation_id, role, parent_id, kind in held:
            roles[organisation_id].add(Role(role))
            if role == Role.ADMINISTRATOR:
                administered.add(organisation_id)
                whole = whole or (parent_id is None and kind == DISTRICT)
        delegated = _delegated(user, roles)
        for organisation_id, for_others in delegated.items():
            roles[organisation_id].update(for_others)
        known = Actor(
            user.pk,
            str(user),
            {body: frozenset(held_here) for body, held_here in roles.items()},
            delegated,
            None if whole else below(administered),
        )
        setattr(user, _CACHE, known)
    return known


def in_effect(**conditions: Any) -> QuerySet[Membership]:
    """Memberships that give something today."""
    today = timezone.localdate()
    begun, lasts = Q(starts_on=None) | Q(starts_on__lte=today), Q(ends_on=None) | Q(ends_on__gte=today)
    return Membership.objects.filter(begun, lasts, organisation__is_active=True, **conditions)


def below(bodies: Iterable[int]) -> frozenset[int]:
    """`bodies` and all below them; one query, none for no body."""
    found, new = set(bodies), list(bodies)
    if not found:
        return frozenset()
    children: defaultdict[int, list[int]] = defaultdict(list)
    for pk, parent in Organisation.objects.exclude(parent=None).values_list("pk", "parent_id"):
        children[parent].append(pk)
    while new:
        new = [child for body in new for child in children[body] if child not in found]
        found.update(new)
    return frozenset(found)


def _delegated(user: User, own: Mapping[int, set[Role]]) -> dict[int, dict[Role, Principal]]:
    """The roles `user` holds today only for somebody else, who must hold them himself: one query, and one for each delegation."""
    today = timezone.localdate()
    rows = (
        Delegation.objects.filter(
            delegate_id=user.pk,
            starts_on__lte=today,
            ends_on__gte=today,
            ended_at__isnull=True,
            principal__is_active=True,
        )
        .order_by("created_at", "id")
        .values_list("organisation_id", "roles", "principal_id", "principal__display_name")
    )
    found: dict[int, dict[Role, Principal]] = {}
    for organisation_id, roles, principal_id, name in rows:
        of_principal = set(held_by(principal_id, organisation_id))
        for role in of_principal & {Role(role) for role in roles}:
            if role not in own.get(organisation_id, ()):
                found.setdefault(organisation_id, {}).setdefault(role, Principal(principal_id, name))
    return found


def held_by(user_id: int, organisation_id: int) -> frozenset[Role]:
    """The roles a person holds himself in a body today."""
    held = in_effect(user_id=user_id, organisation_id=organisation_id)
    return frozenset(Role(role) for role in held.values_list("role", flat=True))
