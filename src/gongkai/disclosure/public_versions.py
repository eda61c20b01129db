"""The published editions of an item as the public may compare them: those that are public now, and no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gongkai.disclosure.models import Edition
from gongkai.disclosure.prepared import LARGEST
from gongkai.disclosure.public import EditionLine, Withdrawn, closed_edition, withdrawn
from gongkai.disclosure.versions import FIELDS, EditionComparison, compared, files_of, side
from gongkai.rules.publication import State

_ITEM = ("pk", "item__kind", "item__index_number", "item__organisation__name", "item__organisation__code")
_LIFE = ("item__current__state", "item__current__number")
_PUBLISHED = (State.PUBLISHED, State.SUPERSEDED, State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class VersionsPage:
    """What the page that compares two editions shows."""

    id: int
    kind: str
    index_number: str
    organisation: str
    organisation_code: str
    current: int
    """Number of the edition in force."""
    comparison: EditionComparison
    editions: tuple[EditionLine, ...]
    """All editions the public may read, newest first."""


def versions_page(item_id: int, older: int, newer: int) -> VersionsPage | Withdrawn | None:
    """Two editions of a public item, compared: three queries.

    None when one of them is not there for the public; `Withdrawn` when the item, or one of the two editions, was taken off the site.
    """
    if max(item_id, older, newer) > LARGEST:  # an address that was made up
        return None
    found = {values["number"]: values for values in _editions(item_id, (older, newer))}
    if older == newer or set(found) != {older, newer}:
        return None
    head = found[newer]
    if head["item__current__state"] == State.WITHDRAWN:
        return withdrawn(item_id)
    for number in (older, newer):
        if found[number]["state"] == State.WITHDRAWN:
            return closed_edition(item_id, number)
    files = files_of(values["pk"] for values in found.values())
    sides = [side(found[number], files.get(found[number]["pk"], ())) for number in (older, newer)]
    return VersionsPage(
        id=item_id,
        kind=head["item__kind"],
        index_number=head["item__index_number"],
        organisation=head["item__organisation__name"],
        organisation_code=head["item__organisation__code"],
        current=head["item__current__number"],
        comparison=compared(*sides),
        editions=editions(item_id),
    )


def _editions(item_id: int, numbers: Sequence[int]) -> list[dict[str, Any]]:
    public = Edition.objects.filter(
        item_id=item_id,
        number__in=numbers,
        state__in=_PUBLISHED,
        item__current__state__in=(State.PUBLISHED, State.WITHDRAWN),
    )
    return list(public.values(*_ITEM, *_LIFE, *FIELDS))


def editions(item_id: int) -> tuple[EditionLine, ...]:
    """The editions of a public item that the public may read, newest first: one query."""
    if item_id > LARGEST:
        return ()
    rows = Edition.objects.filter(
        item_id=item_id, state__in=(State.PUBLISHED, State.SUPERSEDED), item__current__state=State.PUBLISHED
    ).order_by("-number")
    return tuple(
        EditionLine(*row) for row in rows.values_list("number", "published_at", "change_note", "superseded_at")
    )
