"""三同步 at the signature: which interpretations are tied to a document, and which of them go out with it (`rules.three_syncs`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.disclosure.models import Edition, Item, Relation
from gongkai.rules.publication import State
from gongkai.rules.reasons import Reason
from gongkai.rules.relations import RelationKind
from gongkai.rules.three_syncs import ThreeSyncs

MOST = 100
"""Interpretations of one document that are looked at."""
_STATES = (
    "source_id", "source__index_number", "source__organisation_id", "source__current__state", "source__current__title",
    "source__working__state", "source__working__title",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tied:
    """An interpretation of the document."""

    item_id: int
    index_number: str
    organisation_id: int
    title: str
    state: State
    """What the public can read of it, else the state of its draft."""

    @property
    def ready(self) -> bool:
        """Whether it is public, or signed and only waits for its time."""
        return self.state in (State.PUBLISHED, State.SCHEDULED)


def asked(item: Item, edition: Edition) -> bool:
    """Whether the signature of this edition is asked about the interpretation: of a normative document that has never been public."""
    first = item.current_id is None
    return ThreeSyncs(kind=item.kind, normative=edition.normative, first_publication=first).asked


def tied(item: Item) -> list[Tied]:
    """The interpretations of the document, oldest tie first: one query."""
    rows = Relation.objects.filter(target=item, kind=RelationKind.INTERPRETS.value).order_by("pk")
    found = []
    for pk, number, body, public, public_title, written, title in rows.values_list(*_STATES)[:MOST]:
        if public == State.PUBLISHED or written is None:
            found.append(Tied(pk, number, body, public_title or "", State(public or State.DRAFT)))
        else:
            found.append(Tied(pk, number, body, title, State(written)))
    return found


def waiting(item: Item, of: Iterable[Tied]) -> list[Tied]:
    """Those that can be signed with the document: of the same body, waiting for the sign-off, not public yet."""
    return [one for one in of if one.state is State.SIGN_OFF and one.organisation_id == item.organisation_id]


def of_interpretation(one: Tied, reasons: Iterable[Reason]) -> list[Reason]:
    """Why an interpretation cannot be signed, said in the form of its document."""
    name = f"解读《{one.title}》不能一并签发："
    return [
        Reason(reason.code, f"{name}{reason.message}", reason.article, "with_interpretations") for reason in reasons
    ]
