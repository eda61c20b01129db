"""三同步 at the signature: which interpretations are tied to a document, and which of them go out with it (`rules.three_syncs`);
which documents rest on an interpretation whose signature is taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from gongkai.disclosure.models import Edition, Item, Relation
from gongkai.rules.publication import State
from gongkai.rules.reasons import Reason
from gongkai.rules.relations import RelationKind
from gongkai.rules.three_syncs import Resting, ThreeSyncs

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


def resting(interpretation: Item) -> list[Resting]:
    """The signed documents of its body that a signed interpretation explains which is not public yet, oldest first: one query.

    Of other bodies none: nobody writes into what is another's, and nobody ties an interpretation to a foreign document before that is
    public. Their interpretations count as such only while they are public, for nobody is asked when they are taken back. What was
    not signed here was not asked at its signature either (`ThreeSyncs.first_publication`).
    """
    if interpretation.current is not None and interpretation.current.state == State.PUBLISHED:
        return []  # only its correction is taken back
    body = interpretation.organisation_id
    interprets = Relation.objects.filter(kind=RelationKind.INTERPRETS.value)
    ready = Q(source__current__state=State.PUBLISHED.value) | Q(
        source__working__state=State.SCHEDULED.value, source__organisation_id=body
    )
    others = interprets.filter(ready, target=OuterRef("pk")).exclude(source=interpretation)
    in_hand = (
        Coalesce(f"current__{name}", f"working__{name}")
        for name in ("title", "state", "normative", "interpretation_note")
    )
    rows = (
        Item.objects.filter(pk__in=interprets.filter(source=interpretation).values("target_id"), organisation_id=body)
        .filter(Q(current__state=State.PUBLISHED.value) | Q(current=None, working__state=State.SCHEDULED.value))
        .order_by("pk")
        .values_list(
            "pk",
            "kind",
            *in_hand,
            Exists(Edition.objects.filter(item=OuterRef("pk"), number=1, signed_at__isnull=False)),
            Exists(others),
        )
    )
    return [
        Resting(
            item_id=pk,
            title=title,
            state=State(state),
            syncs=ThreeSyncs(
                kind=kind,
                normative=normative,
                first_publication=signed,
                interpretations=int(other),
                interpretation_note=note,
            ),
        )
        for pk, kind, title, state, normative, note, signed, other in rows
    ]


def of_interpretation(one: Tied, reasons: Iterable[Reason]) -> list[Reason]:
    """Why an interpretation cannot be signed, said in the form of its document."""
    name = f"解读《{one.title}》不能一并签发："
    return [
        Reason(reason.code, f"{name}{reason.message}", reason.article, "with_interpretations") for reason in reasons
    ]
