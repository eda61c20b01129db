"""From a signed-in user to the actor that the rules decide about."""

from __future__ import annotations

from collections import defaultdict

from gongkai.organisations.models import Membership, User
from gongkai.rules.access import Actor, Role

SYSTEM = Actor(0, "系统")
"""Who acts when no person does: the publishing sweep, imports from the command line. Holds no role in any body."""

_CACHE = "_gongkai_actor"


class NotVisible(LookupError):
    """The body or person does not exist or is none of the actor's business; the two are not told apart. Pages answer 404."""


def actor_for(user: User) -> Actor:
    """The actor of a signed-in `user`: one query, remembered on the user object for the rest of the request.

    Roles in a body that is out of use give nothing. Raises `ValueError` for an anonymous or deactivated user: nobody may act
    as nobody.
    """
    if user.pk is None or not user.is_active:
        raise ValueError("only an active, stored user can act")
    known: Actor | None = getattr(user, _CACHE, None)
    if known is None:
        roles: defaultdict[int, set[Role]] = defaultdict(set)
        held = Membership.objects.filter(user_id=user.pk, organisation__is_active=True)
        for organisation_id, role in held.values_list("organisation_id", "role"):
            roles[organisation_id].add(Role(role))
        known = Actor(user.pk, str(user), {body: frozenset(held_here) for body, held_here in roles.items()})
        setattr(user, _CACHE, known)
    return known
