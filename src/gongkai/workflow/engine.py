"""One step of a workflow: may this person do it, does the state allow it, and what refuses it, all reasons at once."""

from gongkai.organisations.actors import NotVisible
from gongkai.rules.access import Action, Actor, Subject, can
from gongkai.rules.publication import Event, PublicationFacts, refusals
from gongkai.rules.reasons import Refused


def require(actor: Actor, action: Action, subject: Subject) -> None:
    """Let the actor through, or raise `NotVisible` (foreign object) or `Refused` (with every reason)."""
    decision = can(actor, action, subject)
    if decision.foreign:
        raise NotVisible
    if not decision.allowed:
        raise Refused(decision.reasons)


def require_step(actor: Actor, action: Action, subject: Subject, event: Event, facts: PublicationFacts) -> None:
    """`require` and the guards of the transition in one, so that a form can show all that stands in the way."""
    decision = can(actor, action, subject)
    if decision.foreign:
        raise NotVisible
    if reasons := [*decision.reasons, *refusals(event, facts)]:
        raise Refused(reasons)
